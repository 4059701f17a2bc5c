#include "bot/talk/words.h"

#include <fstream>
#include <sstream>

#include "store/base/json.h"
#include "store/base/text.h"

namespace huiyin {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// A place where the word stands in the text that suits, an English word not inside a longer one
// ("repeatedly"). `suits` takes what stands before it.
template <class F>
bool stands_where(std::string_view text, std::string_view word, F&& suits) {
  if (word.empty()) return false;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool cut_before = at > 0 && is_letter(text[at - 1]) && is_letter(word.front());
    const bool cut_after = end < text.size() && is_letter(text[end]) && is_letter(word.back());
    if (!cut_before && !cut_after && suits(text.substr(0, at))) return true;
  }
  return false;
}
bool stands_in(std::string_view text, std::string_view word) {
  return stands_where(text, word, [](std::string_view) { return true; });
}

void read_matters(const Json& json, TalkWords& words, ConfigFaults& faults) {
  const auto matters = json.is_object() ? json.find("matters") : json.end();
  if (matters == json.end() || !matters->is_object()) {
    faults.push_back({"talk/words.json", "/matters",
                      "the matters that may be asked about, by intent",
                      "add \"matters\": {\"report_repair\": {\"zh\": \"…\", \"en\": \"…\"}}"});
    return;
  }
  for (const auto& [name, texts] : matters->items()) {
    const std::string at = "/matters/" + name;
    const auto intent = intent_of(name);
    if (!intent) {
      faults.push_back({"talk/words.json", at, "no such intent: " + name,
                        "use one of the intents of /model/parse"});
    } else if (text_of(texts, "zh").empty() || text_of(texts, "en").empty()) {
      faults.push_back({"talk/words.json", at, "a text in Chinese and English",
                        "write {\"zh\": \"…\", \"en\": \"…\"}"});
    } else {
      words.matters[*intent] = {{"zh", text_of(texts, "zh")}, {"en", text_of(texts, "en")}};
    }
  }
}

void read_fields(const Json& json, TalkWords& words, ConfigFaults& faults) {
  const auto fields = json.is_object() ? json.find("fields") : json.end();
  if (fields == json.end() || !fields->is_object() || fields->empty()) {
    faults.push_back({"talk/words.json", "/fields", "what residents call a slot, by its type",
                      "add \"fields\": {\"unit\": [\"地址\"]}"});
    return;
  }
  for (const auto& [type, list] : fields->items()) {
    for (const auto& word : list) {
      if (word.is_string()) words.fields[type].push_back(lower_ascii(word.get<std::string>()));
    }
  }
}

}  // namespace

tl::expected<TalkWords, ConfigFaults> TalkWords::load(const std::string& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  const Json json = Json::parse(text.str(), nullptr, false);
  ConfigFaults faults;
  TalkWords words;
  const auto read = [&](const char* name, std::vector<std::string>& out) {
    const auto it = json.is_object() ? json.find(name) : json.end();
    if (it == json.end() || !it->is_array() || it->empty()) {
      faults.push_back({"talk/words.json", std::string("/") + name,
                        "a list of words is needed here",
                        "add \"" + std::string(name) + "\": [\"…\"]"});
      return;
    }
    for (const auto& one : *it) {
      if (one.is_string()) out.push_back(lower_ascii(one.get<std::string>()));
    }
  };
  read("correction", words.correction);
  read("no_correction", words.no_correction);
  read("negation", words.negation);
  read("not_then", words.not_then);
  read("months", words.months);
  read("repeat", words.repeat);
  read("cancel_form", words.cancel_form);
  read("skip", words.skip);
  read("another_time", words.another_time);
  read("keep", words.keep);
  read("confirm", words.confirm);
  read("change", words.change);
  read("upset", words.upset);
  read("self", words.self);
  read("first", words.first);
  read("second", words.second);
  read("rather", words.rather);
  read("later", words.later);
  read("wrong", words.wrong);
  read("dayparts", words.dayparts);
  read("each_building", words.each_building);
  read("take_back", words.take_back);
  read("visit", words.visit);
  read("go_on", words.go_on);
  read("wait", words.wait);
  read("abuse", words.abuse);
  read_matters(json, words, faults);
  read_fields(json, words, faults);
  const auto read_patterns = [&](const char* name) {
    std::vector<std::string> patterns;
    read(name, patterns);
    std::string any;
    for (const auto& pattern : patterns) any += (any.empty() ? "(?i)(" : "|") + pattern;
    auto compiled = std::make_shared<re2::RE2>(any + ")", re2::RE2::Quiet);
    if (!patterns.empty() && (!compiled->ok() || compiled->NumberOfCapturingGroups() != 1)) {
      faults.push_back({"talk/words.json", std::string("/") + name,
                        "patterns of RE2 without groups of their own", "write groups as (?:…)"});
    }
    return compiled;
  };
  words.building = read_patterns("building");
  words.date = read_patterns("date");
  words.hour = read_patterns("hour");
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  return words;
}

