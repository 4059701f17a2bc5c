#include "dialogs/signing/links.h"

#include <charconv>

#include "store/base/secret.h"
#include "store/meta.h"

namespace huiyin::signing {
namespace {

constexpr std::string_view purpose = "sign";
constexpr std::size_t code_digits = 32;  // hexadecimal: 128 bits
constexpr std::size_t token_max = 128;   // bytes; ours have about 55

// The next number of "12-3-…" and the dash behind it.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.empty() || text.front() != '-') return std::nullopt;
  text.remove_prefix(1);
  return value;
}

}  // namespace

Links Links::open(store::Connection& db, std::string base) {
  constexpr std::string_view name = "sign_link_key";
  auto key = store::get_meta(db, name);
  if (!key) {
    key = new_token();
    store::set_meta(db, name, *key);
  }
  while (base.ends_with('/')) base.pop_back();
  return {std::move(*key), std::move(base)};
}

std::string Links::token(const Link& link) const {
  const std::string said = std::to_string(link.order) + "-" + std::to_string(link.version) + "-" +
                           std::to_string(to_millis(link.expires) / 1000) + "-";
  return said + hash_secret(std::string(purpose) + ":" + said, key_).substr(0, code_digits);
}

std::optional<Link> Links::read(std::string_view token) const {
  if (token.size() > token_max) return std::nullopt;
  std::string_view rest = token;
  const auto order = take_number(rest), version = take_number(rest), seconds = take_number(rest);
  constexpr std::int64_t seconds_max = 100'000'000'000;
  if (!order || !version || !seconds || *seconds > seconds_max) return std::nullopt;
  const Link link{*order, *version, from_millis(*seconds * 1000)};
  if (!equal_constant_time(this->token(link), token)) return std::nullopt;
  return link;
}

std::string Links::url(const orders::Order& order, std::int64_t version, Instant now) const {
  if (base_.empty()) return {};
  return base_ + "/sign/" + token({order.id, version, now + lifetime});
}

}  // namespace huiyin::signing
