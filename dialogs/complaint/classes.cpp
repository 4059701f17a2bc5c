#include "dialogs/complaint/classes.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "bot/talk/words.h"

namespace huiyin::complaint {
namespace {

constexpr std::array<std::string_view, 3> by_strictness{"general", "important", "major"};

std::size_t rank(std::string_view severity) {
  const auto at = std::ranges::find(by_strictness, severity);
  return at == by_strictness.end() ? by_strictness.size() - 1
                                   : static_cast<std::size_t>(at - by_strictness.begin());
}

bool is_latin(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// An English word begins where a word begins ("pet" is not in "carpet"); it may go on ("smok").
bool stands_in(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if (!is_latin(word.front()) || at == 0 || !is_latin(text[at - 1])) return true;
  }
  return false;
}

bool any_stands(std::string_view text, const std::vector<std::string>& words) {
  return std::ranges::any_of(words, [&](const auto& word) { return stands_in(text, word); });
}

std::vector<std::string> words_of(const Json& json, const char* name) {
  std::vector<std::string> words;
  const auto list = json.find(name);
  if (list == json.end() || !list->is_array()) return words;
  for (const auto& word : *list) {
    if (word.is_string() && !word.get_ref<const std::string&>().empty()) {
      words.push_back(lower_ascii(word.get<std::string>()));
    }
  }
  return words;
}

double number_of(const Json& json, const char* name, double fallback) {
  const auto it = json.find(name);
  return it != json.end() && it->is_number() ? it->get<double>() : fallback;
}

Likeness likeness_of(const Json& json) {
  Likeness out;
  out.days = static_cast<int>(int_of(json, "days", out.days));
  out.suggest = number_of(json, "suggest", out.suggest);
  out.list = number_of(json, "list", out.list);
  const Json weights = json.value("weights", Json::object());
  out.place = number_of(weights, "place", out.place);
  out.item = number_of(weights, "item", out.item);
  out.topic = number_of(weights, "topic", out.topic);
  out.words = number_of(weights, "words", out.words);
  out.time = number_of(weights, "time", out.time);
  out.elsewhere = number_of(weights, "elsewhere", out.elsewhere);
  return out;
}

}  // namespace

Classes::Classes() : normalizer_(std::make_shared<const Normalizer>()) {
  otherwise_.severity = "general";
  otherwise_.department = "service_supervisor";
}

bool Classes::Rule::holds(std::string_view text) const {
  return any_stands(text, words) && (with.empty() || any_stands(text, with)) &&
         !any_stands(text, unless);
}

Classes::Rule Classes::rule_of(const Json& json) {
  return {text_of(json, "id"),
          text_of(json, "title"),
          std::string(known(text_of(json, "severity"))),
          text_of(json, "department"),
          text_of(json, "reason"),
          words_of(json, "words"),
          words_of(json, "with"),
          words_of(json, "unless")};
}

tl::expected<Classes, ConfigFaults> Classes::load(const std::string& catalogue_dir) {
  const std::string name = "catalogue/complaints.json";
  std::ifstream in(catalogue_dir + "/complaints.json");
  std::stringstream text;
  text << in.rdbuf();
  const Json json = Json::parse(text.str(), nullptr, false);
  ConfigFaults faults;
  for (const char* member : {"severities", "topics"}) {
    if (json.is_object() && json.contains(member) && json[member].is_array()) continue;
    faults.push_back({name, "/" + std::string(member), "a list of rules", "write it as [{…}, …]"});
  }
  if (!json.is_object() || !json.contains("default") || !json["default"].is_object()) {
    faults.push_back({name, "/default", "class and department where no rule holds", "add it"});
  }
  auto matters = Matters::read(json.value("same", Json()), name);
  if (!matters) {
    faults.insert(faults.end(), matters.error().begin(), matters.error().end());
  }
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  Classes classes;
  classes.matters_ = std::move(*matters);
  classes.otherwise_ = rule_of(json["default"]);
  for (const auto& one : json["severities"]) classes.severities_.push_back(rule_of(one));
  for (const auto& one : json["topics"]) classes.topics_.push_back(rule_of(one));
  classes.likeness_ = likeness_of(json.value("similar", Json::object()));
  return classes;
}

Judgement Classes::judge(std::string_view text, std::string_view topic) const {
  Normalized read;
  normalizer_->normalize(text, read);
  const auto about = std::ranges::find_if(topics_, [&](const Rule& rule) {
    return !topic.empty() ? rule.id == topic || rule.title == topic : rule.holds(read.text);
  });
  Judgement out{{}, otherwise_.severity, otherwise_.department, otherwise_.reason};
  if (about != topics_.end()) {
    out.topic = about->id;
    out.department = about->department;
    if (stricter(about->severity, out.severity)) {
      out.severity = about->severity;
      out.reason = about->title;
    }
  }
  for (const auto& rule : severities_) {
    if (!stricter(rule.severity, out.severity) || !rule.holds(read.text)) continue;
    out.severity = rule.severity;
    out.reason = rule.reason;
  }
  return out;
}

std::string_view Classes::known(std::string_view severity) {
  return by_strictness[rank(severity)];
}

bool Classes::stricter(std::string_view a, std::string_view b) {
  return rank(a) > rank(b);
}

}  // namespace huiyin::complaint
