// How long a clock runs: the arithmetic of limits, service hours and cut-offs. Pure. Internal to
// dialogs/orders.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "bot/talk/directory.h"
#include "dialogs/orders/order.h"

namespace huiyin::orders {

enum class LimitUnit { in_minutes, before_appointment, time_of_day, day_of_month, told };

struct ClockRule {
  std::string_view rule, name;
  std::string_view kinds;
  std::string_view started_by;  // an action; "received" for the intake itself
  std::string_view met_by;      // actions, separated by spaces
  int limit;                    // of the source text; an hour of the day for time_of_day
  LimitUnit unit;
  int remind_minutes;       // before it is due, unless the estate says otherwise; 0: never
  std::string_view helper;  // who can still help: "assignee" or a role
};

struct Due {
  Instant at;
  std::vector<Pause> pauses;  // while the desk is closed, up to the due moment
};

// None where the estate has no such limit or the order has no time for it.
std::optional<Due> due_of(const ClockRule& rule, const Order& order, const EstateProfile& profile,
                          Instant at);

}  // namespace huiyin::orders
