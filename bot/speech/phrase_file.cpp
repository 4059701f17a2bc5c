// Reads config/phrases/*.json: JSON, shape, patterns. The shape is that of
// config/schema/phrases.schema.json; it is checked by hand to name each remedy.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "bot/speech/phrase.h"
#include "bot/speech/traditional.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

const std::set<std::string, std::less<>> categories = {
    "greeting", "welcome", "blessing",     "farewell",    "apology", "thanks", "reply",
    "inquiry",  "request", "consultation", "explanation", "staff",   "notice", "label"};
const std::set<std::string, std::less<>> moment_types = {"greeting", "blessing", "farewell"};

bool is_name(std::string_view text, std::string_view also) {
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' && text.back() != '.' &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
                  also.find(c) != std::string_view::npos;
         });
}

std::string escaped(std::string_view member) {  // RFC 6901
  std::string out;
  for (const char c : member) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

class FileReader {
 public:
  FileReader(std::string file, const Traditional& traditional, ConfigFaults& faults)
      : file_(std::move(file)), traditional_(traditional), faults_(faults) {}

  void read(const std::string& bytes, std::vector<Phrase>& phrases) {
    if (!is_valid_utf8(bytes)) return fault("", "the file is UTF-8", "save it as UTF-8");
    Json root;
    try {
      root = Json::parse(bytes);
    } catch (const Json::parse_error& error) {
      const auto end = bytes.begin() +
                       static_cast<std::ptrdiff_t>(std::min<std::size_t>(error.byte, bytes.size()));
      const auto line = 1 + std::count(bytes.begin(), end, '\n');
      return fault("", "the file is JSON (line " + std::to_string(line) + ")",
                   "correct the JSON at or just before that line");
    }
    if (!root.is_object() || !root.contains("phrases") || !root["phrases"].is_array()) {
      return fault("", "an object with a list \"phrases\"",
                   "write {\"phrases\": [{\"id\": …}, …]}");
    }
    known_members("", root, {"$schema", "phrases"});
    for (std::size_t i = 0; i < root["phrases"].size(); ++i) {
      phrase("/phrases/" + std::to_string(i), root["phrases"][i], phrases);
    }
  }

 private:
  void fault(std::string pointer, std::string rule, std::string remedy) {
    faults_.push_back({file_, std::move(pointer), std::move(rule), std::move(remedy)});
  }

  void known_members(const std::string& at, const Json& object,
                     const std::set<std::string, std::less<>>& known) {
    for (const auto& [member, value] : object.items()) {
      if (known.count(member) == 0) {
        fault(at + "/" + escaped(member), "only known members",
              "remove \"" + member + "\" or correct its spelling");
      }
    }
  }

  void phrase(const std::string& at, const Json& value, std::vector<Phrase>& phrases) {
    if (!value.is_object()) return fault(at, "a phrase is an object", "write {\"id\": …}");
    known_members(at, value, {"id", "category", "args", "zh", "en", "when", "buttons"});
    Phrase out;
    out.file = file_;
    out.pointer = at;
    out.id = text_of(value, "id");
    if (!is_name(out.id, ".-")) {
      fault(at + "/id", "an id of a-z, 0-9, dot, dash and underscore that begins with a letter",
            "name the phrase, such as \"repair.recorded\"");
    }
    out.category = text_of(value, "category");
    if (categories.count(out.category) == 0) {
      fault(at + "/category", "a category of R10, or staff, notice, label",
            "write one of greeting, welcome, blessing, farewell, apology, thanks, reply, inquiry, "
            "request, consultation, explanation, staff, notice, label");
    }
    arguments(at + "/args", value, out);
    when(at + "/when", value, out);
    texts(at, value, "zh", out);
    texts(at, value, "en", out);
    buttons(at + "/buttons", value, out);
    phrases.push_back(std::move(out));
  }

  void arguments(const std::string& at, const Json& value, Phrase& out) {
    if (!value.contains("args")) return;
    if (!value["args"].is_object()) {
      return fault(at, "args is an object of name to type", "write {\"number\": \"text\"}");
    }
    for (const auto& [name, type] : value["args"].items()) {
      const std::string kind = type.is_string() ? type.get<std::string>() : "";
      if (!is_name(name, "")) {
        fault(at + "/" + escaped(name), "an argument's name is of a-z, 0-9 and underscore",
              "rename the argument");
      }
      if (kind != "text" && kind != "number" && !is_moment_type(kind)) {
        fault(at + "/" + escaped(name), "a type of text, number, greeting, blessing or farewell",
              "write \"text\" unless a plural needs \"number\"");
      }
      out.args[name] = kind;
    }
  }

  void when(const std::string& at, const Json& value, Phrase& out) {
    if (!value.contains("when")) return;
    const Json& when = value["when"];
    if (!when.is_object())
      return fault(at, "when is an object", "write {\"daypart\": \"morning\"}");
    known_members(at, when, {"daypart", "calendar", "from", "to", "days_before"});
    if (!is_moment_type(out.category)) {
      fault(at, "only a greeting, blessing or farewell has a moment (R10.1, R10.3, R10.4)",
            "remove \"when\" or correct the category");
    }
    if (!out.args.empty()) {
      fault(at, "a phrase of the moment takes no arguments", "remove \"args\" or \"when\"");
    }
    out.when.emplace();
    dayparts(at + "/daypart", when, *out.when);
    days(at, when, *out.when);
  }

  void dayparts(const std::string& at, const Json& when, When& out) {
    if (!when.contains("daypart")) return;
    const Json parts =
        when["daypart"].is_array() ? when["daypart"] : Json::array({when["daypart"]});
    for (const Json& part : parts) {
      const auto hours = part.is_string() ? daypart_hours(part.get<std::string>()) : std::nullopt;
      if (hours) {
        out.hours.push_back(*hours);
      } else {
        fault(at, "a part of the day, or a list of them",
              "write morning, noon, afternoon, evening or night");
      }
    }
  }

  void days(const std::string& at, const Json& when, When& out) {
    const bool any = when.contains("from") || when.contains("to") || when.contains("calendar") ||
                     when.contains("days_before");
    if (!any) return;
    Days days;
    const std::string calendar = text_of(when, "calendar", "gregorian");
    if (calendar != "gregorian" && calendar != "lunar") {
      fault(at + "/calendar", "a calendar that is known", "write gregorian or lunar");
    }
    days.lunar = calendar == "lunar";
    for (const char* end : {"from", "to"}) {
      const auto day = month_day(text_of(when, end));
      if (!day) {
        fault(at + "/" + end, "a month and day that exist", "write them as \"12-31\"");
        continue;
      }
      (end == std::string_view("from") ? days.from : days.to) = *day;
    }
    days.days_before = static_cast<int>(int_of(when, "days_before"));
    if (when.contains("days_before") &&
        (!when["days_before"].is_number_integer() || days.days_before < 0 ||
         days.days_before > days_before_max)) {
      fault(at + "/days_before", "0 to " + std::to_string(days_before_max) + " days before",
            "write a small whole number, or set \"from\" earlier");
      days.days_before = 0;
    }
    out.days = days;
  }

  void texts(const std::string& at, const Json& value, const char* member, Phrase& out) {
    const std::string here = at + "/" + member;
    if (!value.contains(member)) {
      return fault(here, "every phrase is in Chinese (zh) and in English (en)",
                   std::string("write the text of \"") + member + "\"");
    }
    const bool list = value[member].is_array();
    const Json variants = list ? value[member] : Json::array({value[member]});
    if (variants.empty()) fault(here, "at least one text", "write a text");
    for (std::size_t i = 0; i < variants.size(); ++i) {
      const std::string place = list ? here + "/" + std::to_string(i) : here;
      if (!variants[i].is_string() || variants[i].get_ref<const std::string&>().empty()) {
        fault(place, "a text that is not empty", "write a text");
        continue;
      }
      const auto text = variants[i].get<std::string>();
      const bool chinese = member == std::string_view("zh");
      out.written.push_back({place, text, chinese});
      if (auto pattern = compile(place, text, chinese ? Language::zh_hans : Language::en, out)) {
        out.texts[index(chinese ? Language::zh_hans : Language::en)].push_back(std::move(*pattern));
      }
      if (!chinese) continue;
      if (auto pattern = Pattern::compile(traditional_.of(text), Language::zh_hant)) {
        out.texts[index(Language::zh_hant)].push_back(std::move(*pattern));
      }
    }
  }

  void buttons(const std::string& at, const Json& value, Phrase& out) {
    if (!value.contains("buttons")) return;
    if (!value["buttons"].is_array()) {
      return fault(at, "buttons is a list", "write [{\"zh\": …, \"en\": …}]");
    }
    for (std::size_t i = 0; i < value["buttons"].size(); ++i) {
      button(at + "/" + std::to_string(i), value["buttons"][i], out);
    }
  }

  void button(const std::string& at, const Json& value, Phrase& out) {
    if (!value.is_object())
      return fault(at, "a button is an object", "write {\"zh\": …, \"en\": …}");
    known_members(at, value, {"zh", "en", "says"});
    auto title = in_each_language(at, value, out);
    if (!title) return;
    Phrase::Button button{std::move(*title), std::nullopt};
    if (value.contains("says")) {
      const Json& says = value["says"];
      if (!says.is_object()) {
        return fault(at + "/says", "what it says is an object", "write {\"zh\": …, \"en\": …}");
      }
      known_members(at + "/says", says, {"zh", "en"});
      button.says = in_each_language(at + "/says", says, out);
      if (!button.says) return;
    }
    out.buttons.push_back(std::move(button));
  }

  // The short text of a button, {"zh", "en"}.
  std::optional<std::array<Pattern, language_count>> in_each_language(const std::string& at,
                                                                      const Json& value,
                                                                      Phrase& out) {
    const std::string zh = text_of(value, "zh"), en = text_of(value, "en");
    for (const auto& [member, text] : {std::pair{"zh", &zh}, std::pair{"en", &en}}) {
      if (text->empty()) {
        fault(at + "/" + member, "a button says something in Chinese and in English",
              "write its text");
      }
    }
    if (zh.empty() || en.empty()) return std::nullopt;
    out.written.push_back({at + "/zh", zh, true});
    auto hans = compile(at + "/zh", zh, Language::zh_hans, out);
    auto hant = Pattern::compile(traditional_.of(zh), Language::zh_hant);
    auto english = compile(at + "/en", en, Language::en, out);
    if (!hans || !hant || !english) return std::nullopt;
    const std::pair<const char*, std::size_t> sizes[] = {
        {"/zh", std::max(hans->literal_bytes(), hant->literal_bytes())},
        {"/en", english->literal_bytes()}};
    for (const auto& [member, bytes] : sizes) {
      if (bytes > button_bytes_max) {
        fault(at + member,
              "what a button says is at most 64 bytes, and this is " + std::to_string(bytes),
              "shorten it");
      }
    }
    return std::array<Pattern, language_count>{std::move(*hans), std::move(*hant),
                                               std::move(*english)};
  }

  std::optional<Pattern> compile(const std::string& at, const std::string& text, Language language,
                                 const Phrase& phrase) {
    auto pattern = Pattern::compile(text, language);
    if (!pattern) {
      fault(at, "the text is an ICU MessageFormat pattern: " + pattern.error(),
            "close every {, and write a literal brace as '{'");
      return std::nullopt;
    }
    for (const std::string& name : pattern->arguments()) {
      if (phrase.args.count(name) == 0) {
        fault(at, "a text uses only the arguments of its args; {" + name + "} is not one",
              "declare \"" + name + "\" in args if the callers give it, or correct its spelling");
      }
    }
    return std::move(*pattern);
  }

  static std::size_t index(Language language) { return static_cast<std::size_t>(language); }

  const std::string file_;
  const Traditional& traditional_;
  ConfigFaults& faults_;
};

}  // namespace

