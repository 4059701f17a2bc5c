// The talk part of `huiyin check`: forms/*.json and talk/words.json, as they are loaded to serve.
#pragma once
#include <string>

#include "bot/config_fault.h"

namespace huiyin {

ConfigFaults check_talk(const std::string& config_dir);

}  // namespace huiyin
