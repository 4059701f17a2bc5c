#include "bot/understand/number_answer.h"

#include <unicode/utf8.h>

#include <charconv>
#include <limits>
#include <string>

#include "bot/understand/numeral.h"

namespace huiyin {
namespace {

constexpr std::size_t digits_max = 15;      // exact as a double, too
constexpr std::size_t label_crossing = 20;  // a mark between label and number, as characters

// What may be counted or measured, and what may follow a bare number. Not wording: word classes of
// the language, like the numerals.
constexpr std::u32string_view counted = U"个位人名部台条户辆张把只支根套枚间家口度吨方字元块";
constexpr std::u32string_view trailing = U"吧呢啊呀了的左右多来";
constexpr std::u32string_view not_of_a_count = U"月日号年栋幢座单室";

struct Number {
  std::size_t start, end;  // code points
  Json value;
  bool negative = false;
};

// Half width, small letters, Simplified numerals; as many code points as the text has. A comma that
// does not stand among full-width digits stays what it is: a full-width one parts two numbers.
std::u32string folded(std::string_view text) {
  std::u32string out;
  const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  bool wide = false;  // the digit before was a full-width one
  for (std::int32_t at = 0; at < size;) {
    UChar32 read;
    U8_NEXT_OR_FFFD(data, at, size, read);
    auto c = static_cast<char32_t>(read);
    const bool wide_digit = c >= U'０' && c <= U'９';
    if (c >= U'！' && c <= U'～' && (c != U'，' || wide)) c -= 0xFEE0;
    if (c >= U'A' && c <= U'Z') c += U'a' - U'A';
    constexpr std::u32string_view old = U"兩貳參叁陸萬點個間輛張條戶棟臺層樓";
    constexpr std::u32string_view plain = U"两贰叁叁陆万点个间辆张条户栋台层楼";
    if (const auto known = old.find(c); known != std::u32string_view::npos) c = plain[known];
    if (c == U'−' || c == U'﹣') c = U'-';
    wide = wide_digit;
    out += c;
  }
  return out;
}

bool is_latin(char32_t c) {
  return c >= U'a' && c <= U'z';
}
bool is_chinese_numeral(char32_t c) {
  constexpr std::u32string_view units = U"十拾百佰千仟万";
  return !is_ascii_digit(c) && (digit_value(c) >= 0 || units.find(c) != units.npos);
}
bool one_of(char32_t c, std::u32string_view set) {
  return set.find(c) != std::u32string_view::npos;
}
bool is_mark(char32_t c) {
  return one_of(c, U",.;!?，。；！？、 \n");
}

class Scanner {
 public:
  explicit Scanner(std::u32string_view text) : text_(text) {}

  std::vector<Number> numbers() {
    std::vector<Number> found;
    while (at_ < text_.size()) {
      const std::size_t start = at_;
      std::optional<Json> value;
      if (is_ascii_digit(text_[at_]))
        value = arabic();
      else if (is_chinese_numeral(text_[at_]))
        value = chinese();
      else
        ++at_;
      if (value) found.push_back({start, at_, std::move(*value), is_negative(start)});
    }
    return found;
  }

 private:
  char32_t peek(std::size_t index) const { return index < text_.size() ? text_[index] : U'\0'; }

  std::string digits() {
    std::string out;
    while (is_ascii_digit(peek(at_))) out += static_cast<char>(text_[at_++]);
    return out;
  }

  // "12,345": groups of three behind one to three digits.
  bool at_group() const {
    return peek(at_) == U',' && is_ascii_digit(peek(at_ + 1)) && is_ascii_digit(peek(at_ + 2)) &&
           is_ascii_digit(peek(at_ + 3)) && !is_ascii_digit(peek(at_ + 4));
  }
  // "。45" is no fraction, ".45" and "点四五" are; "1.2.3" is none of a number.
  bool at_point() const {
    return (peek(at_) == U'.' || peek(at_) == U'点') && is_ascii_digit(peek(at_ + 1));
  }

