#include "store/base/text.h"

#include <unicode/utf8.h>

namespace huiyin {
namespace {

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

void append(std::string& out, UChar32 c) {
  char bytes[4];
  std::int32_t length = 0;
  U8_APPEND_UNSAFE(bytes, length, c);
  out.append(bytes, static_cast<std::size_t>(length));
}

// Calls f(code point, or negative where invalid) over the text.
template <class F>
void each(std::string_view text, F&& f) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    UChar32 c;
    U8_NEXT(data, at, size, c);
    f(c);
  }
}

bool is_hidden(UChar32 c) {
  const bool bidi = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
                    c == 0x200F || c == 0x061C;
  const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0);
  return bidi || control;
}

}  // namespace

bool is_valid_utf8(std::string_view bytes) {
  if (is_ascii(bytes)) return true;
  bool valid = true;
  each(bytes, [&](UChar32 c) { valid = valid && c >= 0; });
  return valid;
}

std::string to_valid_utf8(std::string_view bytes) {
  if (is_valid_utf8(bytes)) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size());
  each(bytes, [&](UChar32 c) { append(out, c < 0 ? 0xFFFD : c); });
  return out;
}

std::string safe_for_display(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  each(utf8, [&](UChar32 c) {
    if (c < 0) c = 0xFFFD;
    if (!is_hidden(c)) append(out, c);
  });
  return out;
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : safe_for_display(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::size_t code_points(std::string_view utf8) {
  std::size_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string first_code_points(std::string_view utf8, std::size_t count) {
  std::size_t at = 0;
  for (; at < utf8.size(); ++at) {
    if ((static_cast<unsigned char>(utf8[at]) & 0xC0) != 0x80 && count-- == 0) break;
  }
  return std::string(utf8.substr(0, at));
}

std::string shortened(std::string_view utf8, std::size_t code_points_max) {
  std::string cut = first_code_points(utf8, code_points_max);
  return cut.size() == utf8.size() ? cut : cut + "…";
}

std::string_view trim(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace huiyin
