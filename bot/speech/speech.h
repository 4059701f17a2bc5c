// The phrase script (R10): every sentence for people comes from config/phrases, by id, language
// and moment. Loaded once; pure and thread-safe afterwards.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <variant>
#include <vector>

#include "bot/config_fault.h"
#include "bot/understand/understanding.h"
#include "store/base/time.h"

namespace huiyin {

using Arg = std::variant<std::string, std::int64_t>;
using Args = std::map<std::string, Arg, std::less<>>;

// When it is said: chooses among greetings and blessings (R10.1, R10.3).
struct Moment {
  Instant now;
  const Zone* zone = nullptr;
};

class Speech {
 public:
  virtual ~Speech() = default;
  // The phrase in that language (Traditional is derived from Simplified). An unknown id or a
  // missing argument is a programming error that the load-time check finds; at run time it gives
  // the phrase "system.wordless" and is logged.
  virtual std::string say(std::string_view id, Language language, const Args& args,
                          const Moment& moment) const = 0;
  virtual bool has(std::string_view id) const = 0;
  // Titles and payloads of the buttons of a phrase, in order. The payload is a sentence that is
  // taken as the resident's own: the title, or what the button `says` ("同意 WX20261123-0001").
  virtual std::vector<std::pair<std::string, std::string>> buttons(std::string_view id,
                                                                   Language language,
                                                                   const Args& args,
                                                                   const Moment& moment) const = 0;
  // Every id with the arguments its caller must give, as "repair.recorded{number}{time}"; sorted,
  // the arguments by name.
  virtual std::vector<std::string> ids() const = 0;
};

// Loads and checks every *.json of `phrases_dir` (config/schema/phrases.schema.json, R10). On any
// fault: the faults, all of them.
tl::expected<std::unique_ptr<Speech>, std::vector<ConfigFault>> load_speech(
    const std::string& phrases_dir);

// Where a phrase is said: by a form, a template, a subject. `args` are all that it gives.
struct PhraseUse {
  std::string id;
  std::vector<std::string> args;
  std::string file;  // for the fault: the file and place that names the phrase
  std::string pointer;
};
// Every use must name a phrase of the script and give exactly its arguments. All faults at once.
ConfigFaults check_phrase_uses(const Speech& speech, const std::vector<PhraseUse>& uses);

// A time for people in that language: "11月24日（周二）10:00", "11月24日（周二）上午", a day, a
// range, an open end (grain other than minute and no `to`: "…15:00以后"). The year is told when it
// is not the moment's.
std::string human_time(const TimeRange& range, Language language, const Moment& moment);

}  // namespace huiyin
