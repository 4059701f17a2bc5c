// What supervisors and managers ask across people and days: who has how much in hand, what somebody
// did today, what complaints came today. Each looks at a few hundred rows at most.
#include <algorithm>

#include "dialogs/desk/at_desk.h"
#include "dialogs/orders/order_list.h"

namespace huiyin::desk {
namespace {

constexpr int orders_max = 300;  // the newest of the estate that are looked at
constexpr std::size_t lines_max = 10;

}  // namespace

void AtDesk::overview(const Command& command) {
  if (command.name == "workload") return workload();
  const Zone& zone = turn_.directory.profile(me_.estate).zone;
  const LocalTime today = zone.local(turn_.now());
  const Instant since = zone.instant(today.year, today.month, today.day);
  if (command.name == "complaints_today") return complaints_since(since);
  did_since(command.rest, since);
}

void AtDesk::workload() {
  std::vector<std::pair<std::int64_t, std::string>> people;
  for (const auto& one : turn_.directory.staff(me_.estate, "technician")) {
    const auto count = turn_.tx.read().value<std::int64_t>(
        "SELECT count(*) FROM work_orders WHERE assignee = :a AND assignee > 0 AND live = 1 AND"
        " state IN ('assigned', 'accepted', 'arrived', 'in_progress')",
        one.id);
    people.emplace_back(count.value_or(0), one.name);
  }
  std::ranges::stable_sort(people, std::greater<>(), [](const auto& one) { return one.first; });
  std::string lines;
  for (std::size_t i = 0; i < std::min(people.size(), lines_max); ++i) {
    lines += "\n" + turn_.phrase("desk.workload_line",
                                 {{"who", people[i].second}, {"count", people[i].first}});
  }
  say("desk.workload", {{"lines", lines}});
}

void AtDesk::complaints_since(Instant since) {
  std::string lines;
  std::int64_t count = 0;
  for (const auto& order :
       orders::list(turn_.tx.read(), {"complaint", {}, {}, me_.estate, {}}, 0, orders_max)) {
    if (order.recorded_at < since) break;
    if (static_cast<std::size_t>(++count) <= lines_max) lines += "\n" + line_of(order);
  }
  say("desk.complaints_today", {{"count", count}, {"orders", lines}});
}

void AtDesk::did_since(const std::string& name, Instant since) {
  const auto people = staff_by_name(name, {});
  if (name.empty() || people.size() != 1) {
    say("desk.who_is_that", {{"name", name}});
    return;
  }
  const std::string actor = "staff:" + std::to_string(people.front().id);
  std::string lines;
  std::int64_t count = 0;
  for (const auto& kind : role_.kinds) {
    for (const auto& order :
         orders::list(turn_.tx.read(), {kind, {}, {}, me_.estate, {}}, 0, orders_max)) {
      const auto did = turn_.tx.read().value<std::int64_t>(
          "SELECT count(*) FROM order_events WHERE order_id = :o AND actor = :a AND at >= :t",
          order.id, actor, to_millis(since));
      if (did.value_or(0) == 0) continue;
      if (static_cast<std::size_t>(++count) <= lines_max) lines += "\n" + line_of(order);
    }
  }
  say("desk.did_today", {{"who", people.front().name}, {"count", count}, {"orders", lines}});
}

}  // namespace huiyin::desk
