// Whole expressions: prefixes, one or two moments, what bounds them.
#include "bot/understand/time_reader.h"

#include <algorithm>
#include <array>

namespace huiyin {
namespace {

constexpr std::array<std::u32string_view, 12> english_numbers = {
    U"one",   U"two",   U"three", U"four", U"five",   U"six",
    U"seven", U"eight", U"nine",  U"ten",  U"eleven", U"twelve"};

}  // namespace

bool TimeReader::may_start(int p) const {
  if (taken_[p]) return false;
  char32_t c = text_.points[p];
  if (digit_value(c) >= 0 || c == U'十' || c == U'半') {
    return !(is_ascii_digit(c) && is_word_letter(text_.at(p - 1)));
  }
  const TimeWord* word = word_at(p);
  if (word == nullptr) {
    return is_english_number(p) ||
           (text_.language == Language::en && !is_word_letter(text_.at(p - 1)) &&
            (starts_with(p, U"half ") || starts_with(p, U"quarter ")));
  }
  switch (word->type) {
    case TimeWord::until:
    case TimeWord::filler:
    case TimeWord::trailing:
    case TimeWord::after_suffix:
    case TimeWord::before_suffix:
    case TimeWord::within_suffix:
    case TimeWord::single_part:
    case TimeWord::unit_minutes:
    case TimeWord::unit_days:
    case TimeWord::unit_months:
    case TimeWord::recurring_suffix:
    case TimeWord::moving:
    case TimeWord::ignore:
      // "at 10"
      return word->type == TimeWord::filler && is_at(p);
    default:
      return true;
  }
}

bool TimeReader::read(int p, Expression& out) {
  out = {};
  out.start = p;
  int q = prefixes(p, out);
  const bool loose = q > p;
  loose_range_ = loose;
  int end = moment(q, out.first, loose);
  if (end < 0) end = hours_before_clock(q, out);
  if (end < 0) return false;
  if (out.bound == Bound::exactly && !in_prefix_) out.start = moment_start_;
  out.end = end;
  if (weak_ && !strengthened(out)) return false;
  if (!out.ranged) range_end(out, loose);
  if (out.ranged) day_after_range(out);
  suffixes(out);
  if (out.first.day.kind == DaySaid::none && out.first.clock == std::nullopt &&
      is_word(out.end, TimeWord::recurring_suffix)) {
    out.recurring = true;
  }
  return true;
}

bool TimeReader::is_no_time(const Expression& said) const {
  const MomentSaid& first = said.first;
  if (first.part < 0 || first.day.kind != DaySaid::none || first.clock || said.ranged ||
      said.bound != Bound::exactly) {
    return false;
  }
  const TimeWord* word = word_at(said.start);
  if (word == nullptr || word->type != TimeWord::part || word_end(said.start) != said.end) {
    return false;
  }
  if (word->a == habit) return said.start > 0 || said.end < text_.size();  // else an answer
  static constexpr std::u32string_view particles = U"呀啊哦喔好";
  const char32_t next = text_.at(said.end);
  return word->a == greeting && said.start == 0 &&
         (!is_han(next) || particles.find(next) != std::u32string_view::npos);
}

bool TimeReader::is_change(const Expression& said) const {
  constexpr int reach = 40;
  if (!said.ranged || said.second_start == 0 || said.second.day.kind == DaySaid::none ||
      said.first.day.kind == DaySaid::none) {
    return false;
  }
  for (int p = std::max(0, said.start - reach); p < said.start; ++p) {
    if (is_word(p, TimeWord::moving)) return true;
  }
  return false;
}

bool TimeReader::starts_with(int p, std::u32string_view word) const {
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (at(p + static_cast<int>(i)) != word[i]) return false;
  }
  return true;
}

bool TimeReader::is_english_number(int p) const {
  Number number;
  return text_.language == Language::en && !is_word_letter(text_.at(p - 1)) &&
         english_number(p, number);
}

bool TimeReader::english_number(int p, Number& out) const {
  if (at(p) < U'e' || at(p) > U't') return false;
  for (std::size_t i = 0; i < english_numbers.size(); ++i) {
    if (int end = latin(p, english_numbers[i]); end > 0) {
      out = {static_cast<int>(i) + 1, end, 1, false, false, 0};
      return true;
    }
  }
  return false;
}

bool TimeReader::number(int p, Number& out) const {
  if (is_ascii_digit(at(p))) {
    int q = p, value = 0;
    while (is_ascii_digit(at(q)) && q - p < 5) value = value * 10 + digit_value(at(q++));
    if (is_ascii_digit(at(q))) return false;
    out = {value, q, q - p, true, q - p > 1 && at(p) == U'0', 0};
    return true;
  }
  int q = p;
  while ((digit_value(at(q)) >= 0 && !is_ascii_digit(at(q))) || at(q) == U'十') {
    if (++q - p > 5) return false;
  }
  if (q == p) return english_number(p, out);
  std::u32string_view said(&text_.points[p], static_cast<std::size_t>(q - p));
  std::optional<long> value = number_value(said);
  if (!value) return false;
  out = {static_cast<int>(*value), q, q - p, false, false, 0};
  if (said.size() == 2 && said[0] != U'零' && said[0] != U'十' && said[1] != U'十') {
    int low = digit_value(said[0]), high = digit_value(said[1]);
    if (high == low + 1) {
      out.value = low;
      out.second = high;
    }
  }
  return true;
}

