// The settings: built-in defaults (config/huiyin.json), overlaid by the operator's file and by
// --set, checked against config/schema/huiyin.schema.json. Immutable and thread-safe once loaded.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/config_fault.h"
#include "store/base/json.h"

namespace huiyin {

struct SettingsSource {
  std::string config_dir;                                 // holds huiyin.json and schema/
  std::string file;                                       // the operator's overlay; may be empty
  std::vector<std::pair<std::string, std::string>> sets;  // --set PATH=VALUE, in order
  bool sandbox = false;
};

class Settings {
 public:
  // All faults at once: unknown setting, wrong type, no JSON (with its line), an unset env or an
  // unreadable file of a secret, a secret in plain by --set (its value is never repeated), and
  // outside the sandbox an enabled channel without its secret.
  static tl::expected<Settings, ConfigFaults> load(const SettingsSource& source);

  // By dotted path, e.g. "channels.twilio.api_base". {"env"} and {"file"} are resolved already.
  // A path that the schema does not know is a programming error (throws std::logic_error).
  std::string text(std::string_view path) const;  // null gives ""
  std::int64_t integer(std::string_view path) const;
  double number(std::string_view path) const;
  bool flag(std::string_view path) const;
  const Json& at(std::string_view path) const;  // null when it or an object around it is unset
  bool sandbox() const { return sandbox_; }
  const std::string& config_dir() const { return config_dir_; }

  // True when the channel takes part: channels.<name>.enabled, or, where that is null ("auto"),
  // in the sandbox or when its secret is set.
  bool channel_enabled(std::string_view name) const;

 private:
  Json values_;
  std::string config_dir_;
  bool sandbox_ = false;
};

}  // namespace huiyin
