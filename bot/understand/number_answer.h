// The number in an answer to the question for one: "123.45", "12,345", "１２３", "两部", "三个人".
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/base/json.h"

namespace huiyin {

// The first number of the text, or of several the one that stands next to one of the slot's labels
// or their beginnings ("水表" of "水表底数"). A JSON integer, or with a fraction where it was told
// with one. None: no number is there, or it is below 0. `taken`: half-open ranges of code points
// that are something else (an address, a phone, a day). Chinese numerals count in Simplified and
// Traditional; in a sentence only where they count something ("三个人", not "一样").
std::optional<Json> number_in(std::string_view text, const std::vector<std::string>& labels,
                              const std::vector<std::pair<int, int>>& taken = {});

// The same for a number that was not asked for: only one that stands next to a label or its
// beginning counts, a single character ("水123") only right before it.
std::optional<Json> number_beside(std::string_view text, const std::vector<std::string>& labels,
                                  const std::vector<std::pair<int, int>>& taken = {});

// Nothing but digits, numerals and the marks inside a number: "12.5", which is no time of day.
bool is_bare_number(std::string_view text);

}  // namespace huiyin
