// The limits of the rules as records. A declared table says which action starts which clock and
// which meets it. One timer "orders.clock" (key "<number>/<rule>") stands for a clock that runs: it
// fires for the reminder first, then just after the due moment, where a miss is decided once. Never
// from the time of reading.
//
// A limit is the estate's, by rule number ("rules": {"R5.10": 10}); null there means that it does
// not exist on that estate, and what is not named has the limit of the source text. Minute
// limits run day and night unless the estate says "clocks": "service_hours".
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/talk/directory.h"
#include "dialogs/orders/order.h"

namespace huiyin::orders {

// Every rule that is a clock, in the order of the table.
std::vector<std::string_view> clock_rules();

// When a clock that starts at `at` is due; none where the profile has no such limit or the rule is
// not for this order (R5.10 against R5.11). Pure.
std::optional<Instant> due_of(std::string_view rule, const Order& order,
                              const EstateProfile& profile, Instant at);

// These change the order and leave the writing to insert() and save(). Each also keeps the order's
// `overdue` count right, and answers the rules of clocks that were found missed by it: what the
// timer had not decided yet.
using Missed = std::vector<std::string>;
Missed start_at_intake(Order& order, const EstateProfile& profile, Instant filled_at,
                       bool anchor_filled, const Actor& actor);
// Meets and starts what the action meets and starts.
Missed run_clocks(Order& order, const EstateProfile& profile, std::string_view action, Instant now,
                  const Actor& actor);
// The order has ended: what still runs is stopped.
Missed stop_all(Order& order, Instant now);
// The appointment was changed after the order was accepted and before anybody arrived: R5.11 runs
// for the new one, or R5.10 from now on where there is none. What ran is stopped and stays in the
// record; a limit that stays as it is goes on.
Missed move_appointment(store::Connection& db, Order& order, const EstateProfile& profile,
                        Instant now);

// Who can still help before a clock runs out: "assignee" or a role.
std::string_view helper_of(std::string_view rule);

// What a timer of a clock found out (lane's thread); written here.
enum class Tick { nothing, remind, missed };
struct Ticked {
  Tick tick = Tick::nothing;
  Order order;        // of a reminder or a miss
  ClockRecord clock;  // the one that it is about
};
Ticked tick(store::Connection& db, std::string_view timer_key, Instant now);

}  // namespace huiyin::orders
