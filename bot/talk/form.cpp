#include "bot/talk/form.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "bot/speech/traditional.h"
#include "bot/talk/words.h"

namespace huiyin {
namespace {

const std::set<std::string> slot_types{"description", "text", "unit",  "person", "phone",
                                       "time",        "date", "place", "number", "choice"};
const std::set<std::string> prefills{"proven_phone", "household_name", "household_unit"};

// Reads one file; every fault is noted and reading goes on.
class FormReader {
 public:
  FormReader(std::string file, const Traditional& traditional, ConfigFaults& faults)
      : file_(std::move(file)), traditional_(traditional), faults_(faults) {}

  FormSpec read(const Json& json) {
    FormSpec form;
    form.id = required_text(json, "", "id");
    form.file = file_;
    form.title = labels(json, "", "title", true);
    for (const auto& word : texts(json, "", "openings")) form.openings.push_back(lower_ascii(word));
    form.besides = texts(json, "", "besides");
    // Longest first: "我要报修" is taken out before "报修".
    std::sort(form.openings.begin(), form.openings.end(),
              [](const auto& a, const auto& b) { return a.size() > b.size(); });
    form.summary = text_of(json, "summary");
    form.register_form = flag_of(json, "register");
    if (const auto other = json.find("otherwise"); other != json.end() && other->is_object()) {
      form.otherwise = {required_text(*other, "/otherwise", "form"),
                        texts(*other, "/otherwise", "words"), texts(*other, "/otherwise", "with")};
    }
    read_intents(json, form);
    read_slots(json, form);
    const auto complete = json.find("complete");
    if (complete == json.end() || !complete->is_object()) {
      fault("/complete", "a form says what happens when it is complete",
            "add \"complete\": {\"action\": \"register\"}");
    } else {
      form.action = required_text(*complete, "/complete", "action");
      form.options = *complete;
    }
    return form;
  }

 private:
  void read_intents(const Json& json, FormSpec& form) {
    for (const auto& name : texts(json, "", "intents")) {
      if (const auto intent = intent_of(name)) {
        form.intents.push_back(*intent);
      } else {
        fault("/intents", "no such intent: " + name, "use one of the intents of /model/parse");
      }
    }
  }

  void read_slots(const Json& json, FormSpec& form) {
    const auto slots = json.find("slots");
    if (slots == json.end() || !slots->is_array() || slots->empty()) {
      fault("/slots", "a form has at least one slot", "add \"slots\": [...]");
      return;
    }
    std::set<std::string> names;
    for (std::size_t i = 0; i < slots->size(); ++i) {
      const std::string at = "/slots/" + std::to_string(i);
      form.slots.push_back(slot((*slots)[i], at));
      if (!names.insert(form.slots.back().name).second) {
        fault(at + "/name", "slot names of a form are unique", "rename one of them");
      }
    }
  }

  SlotSpec slot(const Json& json, const std::string& at) {
    SlotSpec slot;
    slot.name = required_text(json, at, "name");
    slot.type = required_text(json, at, "type");
    if (!slot.type.empty() && !slot_types.contains(slot.type)) {
      fault(at + "/type", "no such slot type: " + slot.type,
            "use description, text, unit, person, phone, time, date, place, number or choice");
    }
    slot.required = flag_of(json, "required", true);
    slot.ask = text_of(json, "ask", general_question(slot.type, slot.required));
    slot.explain = text_of(json, "explain");
    slot.label = labels(json, at, "label", true);
    slot.future = flag_of(json, "future");
    slot.after = text_of(json, "after");
    read_pattern(json, at, slot);
    slot.asap = texts(json, at, "asap");
    slot.skip = texts(json, at, "skip");
    slot.forgo = texts(json, at, "forgo");
    read_choices(json, at, slot);
    slot.prefill = text_of(json, "prefill");
    if (!slot.prefill.empty() && !prefills.contains(slot.prefill)) {
      fault(at + "/prefill", "nothing is known as " + slot.prefill,
            "use proven_phone, household_name or household_unit, or leave it out");
    }
    slot.asked = flag_of(json, "asked", true);
    slot.soothes = flag_of(json, "soothes");
    slot.sensitive = flag_of(json, "sensitive");
    return slot;
  }

