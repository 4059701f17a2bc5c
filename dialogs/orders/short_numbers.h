// The small numbers by which a staff member knows orders in messages ("1号单", "接单 1"). A number
// belongs to one order for one person from the first message that names it, and is not given again
// while that order is open; then it is the last to be given, so that an old button finds the order
// it was made for. Full numbers always work beside them.
#pragma once
#include <cstdint>
#include <optional>

#include "dialogs/orders/order.h"
#include "store/database.h"

namespace huiyin::orders {

// The number of the order for that person, given now when it has none. 0: those next in turn are
// all taken by open orders.
std::int64_t short_number(store::Connection& db, std::int64_t staff, const Order& order);
// The order that the person knows by the number, open or not; any connection.
std::optional<Order> by_short_number(store::Connection& db, std::int64_t staff,
                                     std::int64_t number);

store::Migration short_number_migration();

}  // namespace huiyin::orders
