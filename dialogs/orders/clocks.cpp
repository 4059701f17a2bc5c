#include "dialogs/orders/clocks.h"

#include <algorithm>
#include <cstdio>

#include "dialogs/orders/life.h"
#include "store/timers.h"

namespace huiyin::orders {
namespace {

using std::chrono::minutes;

enum class Unit { minutes, time_of_day, day_of_month, told };  // told: the order says when

struct ClockRule {
  std::string_view rule, name;
  std::string_view kinds;
  std::string_view started_by;  // an action; "received" for the intake itself
  std::string_view met_by;      // actions, separated by spaces
  int limit;
  Unit unit = Unit::minutes;
};

// R5.8 and R5.24 are met by `notify`, and by whatever hands the sheet to engineering without it.
constexpr ClockRule clock_rules[] = {
    {"R5.6", "repair.fill_max", "repair", "received", "record", 2},
    {"R5.8", "repair.notify_max", "repair", "received", "notify review assign", 3},
    {"R5.24", "public.notify_max", "public", "received", "notify assign", 10},
    {"R5.12", "repair.review_max", "repair", "review", "quote", 15},
    {"R5.10", "repair.arrive_asap_max", "repair", "accept", "arrive", 10},
    {"R5.11", "repair.arrive_before_appointment", "repair", "accept", "arrive", 5},
    {"R5.26", "public.arrive_max", "public", "accept", "arrive", 15},
    {"R5.21", "repair.return_cutoff", "repair", "complete", "return", 0, Unit::time_of_day},
    {"R5.22", "repair.finance_cutoff_day", "repair", "return", "send_to_finance", 25,
     Unit::day_of_month},
    {"R8.11", "task.reply_by", "task", "received", "progress complete", 0, Unit::told},
};

const ClockRule* find_rule(std::string_view rule) {
  for (const auto& one : clock_rules) {
    if (one.rule == rule) return &one;
  }
  return nullptr;
}

const Json* profile_rule(const EstateProfile& profile, std::string_view name) {
  const auto rules = profile.values.find("rules");
  if (rules == profile.values.end() || !rules->is_object()) return nullptr;
  const auto it = rules->find(std::string(name));
  return it == rules->end() ? nullptr : &*it;
}

// What the estate sets; null there means none. Not told: the source's, unless the estate goes
// without minute limits.
Json limit_of(const ClockRule& rule, const EstateProfile& profile) {
  if (const Json* set = profile_rule(profile, rule.name)) return *set;
  const Json* minute_limits = profile_rule(profile, "minute_limits");
  const bool without = minute_limits != nullptr && *minute_limits == false;
  if (rule.unit == Unit::minutes && without) return nullptr;
  return rule.unit == Unit::time_of_day ? Json("17:00") : Json(rule.limit);
}

// 17:00 of the day; what is done from then on belongs to the next day.
Instant next_cutoff(const Zone& zone, Instant at, const std::string& time_of_day) {
  int hour = 17, minute = 0;
  std::sscanf(time_of_day.c_str(), "%d:%d", &hour, &minute);
  const LocalTime t = zone.local(at);
  const Instant today = zone.instant(t.year, t.month, t.day, hour, minute);
  return at < today ? today : zone.instant(t.year, t.month, t.day + 1, hour, minute);
}

// The last moment of that day of the month; later sheets go to the next month.
Instant end_of_day_of_month(const Zone& zone, Instant at, int day) {
  const LocalTime t = zone.local(at);
  const int month = t.day <= day ? t.month : t.month + 1;
  return zone.instant(t.year, month, day + 1) - Millis(1);
}

// An appointment for a whole day or more is kept by coming on any moment of it.
Instant appointed(const Appointment& appointment, minutes before) {
  const bool whole_days = appointment.to && *appointment.to - appointment.from >= minutes(24 * 60);
  return whole_days ? *appointment.to : appointment.from - before;
}

ClockRecord* find_clock(Order& order, std::string_view rule) {
  const auto it = std::ranges::find(order.clocks, rule, &ClockRecord::rule);
  return it == order.clocks.end() ? nullptr : &*it;
}

void start(Order& order, const ClockRule& rule, std::string_view anchor, Instant anchor_at,
           Instant due) {
  // A clock starts once: after a transfer the first acceptance still counts.
  if (find_clock(order, rule.rule) != nullptr) return;
  ClockRecord clock;
  clock.rule = rule.rule;
  clock.name = rule.name;
  clock.anchor = anchor;
  clock.anchor_at = anchor_at;
  clock.due_at = due;
  order.clocks.push_back(std::move(clock));
}

void meet(Order& order, std::string_view rule, Instant now) {
  ClockRecord* clock = find_clock(order, rule);
  if (clock == nullptr || clock->ended()) return;
  if (clock->breached && order.overdue > 0) --order.overdue;
  clock->met_at = now;
  clock->breached |= now > clock->due_at;
}

}  // namespace

std::optional<Instant> due_of(std::string_view name, const Order& order,
                              const EstateProfile& profile, Instant at) {
  const ClockRule* rule = find_rule(name);
  if (rule == nullptr || !listed(rule->kinds, to_string(order.kind))) return std::nullopt;
  if (rule->unit == Unit::told) return order.reply_by;
  const Json limit = limit_of(*rule, profile);
  if (rule->unit == Unit::time_of_day) {
    if (!limit.is_string()) return std::nullopt;
    return next_cutoff(profile.zone, at, limit.get<std::string>());
  }
  if (!limit.is_number_integer()) return std::nullopt;
  const int count = limit.get<int>();
  if (rule->unit == Unit::day_of_month) return end_of_day_of_month(profile.zone, at, count);
  if (name == "R5.10" && order.appointment) return std::nullopt;
  if (name == "R5.11") {
    if (!order.appointment) return std::nullopt;
    return appointed(*order.appointment, minutes(count));
  }
  return at + minutes(count);
}

void start_at_intake(Order& order, const EstateProfile& profile, Instant filled_at,
                     bool anchor_filled) {
  for (const auto& rule : clock_rules) {
    if (rule.started_by != "received") continue;
    // the strict reading counts both from the call.
    const Json* anchor = profile_rule(profile, "notify_anchor");
    const bool filled =
        rule.rule == "R5.8" && (anchor_filled || (anchor != nullptr && *anchor == "filled"));
    const Instant at = filled ? filled_at : order.received_at;
    if (const auto due = due_of(rule.rule, order, profile, at)) {
      start(order, rule, filled ? "filled" : "received", at, *due);
    }
  }
  run_clocks(order, profile, "record", filled_at);
}

void run_clocks(Order& order, const EstateProfile& profile, std::string_view action, Instant now) {
  for (const auto& rule : clock_rules) {
    if (listed(rule.met_by, action)) meet(order, rule.rule, now);
  }
  for (const auto& rule : clock_rules) {
    if (rule.started_by != action) continue;
    if (const auto due = due_of(rule.rule, order, profile, now)) {
      start(order, rule, action, now, *due);
    }
  }
}

void move_appointment(store::Connection& db, Order& order, const EstateProfile& profile,
                      Instant now) {
  const auto moves = [](const ClockRecord& clock) {
    return (clock.rule == "R5.10" || clock.rule == "R5.11") && !clock.ended() && !clock.breached;
  };
  if (std::ranges::none_of(order.clocks, moves)) return;
  std::erase_if(order.clocks, [&](const ClockRecord& clock) {
    if (!moves(clock)) return false;
    store::clear_timer(db, clock_timer, order.number + "/" + clock.rule);
    return true;
  });
  if (!order.appointment) return;
  if (const auto due = due_of("R5.11", order, profile, now)) {
    start(order, *find_rule("R5.11"), "appointment", now, *due);
  }
}

void stop_all(Order& order, Instant now) {
  for (auto& clock : order.clocks) {
    if (clock.ended()) continue;
    clock.stopped_at = now;
    clock.breached |= clock.due_at < now;
  }
  order.overdue = 0;
}

bool decide(store::Connection& db, std::string_view timer_key, Instant now) {
  const auto slash = timer_key.rfind('/');
  if (slash == std::string_view::npos) return false;
  auto order = find(db, timer_key.substr(0, slash));
  if (!order) return false;
  ClockRecord* clock = find_clock(*order, timer_key.substr(slash + 1));
  if (clock == nullptr || clock->ended() || clock->breached || clock->due_at >= now) return false;
  clock->breached = true;
  ++order->overdue;
  save_clocks(db, *order);
  return true;
}

}  // namespace huiyin::orders