  void read_pattern(const Json& json, const std::string& at, SlotSpec& slot) {
    slot.anywhere = flag_of(json, "anywhere");
    const std::string pattern = text_of(json, "pattern");
    if (pattern.empty()) return;
    slot.pattern = std::make_shared<re2::RE2>(pattern, re2::RE2::Quiet);
    slot.invalid = required_text(json, at, "invalid");
    if (!slot.pattern->ok() || slot.pattern->NumberOfCapturingGroups() != 1) {
      fault(at + "/pattern", "a pattern of RE2 with one group, which is the value",
            "write other groups as (?:…)");
    }
  }

  void read_choices(const Json& json, const std::string& at, SlotSpec& slot) {
    const auto choices = json.find("choices");
    if (choices == json.end()) {
      if (slot.type == "choice") {
        fault(at + "/choices", "a choice names its choices",
              "add \"choices\": [{\"zh\": \"…\", \"en\": \"…\"}, …]");
      }
      return;
    }
    if (!choices->is_array() || choices->empty()) {
      return fault(at + "/choices", "a list of choices",
                   "write it as [{\"zh\": \"…\", \"en\": \"…\"}, …]");
    }
    for (std::size_t i = 0; i < choices->size(); ++i) {
      slot.choices.push_back(choice((*choices)[i], at + "/choices/" + std::to_string(i)));
    }
  }

  Choice choice(const Json& json, const std::string& at) {
    Choice choice;
    if (json.is_string()) {
      choice.zh = choice.en = json.get<std::string>();
    } else if (json.is_object()) {
      choice.zh = text_of(json, "zh");
      choice.en = text_of(json, "en");
      choice.ends = text_of(json, "ends");
      for (const auto& word : texts(json, at, "also")) choice.also.push_back(lower_ascii(word));
    }
    if (choice.zh.empty() || choice.en.empty()) {
      fault(at, "a choice is a text, or one in Chinese and English",
            "write \"…\" or {\"zh\": \"…\", \"en\": \"…\"}");
    }
    choice.hant = traditional_.ready() ? traditional_.of(choice.zh) : choice.zh;
    return choice;
  }

  std::string required_text(const Json& json, const std::string& at, const char* name) {
    std::string value = text_of(json, name);
    if (value.empty()) fault(at + "/" + name, "a text is needed here", "add it");
    return value;
  }
  std::vector<std::string> texts(const Json& json, const std::string& at, const char* name) {
    std::vector<std::string> out;
    const auto it = json.find(name);
    if (it == json.end()) return out;
    if (!it->is_array()) {
      fault(at + "/" + name, "a list of texts", "write it as [\"…\"]");
      return out;
    }
    for (const auto& one : *it) {
      if (one.is_string())
        out.push_back(one.get<std::string>());
      else
        fault(at + "/" + name, "a list of texts", "put each entry in quotes");
    }
    return out;
  }
  std::map<std::string, std::string> labels(const Json& json, const std::string& at,
                                            const char* name, bool needed) {
    std::map<std::string, std::string> out;
    const auto it = json.find(name);
    if (it != json.end() && it->is_object()) {
      for (const auto& [language, text] : it->items()) {
        if (text.is_string()) out[language] = text.get<std::string>();
      }
    }
    if (needed && !(out.contains("zh") && out.contains("en"))) {
      fault(at + "/" + name, "a text in Chinese and English",
            "write {\"zh\": \"…\", \"en\": \"…\"}");
    }
    return out;
  }
  void fault(std::string pointer, std::string rule, std::string remedy) {
    faults_.push_back({file_, std::move(pointer), std::move(rule), std::move(remedy)});
  }