  std::optional<Json> arabic() {
    const std::size_t start = at_;
    std::string whole = digits();
    if (whole.size() <= 3) {
      while (at_group()) {
        ++at_;
        whole += digits();
      }
    }
    std::string fraction;
    if (at_point()) {
      ++at_;
      fraction = digits();
      if (at_point()) {  // a date or a version
        while (at_point() || is_ascii_digit(peek(at_))) ++at_;
        return std::nullopt;
      }
    }
    if (start > 0 && is_latin(text_[start - 1])) return std::nullopt;  // "粤B12345"
    if (one_of(peek(at_), not_of_a_count)) return std::nullopt;        // "12月1日", "3栋"
    std::int64_t scale = 1;
    if (peek(at_) == U'百') scale = 100;
    if (peek(at_) == U'千') scale = 1000;
    if (peek(at_) == U'万') scale = 10'000;
    if (scale != 1) ++at_;
    if (start > 0 && text_[start - 1] == U'.' && fraction.empty() &&
        (start == 1 || !is_latin(text_[start - 2]))) {
      fraction = whole;  // ".5"
      whole = "0";
    }
    return value_of(whole, fraction, scale);
  }

  static std::optional<Json> value_of(const std::string& whole, const std::string& fraction,
                                      std::int64_t scale) {
    const auto first = std::min(whole.find_first_not_of('0'), whole.size() - 1);
    if (whole.size() - first + fraction.size() > digits_max) return std::nullopt;
    if (fraction.empty()) {
      std::int64_t value = 0;
      std::from_chars(whole.data(), whole.data() + whole.size(), value);
      return Json(value * scale);
    }
    const std::string text = whole + "." + fraction;
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    value *= static_cast<double>(scale);
    if (scale != 1 && value == static_cast<double>(static_cast<std::int64_t>(value))) {
      return Json(static_cast<std::int64_t>(value));
    }
    return Json(value);
  }

  std::optional<Json> chinese() {
    const std::size_t start = at_;
    while (is_chinese_numeral(peek(at_))) ++at_;
    const auto whole = number_value(text_.substr(start, at_ - start));
    std::string fraction;
    if (peek(at_) == U'点' && is_chinese_numeral(peek(at_ + 1))) {
      for (++at_; is_chinese_numeral(peek(at_)) && digit_value(text_[at_]) >= 0; ++at_) {
        fraction += static_cast<char>('0' + digit_value(text_[at_]));
      }
    }
    if (!whole || !counts(start)) return std::nullopt;
    if (one_of(peek(at_), not_of_a_count)) return std::nullopt;
    return value_of(std::to_string(*whole), fraction, 1);
  }

  // "两部", "十二", "水表是五" count; "一样", "万一", "千万别" do not.
  bool counts(std::size_t start) const {
    const auto run = text_.substr(start, at_ - start);
    const char32_t next = peek(at_);
    if (run.size() >= 3 || one_of(next, counted)) return true;
    if (next != U'\0' && !is_mark(next) && !one_of(next, trailing)) return false;
    if (start > 0 && text_[start - 1] == U'第') return false;
    const bool has_digit =
        std::any_of(run.begin(), run.end(), [](char32_t c) { return digit_value(c) >= 0; });
    return run == U"十" || (has_digit && run.front() != U'万');
  }

  bool is_negative(std::size_t start) const {
    std::size_t at = start;
    while (at > 0 && text_[at - 1] == U' ') --at;
    const auto before = text_.substr(0, at);
    if (before.ends_with(U"负") || before.ends_with(U"負")) return true;
    if (before.ends_with(U"minus") || before.ends_with(U"negative")) return true;
    // "3-5" is a range, "-5" is below zero.
    return before.ends_with(U'-') && (at == 1 || !is_ascii_digit(text_[at - 2]));
  }

