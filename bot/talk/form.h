// A form as data (config/forms/*.json): slots, prompts, validators, what to do when complete. A new
// intake is a file, not a class.
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

// One of the answers that a choice slot takes. In a file a text, or {"zh": "…", "en": "…"}, with
// "also": further words that mean it.
struct Choice {
  std::string zh;                 // what the record keeps
  std::string hant;               // derived from zh
  std::string en;                 // zh when the file has no English
  std::vector<std::string> also;  // in small letters
  std::string ends;  // phrase id: choosing it says so and drops the form; empty: it goes on

  const std::string& shown(Language language) const;
};

struct SlotSpec {
  std::string name;
  std::string type;  // description text unit person phone time date place number choice
  bool required = true;
  std::string ask;                           // phrase id
  std::string explain;                       // phrase id for "什么意思"
  std::map<std::string, std::string> label;  // "zh", "en"
  bool future = false;                       // time, date: must not be past
  std::string after;                         // date: not before that slot's day
  std::vector<std::string> asap;             // time: words that mean as soon as possible
  std::vector<std::string> skip;             // words that leave an optional slot empty
  std::vector<std::string> forgo;            // the same, in whatever message they are said
  std::vector<Choice> choices;
  // text: what it must look like, searched in capitals; its group is the value, without blanks,
  // hyphens and dots. Said where it is none: `invalid`. `anywhere`: taken unasked, too.
  std::shared_ptr<const re2::RE2> pattern;
  std::string invalid;
  bool anywhere = false;
  std::string prefill;     // "proven_phone", "household_name", "household_unit"
  bool asked = true;       // false: a column that only the desk fills; never asked in a dialogue
  bool soothes = false;    // the question itself apologises and thanks; nothing is said before it
  bool sensitive = false;  // masked in answers and trackers for roles without the right

  // The label in the language of the conversation.
  const std::string& shown(Language language) const;
  // What a text tells of the pattern; none when nothing in it looks so.
  std::optional<std::string> matched(std::string_view text) const;
};

// The question for a slot of that type that has none of its own; it takes the slot's label as
// {field}. What need not be told is asked with the way to leave it out.
const char* general_question(std::string_view type, bool required);

// What is said of an answer (`said`, its reading) that a slot does not take, before it is asked
// again; phrase "": nothing fits. `choices`: the phrase takes the slot's choices as {choices}.
struct RefusalPhrase {
  std::string phrase;
  bool choices = false;
};
RefusalPhrase refusal_of(const SlotSpec& slot, std::string_view said);

struct FormSpec {
  std::string id;    // "repair", "qms-pm-31315"
  std::string file;  // "forms/repair.json", for faults
  std::map<std::string, std::string> title;
  std::vector<Intent> intents;        // that open it; a register opens by its `form` entity
  std::vector<std::string> openings;  // words that open it and say nothing of the matter
  std::vector<std::string> besides;   // words that tell another matter of its kind meanwhile
  std::vector<SlotSpec> slots;
  std::string summary;  // phrase id; empty: no confirmation
  std::string action;   // the completion that takes it: "work_order", "register", ...
  Json options;         // for the completion: {"kind":"repair"}
  // Said of the matter at hand, it belongs to another form: a word of each list ("不是我家",
  // "楼道").
  struct Otherwise {
    std::string form;
    std::vector<std::string> words, with;
  } otherwise;
  bool register_form = false;  // one of the 18 of R1.10, listed under /forms

  const SlotSpec* slot(std::string_view name) const;
};

class FormBook {
 public:
  static tl::expected<FormBook, ConfigFaults> load(const std::string& forms_dir);
  const FormSpec* find(std::string_view id) const;
  const FormSpec* by_intent(Intent intent) const;
  const std::vector<FormSpec>& all() const { return forms_; }

 private:
  std::vector<FormSpec> forms_;
};

}  // namespace huiyin
