// What one message costs: the whole parse, and its parts. Build Release; run from anywhere.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "bot/understand/features.h"
#include "bot/understand/shipped_model.h"
#include "bot/understand/understanding.h"

namespace {

using namespace huiyin;

constexpr const char* messages[] = {
    "我是3栋2单元501的王芳，厨房水龙头漏水，明天上午十点来修，电话13800138000",
    "厨房水龙头漏水",
    "3栋2单元501",
    "明天上午十点半",
    "好的",
    "师傅什么时候来",
    "我家卫生间的灯不亮了，麻烦派个师傅过来看看",
    "楼上每天半夜装修太吵了，我要投诉",
    "這個月物業費怎麼這麼貴",
    "my kitchen tap is leaking, please come tomorrow at 10am",
};
constexpr int message_count = static_cast<int>(std::size(messages));

std::string config_dir() {
  return (std::filesystem::path(__FILE__).parent_path() / "../../config").string();
}

const Understander& understander() {
  static const std::unique_ptr<Understander> shared = [] {
    const auto file = std::filesystem::temp_directory_path() / "bench-intent.model";
    if (!train_shipped_model(config_dir())->save(file.string())) std::abort();
    return std::move(*load_understander(config_dir(), file.string()));
  }();
  return *shared;
}

// Label: the message, or all of them in turn.
void parse_message(benchmark::State& state) {
  const Zone zone = Zone::shanghai();
  const ParseContext context{*parse_rfc3339("2026-11-23T10:00:00+08:00"), &zone};
  const Understander& reader = understander();
  const auto chosen = static_cast<int>(state.range(0));
  int next = 0;
  for (auto _ : state) {
    const char* text = chosen >= 0 ? messages[chosen] : messages[next++ % message_count];
    benchmark::DoNotOptimize(reader.parse(text, context));
  }
  state.SetLabel(chosen >= 0 ? messages[chosen] : "all in turn");
}
BENCHMARK(parse_message)->DenseRange(-1, message_count - 1)->Unit(benchmark::kMicrosecond);

void normalize_message(benchmark::State& state) {
  const Normalizer normalizer;
  Normalized out;
  for (auto _ : state) {
    normalizer.normalize(messages[0], out);
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(normalize_message)->Unit(benchmark::kMicrosecond);

void extract_entities(benchmark::State& state) {
  const auto words = std::move(*load_words(config_dir()));
  const Extractor extractor(*words);
  const Zone zone = Zone::shanghai();
  Scratch scratch;
  scratch.original = messages[state.range(0)];
  words->normalizer.normalize(scratch.original, scratch.text);
  for (auto _ : state) {
    extractor.extract(scratch, {*parse_rfc3339("2026-11-23T10:00:00+08:00"), &zone});
    benchmark::DoNotOptimize(scratch.found);
  }
  state.SetLabel(messages[state.range(0)]);
}
BENCHMARK(extract_entities)->DenseRange(0, message_count - 1)->Unit(benchmark::kMicrosecond);

void classify_message(benchmark::State& state) {
  const auto classifier = std::move(*train_shipped_model(config_dir()));
  const Normalizer normalizer;
  Normalized text;
  normalizer.normalize(messages[6], text);
  std::vector<float> scores(classifier.labels().size());
  for (auto _ : state) {
    classifier.score(text.points, scores);
    benchmark::DoNotOptimize(scores);
  }
}
BENCHMARK(classify_message)->Unit(benchmark::kMicrosecond);

// A load-time cost: word lists, the tables of characters and the patterns.
void load_word_lists(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(load_words(config_dir()));
}
BENCHMARK(load_word_lists)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
