// The canonical name of a dwelling or office: building-entrance-room, entrance left out where the
// building has none: "3-2-501", "12-1203", "A-1502".
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace huiyin {

struct UnitId {
  std::string building;
  std::string entrance;  // may be empty
  std::string room;

  std::string canonical() const;
  // Reads the canonical form; nothing else (people's notations are understood in bot/understand).
  static std::optional<UnitId> from_canonical(std::string_view text);
  friend bool operator==(const UnitId&, const UnitId&) = default;
};

}  // namespace huiyin
