// The public id of an outgoing message: "ob_", 9 characters of row id and 13 of a random number, in
// Crockford's base 32 (lower case). Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace huiyin::store {

struct OutboxIdParts {
  std::int64_t row;
  std::int64_t nonce;
};

// `digits` characters of the value's low bits, most significant first.
std::string base32(std::uint64_t value, int digits);
std::string outbox_id(std::int64_t row, std::int64_t nonce);
std::optional<OutboxIdParts> parse_outbox_id(std::string_view id);

}  // namespace huiyin::store
