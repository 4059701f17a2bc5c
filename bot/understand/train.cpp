#include "bot/understand/train.h"

#include <linear.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>
#include <unordered_map>

#include "bot/understand/features.h"

namespace huiyin {
namespace {

constexpr int document_frequency_min = 2, folds = 5;
// For the calibration, which fits one figure, a fifth scored by what another fifth teaches is
// plenty.
constexpr int calibration_rounds = 1, calibration_folds = 1;
constexpr double svm_cost = 2, svm_tolerance = 0.5;

struct Document {
  std::vector<std::pair<std::uint32_t, int>> counts;  // key, occurrences; by key
  int label = 0;
};

struct Corpus {
  std::vector<std::string> labels;
  std::vector<Document> documents;
};

// Each key once, with how often it stands there; sorts `keys`.
std::vector<std::pair<std::uint32_t, int>> counted(std::vector<std::uint32_t>& keys) {
  std::sort(keys.begin(), keys.end());
  std::vector<std::pair<std::uint32_t, int>> counts;
  for (const auto key : keys) {
    if (counts.empty() || counts.back().first != key) counts.emplace_back(key, 0);
    ++counts.back().second;
  }
  return counts;
}

Corpus read_corpus(const std::vector<Example>& examples, const Normalizer& normalizer,
                   const TrainOptions& options) {
  Corpus corpus;
  std::map<std::string, int> label_of;
  for (const Example& example : examples) label_of.emplace(example.label, 0);
  for (auto& [label, index] : label_of) {
    index = static_cast<int>(corpus.labels.size());
    corpus.labels.push_back(label);
  }
  const Zone zone = Zone::shanghai();
  // Any fixed moment: only where an entity stands matters here.
  const ParseContext context{from_millis(1'700'000'000'000), &zone};
  Scratch scratch;
  std::vector<char32_t> points;
  std::vector<std::uint32_t> keys;
  for (const Example& example : examples) {
    scratch.original = example.text;
    normalizer.normalize(example.text, scratch.text);
    scratch.found.clear();
    scratch.alarm = Alarm::none;
    if (options.extractor != nullptr) options.extractor->extract(scratch, context);
    masked_points(scratch.text, scratch.found, scratch.alarm, 0, scratch.text.size(), points);
    keys.clear();
    each_feature(points,
                 [&](std::uint64_t hash) { keys.push_back(static_cast<std::uint32_t>(hash)); });
    corpus.documents.push_back({counted(keys), label_of[example.label]});
  }
  return corpus;
}

// Float weights of the features that occur in at least two documents.
struct Machine {
  std::vector<std::uint32_t> keys;  // rising
  std::vector<float> idf;
  std::vector<double> weights;  // rows × labels
  std::vector<double> bias;
};

struct ModelDeleter {
  void operator()(::model* made) const { free_and_destroy_model(&made); }
};

Machine fit(const Corpus& corpus, const std::vector<int>& chosen) {
  std::vector<std::uint32_t> seen;  // a key for every document that has it
  for (int index : chosen) {
    for (auto [key, count] : corpus.documents[index].counts) seen.push_back(key);
  }
  std::sort(seen.begin(), seen.end());
  Machine machine;
  std::unordered_map<std::uint32_t, int> row_of;
  const double documents = static_cast<double>(chosen.size());
  for (auto first = seen.begin(); first != seen.end();) {
    const auto next = std::upper_bound(first, seen.end(), *first);
    const auto count = next - first;
    if (count >= document_frequency_min) {
      row_of.emplace(*first, static_cast<int>(machine.keys.size()));
      machine.keys.push_back(*first);
      machine.idf.push_back(
          static_cast<float>(std::log((1 + documents) / (1 + static_cast<double>(count))) + 1));
    }
    first = next;
  }

  const int rows = static_cast<int>(machine.keys.size());
  std::vector<std::vector<feature_node>> nodes;
  std::vector<feature_node*> pointers;
  std::vector<double> truth;
  for (int index : chosen) {
    std::vector<feature_node> line;
    line.reserve(corpus.documents[index].counts.size() + 2);
    double square = 0;
    for (auto [key, count] : corpus.documents[index].counts) {
      auto found = row_of.find(key);
      if (found == row_of.end()) continue;
      double value = (1 + std::log(static_cast<double>(count))) * machine.idf[found->second];
      square += value * value;
      line.push_back({found->second + 1, value});
    }
    const double norm = square > 0 ? 1 / std::sqrt(square) : 0;
    for (feature_node& node : line) node.value *= norm;
    line.push_back({rows + 1, 1.0});  // the bias
    line.push_back({-1, 0});
    nodes.push_back(std::move(line));
    truth.push_back(corpus.documents[index].label);
  }
  for (auto& line : nodes) pointers.push_back(line.data());

  problem task{};
  task.l = static_cast<int>(chosen.size());
  task.n = rows + 1;
  task.y = truth.data();
  task.x = pointers.data();
  task.bias = 1;
  parameter settings{};
  settings.solver_type = L2R_L2LOSS_SVC_DUAL;
  settings.C = svm_cost;
  settings.eps = svm_tolerance;
  set_print_string_function([](const char*) {});
  std::srand(1);  // the solver shuffles with rand()
  std::unique_ptr<::model, ModelDeleter> made(::train(&task, &settings));

  const std::size_t labels = corpus.labels.size();
  machine.weights.assign(static_cast<std::size_t>(rows) * labels, 0);
  machine.bias.assign(labels, -1);
  const int classes = made->nr_class, columns = classes == 2 ? 1 : classes;
  for (int column = 0; column < classes; ++column) {
    const auto label = static_cast<std::size_t>(made->label[column]);
    const double sign = classes == 2 && column == 1 ? -1 : 1;
    const int source = classes == 2 ? 0 : column;
    for (int row = 0; row < rows; ++row) {
      machine.weights[static_cast<std::size_t>(row) * labels + label] =
          sign * made->w[static_cast<std::size_t>(row) * columns + source];
    }
    machine.bias[label] = sign * made->w[static_cast<std::size_t>(rows) * columns + source];
  }
  return machine;
}

void score(const Machine& machine, const Document& document, std::size_t labels, float* scores) {
  double square = 0;
  std::vector<double> sums(labels, 0);
  for (auto [key, count] : document.counts) {
    auto found = std::lower_bound(machine.keys.begin(), machine.keys.end(), key);
    if (found == machine.keys.end() || *found != key) continue;
    auto row = static_cast<std::size_t>(found - machine.keys.begin());
    double value = (1 + std::log(static_cast<double>(count))) * machine.idf[row];
    square += value * value;
    for (std::size_t label = 0; label < labels; ++label) {
      sums[label] += value * machine.weights[row * labels + label];
    }
  }
  const double norm = square > 0 ? 1 / std::sqrt(square) : 0;
  for (std::size_t label = 0; label < labels; ++label) {
    scores[label] = static_cast<float>(sums[label] * norm + machine.bias[label]);
  }
}

// Of `rounds` of the folds, the sentences of each scored by what the `taught` folds behind it
// teach.
HeldOut hold_out(const Corpus& corpus, int rounds, int taught) {
  HeldOut result;
  const std::size_t labels = corpus.labels.size();
  result.labels = corpus.labels;
  // Every fifth sentence of each label, so that rare labels are in every fold.
  std::vector<int> fold_of, seen(labels, 0);
  for (const Document& document : corpus.documents) {
    fold_of.push_back(seen[static_cast<std::size_t>(document.label)]++ % folds);
  }
  for (int fold = 0; fold < rounds; ++fold) {
    std::vector<int> chosen;
    for (std::size_t i = 0; i < fold_of.size(); ++i) {
      const int behind = (fold_of[i] - fold + folds) % folds;
      if (behind >= 1 && behind <= taught) chosen.push_back(static_cast<int>(i));
    }
    Machine machine = fit(corpus, chosen);
    for (std::size_t i = 0; i < fold_of.size(); ++i) {
      if (fold_of[i] != fold) continue;
      result.truth.push_back(corpus.documents[i].label);
      result.scores.resize(result.truth.size() * labels);
      score(machine, corpus.documents[i], labels, &result.scores[result.scores.size() - labels]);
    }
  }
  return result;
}

// The sharpness under which held-out sentences are likeliest.
float best_sharpness(const HeldOut& held_out) {
  const std::size_t labels = held_out.labels.size();
  double best = 1, best_loss = 1e300;
  constexpr int steps = 38;  // 1 … 34
  for (int step = 0; step < steps; ++step) {
    const double sharpness = std::pow(1.1, step);
    double loss = 0;
    for (std::size_t i = 0; i < held_out.truth.size(); ++i) {
      const float* scores = &held_out.scores[i * labels];
      double sum = 0;
      const double own = scores[held_out.truth[i]];
      for (std::size_t label = 0; label < labels; ++label) {
        sum += std::exp(sharpness * (scores[label] - own));
      }
      loss += std::log(sum);
    }
    if (loss < best_loss) {
      best_loss = loss;
      best = sharpness;
    }
  }
  return static_cast<float>(best);
}

ModelData quantise(const Corpus& corpus, const Machine& machine, std::size_t bytes_max) {
  const std::size_t labels = corpus.labels.size(), rows = machine.keys.size();
  std::vector<double> strength(rows, 0);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t label = 0; label < labels; ++label) {
      strength[row] = std::max(strength[row],
                               std::abs(machine.weights[row * labels + label]) * machine.idf[row]);
    }
  }
  std::vector<std::size_t> kept(rows);
  for (std::size_t row = 0; row < rows; ++row) kept[row] = row;
  const std::size_t row_bytes = 12 + packed_row_bytes(labels), head_bytes = 64 + labels * 40;
  if (bytes_max > head_bytes && rows > (bytes_max - head_bytes) / row_bytes) {
    // What a feature can move, in how many sentences (the idf tells): a strong one that is met once
    // is worth less than a fair one that is met every day.
    const auto worth = [&](std::size_t row) {
      return strength[row] * std::sqrt(std::exp(-machine.idf[row]));
    };
    std::stable_sort(kept.begin(), kept.end(),
                     [&](std::size_t a, std::size_t b) { return worth(a) > worth(b); });
    kept.resize((bytes_max - head_bytes) / row_bytes);
    std::sort(kept.begin(), kept.end());
  }
  ModelData data;
  data.labels = corpus.labels;
  data.bias.assign(machine.bias.begin(), machine.bias.end());
  for (std::size_t row : kept) {
    const double scale = std::max(strength[row], 1e-9) / weight_max;
    data.keys.push_back(machine.keys[row]);
    data.idf.push_back(machine.idf[row]);
    data.scale.push_back(static_cast<float>(scale));
    for (std::size_t label = 0; label < labels; ++label) {
      double weight = machine.weights[row * labels + label] * machine.idf[row] / scale;
      data.weights.push_back(static_cast<std::int8_t>(std::lround(weight)));
    }
  }
  return data;
}

