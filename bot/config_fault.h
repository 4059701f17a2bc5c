// One fault of the configuration, as `huiyin check` prints it. Loaders report all faults at once.
#pragma once
#include <string>
#include <vector>

namespace huiyin {

struct ConfigFault {
  std::string file;     // relative to the configuration folder, or as the operator named it
  std::string pointer;  // JSON pointer, "" for the whole file
  std::string rule;     // what must hold
  std::string remedy;   // what to do
};
using ConfigFaults = std::vector<ConfigFault>;

}  // namespace huiyin
