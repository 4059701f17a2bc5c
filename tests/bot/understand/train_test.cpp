#include "bot/understand/train.h"

#include <fstream>
#include <sstream>

#include "bot/understand/evaluate.h"
#include "bot/understand/features.h"
#include "tests/bot/understand/support.h"

namespace huiyin::test {
namespace {

namespace fs = std::filesystem;

class TrainTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("train-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  static std::string bytes(const std::string& file) {
    std::stringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
  }

  fs::path folder_;
};

constexpr const char* fruit =
    "apple\tred apple pie\napple\tgreen apple juice\napple\tapple tree\n"
    "pear\tyellow pear cake\npear\tpear juice\npear\tsweet pear tree\n";

TEST_F(TrainTest, the_same_data_gives_the_same_bytes) {
  for (const char* name : {"a.model", "b.model"}) {
    Result<Classifier> model = train_shipped_model(config_dir());
    ASSERT_TRUE(model.has_value()) << model.error().message;
    ASSERT_TRUE(model->save((folder_ / name).string()).has_value());
  }
  EXPECT_EQ(bytes((folder_ / "a.model").string()), bytes((folder_ / "b.model").string()));
  EXPECT_LE(fs::file_size(folder_ / "a.model"), 2'000'000u);
}

TEST_F(TrainTest, a_saved_model_scores_as_before) {
  Normalizer normalizer;
  Result<std::vector<Example>> examples = read_examples(write("fruit.tsv", fruit));
  ASSERT_TRUE(examples.has_value());
  Result<ModelData> data = train(*examples, normalizer, {});
  ASSERT_TRUE(data.has_value());
  Classifier made(*data);
  const std::string file = (folder_ / "fruit.model").string();
  ASSERT_TRUE(made.save(file).has_value());
  Result<Classifier> loaded = Classifier::load(file);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(loaded->labels(), (std::vector<std::string>{"apple", "pear"}));
  const std::u32string said = U" a pear ";
  std::vector<float> one(2), two(2);
  made.score(std::span<const char32_t>(said.data(), said.size()), one);
  loaded->score(std::span<const char32_t>(said.data(), said.size()), two);
  EXPECT_EQ(one, two);
  EXPECT_GT(two[1], two[0]);
}

TEST_F(TrainTest, a_damaged_model_is_named_and_refused) {
  Normalizer normalizer;
  Result<std::vector<Example>> examples = read_examples(write("fruit.tsv", fruit));
  Classifier made(*train(*examples, normalizer, {}));
  const std::string file = (folder_ / "fruit.model").string();
  ASSERT_TRUE(made.save(file).has_value());
  const std::string whole = bytes(file);
  EXPECT_EQ(Classifier::load((folder_ / "none").string()).error().kind, ErrorKind::not_found);
  for (std::size_t cut = 0; cut < whole.size(); cut += 7) {
    Result<Classifier> loaded = Classifier::load(write("cut.model", whole.substr(0, cut)));
    ASSERT_FALSE(loaded.has_value()) << cut;
    EXPECT_EQ(loaded.error().kind, ErrorKind::corrupt);
    EXPECT_NE(loaded.error().message.find("cut.model"), std::string::npos);
  }
  std::string flipped = whole;
  flipped[whole.size() / 2] ^= 1;
  EXPECT_FALSE(Classifier::load(write("flipped.model", flipped)).has_value());
}

TEST_F(TrainTest, one_label_is_not_enough) {
  Normalizer normalizer;
  Result<ModelData> data = train({{"a", "x"}, {"b", "x"}}, normalizer, {});
  ASSERT_FALSE(data.has_value());
  EXPECT_EQ(data.error().kind, ErrorKind::invalid);
}

TEST_F(TrainTest, faults_in_data_name_file_and_line) {
  Result<std::vector<Example>> rows = read_examples(write("bad.tsv", "a\tb\nno tab\n"));
  ASSERT_FALSE(rows.has_value());
  EXPECT_NE(rows.error().message.find("bad.tsv:2"), std::string::npos) << rows.error().message;
  EXPECT_EQ(read_examples(write("bad.yml", "nlu: [")).error().kind, ErrorKind::corrupt);
  EXPECT_EQ(read_examples((folder_ / "none.yml").string()).error().kind, ErrorKind::not_found);
}

TEST_F(TrainTest, rasa_examples_lose_their_marks) {
  Result<std::vector<Example>> rows = read_examples(write(
      "nlu.yml",
      "version: \"3.1\"\nnlu:\n- intent: inform\n  examples: |\n    - I live in [3-2-501](unit)\n"
      "    - [明天]{\"entity\": \"time\"}来\n- synonym: x\n  examples: |\n    - y\n"));
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].text, "I live in 3-2-501");
  EXPECT_EQ((*rows)[1].text, "明天来");
  EXPECT_EQ((*rows)[1].label, "inform");
}

TEST_F(TrainTest, evaluation_reports_accuracy_f1_confusion_errors_and_scope) {
  Evaluation evaluation;
  evaluation.train_file = write("train.tsv", fruit);
  evaluation.test_file =
      write("test.tsv", "apple\tapple cake\npear\tapple cake\npear\tpear pie\noos\tzzz\n");
  evaluation.validation_file = write("val.tsv", "apple\tapple juice\npear\tpear tree\noos\tqqq\n");
  Result<Json> report = evaluate(evaluation);
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ((*report)["sentences"], 4);
  EXPECT_DOUBLE_EQ((*report)["accuracy"].get<double>(), 0.75);
  EXPECT_EQ((*report)["confusion"]["pear"]["apple"], 1);
  EXPECT_EQ((*report)["errors"].size(), 1u);
  EXPECT_EQ((*report)["errors"][0]["text"], "apple cake");
  EXPECT_DOUBLE_EQ((*report)["intents"]["pear"]["recall"].get<double>(), 0.5);
  EXPECT_DOUBLE_EQ((*report)["out_of_scope"]["recall"].get<double>(), 1.0);
}

TEST_F(TrainTest, a_configuration_fault_names_its_file) {
  auto missing = load_understander(folder_.string(), "x");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
  EXPECT_NE(missing.error().message.find("dayparts.json"), std::string::npos);

  fs::copy(config_dir(), folder_ / "config", fs::copy_options::recursive);
  std::ofstream(folder_ / "config/understanding/lexicon/emergency.json")
      << R"({"alarm": ["("], "unless": [], "certain": []})";
  auto broken = load_understander((folder_ / "config").string(), "x");
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().kind, ErrorKind::corrupt);
  EXPECT_NE(broken.error().message.find("emergency.json: /alarm/0"), std::string::npos)
      << broken.error().message;
}

}  // namespace
}  // namespace huiyin::test
