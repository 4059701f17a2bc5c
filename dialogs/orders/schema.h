// The tables of work orders. Owner "orders"; other subjects ask through orders.h, never by SQL.
#pragma once
#include <vector>

#include "store/database.h"

namespace huiyin::orders {

std::vector<store::Migration> migrations();

}  // namespace huiyin::orders
