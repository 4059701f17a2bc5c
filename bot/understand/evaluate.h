// How well sentences are understood: `huiyin evaluate TEST [--train FILE]
// [--validation FILE] [--now TIME]`.
#pragma once
#include <optional>
#include <string>

#include "bot/understand/understanding.h"
#include "store/base/error.h"
#include "store/base/json.h"

namespace huiyin {

struct Evaluation {
  std::string test_file;                  // Rasa YAML or `label<TAB>text`
  std::optional<std::string> train_file;  // a model of its own; else the shipped understanding
  // Sets the threshold below which a sentence is out of scope: the one with the best out-of-scope
  // recall that costs at most two points of accuracy in scope on this file.
  std::optional<std::string> validation_file;
  std::string config_dir, model_file;  // of the shipped understanding
  std::optional<Instant> now;  // the moment at which the sentences are said; else the real one
};

// {test, train, sentences, accuracy, macro_f1, intents: {name: {precision, recall, f1, support}},
//  confusion: {truth: {predicted: count}}, errors: [{text, truth, predicted, confidence}],
//  entities: as EntityTally reports them, when the file marks any and no train_file is given,
//  out_of_scope: {label, sentences, recall, precision, threshold?, accuracy_in_scope}}.
// Rows labelled out_of_scope, oos or outofscope are out of scope.
Result<Json> evaluate(const Evaluation& evaluation);

}  // namespace huiyin
