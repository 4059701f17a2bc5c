// Words that steer a dialogue whatever it is about (config/talk/words.json): corrections, repeats,
// cancelling, skipping. Written in small letters and Simplified characters, as reading() gives
// them.
#pragma once
#include <re2/re2.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/config_fault.h"
#include "bot/understand/understanding.h"

namespace huiyin {

struct TalkWords {
  std::vector<std::string> correction, no_correction, negation, not_then, months, repeat,
      cancel_form, skip, another_time, keep, confirm, change, upset, self, first, second, rather,
      later, wrong, dayparts, each_building, take_back, visit, go_on, wait, abuse;
  // What residents call a slot, by its type: 房号, 门牌 for a unit.
  std::map<std::string, std::vector<std::string>> fields;
  // What residents know a matter by, in "zh" and "en": only these are asked about ("did you mean").
  std::map<Intent, std::map<std::string, std::string>> matters;
  std::shared_ptr<const re2::RE2> hour;  // "25点", which there is not
  std::shared_ptr<const re2::RE2> date;  // "2月31日", "february 31", whether or not there is one
  std::shared_ptr<const re2::RE2> building;  // an address without a room: "3栋2单元", "building 3"

  // Something told before is put right; "没错" puts nothing right.
  bool corrects(std::string_view lowered) const;
  // The first date with a month in a text, as said ("2月31日"); "" when there is none.
  std::string date_in(std::string_view text) const;
  // The first hour of a clock that has none such; "" when there is none.
  std::string impossible_hour_in(std::string_view text) const;
  // The words of negation right in front of a place in the text ("不是502", but not "是不是502").
  bool negate(std::string_view before) const;
  // The word stands in what was said, on its own where letters have words ("rent" not in
  // "current"), and at one place at least without a negation before it.
  bool affirms(std::string_view said, std::string_view word) const;
  // "别明天来", "不用今天": a time that does not suit.
  bool rule_out(std::string_view before) const;
  // The last such address in a text, as said; "" when there is none.
  std::string building_in(std::string_view text) const;
  static tl::expected<TalkWords, ConfigFaults> load(const std::string& file);
};

// The lists of words of a file of config/talk, in small letters, by name. Each of `names` must be
// there and hold a word.
using WordLists = std::map<std::string, std::vector<std::string>, std::less<>>;
tl::expected<WordLists, ConfigFaults> load_word_lists(const std::string& file,
                                                      const std::vector<std::string>& names);

// ASCII letters made small; everything else as it is.
std::string lower_ascii(std::string_view text);
bool contains_any(std::string_view lowered, const std::vector<std::string>& words);
// A message as word lists see it: its folded reading, else its text in small letters.
std::string reading(const Understanding& heard);
// The whole text is one of the words, but for punctuation and a few characters or short words
// around it ("那算了吧！", "actually never mind").
bool is_just(std::string_view lowered, const std::vector<std::string>& words);
// Nothing but those words, with one character besides ("操你妈的！").
bool is_nothing_but(std::string_view lowered, std::vector<std::string> words);
// The bytes of the longest word that it is just; 0 when it is none.
std::size_t longest_just(std::string_view lowered, const std::vector<std::string>& words);
// Which of two offered things is meant by "the first", "后一个": 0 or 1.
std::optional<std::size_t> which_of_two(std::string_view lowered, const TalkWords& words);
// "Wang Fang", "Anna Bell": two to four Latin words, each with a capital.
bool is_capitalised(std::string_view text);

}  // namespace huiyin
