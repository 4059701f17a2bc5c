// The minute limits of the rules as records. A declared table says which action starts which clock
// and which meets it; a timer "orders.clock" (key "<number>/<rule>") decides a miss once, when it
// happens. A limit that the estate's profile sets to null does not exist there.
//
// Limits are read from the profile's "rules" by their names of part 11 of the rules
// ("repair.notify_max": minutes, "repair.return_cutoff": "17:00", "repair.finance_cutoff_day": 25);
// "minute_limits": false drops the minutes that are not named. Defaults are the source text's.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "bot/talk/directory.h"
#include "dialogs/orders/order.h"

namespace huiyin::orders {

// When a clock that starts at `at` is due; none where the profile has no such limit or the rule is
// not for this order (R5.10 against R5.11). Pure.
std::optional<Instant> due_of(std::string_view rule, const Order& order,
                              const EstateProfile& profile, Instant at);

// These change the order and leave the writing to insert() and save(). Each also keeps the order's
// `overdue` count right.
void start_at_intake(Order& order, const EstateProfile& profile, Instant filled_at,
                     bool anchor_filled);
// Meets and starts what the action meets and starts.
void run_clocks(Order& order, const EstateProfile& profile, std::string_view action, Instant now);
// The order has ended: what still runs is stopped.
void stop_all(Order& order, Instant now);
// The appointment was changed: R5.11 moves, or takes the place of R5.10. Clears their timers.
void move_appointment(store::Connection& db, Order& order, const EstateProfile& profile,
                      Instant now);

// The timer fired (lane's thread). True when the clock was missed by it: it ran and nobody had met
// it. Written here.
bool decide(store::Connection& db, std::string_view timer_key, Instant now);

}  // namespace huiyin::orders
