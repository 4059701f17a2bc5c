#include "bot/understand/time_grammar.h"

#include <array>

#include "bot/understand/numeral.h"
#include "bot/understand/time_resolve.h"

namespace huiyin {
namespace {

struct Number {
  int value = 0, end = 0, length = 0;
  bool arabic = false, leading_zero = false;
  int second = 0;  // of an approximate pair: 两三点 → 2, 3
};

constexpr std::array<std::u32string_view, 12> english_numbers = {
    U"one",   U"two",   U"three", U"four", U"five",   U"six",
    U"seven", U"eight", U"nine",  U"ten",  U"eleven", U"twelve"};

// Reads one text. Every reader takes a position and answers the end of what it read, or -1.
class Reader {
 public:
  Reader(const Normalized& text, const std::vector<WordHit>& hits, const Words& words,
         const std::vector<std::uint8_t>& taken, std::vector<std::int32_t>& word_at)
      : text_(text), hits_(hits), words_(words), taken_(taken), word_at_(word_at) {}

  struct Expression {
    int start = 0, end = 0;
    MomentSaid first, second;
    bool ranged = false, recurring = false;
    Bound bound = Bound::exactly;
  };

  bool may_start(int p) const {
    if (taken_[p]) return false;
    char32_t c = text_.points[p];
    if (digit_value(c) >= 0 || c == U'十' || c == U'半') {
      return !(is_ascii_digit(c) && is_word_letter(text_.at(p - 1)));
    }
    const TimeWord* word = word_at(p);
    if (word == nullptr) return is_english_number(p);
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
      case TimeWord::ignore:
        // "at 10"
        return word->type == TimeWord::filler && is_at(p);
      default:
        return true;
    }
  }

  bool read(int p, Expression& out) {
    out = {};
    out.start = p;
    int q = prefixes(p, out);
    const bool loose = q > p;
    int end = moment(q, out.first, loose);
    if (end < 0) end = hours_before_clock(q, out);
    if (end < 0) return false;
    if (out.bound == Bound::exactly && !in_prefix_) out.start = moment_start_;
    out.end = end;
    if (weak_ && !strengthened(out)) return false;
    if (!out.ranged) range_end(out, loose);
    suffixes(out);
    if (out.first.day.kind == DaySaid::none && out.first.clock == std::nullopt &&
        is_word(out.end, TimeWord::recurring_suffix)) {
      out.recurring = true;
    }
    return true;
  }

  int ignored_until(int p) const {
    const TimeWord* word = word_at(p);
    return word != nullptr && word->type == TimeWord::ignore ? word_end(p) : -1;
  }

 private:
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
  bool starts_with(int p, std::u32string_view word) const {
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (at(p + static_cast<int>(i)) != word[i]) return false;
    }
    return true;
  }
  // A Latin word, whole.
  int latin(int p, std::u32string_view word) const {
    int end = p + static_cast<int>(word.size());
    return starts_with(p, word) && !is_word_letter(at(end)) ? end : -1;
  }
  int spaces(int p) const { return at(p) == U' ' ? p + 1 : p; }

  bool is_english_number(int p) const {
    Number number;
    return text_.language == Language::en && !is_word_letter(text_.at(p - 1)) &&
           english_number(p, number);
  }
  bool english_number(int p, Number& out) const {
    if (at(p) < U'e' || at(p) > U't') return false;
    for (std::size_t i = 0; i < english_numbers.size(); ++i) {
      if (int end = latin(p, english_numbers[i]); end > 0) {
        out = {static_cast<int>(i) + 1, end, 1, false, false, 0};
        return true;
      }
    }
    return false;
  }

