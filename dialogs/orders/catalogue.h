// What breaks, by one name (config/catalogue/items.json): synonyms come down to the item that
// records use, and each item says whether the paid price list covers it (R5.10 against R5.12).
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
    bool priced = true;
  };

  // An empty catalogue knows nothing: everything keeps the name it was told by and is listed.
  Catalogue() = default;
  static tl::expected<Catalogue, ConfigFaults> load(const std::string& catalogue_dir);

  // The item that is told of first in the text; null when none is.
  const Item* find(std::string_view text) const;

 private:
  std::vector<Item> items_;
  std::unordered_map<std::string, std::size_t> by_word_;  // word → index in items_
};

}  // namespace huiyin::orders