  const std::u32string_view text_;
  std::size_t at_ = 0;
};

// How far the number stands from the label, in characters; a mark between counts for many.
std::size_t distance(std::u32string_view text, std::size_t start, std::size_t end) {
  std::size_t far = 0;
  for (std::size_t at = start; at < end; ++at) far += is_mark(text[at]) ? label_crossing : 1;
  return far;
}

// The label or as much of its beginning as stands in the text; English loses whole words.
std::pair<std::size_t, std::size_t> label_in(std::u32string_view text, std::u32string label) {
  while (!label.empty()) {
    if (const auto at = text.find(label); at != text.npos) return {at, at + label.size()};
    const bool words = is_latin(label.front());
    const auto space = label.rfind(U' ');
    if (words && space == label.npos) break;
    label.resize(words ? space : label.size() - 1);
  }
  return {0, 0};
}

const Number* next_to(std::u32string_view text, const std::vector<Number>& numbers,
                      const std::vector<std::string>& labels) {
  // "水表是123，电表…" tells the label first, "123是水表，…" the number: then that side is
  // preferred.
  const bool number_first = numbers.front().start == 0;
  constexpr std::size_t other_side = 4;
  const Number* best = nullptr;
  std::size_t nearest = std::numeric_limits<std::size_t>::max();
  for (const auto& label : labels) {
    const auto [from, to] = label_in(text, folded(label));
    if (from == to) continue;
    for (const auto& number : numbers) {
      const bool behind = number.start >= to;
      if (!behind && number.end > from) continue;
      const std::size_t far =
          (behind ? distance(text, to, number.start) : distance(text, number.end, from)) +
          (behind == number_first ? other_side : 0);
      if (far >= nearest) continue;
      nearest = far;
      best = &number;
    }
  }
  return best;
}

// "two lines": English counts in words up to twelve.
std::optional<Json> english_count(std::u32string_view text) {
  constexpr std::u32string_view words[] = {U"one",  U"two", U"three",  U"four",
                                           U"five", U"six", U"seven",  U"eight",
                                           U"nine", U"ten", U"eleven", U"twelve"};
  std::size_t start = 0;
  while (start < text.size()) {
    std::size_t end = start;
    while (end < text.size() && is_latin(text[end])) ++end;
    const auto word = text.substr(start, end - start);
    for (std::size_t i = 0; i < std::size(words); ++i) {
      if (word == words[i]) return Json(static_cast<std::int64_t>(i + 1));
    }
    start = end + 1;
  }
  return std::nullopt;
}

}  // namespace

bool is_bare_number(std::string_view text) {
  const std::u32string read = folded(text);
  return !read.empty() && std::all_of(read.begin(), read.end(), [](char32_t c) {
    return is_ascii_digit(c) || is_chinese_numeral(c) || c == U'.' || c == U',' || c == U'点';
  });
}

namespace {

std::vector<Number> free_numbers(std::u32string_view read,
                                 const std::vector<std::pair<int, int>>& taken) {
  std::vector<Number> numbers;
  for (auto& number : Scanner(read).numbers()) {
    const bool free = std::none_of(taken.begin(), taken.end(), [&](const auto& range) {
      return number.start < static_cast<std::size_t>(range.second) &&
             number.end > static_cast<std::size_t>(range.first);
    });
    if (free) numbers.push_back(std::move(number));
  }
  return numbers;
}

}  // namespace

std::optional<Json> number_beside(std::string_view text, const std::vector<std::string>& labels,
                                  const std::vector<std::pair<int, int>>& taken) {
  constexpr std::size_t characters_min = 2;
  const std::u32string read = folded(text);
  const std::vector<Number> numbers = free_numbers(read, taken);
  if (numbers.empty()) return std::nullopt;
  for (const auto& label : labels) {
    const auto [from, to] = label_in(read, folded(label));
    const bool clear = to - from >= characters_min ||
                       std::any_of(numbers.begin(), numbers.end(), [to = to](const Number& number) {
                         return to > 0 && number.start == to;
                       });
    const Number* number = from < to && clear ? next_to(read, numbers, {label}) : nullptr;
    if (number != nullptr && !number->negative) return number->value;
  }
  return std::nullopt;
}

std::optional<Json> number_in(std::string_view text, const std::vector<std::string>& labels,
                              const std::vector<std::pair<int, int>>& taken) {
  const std::u32string read = folded(text);
  const std::vector<Number> numbers = free_numbers(read, taken);
  if (numbers.empty()) return english_count(read);
  const Number* meant = numbers.size() > 1 ? next_to(read, numbers, labels) : nullptr;
  if (meant == nullptr) meant = &numbers.front();
  if (meant->negative) return std::nullopt;
  return meant->value;
}

}  // namespace huiyin
