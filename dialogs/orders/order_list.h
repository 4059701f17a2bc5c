// Pages of orders for lists: filters are looked up by index, so a page costs the same however many
// orders there are.
#pragma once
#include <string>
#include <vector>

#include "dialogs/orders/order.h"

namespace huiyin::orders {

struct OrderFilter {
  std::string kind, state, unit, estate;  // empty: any
  std::optional<bool> overdue;            // a clock ran out and is not met
};

// Newest first; ids below `before` (0: from the newest), at most `limit`.
std::vector<Order> list(store::Connection& db, const OrderFilter& filter, std::int64_t before,
                        int limit);

}  // namespace huiyin::orders
