#include "dialogs/orders/verify.h"

#include <cstdlib>

#include "dialogs/orders/life.h"

namespace huiyin::orders {
namespace {

using Faults = std::vector<std::string>;

// Per prefix and day the numbers run 1..n, and n is what the sequence has given out.
void check_numbers(store::Connection& db, Faults& faults) {
  for (const auto& [group, count, highest] : db.query<std::string, std::int64_t, std::int64_t>(
           "SELECT substr(number, 1, 10) AS day, count(*),"
           " max(CAST(substr(number, 12) AS INTEGER)) FROM work_orders GROUP BY day")) {
    if (count != highest) {
      faults.push_back("numbers " + group + ": " + std::to_string(count) +
                       " orders, the highest is " + std::to_string(highest));
    }
    const auto given =
        db.value<std::int64_t>("SELECT last FROM numbers WHERE prefix = :p AND day = :d",
                               group.substr(0, 2), group.substr(2));
    if (given.value_or(0) != highest) {
      faults.push_back("numbers " + group + ": the sequence has given out " +
                       std::to_string(given.value_or(0)) + ", the highest order is " +
                       std::to_string(highest));
    }
  }
}

void report(store::Connection&, Faults& faults, const std::vector<std::tuple<std::string>>& numbers,
            const char* what) {
  for (const auto& [number] : numbers) faults.push_back(number + ": " + what);
}

void check_histories(store::Connection& db, Faults& faults) {
  report(db, faults,
         db.query<std::string>(
             "SELECT number FROM work_orders w WHERE (SELECT count(*) FROM order_events e"
             " WHERE e.order_id = w.id AND e.action = 'record') <> 1"),
         "its history does not hold exactly one recording");
  report(db, faults,
         db.query<std::string>(
             "SELECT number FROM work_orders w WHERE state <> coalesce((SELECT e.state"
             " FROM order_events e WHERE e.order_id = w.id AND e.state <> ''"
             " ORDER BY e.id DESC LIMIT 1), '')"),
         "its state is not the last one of its history");
  report(db, faults,
         db.query<std::string>("SELECT number FROM work_orders WHERE live <>"
                               " (state NOT IN ('archived', 'cancelled', 'declined', 'merged'))"),
         "its state and its being live do not agree");
}

// A clock runs (with its timer set), or was met, or was missed; a stopped one runs no more.
void check_clocks(store::Connection& db, Faults& faults) {
  for (const auto& [number, rule, what] : db.query<std::string, std::string, std::string>(
           "SELECT w.number, c.rule, CASE"
           " WHEN c.met_at IS NOT NULL AND c.stopped_at IS NOT NULL THEN 'is met and stopped'"
           " WHEN c.met_at > c.due_at AND c.breached = 0 THEN 'was met late and not counted missed'"
           " WHEN c.met_at <= c.due_at AND c.breached = 1 THEN 'was met in time and counted missed'"
           " WHEN c.met_at IS NULL AND c.stopped_at IS NULL AND w.live = 0 THEN 'outlives its "
           "order'"
           " WHEN c.met_at IS NULL AND c.stopped_at IS NULL AND c.breached = 0 AND NOT EXISTS"
           "  (SELECT 1 FROM timers t WHERE t.kind = 'orders.clock'"
           "   AND t.key = w.number || '/' || c.rule) THEN 'runs without a timer'"
           " END AS fault FROM order_clocks c JOIN work_orders w ON w.id = c.order_id"
           " WHERE fault IS NOT NULL")) {
    faults.push_back(number + ": clock " + rule + " " + what);
  }
  report(
      db, faults,
      db.query<std::string>(
          "SELECT number FROM work_orders w WHERE overdue <> (SELECT count(*) FROM order_clocks c"
          " WHERE c.order_id = w.id AND c.breached = 1 AND c.met_at IS NULL"
          " AND c.stopped_at IS NULL)"),
      "the count of its missed clocks is wrong");
}

void check_copies(store::Connection& db, Faults& faults) {
  report(db, faults,
         db.query<std::string>(
             "SELECT w.number FROM work_orders w JOIN order_copies c ON c.order_id = w.id"
             " WHERE c.holder = '' GROUP BY w.number"),
         "a copy of its sheet has no holder");
  report(db, faults,
         db.query<std::string>(
             "SELECT number FROM work_orders w WHERE kind = 'repair' AND (SELECT count(*)"
             " FROM order_copies c WHERE c.order_id = w.id) <> (SELECT coalesce(max(copy), 0)"
             " FROM order_copies c WHERE c.order_id = w.id)"),
         "copies of its sheet are missing");
}

}  // namespace

std::vector<std::string> verify_orders(store::Connection& db) {
  Faults faults;
  check_numbers(db, faults);
  check_histories(db, faults);
  check_clocks(db, faults);
  check_copies(db, faults);
  return faults;
}

}  // namespace huiyin::orders
