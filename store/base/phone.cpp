#include "store/base/phone.h"

#include <phonenumbers/phonenumberutil.h>

#include <array>
#include <atomic>

namespace huiyin {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

// What nearly every resident types: 11 digits of a mobile phone, written together.
bool looks_like_mobile(std::string_view text, std::string_view region) {
  return region == "CN" && text.size() == 11 && text[0] == '1' && text[1] >= '3' &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Whether such a number exists is decided by its first five digits, so the library, which takes as
// long as the rest of understanding, is asked once for each of them.
std::atomic<char>& known_by_prefix(std::string_view mobile) {
  static std::array<std::atomic<char>, 10'000> known{};  // 0: not asked yet
  std::size_t index = 0;
  for (const char c : mobile.substr(1, 4)) index = index * 10 + static_cast<std::size_t>(c - '0');
  return known[index];
}

Result<std::string> ask_library(std::string_view text, std::string_view region) {
  const auto& util = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  if (util.Parse(std::string(text), std::string(region), &number) !=
          PhoneNumberUtil::NO_PARSING_ERROR ||
      !util.IsValidNumber(number)) {
    return fail(ErrorKind::invalid, "no valid phone number", "phone");
  }
  std::string e164;
  util.Format(number, PhoneNumberUtil::E164, &e164);
  return e164;
}

}  // namespace

Result<std::string> parse_phone(std::string_view text, std::string_view region) {
  if (text.size() > 64) return fail(ErrorKind::invalid, "too long for a phone number", "phone");
  if (!looks_like_mobile(text, region)) return ask_library(text, region);
  auto& known = known_by_prefix(text);
  switch (known.load(std::memory_order_relaxed)) {
    case 'y':
      return "+86" + std::string(text);
    case 'n':
      return fail(ErrorKind::invalid, "no valid phone number", "phone");
    default:
      auto answer = ask_library(text, region);
      known.store(answer ? 'y' : 'n', std::memory_order_relaxed);
      return answer;
  }
}

bool is_e164(std::string_view text) {
  if (text.size() < 8 || text.size() > 16 || text[0] != '+' || text[1] == '0') return false;
  for (const char c : text.substr(1)) {
    if (c < '0' || c > '9') return false;
  }
  const auto parsed = parse_phone(text, "ZZ");
  return parsed && *parsed == text;
}

std::string mask_phone(std::string_view e164) {
  const bool chinese = e164.starts_with("+86") && e164.size() == 14;
  const std::string_view shown = chinese ? e164.substr(3) : e164;
  if (shown.size() <= 7) return "****";
  return std::string(shown.substr(0, 3)) + "****" + std::string(shown.substr(shown.size() - 4));
}

std::string national_phone(std::string_view e164) {
  if (!e164.starts_with("+86")) return std::string(e164);
  if (e164.size() == 14 && e164[3] == '1') return std::string(e164.substr(3));
  const auto& util = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  if (util.Parse(std::string(e164), "ZZ", &number) != PhoneNumberUtil::NO_PARSING_ERROR) {
    return std::string(e164);
  }
  std::string out;
  util.Format(number, PhoneNumberUtil::NATIONAL, &out);
  return out;
}

}  // namespace huiyin
