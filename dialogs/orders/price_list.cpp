#include "dialogs/orders/price_list.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "dialogs/orders/policy.h"

namespace huiyin::orders {
namespace {

namespace fs = std::filesystem;
using Marks = std::set<std::string>;

// What texts are compared by: Latin words, and every other letter for itself.
Marks marks_of(std::string_view text) {
  Marks marks;
  std::string word;
  const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto end_word = [&] {
    if (!word.empty()) marks.insert(std::move(word));
    word.clear();
  };
  for (std::int32_t at = 0, size = static_cast<std::int32_t>(text.size()); at < size;) {
    const std::int32_t from = at;
    UChar32 c;
    U8_NEXT(data, at, size, c);
    if (c >= 0 && c < 0x80 && u_isalnum(c)) {
      word += static_cast<char>(u_tolower(c));
      continue;
    }
    end_word();
    if (c >= 0x80 && u_isalpha(c)) marks.emplace(text.substr(from, at - from));
  }
  end_word();
  return marks;
}

std::size_t shared(const Marks& a, const Marks& b) {
  return static_cast<std::size_t>(
      std::ranges::count_if(a, [&](const std::string& mark) { return b.contains(mark); }));
}

// How well a name says what the words mean: how much of the words it has, then how little else.
struct Fit {
  double of_words = 0, of_all = 0;
  auto operator<=>(const Fit&) const = default;
};

Fit fit_of(const Marks& words, std::string_view name) {
  const Marks marks = marks_of(name);
  const double both = static_cast<double>(shared(words, marks));
  const double all = static_cast<double>(words.size() + marks.size()) - both;
  return {both / static_cast<double>(words.size()), both / all};
}

class Reader {
 public:
  Reader(std::string file, const Catalogue& items) : file_(std::move(file)), items_(items) {}

  PriceList read(const Json& json, std::shared_ptr<const Catalogue> items) {
    std::vector<PriceList::Price> prices;
    const Json rows = json.is_object() ? json.value("items", Json()) : Json();
    if (!rows.is_array()) fault("/items", "the list of priced repairs", "write \"items\": [...]");
    for (std::size_t i = 0; rows.is_array() && i < rows.size(); ++i) {
      prices.push_back(price(rows[i], "/items/" + std::to_string(i)));
    }
    return {text_of(json, "version"), std::move(prices), std::move(items)};
  }
  ConfigFaults faults;

 private:
  PriceList::Price price(const Json& row, const std::string& pointer) {
    PriceList::Price out{text_of(row, "id"),   text_of(row, "name"),          text_of(row, "en"),
                         text_of(row, "unit"), int_of(row, "labour_fen", -1), {}};
    if (out.name.empty()) fault(pointer + "/name", "a repair has a name", "add \"name\"");
    if (out.labour_fen < 0) {
      fault(pointer + "/labour_fen", "a whole number of fen, 0 or more", "correct the price");
    }
    if (!ids_.insert(out.id).second) {
      fault(pointer + "/id", "ids are unique within the list", "rename one of them");
    }
    const Json items = row.is_object() ? row.value("items", Json::array()) : Json::array();
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string item = items[i].is_string() ? items[i].get<std::string>() : "";
      const auto* known = items_.find(item);
      if (known == nullptr || known->name != item) {
        fault(pointer + "/items/" + std::to_string(i), "a name of catalogue/items.json",
              "correct the name, or add the item there");
      }
      out.items.push_back(item);
    }
    return out;
  }
  void fault(std::string pointer, std::string rule, std::string remedy) {
    faults.push_back({file_, std::move(pointer), std::move(rule), std::move(remedy)});
  }

  const std::string file_;
  const Catalogue& items_;
  Marks ids_;
};

}  // namespace

PriceList::PriceList(std::string version, std::vector<Price> prices,
                     std::shared_ptr<const Catalogue> items)
    : version_(std::move(version)), prices_(std::move(prices)), items_(std::move(items)) {
  for (const auto& price : prices_) covered_.insert(price.items.begin(), price.items.end());
}

const PriceList::Price* PriceList::find(std::string_view text) const {
  constexpr double words_shared_min = 0.5;  // less than that is about something else
  const auto* item = items_->find(text);
  const Marks words = marks_of(items_->in_own_words(text));
  if (words.empty()) return nullptr;
  const Price* best = nullptr;
  Fit best_fit;
  for (const auto& price : prices_) {
    if (price.name == text || price.id == text) return &price;
    if (item != nullptr && std::ranges::count(price.items, item->name) == 0) continue;
    const Fit fit = std::max(fit_of(words, price.name), fit_of(words, price.en));
    if (fit.of_words > words_shared_min && (best == nullptr || fit > best_fit)) {
      best = &price;
      best_fit = fit;
    }
  }
  return best;
}

tl::expected<PriceLists, ConfigFaults> PriceLists::load(const std::string& catalogue_dir,
                                                        const Catalogue& items) {
  PriceLists lists;
  ConfigFaults faults;
  const auto shared_items = std::make_shared<const Catalogue>(items);
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(catalogue_dir, missing)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("price_list") || entry.path().extension() != ".json") continue;
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    Reader reader("catalogue/" + name, items);
    PriceList list = reader.read(Json::parse(text.str(), nullptr, false), shared_items);
    faults.insert(faults.end(), reader.faults.begin(), reader.faults.end());
    lists.by_file_.emplace(name, std::move(list));
  }
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  return lists;
}

ConfigFaults check_prices(const std::string& config_dir) {
  const auto items = Catalogue::load(config_dir + "/catalogue");
  if (!items) return items.error();
  const auto lists = PriceLists::load(config_dir + "/catalogue", *items);
  return lists ? ConfigFaults() : lists.error();
}

const PriceList* PriceLists::of(const EstateProfile& profile) const {
  const auto it = by_file_.find(price_list_file(profile));
  return it == by_file_.end() ? nullptr : &it->second;
}

}  // namespace huiyin::orders
