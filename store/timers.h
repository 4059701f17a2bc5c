// What is due later: rows with a due time on the product's clock. Lane's thread only for writing.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/json.h"
#include "store/base/time.h"
#include "store/connection.h"

namespace huiyin::store {

struct Timer {
  std::int64_t id;
  Instant due;
  std::string kind;  // "<subject>.<what>"
  std::string key;   // what it is about, e.g. an order's number
  Json payload;
};

// One timer per (kind, key): setting it again moves it.
void set_timer(Connection& db, Instant due, std::string_view kind, std::string_view key,
               const Json& payload = Json::object());
void clear_timer(Connection& db, std::string_view kind, std::string_view key);
std::optional<Instant> next_due(Connection& db);
// The earliest timer due by `until`, if any.
std::optional<Timer> first_due(Connection& db, Instant until);
void remove_timer(Connection& db, std::int64_t id);

}  // namespace huiyin::store
