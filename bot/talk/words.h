// Words that steer a dialogue whatever it is about (config/talk/words.json): corrections, repeats,
// cancelling, skipping. Matched on lower-cased text as it came.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "bot/config_fault.h"

namespace huiyin {

struct TalkWords {
  std::vector<std::string> correction, negation, repeat, cancel_form, skip;

  static tl::expected<TalkWords, ConfigFaults> load(const std::string& file);
};

// ASCII letters made small; everything else as it is.
std::string lower_ascii(std::string_view text);
bool contains_any(std::string_view lowered, const std::vector<std::string>& words);
// The whole text is one of the words, but for punctuation and particles around it.
bool is_just(std::string_view lowered, const std::vector<std::string>& words);

}  // namespace huiyin
