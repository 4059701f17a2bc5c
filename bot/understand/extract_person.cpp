// Names as said: after a cue (我叫王芳, "my name is Wang Fang"), with a title (王女士, 李师傅,
// 小周, 陈太), or alone between marks ("王芳，13800138000").
#include <algorithm>

#include "bot/understand/extract.h"
#include "bot/understand/numeral.h"

namespace huiyin {
namespace {

constexpr int given_chars_max = 2;
enum Cue {
  name_follows = 0,
  surname_follows = 1,
  english_name = 2,
  english_title = 3,
  english_weak = 4,
  english_behind = 5,  // "Wang Fang here"
  name_ends_it = 6,    // 还是王芳, where nothing follows
};
constexpr int name_words_max = 3;

// The words of one text by where they begin.
class Names {
 public:
  Names(const Scratch& scratch, const Words& words) : scratch_(scratch), words_(words) {
    for (const WordHit& hit : scratch.hits) {
      if (hit.kind == WordKind::surname) any_ = true;
    }
  }
  bool any() const { return any_; }

  const WordHit* hit(int start, WordKind kind) const {
    auto found =
        std::lower_bound(scratch_.hits.begin(), scratch_.hits.end(), start,
                         [](const WordHit& hit, int wanted) { return hit.start < wanted; });
    for (; found != scratch_.hits.end() && found->start == start; ++found) {
      if (found->kind == kind) return &*found;
    }
    return nullptr;
  }

  // A word begins here that no given name holds: 厨房, 明天, 水龙头.
  bool other_word(int start) const {
    for (WordKind kind : {WordKind::item, WordKind::place, WordKind::not_name}) {
      if (hit(start, kind) != nullptr) return true;
    }
    const WordHit* time = hit(start, WordKind::time);
    return time != nullptr && time->end - time->start >= 2;
  }

  // A word of any list of things, for Latin text.
  bool listed(int start) const {
    return hit(start, WordKind::item) != nullptr || hit(start, WordKind::place) != nullptr ||
           hit(start, WordKind::time) != nullptr || hit(start, WordKind::form) != nullptr;
  }

  // The word around these characters that no name is: 卫生间 around 卫生, 保安 before 队长.
  bool inside_other(int start, int end) const {
    for (WordKind kind : {WordKind::item, WordKind::place}) {
      const WordHit* word = hit(start, kind);
      if (word != nullptr && word->end > end - 1 && word->end > start + 1) return true;
    }
    const WordHit* before = hit(start - 1, WordKind::not_name);
    return before != nullptr && before->end > start;
  }

  bool name_char(int at) const {
    char32_t c = scratch_.text.at(at);
    return is_han(c) && scratch_.taken[at] == 0 && digit_value(c) < 0 &&
           words_.name_stops.find(c) == std::u32string::npos;
  }

  // The end of a given name that begins here; the start when there is none. `said_so`: what stands
  // before says that a name follows (我叫…, 3-2-501的…).
  int given_end(int start, bool said_so = false) const {
    int end = start;
    while (end < start + given_chars_max && name_char(end) && !(end > start && other_word(end)) &&
           !(end == start && hit(end, WordKind::title) != nullptr && title_end(end) > 0)) {
      ++end;
    }
    // 张三, 李四: a number word ends a name where the word ends (but 周五 is a day, 万一 a doubt).
    if (end == start && numeral_name(start, said_so)) ++end;
    // 周小九, 王小二: the same behind the first of two.
    if (end == start + 1 && numeral_name(end, said_so)) ++end;
    // 王一鸣, 张三丰: a numeral inside, where the name ends with the word.
    const bool numeral =
        digit_value(scratch_.text.at(start)) >= 0 && is_han(scratch_.text.at(start));
    if (end == start && numeral && scratch_.taken[start] == 0 && name_char(start + 1) &&
        !other_word(start + 1) && scratch_.text.at(start - 1) != U'周' && word_ends(start + 2)) {
      end = start + 2;
    }
    return end;
  }

