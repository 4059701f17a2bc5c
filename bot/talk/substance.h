// Whether a message says anything of a matter, or only who and where one is.
#pragma once
#include <string_view>
#include <vector>

#include "bot/talk/form.h"

namespace huiyin {

// Byte ranges of the text by code point, to cut entities out of it; one past the end at the end.
std::vector<std::size_t> byte_offsets(std::string_view text);

// The message says something of the matter itself, beyond its entities and opening words.
bool has_substance(const Understanding& heard, const FormSpec& form);

// The same of a single word ("漏水"): anything is left.
bool says_something(const Understanding& heard, const FormSpec& form);

}  // namespace huiyin
