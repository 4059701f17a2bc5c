// Expressions of time, Chinese and English, found in canonical text and resolved against a moment.
// The conventions are those of the contract, section 4.
#pragma once
#include <vector>

#include "bot/understand/understanding.h"
#include "bot/understand/words.h"

namespace huiyin {

struct TimeFound {
  int start, end;  // characters of the canonical text
  TimeRange range;
  // An hour without a day or a part of the day ("三点"): `range` is its next reading.
  bool open_day = false;
};

// `taken[i]` marks characters that belong to another entity already; `hits` are the words of the
// text. Linear in the text. Appends to `found`.
void find_times(const Normalized& text, const std::vector<WordHit>& hits, const Words& words,
                const std::vector<std::uint8_t>& taken, const ParseContext& context,
                std::vector<TimeFound>& found);

}  // namespace huiyin
