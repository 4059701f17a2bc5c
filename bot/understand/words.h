// The word lists of the configuration folder, as the extractors need them. Files, below `config`:
// understanding/dayparts.json, understanding/lexicon/{time,names,answers,forms,matters,
// emergency}.json, catalogue/items.json.
#pragma once
#include <re2/re2.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "bot/understand/lexicon.h"
#include "bot/understand/normalizer.h"
#include "store/base/error.h"

namespace huiyin {

inline constexpr int unsaid = 99;  // a week that was not said: "周二" against "这周二"

// What a word of time.json says; `a` and `b` by type.
struct TimeWord {
  enum Type : std::uint8_t {
    now,
    day,            // a: days from today
    day_part,       // a: days from today, b: index of the daypart
    part,           // b: index of the daypart
    single_part,    // the same, only right after a day (明早)
    week,           // a: weeks from this one
    weekday,        // a: weeks from this one or `unsaid`, b: 1..7
    weekday_short,  // the same, only where more of a time follows ("sun")
    weekend,        // a: weeks from this one or `unsaid`
    month,          // a: months from this one
    month_end,      // a: months from this one
    month_name,     // a: 1..12
    unit_minutes,
    unit_days,
    unit_months,  // a: how many
    until,
    after_suffix,
    before_suffix,
    within_suffix,
    after_prefix,
    before_prefix,
    within_prefix,
    in_prefix,
    range_prefix,
    filler,
    trailing,
    recurring,
    recurring_suffix,
    ignore,
  } type;
  int a = 0, b = 0;
};

struct Daypart {
  std::string name;
  int from_hour, to_hour;
};

struct Words {
  Normalizer normalizer;
  Lexicon lexicon;
  std::vector<TimeWord> time_words;  // payload of WordKind::time
  std::vector<Daypart> dayparts;
  std::vector<std::string> form_ids;  // payload of WordKind::form
  std::u32string name_stops;          // characters that end a name
  std::unordered_map<std::u32string, bool> yes_no;
  std::unordered_map<std::u32string, int> ratings;
  std::vector<std::pair<std::u32string, int>> rating_phrases;  // longest first
  std::vector<std::u32string> softeners;
  std::u32string particles;
  std::unordered_map<std::u32string, bool> neutral_words;  // tell no language
  std::unordered_map<std::u32string, bool> not_english_names;
  std::vector<std::string> request_intents;
  std::unordered_map<std::u32string, std::string> whole_messages;  // what fixed messages mean
  std::unique_ptr<re2::RE2> alarm, alarm_unless, alarm_certain;
};

// `not_found` or `corrupt`, naming the file and what is wrong in it.
Result<std::unique_ptr<Words>> load_words(const std::string& config_dir);

}  // namespace huiyin
