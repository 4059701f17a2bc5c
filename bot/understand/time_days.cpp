// Days: 明天, 下周二, 11月25日, "next Tuesday", "Nov 25th", and weeks, months, weekends.
#include "bot/understand/time_reader.h"

namespace huiyin {

int TimeReader::day(int p, MomentSaid& out, bool follows) {
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
      case TimeWord::month_day:
        if (word->a == unsaid) {
          if (p > 0 && text_.points[p - 1] == U'个') return -1;  // 三个月中
          out.day = {DaySaid::date, 0, 0, word->b};
        } else {
          out.day = {DaySaid::month_day, word->a, 0, word->b};
        }
        return end;
      case TimeWord::month_end:
        out.day = {DaySaid::month_end, word->a};
        return end;
      case TimeWord::festival:
        out.day = {DaySaid::festival, word->a};
        return end;
      case TimeWord::month_name:
        return english_date(p, end, word->a, out);
      default:
        return -1;
    }
  }
  return written_date(p, out, follows);
}

bool TimeReader::short_weekday_is_meant(int p, int end) const {
  if (p >= 3 && text_.points[p - 1] == U' ' && text_.points[p - 2] == U'n' &&
      text_.points[p - 3] == U'o') {
    return true;  // "on wed"
  }
  bool loose = false;
  int s = fillers(end, loose);
  return is_word(s, TimeWord::part) || (is_ascii_digit(at(s)) && s > end);
}

int TimeReader::day_of_month(int p, MomentSaid& out, int months) const {
  Number n;
  int s = at(p) == U'的' ? p + 1 : p;
  if (!number(s, n) || (at(n.end) != U'号' && at(n.end) != U'日') || n.value < 1 || n.value > 31) {
    return p;
  }
  out.day = {DaySaid::month_day, months, 0, n.value};
  return n.end + 1;
}

int TimeReader::english_date(int p, int end, int month, MomentSaid& out) const {
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

int TimeReader::ordinal(int p) const {
  for (std::u32string_view suffix : {U"st", U"nd", U"rd", U"th"}) {
    if (starts_with(p, suffix) && !is_word_letter(at(p + 2))) return p + 2;
  }
  return p;
}

int TimeReader::written_date(int p, MomentSaid& out, bool follows) const {
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
    if (const TimeWord* word = q == s + 1 ? word_at(s) : nullptr;  // 12月初
        word != nullptr && word->type == TimeWord::month_day && word->a == unsaid) {
      out.day = {DaySaid::date, 0, a.value, word->b};
      return word_end(s);
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

}  // namespace huiyin
