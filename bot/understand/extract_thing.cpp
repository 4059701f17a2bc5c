// What is broken and where. The word lists of the catalogue (Extractor::catalogue) name whatever
// things a message speaks of; once its matter is known, this keeps the things that are broken and
// the places meant, each with all the words that belong to it (热水器的插头, 3栋门口).
#include <algorithm>

#include "bot/understand/extract.h"
#include "bot/understand/numeral.h"

namespace huiyin {
namespace {

using re2::StringPiece;

constexpr std::size_t things_max = 64;  // of a kind; what is compared with each other stays few
constexpr int groups_max = 4;           // the whole, a floor, a building
constexpr int fault_reach = 14, fault_reach_latin = 40, besides_reach = 12;
constexpr int joint_max = 5;  // " and "

struct Thing {
  int start, end;
  bool faulty = false, besides = false, weak = false, joined = false, named = false;
  bool numbered = false;  // a place told by numbers and directions alone
  bool building = false;  // a place that is nothing but the number of a building
};

class Things {
 public:
  Things(Scratch& scratch, const Words& words, ThingUse use)
      : scratch_(scratch), text_(scratch.text), lists_(words.things), use_(use) {}

  void read() {
    for (const Found& found : scratch_.found) {
      if (found.kind == EntityKind::item && items_.size() < things_max) {
        items_.push_back({found.start, found.end});
      } else if (found.kind == EntityKind::place && places_.size() < things_max) {
        places_.push_back({found.start, found.end});
      }
    }
    if (use_ == ThingUse::price) {
      places_.clear();
    } else {
      numbered_places();
      if (!places_.empty()) grow_places();
    }
    if (!items_.empty()) {
      if (use_ != ThingUse::price) beside_as_place();
      grow_items();
      door_as_place();
      choose_items();
    }
    keep();
  }

 private:
  using List = std::vector<std::u32string>;

  bool stands_at(int at, std::u32string_view word) const {
    if (at < 0 || at + static_cast<int>(word.size()) > text_.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (text_.points[static_cast<std::size_t>(at) + i] != word[i]) return false;
    }
    return true;
  }
  // The longest word of the list that begins at `at`: its length, or 0. Lists are longest first.
  int begins(const List& list, int at) const {
    for (const std::u32string& word : list) {
      const int size = static_cast<int>(word.size());
      if (!stands_at(at, word)) continue;
      if (is_word_letter(word.back()) && is_word_letter(text_.at(at + size))) continue;
      return size;
    }
    return 0;
  }
  // The longest word of the list that ends at `end`: its length, or 0.
  int ends(const List& list, int end) const {
    for (const std::u32string& word : list) {
      const int size = static_cast<int>(word.size());
      if (!stands_at(end - size, word)) continue;
      if (is_word_letter(word.front()) && is_word_letter(text_.at(end - size - 1))) continue;
      return size;
    }
    return 0;
  }
  bool listed(const List& list, int start, int end) const {
    return std::any_of(list.begin(), list.end(), [&](const std::u32string& word) {
      return static_cast<int>(word.size()) == end - start && stands_at(start, word);
    });
  }
  static bool overlap(const Thing& a, const Thing& b) { return a.start < b.end && b.start < a.end; }
  bool is_mark(int at) const {
    const char32_t c = text_.at(at);
    return c == 0 || c == U',' || c == U'。' || c == U'!' || c == U'?' || c == U';' ||
           (c == U'.' && !is_word_letter(text_.at(at + 1)));
  }

  // Places with a number or a direction of their own: 11楼和12楼中间, 3栋, 南边, "level 2".
  void numbered_places() {
    bool worth = false;
    for (const char32_t c : text_.points) {
      worth |= c == U'楼' || c == U'层' || c == U'栋' || c == U'座' || c == U'幢' || c == U'元' ||
               c == U'侧' || c == U'边' || c == U'那' || c == U'位';
    }
    if (worth) each(*lists_.places_zh);
    if (text_.has_latin) each(*lists_.places_en);
  }

