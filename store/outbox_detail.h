// What the two halves of the outbox share. Internal to store/.
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace huiyin::store::detail {

// A JSON list of row ids, for `id IN (SELECT value FROM json_each(:rows))`.
inline std::string row_list(std::span<const std::int64_t> rows) {
  std::string out = "[";
  for (const auto row : rows) {
    if (out.size() > 1) out += ',';
    out += std::to_string(row);
  }
  out += ']';
  return out;
}

}  // namespace huiyin::store::detail
