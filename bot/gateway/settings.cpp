// Loading goes in this order, so that each fault is told where it was made:
//  1. defaults, then the operator's file, then each --set: laid over each other member by member;
//     null means unset. A secret in plain by --set is refused here, before anything repeats it;
//  2. {"env": NAME} and {"file": PATH} are resolved;
//  3. the whole is held against the schema;
//  4. rules between settings: a channel that is enabled outside the sandbox has its secret.
#include "bot/gateway/settings.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "bot/gateway/config_file.h"
#include "store/base/time.h"

namespace huiyin {
namespace {

constexpr const char* defaults_name = "huiyin.json";
constexpr const char* schema_name = "schema/huiyin.schema.json";
constexpr std::streamsize secret_file_bytes_max = 65'536;

bool is_reference(const Json& value) {
  return value.is_object() && value.size() == 1 &&
         ((value.contains("env") && value["env"].is_string()) ||
          (value.contains("file") && value["file"].is_string()));
}

// "channels.twilio.from" → "/channels/twilio/from"; empty when the path has an empty name.
std::string pointer_of(std::string_view path) {
  std::string pointer;
  for (;;) {
    const auto dot = path.find('.');
    if (path.substr(0, dot).empty()) return "";
    pointer = child_pointer(pointer, path.substr(0, dot));
    if (dot == std::string_view::npos) return pointer;
    path.remove_prefix(dot + 1);
  }
}

class Loader {
 public:
  explicit Loader(const SettingsSource& source) : source_(source) {}

  ConfigFaults faults;
  Json values;

  void load() {
    auto defaults = read_config_file(source_.config_dir + "/" + defaults_name, defaults_name);
    auto schema = read_config_file(source_.config_dir + "/" + schema_name, schema_name);
    for (const auto* part : {&defaults, &schema}) {
      if (!*part) faults.push_back(part->error());
    }
    if (!faults.empty()) return;
    values = std::move(*defaults);
    schema_ = std::move(*schema);
    if (!source_.file.empty()) overlay_file();
    for (const auto& [path, text] : source_.sets) overlay_set(path, text);
    resolve(values, "");
    check();
  }

 private:
  void overlay_file() {
    auto overlay = read_config_file(source_.file, source_.file);
    if (!overlay) {
      faults.push_back(overlay.error());
      return;
    }
    // A path in the file counts from the folder of the file.
    anchor_files(*overlay, std::filesystem::path(source_.file).parent_path());
    lay_over(values, *overlay);
    overlay_ = std::move(*overlay);
  }

  static void anchor_files(Json& value, const std::filesystem::path& folder) {
    if (is_reference(value) && value.contains("file")) {
      value["file"] = (folder / value["file"].get<std::string>()).string();
    } else if (value.is_object()) {
      for (auto& member : value) anchor_files(member, folder);
    }
  }

  static void lay_over(Json& base, const Json& top) {
    if (!base.is_object() || !top.is_object() || is_reference(top)) {
      base = top;
      return;
    }
    for (const auto& [name, value] : top.items()) lay_over(base[name], value);
  }

  // VALUE is JSON where it parses as JSON, else a text.
  void overlay_set(const std::string& path, const std::string& text) {
    const std::string pointer = pointer_of(path);
    if (pointer.empty()) {
      faults.push_back({"--set", "", "a setting's path is names with dots between",
                        "write it as --set channels.twilio.from=+8613800138000"});
      return;
    }
    Json value = Json::parse(text, nullptr, false);
    if (value.is_discarded()) value = text;
    // A name that the schema does not know is laid over too and found by its check.
    if (const Json* node = schema_at(schema_, pointer)) {
      if (plain_secret(value, *node, pointer)) return;
      // A text setting keeps what was typed: an account "00123" is no number.
      if (wants_text(*node) && (value.is_number() || value.is_boolean())) value = text;
    }
    for (Json::json_pointer place(pointer); !place.empty(); place.pop_back()) {
      Json around = Json::object();
      around[place.back()] = std::move(value);
      value = std::move(around);
    }
    lay_over(values, value);
    set_pointers_.push_back(pointer);
  }

  // Secrets are seen by everybody who can list processes when they are given this way.
  bool plain_secret(const Json& value, const Json& node, const std::string& pointer) {
    if (flag_of(node, "writeOnly") && !value.is_null() && !is_reference(value)) {
      faults.push_back({"--set", pointer, "a secret is never given in plain on the command line",
                        "use {\"env\":\"NAME\"} or {\"file\":\"PATH\"}"});
      return true;
    }
    bool found = false;
    if (value.is_object()) {
      for (const auto& [name, member] : value.items()) {
        const std::string below = child_pointer(pointer, name);
        const Json* part = schema_at(schema_, below);
        if (part != nullptr && plain_secret(member, *part, below)) found = true;
      }
    }
    return found;
  }

  static bool wants_text(const Json& node) {
    const auto type = node.find("type");
    if (type == node.end()) return false;
    if (type->is_string()) return *type == "string";
    return std::find(type->begin(), type->end(), "string") != type->end();
  }