  void each(const re2::RE2& pattern) {
    const auto& groups = pattern.NamedCapturingGroups();
    const auto group = [&](const char* name) {
      const auto named = groups.find(name);
      return named == groups.end() ? 0 : named->second;
    };
    const int floor = group("floor"), building = group("building");
    StringPiece g[groups_max];
    std::size_t at = 0;
    const int size = std::min(groups_max, 1 + pattern.NumberOfCapturingGroups());
    while (places_.size() < things_max &&
           pattern.Match(text_.text, at, text_.text.size(), re2::RE2::UNANCHORED, g, size)) {
      const Span span = span_of(text_, g[0]);
      at = text_.byte_at[static_cast<std::size_t>(std::max(span.end, span.start + 1))];
      if (span.end <= span.start || !scratch_.is_free(span.start, span.end)) continue;
      const bool latin = is_word_letter(text_.points[static_cast<std::size_t>(span.start)]);
      if (digit_value(text_.at(span.start)) >= 0 && digit_value(text_.at(span.start - 1)) >= 0) {
        continue;
      }
      if (latin && is_word_letter(text_.at(span.start - 1))) continue;
      if (is_word_letter(text_.at(span.end)) &&
          is_word_letter(text_.points[static_cast<std::size_t>(span.end) - 1])) {
        continue;
      }
      if (begins(lists_.floor_people, span.end) > 0) continue;
      Thing place{span.start, span.end};
      place.numbered = true;
      // A floor by itself is a place only where nothing says it better.
      place.weak = floor > 0 && floor < size && !g[floor].empty();
      place.building = building > 0 && building < size && !g[building].empty();
      const auto inside = [&](const Thing& other) {
        return other.start <= place.start && other.end >= place.end;
      };
      if (std::any_of(places_.begin(), places_.end(), inside)) continue;
      std::erase_if(places_, [&](const Thing& other) { return overlap(other, place); });
      places_.push_back(place);
    }
    std::sort(places_.begin(), places_.end(),
              [](const Thing& a, const Thing& b) { return a.start < b.start; });
  }

  void grow_places() {
    for (Thing& place : places_) {
      for (int size; (size = ends(lists_.place_heads, place.start)) > 0;) {
        if (!scratch_.is_free(place.start - size, place.start)) break;
        place.start -= size;
        place.weak = place.building = false;
      }
      grow_place_end(place);
    }
    std::vector<Thing> merged;
    for (const Thing& place : places_) {
      if (!merged.empty() && place.start <= merged.back().end) {
        merged.back().end = std::max(merged.back().end, place.end);
        merged.back().weak &= place.weak;
        merged.back().building &= place.building;
        merged.back().numbered &= place.numbered;
      } else if (!merged.empty() && joins(merged.back().end, place.start)) {
        merged.back().end = place.end;
        merged.back().weak &= place.weak;
        merged.back().building &= place.building;
        merged.back().numbered &= place.numbered;
      } else {
        merged.push_back(place);
      }
    }
    // Corridor in "corridor light" is a part of the thing.
    std::erase_if(merged, [&](const Thing& place) {
      return std::any_of(items_.begin(), items_.end(), [&](const Thing& item) {
        return item.start <= place.start && place.end <= item.end &&
               item.end - item.start > place.end - place.start;
      });
    });
    const bool better =
        std::any_of(merged.begin(), merged.end(), [](const Thing& place) { return !place.weak; });
    const bool floors = use_ == ThingUse::danger || use_ == ThingUse::shared;
    std::erase_if(merged, [&](const Thing& place) {
      return (place.weak && (better || !floors)) || (place.building && !floors);
    });
    places_ = std::move(merged);
    std::erase_if(items_, [&](Thing& item) {
      for (const Thing& place : places_) {
        if (!overlap(place, item)) continue;
        // 楼顶水箱 behind 3号楼: the place takes its part, 水箱 is left.
        const int end = item_end(place.end);
        if (end < item.end) return true;
        item = {place.end, end};
      }
      return false;
    });
  }

  // The end of the item of the catalogue that begins at `start`, or -1.
  int item_end(int start) const {
    auto hit = std::lower_bound(scratch_.hits.begin(), scratch_.hits.end(), start,
                                [](const WordHit& a, int wanted) { return a.start < wanted; });
    for (; hit != scratch_.hits.end() && hit->start == start; ++hit) {
      if (hit->kind == WordKind::item) return hit->end;
    }
    return -1;
  }

  // 马桶旁边地砖: a thing may tell where another one is.
  void beside_as_place() {
    for (std::size_t i = 0; i + 1 < items_.size(); ++i) {
      const Thing thing = items_[i];
      const int size = begins(lists_.beside_tails, thing.end);
      if (size == 0) continue;
      Thing place{thing.start, thing.end + size};
      const bool follows = !places_.empty() && places_.back().end == thing.start;
      if (follows) {
        places_.back().end = place.end;
      } else {
        if (const int head = ends(lists_.place_heads, place.start)) place.start -= head;
        places_.push_back(place);
      }
      items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(i--));
    }
  }

