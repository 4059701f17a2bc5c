// Signed links (guarantee 6): one purpose, one version of one order, 72 hours. What a link says is
// in the link; that it is ours shows its code, a keyed BLAKE2b of libsodium under a key that is
// made at the first start and never leaves the data folder. Immutable and thread-safe.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "dialogs/orders/order.h"

namespace huiyin::signing {

struct Link {
  std::int64_t order = 0;    // Order::id
  std::int64_t version = 0;  // of the sheet that it is for (orders::sheet_version)
  Instant expires;
};

class Links {
 public:
  static constexpr auto lifetime = std::chrono::hours(72);  // of the product's clock

  // `base`: how the gateway is reached from outside, without a slash at its end; empty: there are
  // no links.
  Links(std::string key, std::string base) : key_(std::move(key)), base_(std::move(base)) {}
  // With the key of the data folder, made when there is none yet.
  static Links open(store::Connection& db, std::string base);

  std::string token(const Link& link) const;
  // None: not ours, changed, or for another purpose. Whether it expired is the caller's question.
  std::optional<Link> read(std::string_view token) const;
  // The address where that version of the order is signed; "" without a base.
  std::string url(const orders::Order& order, std::int64_t version, Instant now) const;

 private:
  std::string key_, base_;
};

}  // namespace huiyin::signing
