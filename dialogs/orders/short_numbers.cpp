#include "dialogs/orders/short_numbers.h"

namespace huiyin::orders {
namespace {

// Two digits are enough for who walks from door to door; a desk that minds more goes on with three.
constexpr std::int64_t span_of_one = 99, span_of_many = 999;
// How many numbers in turn are looked at for one that no open order has: whoever minds so many
// orders that these are all taken has no use for small numbers, and recording must stay cheap.
constexpr int tries_max = 4;

std::int64_t next_free(store::Connection& db, std::int64_t staff, std::int64_t last,
                       std::int64_t span) {
  for (int step = 0; step < tries_max; ++step) {
    const std::int64_t n = (last + step) % span + 1;
    const auto taken = db.value<std::int64_t>(
        "SELECT w.live FROM staff_short_numbers s JOIN work_orders w ON w.id = s.order_id"
        " WHERE s.staff = :s AND s.n = :n",
        staff, n);
    if (taken.value_or(0) == 0) return n;
  }
  return 0;
}

}  // namespace

store::Migration short_number_migration() {
  return {"staff_short_numbers", 1, R"sql(
-- By which number a staff member knows an order; a number that is given again loses its old row.
CREATE TABLE staff_short_numbers(
  staff INTEGER NOT NULL, n INTEGER NOT NULL, order_id INTEGER NOT NULL,
  PRIMARY KEY(staff, n)) WITHOUT ROWID;
CREATE UNIQUE INDEX staff_short_numbers_order ON staff_short_numbers(staff, order_id);
CREATE TABLE staff_last_number(staff INTEGER PRIMARY KEY, n INTEGER NOT NULL);
CREATE INDEX work_orders_assignee ON work_orders(assignee, id) WHERE live = 1 AND assignee > 0;
)sql"};
}

std::int64_t short_number(store::Connection& db, std::int64_t staff, const Order& order) {
  const auto known = db.value<std::int64_t>(
      "SELECT n FROM staff_short_numbers WHERE staff = :s AND order_id = :o", staff, order.id);
  if (known) return *known;
  const std::int64_t last =
      db.value<std::int64_t>("SELECT n FROM staff_last_number WHERE staff = :s", staff).value_or(0);
  std::int64_t n = next_free(db, staff, last, last > span_of_one ? span_of_many : span_of_one);
  if (n == 0 && last <= span_of_one) n = next_free(db, staff, span_of_one, span_of_many);
  if (n == 0) return 0;
  db.exec("INSERT OR REPLACE INTO staff_short_numbers(staff, n, order_id) VALUES(:s, :n, :o)",
          staff, n, order.id);
  db.exec("INSERT OR REPLACE INTO staff_last_number(staff, n) VALUES(:s, :n)", staff, n);
  return n;
}

std::optional<Order> by_short_number(store::Connection& db, std::int64_t staff,
                                     std::int64_t number) {
  const auto id = db.value<std::int64_t>(
      "SELECT order_id FROM staff_short_numbers WHERE staff = :s AND n = :n", staff, number);
  return id ? load(db, *id) : std::nullopt;
}

}  // namespace huiyin::orders
