// `huiyin check` and the start of `serve`: the whole configuration, all faults at once. The parts
// that other folders load (phrases, forms, understanding) are given in by the composition root.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "bot/config_fault.h"
#include "bot/gateway/settings.h"

namespace huiyin {

// Looks at one part of a configuration folder.
using ConfigCheck = std::function<ConfigFaults(const std::string& config_dir)>;

// Settings, then each check in order. None: everything may be used.
ConfigFaults check_configuration(const SettingsSource& source,
                                 const std::vector<ConfigCheck>& checks);

// estates/*.json: the schema, the zone, the phones, the hours, dates that exist, the file's name,
// the price list that it names.
ConfigFaults check_estates(const std::string& config_dir);
// catalogue/*.json, each by the part of the schema that has its name.
ConfigFaults check_catalogue(const std::string& config_dir);

// One line a fault: "file/pointer: rule; remedy".
std::string to_line(const ConfigFault& fault);

}  // namespace huiyin
