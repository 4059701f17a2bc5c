#include "dialogs/orders/short_numbers.h"

#include <set>

namespace huiyin::orders {
namespace {

// Two digits are enough for who walks from door to door; a desk that minds more goes on with three.
constexpr std::int64_t span_of_one = 99, span_of_many = 999;

// The next number behind `last`, in turn, that no open order has; 0 when there is none.
std::int64_t next_free(const std::set<std::int64_t>& taken, std::int64_t last, std::int64_t span) {
  for (std::int64_t step = 0; step < span; ++step) {
    const std::int64_t n = (last + step) % span + 1;
    if (!taken.contains(n)) return n;
  }
  return 0;
}

}  // namespace

store::Migration short_number_migration() {
  return {"staff_short_numbers", 1, R"sql(
-- By which number a staff member knows an order. Rows in the order of giving; a number that is
-- given again loses its old row.
CREATE TABLE staff_short_numbers(
  id INTEGER PRIMARY KEY AUTOINCREMENT, staff INTEGER NOT NULL, n INTEGER NOT NULL,
  order_id INTEGER NOT NULL, UNIQUE(staff, n), UNIQUE(staff, order_id));
CREATE INDEX work_orders_assignee ON work_orders(assignee, id) WHERE live = 1 AND assignee > 0;
)sql"};
}

std::int64_t short_number(store::Connection& db, std::int64_t staff, const Order& order) {
  const auto known = db.value<std::int64_t>(
      "SELECT n FROM staff_short_numbers WHERE staff = :s AND order_id = :o", staff, order.id);
  if (known) return *known;
  std::set<std::int64_t> taken;
  for (const auto& [n] : db.query<std::int64_t>(
           "SELECT s.n FROM staff_short_numbers s JOIN work_orders w ON w.id = s.order_id"
           " WHERE s.staff = :s AND w.live = 1",
           staff)) {
    taken.insert(n);
  }
  const std::int64_t last = db.value<std::int64_t>(
                                  "SELECT n FROM staff_short_numbers WHERE id ="
                                  " (SELECT max(id) FROM staff_short_numbers WHERE staff = :s)",
                                  staff)
                                .value_or(0);
  std::int64_t n = next_free(taken, last, span_of_one);
  if (n == 0) n = next_free(taken, span_of_one, span_of_many);
  if (n == 0) return 0;
  db.exec("DELETE FROM staff_short_numbers WHERE staff = :s AND n = :n", staff, n);
  db.exec("INSERT INTO staff_short_numbers(staff, n, order_id) VALUES(:s, :n, :o)", staff, n,
          order.id);
  return n;
}

std::optional<Order> by_short_number(store::Connection& db, std::int64_t staff,
                                     std::int64_t number) {
  const auto id = db.value<std::int64_t>(
      "SELECT order_id FROM staff_short_numbers WHERE staff = :s AND n = :n", staff, number);
  return id ? load(db, *id) : std::nullopt;
}

}  // namespace huiyin::orders
