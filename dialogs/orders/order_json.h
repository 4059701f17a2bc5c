// A work order as the operator API shows it (contract section 5, "Work orders").
#pragma once
#include <span>

#include "bot/talk/directory.h"
#include "dialogs/orders/order.h"

namespace huiyin::orders {

// Times are RFC 3339 in the estate's zone.
Json to_json(store::Connection& db, const Order& order, const EstateProfile& profile);
// A list of several, with as many queries as for one.
Json to_json(store::Connection& db, std::span<const Order> orders, const Directory& directory);

}  // namespace huiyin::orders
