#include "dialogs/desk/at_work.h"

namespace huiyin::desk {

std::optional<orders::Order> at_work(Turn& turn) {
  if (!turn.staff) return std::nullopt;
  const auto id = turn.tx.read().value<std::int64_t>(
      "SELECT id FROM work_orders WHERE assignee = :a AND assignee > 0 AND live = 1"
      " AND state IN ('in_progress', 'arrived', 'accepted')"
      " ORDER BY CASE state WHEN 'in_progress' THEN 0 WHEN 'arrived' THEN 1 ELSE 2 END, id DESC"
      " LIMIT 1",
      turn.staff->id);
  return id ? orders::load(turn.tx.read(), *id) : std::nullopt;
}

}  // namespace huiyin::desk
