// Single values of the installation: the sandbox clock, secrets' hashes, watermarks.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "store/connection.h"

namespace huiyin::store {

std::optional<std::string> get_meta(Connection& db, std::string_view key);
void set_meta(Connection& db, std::string_view key, std::string_view value);

}  // namespace huiyin::store
