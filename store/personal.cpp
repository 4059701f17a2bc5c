#include "store/personal.h"

namespace huiyin::store {

std::int64_t put_text(Connection& db, std::string_view subject, std::string_view text) {
  db.exec("INSERT INTO personal_texts(subject, text) VALUES(:s, :t)", subject, text);
  return db.last_insert_id();
}

std::string get_text(Connection& db, std::int64_t id) {
  if (id == 0) return {};
  return db.value<std::string>("SELECT text FROM personal_texts WHERE id = :i", id).value_or("");
}

std::int64_t erase_texts(Connection& db, std::string_view subject) {
  return db.exec("UPDATE personal_texts SET text = '' WHERE subject = :s", subject);
}

}  // namespace huiyin::store
