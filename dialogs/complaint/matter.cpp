#include "dialogs/complaint/matter.h"

#include <algorithm>

#include "bot/talk/answer_text.h"
#include "bot/talk/words.h"
#include "store/base/text.h"

namespace huiyin::complaint {
namespace {

constexpr double nearly_the_same = 0.7;
constexpr const char* gap = " ; ";  // stands for what was taken out: nothing reaches across it

bool is_latin(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Where the word stands; an English one only from where a word begins ("cat" is not in "scatter"),
// and where it is short, to where it ends.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0) {
  constexpr std::size_t stem_bytes = 4;
  for (auto at = text.find(word, from); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    if (!is_latin(word.front())) return at;
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_latin(text[at - 1]);
    const bool ends =
        word.size() >= stem_bytes || end == text.size() || !is_latin(text[end]) || text[end] == 's';
    if (begins && ends) return at;
  }
  return std::string_view::npos;
}

void take_out(std::string& text, std::string_view word) {
  if (word.empty()) return;
  for (auto at = find_word(text, word); at != std::string::npos; at = find_word(text, word, at)) {
    std::size_t end = at + word.size();
    if (is_latin(word.front())) {
      while (end < text.size() && is_latin(text[end])) ++end;
    }
    text.replace(at, end - at, gap);
  }
}

std::vector<std::string> words_of(const Json& list) {
  std::vector<std::string> words;
  for (const auto& word : list.is_array() ? list : Json::array()) {
    if (word.is_string() && !word.get_ref<const std::string&>().empty()) {
      words.push_back(lower_ascii(word.get<std::string>()));
    }
  }
  // The longest first, so that none is cut in two by a shorter one.
  std::ranges::stable_sort(words, std::greater<>(), [](const auto& word) { return word.size(); });
  return words;
}

// "1-102" and "1-1-102": the entrance need not be told.
bool is_one_home(std::string_view said, std::string_view unit) {
  const auto ends = [](std::string_view home) {
    return std::pair(home.substr(0, home.find('-')), home.substr(home.rfind('-') + 1));
  };
  return !unit.empty() && (said == unit || ends(said) == ends(unit));
}

bool share(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::ranges::any_of(a, [&](const auto& one) { return b.contains(one); });
}

}  // namespace

struct Matters::Reading {
  std::vector<std::set<std::string>> terms;  // of each aspect
  std::set<std::string> homes, buildings;    // besides the complainant's own
  std::set<std::string> pieces;              // what is left, two characters or a word each
  bool again = false;
};

Matters::Matters() : normalizer_(std::make_shared<const Normalizer>()) {}

tl::expected<Matters, ConfigFaults> Matters::read(const Json& same, const std::string& file) {
  ConfigFaults faults;
  Matters out;
  if (!same.is_object() || !same.contains("aspects") || !same["aspects"].is_array()) {
    faults.push_back({file, "/same", "the words by which two complaints are one matter",
                      "add \"same\": {\"filler\": […], \"again\": […], \"own\": […], \"home\": …,"
                      " \"building\": …, \"aspects\": […]}"});
    return tl::unexpected(std::move(faults));
  }
  out.filler_ = words_of(same.value("filler", Json()));
  out.again_ = words_of(same.value("again", Json()));
  out.own_ = words_of(same.value("own", Json()));
  out.particles_ = words_of(same.value("particles", Json()));
  const auto pattern = [&](const char* name) {
    auto compiled = std::make_shared<re2::RE2>(text_of(same, name), re2::RE2::Quiet);
    if (!compiled->ok() || compiled->NumberOfCapturingGroups() != 1) {
      faults.push_back({file, "/same/" + std::string(name), "a pattern of RE2 with one group",
                        "write the address as the group"});
    }
    return compiled;
  };
  out.phone_ = pattern("phone");
  out.home_ = pattern("home");
  out.building_ = pattern("building");
  for (const auto& one : same["aspects"]) {
    Aspect aspect{text_of(one, "id"), flag_of(one, "narrows"), flag_of(one, "matter"), {}};
    const Json terms = one.value("terms", Json::object());
    for (const auto& [term, words] : terms.items()) {
      aspect.terms[term] = words_of(words);
    }
    if (aspect.id.empty() || aspect.terms.empty()) {
      faults.push_back({file, "/same/aspects", "an aspect has an id and terms with their words",
                        "write {\"id\": \"…\", \"terms\": {\"…\": [\"…\"]}}"});
    }
    out.aspects_.push_back(std::move(aspect));
  }
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  return out;
}

// "我是3栋2单元501的": their own home says nothing of the matter, that of another one does.
void Matters::take_homes(const Told& told, std::string& text, Reading& out) const {
  const auto each = [&](const std::shared_ptr<const re2::RE2>& pattern, auto&& found) {
    if (!pattern || !pattern->ok()) return;
    std::string said;
    std::size_t from = 0;
    while (from < text.size() &&
           re2::RE2::PartialMatch(re2::StringPiece(text.data() + from, text.size() - from),
                                  *pattern, &said) &&
           !said.empty()) {
      const std::size_t at = text.find(said, from);
      found(said, std::string_view(text).substr(0, at));
      text.replace(at, said.size(), gap);
      from = at + std::string_view(gap).size();
    }
  };
  each(phone_, [](const std::string&, std::string_view) {});
  each(home_, [&](const std::string& said, std::string_view before) {
    const std::string home = building_id(said);
    const std::string_view led = trim(before);
    const bool own =
        is_one_home(home, told.unit) ||
        std::ranges::any_of(own_, [&](const auto& word) { return led.ends_with(word); });
    if (!own) out.homes.insert(home);
  });
  each(building_,
       [&](const std::string& said, std::string_view) { out.buildings.insert(building_id(said)); });
}

void Matters::take_terms(const std::string& text, Reading& out) const {
  out.terms.resize(aspects_.size());
  for (std::size_t i = 0; i < aspects_.size(); ++i) {
    for (const auto& [term, words] : aspects_[i].terms) {
      const bool told = std::ranges::any_of(
          words, [&](const auto& word) { return find_word(text, word) != std::string_view::npos; });
      if (told) out.terms[i].insert(term);
    }
  }
}

// Chinese two characters each, English by words; digits are addresses and phones.
void Matters::take_pieces(const std::string& text, std::set<std::string>& out) {
  std::string before, word;
  for (std::size_t at = 0; at <= text.size();) {
    const auto lead = at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
    const bool latin = lead >= 'a' && lead <= 'z';
    if (latin) word += text[at];
    if (!latin && !word.empty()) {
      out.insert(word);
      word.clear();
    }
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    const std::string point = lead >= 0xE4 ? text.substr(at, size) : std::string();  // Han
    const bool han = !point.empty() && point < "\xEF\xA4\x80";
    if (han && !before.empty()) out.insert(before + point);
    before = han ? point : std::string();
    at += size;
  }
}

Matters::Reading Matters::reading_of(const Told& told) const {
  Normalized read;
  normalizer_->normalize(told.words, read);
  Reading out;
  std::string text = read.text;
  out.again = std::ranges::any_of(
      again_, [&](const auto& word) { return find_word(text, word) != std::string_view::npos; });
  take_homes(told, text, out);
  take_out(text, lower_ascii(told.name));
  for (const auto& word : filler_) take_out(text, word);
  take_terms(text, out);
  for (const auto& word : particles_) take_out(text, word);
  take_pieces(text, out.pieces);
  return out;
}

bool Matters::says_again(std::string_view words) const {
  return reading_of({words, {}, {}}).again;
}

bool Matters::tells_matter(std::string_view words) const {
  const Reading read = reading_of({words, {}, {}});
  for (std::size_t i = 0; i < aspects_.size(); ++i) {
    if (aspects_[i].matter && !read.terms[i].empty()) return true;
  }
  return false;
}

bool Matters::same(const Told& earlier, const Told& later) const {
  const Reading a = reading_of(earlier), b = reading_of(later);
  const auto apart = [](const auto& one, const auto& two) {
    return !one.empty() && !two.empty() && !share(one, two);
  };
  if (apart(a.homes, b.homes) || apart(a.buildings, b.buildings)) return false;
  int shared = 0;
  bool matter = false, more = false;
  bool narrower =
      (a.homes.empty() && !b.homes.empty()) || (a.buildings.empty() && !b.buildings.empty());
  for (std::size_t i = 0; i < aspects_.size(); ++i) {
    if (apart(a.terms[i], b.terms[i])) return false;
    const bool both = share(a.terms[i], b.terms[i]);
    shared += both;
    matter |= both && aspects_[i].matter;
    const bool added = a.terms[i].empty() && !b.terms[i].empty();
    more |= added;
    narrower |= added && aspects_[i].narrows;
  }
  if (matter && shared >= 2 && (b.again || !narrower)) return true;
  if (matter && b.again && !more) return true;  // "昨晚还是吵！"
  const std::size_t both = a.pieces.size() + b.pieces.size();
  if (narrower || a.pieces.empty() || b.pieces.empty()) return false;
  const auto common = std::ranges::count_if(
      a.pieces, [&](const std::string& piece) { return b.pieces.contains(piece); });
  return 2.0 * static_cast<double>(common) / static_cast<double>(both) >= nearly_the_same;
}

}  // namespace huiyin::complaint
