#include "bot/understand/features.h"

#include <algorithm>

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

// Things that keep their words in the text and stand for their kind beside it.
char32_t kind_character(const Found& found) {
  switch (found.kind) {
    case EntityKind::item:
      return 0xE030;
    case EntityKind::place:
      return found.number != 0 ? 0xE031 : 0xE032;  // a public one tells a public fault
    case EntityKind::time:
      return 0xE033;
    case EntityKind::form:
      return 0xE034;
    case EntityKind::rating:
      return 0xE035;
    default:
      return class_character(found.kind);
  }
}

// The neighbourhoods of those things with their kinds in place of their words, so that
// "<thing>坏了" is learnt once for all things.
void append_by_kind(const Normalized& text, std::span<const Found> found, int start, int end,
                    std::vector<char32_t>& out) {
  constexpr std::size_t reach = 3;
  constexpr char32_t gap = 0xE0FF;
  thread_local std::vector<char32_t> points;
  thread_local std::vector<std::size_t> marks;
  points.clear();
  marks.clear();
  int at = start;
  for (const Found& entity : found) {
    const char32_t kind = kind_character(entity);
    if (entity.start < at || entity.end > end || kind == 0) continue;
    points.insert(points.end(), text.points.begin() + at, text.points.begin() + entity.start);
    if (class_character(entity.kind) == 0) marks.push_back(points.size());
    points.push_back(kind);
    at = entity.end;
  }
  if (at < end) points.insert(points.end(), text.points.begin() + at, text.points.begin() + end);
  std::size_t done = 0;
  for (const std::size_t mark : marks) {
    const std::size_t stop = std::min(points.size(), mark + reach + 1);
    std::size_t from = mark > reach ? mark - reach : 0;
    if (from < done)
      from = done;
    else
      out.push_back(gap);
    if (from < stop) out.insert(out.end(), points.begin() + from, points.begin() + stop);
    done = std::max(done, stop);
  }
  if (!marks.empty()) out.push_back(gap);
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
  append_by_kind(text, found, start, end, out);
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

void leave_out_identity(std::vector<char32_t>& points) {
  std::erase_if(points, [](char32_t point) {
    return point == class_character(EntityKind::unit) ||
           point == class_character(EntityKind::phone) ||
           point == class_character(EntityKind::person) || point == 0xE017;
  });
}

}  // namespace huiyin
