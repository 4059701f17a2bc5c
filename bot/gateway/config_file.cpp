#include "bot/gateway/config_file.h"

#include <algorithm>
#include <fstream>
#include <numeric>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace huiyin {
namespace {

// What valijson says of the places above the fault itself.
bool is_wrapper(std::string_view description) {
  return description.starts_with("Failed to validate");
}

std::string quoted_part(std::string_view description) {
  const auto from = description.find('\'');
  const auto last = description.rfind('\'');
  // "…'properties' or 'additionalProperties' constraints: 'name'.": the name is behind the colon.
  const auto colon = description.find(": '");
  const auto start = colon == std::string_view::npos ? from + 1 : colon + 3;
  return std::string(description.substr(start, last - start));
}

std::vector<std::string> pointer_parts(std::string_view pointer) {
  std::vector<std::string> parts;
  for (Json::json_pointer rest{std::string(pointer)}; !rest.empty(); rest.pop_back()) {
    parts.insert(parts.begin(), rest.back());
  }
  return parts;
}

// valijson's context is "<root>", "[name]", "[0]"…
std::string pointer_of(const std::vector<std::string>& context) {
  std::string pointer;
  for (const auto& part : context) {
    if (part.size() >= 2 && part.front() == '[') {
      pointer = child_pointer(pointer, std::string_view(part).substr(1, part.size() - 2));
    }
  }
  return pointer;
}

std::vector<std::string> type_names(const Json& node) {
  std::vector<std::string> types;
  const auto type = node.find("type");
  if (type == node.end()) return types;
  for (const auto& one : type->is_array() ? *type : Json::array({*type})) {
    const std::string name = one.get<std::string>();
    if (name == "string")
      types.push_back("a text");
    else if (name == "integer")
      types.push_back("a whole number");
    else if (name == "number")
      types.push_back("a number");
    else if (name == "boolean")
      types.push_back("true or false");
    else if (name == "array")
      types.push_back("a list");
    else if (name == "object")
      types.push_back("an object");
    else
      types.push_back(name);
  }
  return types;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const auto& part : parts) {
    if (!out.empty()) out += between;
    out += part;
  }
  return out;
}

// "a whole number, 1 to 64: threads of the HTTP listener".
std::string expectation(const Json& node) {
  std::string rule = joined(type_names(node), " or ");
  if (const auto values = node.find("enum"); values != node.end()) {
    std::vector<std::string> names;
    for (const auto& value : *values) names.push_back(value.dump());
    rule = "one of " + joined(names, ", ");
  }
  if (node.contains("minimum") && node.contains("maximum")) {
    rule += ", " + node["minimum"].dump() + " to " + node["maximum"].dump();
  }
  const std::string description = text_of(node, "description");
  if (!description.empty()) rule += (rule.empty() ? "" : ": ") + description;
  return rule.empty() ? "the place must hold against its schema" : rule;
}

std::vector<std::string> member_names(const Json& node) {
  std::vector<std::string> names;
  if (const auto members = node.find("properties"); members != node.end()) {
    for (const auto& [name, unused] : members->items()) names.push_back(name);
  }
  return names;
}

ConfigFault translate(const valijson::ValidationResults::Error& error, const std::string& shown,
                      const Json& schema) {
  static const Json nothing = Json::object();
  std::string pointer = pointer_of(error.context);
  const Json* found = schema_at(schema, pointer);
  const Json& node = found != nullptr ? *found : nothing;
  if (error.description.starts_with("Object contains a property")) {
    const std::string name = quoted_part(error.description);
    const auto known = member_names(node);
    const std::string near = nearest_name(name, known);
    return {shown, child_pointer(pointer, name), "there is no such name here",
            near.empty() ? "remove it; known here: " + joined(known, ", ")
                         : "did you mean \"" + near + "\"? Else remove it"};
  }
  if (error.description.starts_with("Missing required property")) {
    const std::string name = quoted_part(error.description);
    const std::string missing = child_pointer(pointer, name);
    const Json* part = schema_at(schema, missing);
    return {shown, missing, "this is required" + (part ? ": " + expectation(*part) : ""),
            "add \"" + name + "\""};
  }
  return {shown, pointer, expectation(node), "write such a value here, or remove the entry"};
}

}  // namespace

tl::expected<Json, ConfigFault> read_config_file(const std::string& path,
                                                 const std::string& shown) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  if (!in || !(text << in.rdbuf())) {
    return tl::unexpected(ConfigFault{shown, "", "the file must be readable and not empty",
                                      "check the path and its rights"});
  }
  const std::string bytes = text.str();
  try {
    Json value = Json::parse(bytes);
    if (value.is_object()) return value;
    return tl::unexpected(
        ConfigFault{shown, "", "the file must hold a JSON object", "write it as { … }"});
  } catch (const Json::parse_error& error) {
    const std::size_t at = std::min(error.byte == 0 ? 0 : error.byte - 1, bytes.size());
    const auto line = 1 + std::count(bytes.begin(), bytes.begin() + static_cast<long>(at), '\n');
    return tl::unexpected(
        ConfigFault{shown, "", "the file must be JSON; line " + std::to_string(line) + " is not",
                    "look at quotes, commas and brackets at line " + std::to_string(line)});
  }
}

ConfigFaults check_schema(const Json& value, const std::string& shown, const Json& schema,
                          const std::string& schema_shown) {
  ConfigFaults faults;
  valijson::ValidationResults results;
  try {
    valijson::Schema compiled;
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), compiled);
    valijson::Validator validator;
    if (validator.validate(compiled, valijson::adapters::NlohmannJsonAdapter(value), &results)) {
      return faults;
    }
  } catch (const std::exception& error) {
    faults.push_back({schema_shown, "", std::string("the schema must be valid: ") + error.what(),
                      "restore the file that came with the product"});
    return faults;
  }
  for (const auto& error : results) {
    if (!is_wrapper(error.description)) faults.push_back(translate(error, shown, schema));
  }
  if (faults.empty()) {
    faults.push_back(
        {shown, "", "the file must hold against " + schema_shown, "compare it with the schema"});
  }
  return faults;
}

std::string child_pointer(std::string_view parent, std::string_view name) {
  std::string pointer(parent);
  pointer += '/';
  for (const char c : name) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
  return pointer;
}

const Json* schema_at(const Json& schema, std::string_view pointer) {
  const Json* node = &schema;
  for (const auto& name : pointer_parts(pointer)) {
    const auto members = node->find("properties");
    const auto items = node->find("items");
    const auto others = node->find("additionalProperties");
    if (members != node->end() && members->contains(name)) {
      node = &(*members)[name];
    } else if (items != node->end() && items->is_object()) {
      node = &*items;
    } else if (others != node->end() && others->is_object()) {
      node = &*others;
    } else {
      return nullptr;
    }
  }
  return node;
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const auto& candidate : known) {
    std::vector<std::size_t> row(candidate.size() + 1);  // edit distance, one row at a time
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < name.size(); ++i) {
      std::size_t corner = row[0];
      row[0] = i + 1;
      for (std::size_t j = 0; j < candidate.size(); ++j) {
        const std::size_t swapped = corner + (name[i] == candidate[j] ? 0 : 1);
        corner = row[j + 1];
        row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, swapped});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace huiyin
