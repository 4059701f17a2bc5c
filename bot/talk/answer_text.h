// What an answer says besides its entities: a room without its building, a building without its
// room, a name among them. Pure functions, safe on any thread.
#pragma once
#include <string>
#include <string_view>

#include "bot/talk/form.h"
#include "bot/talk/words.h"

namespace huiyin {

// The last room number that stands alone ("502", "是502室") and is not denied ("不是501，是502"):
// 3 or 4 digits that belong to nothing longer; "" when there is none.
std::string last_room(std::string_view text, const TalkWords& words);

// "三栋2单元" → "3-2", "12号楼" → "12", "A座" → "A": the part of a canonical unit before the room.
std::string building_id(std::string_view said);

// "Building 3, room 501, Wang Fang", "Chen Wu 13800138110": the first part between commas and
// numbers that is a name in Latin letters; "" when there is none.
std::string capitalised_part(std::string_view text);

// "30月5号": a time that begins (in code points) behind a month that there is not.
bool is_torn(std::string_view text, int start, const TalkWords& words);

// The phone of who writes, which may be left out (R7.18).
bool is_offered_contact(const SlotSpec& slot);

// One of the choices drops the form: a "no" to its question is an answer ("不同意").
bool ends_form(const SlotSpec& slot);

// "12月1号到12月20号": its first and its last day; of anything else both are the time itself.
struct SpanOfDays {
  TimeRange first, last;
};
SpanOfDays days_of(const TimeRange& told);

}  // namespace huiyin
