// Twilio's forms, signature and TwiML. Pure. (twilio.com: "Validating requests", "Messaging
// webhook", "TwiML for Programmable Messaging", "Message status callbacks".)
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "bot/channel.h"
#include "bot/http.h"

namespace huiyin::twilio {

// Base64 of HMAC-SHA1 over the URL with its query and each field's name and value, sorted; a
// repeated field counts each of its values once, sorted.
std::string signature(std::string_view auth_token, std::string_view url, const http::Fields& form);
bool signature_holds(std::string_view auth_token, std::string_view url, const http::Fields& form,
                     std::string_view given);

// Needs From, Body and MessageSid; `invalid` with the field.
Result<Inbound> decode(const http::Fields& form);

// A status callback for our message `id`. Nothing when it changes nothing (queued, sending, a
// call's status); `invalid` when it tells no status at all.
Result<std::optional<Receipt>> decode_status(std::string_view id, const http::Fields& form);

// <Response> with a <Message> for each reply, long ones in pieces, each with the signature.
std::string encode(const std::vector<Reply>& replies, std::string_view signature);

inline constexpr std::size_t body_code_points_max = 1'600;  // of one message
inline constexpr int attachments_max = 10;

}  // namespace huiyin::twilio
