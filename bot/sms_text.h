// What a text is as an SMS: whether it fits the 7-bit alphabet of GSM 03.38, how many messages of
// the network it takes, who wrote one. Pure; used by SMS channels and by the price of a notice.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "store/base/error.h"
#include "store/message.h"

namespace huiyin {

struct SmsSize {
  bool gsm7 = true;          // else UCS-2
  std::size_t length = 0;    // septets (extension characters 2) or UTF-16 units
  std::size_t segments = 1;  // 160 or 153 septets each; 70 or 67 units each
};
SmsSize measure_sms(std::string_view utf8);
bool fits_gsm7(std::string_view utf8);

// Octets of the GSM alphabet, one a character, 0x1B before those of the extension; what the table
// does not hold becomes U+FFFD.
std::string gsm7_to_utf8(std::string_view octets);

// Puts the operator's signature once in front, as 【…】. Empty: the text as it is.
std::string with_signature(std::string_view text, std::string_view signature);

// Who wrote an SMS: E.164 of the number as the network gives it ("+86138…", "86138…", national).
// A short code or a number outside every plan stands for itself. `phone` is empty where no reply
// can prove a person. Error: `invalid` when it is no number at all.
struct SmsSender {
  std::string id;
  std::string phone;
};
Result<SmsSender> sms_sender(std::string_view from);

}  // namespace huiyin