  void grow_place_end(Thing& place) const {
    for (int size; (size = begins(lists_.place_tails, place.end)) > 0;) {
      if (!scratch_.is_free(place.end, place.end + size)) return;
      place.end += size;
      place.weak = place.building = false;
    }
  }

  // 3栋的大堂, "car park level 2", "stairwell of block 4".
  bool joins(int end, int start) const {
    if (start == end + 1 && (text_.at(end) == U'的' || text_.at(end) == U'嘅')) {
      return true;
    }
    if (start == end + 1 && text_.at(end) == U' ') {
      return is_word_letter(text_.at(end - 1)) && is_word_letter(text_.at(start));
    }
    return (start == end + 4 && stands_at(end, U" of ")) ||
           (start == end + 8 && stands_at(end, U" of the "));
  }

  void grow_items() {
    std::erase_if(items_, [&](const Thing& item) {
      return listed(lists_.symptoms, item.start, item.end) || in_phrase(item) ||
             begins(lists_.no_thing_after, item.end) > 0;
    });
    std::vector<Thing> grown;
    for (Thing item : items_) {
      if (!grown.empty() && item.start < grown.back().end) {
        grown.back().end = std::max(grown.back().end, item.end);
        grow_item_end(grown.back());
        continue;
      }
      const bool verb = item.end == item.start + 1 && !tail_is_noun(item.start, 1);
      if (verb && !grown.empty() && grown.back().end == item.start) continue;  // 窗户锁不上
      // 可视对讲 and 对讲机, 单元门 and 门禁: words that overlap are one.
      for (int at = item.start + 1; at < item.end; ++at) {
        const int end = item_end(at);
        if (end > item.end && tail_is_noun(end - 1, 1)) item.end = end;
      }
      item.weak = listed(lists_.weak, item.start, item.end);
      if (use_ == ThingUse::danger && listed(lists_.no_danger, item.start, item.end)) continue;
      if (!grown.empty() && compounds(grown.back().end, grown.back().weak, item)) {
        grown.back().end = item.end;
        grown.back().weak = false;
      } else {
        const int size = ends(lists_.item_heads, item.start);
        if (size > 0 && scratch_.is_free(item.start - size, item.start) &&
            (grown.empty() || item.start - size >= grown.back().end)) {
          item.start -= size;
        }
        grown.push_back(item);
      }
      grow_item_end(grown.back());
    }
    items_ = std::move(grown);
  }

  // 吊柜铰链, "sprinkler pipe".
  bool compounds(int end, bool weak, const Thing& next) const {
    if (next.start == end) return !weak;  // 墙面插座, 健身器材转盘: the second alone
    if (next.start != end + 1) return false;
    const char32_t between = text_.at(end);
    return between == U' ' && is_word_letter(text_.at(end - 1)) &&
           is_word_letter(text_.at(next.start));
  }

  bool in_phrase(const Thing& item) const {
    for (const std::u32string& phrase : lists_.no_items) {
      const int size = static_cast<int>(phrase.size());
      for (int at = item.end - size; at <= item.start; ++at) {
        if (stands_at(at, phrase)) return true;
      }
    }
    return false;
  }

  void grow_item_end(Thing& item) const {
    for (int rounds = 0; rounds < 3; ++rounds) {
      const bool latin = is_word_letter(text_.at(item.end - 1));
      int at = item.end;
      if (latin) {
        if (text_.at(at) != U' ') return;
        ++at;
      } else if (text_.at(at) == U'的' || text_.at(at) == U'嘅') {
        ++at;
      }
      const int size = begins(latin ? lists_.item_tails_en : lists_.item_tails, at);
      if (size == 0 || !scratch_.is_free(at, at + size)) return;
      if (!latin && !tail_is_noun(at, size)) return;
      if (at > item.end && !latin && item_end(at) > at + size) return;  // 单元门的(门禁)
      if (latin && size == 1 && !tail_is_label(at)) return;
      item.end = at + size;
      item.weak = false;
    }
  }

  // 窗户锁不上 tells what the window does; 门口 and 门外 are places.
  bool tail_is_noun(int at, int size) const {
    if (size > 1) return true;
    static constexpr std::u32string_view verbal = U"不住上着起好死得紧了在";
    static constexpr std::u32string_view place = U"口外内里前后边";
    const char32_t tail = text_.at(at), next = text_.at(at + 1);
    if (tail == U'门' && next != 0 && place.find(next) != std::u32string_view::npos) return false;
    return next == 0 || lists_.verb_tails.find(tail) == std::u32string::npos ||
           verbal.find(next) == std::u32string_view::npos;
  }

