#include "store/base/json.h"

#include "store/base/text.h"

namespace huiyin {
namespace {

// Nesting is bounded before parsing: nlohmann recurses per level.
bool too_deep(std::string_view text, int depth_max) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > depth_max) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

}  // namespace

Result<Json> parse_json(std::string_view text, int depth_max) {
  if (too_deep(text, depth_max)) {
    return fail(ErrorKind::invalid, "JSON nested deeper than " + std::to_string(depth_max));
  }
  Json value = Json::parse(text.begin(), text.end(), nullptr, false);
  if (value.is_discarded()) return fail(ErrorKind::invalid, "the body is not valid JSON");
  return value;
}

std::string dump_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void append_quoted(std::string& out, std::string_view text) {
  if (!is_valid_utf8(text)) return append_quoted(out, to_valid_utf8(text));
  static constexpr char hex[] = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;  // what needs no escape is copied in runs
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out += text.substr(plain, at - plain);
    plain = at + 1;
    out += '\\';
    if (c == '\n') {
      out += 'n';
    } else if (c >= 0x20) {
      out += static_cast<char>(c);
    } else {
      out += "u00";
      out += hex[c >> 4];
      out += hex[c & 15];
    }
  }
  out += text.substr(plain);
  out += '"';
}

std::string text_of(const Json& object, std::string_view name, std::string_view fallback) {
  if (object.is_object()) {
    const auto it = object.find(name);
    if (it != object.end() && it->is_string()) return it->get<std::string>();
  }
  return std::string(fallback);
}

std::int64_t int_of(const Json& object, std::string_view name, std::int64_t fallback) {
  if (object.is_object()) {
    const auto it = object.find(name);
    if (it != object.end() && it->is_number()) return it->get<std::int64_t>();
  }
  return fallback;
}

bool flag_of(const Json& object, std::string_view name, bool fallback) {
  if (object.is_object()) {
    const auto it = object.find(name);
    if (it != object.end() && it->is_boolean()) return it->get<bool>();
  }
  return fallback;
}

Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

}  // namespace huiyin
