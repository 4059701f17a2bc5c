// What must hold of work orders, for `huiyin verify`. One line a violation, none when all is well.
#pragma once
#include <string>
#include <vector>

#include "store/connection.h"

namespace huiyin::orders {

std::vector<std::string> verify_orders(store::Connection& db);
// R3.5: orders that ended without a word to whoever reported them. Reads the outbox and the log of
// conversations as well.
std::vector<std::string> verify_told(store::Connection& db);

}  // namespace huiyin::orders
