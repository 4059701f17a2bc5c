// Labelled sentences: Rasa's NLU YAML (`nlu: - intent: X, examples: |`), or plain files with one
// `label<TAB>text` a line.
#pragma once
#include <string>
#include <vector>

#include "store/base/error.h"
#include "store/base/json.h"

namespace huiyin {

// A thing marked in a sentence: [text](kind), [text](kind:value) or [text]{"entity": …, "value":
// …}.
struct Mark {
  std::string kind;
  Json value;              // the text where none is given
  int start = 0, end = 0;  // code points of the sentence without marks
  std::string text;
};

struct Example {
  std::string text;  // without marks
  std::string label;
  std::vector<Mark> marks;
};

// By the file's name: *.yml and *.yaml are Rasa's, anything else is plain. `corrupt` names file and
// line.
Result<std::vector<Example>> read_examples(const std::string& file);
// The *.yml of a folder, in the order of their names; none when it cannot be read.
std::vector<std::string> data_files(const std::string& folder);
// All *.yml of a folder, in the order of their names.
Result<std::vector<Example>> read_folder(const std::string& folder);

}  // namespace huiyin
