// How many of the things marked in test sentences are found: part of `huiyin evaluate`.
#pragma once
#include <map>
#include <string>

#include "bot/understand/training_data.h"
#include "bot/understand/understanding.h"

namespace huiyin {

class EntityTally {
 public:
  // One sentence: what is marked in it against what was read.
  void add(const Example& example, const Understanding& read);
  // {kinds: {kind: {marked, right, precision, recall, f1}}, errors: [{text, kind, marked, read}]}.
  // Right: of the same kind, at an overlapping place, with the same value.
  Json report() const;

 private:
  struct Count {
    int marked = 0, right = 0, read = 0;
  };
  std::map<std::string, Count> kinds_;
  Json errors_ = Json::array();
};

}  // namespace huiyin
