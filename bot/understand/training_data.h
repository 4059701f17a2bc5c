// Labelled sentences: Rasa's NLU YAML (`nlu: - intent: X, examples: |`), or plain files with one
// `label<TAB>text` a line.
#pragma once
#include <string>
#include <vector>

#include "store/base/error.h"

namespace huiyin {

struct Example {
  std::string text;
  std::string label;
};

// By the file's name: *.yml and *.yaml are Rasa's, anything else is plain. `corrupt` names file and
// line. Entity marks ([text](kind)) are taken off.
Result<std::vector<Example>> read_examples(const std::string& file);
// All *.yml of a folder, in the order of their names.
Result<std::vector<Example>> read_folder(const std::string& folder);

}  // namespace huiyin
