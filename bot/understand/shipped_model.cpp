#include "bot/understand/shipped_model.h"

namespace huiyin {

TrainOptions shipped_options(const Extractor& extractor) {
  TrainOptions options;
  options.extractor = &extractor;
  options.model_bytes_max = shipped_model_bytes_max;
  options.threshold = shipped_threshold;
  return options;
}

Result<Classifier> train_shipped_model(const std::string& config_dir) {
  Result<std::unique_ptr<Words>> words = load_words(config_dir);
  if (!words) return tl::unexpected(words.error());
  Result<std::vector<Example>> examples = read_folder(config_dir + "/understanding");
  if (!examples) return tl::unexpected(examples.error());
  Extractor extractor(**words);
  Result<ModelData> data = train(*examples, (*words)->normalizer, shipped_options(extractor));
  if (!data) return tl::unexpected(data.error());
  return Classifier(std::move(*data));
}

}  // namespace huiyin
