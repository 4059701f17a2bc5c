#include "dialogs/identity/typed.h"

#include <unicode/utf8.h>

#include <vector>

#include "dialogs/identity/codes.h"

namespace huiyin::identity {
namespace {

constexpr int digits_min = 4, digits_max = 8;
constexpr std::string_view dot = "•";

struct Letter {
  UChar32 c;
  std::string_view bytes;
};

std::vector<Letter> letters_of(std::string_view text) {
  std::vector<Letter> letters;
  const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    const std::int32_t begin = at;
    UChar32 c;
    U8_NEXT(data, at, size, c);
    letters.push_back(
        {c, text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin))});
  }
  return letters;
}

int digit(UChar32 c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 0xFF10 && c <= 0xFF19) return c - 0xFF10;
  return -1;
}
bool is_joint(UChar32 c) {
  return c == ' ' || c == '-' || c == 0x3000;
}

bool in_entity(const Understanding& heard, std::size_t from, std::size_t to) {
  for (const auto& entity : heard.entities) {
    if (static_cast<std::size_t>(entity.start) < to &&
        static_cast<std::size_t>(entity.end) > from) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<Typed> typed_code(const Understanding& heard, bool exact) {
  const auto letters = letters_of(heard.text);
  bool only_digits = true;  // then it is the answer to the code, whatever else it might mean
  for (const auto& letter : letters) {
    only_digits = only_digits && (digit(letter.c) >= 0 || is_joint(letter.c));
  }
  Typed typed;
  for (std::size_t at = 0; at < letters.size();) {
    std::string digits;
    std::size_t end = at;
    std::size_t last = at;  // behind the last digit
    while (end < letters.size() &&
           (digit(letters[end].c) >= 0 || (!digits.empty() && is_joint(letters[end].c)))) {
      if (const int d = digit(letters[end].c); d >= 0) {
        digits += static_cast<char>('0' + d);
        last = end + 1;
      }
      ++end;
    }
    const int count = static_cast<int>(digits.size());
    const bool taken = count >= digits_min && count <= digits_max &&
                       (!exact || count == code_digits) &&
                       (only_digits || !in_entity(heard, at, last));
    if (taken && typed.code.empty()) typed.code = digits;
    for (std::size_t i = at; i < last; ++i) {
      typed.masked += taken && digit(letters[i].c) >= 0 ? dot : letters[i].bytes;
    }
    at = last;
    if (digits.empty()) typed.masked += letters[at++].bytes;
  }
  if (typed.code.empty()) return std::nullopt;
  return typed;
}

}  // namespace huiyin::identity
