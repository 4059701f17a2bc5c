#include "dialogs/contacts/contacts_log.h"

#include <algorithm>
#include <functional>
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
)sql"},
          {"contacts", 2, R"sql(
-- Only what is asked for is indexed: a row without a unit or an order is in the first one alone.
CREATE INDEX contacts_log_list ON contacts_log(estate, channel, id);
CREATE INDEX contacts_log_at ON contacts_log(at);
CREATE INDEX contacts_log_unit ON contacts_log(unit, id) WHERE unit <> '';
CREATE INDEX contacts_log_order ON contacts_log(order_number, id) WHERE order_number <> '';
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
      "UPDATE contacts_log INDEXED BY contacts_log_order SET name = :n, phone = :p, content = :x, "
      "unit = :u, estate = :e"
      " WHERE order_number = :o AND order_number <> ''",
      name, phone, content, contact.unit, contact.estate, contact.order);
}

namespace {

using Ids = std::vector<std::int64_t>;

// What remains to be compared once an index has led there.
#define HUIYIN_CONTACTS_BY(source, lead)                                      \
  "SELECT id FROM contacts_log " source " WHERE " lead                        \
  " AND id < :b AND (:c = '' OR channel = :c2) AND (:e = '' OR estate = :e2)" \
  " AND (:u = '' OR unit = :u2) AND at >= :f AND at < :t ORDER BY id DESC LIMIT :l"

// The newest rows that pass, by whatever leads to the fewest: those of an order or a unit are few,
// a time is looked up, and the newest of each estate and channel are a stretch of one index.
class Finder {
 public:
  Finder(store::Connection& db, const ContactFilter& filter, std::int64_t before, int limit)
      : db_(db),
        filter_(filter),
        before_(before > 0 ? before : Limits::max()),
        from_(filter.from ? to_millis(*filter.from) : Limits::min()),
        to_(filter.to ? to_millis(*filter.to) : Limits::max()),
        limit_(limit) {}

  Ids ids() {
    if (!filter_.order.empty()) {
      return led(HUIYIN_CONTACTS_BY("INDEXED BY contacts_log_order",
                                    "order_number = :x AND order_number <> ''"),
                 filter_.order);
    }
    if (!filter_.unit.empty()) {
      return led(HUIYIN_CONTACTS_BY("INDEXED BY contacts_log_unit", "unit = :x AND unit <> ''"),
                 filter_.unit);
    }
    if (filter_.from) {
      return led(HUIYIN_CONTACTS_BY("INDEXED BY contacts_log_at", "at >= :x"), from_);
    }
    if (filter_.estate.empty() && filter_.channel.empty()) {
      return led(HUIYIN_CONTACTS_BY("", "id > :x"), std::int64_t{0});
    }
    return merged();
  }

 private:
  using Limits = std::numeric_limits<std::int64_t>;

  template <class T>
  Ids led(store::Sql sql, const T& lead) {
    Ids out;
    for (const auto& [id] : db_.query<std::int64_t>(
             sql, lead, before_, filter_.channel, filter_.channel, filter_.estate, filter_.estate,
             filter_.unit, filter_.unit, from_, to_, limit_)) {
      out.push_back(id);
    }
    return out;
  }
  Ids merged() {
    Ids all;
    for (const std::string& estate : estates()) {
      for (const std::string_view channel : {"call", "letter", "visit", "chat", "other"}) {
        if (!filter_.channel.empty() && filter_.channel != channel) continue;
        for (const auto& [id] : db_.query<std::int64_t>(
                 "SELECT id FROM contacts_log WHERE estate = :e AND channel = :c AND id < :b"
                 " AND at < :t ORDER BY id DESC LIMIT :l",
                 estate, channel, before_, to_, limit_)) {
          all.push_back(id);
        }
      }
    }
    std::ranges::sort(all, std::greater<>());
    all.resize(std::min(all.size(), static_cast<std::size_t>(limit_)));
    return all;
  }
  std::vector<std::string> estates() {
    if (!filter_.estate.empty()) return {filter_.estate};
    std::vector<std::string> out;
    auto next = db_.value<std::string>("SELECT estate FROM contacts_log ORDER BY estate LIMIT 1");
    while (next) {
      out.push_back(*next);
      next = db_.value<std::string>(
          "SELECT estate FROM contacts_log WHERE estate > :e ORDER BY estate LIMIT 1", out.back());
    }
    return out;
  }

  store::Connection& db_;
  const ContactFilter& filter_;
  const std::int64_t before_, from_, to_;
  const int limit_;
};

}  // namespace

std::vector<Contact> list(store::Connection& db, std::int64_t before, int limit,
                          const ContactFilter& filter) {
  std::vector<Contact> out;
  for (const std::int64_t wanted : Finder(db, filter, before, limit).ids()) {
    for (const auto& [id, at, channel, estate, unit, name, phone, content, order] :
         db.query<std::int64_t, std::int64_t, std::string, std::string, std::string, std::int64_t,
                  std::int64_t, std::int64_t, std::string>(
             "SELECT id, at, channel, estate, unit, name, phone, content, order_number"
             " FROM contacts_log WHERE id = :i",
             wanted)) {
      out.push_back({id, from_millis(at), channel, store::get_text(db, name),
                     store::get_text(db, phone), unit, store::get_text(db, content), order,
                     estate});
    }
  }
  return out;
}

}  // namespace huiyin::contacts
