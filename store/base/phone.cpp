#include "store/base/phone.h"

#include <phonenumbers/phonenumberutil.h>

namespace huiyin {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

Result<std::string> parse_phone(std::string_view text, std::string_view region) {
  if (text.size() > 64) return fail(ErrorKind::invalid, "too long for a phone number", "phone");
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
