// The paid price list (有偿维修收费标准, config/catalogue/price_list*.json): what a listed repair
// costs, and by that which orders need no review (R5.10 against R5.12). Immutable; any thread.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bot/talk/directory.h"
#include "dialogs/orders/catalogue.h"

namespace huiyin::orders {

class PriceList {
 public:
  struct Price {
    std::string id, name, en;  // "tap-replace", "更换水龙头", "Replace a tap"
    std::string unit;          // what the price is for one of: "个"
    std::int64_t labour_fen = 0;
    std::vector<std::string> items;  // names of the catalogue
  };

  PriceList(std::string version, std::vector<Price> prices, std::shared_ptr<const Catalogue> items);

  const std::string& version() const { return version_; }
  const std::vector<Price>& prices() const { return prices_; }
  // Whether a repair of that item of the catalogue is in the list.
  bool covers(std::string_view item) const { return covered_.contains(item); }
  // The repair that the words mean ("换龙头" → 更换水龙头); null when they mean none of the list.
  // Amounts belong not in here.
  const Price* find(std::string_view text) const;

 private:
  std::string version_;
  std::vector<Price> prices_;
  std::set<std::string, std::less<>> covered_;  // every item of every price
  std::shared_ptr<const Catalogue> items_;
};

// The lists of config/catalogue, one a file; an estate's profile names its own.
class PriceLists {
 public:
  PriceLists() = default;  // no list: everything counts as listed, nothing has a price
  // All faults of every price_list*.json: its shape, and items that the catalogue does not know.
  static tl::expected<PriceLists, ConfigFaults> load(const std::string& catalogue_dir,
                                                     const Catalogue& items);
  // Null when there is none of that name.
  const PriceList* of(const EstateProfile& profile) const;

 private:
  std::map<std::string, PriceList, std::less<>> by_file_;
};

// For `huiyin check`: the catalogue and the price lists as they will be loaded.
ConfigFaults check_prices(const std::string& config_dir);

}  // namespace huiyin::orders
