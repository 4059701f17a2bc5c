// A telephone number in E.164 ("+8613800138000"), as every table and message holds it.
#pragma once
#include <string>
#include <string_view>

#include "store/base/error.h"

namespace huiyin {

// Reads a number as people write it (national or international, spaces and dashes, full-width
// digits); `region` is the country of a number without one. Mobile and landline numbers that exist
// in the region's plan; else `invalid`.
Result<std::string> parse_phone(std::string_view text, std::string_view region = "CN");
// Exactly a valid E.164 text, nothing to repair.
bool is_e164(std::string_view text);
// For logs and for people who may not see it whole: "138****8000".
std::string mask_phone(std::string_view e164);
// How people of the country write it: "13800138000" for a Chinese number, else the E.164.
std::string national_phone(std::string_view e164);

}  // namespace huiyin
