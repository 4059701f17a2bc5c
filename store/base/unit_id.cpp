#include "store/base/unit_id.h"

namespace huiyin {

std::string UnitId::canonical() const {
  return entrance.empty() ? building + "-" + room : building + "-" + entrance + "-" + room;
}

std::optional<UnitId> UnitId::from_canonical(std::string_view text) {
  if (text.empty() || text.size() > 64) return std::nullopt;
  const auto first = text.find('-');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = text.find('-', first + 1);
  UnitId unit;
  unit.building = text.substr(0, first);
  if (second == std::string_view::npos) {
    unit.room = text.substr(first + 1);
  } else {
    unit.entrance = text.substr(first + 1, second - first - 1);
    unit.room = text.substr(second + 1);
    if (unit.entrance.empty() || unit.room.find('-') != std::string::npos) return std::nullopt;
  }
  if (unit.building.empty() || unit.room.empty()) return std::nullopt;
  return unit;
}

}  // namespace huiyin
