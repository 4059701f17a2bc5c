#include "bot/talk/form.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "bot/talk/words.h"

namespace huiyin {
namespace {

const std::set<std::string> slot_types{"description", "text", "unit",  "person", "phone",
                                       "time",        "date", "place", "number", "choice"};
const std::set<std::string> prefills{"proven_phone", "household_name", "household_unit"};

// Reads one file; every fault is noted and reading goes on.
class FormReader {
 public:
  FormReader(std::string file, ConfigFaults& faults) : file_(std::move(file)), faults_(faults) {}

  FormSpec read(const Json& json) {
    FormSpec form;
    form.id = required_text(json, "", "id");
    form.file = file_;
    form.title = labels(json, "", "title", true);
    for (const auto& word : texts(json, "", "openings")) form.openings.push_back(lower_ascii(word));
    // Longest first: "我要报修" is taken out before "报修".
    std::sort(form.openings.begin(), form.openings.end(),
              [](const auto& a, const auto& b) { return a.size() > b.size(); });
    form.summary = text_of(json, "summary");
    form.register_form = flag_of(json, "register");
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
    slot.ask = text_of(json, "ask", general_question);
    slot.explain = text_of(json, "explain");
    slot.label = labels(json, at, "label", true);
    slot.future = flag_of(json, "future");
    slot.asap = texts(json, at, "asap");
    slot.skip = texts(json, at, "skip");
    slot.choices = texts(json, at, "choices");
    slot.prefill = text_of(json, "prefill");
    if (!slot.prefill.empty() && !prefills.contains(slot.prefill)) {
      fault(at + "/prefill", "nothing is known as " + slot.prefill,
            "use proven_phone, household_name or household_unit, or leave it out");
    }
    slot.asked = flag_of(json, "asked", true);
    slot.sensitive = flag_of(json, "sensitive");
    if (slot.type == "choice" && slot.choices.empty()) {
      fault(at + "/choices", "a choice names its choices", "add \"choices\": [\"…\", \"…\"]");
    }
    return slot;
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
  ConfigFaults& faults_;
};

}  // namespace

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
    FormSpec form = FormReader(name, faults).read(json);
    if (book.find(form.id) != nullptr) {
      faults.push_back({name, "/id", "form ids are unique: " + form.id, "rename one of them"});
    }
    book.forms_.push_back(std::move(form));
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
