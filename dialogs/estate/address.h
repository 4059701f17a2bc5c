// How an address of an import or a request is brought to the one form that is stored, and which
// stored address a slip of the finger may have meant. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/unit_id.h"

namespace huiyin::estate {

// "03栋" → "3", "Ａ座" → "A", "501室" → "501" (leading zeros drop from buildings and entrances
// only).
std::string building_part(std::string_view text);
std::string room_part(std::string_view text);
UnitId normalised(const UnitId& unit);

// The one of `known` that `said` most likely meant: the entrance left out or too much, two digits
// swapped, one missing or too many, one wrong; then the same slips in building or entrance. Only
// when the nearest kind of slip has exactly one candidate.
std::optional<UnitId> one_slip_away(const UnitId& said, const std::vector<UnitId>& known);

}  // namespace huiyin::estate