  // "lift B" but not "lift a while".
  bool tail_is_label(int at) const {
    const auto& origin = scratch_.text.origin[static_cast<std::size_t>(at)];
    const char said = scratch_.original[origin.byte_start];
    return said != 'a' && !(said >= '1' && said <= '9' && text_.at(at + 1) == U' ' &&
                            is_ascii_digit(text_.at(at + 2)));
  }

  // "The lock on my balcony door": the door is where the lock is.
  void door_as_place() {
    for (std::size_t i = 1; i < items_.size(); ++i) {
      for (Thing& place : places_) {
        if (items_[i].start != place.end + 1 || text_.at(place.end) != U' ' ||
            !is_word_letter(text_.at(place.end - 1))) {
          continue;
        }
        const List owners{U"on my ", U"on the ", U"of my ", U"of the ", U"on our ", U"of our "};
        if (ends(owners, place.start) == 0) continue;
        place.end = items_[i].end;
        items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(i--));
        break;
      }
    }
  }

  void choose_items() {
    for (std::size_t i = 0; i < items_.size(); ++i) judge(i);
    for (std::size_t i = items_.size(); i-- > 1;) {  // 油烟机和燃气灶都坏了
      Thing& item = items_[i - 1];
      const int gap = items_[i].start - item.end;
      if (gap > 0 && gap <= joint_max && items_[i].joined && items_[i].faulty) item.faulty = true;
    }
    if (use_ == ThingUse::price) {
      std::erase_if(items_, [](const Thing& item) { return !item.named; });
    }
    const bool clear = std::any_of(items_.begin(), items_.end(), [](const Thing& item) {
      return (item.faulty || item.named) && !item.besides && !item.weak;
    });
    std::vector<Thing> chosen;
    for (const Thing& item : items_) {
      if (item.besides && (clear || !chosen.empty())) continue;
      if (clear && (item.weak || !(item.faulty || item.named))) continue;
      if (!chosen.empty() && !item.joined) continue;
      chosen.push_back(item);
    }
    if (chosen.empty() && !items_.empty() && !items_.front().besides) {
      chosen.push_back(items_.front());
    }
    items_ = std::move(chosen);
  }

  void judge(std::size_t index) {
    Thing& item = items_[index];
    const bool latin = is_word_letter(text_.at(item.start));
    int stop = item.end;
    int limit = item.end + (latin ? fault_reach_latin : fault_reach);
    if (index + 1 < items_.size()) limit = std::min(limit, items_[index + 1].start);
    while (stop < limit && !is_mark(stop)) ++stop;
    item.faulty = stop > item.end &&
                  re2::RE2::PartialMatch(StringPiece(text_.slice(item.end, stop)), *lists_.faults);
    const int before = text_.at(item.start - 1) == U' ' ? item.start - 1 : item.start;
    item.besides = ends(lists_.besides, before) > 0;
    item.named = ends(lists_.repairs, before) > 0 || (!latin && text_.at(item.start - 1) == U'个' &&
                                                      ends(lists_.repairs, item.start - 1) > 0);
    // 水带也没了, 电梯和门禁都坏了
    item.joined = (text_.at(item.end) != 0 && begins(lists_.joined, item.end) > 0) ||
                  (text_.at(item.end) == U' ' && begins(lists_.joined, item.end + 1) > 0);
    if (index > 0) {
      const int gap = item.start - items_[index - 1].end;
      for (int at = items_[index - 1].end; gap <= besides_reach && at < item.start; ++at) {
        item.joined |= begins(lists_.joined, at) > 0;
      }
    }
  }

  void keep() {
    std::erase_if(scratch_.found, [](const Found& found) {
      return found.kind == EntityKind::item || found.kind == EntityKind::place;
    });
    for (const Thing& item : items_) {
      scratch_.found.push_back({EntityKind::item, item.start, item.end, {}, 0, {}});
    }
    for (const Thing& place : places_) {
      scratch_.found.push_back(
          {EntityKind::place, place.start, place.end, {}, place.numbered ? 1 : 0, {}});
    }
    std::stable_sort(scratch_.found.begin(), scratch_.found.end(),
                     [](const Found& a, const Found& b) { return a.start < b.start; });
  }

  Scratch& scratch_;
  const Normalized& text_;
  const ThingWords& lists_;
  ThingUse use_;
  std::vector<Thing> items_, places_;
};

}  // namespace

void Extractor::things(Scratch& scratch, ThingUse use) const {
  if (use == ThingUse::none) {
    std::erase_if(scratch.found, [](const Found& found) {
      return found.kind == EntityKind::item || found.kind == EntityKind::place;
    });
    return;
  }
  Things(scratch, words_, use).read();
}

}  // namespace huiyin
