// Kannel's query fields and answers. Pure. (Kannel User's Guide 1.4.5: "SMS-service", "Using the
// HTTP interface to send SMS messages", "Delivery reports".)
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "bot/channel.h"
#include "bot/http.h"

namespace huiyin::kannel {

// UTF-8 of octets in a character set by Kannel's name for it (%C): UTF-8, UTF-16BE, GSM,
// ISO-8859-1, WINDOWS-1252, GBK … Octets that mean nothing become U+FFFD. `invalid` (field
// "charset") for a name that is not known.
Result<std::string> to_utf8(std::string_view octets, std::string_view charset);

// Needs from, text and a known charset; `invalid` with the field.
Result<Inbound> decode(const http::Fields& query);

// A delivery report of type `status` (%d) for our message `id`. Nothing when it changes nothing;
// `invalid` when the type is no number.
Result<std::optional<Receipt>> decode_report(std::string_view id, std::string_view status);

// All of an answer as one text; empty when there is nothing to say.
std::string encode(const std::vector<Reply>& replies, std::string_view signature);

}  // namespace huiyin::kannel
