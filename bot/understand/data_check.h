// The training data's part of `huiyin check`: understanding/*.yml.
#pragma once
#include <string>

#include "bot/config_fault.h"

namespace huiyin {

// Every file that cannot be read, every intent and entity that does not exist, every sentence that
// stands under two intents, and every intent with too few sentences to learn from.
ConfigFaults check_training_data(const std::string& config_dir);

}  // namespace huiyin
