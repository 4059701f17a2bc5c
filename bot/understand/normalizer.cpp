#include "bot/understand/normalizer.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/utf8.h>
#include <unicode/utypes.h>

namespace huiyin {
namespace {

// A hostile run of combining marks is cut here: reordering such a run is quadratic in its length.
constexpr int segment_points_max = 32;

const icu::Normalizer2& folder() {
  UErrorCode status = U_ZERO_ERROR;
  return *icu::Normalizer2::getNFKCCasefoldInstance(status);
}

// Written in Simplified texts too, so no evidence for Traditional.
constexpr std::u32string_view shared_characters = U"著乾瞭藉徵餘鍾夥麽";
// Cantonese letters that no standard Simplified text holds.
constexpr std::u32string_view cantonese_characters = U"嘅喺咗啲嚟冇佢哋嗰咁攞搵嘢";

char32_t map_mark(char32_t point) {
  if (point == U'\n') return U';';  // a line is a clause
  if (point < 0x80) return point < 0x21 || point == 0x7F ? U' ' : point;
  if (point < 0xA1) return U' ';  // C1 controls, no-break space
  switch (point) {
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
      return U'-';
    case 0x301C:
    case 0x223C:
      return U'~';
    case 0x2018:
    case 0x2019:
      return U'\'';
    case 0x2028:
    case 0x2029:
      return U' ';
    default:
      return point;
  }
}

bool is_repeated_mark(char32_t point) {
  switch (point) {
    case U'!':
    case U'?':
    case U',':
    case U'.':
    case U';':
    case U'~':
    case U'。':
    case U'、':
      return true;
    default:
      return false;
  }
}

bool is_numeral(char32_t point) {
  switch (point) {
    case U'零':
    case U'〇':
    case U'一':
    case U'二':
    case U'两':
    case U'三':
    case U'四':
    case U'五':
    case U'六':
    case U'七':
    case U'八':
    case U'九':
    case U'十':
    case U'百':
    case U'千':
    case U'幺':
    case U'半':
      return true;
    default:
      return false;
  }
}

// 0: plain (kept or handled by tables), 1: needs ICU.
bool needs_folding(char32_t point) {
  if (point < 0x80) return false;
  if (point >= 0x4E00 && point <= 0x9FFF) return false;
  if (point >= 0x3400 && point <= 0x4DBF) return false;
  if (point >= 0x3001 && point <= 0x3011) return false;
  if (point >= 0xFF01 && point <= 0xFF5E) return false;
  if (point >= 0x2010 && point <= 0x2019 && point != 0x2011 && point != 0x2017) return false;
  return true;
}

}  // namespace

bool is_han(char32_t point) {
  return (point >= 0x4E00 && point <= 0x9FFF) || (point >= 0x3400 && point <= 0x4DBF) ||
         (point >= 0x20000 && point <= 0x3134F) || point == 0x3007;
}

bool is_word_letter(char32_t point) {
  return (point >= U'a' && point <= U'z') || (point >= U'0' && point <= U'9') ||
         (point >= 0xC0 && point <= 0x24F);
}

void append_utf8(std::string& out, char32_t point) {
  if (point < 0x80) {
    out.push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (point >> 6)));
    out.push_back(static_cast<char>(0x80 | (point & 0x3F)));
  } else if (point < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (point >> 12)));
    out.push_back(static_cast<char>(0x80 | ((point >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (point & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | (point >> 18)));
    out.push_back(static_cast<char>(0x80 | ((point >> 12) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | ((point >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (point & 0x3F)));
  }
}

// The transliterators are slow and stateful, so each character is asked once, at the start. Line
// breaks between the characters keep rules for whole words from matching.
Normalizer::Normalizer() : simplified_(last_ - first_ + 1), traits_(last_ - first_ + 1, plain) {
  icu::UnicodeString all;
  for (char32_t point = first_; point <= last_; ++point) {
    simplified_[point - first_] = static_cast<char16_t>(point);
    all.append(static_cast<char16_t>(point));
    all.append(u'\n');
  }
  auto convert = [&](const char* id) {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> converter(
        icu::Transliterator::createInstance(id, UTRANS_FORWARD, status));
    icu::UnicodeString result = all;
    if (converter != nullptr) converter->transliterate(result);
    return result;
  };
  icu::UnicodeString to_simplified = convert("Traditional-Simplified");
  icu::UnicodeString to_traditional = convert("Simplified-Traditional");
  if (to_simplified.length() != all.length() || to_traditional.length() != all.length()) return;
  for (char32_t point = first_; point <= last_; ++point) {
    auto index = static_cast<std::int32_t>(point - first_);
    char16_t target = to_simplified.charAt(index * 2);
    simplified_[point - first_] = target;
    if (target != point) traits_[point - first_] |= traditional;
    if (to_traditional.charAt(index * 2) != point && target == point) {
      traits_[point - first_] |= simplified;
    }
  }
  for (char32_t point : shared_characters) traits_[point - first_] = plain;
  for (char32_t point : cantonese_characters) traits_[point - first_] = traditional;
}

void Normalizer::normalize(std::string_view utf8, Normalized& out) const {
  out.text.clear();
  out.points.clear();
  out.byte_at.clear();
  out.char_at.clear();
  out.origin.clear();
  out.has_digit = out.has_numeral = out.has_latin = false;
  int han = 0, letters = 0, digits = 0, traditional_count = 0, simplified_count = 0;

  auto emit = [&](char32_t point, const Origin& from) {
    point = map_mark(point);
    if (point >= first_ && point <= last_) {
      ++han;
      std::uint8_t trait = traits_[point - first_];
      traditional_count += trait & traditional;
      simplified_count += (trait & simplified) >> 1;
      point = simplified_[point - first_];
      if (is_numeral(point)) out.has_numeral = true;
    } else if (point < 0x80) {
      if (point >= U'A' && point <= U'Z') point += 32;
      if (point >= U'a' && point <= U'z') {
        ++letters;
      } else if (point >= U'0' && point <= U'9') {
        ++digits;
      } else if ((point == U' ' || is_repeated_mark(point)) && !out.points.empty() &&
                 out.points.back() == point) {
        out.origin.back().point_end = from.point_end;
        out.origin.back().byte_end = from.byte_end;
        return;
      }
    } else if (is_han(point)) {
      ++han;
      if (point == U'〇') out.has_numeral = true;
    } else if (is_repeated_mark(point) && !out.points.empty() && out.points.back() == point) {
      out.origin.back().point_end = from.point_end;
      out.origin.back().byte_end = from.byte_end;
      return;
    } else if (is_word_letter(point)) {
      ++letters;
    }
    out.points.push_back(point);
    out.origin.push_back(from);
  };

  const char* bytes = utf8.data();
  const auto length = static_cast<std::int32_t>(utf8.size());
  std::int32_t at = 0;
  std::uint32_t index = 0;  // code points of the original read so far
  while (at < length) {
    std::int32_t start = at;
    UChar32 point;
    U8_NEXT_OR_FFFD(bytes, at, length, point);
    Origin from{index, index + 1, static_cast<std::uint32_t>(start),
                static_cast<std::uint32_t>(at)};
    ++index;
    if (!needs_folding(static_cast<char32_t>(point))) {
      // Full-width forms sit 0xFEE0 above their ASCII twins.
      if (point >= 0xFF01 && point <= 0xFF5E) point -= 0xFEE0;
      emit(static_cast<char32_t>(point), from);
      continue;
    }
    const icu::Normalizer2& nfkc = folder();
    icu::UnicodeString segment, folded;
    // A mark joins the letter before it, which was already written.
    if (!nfkc.hasBoundaryBefore(point) && !out.points.empty() &&
        out.origin.back().byte_end == from.byte_start && out.points.back() != U' ' &&
        !is_han(out.points.back())) {
      segment.append(static_cast<UChar32>(out.points.back()));
      from.point_start = out.origin.back().point_start;
      from.byte_start = out.origin.back().byte_start;
      out.points.pop_back();
      out.origin.pop_back();
    }
    segment.append(point);
    for (int count = 1; at < length && count < segment_points_max; ++count) {
      std::int32_t next = at;
      U8_NEXT_OR_FFFD(bytes, next, length, point);
      if (point < 0x300 || nfkc.hasBoundaryBefore(point)) break;
      segment.append(point);
      at = next;
      ++index;
    }
    from.point_end = index;
    from.byte_end = static_cast<std::uint32_t>(at);
    UErrorCode status = U_ZERO_ERROR;
    nfkc.normalize(segment, folded, status);
    if (U_FAILURE(status)) folded = segment;
    for (std::int32_t i = 0; i < folded.length();) {
      UChar32 result = folded.char32At(i);
      i += U16_LENGTH(result);
      emit(static_cast<char32_t>(result), from);
    }
  }

  out.has_digit = digits > 0;
  out.has_latin = letters > 0;
  if (han > 0) {
    out.language = traditional_count > 0 && traditional_count >= simplified_count
                       ? Language::zh_hant
                       : Language::zh_hans;
  } else {
    out.language = letters >= 2 && letters > digits ? Language::en : Language::zh_hans;
  }
  for (std::size_t i = 0; i < out.points.size(); ++i) {
    out.byte_at.push_back(static_cast<std::uint32_t>(out.text.size()));
    append_utf8(out.text, out.points[i]);
    out.char_at.resize(out.text.size(), static_cast<std::uint32_t>(i));
  }
  out.byte_at.push_back(static_cast<std::uint32_t>(out.text.size()));
  out.char_at.push_back(static_cast<std::uint32_t>(out.points.size()));
}

std::u32string Normalizer::canonical(std::string_view utf8) const {
  Normalized out;
  normalize(utf8, out);
  std::u32string word(out.points.begin(), out.points.end());
  while (!word.empty() && word.back() == U' ') word.pop_back();
  while (!word.empty() && word.front() == U' ') word.erase(0, 1);
  return word;
}

}  // namespace huiyin
