#include "store/outbox_id.h"

namespace huiyin::store {
namespace {

constexpr std::string_view prefix = "ob_";
constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr int row_digits = 9;     // 45 bits
constexpr int nonce_digits = 13;  // 65 bits, the highest always 0

std::optional<std::uint64_t> from_base32(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text) {
    const auto digit = alphabet.find(c);
    if (digit == std::string_view::npos || (value >> 59) != 0) return std::nullopt;
    value = (value << 5) | digit;
  }
  return value;
}

}  // namespace

std::string base32(std::uint64_t value, int digits) {
  std::string out(static_cast<std::size_t>(digits), '0');
  for (auto at = out.rbegin(); at != out.rend(); ++at) {
    *at = alphabet[value & 31];
    value >>= 5;
  }
  return out;
}

std::string outbox_id(std::int64_t row, std::int64_t nonce) {
  return std::string(prefix) + base32(static_cast<std::uint64_t>(row), row_digits) +
         base32(static_cast<std::uint64_t>(nonce), nonce_digits);
}

std::optional<OutboxIdParts> parse_outbox_id(std::string_view id) {
  if (!id.starts_with(prefix)) return std::nullopt;
  id.remove_prefix(prefix.size());
  if (id.size() != row_digits + nonce_digits) return std::nullopt;
  const auto row = from_base32(id.substr(0, row_digits));
  const auto nonce = from_base32(id.substr(row_digits));
  if (!row || !nonce) return std::nullopt;
  return OutboxIdParts{static_cast<std::int64_t>(*row), static_cast<std::int64_t>(*nonce)};
}

}  // namespace huiyin::store
