// What breaks, by one name (config/catalogue/items.json): synonyms come down to the item that
// records use. What a repair of it costs is in price_list.h.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bot/config_fault.h"
#include "store/base/error.h"

namespace huiyin::orders {

class Catalogue {
 public:
  struct Item {
    std::string name;
    std::vector<std::string> words;  // the name, synonyms, English; ASCII in lower case
  };

  // An empty catalogue knows nothing: everything keeps the name it was told by and is listed.
  Catalogue() = default;
  static tl::expected<Catalogue, ConfigFaults> load(const std::string& catalogue_dir);

  // The item that is told of first in the text; null when none is.
  const Item* find(std::string_view text) const;
  // The text, ASCII in lower case, with the name of that item in place of the word told: "换水嘴" →
  // "换水龙头".
  std::string in_own_words(std::string_view text) const;

 private:
  struct Place {
    const Item* item = nullptr;
    std::size_t at = std::string::npos, length = 0;
  };
  Place locate(const std::string& lowered) const;

  std::vector<Item> items_;
  std::unordered_map<std::string, std::size_t> by_word_;  // word → index in items_
};

}  // namespace huiyin::orders
