#include "dialogs/orders/catalogue.h"

#include <fstream>
#include <sstream>

#include "bot/talk/words.h"
#include "store/base/json.h"

namespace huiyin::orders {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Where the word stands in the text; an English word only as a whole ("tap", not "tape").
std::size_t position(std::string_view text, const std::string& word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if (!is_letter(word.front())) return at;
    const std::size_t end = at + word.size();
    const bool alone =
        (at == 0 || !is_letter(text[at - 1])) && (end == text.size() || !is_letter(text[end]));
    if (alone) return at;
  }
  return std::string_view::npos;
}

void add_words(const Json& list, std::vector<std::string>& words) {
  if (!list.is_array()) return;
  for (const auto& word : list) {
    if (word.is_string() && !word.get<std::string>().empty()) {
      words.push_back(lower_ascii(word.get<std::string>()));
    }
  }
}

}  // namespace

tl::expected<Catalogue, ConfigFaults> Catalogue::load(const std::string& catalogue_dir) {
  const std::string name = "catalogue/items.json";
  std::ifstream in(catalogue_dir + "/items.json");
  std::stringstream text;
  text << in.rdbuf();
  const Json json = Json::parse(text.str(), nullptr, false);
  const Json items = json.is_object() ? json.value("items", Json()) : Json();
  if (!items.is_array()) {
    return tl::unexpected(
        ConfigFaults{{name, "/items", "the list of what breaks", "write {\"items\": [...]}"}});
  }
  Catalogue catalogue;
  ConfigFaults faults;
  for (std::size_t i = 0; i < items.size(); ++i) {
    Item item{text_of(items[i], "name"), {}};
    if (item.name.empty()) {
      faults.push_back(
          {name, "/items/" + std::to_string(i) + "/name", "an item has a name", "add \"name\""});
      continue;
    }
    item.words.push_back(lower_ascii(item.name));
    add_words(items[i].value("synonyms", Json()), item.words);
    add_words(items[i].value("en", Json()), item.words);
    catalogue.items_.push_back(std::move(item));
  }
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  for (std::size_t i = 0; i < catalogue.items_.size(); ++i) {
    for (const auto& word : catalogue.items_[i].words) catalogue.by_word_.emplace(word, i);
  }
  return catalogue;
}

Catalogue::Place Catalogue::locate(const std::string& lowered) const {
  // The word itself, as understanding hands it over: it begins first and none is longer.
  if (const auto it = by_word_.find(lowered); it != by_word_.end()) {
    return {&items_[it->second], 0, lowered.size()};
  }
  Place best;
  for (const auto& item : items_) {
    for (const auto& word : item.words) {
      const std::size_t at = position(lowered, word);
      if (at == std::string::npos) continue;
      if (at < best.at || (at == best.at && word.size() > best.length)) {
        best = {&item, at, word.size()};
      }
    }
  }
  return best;
}

const Catalogue::Item* Catalogue::find(std::string_view text) const {
  return locate(lower_ascii(text)).item;
}

std::string Catalogue::in_own_words(std::string_view text) const {
  std::string words = lower_ascii(text);
  const Place place = locate(words);
  // An English word says it as well, and the list has an English name.
  if (place.item == nullptr || is_letter(words[place.at])) return words;
  return words.replace(place.at, place.length, place.item->name);
}

}  // namespace huiyin::orders