bool TalkWords::corrects(std::string_view lowered) const {
  std::string said(lowered);
  for (const auto& word : no_correction) {
    for (auto at = said.find(word); at != std::string::npos; at = said.find(word, at)) {
      said.replace(at, word.size(), " ");
    }
  }
  return contains_any(said, correction);
}

bool TalkWords::negate(std::string_view before) const {
  constexpr std::size_t han_bytes = 3;
  const std::string said = lower_ascii(before);
  return std::any_of(negation.begin(), negation.end(), [&](const std::string& word) {
    if (!said.ends_with(word)) return false;
    // "是不是明天": a question, which denies nothing.
    if (word.size() < 2 * han_bytes) return true;
    const std::string_view rest = std::string_view(said).substr(0, said.size() - word.size());
    return !rest.ends_with(std::string_view(word).substr(word.size() - han_bytes));
  });
}

bool TalkWords::affirms(std::string_view said, std::string_view word) const {
  return stands_where(said, word, [&](std::string_view before) { return !negate(before); });
}

bool TalkWords::rule_out(std::string_view before) const {
  const std::string said = lower_ascii(before);
  return std::any_of(not_then.begin(), not_then.end(),
                     [&](const std::string& word) { return said.ends_with(word); });
}

namespace {

std::string first_match(const std::shared_ptr<const re2::RE2>& pattern, std::string_view text) {
  std::string found;
  if (pattern && pattern->ok()) {
    re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern, &found);
  }
  return found;
}

}  // namespace

std::string TalkWords::date_in(std::string_view text) const {
  return first_match(date, text);
}

std::string TalkWords::impossible_hour_in(std::string_view text) const {
  return first_match(hour, text);
}

std::string TalkWords::building_in(std::string_view text) const {
  if (!building || !building->ok()) return {};
  re2::StringPiece rest(text.data(), text.size());
  std::string found, last;
  while (re2::RE2::FindAndConsume(&rest, *building, &found) && !found.empty()) last = found;
  return last;
}

tl::expected<WordLists, ConfigFaults> load_word_lists(const std::string& file,
                                                      const std::vector<std::string>& names) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  const Json json = Json::parse(text.str(), nullptr, false);
  const std::string shown = "talk/" + file.substr(file.rfind('/') + 1);
  WordLists lists;
  ConfigFaults faults;
  for (const auto& name : names) {
    auto& list = lists[name];
    for (const auto& one : json.is_object() ? json.value(name, Json::array()) : Json::array()) {
      if (one.is_string()) list.push_back(lower_ascii(one.get<std::string>()));
    }
    if (list.empty()) {
      faults.push_back(
          {shown, "/" + name, "a list of words is needed here", "add \"" + name + "\": [\"…\"]"});
    }
  }
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  return lists;
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool contains_any(std::string_view lowered, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return lowered.find(word) != std::string_view::npos;
  });
}

std::string reading(const Understanding& heard) {
  return heard.plain.empty() ? lower_ascii(heard.text) : heard.plain;
}

namespace {

// "那算了吧！": a few characters of colour; of an English word two or three short ones.
std::size_t around_max(std::string_view word) {
  constexpr std::size_t few = 4, short_words = 16, long_enough = 5;
  return word.size() >= long_enough && is_letter(word.front()) ? short_words : few;
}

}  // namespace

bool is_just(std::string_view lowered, const std::vector<std::string>& words) {
  return longest_just(lowered, words) > 0;
}

bool is_nothing_but(std::string_view lowered, std::vector<std::string> words) {
  std::sort(words.begin(), words.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
  std::string rest(lowered);
  for (const std::string_view mark :
       {" ", ",", ".", "!", "?", "~", "，", "。", "！", "？", "…", "～", "、"}) {
    for (auto at = rest.find(mark); at != std::string::npos; at = rest.find(mark)) {
      rest.erase(at, mark.size());
    }
  }
  bool found = false;
  for (std::string word : words) {
    std::erase(word, ' ');
    for (auto at = rest.find(word); at != std::string::npos; at = rest.find(word)) {
      rest.erase(at, word.size());
      found = true;
    }
  }
  return found && code_points(rest) <= 1;
}

std::size_t longest_just(std::string_view lowered, const std::vector<std::string>& words) {
  const std::size_t said = code_points(lowered);
  std::size_t longest = 0;
  for (const auto& word : words) {
    if (word.size() > longest && said <= code_points(word) + around_max(word) &&
        stands_in(lowered, word)) {
      longest = word.size();
    }
  }
  return longest;
}

std::optional<std::size_t> which_of_two(std::string_view lowered, const TalkWords& words) {
  const std::size_t first = longest_just(lowered, words.first);
  const std::size_t second = longest_just(lowered, words.second);
  if (first == second) return std::nullopt;
  return first > second ? 0 : 1;
}

bool is_capitalised(std::string_view text) {
  int count = 0;
  bool inside = false;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
    if (c == ' ') {
      inside = false;
    } else if (!inside) {
      if (!upper) return false;
      inside = true;
      ++count;
    } else if (!upper && !lower && c != '-' && c != '\'') {
      return false;
    }
  }
  return count >= 2 && count <= 4;
}

}  // namespace huiyin
