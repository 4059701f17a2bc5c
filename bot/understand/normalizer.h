// Text as people type it → one canonical reading: NFKC case fold, Simplified characters, one space
// for any run of blanks, one mark for a run of the same mark; with the way back to the original.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bot/understand/understanding.h"

namespace huiyin {

// Where a character of the canonical reading came from: half-open ranges of the text as it came.
struct Origin {
  std::uint32_t point_start, point_end;  // code points
  std::uint32_t byte_start, byte_end;
};

// One canonical text. Index = character (code point) of the canonical reading. Reused between
// messages, so that a warm thread allocates nothing here.
struct Normalized {
  std::string text;  // UTF-8 of `points`
  std::vector<char32_t> points;
  std::vector<std::uint32_t> byte_at;  // of each character in `text`, and one past the end
  std::vector<std::uint32_t> char_at;  // of each byte of `text`, and one past the end
  std::vector<Origin> origin;
  Language language = Language::zh_hans;
  bool has_digit = false;    // 0-9
  bool has_numeral = false;  // Chinese numerals
  bool has_latin = false;

  int size() const { return static_cast<int>(points.size()); }
  char32_t at(int index) const {
    return index >= 0 && index < size() ? points[static_cast<std::size_t>(index)] : U'\0';
  }
  std::string_view slice(int start, int end) const {
    return std::string_view(text).substr(byte_at[start], byte_at[end] - byte_at[start]);
  }
};

// Immutable after construction; any number of threads. Work is linear in the input.
class Normalizer {
 public:
  Normalizer();
  void normalize(std::string_view utf8, Normalized& out) const;
  // For word lists: the canonical reading alone.
  std::u32string canonical(std::string_view utf8) const;

 private:
  static constexpr char32_t first_ = 0x3400, last_ = 0x9FFF;
  enum Trait : std::uint8_t { plain = 0, traditional = 1, simplified = 2 };
  std::vector<char16_t> simplified_;  // of each character first_..last_
  std::vector<std::uint8_t> traits_;  // evidence for a script that a character gives
};

bool is_han(char32_t point);
bool is_word_letter(char32_t point);  // Latin letter or digit of the canonical reading
void append_utf8(std::string& out, char32_t point);

}  // namespace huiyin
