// The talk part of `huiyin check`: phrases/*.json, forms/*.json and talk/words.json, as they are
// loaded to serve; and that every phrase a form names is there and takes what the form gives it.
#pragma once
#include <string>

#include "bot/config_fault.h"

namespace huiyin {

ConfigFaults check_talk(const std::string& config_dir);

}  // namespace huiyin
