// Makes the intent classifier from labelled sentences: tf-idf over hashed features, one linear SVM
// a label (liblinear, solver 1, C = 2). The same data and code give the same bytes. Not thread-safe
// (liblinear draws from the process's rand()).
#pragma once
#include <vector>

#include "bot/understand/classifier.h"
#include "bot/understand/extract.h"
#include "bot/understand/training_data.h"

namespace huiyin {

struct TrainOptions {
  const Extractor* extractor = nullptr;  // masks entities; none for other people's data
  std::size_t model_bytes_max = 0;       // the features of least worth go; 0 keeps all
  bool calibrate = true;                 // fits the confidence on a fifth that was held out
  float threshold = 0;                   // stored in the model
};

// `invalid` when there are fewer than two labels.
Result<ModelData> train(const std::vector<Example>& examples, const Normalizer& normalizer,
                        const TrainOptions& options);

// What each sentence scores under a model that never saw it (five folds, one after the
// other); rows × labels of `train`.
struct HeldOut {
  std::vector<std::string> labels;
  std::vector<float> scores;
  std::vector<int> truth;
};
Result<HeldOut> cross_validate(const std::vector<Example>& examples, const Normalizer& normalizer,
                               const TrainOptions& options);

}  // namespace huiyin
