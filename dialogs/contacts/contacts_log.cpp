#include "dialogs/contacts/contacts_log.h"

#include <limits>

#include "store/personal.h"

namespace huiyin::contacts {

std::vector<store::Migration> migrations() {
  return {{"contacts", 1, R"sql(
-- name, phone and content point into personal_texts; 0: not told.
CREATE TABLE contacts_log(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, channel TEXT NOT NULL, estate TEXT NOT NULL,
  unit TEXT NOT NULL, name INTEGER NOT NULL, phone INTEGER NOT NULL, content INTEGER NOT NULL,
  order_number TEXT NOT NULL);
)sql"}};
}

namespace {

// The id of a kept text; 0: not told.
std::int64_t keep(store::Connection& db, std::string_view subject, const std::string& text) {
  return text.empty() ? std::int64_t{0} : store::put_text(db, subject, text);
}

}  // namespace

std::int64_t add(store::Connection& db, const Contact& contact, std::string_view subject) {
  const std::int64_t name = keep(db, subject, contact.name);
  const std::int64_t phone = keep(db, subject, contact.phone);
  const std::int64_t content = keep(db, subject, contact.content);
  db.exec(
      "INSERT INTO contacts_log(at, channel, estate, unit, name, phone, content, order_number)"
      " VALUES(:t, :c, :e, :u, :n, :p, :x, :o)",
      to_millis(contact.at), contact.channel, contact.estate, contact.unit, name, phone, content,
      contact.order);
  return db.last_insert_id();
}

void change_of_order(store::Connection& db, const Contact& contact, std::string_view subject) {
  const std::int64_t name = keep(db, subject, contact.name);
  const std::int64_t phone = keep(db, subject, contact.phone);
  const std::int64_t content = keep(db, subject, contact.content);
  db.exec(
      "UPDATE contacts_log SET name = :n, phone = :p, content = :x, unit = :u, estate = :e"
      " WHERE order_number = :o",
      name, phone, content, contact.unit, contact.estate, contact.order);
}

std::vector<Contact> list(store::Connection& db, std::int64_t before, int limit,
                          const ContactFilter& filter) {
  using Limits = std::numeric_limits<std::int64_t>;
  const std::int64_t bound = before > 0 ? before : Limits::max();
  const std::int64_t from = filter.from ? to_millis(*filter.from) : Limits::min();
  const std::int64_t to = filter.to ? to_millis(*filter.to) : Limits::max();
  std::vector<Contact> out;
  for (const auto& [id, at, channel, estate, unit, name, phone, content, order] :
       db.query<std::int64_t, std::int64_t, std::string, std::string, std::string, std::int64_t,
                std::int64_t, std::int64_t, std::string>(
           "SELECT id, at, channel, estate, unit, name, phone, content, order_number"
           " FROM contacts_log WHERE id < :b AND (:c = '' OR channel = :c2)"
           " AND (:e = '' OR estate = :e2) AND (:u = '' OR unit = :u2)"
           " AND (:o = '' OR order_number = :o2) AND at >= :f AND at < :t"
           " ORDER BY id DESC LIMIT :l",
           bound, filter.channel, filter.channel, filter.estate, filter.estate, filter.unit,
           filter.unit, filter.order, filter.order, from, to, limit)) {
    out.push_back({id, from_millis(at), channel, store::get_text(db, name),
                   store::get_text(db, phone), unit, store::get_text(db, content), order, estate});
  }
  return out;
}

}  // namespace huiyin::contacts
