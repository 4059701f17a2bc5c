// The JSON of Rasa's REST channel (contract, "Rest fields"). Pure.
#pragma once
#include <string>
#include <string_view>

#include "bot/channel.h"
#include "bot/http.h"

namespace huiyin::rest {

inline constexpr std::size_t sender_bytes_max = 512;
inline constexpr std::size_t message_id_bytes_max = 512;

// `bearer`: the token of the Authorization header; where it is empty, metadata.token counts.
// Error: `invalid` with the field; unknown members are ignored.
Result<Inbound> decode(std::string_view body, std::string_view bearer);

// One webhook message: {"recipient_id","text","buttons"?,"image"?,"custom"?}.
void append_message(std::string& out, std::string_view recipient, const Reply& reply);
// All of an answer: a JSON array.
std::string encode(std::string_view recipient, const std::vector<Reply>& replies);

}  // namespace huiyin::rest
