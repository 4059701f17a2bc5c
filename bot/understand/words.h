// The word lists of the configuration folder, as the extractors need them. Files, below `config`:
// understanding/dayparts.json, understanding/lexicon/{time,names,answers,forms,matters,
// emergency,things}.json, catalogue/items.json.
#pragma once
#include <re2/re2.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "bot/understand/festival.h"
#include "bot/understand/lexicon.h"
#include "bot/understand/normalizer.h"
#include "store/base/error.h"

namespace huiyin {

// Beside a form's index: the word names only the thing that the form is about (座机), which other
// forms may be about, too.
inline constexpr int form_by_thing = 1 << 16;

inline constexpr int unsaid = 99;  // a week that was not said: "周二" against "这周二"

// What a word for a part of the day says by itself, without a day or an hour: 半夜 tells a habit
// ("半夜拖椅子"), 早晨 at the beginning of a message greets.
enum PartUse { part_of_day, habit, greeting };

// What a word of time.json says; `a` and `b` by type.
struct TimeWord {
  enum Type : std::uint8_t {
    now,
    day,            // a: days from today
    day_part,       // a: days from today, b: index of the daypart
    part,           // a: PartUse, b: index of the daypart
    single_part,    // the same, only right after a day (明早)
    week,           // a: weeks from this one
    weekday,        // a: weeks from this one or `unsaid`, b: 1..7
    weekday_short,  // the same, only where more of a time follows ("sun")
    weekend,        // a: weeks from this one or `unsaid`
    month,          // a: months from this one
    month_end,      // a: months from this one
    month_day,      // 月初, 月中: a: months from this one or `unsaid`, b: day of the month
    festival,       // a: index of Words::festivals
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
    moving,  // what follows "from … to …" are two times
    ignore,
  } type;
  int a = 0, b = 0;
};

struct Daypart {
  std::string name;
  int from_hour, to_hour;
};

// things.json: what belongs to a thing or place beside its word in the catalogue, and what tells a
// broken thing from one merely spoken of. Lists are longest first.
struct ThingWords {
  using List = std::vector<std::u32string>;
  List item_heads, item_tails, item_tails_en;  // 儿童(滑梯), (热水器的)插头, (swing) chain
  std::u32string verb_tails;                   // tails that may be verbs: 锁不上
  List no_items;                               // phrases around an item that are none
  List symptoms;                               // words of the catalogue that name no thing
  List weak;                                   // things only where nothing else is broken
  List no_danger;                              // what an emergency merely happens to
  List besides, joined, repairs;               // before an item
  List no_thing_after;                         // 暖气(费)
  List place_heads, place_tails;               // 小区(北门), 卫生间(顶上)
  List beside_tails;                           // 马桶(旁边): where another thing is
  List floor_people;                           // 三楼(的邻居): no place
  std::unique_ptr<re2::RE2> faults, places_zh, places_en;
};

struct Words {
  Normalizer normalizer;
  Lexicon lexicon;
  std::vector<TimeWord> time_words;  // payload of WordKind::time
  std::vector<Daypart> dayparts;
  std::vector<Festival> festivals;
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
  ThingWords things;
  std::unique_ptr<re2::RE2> alarm, alarm_unless, alarm_certain;
  std::unique_ptr<re2::RE2> also, at_home;  // 也, 我家: tell a matter of its own
  std::unique_ptr<re2::RE2> scolding;       // 你们管不管: words for whoever reads it
  std::unique_ptr<re2::RE2> subscribes;     // 订阅, 推送: without one nobody asks for messages
  std::unique_ptr<re2::RE2> complains;      // "投诉：…": who begins so complains, of whatever
};

// `not_found` or `corrupt`, naming the file and what is wrong in it.
Result<std::unique_ptr<Words>> load_words(const std::string& config_dir);

}  // namespace huiyin
