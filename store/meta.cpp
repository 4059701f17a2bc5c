#include "store/meta.h"

namespace huiyin::store {

std::optional<std::string> get_meta(Connection& db, std::string_view key) {
  return db.value<std::string>("SELECT value FROM meta WHERE key = :k", key);
}

void set_meta(Connection& db, std::string_view key, std::string_view value) {
  db.exec(
      "INSERT INTO meta(key, value) VALUES(:k, :v)"
      " ON CONFLICT(key) DO UPDATE SET value = excluded.value",
      key, value);
}

}  // namespace huiyin::store
