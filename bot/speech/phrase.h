// A phrase of the script as it is kept in memory, and the two steps that make it: reading the files
// (shape, patterns) and checking what they say (R10).
#pragma once
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bot/config_fault.h"
#include "bot/speech/pattern.h"
#include "bot/speech/season.h"

namespace huiyin {

inline constexpr std::size_t language_count = 3;
inline constexpr std::size_t button_bytes_max = 64;

struct Phrase {
  std::string id;
  std::string category;  // of R10, or staff, notice, label
  std::string file;      // for faults
  std::string pointer;
  // Name → type: text, number, or the category of the moment's phrase that fills it (greeting,
  // blessing, farewell); the caller gives the first two only.
  std::map<std::string, std::string> args;
  std::optional<When> when;                                // set: one of the phrases of the moment
  std::array<std::vector<Pattern>, language_count> texts;  // by Language; variants
  struct Button {
    std::array<Pattern, language_count> title;
    std::optional<std::array<Pattern, language_count>> says;  // none: what the title says
  };
  std::vector<Button> buttons;
  // The Chinese and English as written, with their pointers, for the checks of the wording.
  struct Written {
    std::string pointer;
    std::string text;
    bool chinese;
  };
  std::vector<Written> written;

  bool wants_moment() const;
};
bool is_moment_type(std::string_view type);

// Reads every *.json of the folder in the order of the names. Faults of shape are added; what could
// be read is returned all the same, so that the later checks find the rest at once.
std::vector<Phrase> read_phrases(const std::string& phrases_dir, ConfigFaults& faults);

// The wording (R10.1–R10.12), unique ids, the phrases that the script itself needs.
void check_wording(const std::vector<Phrase>& phrases, const std::string& phrases_dir,
                   ConfigFaults& faults);

}  // namespace huiyin