  void resolve(Json& value, const std::string& pointer) {
    if (!value.is_object()) return;
    if (!is_reference(value)) {
      for (auto& [name, member] : value.items()) {
        resolve(member, child_pointer(pointer, name));
      }
      return;
    }
    auto text = value.contains("env") ? from_environment(value["env"], pointer)
                                      : from_file(value["file"], pointer);
    value = nullptr;
    if (!text) return;
    const Json* node = schema_at(schema_, pointer);
    Json parsed =
        node == nullptr || wants_text(*node) ? Json(nullptr) : Json::parse(*text, nullptr, false);
    value = parsed.is_null() || parsed.is_discarded() ? Json(std::move(*text)) : parsed;
  }

  std::optional<std::string> from_environment(const std::string& name, const std::string& pointer) {
    const char* value = std::getenv(name.c_str());
    if (value != nullptr && *value != '\0') return value;
    unresolved_.push_back(pointer);
    faults.push_back({origin(pointer), pointer,
                      "the environment variable " + name + " must be set and not empty",
                      "set it in the environment of huiyin, or name another"});
    return std::nullopt;
  }

  std::optional<std::string> from_file(const std::string& path, const std::string& pointer) {
    std::ifstream in(path, std::ios::binary);
    std::string text(static_cast<std::size_t>(secret_file_bytes_max), '\0');
    in.read(text.data(), secret_file_bytes_max);
    text.resize(static_cast<std::size_t>(in.gcount()));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (!text.empty()) return text;
    unresolved_.push_back(pointer);
    faults.push_back({origin(pointer), pointer,
                      "the file " + path + " must be readable and not empty",
                      "check its path and rights, or name another"});
    return std::nullopt;
  }

  // Who gave the value at that place.
  std::string origin(const std::string& pointer) const {
    for (const auto& set : set_pointers_) {
      // A fault may lie at the value, in it, or (an unknown name) on the way to it.
      if (pointer == set || pointer.starts_with(set + "/") || set.starts_with(pointer + "/")) {
        return "--set";
      }
    }
    const bool in_overlay = overlay_.is_object() && overlay_.contains(Json::json_pointer(pointer));
    return in_overlay ? source_.file : defaults_name;
  }

  void check() {
    for (auto& fault : check_schema(values, "", schema_, schema_name)) {
      const auto told = std::find(unresolved_.begin(), unresolved_.end(), fault.pointer);
      if (told != unresolved_.end()) continue;
      fault.file = fault.file.empty() ? origin(fault.pointer) : fault.file;
      faults.push_back(std::move(fault));
    }
    if (!faults.empty()) return;
    const std::string start = text_of(values["sandbox"], "start");
    if (!start.empty() && !parse_rfc3339(start)) {
      faults.push_back({origin("/sandbox/start"), "/sandbox/start",
                        "a time in RFC 3339 with its zone",
                        "write it as \"2026-11-23T10:00:00+08:00\""});
    }
    settle_channels();
  }

  // "auto" becomes yes or no; outside the sandbox a channel that takes part has its secret.
  void settle_channels() {
    for (auto& [name, channel] : values["channels"].items()) {
      const std::string secret = text_of(*schema_at(schema_, "/channels/" + name), "x-secret");
      const bool has_secret = !secret.empty() && !text_of(channel, secret).empty();
      if (channel["enabled"].is_null()) channel["enabled"] = source_.sandbox || has_secret;
      if (source_.sandbox || secret.empty() || has_secret || !channel["enabled"]) continue;
      const std::string pointer = "/channels/" + name + "/" + secret;
      faults.push_back({origin("/channels/" + name + "/enabled"), pointer,
                        "an enabled channel has its secret outside the sandbox",
                        "set channels." + name + "." + secret +
                            " to {\"env\":\"NAME\"} or {\"file\":\"PATH\"}, or turn it off"});
    }
  }

  const SettingsSource& source_;
  Json schema_;
  Json overlay_;
  std::vector<std::string> set_pointers_;
  std::vector<std::string> unresolved_;
};

}  // namespace

tl::expected<Settings, ConfigFaults> Settings::load(const SettingsSource& source) {
  Loader loader(source);
  loader.load();
  if (!loader.faults.empty()) return tl::unexpected(std::move(loader.faults));
  Settings settings;
  settings.values_ = std::move(loader.values);
  settings.config_dir_ = source.config_dir;
  settings.sandbox_ = source.sandbox;
  return settings;
}

const Json& Settings::at(std::string_view path) const {
  static const Json unset;
  const Json* value = &values_;
  for (std::string_view rest = path; !rest.empty();) {
    const std::string name(rest.substr(0, rest.find('.')));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    if (value->is_null()) return unset;  // a member of an object that is unset as a whole
    const auto member = value->is_object() ? value->find(name) : value->end();
    if (member == value->end()) {
      throw std::logic_error("no such setting: " + std::string(path));
    }
    value = &*member;
  }
  return *value;
}

std::string Settings::text(std::string_view path) const {
  const Json& value = at(path);
  return value.is_null() ? "" : value.get<std::string>();
}

std::int64_t Settings::integer(std::string_view path) const {
  return at(path).get<std::int64_t>();
}

double Settings::number(std::string_view path) const {
  return at(path).get<double>();
}

bool Settings::flag(std::string_view path) const {
  return at(path).get<bool>();
}

bool Settings::channel_enabled(std::string_view name) const {
  return flag("channels." + std::string(name) + ".enabled");
}

}  // namespace huiyin
