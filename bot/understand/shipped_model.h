// The model that ships: trained at build from config/understanding/*.yml with entities masked.
#pragma once
#include <string>

#include "bot/understand/classifier.h"
#include "bot/understand/train.h"
#include "bot/understand/words.h"

namespace huiyin {

inline constexpr std::size_t shipped_model_bytes_max = 2'000'000;
// Below this confidence a message counts as not understood.
inline constexpr float shipped_threshold = 0.25F;

TrainOptions shipped_options(const Extractor& extractor);
// The same folder and code give the same bytes.
Result<Classifier> train_shipped_model(const std::string& config_dir);

}  // namespace huiyin
