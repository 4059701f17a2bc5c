#include "dialogs/desk/words.h"

#include <algorithm>

#include "bot/gateway/config_file.h"
#include "bot/speech/traditional.h"
#include "store/base/text.h"

namespace huiyin::desk {
namespace {

constexpr const char* shown = "talk/staff.json";
constexpr const char* schema_name = "schema/staff.schema.json";
constexpr std::string_view number_mark = "{n}";

const std::shared_ptr<const Normalizer>& normalizer() {
  static const auto made = std::make_shared<const Normalizer>();
  return made;
}

// Words as messages are read: the canonical reading.
std::vector<std::string> lowered(const Json& list) {
  std::vector<std::string> out;
  Normalized read;
  for (const auto& word : list) {
    normalizer()->normalize(word.get<std::string>(), read);
    out.push_back(read.text);
  }
  return out;
}

std::vector<std::string> texts(const Json& list) {
  return list.get<std::vector<std::string>>();
}

CommandWords command_from(const Json& json) {
  CommandWords command;
  command.words = lowered(json.at("words"));
  if (json.contains("glued")) command.glued = lowered(json.at("glued"));
  if (json.contains("tails")) command.tails = lowered(json.at("tails"));
  if (json.contains("soft")) command.soft = lowered(json.at("soft"));
  command.usage_zh = json.at("usage").at("zh");
  command.usage_en = json.at("usage").at("en");
  command.alone = flag_of(json, "alone");
  command.several = flag_of(json, "several");
  return command;
}

DeskWords words_from(const Json& json) {
  DeskWords words;
  for (const auto& [name, command] : json.at("commands").items()) {
    words.commands[name] = command_from(command);
  }
  for (const auto& [name, role] : json.at("roles").items()) {
    words.roles[name] = {texts(role.at("kinds")), texts(role.at("commands")),
                         texts(role.value("todo_major", Json::array())), texts(role.at("todo"))};
  }
  for (const auto& one : json.at("verdicts")) {
    words.verdicts.push_back(
        {text_of(one, "verdict"), lowered(one.at("words")), flag_of(one, "warn")});
  }
  for (const auto& one : json.at("severities")) {
    words.severities.push_back({text_of(one, "severity"), lowered(one.at("words"))});
  }
  words.feasible = lowered(json.at("feasible"));
  words.infeasible = lowered(json.at("infeasible"));
  words.titles = lowered(json.at("titles"));
  words.me = lowered(json.at("me"));
  words.everything = lowered(json.at("everything"));
  words.to = lowered(json.at("to"));
  words.into = lowered(json.at("into"));
  words.particles = lowered(json.at("particles"));
  words.counters = lowered(json.at("counters"));
  words.order_marks = lowered(json.at("order_marks"));
  words.house_marks = lowered(json.at("house_marks"));
  words.money_units = lowered(json.at("money_units"));
  words.money_signs = lowered(json.at("money_signs"));
  words.pieces = lowered(json.at("pieces"));
  words.jiao = lowered(json.at("jiao"));
  words.fen = lowered(json.at("fen"));
  words.multipliers = lowered(json.at("multipliers"));
  words.vague_before = lowered(json.at("vague_before"));
  words.vague_after = lowered(json.at("vague_after"));
  words.range = lowered(json.at("range"));
  words.minus = lowered(json.at("minus"));
  words.never_mind = lowered(json.at("never_mind"));
  words.parts = lowered(json.at("parts"));
  words.no_charge = lowered(json.at("no_charge"));
  words.normalizer = normalizer();
  const Traditional traditional;
  for (auto& [name, command] : words.commands) {
    command.usage_hant = traditional.ready() ? traditional.of(command.usage_zh) : command.usage_zh;
  }
  words.amount_fen_max = int_of(json, "amount_yuan_max") * 100;
  return words;
}

// What the schema cannot say.
ConfigFaults faults_of(const Json& json) {
  ConfigFaults faults;
  const auto& known = command_names();
  for (const auto& [name, command] : json.at("commands").items()) {
    const std::string at = child_pointer("/commands", name);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const std::string near = nearest_name(name, known);
      faults.push_back({shown, at, "a command that the desk knows",
                        near.empty() ? "remove it" : "did you mean \"" + near + "\"?"});
    }
    for (const char* language : {"zh", "en"}) {
      const bool marked = command.at("usage").at(language).get<std::string>().find(number_mark) !=
                          std::string::npos;
      if (marked == flag_of(command, "alone")) {
        faults.push_back({shown, at + "/usage/" + language,
                          marked ? "no order is named by a command that stands alone"
                                 : "the place of the order's number is needed",
                          marked ? "take {n} out" : "write {n} where the number stands"});
      }
    }
    const Json words = command.at("words");
    for (const char* part : {"glued", "soft"}) {
      for (const auto& word : command.value(part, Json::array())) {
        if (std::find(words.begin(), words.end(), word) != words.end()) continue;
        faults.push_back({shown, at + "/" + part, "each of these is one of the command's words",
                          "add " + word.dump() + " to the words, or take it out here"});
      }
    }
  }
  for (const auto& [role, told] : json.at("roles").items()) {
    const std::string at = child_pointer("/roles", role) + "/commands";
    std::map<std::string, std::string> owner;  // word → command
    for (const auto& name : told.at("commands")) {
      const auto command = json.at("commands").find(name.get<std::string>());
      if (command == json.at("commands").end()) {
        const std::string near = nearest_name(name.get<std::string>(), known);
        faults.push_back({shown, at,
                          "only commands that stand in /commands; " + name.dump() + " does not",
                          near.empty() ? "remove it" : "did you mean \"" + near + "\"?"});
        continue;
      }
      for (const auto& word : lowered(command->at("words"))) {
        const auto [before, fresh] = owner.emplace(word, name.get<std::string>());
        if (fresh) continue;
        faults.push_back({shown, at,
                          "a word means one command to a role; \"" + word + "\" means " +
                              before->second + " and " + name.get<std::string>(),
                          "take the word from one of them, or one of them from the role"});
      }
    }
  }
  return faults;
}

std::string_view first_word_of(std::string_view usage) {
  return trim(usage.substr(0, usage.find(number_mark)));
}

}  // namespace

