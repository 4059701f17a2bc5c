// What understanding costs and how well it does: a message by Google Benchmark beside ICU's bare
// NFKC case folding of the same text, training, the model's size, and the held-out sentences. One
// JSON object a figure.
#include <benchmark/benchmark.h>
#include <unicode/normalizer2.h>

#include <chrono>
#include <filesystem>
#include <iostream>

#include "bot/understand/evaluate.h"
#include "bot/understand/shipped_model.h"
#include "bot/understand/training_data.h"
#include "bot/understand/understanding.h"
#include "tests/bench/support/measure.h"

namespace {

using namespace huiyin;
using namespace huiyin::bench;
using std::chrono::steady_clock;

constexpr const char* moment = "2026-11-23T10:00:00+08:00";
constexpr double message_us_max = 60, training_s_max = 5;
constexpr int repeats = 50;

const std::string source = HUIYIN_SOURCE_DIR;
const std::string config_dir = source + "/config";
const std::vector<std::string> heldout = {source + "/tests/understanding/heldout_a.yml",
                                          source + "/tests/understanding/heldout_b.yml"};

template <class T>
T must(Result<T> result) {
  if (!result) give_up(result.error().message);
  return std::move(*result);
}

// Trains once; the seconds it took.
double training_s = 0;
std::string model_file() {
  static const std::string file = [] {
    const auto path = std::filesystem::temp_directory_path() / "bench-intent.model";
    const auto start = steady_clock::now();
    const auto model = must(train_shipped_model(config_dir));
    training_s = seconds_since(start);
    if (!model.save(path.string())) give_up("cannot write " + path.string());
    return path.string();
  }();
  return file;
}

const Understander& understander() {
  static const auto shared = must(load_understander(config_dir, model_file()));
  return *shared;
}

const std::vector<std::string>& sentences() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> out;
    for (const auto& file : heldout) {
      for (auto& example : must(read_examples(file))) out.push_back(std::move(example.text));
    }
    return out;
  }();
  return all;
}

void fold_by_icu(const std::string& text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* folder = icu::Normalizer2::getNFKCCasefoldInstance(status);
  std::string out;
  folder->normalize(icu::UnicodeString::fromUTF8(text), status).toUTF8String(out);
  if (U_FAILURE(status)) give_up("ICU does not fold");
  benchmark::DoNotOptimize(out);
}

void parse(const std::string& text) {
  static const Zone zone = Zone::shanghai();
  static const ParseContext context{*parse_rfc3339(moment), &zone};
  benchmark::DoNotOptimize(understander().parse(text, context));
}

template <void (*work)(const std::string&)>
void each_in_turn(benchmark::State& state) {
  const auto& all = sentences();
  std::size_t next = 0;
  for (auto _ : state) work(all[next++ % all.size()]);
}
BENCHMARK(each_in_turn<parse>)->Name("understand_mean")->Unit(benchmark::kMicrosecond);
BENCHMARK(each_in_turn<fold_by_icu>)->Name("icu_fold_mean")->Unit(benchmark::kMicrosecond);

// The median over the sentences of the mean time of each.
double median_us(void (*work)(const std::string&)) {
  std::vector<double> times;
  for (const auto& text : sentences()) {
    work(text);
    const auto start = steady_clock::now();
    for (int i = 0; i < repeats; ++i) work(text);
    times.push_back(seconds_since(start) * 1e6 / repeats);
  }
  return median(times);
}

// Hands the results of the benchmark library on.
class Collector : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) us[run.benchmark_name()] = run.GetAdjustedCPUTime();
  }
  std::map<std::string, double> us;
};

void print(const Json& line) {
  std::cout << line.dump() << std::endl;
}

void print_heldout() {
  double all = 0, right = 0, emergencies = 0, raised = 0, alarms = 0;
  for (const auto& file : heldout) {
    Evaluation wanted{file, {}, {}, config_dir, model_file(), *parse_rfc3339(moment)};
    const Json report = must(evaluate(wanted));
    all += report["sentences"].get<double>();
    right += report["sentences"].get<double>() * report["accuracy"].get<double>();
    for (const auto& [truth, guesses] : report["confusion"].items()) {
      for (const auto& [guess, count] : guesses.items()) {
        const bool danger = truth == "report_emergency", alarm = guess == "report_emergency";
        emergencies += danger ? count.get<double>() : 0;
        raised += danger && alarm ? count.get<double>() : 0;
        alarms += !danger && alarm ? count.get<double>() : 0;
      }
    }
  }
  print({{"name", "heldout_intent_accuracy"}, {"value", rounded(right / all)}, {"goal", 0.95}});
  print({{"name", "heldout_emergency_recall"},
         {"value", rounded(raised / emergencies)},
         {"goal", 1},
         {"false_alarms", alarms}});
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  model_file();
  print({{"name", "training"},
         {"value", rounded(training_s)},
         {"unit", "s"},
         {"goal", training_s_max}});
  print({{"name", "model"},
         {"value", std::filesystem::file_size(model_file())},
         {"unit", "bytes"},
         {"goal", shipped_model_bytes_max}});
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  print({{"name", "understand_mean"},
         {"value", rounded(collector.us["understand_mean"])},
         {"unit", "us"},
         {"reference", rounded(collector.us["icu_fold_mean"])},
         {"goal", message_us_max}});
  print({{"name", "understand_median"},
         {"value", rounded(median_us(parse))},
         {"unit", "us"},
         {"reference", rounded(median_us(fold_by_icu))},
         {"goal", message_us_max}});
  print_heldout();
  return 0;
}
