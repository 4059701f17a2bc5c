// What an answer says besides its entities: a room without its building, a building without its
// room, something of the matter itself. Pure functions, safe on any thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "bot/talk/form.h"
#include "bot/talk/words.h"

namespace huiyin {

// Where each code point of the text begins, in bytes, and where the text ends.
std::vector<std::size_t> byte_offsets(std::string_view text);

// The last room number that stands alone ("502", "是502室") and is not denied ("不是501，是502"):
// 3 or 4 digits that belong to nothing longer; "" when there is none.
std::string last_room(std::string_view text, const TalkWords& words);

// "三栋2单元" → "3-2", "12号楼" → "12", "A座" → "A": the part of a canonical unit before the room.
std::string building_id(std::string_view said);

// The message says something of the matter itself, beyond its entities and opening words.
bool has_substance(const Understanding& heard, const FormSpec& form);

}  // namespace huiyin
