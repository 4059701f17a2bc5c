// One JSON file of the configuration: read with the line of a syntax fault, and held against its
// JSON Schema (valijson). Every fault comes with the pointer, what must hold there (taken from the
// schema's `description`) and what to do; values are never repeated, for they may be secrets.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/config_fault.h"
#include "store/base/json.h"

namespace huiyin {

// `shown` is the name that faults give the file.
tl::expected<Json, ConfigFault> read_config_file(const std::string& path, const std::string& shown);

// All faults of `value`. A schema that cannot be compiled is a fault of `schema_shown`.
ConfigFaults check_schema(const Json& value, const std::string& shown, const Json& schema,
                          const std::string& schema_shown);

// The pointer to a member, its name escaped.
std::string child_pointer(std::string_view parent, std::string_view name);

// The part of the schema that holds at a JSON pointer; null when it knows no such place.
const Json* schema_at(const Json& schema, std::string_view pointer);

// The nearest of `known` to a misspelt `name`; empty when none is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

}  // namespace huiyin
