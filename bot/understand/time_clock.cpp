// Clock times: 十点半, 10:30, 下午3点20分, "10am", "half past ten".
#include "bot/understand/time_reader.h"

namespace huiyin {

int TimeReader::meridiem(int p, ClockSaid& out) const {
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

int TimeReader::clock(int p, MomentSaid& out, bool loose) {
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

int TimeReader::past_the_hour(int p, MomentSaid& out) const {
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

bool TimeReader::bare_hour_may_end(int q) const {
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

int TimeReader::chinese_clock(const Number& n, ClockSaid& said, MomentSaid& out) {
  int q = spaces(n.end);
  if (at(q) != U'点' && at(q) != U'时') return -1;
  if (at(q) == U'时' && (at(q + 1) == U'候' || at(q + 1) == U'间' || at(q + 1) == U'长')) return -1;
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

bool TimeReader::minute_is_meant(const Number& m) const {
  if (at(m.end) == U'分') return true;
  if (at(m.end) == U'点' || at(m.end) == U'时' || at(m.end) == U'号' || at(m.end) == U'栋' ||
      at(m.end) == U'楼' || at(m.end) == U'-' || at(m.end) == U':') {
    return at(m.end) == U'-' && m.length == 2;
  }
  return m.length == 2;
}

}  // namespace huiyin