const std::vector<std::string>& command_names() {
  static const std::vector<std::string> names{"help",
                                              "todo",
                                              "mine",
                                              "waiting",
                                              "today",
                                              "unfinished",
                                              "late",
                                              "new_order",
                                              "show",
                                              "notify",
                                              "assign",
                                              "transfer",
                                              "review",
                                              "quote",
                                              "infeasible",
                                              "accept",
                                              "arrive",
                                              "start",
                                              "add_charge",
                                              "verify_material",
                                              "agree",
                                              "decline",
                                              "complete",
                                              "sign",
                                              "progress",
                                              "escalate",
                                              "return",
                                              "confirm_return",
                                              "send_to_finance",
                                              "call_back",
                                              "archive",
                                              "cancel",
                                              "reschedule",
                                              "classify",
                                              "reply",
                                              "merge",
                                              "correct_charge",
                                              "undo_charge",
                                              "put_off",
                                              "refuse",
                                              "workload",
                                              "day_of",
                                              "complaints_today"};
  return names;
}

std::size_t begins_with(std::string_view text, const std::vector<std::string>& words) {
  std::size_t longest = 0;
  for (const auto& word : words) {
    if (word.size() > longest && text.starts_with(word)) longest = word.size();
  }
  return longest;
}

std::size_t mark_at(std::string_view text) {
  static const std::vector<std::string> marks{" ",  "\t", "\n", ",",  ".",  ":",  ";",
                                              "!",  "?",  "，", "。", "、", "：", "；",
                                              "！", "？", "~",  "～", "…"};
  return begins_with(text, marks);
}

std::size_t marks_at(std::string_view text) {
  std::size_t all = 0;
  for (std::size_t one = 0; (one = mark_at(text.substr(all))) > 0;) all += one;
  return all;
}

const std::string& CommandWords::usage_in(Language language) const {
  if (language == Language::en) return usage_en;
  return language == Language::zh_hant ? usage_hant : usage_zh;
}

std::string CommandWords::usage(Language language, std::string_view n) const {
  std::string out = usage_in(language);
  const auto at = out.find(number_mark);
  if (at != std::string::npos) out.replace(at, number_mark.size(), n);
  return out;
}

std::string CommandWords::button(Language language, std::string_view n) const {
  const std::string& usage = usage_in(language);
  if (alone) return usage;
  return std::string(first_word_of(usage)) + " " + std::string(n);
}

std::string CommandWords::label(Language language) const {
  return std::string(first_word_of(usage_in(language)));
}

bool RoleWords::has(std::string_view command) const {
  return std::find(commands.begin(), commands.end(), command) != commands.end();
}

const RoleWords& DeskWords::role(std::string_view name) const {
  static const RoleWords nothing;
  const auto it = roles.find(name);
  return it == roles.end() ? nothing : it->second;
}

tl::expected<DeskWords, ConfigFaults> DeskWords::load(const std::string& config_dir) {
  const auto schema = read_config_file(config_dir + "/" + schema_name, schema_name);
  if (!schema) return tl::unexpected(ConfigFaults{schema.error()});
  const auto json = read_config_file(config_dir + "/" + shown, shown);
  if (!json) return tl::unexpected(ConfigFaults{json.error()});
  ConfigFaults faults = check_schema(*json, shown, *schema, schema_name);
  if (faults.empty()) faults = faults_of(*json);
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  return words_from(*json);
}

}  // namespace huiyin::desk
