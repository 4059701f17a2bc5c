#include "bot/talk/substance.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "bot/talk/words.h"

namespace huiyin {

std::vector<std::size_t> byte_offsets(std::string_view text) {
  std::vector<std::size_t> offsets;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) offsets.push_back(at);
  }
  offsets.push_back(text.size());
  return offsets;
}

namespace {

// What is left without entities and opening words, counted.
struct Rest {
  std::size_t han = 0, words = 0;
};
Rest rest_of(const Understanding& heard, const FormSpec& form) {
  const auto offsets = byte_offsets(heard.text);
  std::string rest;
  std::size_t at = 0;
  for (const auto& entity : heard.entities) {
    const auto start = static_cast<std::size_t>(entity.start);
    if (start < at || static_cast<std::size_t>(entity.end) >= offsets.size()) continue;
    rest += heard.text.substr(offsets[at], offsets[start] - offsets[at]);
    rest += ' ';
    at = static_cast<std::size_t>(entity.end);
  }
  if (at < offsets.size()) rest += heard.text.substr(offsets[at]);
  rest = lower_ascii(rest);
  for (const auto& word : form.openings) {
    for (auto found = rest.find(word); found != std::string::npos; found = rest.find(word, found)) {
      rest.replace(found, word.size(), " ");
    }
  }
  Rest out;
  bool in_word = false;
  const auto* data = reinterpret_cast<const std::uint8_t*>(rest.data());
  for (std::int32_t i = 0, size = static_cast<std::int32_t>(rest.size()); i < size;) {
    UChar32 c;
    U8_NEXT(data, i, size, c);
    const bool letter = c > 0 && u_isalpha(c) != 0;
    if (letter && c >= 0x2E80) ++out.han;
    if (letter && c < 0x2E80 && !in_word) ++out.words;
    in_word = letter && c < 0x2E80;
  }
  return out;
}

}  // namespace

bool has_substance(const Understanding& heard, const FormSpec& form) {
  if (heard.first("item") != nullptr) return true;
  const Rest rest = rest_of(heard, form);  // must still be a few words
  return rest.han >= 4 || rest.words >= 3;
}

bool says_something(const Understanding& heard, const FormSpec& form) {
  const Rest rest = rest_of(heard, form);
  return rest.han >= 2 || rest.words >= 1;
}

}  // namespace huiyin
