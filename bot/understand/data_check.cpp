#include "bot/understand/data_check.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "bot/understand/training_data.h"
#include "bot/understand/understanding.h"

namespace huiyin {
namespace {

constexpr int sentences_min = 20;

// Where a sentence was met first.
struct Place {
  std::string label, file;
};

class DataCheck {
 public:
  void file(const std::string& path) {
    const std::string name = "understanding/" + std::filesystem::path(path).filename().string();
    const auto examples = read_examples(path);
    if (!examples) {
      faults_.push_back({name, "", examples.error().message,
                         "write it as Rasa's NLU YAML: \"- intent: …\" and \"examples: |\""});
      return;
    }
    for (const Example& example : *examples) sentence(name, example);
  }

  ConfigFaults finish() {
    for (const auto& [label, count] : counts_) {
      if (count >= sentences_min || !intent_of(label)) continue;
      faults_.push_back({"understanding", "/" + label,
                         "an intent is learnt from " + std::to_string(sentences_min) +
                             " sentences or more; it has " + std::to_string(count),
                         "add sentences as people write them"});
    }
    return std::move(faults_);
  }

 private:
  void sentence(const std::string& name, const Example& example) {
    const std::string at = "/" + example.label;
    if (++counts_[example.label] == 1 && !intent_of(example.label)) {
      faults_.push_back(
          {name, at, "no such intent: " + example.label, "use one of the intents of /model/parse"});
    }
    for (const Mark& mark : example.marks) {
      if (std::ranges::find(entity_kinds, mark.kind) != entity_kinds.end()) continue;
      faults_.push_back({name, at, "no such entity: " + mark.kind + " in \"" + example.text + "\"",
                         "use one of these: " + kinds()});
    }
    const auto [first, fresh] = seen_.try_emplace(example.text, Place{example.label, name});
    if (fresh || first->second.label == example.label) return;
    faults_.push_back({name, at,
                       "a sentence has one intent; \"" + example.text + "\" stands under " +
                           first->second.label + " (" + first->second.file + "), too",
                       "leave it under the one that is wanted"});
  }

  static std::string kinds() {
    std::string all;
    for (const auto kind : entity_kinds) (all += all.empty() ? "" : ", ") += kind;
    return all;
  }

  std::map<std::string, int> counts_;
  std::map<std::string, Place> seen_;
  ConfigFaults faults_;
};

}  // namespace

ConfigFaults check_training_data(const std::string& config_dir) {
  const std::vector<std::string> files = data_files(config_dir + "/understanding");
  if (files.empty()) {
    return {{"understanding", "", "the sentences to learn from are read from here",
             "put *.yml files there"}};
  }
  DataCheck check;
  for (const auto& file : files) check.file(file);
  return check.finish();
}

}  // namespace huiyin
