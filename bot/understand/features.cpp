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

}  // namespace

void masked_points(const Normalized& text, std::span<const Found> found, int start, int end,
                   std::vector<char32_t>& out) {
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
}

}  // namespace huiyin