int TimeReader::prefixes(int p, Expression& out) {
  int q = p;
  in_prefix_ = false;
  for (int count = 0; count < 4; ++count) {
    const TimeWord* word = word_at(q);
    if (word == nullptr) break;
    if (word->type == TimeWord::recurring)
      out.recurring = true;
    else if (word->type == TimeWord::after_prefix)
      out.bound = Bound::after;
    else if (word->type == TimeWord::before_prefix) {
      out.bound = at(q) == U'b' && at(q + 1) == U'y' ? Bound::by : Bound::before;
    } else if (word->type == TimeWord::within_prefix)
      out.bound = Bound::within;
    else if (word->type == TimeWord::in_prefix)
      in_prefix_ = true;
    else if (word->type != TimeWord::range_prefix && !is_at(q))
      break;
    q = spaces(word_end(q));
  }
  return q;
}

int TimeReader::fillers(int p, bool& loose) const {
  for (int count = 0; count < 6; ++count) {
    if (at(p) == U' ' || at(p) == U',') {
      ++p;
    } else if (is_word(p, TimeWord::filler) || is_word(p, TimeWord::in_prefix) ||
               (is_word(p, TimeWord::range_prefix) && p > 0)) {
      if (is_at(p)) loose = true;
      p = word_end(p);
    } else {
      break;
    }
  }
  return p;
}

int TimeReader::moment(int p, MomentSaid& out, bool loose) {
  int end = -1, q = p;
  weak_ = false;
  pair_end_ = 0;
  moment_start_ = p;
  for (;;) {
    int s = fillers(q, loose);
    int t = -1;
    if (end < 0 && (t = now_or_shift(s, out)) > 0) return mark(s, t, end);
    if (out.day.kind == DaySaid::none || out.day.kind == DaySaid::week) t = day(s, out, end > 0);
    if (t < 0 && out.part < 0) t = part(s, out, out.day.kind != DaySaid::none && s == q);
    if (t < 0 && !out.clock) t = clock(s, out, loose);
    if (t < 0) return end;
    mark(s, t, end);
    q = t;
  }
}

int TimeReader::mark(int start, int stop, int& end) {
  if (end < 0) moment_start_ = start;
  end = stop;
  return end;
}

int TimeReader::part(int p, MomentSaid& out, bool right_after_day) const {
  const TimeWord* word = word_at(p);
  if (word == nullptr) return -1;
  if (word->type != TimeWord::part && !(word->type == TimeWord::single_part && right_after_day)) {
    return -1;
  }
  out.part = word->b;
  return word_end(p);
}

int TimeReader::now_or_shift(int p, MomentSaid& out) {
  if (is_word(p, TimeWord::now)) {
    out.now = true;
    return word_end(p);
  }
  int q = p;
  double count = 0;
  Number n;
  if (at(p) == U'半') {
    count = 0.5;
    q = at(p + 1) == U'个' ? p + 2 : p + 1;
  } else if (int half = latin(p, U"half an"); half > 0) {
    count = 0.5;
    q = spaces(half);
  } else if (int an = latin(p, U"an"); an > 0) {
    count = 1;
    q = spaces(an);
  } else if (int a = latin(p, U"a"); a > 0) {
    count = 1;
    q = spaces(a);
  } else if (number(p, n) && n.second == 0) {
    count = n.value;
    q = spaces(n.end);
    if (starts_with(q, U"个半")) {
      count += 0.5;
      q += 2;
    }
  } else {
    return -1;
  }
  const TimeWord* unit = word_at(q);
  if (unit == nullptr) return -1;
  const bool minutes = unit->type == TimeWord::unit_minutes;
  const bool days = unit->type == TimeWord::unit_days;
  if (!minutes && !days && unit->type != TimeWord::unit_months) return -1;
  int end = word_end(q);
  int s = spaces(end);
  const TimeWord* suffix = word_at(s);
  int sign = 0;
  if (suffix != nullptr && suffix->type == TimeWord::after_suffix) sign = 1;
  if (suffix != nullptr && suffix->type == TimeWord::before_suffix) sign = -1;
  const bool within = suffix != nullptr && suffix->type == TimeWord::within_suffix;
  if (sign == 0 && !within && !in_prefix_) return -1;
  if (sign != 0 || within) end = word_end(s);
  if (sign == 0) sign = 1;
  if (count > 100000) return -1;
  auto amount = count * unit->a * sign;
  if (minutes) {
    out.shift_minutes = static_cast<long>(amount);
  } else if (within) {
    out.shift_minutes = static_cast<long>(amount * (days ? 1440 : 43200));
  } else {
    out.day = {days ? DaySaid::offset : DaySaid::months, static_cast<int>(amount)};
  }
  within_ = within;
  return end;
}

