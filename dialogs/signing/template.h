// A page's template: a text with {{name}} for a value, escaped for HTML, and {{#name}} … {{/name}}
// for a part that is shown for each object of a list, or once when the value is there (not null,
// not false, not ""). Inside a part the names of its object come first. Immutable, thread-safe.
#pragma once
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "bot/config_fault.h"
#include "store/base/json.h"

namespace huiyin::signing {

class Template {
 public:
  static tl::expected<Template, ConfigFaults> load(const std::string& file);
  explicit Template(std::string text) : text_(std::move(text)) {}
  std::string fill(const Json& values) const;

 private:
  std::string text_;
};

}  // namespace huiyin::signing
