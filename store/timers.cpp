#include "store/timers.h"

namespace huiyin::store {
namespace {

using Row = std::tuple<std::int64_t, std::int64_t, std::string, std::string, std::string>;

Timer timer_of(const Row& row) {
  const auto& [id, due, kind, key, payload] = row;
  return {id, from_millis(due), kind, key, Json::parse(payload, nullptr, false)};
}

}  // namespace

void set_timer(Connection& db, Instant due, std::string_view kind, std::string_view key,
               const Json& payload) {
  db.exec(
      "INSERT INTO timers(due_at, kind, key, payload) VALUES(:d, :k, :y, :p)"
      " ON CONFLICT(kind, key) DO UPDATE SET due_at = excluded.due_at, payload = excluded.payload",
      to_millis(due), kind, key, dump_json(payload));
}

void clear_timer(Connection& db, std::string_view kind, std::string_view key) {
  db.exec("DELETE FROM timers WHERE kind = :k AND key = :y", kind, key);
}

std::optional<Instant> next_due(Connection& db) {
  const auto due = db.value<std::optional<std::int64_t>>("SELECT min(due_at) FROM timers");
  if (!due || !*due) return std::nullopt;
  return from_millis(**due);
}

std::optional<Timer> first_due(Connection& db, Instant until) {
  const auto row = db.first<std::int64_t, std::int64_t, std::string, std::string, std::string>(
      "SELECT id, due_at, kind, key, payload FROM timers WHERE due_at <= :u"
      " ORDER BY due_at, id LIMIT 1",
      to_millis(until));
  if (!row) return std::nullopt;
  return timer_of(*row);
}

void remove_timer(Connection& db, std::int64_t id) {
  db.exec("DELETE FROM timers WHERE id = :i", id);
}

}  // namespace huiyin::store
