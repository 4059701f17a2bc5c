// Who hears of a clock: before it runs out the one who can still help, when it has run out whoever
// supervises them. One message each; the timer that brings it is gone with it.
#include "dialogs/orders/clocks.h"
#include "dialogs/orders/deed.h"
#include "dialogs/orders/policy.h"
#include "dialogs/orders/short_numbers.h"
#include "store/timers.h"

namespace huiyin::orders {
namespace {

// "R5.10" → "clock.task.r5_10"
std::string task_phrase(std::string_view rule) {
  std::string id = "clock.task.";
  for (const char c : rule) id += c == '.' ? '_' : static_cast<char>(std::tolower(c));
  return id;
}

bool waits_for_somebody(const Order& order) {
  return order.live && (listed("recorded notified", order.state) ||
                        (order.state == "quoted" && order.agreed_at.has_value()));
}

}  // namespace

Notice Orders::clock_notice(store::Connection& db, const Order& order, const ClockRecord& clock,
                            std::string_view phrase, Instant now) const {
  Notice notice = staff_notice(db, order, phrase, now);
  const Moment when = moment(order, now);
  notice.args["n"] = order.number;
  notice.args["due"] =
      human_time(TimeRange{clock.due_at, std::nullopt, "minute"}, notice.language, when);
  std::string department = orders::department(directory_.profile(order.estate), notice.language);
  if (department.empty()) department = speech_.say("clock.department", notice.language, {}, when);
  notice.args["task"] = speech_.say(task_phrase(clock.rule), notice.language,
                                    {{"department", std::move(department)}}, when);
  return notice;
}

void Orders::remind(Transaction& tx, const Order& order, const ClockRecord& clock) {
  Notice notice = clock_notice(tx.write(), order, clock, "clock.remind", tx.now());
  const std::string_view helper = helper_of(clock.rule);
  const auto numbered_for = [&](std::int64_t staff) {
    if (const auto n = short_number(tx.write(), staff, order)) {
      notice.args["n"] = std::to_string(n);
    }
  };
  if (const auto people = directory_.staff(order.estate, helper); !people.empty()) {
    numbered_for(people.front().id);
  } else if (helper == "assignee" && order.assignee != 0) {
    numbered_for(order.assignee);
  }
  if (helper != "assignee") {
    post_.to_role(tx, helper, std::move(notice));
  } else if (const auto staff = directory_.staff_by_id(order.assignee)) {
    post_.to_staff(tx, *staff, std::move(notice));
  } else if (const auto sender = directory_.staff_by_id(order.dispatcher)) {
    post_.to_staff(tx, *sender, std::move(notice));  // nobody took the task yet
  } else {
    post_.to_role(tx, supervisor_of(order.kind), std::move(notice));
  }
}

void Orders::tell_missed(Transaction& tx, const Order& order, const ClockRecord& clock) {
  const std::string_view overseer = supervisor_of(order.kind);
  const std::string_view helper = helper_of(clock.rule);
  const auto assignee = directory_.staff_by_id(order.assignee);
  const bool own =
      helper == overseer || (helper == "assignee" && assignee && assignee->role == overseer);
  const std::string_view to = own ? "centre_manager" : overseer;
  Notice notice = clock_notice(tx.write(), order, clock, "clock.missed", tx.now());
  if (const auto people = directory_.staff(order.estate, to); !people.empty()) {
    notice.args["n"] = std::to_string(short_number(tx.write(), people.front().id, order));
  }
  post_.to_role(tx, to, std::move(notice));
  for (Listener* listener : listeners_) listener->on_clock(tx, order, clock, true);
}

void Orders::tell_missed(Transaction& tx, const Order& order,
                         const std::vector<std::string>& rules) {
  for (const auto& rule : rules) {
    const auto clock =
        std::find_if(order.clocks.rbegin(), order.clocks.rend(),
                     [&](const ClockRecord& one) { return one.rule == rule && one.breached; });
    if (clock != order.clocks.rend()) tell_missed(tx, order, *clock);
  }
}

void Orders::clock_fired(Transaction& tx, std::string_view timer_key) {
  const Ticked ticked = tick(tx.write(), timer_key, tx.now());
  if (ticked.tick == Tick::missed) {
    tell_missed(tx, ticked.order, ticked.clock);
  } else if (ticked.tick == Tick::remind) {
    remind(tx, ticked.order, ticked.clock);
    for (Listener* listener : listeners_) {
      listener->on_clock(tx, ticked.order, ticked.clock, false);
    }
  }
}

// R5.9: at once has no limit of its own, but the estate may want to be told.
void Orders::watch_for_assignment(Transaction& tx, const Order& order) {
  if (order.kind != Kind::repair && order.kind != Kind::public_fault) return;
  const auto minutes = assign_alert_minutes(directory_.profile(order.estate));
  if (!minutes) return;
  store::set_timer(tx.write(), tx.now() + std::chrono::minutes(*minutes), assign_timer,
                   order.number, {{"minutes", *minutes}});
}

void Orders::assignment_overdue(Transaction& tx, std::string_view number, std::int64_t minutes) {
  const auto order = find(tx.read(), number);
  if (!order || !waits_for_somebody(*order)) return;
  Notice notice = staff_notice(tx.write(), *order, "clock.assign", tx.now());
  notice.args["minutes"] = minutes;
  post_.to_role(tx, supervisor_of(order->kind), std::move(notice));
}

}  // namespace huiyin::orders
