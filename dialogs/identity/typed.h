// Finding a code in what was typed, and hiding it in what is kept. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "bot/understand/understanding.h"

namespace huiyin::identity {

struct Typed {
  std::string code;    // ASCII digits
  std::string masked;  // the text with every such run of digits as dots
};
// A run of 4 to 8 digits (also full-width, also "123 456") that is no part of an address, a phone,
// a time and the like. `exact` wants just as many digits as a code has: a question that a number
// may answer stands open beside the code.
std::optional<Typed> typed_code(const Understanding& heard, bool exact);

}  // namespace huiyin::identity
