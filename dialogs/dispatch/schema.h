// The tables of dispatch: penalties and their history, number books, the shift log. Owner
// "dispatch".
#pragma once
#include <vector>

#include "store/database.h"

namespace huiyin::dispatch {

std::vector<store::Migration> migrations();

}  // namespace huiyin::dispatch
