#include "bot/talk/talk_check.h"

#include "bot/speech/speech.h"
#include "bot/talk/form.h"
#include "bot/talk/words.h"

namespace huiyin {
namespace {

// What the engine says of a form, with what it gives: the field's label to the general questions,
// the choices to the word that an answer is none of them, every slot to the summary, nothing to the
// rest.
std::vector<PhraseUse> uses_of(const FormSpec& form) {
  std::vector<PhraseUse> uses;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < form.slots.size(); ++i) {
    const SlotSpec& slot = form.slots[i];
    const std::string at = "/slots/" + std::to_string(i);
    names.push_back(slot.name);
    if (!slot.asked) continue;
    const bool general = slot.ask == general_question(slot.type, slot.required);
    uses.push_back({slot.ask,
                    general ? std::vector<std::string>{"field"} : std::vector<std::string>(),
                    form.file, at + "/ask"});
    for (const char* said : {"", "1"}) {
      const RefusalPhrase refusal = refusal_of(slot, said);
      if (refusal.phrase == slot.explain) continue;
      uses.push_back(
          {refusal.phrase,
           refusal.choices ? std::vector<std::string>{"choices"} : std::vector<std::string>(),
           form.file, at + "/type"});
    }
    if (!slot.after.empty()) {
      uses.push_back({"form.date_before", {"field", "other"}, form.file, at + "/after"});
    }
    for (std::size_t c = 0; c < slot.choices.size(); ++c) {
      const std::string& ends = slot.choices[c].ends;
      const std::string where = at + "/choices/" + std::to_string(c) + "/ends";
      if (!ends.empty()) uses.push_back({ends, {}, form.file, where});
    }
    if (!slot.explain.empty()) uses.push_back({slot.explain, {}, form.file, at + "/explain"});
  }
  if (!form.summary.empty()) uses.push_back({form.summary, names, form.file, "/summary"});
  return uses;
}

}  // namespace

ConfigFaults check_talk(const std::string& config_dir) {
  ConfigFaults faults;
  const auto add = [&](const ConfigFaults& more) {
    faults.insert(faults.end(), more.begin(), more.end());
  };
  const auto speech = load_speech(config_dir + "/phrases");
  const auto forms = FormBook::load(config_dir + "/forms");
  if (!speech) add(speech.error());
  if (!forms) add(forms.error());
  if (const auto words = TalkWords::load(config_dir + "/talk/words.json"); !words) {
    add(words.error());
  }
  if (!speech || !forms) return faults;  // what follows from a fault is no fault of its own
  for (const auto& form : forms->all()) add(check_phrase_uses(**speech, uses_of(form)));
  return faults;
}

}  // namespace huiyin
