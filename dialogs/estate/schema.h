// The tables of the estate subject: estates, their units, who belongs to them, staff and their
// tokens (hashes only).
#pragma once
#include <vector>

#include "store/database.h"

namespace huiyin::estate {

std::vector<store::Migration> migrations();  // owner "estate"

}  // namespace huiyin::estate