  // 居里: a word that ends names elsewhere stands in this one, where it ends.
  bool last_of_name(int at) const {
    static constexpr std::u32string_view particles = U"吧啊呢吗哦的了呀在";
    const char32_t c = scratch_.text.at(at);
    return is_han(c) && scratch_.taken[at] == 0 && word_ends(at + 1) &&
           particles.find(c) == std::u32string_view::npos;
  }

  // Nothing of a name goes on here.
  bool word_ends(int at) const {
    const char32_t next = scratch_.text.at(at);
    return next == 0 || scratch_.taken[at] != 0 || (!is_han(next) && !is_word_letter(next));
  }

  // 郑一, 周九: only where a name is to be expected; 周一 to 周六 never, they are days.
  bool numeral_name(int at, bool said_so) const {
    static constexpr std::u32string_view digits = U"二三四五六七八九", told = U"一十",
                                         days = U"一二三四五六";
    const char32_t c = scratch_.text.at(at);
    const auto is_in = [&](std::u32string_view list) {
      return c != 0 && list.find(c) != std::u32string_view::npos;
    };
    if (!is_in(digits) && !(said_so && is_in(told))) return false;
    if (scratch_.text.at(at - 1) == U'周' && (!said_so || is_in(days))) return false;
    return scratch_.taken[at] == 0 && word_ends(at + 1);
  }

  // The end of a title here (longest), or -1; 工 and 总 only where the word ends.
  int title_end(int start) const {
    const WordHit* title = hit(start, WordKind::title);
    if (title == nullptr || !scratch_.is_free(title->start, title->end)) return -1;
    if (title->end - title->start == 1) {
      static constexpr std::u32string_view needs_end = U"工总生太姨叔伯";
      char32_t c = scratch_.text.points[start];
      char32_t next = scratch_.text.at(title->end);
      static constexpr std::u32string_view goes_on = U"程作人是共闸阀算之活意日气命病成产理阳";
      if (needs_end.find(c) != std::u32string_view::npos && next != 0 &&
          goes_on.find(next) != std::u32string_view::npos) {
        return -1;
      }
    }
    return title->end;
  }

