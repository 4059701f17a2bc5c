// Gapless numbers, from 0001 each day, one sequence per kind over the whole installation:
// "WX20261123-0001". Taken inside the job's savepoint, so a failed job gives its number back.
#pragma once
#include <string>
#include <string_view>

#include "store/connection.h"

namespace huiyin::store {

// `day` is yyyymmdd in the estate's zone.
std::string next_number(Connection& db, std::string_view prefix, std::string_view day);

}  // namespace huiyin::store
