#include "bot/understand/evaluate.h"

#include <algorithm>
#include <functional>
#include <map>

#include "bot/understand/classifier.h"
#include "bot/understand/evaluate_entities.h"
#include "bot/understand/features.h"
#include "bot/understand/train.h"
#include "bot/understand/training_data.h"

namespace huiyin {
namespace {

constexpr double scope_cost_max = 0.02;
constexpr std::size_t errors_max = 2000;

struct Guess {
  std::string label;
  double confidence = 0;  // for the threshold: how sure the best reading in scope is
};
using Guesser = std::function<Guess(const std::string&)>;

bool is_out_of_scope(const std::string& label) {
  return label == "out_of_scope" || label == "oos" || label == "outofscope";
}

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

// The label of the best score, and how far it stands out.
Guess best_of(const Classifier& classifier, const Normalizer& normalizer, const std::string& text) {
  thread_local Normalized normalized;
  thread_local std::vector<char32_t> points;
  normalizer.normalize(text, normalized);
  masked_points(normalized, {}, Alarm::none, 0, normalized.size(), points);
  std::vector<float> scores(classifier.labels().size());
  classifier.score(points, scores);
  auto best =
      static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
  return {classifier.labels()[best], scores[best]};
}

// The threshold that finds most out-of-scope rows while at most two points of in-scope accuracy go.
double choose_threshold(const std::vector<Example>& rows, const Guesser& guess) {
  struct Row {
    double confidence;
    bool right, outside;
  };
  std::vector<Row> judged;
  double in_scope = 0, right = 0;
  for (const Example& row : rows) {
    Guess answer = guess(row.text);
    bool outside = is_out_of_scope(row.label);
    bool hit = !outside && answer.label == row.label;
    judged.push_back({answer.confidence, hit, outside});
    in_scope += outside ? 0 : 1;
    right += hit ? 1 : 0;
  }
  std::sort(judged.begin(), judged.end(),
            [](const Row& a, const Row& b) { return a.confidence < b.confidence; });
  double lost = 0, threshold = -1e9;
  for (const Row& row : judged) {
    lost += row.right ? 1 : 0;
    if (ratio(lost, in_scope) > scope_cost_max) break;
    threshold = row.confidence + 1e-9;
  }
  return threshold;
}

Json report(const std::vector<Example>& rows, const Guesser& guess, std::optional<double> threshold,
            const std::string& outside_label) {
  std::map<std::string, std::map<std::string, int>> confusion;
  std::map<std::string, int> truths, predictions, hits;
  Json errors = Json::array();
  double right = 0, in_scope = 0, in_scope_right = 0;
  for (const Example& row : rows) {
    Guess answer = guess(row.text);
    if (threshold && answer.confidence < *threshold) answer.label = outside_label;
    const bool hit =
        answer.label == row.label || (is_out_of_scope(answer.label) && is_out_of_scope(row.label));
    const std::string& predicted = hit ? row.label : answer.label;
    ++confusion[row.label][predicted];
    ++truths[row.label];
    ++predictions[predicted];
    right += hit ? 1 : 0;
    if (hit) ++hits[row.label];
    if (!is_out_of_scope(row.label)) {
      ++in_scope;
      in_scope_right += hit ? 1 : 0;
    }
    if (!hit && errors.size() < errors_max) {
      errors.push_back({{"text", row.text},
                        {"truth", row.label},
                        {"predicted", answer.label},
                        {"confidence", answer.confidence}});
    }
  }

  Json intents = Json::object();
  double f1_sum = 0;
  for (const auto& [label, support] : truths) {
    double precision = ratio(hits[label], predictions[label]), recall = ratio(hits[label], support);
    double f1 = ratio(2 * precision * recall, precision + recall);
    f1_sum += f1;
    intents[label] = {
        {"precision", precision}, {"recall", recall}, {"f1", f1}, {"support", support}};
  }
  Json result = {{"sentences", rows.size()},
                 {"accuracy", ratio(right, static_cast<double>(rows.size()))},
                 {"macro_f1", ratio(f1_sum, static_cast<double>(truths.size()))},
                 {"intents", std::move(intents)},
                 {"confusion", confusion},
                 {"errors", std::move(errors)}};
  Json outside = {{"label", outside_label},
                  {"sentences", truths[outside_label]},
                  {"recall", ratio(hits[outside_label], truths[outside_label])},
                  {"precision", ratio(hits[outside_label], predictions[outside_label])},
                  {"accuracy_in_scope", ratio(in_scope_right, in_scope)}};
  if (threshold) outside["threshold"] = *threshold;
  result["out_of_scope"] = std::move(outside);
  return result;
}

}  // namespace

Result<Json> evaluate(const Evaluation& evaluation) {
  Result<std::vector<Example>> rows = read_examples(evaluation.test_file);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) {
    return fail(ErrorKind::invalid, evaluation.test_file + ": holds no sentence");
  }

  Normalizer normalizer;
  std::optional<Classifier> classifier;
  std::unique_ptr<Understander> understander;
  Guesser guess;
  const Zone zone = Zone::shanghai();
  const Instant now = evaluation.now.value_or(SystemClock().now());
  if (evaluation.train_file) {
    Result<std::vector<Example>> examples = read_examples(*evaluation.train_file);
    if (!examples) return tl::unexpected(examples.error());
    TrainOptions options;
    options.calibrate = false;  // the margins are compared, not the confidences
    Result<ModelData> data = train(*examples, normalizer, options);
    if (!data) return tl::unexpected(data.error());
    classifier.emplace(std::move(*data));
    guess = [&](const std::string& text) { return best_of(*classifier, normalizer, text); };
  } else {
    Result<std::unique_ptr<Understander>> loaded =
        load_understander(evaluation.config_dir, evaluation.model_file);
    if (!loaded) return tl::unexpected(loaded.error());
    understander = std::move(*loaded);
    guess = [&](const std::string& text) {
      const Understanding read = understander->parse(text, {now, &zone});
      return Guess{std::string(to_string(read.intent)), read.confidence};
    };
  }

  std::string outside_label = "out_of_scope";
  for (const Example& row : *rows) {
    if (is_out_of_scope(row.label)) outside_label = row.label;
  }
  std::optional<double> threshold;
  if (evaluation.validation_file) {
    Result<std::vector<Example>> validation = read_examples(*evaluation.validation_file);
    if (!validation) return tl::unexpected(validation.error());
    threshold = choose_threshold(*validation, guess);
  }
  Json result = report(*rows, guess, threshold, outside_label);
  const bool marks =
      std::ranges::any_of(*rows, [](const Example& row) { return !row.marks.empty(); });
  if (understander && marks) {
    EntityTally tally;
    for (const Example& row : *rows) tally.add(row, understander->parse(row.text, {now, &zone}));
    result["entities"] = tally.report();
  }
  result["test"] = evaluation.test_file;
  result["train"] = evaluation.train_file ? Json(*evaluation.train_file) : Json(nullptr);
  return result;
}

}  // namespace huiyin