Result<Corpus> checked_corpus(const std::vector<Example>& examples, const Normalizer& normalizer,
                              const TrainOptions& options) {
  Corpus corpus = read_corpus(examples, normalizer, options);
  if (corpus.labels.size() < 2) {
    return fail(ErrorKind::invalid, "training data must hold at least two labels", "label");
  }
  return corpus;
}

}  // namespace

Result<ModelData> train(const std::vector<Example>& examples, const Normalizer& normalizer,
                        const TrainOptions& options) {
  Result<Corpus> corpus = checked_corpus(examples, normalizer, options);
  if (!corpus) return tl::unexpected(corpus.error());
  std::vector<int> all(corpus->documents.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
  ModelData data = quantise(*corpus, fit(*corpus, all), options.model_bytes_max);
  data.threshold = options.threshold;
  if (options.calibrate)
    data.sharpness = best_sharpness(hold_out(*corpus, calibration_rounds, calibration_folds));
  return data;
}

Result<HeldOut> cross_validate(const std::vector<Example>& examples, const Normalizer& normalizer,
                               const TrainOptions& options) {
  Result<Corpus> corpus = checked_corpus(examples, normalizer, options);
  if (!corpus) return tl::unexpected(corpus.error());
  return hold_out(*corpus, folds, folds - 1);
}

}  // namespace huiyin
