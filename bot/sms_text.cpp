#include "bot/sms_text.h"

#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <array>

#include "store/base/phone.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

// GSM 03.38, the default alphabet by code; 0x1B leads to the extension.
constexpr std::array<char32_t, 128> alphabet = {
    U'@', U'£', U'$', U'¥', U'è', U'é', U'ù', U'ì', U'ò', U'Ç',  U'\n', U'Ø', U'ø', U'\r', U'Å',
    U'å', U'Δ', U'_', U'Φ', U'Γ', U'Λ', U'Ω', U'Π', U'Ψ', U'Σ',  U'Θ',  U'Ξ', 0,    U'Æ',  U'æ',
    U'ß', U'É', U' ', U'!', U'"', U'#', U'¤', U'%', U'&', U'\'', U'(',  U')', U'*', U'+',  U',',
    U'-', U'.', U'/', U'0', U'1', U'2', U'3', U'4', U'5', U'6',  U'7',  U'8', U'9', U':',  U';',
    U'<', U'=', U'>', U'?', U'¡', U'A', U'B', U'C', U'D', U'E',  U'F',  U'G', U'H', U'I',  U'J',
    U'K', U'L', U'M', U'N', U'O', U'P', U'Q', U'R', U'S', U'T',  U'U',  U'V', U'W', U'X',  U'Y',
    U'Z', U'Ä', U'Ö', U'Ñ', U'Ü', U'§', U'¿', U'a', U'b', U'c',  U'd',  U'e', U'f', U'g',  U'h',
    U'i', U'j', U'k', U'l', U'm', U'n', U'o', U'p', U'q', U'r',  U's',  U't', U'u', U'v',  U'w',
    U'x', U'y', U'z', U'ä', U'ö', U'ñ', U'ü', U'à'};

struct Extension {
  unsigned char code;
  char32_t character;
};
constexpr std::array<Extension, 10> extensions = {{{0x0A, U'\f'},
                                                   {0x14, U'^'},
                                                   {0x28, U'{'},
                                                   {0x29, U'}'},
                                                   {0x2F, U'\\'},
                                                   {0x3C, U'['},
                                                   {0x3D, U'~'},
                                                   {0x3E, U']'},
                                                   {0x40, U'|'},
                                                   {0x65, U'€'}}};
constexpr unsigned char escape = 0x1B;

// Septets of a character: 1, 2, or 0 when the alphabet does not hold it.
std::size_t septets(char32_t c) {
  if ((c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U' ' && c <= U'#')) return 1;
  for (const auto& entry : extensions) {
    if (entry.character == c) return 2;
  }
  if (c == 0) return 0;
  for (const char32_t held : alphabet) {
    if (held == c) return 1;
  }
  return 0;
}

void append(std::string& out, char32_t c) {
  char bytes[U8_MAX_LENGTH];
  int32_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, static_cast<UChar32>(c));
  out.append(bytes, static_cast<std::size_t>(size));
}

std::size_t pieces(std::size_t length, std::size_t single, std::size_t each) {
  return length <= single ? 1 : (length + each - 1) / each;
}

}  // namespace

SmsSize measure_sms(std::string_view utf8) {
  std::size_t in_septets = 0, in_units = 0;
  bool gsm7 = true;
  const auto size = static_cast<int32_t>(utf8.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT_OR_FFFD(utf8.data(), i, size, c);
    in_units += static_cast<std::size_t>(U16_LENGTH(c));
    if (!gsm7) continue;
    const std::size_t cost = septets(static_cast<char32_t>(c));
    gsm7 = cost > 0;
    in_septets += cost;
  }
  if (gsm7) return {true, in_septets, pieces(in_septets, 160, 153)};
  return {false, in_units, pieces(in_units, 70, 67)};
}

bool fits_gsm7(std::string_view utf8) {
  return measure_sms(utf8).gsm7;
}

std::string gsm7_to_utf8(std::string_view octets) {
  std::string out;
  out.reserve(octets.size());
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const auto code = static_cast<unsigned char>(octets[i]);
    char32_t c = code < alphabet.size() ? alphabet[code] : 0;
    if (code == escape) {
      c = 0;
      if (i + 1 < octets.size()) {
        const auto second = static_cast<unsigned char>(octets[++i]);
        for (const auto& entry : extensions) {
          if (entry.code == second) c = entry.character;
        }
      }
    }
    append(out, c == 0 ? U'\uFFFD' : c);
  }
  return out;
}

std::string with_signature(std::string_view text, std::string_view signature) {
  if (signature.empty()) return std::string(text);
  const std::string mark = "【" + std::string(signature) + "】";
  return text.starts_with(mark) ? std::string(text) : mark + std::string(text);
}

Result<SmsSender> sms_sender(std::string_view from) {
  from = trim(from);
  const bool international = from.starts_with('+');
  const std::string_view digits = international ? from.substr(1) : from;
  bool plain = digits.size() >= 3 && digits.size() <= 15;
  for (const char c : digits) plain = plain && c >= '0' && c <= '9';
  if (!plain) return fail(ErrorKind::invalid, "must be a telephone number");
  if (const auto phone = parse_phone(from)) return SmsSender{*phone, *phone};
  if (!international) {
    if (const auto phone = parse_phone("+" + std::string(from))) return SmsSender{*phone, *phone};
  }
  return SmsSender{std::string(from), international ? std::string(from) : std::string()};
}

}  // namespace huiyin
