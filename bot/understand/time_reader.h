// The readers of the time grammar, one text at a time. Private to time_grammar.cpp; the parts lie
// in time_reader.cpp (whole expressions), time_days.cpp and time_clock.cpp.
#pragma once
#include <string_view>
#include <vector>

#include "bot/understand/numeral.h"
#include "bot/understand/time_resolve.h"
#include "bot/understand/words.h"

namespace huiyin {

// Every reader takes a position and answers the end of what it read, or -1.
class TimeReader {
 public:
  TimeReader(const Normalized& text, const std::vector<WordHit>& hits, const Words& words,
             const std::vector<std::uint8_t>& taken, std::vector<std::int32_t>& word_at)
      : text_(text), hits_(hits), words_(words), taken_(taken), word_at_(word_at) {}

  struct Expression {
    int start = 0, end = 0;
    MomentSaid first, second;
    int first_end = 0, second_start = 0;  // of a range of two days
    bool ranged = false, recurring = false;
    Bound bound = Bound::exactly;
  };

  bool may_start(int p) const;

  bool read(int p, Expression& out);

  // 半夜 as a habit, 早晨 as a greeting: a part of the day by itself that is no time.
  bool is_no_time(const Expression& said) const;
  // "Move it from Tuesday to Friday" names two times, no range.
  bool is_change(const Expression& said) const;

  int ignored_until(int p) const {
    const TimeWord* word = word_at(p);
    return word != nullptr && word->type == TimeWord::ignore ? word_end(p) : -1;
  }

 private:
  struct Number {
    int value = 0, end = 0, length = 0;
    bool arabic = false, leading_zero = false;
    int second = 0;  // of an approximate pair: 两三点 → 2, 3
  };

  const TimeWord* word_at(int p) const {
    if (p < 0 || p >= text_.size() || taken_[p] || word_at_[p] < 0) return nullptr;
    return &words_.time_words[static_cast<std::size_t>(hits_[word_at_[p]].payload)];
  }
  int word_end(int p) const { return hits_[word_at_[p]].end; }
  bool is_word(int p, TimeWord::Type type) const {
    const TimeWord* word = word_at(p);
    return word != nullptr && word->type == type;
  }
  char32_t at(int p) const {
    return p < text_.size() && p >= 0 && !taken_[p] ? text_.points[p] : 0;
  }
  bool is_at(int p) const {
    return at(p) == U'a' && at(p + 1) == U't' && (at(p + 2) == U' ' || at(p + 2) == 0);
  }
  bool starts_with(int p, std::u32string_view word) const;
  // A Latin word, whole.
  int latin(int p, std::u32string_view word) const {
    int end = p + static_cast<int>(word.size());
    return starts_with(p, word) && !is_word_letter(at(end)) ? end : -1;
  }
  int spaces(int p) const { return at(p) == U' ' ? p + 1 : p; }

  bool is_english_number(int p) const;
  bool english_number(int p, Number& out) const;

  bool number(int p, Number& out) const;

  int prefixes(int p, Expression& out);

  // Fillers between the parts of one moment; `loose` is set by "at", which lets a bare number be
  // an hour.
  int fillers(int p, bool& loose) const;

  int moment(int p, MomentSaid& out, bool loose);
  int mark(int start, int stop, int& end);

  int part(int p, MomentSaid& out, bool right_after_day) const;

  // 半小时后, 3天前, "in two hours", 现在.
  int now_or_shift(int p, MomentSaid& out);

  int day(int p, MomentSaid& out, bool follows);

  bool short_weekday_is_meant(int p, int end) const;

  // 下个月5号: the month was read, a day may follow.
  int day_of_month(int p, MomentSaid& out, int months) const;

  int english_date(int p, int end, int month, MomentSaid& out) const;
  int ordinal(int p) const;

  int written_date(int p, MomentSaid& out, bool follows) const;

  int meridiem(int p, ClockSaid& out) const;

  static void set_half(ClockSaid& clock, bool leading_zero) {
    if (leading_zero || clock.hour > 12 || clock.hour == 0) clock.half = ClockSaid::exact;
  }

  int clock(int p, MomentSaid& out, bool loose);

  // "half past ten", "quarter to 3"
  int past_the_hour(int p, MomentSaid& out) const;

  // A bare English number is an hour unless something counted follows.
  bool bare_hour_may_end(int q) const;

  int chinese_clock(const Number& n, ClockSaid& said, MomentSaid& out);
  bool minute_is_meant(const Number& m) const;

  // 一点 is rarely a time: it needs something that makes it one.
  bool strengthened(const Expression& out) const;

  // "2-4点", "两到四点", "2 to 4pm": the first number has no mark of its own.
  int hours_before_clock(int p, Expression& out);
  int bare_range(int q, const MomentSaid& said, Expression& out);

  void range_end(Expression& out, bool loose);

  // "from 2 to 4 pm tomorrow": the day stands last and holds for both ends.
  void day_after_range(Expression& out);

  void suffixes(Expression& out);

  const Normalized& text_;
  const std::vector<WordHit>& hits_;
  const Words& words_;
  const std::vector<std::uint8_t>& taken_;
  std::vector<std::int32_t>& word_at_;
  // What the readers below tell the ones above.
  int moment_start_ = 0, pair_end_ = 0;
  bool weak_ = false, in_prefix_ = false, within_ = false;
  bool loose_range_ = false;  // "from 2 to 4": a bare number may end a range
};
}  // namespace huiyin
