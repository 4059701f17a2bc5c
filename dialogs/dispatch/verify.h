// What must hold of penalties, number books and the shift log, for `huiyin verify`. One line a
// violation, none when all is well.
#pragma once
#include <string>
#include <vector>

#include "store/connection.h"

namespace huiyin::dispatch {

std::vector<std::string> verify_dispatch(store::Connection& db);

}  // namespace huiyin::dispatch
