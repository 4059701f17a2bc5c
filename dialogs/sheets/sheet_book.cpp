#include "dialogs/sheets/sheet_book.h"

#include <sodium.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "bot/gateway/config_file.h"
#include "dialogs/orders/labels.h"
#include "dialogs/sheets/sheet_fields.h"
#include "store/base/text.h"

namespace huiyin::sheets {
namespace {

// A browser runs nothing, fetches nothing and applies only the styles that stand in the template:
// what residents wrote stays text even where an escape were forgotten.
std::string policy_of(const std::vector<std::string>& styles) {
  std::string hashes;
  for (const auto& style : styles) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(style.data()), style.size());
    char text[sodium_base64_ENCODED_LEN(sizeof digest, sodium_base64_VARIANT_ORIGINAL)];
    sodium_bin2base64(text, sizeof text, digest, sizeof digest, sodium_base64_VARIANT_ORIGINAL);
    hashes += std::string(" 'sha256-") + text + "'";
  }
  return "default-src 'none'; style-src" + (hashes.empty() ? " 'none'" : hashes) +
         "; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

std::vector<std::string> texts_of(const Json& object, const char* name) {
  const auto it = object.find(name);
  return it == object.end() ? std::vector<std::string>() : it->get<std::vector<std::string>>();
}

// A line "{{>sheet.css}}" stands for that file of the folder: on one line, so that faults name the
// lines of the template. The name of a file that is not there.
std::optional<std::string> include(const std::string& folder, std::string& text) {
  constexpr std::string_view open = "{{>", close = "}}";
  for (std::size_t at = 0; (at = text.find(open, at)) != std::string::npos;) {
    const auto end = text.find(close, at);
    if (end == std::string::npos) return std::nullopt;  // for the parser to name
    const std::string name = text.substr(at + open.size(), end - at - open.size());
    std::ifstream in(folder + "/" + name);
    if (name.find('/') != std::string::npos || !in) return name;
    std::stringstream bytes;
    bytes << in.rdbuf();
    std::string shared = bytes.str();
    std::erase(shared, '\r');
    std::ranges::replace(shared, '\n', ' ');
    text.replace(at, end + close.size() - at, shared);
    at += shared.size();
  }
  return std::nullopt;
}

// Reads one template; its faults name the file and the line.
bool read_template(const std::string& folder, const std::string& name, const Fields& known,
                   const std::string& pointer, Sheet& sheet, ConfigFaults& faults) {
  std::ifstream in(folder + "/" + name);
  std::stringstream bytes;
  bytes << in.rdbuf();
  const std::string shown = "sheets/" + name;
  if (!in) {
    faults.push_back({"sheets/sheets.json", pointer + "/template",
                      "the template is a file beside this one; " + name + " is not there",
                      "put the file into config/sheets, or correct its name"});
    return false;
  }
  std::string text = bytes.str();
  if (const auto missing = include(folder, text)) {
    faults.push_back({shown, "",
                      "what it includes is a file beside it; " + *missing + " is not there",
                      "put the file into config/sheets, or correct its name"});
    return false;
  }
  if (!is_valid_utf8(text)) {
    faults.push_back({shown, "", "the file is UTF-8", "save it as UTF-8"});
    return false;
  }
  TemplateFaults found;
  auto page = Template::parse(text);
  if (page) {
    found = page->check(known);
    sheet.policy = policy_of(page->styles());
    sheet.page = std::move(*page);
  } else {
    found = page.error();
  }
  for (auto& fault : found) {
    faults.push_back({shown, "line " + std::to_string(fault.line), std::move(fault.rule),
                      std::move(fault.remedy)});
  }
  return found.empty();
}

}  // namespace

tl::expected<SheetBook, ConfigFaults> SheetBook::load(const std::string& config_dir,
                                                      const Fields& known) {
  const std::string folder = config_dir + "/sheets", shown = "sheets/sheets.json";
  const std::string schema_name = "schema/sheets.schema.json";
  const auto schema = read_config_file(config_dir + "/" + schema_name, schema_name);
  if (!schema) return tl::unexpected(ConfigFaults{schema.error()});
  const auto list = read_config_file(folder + "/sheets.json", shown);
  if (!list) return tl::unexpected(ConfigFaults{list.error()});
  ConfigFaults faults = check_schema(*list, shown, *schema, schema_name);
  if (!faults.empty()) return tl::unexpected(std::move(faults));

  SheetBook book;
  book.ordinals_ = texts_of(*list, "ordinals");
  const Json& sheets = (*list)["sheets"];
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    const Json& one = sheets[i];
    const std::string pointer = "/sheets/" + std::to_string(i);
    Sheet sheet{text_of(one, "id"),
                text_of(one, "kind"),
                texts_of(one, "profiles"),
                flag_of(one, "on_request"),
                texts_of(one, "holders"),
                {},
                {},
                {}};
    sheet.copies = one["copies"].get<std::map<std::string, std::string>>();
    if (std::ranges::any_of(book.sheets_, [&](const Sheet& s) { return s.id == sheet.id; })) {
      faults.push_back({shown, pointer + "/id", "ids of sheets are unique", "rename one of them"});
    }
    if (read_template(folder, text_of(one, "template"), known, pointer, sheet, faults)) {
      book.sheets_.push_back(std::move(sheet));
    }
  }
  for (const char* kind : {"repair", "public", "complaint", "task"}) {
    const bool there = std::ranges::any_of(
        sheets, [&](const Json& s) { return s["kind"] == kind && !flag_of(s, "on_request"); });
    if (there) continue;
    faults.push_back({shown, "/sheets",
                      std::string("every kind of order has a sheet; ") + kind + " has none",
                      "add one, or put back the one that came with the product"});
  }
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  return book;
}

const Sheet* SheetBook::find(orders::Kind kind, std::string_view profile,
                             std::string_view form) const {
  constexpr std::string_view full = "qms-pm-";  // 3503 is qms-pm-3503
  if (form.starts_with(full)) form.remove_prefix(full.size());
  const Sheet* first = nullptr;
  for (const auto& sheet : sheets_) {
    if (sheet.kind != orders::to_string(kind)) continue;
    const bool here = sheet.profiles.empty() ||
                      std::ranges::find(sheet.profiles, profile) != sheet.profiles.end();
    if (!form.empty()) {
      if (here && sheet.id == form) return &sheet;
    } else if (!sheet.on_request) {
      if (here) return &sheet;
      if (first == nullptr) first = &sheet;
    }
  }
  return first;
}

std::string SheetBook::ordinal(int copy) const {
  const auto index = static_cast<std::size_t>(copy - 1);
  return index < ordinals_.size() ? ordinals_[index] : std::to_string(copy);
}

ConfigFaults check_sheets(const std::string& config_dir) {
  ConfigFaults faults;
  if (const auto speech = load_speech(config_dir + "/phrases")) {
    faults = check_phrase_uses(**speech, orders::label_uses());
  }
  if (const auto book = SheetBook::load(config_dir, known_fields()); !book) {
    faults.insert(faults.end(), book.error().begin(), book.error().end());
  }
  return faults;
}

}  // namespace huiyin::sheets
