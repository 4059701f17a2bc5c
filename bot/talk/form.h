// A form as data (config/forms/*.json): slots, prompts, validators, what to do when complete. A new
// intake is a file, not a class.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bot/config_fault.h"
#include "bot/understand/understanding.h"

namespace huiyin {

struct SlotSpec {
  std::string name;
  std::string type;  // description text unit person phone time date place number choice
  bool required = true;
  std::string ask;                           // phrase id
  std::string explain;                       // phrase id for "什么意思"
  std::map<std::string, std::string> label;  // "zh", "en"
  bool future = false;                       // time: must not be past
  std::vector<std::string> asap;             // time: words that mean as soon as possible
  std::vector<std::string> skip;             // words that leave an optional slot empty
  std::vector<std::string> choices;
  std::string prefill;     // "proven_phone", "household_name", "household_unit"
  bool asked = true;       // false: a column that only the desk fills; never asked in a dialogue
  bool sensitive = false;  // masked in answers and trackers for roles without the right
};

// The question for a slot that has none of its own; takes the slot's label as {field}.
inline constexpr const char* general_question = "register.ask.field";

struct FormSpec {
  std::string id;    // "repair", "qms-pm-31315"
  std::string file;  // "forms/repair.json", for faults
  std::map<std::string, std::string> title;
  std::vector<Intent> intents;        // that open it; a register opens by its `form` entity
  std::vector<std::string> openings;  // words that open it and say nothing of the matter
  std::vector<SlotSpec> slots;
  std::string summary;         // phrase id; empty: no confirmation
  std::string action;          // the completion that takes it: "work_order", "register", ...
  Json options;                // for the completion: {"kind":"repair"}
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
