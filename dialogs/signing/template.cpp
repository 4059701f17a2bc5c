#include "dialogs/signing/template.h"

#include <fstream>
#include <sstream>
#include <vector>

#include "store/base/text.h"

namespace huiyin::signing {
namespace {

using Scopes = std::vector<const Json*>;  // the innermost last

const Json& look_up(const Scopes& scopes, std::string_view name) {
  static const Json none = nullptr;
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
    if (!(*scope)->is_object()) continue;
    if (const auto found = (*scope)->find(std::string(name)); found != (*scope)->end()) {
      return *found;
    }
  }
  return none;
}

bool is_there(const Json& value) {
  return !value.is_null() && value != Json(false) && value != Json("");
}

void fill_part(std::string_view text, Scopes& scopes, std::string& out);

void fill_section(std::string_view inside, const Json& value, Scopes& scopes, std::string& out) {
  if (!value.is_array()) {
    if (is_there(value)) fill_part(inside, scopes, out);
    return;
  }
  for (const Json& one : value) {
    scopes.push_back(&one);
    fill_part(inside, scopes, out);
    scopes.pop_back();
  }
}

void fill_part(std::string_view text, Scopes& scopes, std::string& out) {
  for (;;) {
    const auto open = text.find("{{");
    const auto close = open == std::string_view::npos ? open : text.find("}}", open);
    if (close == std::string_view::npos) break;
    out += text.substr(0, open);
    const std::string_view name = text.substr(open + 2, close - open - 2);
    text.remove_prefix(close + 2);
    if (!name.starts_with('#')) {
      const Json& value = look_up(scopes, name);
      out += escape_html(value.is_string() ? value.get<std::string>()
                         : value.is_null() ? std::string()
                                           : value.dump());
      continue;
    }
    const std::string end = "{{/" + std::string(name.substr(1)) + "}}";
    const auto ends = std::min(text.find(end), text.size());
    fill_section(text.substr(0, ends), look_up(scopes, name.substr(1)), scopes, out);
    text.remove_prefix(std::min(ends + end.size(), text.size()));
  }
  out += text;
}

}  // namespace

tl::expected<Template, ConfigFaults> Template::load(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in || text.str().empty() || !is_valid_utf8(text.str())) {
    const std::string shown = "pages/" + file.substr(file.rfind('/') + 1);
    return tl::unexpected(ConfigFaults{
        {shown, "", "a page in HTML and UTF-8", "restore the file, or correct its permissions"}});
  }
  return Template(text.str());
}

std::string Template::fill(const Json& values) const {
  std::string out;
  Scopes scopes{&values};
  fill_part(text_, scopes, out);
  return out;
}

}  // namespace huiyin::signing
