#include "bot/understand/evaluate.h"

#include <fstream>

#include "bot/understand/training_data.h"
#include "tests/bot/understand/support.h"
#include "tests/support/temp_dir.h"

namespace huiyin::test {
namespace {

TEST(Marks, are_taken_off_and_kept) {
  TempDir dir;
  dir.write(
      "x.yml",
      "nlu:\n- intent: inform\n  examples: |\n"
      "    - 我住[三栋二单元501]{\"entity\": \"unit\", \"value\": \"3-2-501\"}，[明天]{\"entity\":"
      " \"time\", \"value\": {\"from\": \"a}b\", \"to\": null}}在\n"
      "    - [王芳](person)的[水龙头](item:tap)[坏]了 [](a\n");
  const auto read = read_examples(dir / "x.yml");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2u);
  const Example& first = read->at(0);
  EXPECT_EQ(first.text, "我住三栋二单元501，明天在");
  EXPECT_EQ(first.label, "inform");
  ASSERT_EQ(first.marks.size(), 2u);
  EXPECT_EQ(first.marks[0].kind, "unit");
  EXPECT_EQ(first.marks[0].value, "3-2-501");
  EXPECT_EQ(first.marks[0].start, 2);
  EXPECT_EQ(first.marks[0].end, 10);
  EXPECT_EQ(first.marks[1].value, Json({{"from", "a}b"}, {"to", nullptr}}));
  const Example& second = read->at(1);
  EXPECT_EQ(second.text, "王芳的水龙头[坏]了 [](a");  // what marks nothing is text
  ASSERT_EQ(second.marks.size(), 2u);
  EXPECT_EQ(second.marks[0].value, "王芳");
  EXPECT_EQ(second.marks[1].value, "tap");
}

// The figures of a small file whose right answers are plain.
TEST(Evaluate, counts_intents_and_entities) {
  TempDir dir;
  dir.write("x.yml",
            "nlu:\n- intent: goodbye\n  examples: |\n    - 再见\n    - 你好\n"
            "- intent: inform\n  examples: |\n"
            "    - [3栋2单元501](unit:3-2-501)\n    - [3栋2单元502](unit:3-2-501)\n"
            "    - 13800138000\n"
            "    - [明天上午十点](time)\n");
  Evaluation wanted{dir / "x.yml", {}, {}, config_dir(), model_file(), {}};
  wanted.now = *parse_rfc3339(monday_ten);
  const auto report = evaluate(wanted);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ((*report)["sentences"], 6);
  EXPECT_EQ((*report)["confusion"]["goodbye"]["greet"], 1);
  EXPECT_EQ((*report)["intents"]["goodbye"]["recall"], 0.5);
  const Json& kinds = (*report)["entities"]["kinds"];
  EXPECT_EQ(kinds["unit"]["marked"], 2);
  EXPECT_EQ(kinds["unit"]["right"], 1);
  EXPECT_EQ(kinds["unit"]["precision"], 0.5);
  EXPECT_EQ(kinds["phone"]["marked"], 0);
  EXPECT_EQ(kinds["phone"]["precision"], 0.0);
  EXPECT_EQ(kinds["time"]["right"], 0);  // marked with its words instead of a value
  EXPECT_EQ((*report)["entities"]["errors"].size(), 3u);
}

TEST(Evaluate, takes_its_clock_from_the_caller) {
  TempDir dir;
  dir.write("x.yml",
            "nlu:\n- intent: inform\n  examples: |\n    - [明天]{\"entity\": \"time\", \"value\": "
            "{\"from\": \"2026-11-24T00:00:00+08:00\", \"to\": \"2026-11-25T00:00:00+08:00\", "
            "\"grain\": \"day\"}}\n");
  Evaluation wanted{dir / "x.yml", {}, {}, config_dir(), model_file(), {}};
  for (const char* now : {monday_ten, "2026-11-24T10:00:00+08:00"}) {
    wanted.now = *parse_rfc3339(now);
    const auto report = evaluate(wanted);
    ASSERT_TRUE(report);
    EXPECT_EQ((*report)["entities"]["kinds"]["time"]["right"], now == monday_ten ? 1 : 0);
  }
}

}  // namespace
}  // namespace huiyin::test
