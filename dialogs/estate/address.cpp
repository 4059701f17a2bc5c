#include "dialogs/estate/address.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include "store/base/text.h"

namespace huiyin::estate {
namespace {

std::string folded(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* nfkc = icu::Normalizer2::getNFKCInstance(status);
  auto wide =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
  if (U_SUCCESS(status)) wide = nfkc->normalize(wide, status);
  std::string out;
  wide.toUpper().toUTF8String(out);
  return std::string(trim(out));
}

// Words that say what a number is; the number alone is stored.
std::string without_suffix(std::string text) {
  static const std::string_view suffixes[] = {"号楼", "號樓", "单元", "單元", "栋", "棟",
                                              "幢",   "座",   "楼",   "樓",   "室", "房",
                                              "号",   "號",   "门",   "門"};
  for (const auto suffix : suffixes) {
    if (text.size() > suffix.size() && text.ends_with(suffix)) {
      text.resize(text.size() - suffix.size());
      return std::string(trim(text));
    }
  }
  return text;
}

// How one text becomes the other by one slip; the smaller the likelier.
enum class Slip { none, swapped, missing_or_extra, wrong, far };

bool is_swap(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i + 1 < a.size(); ++i) {
    if (a[i] == b[i]) continue;
    return a[i] == b[i + 1] && a[i + 1] == b[i] && a.substr(i + 2) == b.substr(i + 2);
  }
  return false;
}
bool is_longer_by_one(std::string_view longer, std::string_view shorter) {
  if (longer.size() != shorter.size() + 1) return false;
  std::size_t i = 0;
  while (i < shorter.size() && longer[i] == shorter[i]) ++i;
  return longer.substr(i + 1) == shorter.substr(i);
}
bool is_one_wrong(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  std::size_t i = 0;
  while (i < a.size() && a[i] == b[i]) ++i;
  return i < a.size() && a.substr(i + 1) == b.substr(i + 1);
}
Slip slip(std::string_view a, std::string_view b) {
  if (a == b) return Slip::none;
  if (is_swap(a, b)) return Slip::swapped;
  if (is_longer_by_one(a, b) || is_longer_by_one(b, a)) return Slip::missing_or_extra;
  if (a.size() > 1 && is_one_wrong(a, b)) return Slip::wrong;
  return Slip::far;
}

// 0 is not asked (the same address); far ones are above `rank_max`.
constexpr int rank_max = 6;
int rank(const UnitId& said, const UnitId& known) {
  const bool same_building = said.building == known.building;
  const bool same_entrance = said.entrance == known.entrance;
  const bool same_room = said.room == known.room;
  if (same_building && same_room && (said.entrance.empty() || known.entrance.empty())) return 1;
  if (same_building && same_entrance) {
    const Slip room = slip(said.room, known.room);
    return room == Slip::far ? rank_max + 1 : 1 + static_cast<int>(room);
  }
  if (same_building && same_room) return 5;  // another entrance
  if (same_entrance && same_room && slip(said.building, known.building) != Slip::far) return 6;
  return rank_max + 1;
}

}  // namespace

std::string building_part(std::string_view text) {
  std::string out = without_suffix(folded(text));
  const auto digit = out.find_first_not_of('0');
  if (digit != std::string::npos && digit > 0) out.erase(0, digit);
  return out;
}

std::string room_part(std::string_view text) {
  return without_suffix(folded(text));
}

UnitId normalised(const UnitId& unit) {
  return {building_part(unit.building), building_part(unit.entrance), room_part(unit.room)};
}

std::optional<UnitId> one_slip_away(const UnitId& said, const std::vector<UnitId>& known) {
  int best = rank_max + 1;
  int count = 0;
  const UnitId* found = nullptr;
  for (const auto& unit : known) {
    const int r = rank(said, unit);
    if (r < best) {
      best = r;
      count = 0;
    }
    if (r == best && best <= rank_max) {
      ++count;
      found = &unit;
    }
  }
  if (count != 1) return std::nullopt;
  return *found;
}

}  // namespace huiyin::estate
