#include "dialogs/orders/clocks.h"

#include <algorithm>

#include "dialogs/orders/clock_limits.h"
#include "dialogs/orders/life.h"
#include "dialogs/orders/policy.h"
#include "store/timers.h"

namespace huiyin::orders {
namespace {

using std::chrono::minutes;
using enum LimitUnit;
constexpr int day = 24 * 60;

// R5.8 and R5.24 are met by `notify`, and by whatever hands the sheet to engineering without it.
// R5.26 starts where the estate says.
constexpr ClockRule rule_table[] = {
    {"R5.6", "repair.fill_max", "repair", "received", "record", 2, in_minutes, 0, "front_desk"},
    {"R5.8", "repair.notify_max", "repair", "received", "notify review assign", 3, in_minutes, 1,
     "front_desk"},
    {"R5.24", "public.notify_max", "public", "received", "notify assign", 10, in_minutes, 3,
     "front_desk"},
    {"R5.12", "repair.review_max", "repair", "review", "quote", 15, in_minutes, 5,
     "engineering_supervisor"},
    {"R5.10", "repair.arrive_asap_max", "repair", "accept", "arrive", 10, in_minutes, 3,
     "assignee"},
    {"R5.11", "repair.arrive_before_appointment", "repair", "accept", "arrive", 5,
     before_appointment, 15, "assignee"},
    {"R5.26", "public.arrive_max", "public", "accept", "arrive", 15, in_minutes, 5, "assignee"},
    {"R5.21", "repair.return_cutoff", "repair", "complete", "return", 17, time_of_day, 60,
     "assignee"},
    {"R5.22", "repair.finance_cutoff_day", "repair", "return", "send_to_finance", 25, day_of_month,
     day, "front_desk"},
    {"R8.11", "task.reply_by", "task", "received", "progress complete", 0, told, 30, "assignee"},
};

const ClockRule* find_rule(std::string_view rule) {
  const auto* it = std::ranges::find(rule_table, rule, &ClockRule::rule);
  return it == std::end(rule_table) ? nullptr : it;
}

std::optional<Due> due_for(const ClockRule& rule, const Order& order, const EstateProfile& profile,
                           Instant at) {
  if (!listed(rule.kinds, to_string(order.kind))) return std::nullopt;
  if (rule.rule == "R5.10" && order.appointment) return std::nullopt;  // R5.11 instead
  return due_of(rule, order, profile, at);
}

// The last of that rule: earlier ones gave way to it.
ClockRecord* find_clock(Order& order, std::string_view rule) {
  const auto it = std::find_if(order.clocks.rbegin(), order.clocks.rend(),
                               [&](const ClockRecord& clock) { return clock.rule == rule; });
  return it == order.clocks.rend() ? nullptr : &*it;
}

// What is past due as it starts is missed with it.
void start_anew(Order& order, const ClockRule& rule, const EstateProfile& profile,
                std::string_view anchor, Instant anchor_at, Instant now, Missed& missed) {
  auto due = due_for(rule, order, profile, anchor_at);
  if (!due) return;
  ClockRecord clock;
  clock.rule = rule.rule;
  clock.name = rule.name;
  clock.anchor = anchor;
  clock.anchor_at = anchor_at;
  clock.due_at = due->at;
  clock.policy = policy_of(profile);
  clock.pauses = std::move(due->pauses);
  const minutes lead(remind_before_minutes(profile, rule.rule, rule.remind_minutes));
  // Who was told of the matter a moment ago needs no reminder of it.
  if (lead > minutes(0) && clock.due_at - lead > anchor_at) clock.remind_at = clock.due_at - lead;
  if (now > clock.due_at) {
    clock.breached = true;
    clock.remind_at.reset();
    ++order.overdue;
    missed.push_back(clock.rule);
  }
  order.clocks.push_back(std::move(clock));
}

void start(Order& order, const ClockRule& rule, const EstateProfile& profile,
           std::string_view anchor, Instant anchor_at, Instant now, Missed& missed) {
  // A clock starts once: after a transfer the first acceptance still counts.
  if (find_clock(order, rule.rule) != nullptr) return;
  start_anew(order, rule, profile, anchor, anchor_at, now, missed);
}

// What would have come after it ended was no pause.
void end_pauses(ClockRecord& clock, Instant now) {
  std::erase_if(clock.pauses, [&](const Pause& pause) { return pause.from >= now; });
  if (!clock.pauses.empty()) clock.pauses.back().to = std::min(clock.pauses.back().to, now);
}

void meet(Order& order, std::string_view rule, Instant now, const Actor& actor, Missed& missed) {
  ClockRecord* clock = find_clock(order, rule);
  if (clock == nullptr || clock->ended()) return;
  if (clock->breached && order.overdue > 0) --order.overdue;
  if (!clock->breached && now > clock->due_at) {
    clock->breached = true;
    missed.push_back(clock->rule);
  }
  clock->met_at = now;
  clock->met_by = actor.id;
  clock->remind_at.reset();
  end_pauses(*clock, now);
}

void stop(Order& order, ClockRecord& clock, Instant now, Missed& missed) {
  clock.stopped_at = now;
  clock.remind_at.reset();
  end_pauses(clock, now);
  if (clock.breached) {
    if (order.overdue > 0) --order.overdue;
  } else if (clock.due_at < now) {
    clock.breached = true;
    missed.push_back(clock.rule);
  }
}

bool happened(store::Connection& db, const Order& order, std::string_view action) {
  return db.value<std::int64_t>(
               "SELECT count(*) FROM order_events WHERE order_id = :o AND action = :a", order.id,
               action)
             .value_or(0) > 0;
}

std::string start_of(const ClockRule& rule, const EstateProfile& profile) {
  return rule.rule == "R5.26" ? arrival_anchor(profile) : std::string(rule.started_by);
}

}  // namespace

std::vector<std::string_view> clock_rules() {
  std::vector<std::string_view> rules;
  for (const auto& one : rule_table) rules.push_back(one.rule);
  return rules;
}

std::string_view helper_of(std::string_view rule) {
  const ClockRule* found = find_rule(rule);
  return found == nullptr ? "assignee" : found->helper;
}

std::optional<Instant> due_of(std::string_view rule, const Order& order,
                              const EstateProfile& profile, Instant at) {
  const ClockRule* found = find_rule(rule);
  const auto due = found == nullptr ? std::nullopt : due_for(*found, order, profile, at);
  return due ? std::optional(due->at) : std::nullopt;
}

Missed start_at_intake(Order& order, const EstateProfile& profile, Instant filled_at,
                       bool anchor_filled, const Actor& actor) {
  // the strict reading counts both from the call.
  const std::string own = notify_anchor(profile);
  const bool from_filling = own.empty() ? anchor_filled : own == "filled";
  Missed missed;
  for (const auto& rule : rule_table) {
    if (rule.started_by != "received") continue;
    if (rule.rule == "R5.8" && from_filling)
      start(order, rule, profile, "filled", filled_at, filled_at, missed);
    else
      start(order, rule, profile, "received", order.received_at, filled_at, missed);
  }
  for (auto& rule : run_clocks(order, profile, "record", filled_at, actor)) {
    missed.push_back(std::move(rule));
  }
  return missed;
}

Missed run_clocks(Order& order, const EstateProfile& profile, std::string_view action, Instant now,
                  const Actor& actor) {
  Missed missed;
  for (const auto& rule : rule_table) {
    if (listed(rule.met_by, action)) meet(order, rule.rule, now, actor, missed);
  }
  for (const auto& rule : rule_table) {
    if (start_of(rule, profile) == action) start(order, rule, profile, action, now, now, missed);
  }
  return missed;
}

Missed move_appointment(store::Connection& db, Order& order, const EstateProfile& profile,
                        Instant now) {
  Missed missed;
  // A further visit begins with "accepted" as the first one did.
  const bool on_the_way = order.state == "accepted" ||
                          (happened(db, order, "accept") && !happened(db, order, "arrive"));
  if (!on_the_way) return missed;
  const std::string_view wanted = order.appointment ? "R5.11" : "R5.10";
  if (const ClockRecord* runs = find_clock(order, wanted); runs != nullptr && !runs->ended()) {
    // As soon as possible is no later for being said again.
    if (wanted == "R5.10" || due_of(wanted, order, profile, now) == runs->due_at) return missed;
  }
  for (auto& clock : order.clocks) {
    if (!clock.ended() && listed("R5.10 R5.11", clock.rule)) stop(order, clock, now, missed);
  }
  start_anew(order, *find_rule(wanted), profile, "appointment", now, now, missed);
  return missed;
}

Missed stop_all(Order& order, Instant now) {
  Missed missed;
  for (auto& clock : order.clocks) {
    if (!clock.ended()) stop(order, clock, now, missed);
  }
  order.overdue = 0;
  return missed;
}

Ticked tick(store::Connection& db, std::string_view timer_key, Instant now) {
  const auto slash = timer_key.rfind('/');
  if (slash == std::string_view::npos) return {};
  auto order = find(db, timer_key.substr(0, slash));
  if (!order) return {};
  ClockRecord* clock = find_clock(*order, timer_key.substr(slash + 1));
  if (clock == nullptr || clock->ended() || clock->breached) return {};
  Tick found = Tick::nothing;
  if (now > clock->due_at) {
    found = Tick::missed;
    clock->breached = true;
    ++order->overdue;
  } else if (clock->remind_at && *clock->remind_at <= now) {
    found = Tick::remind;
  }
  if (found != Tick::nothing) clock->remind_at.reset();
  clock->has_timer = false;  // the one that fired is gone: what still runs gets its next one
  const ClockRecord about = *clock;
  save_clocks(db, *order);
  return {found, *std::move(order), about};
}

}  // namespace huiyin::orders
