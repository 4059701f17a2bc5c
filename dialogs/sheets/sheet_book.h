// The sheets that can be printed (config/sheets): which there are, for which kind of order and
// which profile of estate, how their copies are called, and their templates. Loaded once;
// immutable and thread-safe. Serves R4.3, R5.7, R5.25, R8.2, R9.7, R9.17.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bot/config_fault.h"
#include "dialogs/orders/order.h"
#include "dialogs/sheets/template.h"

namespace huiyin::sheets {

struct Sheet {
  std::string id;    // "repair", "3501"
  std::string kind;  // of the order
  // Estates whose "profile" is one of these; empty: any.
  std::vector<std::string> profiles;
  bool on_request = false;                    // only by ?form=
  std::vector<std::string> holders;           // where each copy ends, where the estate says nothing
  std::map<std::string, std::string> copies;  // holder → what its copy is for
  Template page;
  std::string policy;  // Content-Security-Policy of the page
};

class SheetBook {
 public:
  // `known` as known_fields() gives it.
  static tl::expected<SheetBook, ConfigFaults> load(const std::string& config_dir,
                                                    const Fields& known);

  // The sheet of an order. `form` empty: the one of its kind and the estate's profile, else the
  // first of its kind. Null when there is none, or not of that name for this order.
  const Sheet* find(orders::Kind kind, std::string_view profile, std::string_view form) const;
  // "第一联" for 1.
  std::string ordinal(int copy) const;

 private:
  std::vector<Sheet> sheets_;
  std::vector<std::string> ordinals_;
};

// For `huiyin check`: the book, and the labels that sheets and reports take from the phrases.
ConfigFaults check_sheets(const std::string& config_dir);

}  // namespace huiyin::sheets