bool is_moment_type(std::string_view type) {
  return moment_types.count(type) != 0;
}

bool Phrase::wants_moment() const {
  return std::any_of(args.begin(), args.end(),
                     [](const auto& arg) { return is_moment_type(arg.second); });
}

std::vector<Phrase> read_phrases(const std::string& phrases_dir, ConfigFaults& faults) {
  namespace fs = std::filesystem;
  std::vector<Phrase> phrases;
  const Traditional traditional;
  if (!traditional.ready()) {
    faults.push_back({phrases_dir, "", "ICU can derive Traditional Chinese (Hans-Hant)",
                      "install the complete ICU data (package libicu72)"});
    return phrases;
  }
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(phrases_dir, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (error || files.empty()) {
    faults.push_back({phrases_dir, "", "a readable folder with at least one *.json of phrases",
                      "restore config/phrases, or correct the path"});
    return phrases;
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& path : files) {
    const std::string name = (fs::path(phrases_dir) / "").parent_path().filename().string() + "/" +
                             path.filename().string();
    std::ifstream in(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (!in) {
      faults.push_back({name, "", "the file can be read", "correct its permissions"});
      continue;
    }
    FileReader(name, traditional, faults).read(bytes, phrases);
  }
  return phrases;
}

}  // namespace huiyin
