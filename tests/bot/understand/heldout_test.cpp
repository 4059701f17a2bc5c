// The held-out sentences (tests/understanding/heldout_*.yml), written by other hands than the
// training data and before it was tuned. Never look at their single errors to mend one of them: the
// development set (dev.yml) is there for that.

#include <map>
#include <set>

#include "bot/understand/evaluate.h"
#include "bot/understand/training_data.h"
#include "store/base/text.h"
#include "tests/bot/understand/support.h"

namespace huiyin::test {
namespace {

const std::string folder = std::string(HUIYIN_SOURCE_DIR) + "/tests/understanding/";
const std::vector<std::string> heldout = {folder + "heldout_a.yml", folder + "heldout_b.yml"};

// The figures of both files together.
struct Figures {
  double sentences = 0, right = 0;
  double emergencies = 0, raised = 0, alarms = 0;
  std::map<std::string, double> marked, found;
  std::string errors;
};

Figures figures_of(const std::vector<std::string>& files) {
  Figures all;
  for (const auto& file : files) {
    Evaluation wanted{file, {}, {}, config_dir(), model_file(), {}};
    wanted.now = *parse_rfc3339(monday_ten);
    const auto report = evaluate(wanted);
    if (!report) {
      ADD_FAILURE() << report.error().message;
      continue;
    }
    const double sentences = (*report)["sentences"];
    all.sentences += sentences;
    all.right += sentences * (*report)["accuracy"].get<double>();
    for (const auto& [truth, guesses] : (*report)["confusion"].items()) {
      for (const auto& [guess, count] : guesses.items()) {
        const double n = count;
        if (truth == "report_emergency") all.emergencies += n;
        if (truth == "report_emergency" && guess == truth) all.raised += n;
        if (truth != "report_emergency" && guess == "report_emergency") all.alarms += n;
      }
    }
    if (!report->contains("entities")) continue;  // the file marks none
    for (const auto& [kind, counts] : (*report)["entities"]["kinds"].items()) {
      all.marked[kind] += counts["marked"].get<double>();
      all.found[kind] += counts["right"].get<double>();
    }
  }
  return all;
}

std::set<std::string> sentences_of(const std::vector<Example>& examples) {
  std::set<std::string> out;
  for (const auto& example : examples) out.insert(example.text);
  return out;
}

TEST(HeldOutSet, is_understood) {
  const Figures all = figures_of(heldout);
  ASSERT_GE(all.sentences, 400);
  // The aim is 0.95, every emergency and no false alarm; of false alarms this is the floor that
  // stands.
  EXPECT_GE(all.right / all.sentences, 0.95);
  EXPECT_EQ(all.raised, all.emergencies);
  EXPECT_LE(all.alarms, 6);
  EXPECT_GE(all.found.at("unit") / all.marked.at("unit"), 0.97);
  EXPECT_GE(all.found.at("phone") / all.marked.at("phone"), 0.99);
  EXPECT_GE(all.found.at("time") / all.marked.at("time"), 0.92);
  EXPECT_GE(all.found.at("order") / all.marked.at("order"), 0.99);
  EXPECT_GE(all.found.at("rating") / all.marked.at("rating"), 0.95);
}

// What stands on the hard development sets; far below the aim, and so that nothing is lost again.
TEST(DevelopmentSets, are_understood_as_well_as_before) {
  struct Floor {
    const char* file;
    double accuracy;
    int missed_max, alarms_max;
  };
  for (const Floor& floor :
       {Floor{"dev.yml", 0.975, 0, 2}, Floor{"dev_alarms.yml", 0.84, 4, 5},
        Floor{"dev_english.yml", 0.73, 6, 9}, Floor{"dev_borders.yml", 0.86, 0, 1}}) {
    const Figures figures = figures_of({folder + floor.file});
    EXPECT_GE(figures.right / figures.sentences, floor.accuracy) << floor.file;
    EXPECT_LE(figures.emergencies - figures.raised, floor.missed_max) << floor.file;
    EXPECT_LE(figures.alarms, floor.alarms_max) << floor.file;
  }
}

TEST(HeldOutSet, shares_no_sentence_with_the_training_data) {
  const auto trained = read_folder(config_dir() + "/understanding");
  ASSERT_TRUE(trained);
  const auto known = sentences_of(*trained);
  for (const std::string name : {"heldout_a.yml", "heldout_b.yml", "dev.yml", "dev_alarms.yml",
                                 "dev_english.yml", "dev_borders.yml"}) {
    const auto examples = read_examples(folder + name);
    ASSERT_TRUE(examples) << name;
    for (const auto& example : *examples) {
      if (code_points(example.text) > 4) EXPECT_FALSE(known.contains(example.text)) << example.text;
    }
  }
}

TEST(TrainingData, holds_enough_of_every_intent) {
  const auto trained = read_folder(config_dir() + "/understanding");
  ASSERT_TRUE(trained);
  std::map<std::string, int> counts;
  for (const auto& example : *trained) ++counts[example.label];
  EXPECT_EQ(counts.size(), static_cast<std::size_t>(intent_count));
  for (const auto& [label, count] : counts) EXPECT_GE(count, 120) << label;
}

}  // namespace
}  // namespace huiyin::test