bool TimeReader::strengthened(const Expression& out) const {
  if (out.bound != Bound::exactly) return true;
  if (out.start == 0 && out.end == text_.size()) return true;
  const TimeWord* next = word_at(out.end);
  if (next == nullptr) return false;
  if (next->type == TimeWord::after_suffix || next->type == TimeWord::before_suffix ||
      next->type == TimeWord::trailing) {
    return true;
  }
  Number n;
  return next->type == TimeWord::until && number(word_end(out.end), n);
}

int TimeReader::hours_before_clock(int p, Expression& out) {
  bool loose = false;
  MomentSaid first;
  int q = p;
  moment_start_ = -1;
  for (int count = 0; count < 2; ++count) {  // a day and a daypart may stand before
    int t = day(q, first, false);
    if (t < 0 && first.part < 0) t = part(q, first, false);
    if (t < 0) break;
    if (moment_start_ < 0) moment_start_ = q;
    q = fillers(t, loose);
  }
  int end = bare_range(q, first, out);
  if (end > 0 && moment_start_ < 0) moment_start_ = p;
  return end;
}

int TimeReader::bare_range(int q, const MomentSaid& said, Expression& out) {
  Number n;
  if (!number(q, n) || n.value > 24) return -1;
  if (n.arabic && is_word_letter(text_.at(q - 1))) return -1;
  int s = spaces(n.end);
  if (!is_word(s, TimeWord::until)) return -1;
  int r = spaces(word_end(s));
  MomentSaid second;
  int keep_start = moment_start_;
  int end = part(r, second, false);
  end = clock(end > 0 ? end : r, second, loose_range_);
  moment_start_ = keep_start;
  if (end < 0) return -1;
  out.first = said;
  ClockSaid first;
  first.hour = n.value;
  set_half(first, n.leading_zero);
  out.first.clock = first;
  out.second = second;
  out.ranged = true;
  weak_ = false;
  pair_end_ = 0;
  return end;
}

void TimeReader::range_end(Expression& out, bool loose) {
  if (pair_end_ != 0 && out.first.clock) {
    out.second = {};
    out.second.clock = ClockSaid{ClockSaid::bare, pair_end_, 0};
    out.ranged = true;
    pair_end_ = 0;
    return;
  }
  if (out.first.now || out.first.shift_minutes) return;
  const int start = moment_start_, outer_end = out.end;
  int s = spaces(out.end);
  // 明天下午 2-4点: a day and then hours whose mark comes last.
  if (!out.first.clock) {
    bool ignored = loose;
    loose_range_ = true;  // a day or a daypart was said
    int q = fillers(out.end, ignored);
    Expression hours = out;
    if (int end = bare_range(q, out.first, hours); end > 0) {
      out = hours;
      out.end = end;
      moment_start_ = start;
      return;
    }
  }
  if (!is_word(s, TimeWord::until)) return;
  const bool joined_by_and = at(s) == U'和' || (at(s) == U'a' && at(s + 1) == U'n');
  if (joined_by_and && !loose) return;
  MomentSaid second;
  int end = moment(spaces(word_end(s)), second, text_.language == Language::en && out.first.clock);
  moment_start_ = start;
  pair_end_ = 0;
  weak_ = false;
  if (end < 0 || second.now || second.shift_minutes) {
    out.end = outer_end;
    return;
  }
  out.second = second;
  out.ranged = true;
  out.first_end = outer_end;
  out.second_start = spaces(word_end(s));
  out.end = end;
}

void TimeReader::day_after_range(Expression& out) {
  if (!out.first.clock || !out.second.clock || out.first.day.kind != DaySaid::none) return;
  if (out.second.day.kind != DaySaid::none) {
    out.first.day = out.second.day;
    out.second.day = {};
    return;
  }
  if (text_.language != Language::en) return;
  bool loose = false;
  int q = fillers(out.end, loose);
  if (q == out.end) return;
  if (int end = day(q, out.first, true); end > 0) out.end = end;
}

void TimeReader::suffixes(Expression& out) {
  int s = spaces(out.end);
  if (is_word(s, TimeWord::trailing)) {
    out.end = word_end(s);
    s = spaces(out.end);
  }
  if (within_) {
    out.bound = Bound::within;
    within_ = false;
    return;
  }
  if (out.first.now || out.first.shift_minutes || out.ranged) return;
  if (is_word(s, TimeWord::after_suffix)) {
    out.bound = Bound::after;
    out.end = word_end(s);
  } else if (is_word(s, TimeWord::before_suffix)) {
    out.bound = Bound::before;
    out.end = word_end(s);
  }
}

}  // namespace huiyin
