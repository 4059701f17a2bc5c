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
             " ORDER BY e.n DESC LIMIT 1), '')"),
         "its state is not the last one of its history");
  report(db, faults,
         db.query<std::string>("SELECT number FROM work_orders WHERE live <>"
                               " (state NOT IN ('archived', 'cancelled', 'declined', 'merged'))"),
         "its state and its being live do not agree");
  report(db, faults,
         db.query<std::string>(
             "SELECT number FROM work_orders w WHERE EXISTS(SELECT 1 FROM order_events s"
             " WHERE s.order_id = w.id AND s.state = 'signed' AND NOT EXISTS(SELECT 1"
             " FROM order_events c WHERE c.order_id = w.id AND c.state = 'completed'"
             " AND c.n < s.n AND c.at <= s.at))"),
         "it was signed before it was completed");
}

// A clock runs (with its timer set), or was met, or was missed; a stopped one runs no more.
void check_clocks(store::Connection& db, Faults& faults) {
  for (const auto& [number, rule, what] : db.query<std::string, std::string, std::string>(
           "WITH c AS (SELECT w.number, w.live, j.value ->> 'rule' AS rule,"
           "  j.value ->> 'due_at' AS due_at, j.value ->> 'met_at' AS met_at,"
           "  j.value ->> 'stopped_at' AS stopped_at,"
           "  coalesce(j.value ->> 'breached', 0) AS breached"
           "  FROM work_orders w, json_each(w.clocks) j)"
           " SELECT number, rule, CASE"
           " WHEN met_at IS NOT NULL AND stopped_at IS NOT NULL THEN 'is met and stopped'"
           " WHEN met_at > due_at AND breached = 0 THEN 'was met late and not counted missed'"
           " WHEN met_at <= due_at AND breached = 1 THEN 'was met in time and counted missed'"
           " WHEN met_at IS NULL AND stopped_at IS NULL AND live = 0 THEN 'outlives its order'"
           " WHEN met_at IS NULL AND stopped_at IS NULL AND breached = 0 AND NOT EXISTS"
           "  (SELECT 1 FROM timers t WHERE t.kind = 'orders.clock'"
           "   AND t.key = number || '/' || rule) THEN 'runs without a timer'"
           " END AS fault FROM c WHERE fault IS NOT NULL")) {
    faults.push_back(number + ": clock " + rule + " " + what);
  }
  report(db, faults,
         db.query<std::string>(
             "SELECT number FROM work_orders w WHERE overdue <> (SELECT count(*)"
             " FROM json_each(w.clocks) j WHERE j.value ->> 'breached' = 1"
             " AND j.value ->> 'met_at' IS NULL AND j.value ->> 'stopped_at' IS NULL)"),
         "the count of its missed clocks is wrong");
  for (const auto& [key] : db.query<std::string>(
           "SELECT key FROM timers t WHERE kind = 'orders.clock' AND NOT EXISTS(SELECT 1"
           " FROM work_orders w, json_each(w.clocks) j"
           " WHERE w.number = substr(t.key, 1, instr(t.key, '/') - 1)"
           " AND j.value ->> 'rule' = substr(t.key, instr(t.key, '/') + 1)"
           " AND j.value ->> 'met_at' IS NULL AND j.value ->> 'stopped_at' IS NULL)")) {
    faults.push_back("timer " + key + ": no such clock runs");
  }
}

void check_copies(store::Connection& db, Faults& faults) {
  report(db, faults,
         db.query<std::string>("SELECT number FROM work_orders w WHERE EXISTS(SELECT 1"
                               " FROM json_each(w.copies) c WHERE c.value ->> 'holder' = '')"),
         "a copy of its sheet has no holder");
  report(db, faults,
         db.query<std::string>(
             "SELECT number FROM work_orders w WHERE kind = 'repair'"
             " AND json_array_length(w.copies) <> (SELECT coalesce(max(c.value ->> 'copy'), 0)"
             " FROM json_each(w.copies) c)"),
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