  const std::string file_;
  const Traditional& traditional_;
  ConfigFaults& faults_;
};

}  // namespace

const std::string& Choice::shown(Language language) const {
  if (language == Language::en) return en;
  return language == Language::zh_hant ? hant : zh;
}

const std::string& SlotSpec::shown(Language language) const {
  const auto it = label.find(language == Language::en ? "en" : "zh");
  return it == label.end() ? name : it->second;
}

std::optional<std::string> SlotSpec::matched(std::string_view text) const {
  std::string upper(text), found;
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (!pattern || !re2::RE2::PartialMatch(upper, *pattern, &found) || found.empty()) {
    return std::nullopt;
  }
  static const re2::RE2 separators("[\\s\\-.·・•]");
  re2::RE2::GlobalReplace(&found, separators, "");
  return found;
}

const char* general_question(std::string_view type, bool required) {
  if (type == "choice") return "register.ask.choice";
  if (type == "date") return required ? "register.ask.date" : "register.ask.optional_date";
  return required ? "register.ask.field" : "register.ask.optional";
}

RefusalPhrase refusal_of(const SlotSpec& slot, std::string_view said) {
  if (!slot.invalid.empty()) return {slot.invalid};
  if (slot.type == "phone") {
    const bool digits = said.find_first_of("0123456789") != std::string_view::npos;
    return {digits ? "form.invalid_phone" : "form.no_phone"};
  }
  if (slot.type == "person") return {"form.invalid_name"};
  if (slot.type == "number") return {"form.invalid_number"};
  if (slot.type == "date") return {"form.invalid_date"};
  if (slot.type == "choice") return {"form.invalid_choice", true};
  if (slot.explain.empty() && slot.type == "time") return {"form.invalid_time"};
  if (slot.explain.empty() && slot.type == "text") return {"form.explain.text"};
  return {slot.explain};
}

const SlotSpec* FormSpec::slot(std::string_view name) const {
  for (const auto& slot : slots) {
    if (slot.name == name) return &slot;
  }
  return nullptr;
}

tl::expected<FormBook, ConfigFaults> FormBook::load(const std::string& forms_dir) {
  namespace fs = std::filesystem;
  FormBook book;
  ConfigFaults faults;
  std::vector<fs::path> files;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(forms_dir, missing)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (files.empty()) {
    faults.push_back({forms_dir, "", "the forms are read from this folder", "put them there"});
  }
  std::sort(files.begin(), files.end());
  const Traditional traditional;
  for (const auto& path : files) {
    const std::string name = "forms/" + path.filename().string();
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    const Json json = Json::parse(text.str(), nullptr, false);
    if (!json.is_object()) {
      faults.push_back({name, "", "a form is a JSON object", "check quotes, commas and brackets"});
      continue;
    }
    FormSpec form = FormReader(name, traditional, faults).read(json);
    if (book.find(form.id) != nullptr) {
      faults.push_back({name, "/id", "form ids are unique: " + form.id, "rename one of them"});
    }
    book.forms_.push_back(std::move(form));
  }
  for (const auto& form : book.forms_) {
    for (std::size_t i = 0; i < form.slots.size(); ++i) {
      const SlotSpec* other = form.slot(form.slots[i].after);
      if (form.slots[i].after.empty() || (other != nullptr && other->type == "date")) continue;
      faults.push_back({form.file, "/slots/" + std::to_string(i) + "/after",
                        "no date of the form: " + form.slots[i].after, "name one of its dates"});
    }
    if (form.otherwise.form.empty() || book.find(form.otherwise.form) != nullptr) continue;
    faults.push_back({form.file, "/otherwise/form", "no such form: " + form.otherwise.form,
                      "name the id of another form"});
  }
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  return book;
}

const FormSpec* FormBook::find(std::string_view id) const {
  for (const auto& form : forms_) {
    if (form.id == id) return &form;
  }
  return nullptr;
}

const FormSpec* FormBook::by_intent(Intent intent) const {
  for (const auto& form : forms_) {
    if (std::find(form.intents.begin(), form.intents.end(), intent) != form.intents.end()) {
      return &form;
    }
  }
  return nullptr;
}

}  // namespace huiyin
