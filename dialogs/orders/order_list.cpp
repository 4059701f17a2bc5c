#include "dialogs/orders/order_list.h"

#include <limits>

namespace huiyin::orders {
namespace {

// The narrowest filter leads and uses its index; the others only pass over what it found.
#define HUIYIN_LIST(lead)                                                 \
  "SELECT id FROM work_orders WHERE " lead                                \
  " AND id < :b AND (:k = '' OR kind = :k2) AND (:s = '' OR state = :s2)" \
  " AND (:u = '' OR unit = :u2) AND (:e = '' OR estate = :e2)"            \
  " AND (:o < 0 OR (overdue > 0) = :o2) ORDER BY id DESC LIMIT :l"

}  // namespace

std::vector<Order> list(store::Connection& db, const OrderFilter& filter, std::int64_t before,
                        int limit) {
  const std::int64_t bound = before > 0 ? before : std::numeric_limits<std::int64_t>::max();
  const std::int64_t overdue = filter.overdue ? std::int64_t{*filter.overdue} : -1;
  const auto run = [&](store::Sql sql, const auto& lead) {
    return db.query<std::int64_t>(sql, lead, bound, filter.kind, filter.kind, filter.state,
                                  filter.state, filter.unit, filter.unit, filter.estate,
                                  filter.estate, overdue, overdue, limit);
  };
  std::vector<std::tuple<std::int64_t>> ids;
  if (!filter.unit.empty())
    ids = run(HUIYIN_LIST("unit = :x"), filter.unit);
  else if (overdue == 1)
    ids = run(HUIYIN_LIST("overdue > 0 AND overdue >= :x"), std::int64_t{1});
  else if (!filter.state.empty())
    ids = run(HUIYIN_LIST("state = :x"), filter.state);
  else
    ids = run(HUIYIN_LIST("id > :x"), std::int64_t{0});
  std::vector<Order> out;
  for (const auto& [id] : ids) {
    if (auto order = load(db, id)) out.push_back(std::move(*order));
  }
  return out;
}

}  // namespace huiyin::orders
