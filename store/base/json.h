// JSON as the whole product speaks it, and the readers that name what is wrong.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "store/base/error.h"

namespace huiyin {

using Json = nlohmann::json;

// Parses text from outside: valid UTF-8, nesting of at most `depth_max`; never throws.
Result<Json> parse_json(std::string_view text, int depth_max = 32);
// Writes JSON whose strings may hold invalid UTF-8 (replaced), compact.
std::string dump_json(const Json& value);

// Appends `text` as a JSON string, quotes and all; invalid UTF-8 is replaced. For the few places
// that write JSON on the path of every turn.
void append_quoted(std::string& out, std::string_view text);

// The member `name` of an object as a string; absent or null gives `fallback`, another type throws
// nothing and gives `fallback` too. For data that was validated before.
std::string text_of(const Json& object, std::string_view name, std::string_view fallback = {});
std::int64_t int_of(const Json& object, std::string_view name, std::int64_t fallback = 0);
bool flag_of(const Json& object, std::string_view name, bool fallback = false);

// A text, or null where it is empty.
Json or_null(const std::string& text);

}  // namespace huiyin
