#include "store/numbers.h"

#include <cstdio>

namespace huiyin::store {

std::string next_number(Connection& db, std::string_view prefix, std::string_view day) {
  const auto taken = db.value<std::int64_t>(
      "INSERT INTO numbers(prefix, day, last) VALUES(:p, :d, 1)"
      " ON CONFLICT(prefix, day) DO UPDATE SET last = last + 1 RETURNING last",
      prefix, day);
  char digits[24];
  std::snprintf(digits, sizeof digits, "%04lld", static_cast<long long>(taken.value()));
  return std::string(prefix) + std::string(day) + "-" + digits;
}

}  // namespace huiyin::store
