#include "dialogs/dispatch/shift_log.h"

#include <algorithm>
#include <limits>

#include "dialogs/orders/life.h"
#include "store/base/text.h"
#include "store/personal.h"

namespace huiyin::dispatch {
namespace {

constexpr std::size_t reason_code_points_max = 2'000;

tl::unexpected<orders::Refusal> refuse(int status, std::string detail, std::string field = {}) {
  return tl::unexpected<orders::Refusal>({status, std::move(detail), std::move(field), {}});
}

// What is written of an order may name its people: it is erased together with it.
std::string text_subject(std::string_view order) {
  return order.empty() ? "shift_log" : orders::text_subject(order);
}

void insert_entry(store::Connection& db, std::string_view estate, Instant at, std::string_view kind,
                  std::string_view author, std::int64_t note, std::string_view order) {
  db.exec(
      "INSERT INTO shift_log(estate, at, kind, author, note, order_number)"
      " VALUES(:e, :t, :k, :a, :n, :o)",
      estate, to_millis(at), kind, author, note, order);
}

using Row = std::tuple<std::int64_t, std::string, std::int64_t, std::string, std::string,
                       std::int64_t, std::string>;
LogEntry entry_of(const Row& row) {
  const auto& [id, estate, at, kind, author, note, order] = row;
  return {id, estate, from_millis(at), kind, author, note, order};
}

}  // namespace

std::int64_t write_note(store::Connection& db, std::string_view estate, Instant at,
                        const orders::Actor& author, std::string_view note,
                        std::string_view order) {
  insert_entry(db, estate, at, "note", author.id, store::put_text(db, text_subject(order), note),
               order);
  return db.last_insert_id();
}

std::int64_t open_check(store::Connection& db, std::string_view estate, Instant at,
                        const std::vector<Unfinished>& unfinished) {
  insert_entry(db, estate, at, "daily_check", orders::Actor::system().id, 0, {});
  const std::int64_t entry = db.last_insert_id();
  for (const auto& one : unfinished) {
    db.exec(
        "INSERT INTO shift_log_unfinished(entry, n, order_number, state, late)"
        " VALUES(:e, :n, :o, :s, :l)",
        entry, one.n, one.order, one.state, one.late);
  }
  return entry;
}

orders::Acted<void> write_reason(store::Connection& db, std::int64_t entry, std::string_view order,
                                 std::string_view reason, const orders::Actor& actor, Instant at) {
  const auto row = db.first<std::int64_t, std::int64_t>(
      "SELECT n, reason FROM shift_log_unfinished WHERE entry = :e AND order_number = :o", entry,
      order);
  if (!row) return refuse(404, "the check holds no such unfinished order");
  const auto& [n, written] = *row;
  if (written != 0) return refuse(409, "its reason is written; add a note to the shift log");
  const std::string_view text = trim(reason);
  if (text.empty()) return refuse(400, "reason must be a text that is not empty", "reason");
  if (code_points(text) > reason_code_points_max) {
    return refuse(400, "reason is too long", "reason");
  }
  db.exec(
      "UPDATE shift_log_unfinished SET reason = :r, reason_by = :b, reason_at = :t"
      " WHERE entry = :e AND n = :n",
      store::put_text(db, text_subject(order), text), actor.id, to_millis(at), entry, n);
  return {};
}

orders::Acted<std::string> write_reason_at(store::Connection& db, std::string_view estate,
                                           std::int64_t n, std::string_view reason,
                                           const orders::Actor& actor, Instant at) {
  const auto row = db.first<std::int64_t, std::string>(
      "SELECT u.entry, u.order_number FROM shift_log_unfinished u WHERE u.n = :n AND u.entry ="
      " (SELECT max(id) FROM shift_log WHERE estate = :e AND kind = 'daily_check')",
      n, estate);
  if (!row) return refuse(404, "the newest check has no order at this place");
  const auto& [entry, order] = *row;
  if (auto done = write_reason(db, entry, order, reason, actor, at); !done) {
    return tl::unexpected(done.error());
  }
  return order;
}

bool unfinished(std::string_view state) {
  return !orders::is_final(state) &&
         !orders::listed("completed signed returned resolved revisited", state);
}

std::vector<std::string> missing_reasons(store::Connection& db, std::string_view estate) {
  std::vector<std::tuple<std::int64_t, std::int64_t, std::string>> found;
  // From the orders to the log: those that are not finished are few.
  for (const auto kind : {orders::Kind::repair, orders::Kind::public_fault, orders::Kind::complaint,
                          orders::Kind::task}) {
    for (const std::string_view state : orders::states_of(kind)) {
      if (!unfinished(state)) continue;
      for (auto& row : db.query<std::int64_t, std::int64_t, std::string>(
               "SELECT u.entry, u.n, u.order_number FROM work_orders o"
               " CROSS JOIN shift_log_unfinished u"
               " ON u.order_number = o.number AND u.reason = 0"
               " WHERE o.estate = :e AND o.kind = :k AND o.state = :s",
               estate, orders::to_string(kind), state)) {
        found.push_back(std::move(row));
      }
    }
  }
  std::ranges::sort(found);
  std::vector<std::string> out;
  out.reserve(found.size());
  for (auto& row : found) out.push_back(std::move(std::get<2>(row)));
  return out;
}

std::vector<LogEntry> list_log(store::Connection& db, std::string_view estate, std::int64_t before,
                               int limit) {
  const std::int64_t bound = before > 0 ? before : std::numeric_limits<std::int64_t>::max();
  std::vector<LogEntry> out;
  for (const auto& row : db.query<std::int64_t, std::string, std::int64_t, std::string, std::string,
                                  std::int64_t, std::string>(
           "SELECT id, estate, at, kind, author, note, order_number FROM shift_log"
           " WHERE id < :b AND (:e = '' OR estate = :e2) ORDER BY id DESC LIMIT :l",
           bound, estate, estate, limit)) {
    out.push_back(entry_of(row));
  }
  return out;
}

std::optional<LogEntry> find_entry(store::Connection& db, std::int64_t id) {
  const auto row = db.first<std::int64_t, std::string, std::int64_t, std::string, std::string,
                            std::int64_t, std::string>(
      "SELECT id, estate, at, kind, author, note, order_number FROM shift_log WHERE id = :i", id);
  if (!row) return std::nullopt;
  return entry_of(*row);
}

Json to_json(store::Connection& db, const LogEntry& entry, const Zone& zone) {
  Json out = {{"id", entry.id},
              {"estate", entry.estate},
              {"at", zone.rfc3339(entry.at)},
              {"kind", entry.kind},
              {"author", entry.author},
              {"note", or_null(store::get_text(db, entry.note))},
              {"order", or_null(entry.order)},
              {"unfinished", Json::array()}};
  for (const auto& [n, order, state, late, reason, by, at] :
       db.query<std::int64_t, std::string, std::string, std::int64_t, std::int64_t, std::string,
                std::optional<std::int64_t>>(
           "SELECT n, order_number, state, late, reason, reason_by, reason_at"
           " FROM shift_log_unfinished WHERE entry = :e ORDER BY n",
           entry.id)) {
    out["unfinished"].push_back(
        {{"n", n},
         {"order", order},
         {"state", state},
         {"late", late != 0},
         {"reason", or_null(store::get_text(db, reason))},
         {"reason_by", or_null(by)},
         {"reason_at", at ? Json(zone.rfc3339(from_millis(*at))) : Json(nullptr)}});
  }
  return out;
}

}  // namespace huiyin::dispatch
