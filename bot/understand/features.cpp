#include "bot/understand/features.h"

namespace huiyin {
namespace {

// Private-use characters; 0 keeps the text.
char32_t class_character(EntityKind kind) {
  switch (kind) {
    case EntityKind::unit:
      return 0xE000;
    case EntityKind::phone:
      return 0xE001;
    case EntityKind::order:
      return 0xE002;
    case EntityKind::amount:
      return 0xE003;
    case EntityKind::person:
      return 0xE004;
    default:
      return 0;
  }
}

// What was found, whatever the words: a public place tells a public fault from a repair at home.
char32_t presence_character(const Found& found) {
  switch (found.kind) {
    case EntityKind::item:
      return 0xE010;
    case EntityKind::place:
      return found.number != 0 ? 0xE012 : 0xE011;
    case EntityKind::form:
      return 0xE013;
    case EntityKind::time:
      return 0xE014;
    case EntityKind::rating:
      return 0xE015;
    case EntityKind::order:
      return 0xE016;
    case EntityKind::unit:
      return 0xE017;
    default:
      return 0;
  }
}

}  // namespace

void masked_points(const Normalized& text, std::span<const Found> found, Alarm alarm, int start,
                   int end, std::vector<char32_t>& out) {
  out.clear();
  out.push_back(U' ');  // where a message begins and ends is evidence, too
  int at = start;
  for (const Found& entity : found) {
    if (entity.start < at || entity.end > end) continue;
    char32_t replacement = class_character(entity.kind);
    if (replacement == 0) continue;
    out.insert(out.end(), text.points.begin() + at, text.points.begin() + entity.start);
    out.push_back(replacement);
    at = entity.end;
  }
  if (at < end) out.insert(out.end(), text.points.begin() + at, text.points.begin() + end);
  out.push_back(U' ');
  bool present[8] = {};
  for (const Found& entity : found) {
    if (entity.start < start || entity.end > end) continue;
    if (char32_t mark = presence_character(entity); mark != 0) present[mark - 0xE010] = true;
  }
  for (char32_t i = 0; i < 8; ++i) {
    if (present[i]) out.push_back(0xE010 + i);
  }
  if (alarm != Alarm::none) out.push_back(alarm == Alarm::plain ? 0xE021 : 0xE020);
}

}  // namespace huiyin