 private:
  const Scratch& scratch_;
  const Words& words_;
  bool any_ = false;
};

bool is_break(char32_t c) {
  return c == 0 || (!is_han(c) && !is_word_letter(c));
}

// What stands before a name inside a sentence; a rare surname needs it (全 in 保全大哥).
bool name_may_begin(char32_t before) {
  static constexpr std::u32string_view words =
      U"的嘅找叫是系给让和跟与请谢那位个到问被由派对向我你业主户员部长名人夸搵畀同但而说因";
  return is_break(before) || words.find(before) != std::u32string_view::npos;
}

// What goes on after a nickname: 小周真是个好姑娘, 小李人很好.
bool speaks_on(char32_t next) {
  static constexpr std::u32string_view words = U"真人帮很特态服工做非教送耐热讲今昨也都还";
  return words.find(next) != std::u32string_view::npos && next != 0;
}

// 物业小周, 保安小李: a role stands before.
bool is_role_end(char32_t before) {
  static constexpr std::u32string_view words = U"业安洁服家台工部员傅修班位个谢向对跟夸";
  return words.find(before) != std::u32string_view::npos && before != 0;
}

}  // namespace

// 约翰·史密斯: around a middle dot, from the mark or the cue before it.
void Extractor::dotted_people(Scratch& scratch) const {
  constexpr int part_chars_max = 8;
  const Normalized& text = scratch.text;
  const auto is_dot = [](char32_t c) { return c == U'·' || c == U'•' || c == U'‧' || c == U'・'; };
  if (std::none_of(text.points.begin(), text.points.end(), is_dot)) return;
  const Names names(scratch, words_);
  const auto cue_ends = [&](int at) {
    return std::any_of(scratch.hits.begin(), scratch.hits.end(), [&](const WordHit& hit) {
      return hit.kind == WordKind::name_cue && hit.end == at;
    });
  };
  for (int dot = 1; dot + 1 < text.size(); ++dot) {
    if (!is_dot(text.points[static_cast<std::size_t>(dot)]) || scratch.taken[dot]) continue;
    int start = dot, end = dot + 1;
    while (start > 0 && dot - start < part_chars_max && names.name_char(start - 1) &&
           !cue_ends(start)) {
      --start;
    }
    for (int from = end; end < text.size(); ++end) {
      if (is_dot(text.at(end)) && end > from) {
        from = end + 1;
      } else if (end - from >= part_chars_max || names.other_word(end) ||
                 !(names.name_char(end) || (end > from && names.last_of_name(end)))) {
        break;
      }
    }
    if (start == dot || end == dot + 1) continue;
    scratch.found.push_back({EntityKind::person, start, end, {}, 0, {}});
    scratch.claim(start, end);
    dot = end;
  }
}

void Extractor::people(Scratch& scratch) const {
  dotted_people(scratch);
  Names names(scratch, words_);
  if (!names.any()) return;
  const Normalized& text = scratch.text;
  int free_from = 0;  // behind the last name
  auto add = [&](int start, int end) {
    scratch.found.push_back({EntityKind::person, start, end, {}, 0, {}});
    free_from = end;
  };
  auto after_cue = [&](int at) -> bool {
    while (text.at(at) == U' ' || text.at(at) == U':' || text.at(at) == U'是' ||
           text.at(at) == U',')
      ++at;
    // "我是3栋2单元501的王芳"
    if (at < text.size() && scratch.taken[at]) {
      while (at < text.size() && (scratch.taken[at] || text.at(at) == U' ' || text.at(at) == U','))
        ++at;
      if (text.at(at) == U'的' || text.at(at) == U'嘅') ++at;
      while (text.at(at) == U' ' || text.at(at) == U',') ++at;
      for (std::u32string_view word : {U"业主", U"住户", U"租户", U"户主"}) {
        bool same = true;
        for (std::size_t i = 0; i < word.size(); ++i)
          same &= text.at(at + static_cast<int>(i)) == word[i];
        if (same) at += static_cast<int>(word.size());
      }
    }
    if (at < free_from) return false;
    if (const WordHit* nick = names.hit(at, WordKind::nickname)) {
      const WordHit* surname = names.hit(nick->end, WordKind::surname);
      if (surname != nullptr && names.title_end(surname->end) < 0 &&
          !names.name_char(surname->end)) {
        add(at, surname->end);
        return true;
      }
    }
    const WordHit* surname = names.hit(at, WordKind::surname);
    if (surname == nullptr || !scratch.is_free(surname->start, surname->end)) return false;
    if (names.hit(at, WordKind::not_name) != nullptr || names.hit(at, WordKind::item) != nullptr ||
        names.hit(at, WordKind::place) != nullptr) {
      return false;
    }
    if (int end = names.title_end(surname->end); end > 0) {
      add(at, end);
      return true;
    }
    int end = names.given_end(surname->end, true);
    if (end == surname->end) return false;
    if (int title = names.title_end(end); title > 0) end = title;
    add(at, end);
    return true;
  };

  for (const WordHit& hit : scratch.hits) {
    if (hit.start < free_from || !scratch.is_free(hit.start, hit.end)) continue;
    if (hit.kind == WordKind::name_cue && hit.payload == name_follows) {
      after_cue(hit.end);
    } else if (hit.kind == WordKind::name_cue && hit.payload == name_ends_it) {
      const std::size_t before = scratch.found.size();
      if (!after_cue(hit.end)) continue;
      static constexpr std::u32string_view particles = U"吧啊呀哦呢";
      const int end = scratch.found.back().end;
      const bool particle = particles.find(text.at(end)) != std::u32string_view::npos;
      if (particle || names.word_ends(end)) continue;
      scratch.found.resize(before, scratch.found.front());
      free_from = 0;
    } else if (hit.kind == WordKind::name_cue && hit.payload == surname_follows) {
      int at = text.at(hit.end) == U' ' ? hit.end + 1 : hit.end;
      const WordHit* surname = names.hit(at, WordKind::surname);
      if (surname == nullptr) continue;
      int title = names.title_end(surname->end);
      int end = title > 0 ? title : surname->end;
      // 姓王名芳 and 姓王，叫王芳: the fuller name follows and is the one to keep.
      bool fuller = false;
      for (int next = end; next < std::min(end + 4, text.size()); ++next) {
        const WordHit* cue = names.hit(next, WordKind::name_cue);
        if (cue != nullptr && names.hit(cue->end, WordKind::surname) != nullptr) fuller = true;
      }
      if (!fuller) add(at, end);
    } else if (hit.kind == WordKind::nickname) {
      // 小周 where a word ends behind it
      const WordHit* surname = names.hit(hit.end, WordKind::surname);
      if (surname == nullptr || names.hit(hit.start, WordKind::not_name) != nullptr) continue;
      int end = surname->end;
      if (is_han(text.at(hit.start - 1)) && !is_break(text.at(hit.start - 1)) &&
          names.hit(hit.end, WordKind::not_name) != nullptr) {
        continue;
      }
      if (names.other_word(hit.start) || names.other_word(hit.end)) continue;
      const bool ends = is_break(text.at(end)) ||
                        words_.name_stops.find(text.at(end)) != std::u32string::npos ||
                        names.title_end(end) > 0 || speaks_on(text.at(end));
      const char32_t before = text.at(hit.start - 1);
      const bool begins =
          is_break(before) || names.hit(hit.start - 1, WordKind::name_cue) != nullptr ||
          before == U'的' || before == U'叫' || before == U'是' || before == U'找' ||
          before == U'给' || before == U'让' || before == U'和' || is_role_end(before);
      if (ends && begins && surname->payload == 1) add(hit.start, end);
    } else if (hit.kind == WordKind::surname) {
      if (names.hit(hit.start, WordKind::not_name) != nullptr) continue;
      if (int title = names.title_end(hit.end); title > 0) {
        if (names.inside_other(hit.start, title)) continue;
        if (hit.payload == 1 || name_may_begin(text.at(hit.start - 1))) add(hit.start, title);
        continue;
      }
      // 王芳女士
      int given = names.given_end(hit.end);
      if (given > hit.end) {
        int title = names.title_end(given);
        if (title < 0 && given == hit.end + 2) title = names.title_end(--given);
        if (title > 0 && title - given >= 2 && !names.other_word(hit.start)) {
          add(hit.start, title);
          continue;
        }
        given = names.given_end(hit.end);
      }
      // Alone between marks, or behind an address and 的.
      const bool of_home = (text.at(hit.start - 1) == U'的' || text.at(hit.start - 1) == U'嘅') &&
                           hit.start >= 2 && scratch.taken[hit.start - 2] != 0;
      if (given == hit.end && of_home) given = names.given_end(hit.end, true);
      const bool frequent = hit.payload == 1;
      if (!frequent || given == hit.end || names.other_word(hit.start)) continue;
      const bool begins = is_break(text.at(hit.start - 1)) ||
                          (hit.start > 0 && scratch.taken[hit.start - 1] != 0) || of_home;
      const bool ends =
          is_break(text.at(given)) || (given < text.size() && scratch.taken[given] != 0);
      if (begins && ends) add(hit.start, given);
    }
  }
}

namespace {

// The end of one Latin word that begins at `start`; `start` when none does.
int latin_word_end(const Scratch& scratch, int start) {
  const Normalized& text = scratch.text;
  int stop = start;
  while (stop < text.size() && scratch.taken[stop] == 0 && !is_ascii_digit(text.at(stop)) &&
         (is_word_letter(text.at(stop)) || (stop > start && text.at(stop) == U'\''))) {
    ++stop;
  }
  return is_word_letter(text.at(stop)) ? start : stop;
}

bool is_capital(const Scratch& scratch, int at) {
  char first = scratch.original[scratch.text.origin[static_cast<std::size_t>(at)].byte_start];
  return first >= 'A' && first <= 'Z';
}

}  // namespace

// "Wang Fang here": two or three words with capitals, from a mark on.
void Extractor::name_before(Scratch& scratch, int cue) const {
  const Normalized& text = scratch.text;
  const Names names(scratch, words_);
  int start = cue, count = 0;
  while (count < name_words_max && text.at(start - 1) == U' ') {
    int word = start - 1;
    while (word > 0 && is_word_letter(text.at(word - 1)) && !is_ascii_digit(text.at(word - 1)) &&
           scratch.taken[word - 1] == 0) {
      --word;
    }
    if (word == start - 1 || !is_capital(scratch, word) || names.listed(word)) break;
    const std::u32string said(text.points.begin() + word, text.points.begin() + start - 1);
    if (words_.not_english_names.count(said) > 0) break;
    start = word;
    ++count;
  }
  int before = start - 1;
  while (text.at(before) == U' ') --before;
  if (count < 2 || is_word_letter(text.at(before))) return;
  const int end = cue - 1;
  const bool overlaps =
      std::any_of(scratch.found.begin(), scratch.found.end(), [&](const Found& found) {
        return found.kind == EntityKind::person && start < found.end && end > found.start;
      });
  if (!overlaps) scratch.found.push_back({EntityKind::person, start, end, {}, 0, {}});
}

// Only with a cue or a title: Latin words are no evidence by themselves. After the weaker cues
// ("I'm", "this is") a name must be written with a capital.
void Extractor::english_people(Scratch& scratch) const {
  const Normalized& text = scratch.text;
  Names names(scratch, words_);
  int free_from = 0;
  for (const WordHit& hit : scratch.hits) {
    if (hit.kind == WordKind::name_cue && hit.payload == english_behind) {
      name_before(scratch, hit.start);
      continue;
    }
    if (hit.kind != WordKind::name_cue || hit.payload < english_name ||
        hit.payload > english_weak) {
      continue;
    }
    if (hit.start < free_from || !scratch.is_free(hit.start, hit.end)) continue;
    int at = hit.payload == english_title ? hit.start : hit.end;
    if (text.at(at) == U':' || text.at(at) == U',') ++at;
    if (text.at(at) == U' ') ++at;
    const int first = at;
    const WordHit* title = names.hit(at, WordKind::name_cue);
    int name_start = at;
    if (title != nullptr && title->payload == english_title) {
      at = title->end;
      if (text.at(at) == U'.') ++at;
      if (text.at(at) == U' ') ++at;
      name_start = at;
    }
    int end = at;
    for (int count = 0; count < name_words_max; ++count) {
      int stop = latin_word_end(scratch, at);
      if (stop == at) break;
      std::u32string word(text.points.begin() + at, text.points.begin() + stop);
      if (words_.not_english_names.count(word) > 0 || names.listed(at)) break;
      // John Smith speaking: what goes on in small letters is no name any more.
      const bool needs_capital =
          hit.payload == english_weak || count > 1 || (end > first && is_capital(scratch, first));
      if (needs_capital && !is_capital(scratch, at)) break;
      end = stop;
      at = text.at(stop) == U' ' ? stop + 1 : stop;
      if (at == stop) break;
    }
    bool overlaps = false;
    for (const Found& found : scratch.found) {
      overlaps |= found.kind == EntityKind::person && first < found.end && end > found.start;
    }
    if (end <= first || overlaps || end <= name_start) continue;
    free_from = end;
    scratch.found.push_back({EntityKind::person, first, end, {}, 0, {}});
  }
}

}  // namespace huiyin
