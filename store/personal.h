// Personal data by reference: histories and logs keep the id, the words stand here once, so that
// one person can be erased later without touching an append-only row.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "store/connection.h"

namespace huiyin::store {

// A text that may hold personal data (a note, a description). `subject` groups what is erased
// together, e.g. "conversation:12" or "person:7".
std::int64_t put_text(Connection& db, std::string_view subject, std::string_view text);
std::string get_text(Connection& db, std::int64_t id);  // "" when erased or 0
// Overwrites every text of the subject. Returns how many.
std::int64_t erase_texts(Connection& db, std::string_view subject);

}  // namespace huiyin::store
