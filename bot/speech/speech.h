// The phrase script (R10): every sentence for people comes from config/phrases, by id, language
// and moment. Loaded once; pure and thread-safe afterwards.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
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
  // Titles of buttons of a phrase, in order; the payload is what the button says.
  virtual std::vector<std::pair<std::string, std::string>> buttons(
      std::string_view id, Language language, const Args& args, const Moment& moment) const = 0;
  // Every id with its declared arguments, for checks of the callers.
  virtual std::vector<std::string> ids() const = 0;
};

// Loads and checks every file of `phrases_dir`. On any fault: the faults, all of them.
tl::expected<std::unique_ptr<Speech>, std::vector<ConfigFault>> load_speech(
    const std::string& phrases_dir);

// A wait for people: "半小时"… a time range for people in that language ("11月24日（周二）上午10:00").
std::string human_time(const TimeRange& range, Language language, const Moment& moment);

}  // namespace huiyin
