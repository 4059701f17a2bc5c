#include "bot/understand/numeral.h"

namespace huiyin {
namespace {

long unit_value(char32_t point) {
  switch (point) {
    case U'十':
    case U'拾':
      return 10;
    case U'百':
    case U'佰':
      return 100;
    case U'千':
    case U'仟':
      return 1000;
    default:
      return 0;
  }
}

}  // namespace

int digit_value(char32_t point) {
  if (point >= U'0' && point <= U'9') return static_cast<int>(point - U'0');
  switch (point) {
    case U'零':
    case U'〇':
      return 0;
    case U'一':
    case U'幺':
    case U'壹':
      return 1;
    case U'二':
    case U'两':
    case U'贰':
      return 2;
    case U'三':
    case U'叁':
      return 3;
    case U'四':
    case U'肆':
      return 4;
    case U'五':
    case U'伍':
      return 5;
    case U'六':
    case U'陆':
      return 6;
    case U'七':
    case U'柒':
      return 7;
    case U'八':
    case U'捌':
      return 8;
    case U'九':
    case U'玖':
      return 9;
    default:
      return -1;
  }
}

bool is_ascii_digit(char32_t point) {
  return point >= U'0' && point <= U'9';
}

long numeral_size(char32_t point) {
  if (point == U'万') return 10'000;
  return point == U'亿' ? 100'000'000 : unit_value(point);
}

std::optional<long> number_value(std::u32string_view text) {
  if (text.empty() || text.size() > 12) return std::nullopt;
  long total = 0, section = 0, digits = 0;
  int digit_count = 0, last_unit = 0;
  bool pending = false;
  for (char32_t point : text) {
    if (int digit = digit_value(point); digit >= 0) {
      digits = digits * 10 + digit;
      if (++digit_count > 9) return std::nullopt;
      pending = true;
    } else if (long unit = unit_value(point); unit > 0) {
      section += (pending ? digits : 1) * unit;
      digits = 0;
      digit_count = 0;
      pending = false;
      last_unit = static_cast<int>(unit);
    } else if (point == U'万') {
      total += (section + digits) * 10000;
      section = digits = 0;
      digit_count = 0;
      pending = false;
      last_unit = 10000;
    } else {
      return std::nullopt;
    }
  }
  // 一千二 and 两百五 mean 1200 and 250, 一千零二 means 1002.
  if (pending && last_unit >= 100 && digit_count == 1 && text.size() >= 2 &&
      digit_value(text[text.size() - 2]) < 0) {
    digits *= last_unit / 10;
  }
  return total + section + digits;
}

std::string number_label(std::u32string_view text) {
  std::string label;
  for (char32_t point : text) {
    if (unit_value(point) > 0) {
      std::optional<long> value = number_value(text);
      return value ? std::to_string(*value) : std::string();
    }
    if (int digit = digit_value(point); digit >= 0) {
      label.push_back(static_cast<char>('0' + digit));
    } else if (point >= U'a' && point <= U'z') {
      label.push_back(static_cast<char>('A' + (point - U'a')));
    }
  }
  return label;
}

}  // namespace huiyin