  bool number(int p, Number& out) const {
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

  int prefixes(int p, Expression& out) {
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

  // Fillers between the parts of one moment; `loose` is set by "at", which lets a bare number be
  // an hour.
  int fillers(int p, bool& loose) const {
    for (int count = 0; count < 6; ++count) {
      if (at(p) == U' ' || at(p) == U',') {
        ++p;
      } else if (is_word(p, TimeWord::filler) || is_word(p, TimeWord::in_prefix)) {
        if (is_at(p)) loose = true;
        p = word_end(p);
      } else {
        break;
      }
    }
    return p;
  }

  int moment(int p, MomentSaid& out, bool loose) {
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
  int mark(int start, int stop, int& end) {
    if (end < 0) moment_start_ = start;
    end = stop;
    return end;
  }

  int part(int p, MomentSaid& out, bool right_after_day) const {
    const TimeWord* word = word_at(p);
    if (word == nullptr) return -1;
    if (word->type != TimeWord::part && !(word->type == TimeWord::single_part && right_after_day)) {
      return -1;
    }
    out.part = word->b;
    return word_end(p);
  }

  // 半小时后, 3天前, "in two hours", 现在.
  int now_or_shift(int p, MomentSaid& out) {
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

  int day(int p, MomentSaid& out, bool follows) {
    const TimeWord* word = word_at(p);
    if (out.day.kind == DaySaid::week) {  // "next week tuesday"
      if (word == nullptr || word->a != unsaid || word->type != TimeWord::weekday) return -1;
      out.day = {DaySaid::weekday, out.day.a, word->b};
      return word_end(p);
    }
    if (word != nullptr) {
      int end = word_end(p);
      switch (word->type) {
        case TimeWord::day:
          out.day = {DaySaid::offset, word->a};
          return end;
        case TimeWord::day_part:
          if (out.part >= 0) return -1;
          out.day = {DaySaid::offset, word->a};
          out.part = word->b;
          return end;
        case TimeWord::weekday_short:
          if (!follows && !short_weekday_is_meant(p, end)) return -1;
          [[fallthrough]];
        case TimeWord::weekday: {
          out.day = {DaySaid::weekday, word->a, word->b};
          // "tuesday next week"
          int s = spaces(end);
          if (word->a == unsaid && s > end && is_word(s, TimeWord::week)) {
            out.day.a = word_at(s)->a;
            end = word_end(s);
          }
          return end;
        }
        case TimeWord::weekend:
          out.day = {DaySaid::weekend, word->a};
          return end;
        case TimeWord::week:
          out.day = {DaySaid::week, word->a};
          return end;
        case TimeWord::month: {
          out.day = {DaySaid::month, word->a};
          return day_of_month(end, out, word->a);
        }
        case TimeWord::month_end:
          out.day = {DaySaid::month_end, word->a};
          return end;
        case TimeWord::month_name:
          return english_date(p, end, word->a, out);
        default:
          return -1;
      }
    }
    return written_date(p, out, follows);
  }

  bool short_weekday_is_meant(int p, int end) const {
    if (p >= 3 && text_.points[p - 1] == U' ' && text_.points[p - 2] == U'n' &&
        text_.points[p - 3] == U'o') {
      return true;  // "on wed"
    }
    bool loose = false;
    int s = fillers(end, loose);
    return is_word(s, TimeWord::part) || (is_ascii_digit(at(s)) && s > end);
  }

  // 下个月5号: the month was read, a day may follow.
  int day_of_month(int p, MomentSaid& out, int months) const {
    Number n;
    int s = at(p) == U'的' ? p + 1 : p;
    if (!number(s, n) || (at(n.end) != U'号' && at(n.end) != U'日') || n.value < 1 ||
        n.value > 31) {
      return p;
    }
    out.day = {DaySaid::month_day, months, 0, n.value};
    return n.end + 1;
  }

  int english_date(int p, int end, int month, MomentSaid& out) const {
    Number n;
    int s = spaces(end);
    if (at(s) == U'.') s = spaces(s + 1);
    if (!number(s, n) || !n.arabic || n.value < 1 || n.value > 31) return -1;
    int q = ordinal(n.end);
    if (is_word_letter(at(q)) || at(q) == U':') return -1;
    out.day = {DaySaid::date, 0, month, n.value};
    (void)p;
    Number year;
    int y = spaces(at(q) == U',' ? q + 1 : q);
    if (number(y, year) && year.arabic && year.value >= 2000 && year.value < 2100) {
      out.day.a = year.value;
      return year.end;
    }
    return q;
  }
  int ordinal(int p) const {
    for (std::u32string_view suffix : {U"st", U"nd", U"rd", U"th"}) {
      if (starts_with(p, suffix) && !is_word_letter(at(p + 2))) return p + 2;
    }
    return p;
  }

  int written_date(int p, MomentSaid& out, bool follows) const {
    Number a;
    if (!number(p, a) || a.second != 0) {
      // 二三号 is no date, but a pair of digits may still be a year's tail; nothing to read here.
      if (!number(p, a)) return -1;
    }
    // 2026年11月25日, 2026-11-25
    if (a.arabic && a.value >= 2000 && a.value < 2100) {
      char32_t mark = at(a.end);
      Number m, d;
      if (mark == U'年' || mark == U'-' || mark == U'/' || mark == U'.') {
        int s = spaces(a.end + 1);
        if (number(s, m) && m.value >= 1 && m.value <= 12) {
          char32_t second = at(m.end);
          const bool fits = mark == U'年' ? second == U'月' : second == mark;
          if (fits && number(spaces(m.end + 1), d) && d.value >= 1 && d.value <= 31) {
            out.day = {DaySaid::date, a.value, m.value, d.value};
            return at(d.end) == U'日' || at(d.end) == U'号' ? d.end + 1 : d.end;
          }
        }
      }
      return -1;
    }
    int s = spaces(a.end);
    if (at(s) == U'月' && a.value >= 1 && a.value <= 12) {
      Number d;
      int q = spaces(s + 1);
      if (at(q) == U'底' || at(q) == U'末') {
        out.day = {DaySaid::end_of, a.value};
        return q + 1;
      }
      if (number(q, d) && d.value >= 1 && d.value <= 31) {
        out.day = {DaySaid::date, 0, a.value, d.value};
        return at(d.end) == U'日' || at(d.end) == U'号' ? d.end + 1 : d.end;
      }
      return -1;
    }
    if ((at(s) == U'号' || at(s) == U'日') && a.value >= 1 && a.value <= 31 && a.second == 0) {
      static constexpr std::u32string_view no_date =
          U"楼栋线门院房库车口桌机室单柜表井梯电幢座岗铺仓";
      if (no_date.find(at(s + 1)) != std::u32string_view::npos && at(s + 1) != 0) return -1;
      out.day = {DaySaid::date, 0, 0, a.value};
      return s + 1;
    }
    if (a.arabic && at(a.end) == U'/' && a.value >= 1 && a.value <= 12) {  // 11/25 followed by more
      Number d;
      if (number(a.end + 1, d) && d.arabic && d.value >= 1 && d.value <= 31) {
        bool loose = false;
        int next = fillers(d.end, loose);
        MomentSaid more;
        if (follows || d.value > 12 || part(next, more, false) > 0) {
          out.day = {DaySaid::date, 0, a.value, d.value};
          return d.end;
        }
      }
      return -1;
    }
    // 25th, 25 november, 25th of november
    if (a.arabic && a.value >= 1 && a.value <= 31) {
      int q = ordinal(a.end);
      const bool is_ordinal = q > a.end;
      int r = spaces(q);
      if (int of = latin(r, U"of"); of > 0) r = spaces(of);
      if (is_word(r, TimeWord::month_name)) {
        out.day = {DaySaid::date, 0, word_at(r)->a, a.value};
        return word_end(r);
      }
      // "the 25th", but not "the 25th floor"
      if (is_ordinal && p >= 4 && text_.slice(p - 4, p) == "the ") {
        int next = spaces(q);
        if (next == q || !is_word_letter(at(next)) || word_at(next) != nullptr) {
          out.day = {DaySaid::date, 0, 0, a.value};
          return q;
        }
      }
    }
    return -1;
  }

  int meridiem(int p, ClockSaid& out) const {
    int s = spaces(p);
    struct Form {
      std::u32string_view text;
      ClockSaid::Half half;
    };
    static constexpr Form forms[] = {{U"a.m.", ClockSaid::am}, {U"p.m.", ClockSaid::pm},
                                     {U"a.m", ClockSaid::am},  {U"p.m", ClockSaid::pm},
                                     {U"am", ClockSaid::am},   {U"pm", ClockSaid::pm}};
    for (const Form& form : forms) {
      int end = s + static_cast<int>(form.text.size());
      if (starts_with(s, form.text) && !is_word_letter(at(end))) {
        if (out.hour >= 1 && out.hour <= 12) out.half = form.half;
        return end;
      }
    }
    return -1;
  }

  static void set_half(ClockSaid& clock, bool leading_zero) {
    if (leading_zero || clock.hour > 12 || clock.hour == 0) clock.half = ClockSaid::exact;
  }

  int clock(int p, MomentSaid& out, bool loose) {
    if (int end = past_the_hour(p, out); end > 0) return end;
    Number n;
    if (!number(p, n) || n.value > 24) return -1;
    if (n.arabic && (is_word_letter(text_.at(p - 1)) || text_.at(p - 1) == U'.')) return -1;
    ClockSaid said;
    said.hour = n.value;
    int q = n.end;
    if (n.arabic && (at(q) == U':' || at(q) == U'.') && is_ascii_digit(at(q + 1))) {
      Number m;
      if (!number(q + 1, m) || m.length != 2 || m.value > 59) return -1;
      said.minute = m.value;
      set_half(said, n.leading_zero);
      int end = m.end;
      if (at(end) == U':' && is_ascii_digit(at(end + 1)) && is_ascii_digit(at(end + 2))) end += 3;
      if (int after = meridiem(end, said); after > 0) {
        end = after;
      } else if (at(q) == U'.') {
        return -1;
      }
      if (at(end) == U'分') ++end;
      out.clock = said;
      return end;
    }
    if (int end = chinese_clock(n, said, out); end > 0) return end;
    if (n.value >= 1 && n.value <= 12) {
      if (int end = meridiem(q, said); end > 0) {
        out.clock = said;
        return end;
      }
      int s = spaces(q);
      if (int end = latin(s, U"o'clock"); end > 0) {
        out.clock = said;
        return end;
      }
    }
    if (loose && text_.language == Language::en && n.value <= 24 && bare_hour_may_end(q)) {
      set_half(said, n.leading_zero);
      out.clock = said;
      return q;
    }
    return -1;
  }

  // "half past ten", "quarter to 3"
  int past_the_hour(int p, MomentSaid& out) const {
    struct Form {
      std::u32string_view text;
      int minutes;
    };
    static constexpr Form forms[] = {{U"half past ", 30},
                                     {U"quarter past ", 15},
                                     {U"a quarter past ", 15},
                                     {U"quarter to ", -15},
                                     {U"a quarter to ", -15}};
    for (const Form& form : forms) {
      if (!starts_with(p, form.text)) continue;
      Number n;
      if (!number(p + static_cast<int>(form.text.size()), n) || n.value < 1 || n.value > 12)
        return -1;
      ClockSaid said;
      said.hour = form.minutes < 0 ? (n.value + 10) % 12 + 1 : n.value;
      said.minute = (form.minutes + 60) % 60;
      int end = meridiem(n.end, said);
      out.clock = said;
      return end > 0 ? end : n.end;
    }
    return -1;
  }

  // A bare English number is an hour unless something counted follows.
  bool bare_hour_may_end(int q) const {
    char32_t c = at(q);
    if (is_word_letter(c) || c == U'-' || c == U':' || c == U'/' || c == U'%' || is_han(c)) {
      return is_word(q, TimeWord::until);
    }
    if (c == U'.' && is_ascii_digit(at(q + 1))) return false;
    int s = spaces(q);
    const TimeWord* word = word_at(s);
    if (word != nullptr) {
      return word->type != TimeWord::unit_minutes && word->type != TimeWord::unit_days &&
             word->type != TimeWord::unit_months && word->type != TimeWord::month_name;
    }
    return s == q || !is_word_letter(at(s)) || latin(s, U"please") > 0 || latin(s, U"if") > 0 ||
           latin(s, U"would") > 0 || latin(s, U"is") > 0 || latin(s, U"works") > 0 ||
           latin(s, U"sharp") > 0 || latin(s, U"when") > 0 || latin(s, U"my") > 0 ||
           latin(s, U"i") > 0;
  }

  int chinese_clock(const Number& n, ClockSaid& said, MomentSaid& out) {
    int q = spaces(n.end);
    if (at(q) != U'点' && at(q) != U'时') return -1;
    if (at(q) == U'时' && (at(q + 1) == U'候' || at(q + 1) == U'间' || at(q + 1) == U'长'))
      return -1;
    set_half(said, n.leading_zero && n.value != 0);
    int end = q + 1;
    bool sure = n.arabic || n.value > 1;
    // 两点建议, 三点问题, 一点点
    static constexpr std::u32string_view counted = U"建意问要原说希不疑想小点都也儿事内";
    Number m;
    int s = spaces(end);
    if (at(end) == U'钟' || at(end) == U'整') {
      ++end;
      sure = true;
    } else if (at(end) == U'半') {
      said.minute = 30;
      ++end;
      if (at(end) == U'钟') ++end;
      sure = true;
    } else if ((at(s) == U'一' || at(s) == U'三' || at(s) == U'1' || at(s) == U'3') &&
               at(s + 1) == U'刻') {
      said.minute = digit_value(at(s)) * 15;
      end = s + 2;
      if (at(end) == U'钟') ++end;
      sure = true;
    } else if (number(s, m) && m.value < 60 && m.second == 0 && minute_is_meant(m)) {
      said.minute = m.value;
      end = m.end;
      if (at(end) == U'分') ++end;
      if (at(end) == U'钟') ++end;
      sure = true;
    } else if (counted.find(at(end)) != std::u32string_view::npos && at(end) != 0) {
      return -1;
    }
    if (at(end) == U'多') ++end;
    weak_ = !sure && out.day.kind == DaySaid::none && out.part < 0;
    pair_end_ = n.second;
    out.clock = said;
    return end;
  }
  bool minute_is_meant(const Number& m) const {
    if (at(m.end) == U'分') return true;
    if (at(m.end) == U'点' || at(m.end) == U'时' || at(m.end) == U'号' || at(m.end) == U'栋' ||
        at(m.end) == U'楼' || at(m.end) == U'-' || at(m.end) == U':') {
      return at(m.end) == U'-' && m.length == 2;
    }
    return m.length == 2;
  }

  // 一点 is rarely a time: it needs something that makes it one.
  bool strengthened(const Expression& out) const {
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

  // "2-4点", "两到四点", "2 to 4pm": the first number has no mark of its own.
  int hours_before_clock(int p, Expression& out) {
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
  int bare_range(int q, const MomentSaid& said, Expression& out) {
    Number n;
    if (!number(q, n) || n.value > 24) return -1;
    if (n.arabic && is_word_letter(text_.at(q - 1))) return -1;
    int s = spaces(n.end);
    if (!is_word(s, TimeWord::until)) return -1;
    int r = spaces(word_end(s));
    MomentSaid second;
    int keep_start = moment_start_;
    int end = part(r, second, false);
    end = clock(end > 0 ? end : r, second, out.bound == Bound::exactly && at_range_prefix_);
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

  void range_end(Expression& out, bool loose) {
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
    int end =
        moment(spaces(word_end(s)), second, text_.language == Language::en && out.first.clock);
    moment_start_ = start;
    pair_end_ = 0;
    weak_ = false;
    if (end < 0 || second.now || second.shift_minutes) {
      out.end = outer_end;
      return;
    }
    out.second = second;
    out.ranged = true;
    out.end = end;
  }

  void suffixes(Expression& out) {
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

  const Normalized& text_;
  const std::vector<WordHit>& hits_;
  const Words& words_;
  const std::vector<std::uint8_t>& taken_;
  std::vector<std::int32_t>& word_at_;
  // What the readers below tell the ones above.
  int moment_start_ = 0, pair_end_ = 0;
  bool weak_ = false, in_prefix_ = false, within_ = false;
  bool at_range_prefix_ = true;
};

}  // namespace

void find_times(const Normalized& text, const std::vector<WordHit>& hits, const Words& words,
                const std::vector<std::uint8_t>& taken, const ParseContext& context,
                std::vector<TimeFound>& found) {
  thread_local std::vector<std::int32_t> word_at;
  word_at.assign(static_cast<std::size_t>(text.size()), -1);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (hits[i].kind == WordKind::time) word_at[hits[i].start] = static_cast<std::int32_t>(i);
  }
  Reader reader(text, hits, words, taken, word_at);
  std::optional<TimeResolver> resolver;
  Reader::Expression expression;
  for (int p = 0; p < text.size();) {
    if (int end = reader.ignored_until(p); end > 0) {
      p = end;
      continue;
    }
    if (!reader.may_start(p) || !reader.read(p, expression) || expression.end <= p) {
      ++p;
      continue;
    }
    if (!expression.recurring) {
      if (!resolver) resolver.emplace(context, words.dayparts);
      std::optional<TimeRange> range = resolver->resolve(
          expression.first, expression.ranged ? &expression.second : nullptr, expression.bound);
      if (range) found.push_back({expression.start, expression.end, *range});
    }
    p = expression.end;
  }
}

}  // namespace huiyin
