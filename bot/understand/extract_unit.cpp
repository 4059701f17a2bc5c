// Dwellings in people's notations: 3栋2单元501室, 三栋二单元五零一, 12号楼1203, A座15楼02, 2#301,
// 3-2-501, "Flat 5B Block 3". A building alone is no unit.
#include <algorithm>

#include "bot/understand/extract.h"
#include "bot/understand/numeral.h"
#include "store/base/unit_id.h"

namespace huiyin {
namespace {

using re2::StringPiece;

std::u32string_view points_of(const Normalized& text, const StringPiece& match) {
  Span span = span_of(text, match);
  return std::u32string_view(text.points.data() + span.start,
                             static_cast<std::size_t>(span.end - span.start));
}

std::string building_label(std::string label) {
  while (label.size() > 1 && label[0] == '0' && label[1] >= '0' && label[1] <= '9')
    label.erase(0, 1);
  return label;
}

// The room as the door says it: floor 12 and room 05 are 1205, 15 and 1502 are 1502, 12 and B 12B.
std::string room_label(const std::string& floor, std::string room) {
  if (floor.empty() || room.empty()) return room;
  if (room[0] >= 'A' && room[0] <= 'Z') return floor + room;
  std::size_t digits = room.find_first_not_of("0123456789");
  if (digits == std::string::npos) digits = room.size();
  if (digits == 1) return floor + "0" + room;
  if (digits >= 3) return room;
  return floor + room;
}

bool ends_a_room(char32_t next) {
  static constexpr std::u32string_view counted =
      U"点时月日年楼层个块元分人天次米度岁单%:栋幢座期小平钟";
  if (is_word_letter(next)) return false;
  return next == 0 || counted.find(next) == std::u32string_view::npos;
}

std::string label_of(const Normalized& text, const StringPiece& match) {
  return match.empty() ? std::string() : number_label(points_of(text, match));
}

// A number after a building without the word for a room: long enough, and nothing that is counted.
bool reads_as_room(const Normalized& text, const StringPiece& room, const StringPiece& word,
                   bool has_entrance, bool has_floor) {
  std::u32string_view said = points_of(text, room);
  const int end = span_of(text, room).end;
  const bool arabic = is_ascii_digit(said[0]);
  if (word.empty() && (!ends_a_room(text.at(end)) || digit_value(text.at(end)) >= 0)) return false;
  if (has_floor) return true;
  if (arabic) return said.size() >= (has_entrance && word.empty() ? 2u : 3u);
  return digit_value(said[0]) >= 0 && said.size() >= 3;
}

}  // namespace

void Extractor::units(Scratch& scratch) const {
  const Normalized& text = scratch.text;
  StringPiece g[8];  // building, its word, entrance, its word, floor, room, its word
  std::size_t at = 0;
  while (unit_.Match(text.text, at, text.text.size(), re2::RE2::UNANCHORED, g, 8)) {
    Span span = span_of(text, g[0]);
    at = text.byte_at[span.start + 1];
    if (is_word_letter(text.at(span.start - 1)) || digit_value(text.at(span.start - 1)) >= 0)
      continue;
    if (!scratch.is_free(span.start, span.end)) continue;
    const bool is_room = g[7] == "室" || g[7] == "房" || g[7] == "号房" || g[7] == "房间";
    // 5号302室 is an address, 25号 a date.
    if (g[2] == "号" && !is_room && g[4] != "单元") continue;
    if (!is_room && !reads_as_room(text, g[6], g[7], !g[3].empty(), !g[5].empty())) continue;
    UnitId unit;
    unit.building = building_label(label_of(text, g[1]));
    unit.entrance = building_label(label_of(text, g[3]));
    unit.room = room_label(building_label(label_of(text, g[5])), label_of(text, g[6]));
    if (unit.building.empty() || unit.room.empty()) continue;
    scratch.claim(span.start, span.end);
    scratch.found.push_back({EntityKind::unit, span.start, span.end, unit.canonical(), 0, {}});
    at = text.byte_at[span.end];
  }

  at = 0;
  StringPiece parts[4];
  while (floor_room_.Match(text.text, at, text.text.size(), re2::RE2::UNANCHORED, parts, 4)) {
    Span span = span_of(text, parts[0]);
    at = text.byte_at[span.start + 1];
    if (is_word_letter(text.at(span.start - 1)) || digit_value(text.at(span.start - 1)) >= 0)
      continue;
    if (!scratch.is_free(span.start, span.end)) continue;
    std::u32string_view room = points_of(text, parts[2]);
    const bool letter = !is_ascii_digit(room[0]);
    if (parts[3].empty() && (letter || !ends_a_room(text.at(span.end)))) continue;
    std::string value =
        room_label(building_label(number_label(points_of(text, parts[1]))), number_label(room));
    scratch.claim(span.start, span.end);
    scratch.found.push_back({EntityKind::unit, span.start, span.end, value, 0, {}});
    at = text.byte_at[span.end];
  }
}

void Extractor::hyphen_units(Scratch& scratch) const {
  const Normalized& text = scratch.text;
  StringPiece groups[5];
  std::size_t at = 0;
  while (hyphen_unit_.Match(text.text, at, text.text.size(), re2::RE2::UNANCHORED, groups, 5)) {
    Span span = span_of(text, groups[0]);
    at = text.byte_at[span.start + 1];
    char32_t before = text.at(span.start - 1), after = text.at(span.end);
    if (is_word_letter(before) || before == U'-' || before == U'/' || before == U'.' ||
        before == U':' || before == U'¥') {
      continue;
    }
    if (after == U'-' || after == U'/' || after == U'~') continue;
    if (groups[4].empty() && (!ends_a_room(after) || digit_value(after) >= 0 || after == U'号'))
      continue;
    if (!scratch.is_free(span.start, span.end)) continue;
    UnitId unit;
    unit.building = building_label(number_label(points_of(text, groups[1])));
    if (!groups[2].empty())
      unit.entrance = building_label(number_label(points_of(text, groups[2])));
    if (groups[2].empty() && unit.building.size() > 2) continue;
    unit.room = number_label(points_of(text, groups[3]));
    scratch.claim(span.start, span.end);
    scratch.found.push_back({EntityKind::unit, span.start, span.end, unit.canonical(), 0, {}});
    at = text.byte_at[span.end];
  }
}

// The parts come in any order: "Flat 5B, 12/F, Block 3", "Building 3 Unit 2 Room 501".
void Extractor::english_units(Scratch& scratch) const {
  const Normalized& text = scratch.text;
  const std::string_view body = text.text;
  std::size_t at = 0;
  StringPiece g[6], f[2];
  while (english_part_.Match(body, at, body.size(), re2::RE2::UNANCHORED, g, 6)) {
    std::string building, entrance, flat, floor;
    Span span = span_of(text, g[0]);
    at = text.byte_at[span.start + 1];
    if (is_word_letter(text.at(span.start - 1))) continue;
    // "12/F, Flat B": a floor may stand first.
    int start = span.start, end = span.start;
    std::size_t back = text.byte_at[static_cast<std::size_t>(std::max(0, span.start - 14))];
    std::size_t position = text.byte_at[span.start];
    if (english_floor_.Match(body, back, position, re2::RE2::UNANCHORED, f, 2)) {
      Span before = span_of(text, f[0]);
      std::string_view gap = text.slice(before.end, span.start);
      if (gap.find_first_not_of(" ,.of") == std::string_view::npos &&
          !is_word_letter(text.at(before.start - 1)) && scratch.is_free(before.start, before.end)) {
        floor = number_label(points_of(text, f[1]));
        start = before.start;
      }
    }
    for (int count = 0; count < 5; ++count) {
      static constexpr std::string_view joints[] = {
          "",    " ",     ", ",       ",",    " of ",     " in ",     " - ",   "-",   ". ",
          " / ", " the ", " of the ", " on ", " in the ", " on the ", " and ", " at "};
      std::size_t next = std::string::npos;
      bool is_floor = false;
      for (std::string_view joint : joints) {
        if (count == 0 && !joint.empty()) break;
        if (body.substr(position, joint.size()) != joint) continue;
        std::size_t from = position + joint.size();
        if (english_part_.Match(body, from, body.size(), re2::RE2::ANCHOR_START, g, 6)) {
          next = from;
          is_floor = false;
        } else if (english_floor_.Match(body, from, body.size(), re2::RE2::ANCHOR_START, f, 2)) {
          next = from;
          is_floor = true;
        }
        if (next != std::string::npos) break;
      }
      if (next == std::string::npos) break;
      std::string label = number_label(points_of(text, is_floor ? f[1] : g[5]));
      std::string* part = is_floor || !g[4].empty() ? &floor
                          : !g[1].empty()           ? &building
                          : !g[2].empty()           ? &entrance
                                                    : &flat;
      if (!part->empty()) break;
      *part = label;
      end = span_of(text, is_floor ? f[0] : g[0]).end;
      position = text.byte_at[end];
    }
    if (flat.empty() && !entrance.empty()) std::swap(flat, entrance);  // "Unit 5B, Block 3"
    if (!building.empty() && flat.empty() &&
        english_bare_.Match(body, position, body.size(), re2::RE2::ANCHOR_START, f, 2)) {
      flat = number_label(points_of(text, f[1]));
      end = span_of(text, f[0]).end;
    } else if (!building.empty() && !flat.empty() && entrance.empty() && flat.size() <= 2 &&
               flat[0] <= '9' &&
               english_bare_.Match(body, position, body.size(), re2::RE2::ANCHOR_START, f, 2)) {
      entrance = flat;  // "Building 3 Unit 2 501"
      flat = number_label(points_of(text, f[1]));
      end = span_of(text, f[0]).end;
    }
    if (end > span.start) at = text.byte_at[end];
    if (building.empty() || flat.empty() || !scratch.is_free(start, end)) continue;
    UnitId unit{building_label(building), building_label(entrance), room_label(floor, flat)};
    scratch.claim(start, end);
    scratch.found.push_back({EntityKind::unit, start, end, unit.canonical(), 0, {}});
  }
}

}  // namespace huiyin
