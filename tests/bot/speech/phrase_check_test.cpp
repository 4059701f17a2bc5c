// Each check of the phrase files has a file here that fails for it and for nothing else.
#include <gtest/gtest.h>

#include <filesystem>

#include "bot/speech/speech.h"
#include "tests/support/temp_dir.h"

namespace huiyin {
namespace {

// The shipped phrases and one more file.
class PhraseCheckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::copy(HUIYIN_SOURCE_DIR "/config/phrases", dir_ / "phrases",
                          std::filesystem::copy_options::recursive);
  }

  ConfigFaults faults_of(std::string_view text) const {
    dir_.write("phrases/zz.json", text);
    auto loaded = load_speech(dir_ / "phrases");
    return loaded ? ConfigFaults{} : loaded.error();
  }
  ConfigFaults faults_of_phrase(const std::string& phrase) const {
    return faults_of("{\"phrases\": [" + phrase + "]}");
  }
  // Exactly one fault, there, that names the rule and a remedy.
  void expect_fault(const std::string& phrase, std::string_view pointer,
                    std::string_view rule) const {
    const ConfigFaults faults = faults_of_phrase(phrase);
    ASSERT_EQ(faults.size(), 1U) << phrase << shown(faults);
    EXPECT_EQ(faults[0].file, "phrases/zz.json");
    EXPECT_EQ(faults[0].pointer, pointer) << phrase;
    EXPECT_NE(faults[0].rule.find(rule), std::string::npos) << faults[0].rule;
    EXPECT_FALSE(faults[0].remedy.empty());
  }
  // The text is faulty in that category, and the better one is not.
  void expect_wording(const std::string& category, const std::string& bad, const std::string& good,
                      std::string_view rule) const {
    const auto phrase = [&](const std::string& zh) {
      return R"({"id": "zz", "category": ")" + category + R"(", "zh": ")" + zh + R"(", "en": "x"})";
    };
    expect_fault(phrase(bad), "/phrases/0/zh", rule);
    const ConfigFaults faults = faults_of_phrase(phrase(good));
    EXPECT_TRUE(faults.empty()) << good << shown(faults);
  }
  static std::string shown(const ConfigFaults& faults) {
    std::string out;
    for (const auto& fault : faults) out += "\n" + fault.pointer + ": " + fault.rule;
    return out;
  }

  test::TempDir dir_;
};

TEST_F(PhraseCheckTest, AGoodFileLoads) {
  EXPECT_TRUE(
      faults_of_phrase(
          R"({"id": "zz", "category": "label", "args": {"a": "text"}, "zh": "{a}", "en": ["{a}"],
              "buttons": [{"zh": "好 {a}", "en": "ok"}]})")
          .empty());
}

TEST_F(PhraseCheckTest, AFileThatIsNoJsonNamesItsLine) {
  const ConfigFaults faults = faults_of("{\n\"phrases\": [\n}\n");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].file, "phrases/zz.json");
  EXPECT_NE(faults[0].rule.find("line 3"), std::string::npos) << faults[0].rule;
}

TEST_F(PhraseCheckTest, AFileIsAnObjectWithAListOfPhrases) {
  EXPECT_EQ(faults_of("[]").size(), 1U);
  EXPECT_EQ(faults_of("{\"phrases\": {}}").size(), 1U);
  EXPECT_EQ(faults_of("{\"phrases\": [], \"more\": 1}")[0].pointer, "/more");
  EXPECT_EQ(faults_of("{\"phrases\": [\"\xff\"]}")[0].rule, "the file is UTF-8");
}

TEST_F(PhraseCheckTest, ThePartsOfAPhraseHaveTheirShape) {
  expect_fault(R"("text")", "/phrases/0", "object");
  expect_fault(R"({"category": "label", "zh": "x", "en": "x"})", "/phrases/0/id", "an id");
  expect_fault(R"({"id": "Zz!", "category": "label", "zh": "x", "en": "x"})", "/phrases/0/id",
               "an id");
  expect_fault(R"({"id": "zz", "category": "chat", "zh": "x", "en": "x"})", "/phrases/0/category",
               "category of R10");
  expect_fault(R"({"id": "zz", "category": "label", "zh": "x", "en": "x", "a/b": 1})",
               "/phrases/0/a~1b", "known members");
  expect_fault(R"({"id": "zz", "category": "label", "args": ["a"], "zh": "x", "en": "x"})",
               "/phrases/0/args", "object");
  expect_fault(R"({"id": "zz", "category": "label", "args": {"a": "date"}, "zh": "x", "en": "x"})",
               "/phrases/0/args/a", "a type of");
  expect_fault(R"({"id": "zz", "category": "label", "args": {"A": "text"}, "zh": "x", "en": "x"})",
               "/phrases/0/args/A", "name");
}

TEST_F(PhraseCheckTest, EveryPhraseIsInChineseAndInEnglish) {
  expect_fault(R"({"id": "zz", "category": "label", "en": "x"})", "/phrases/0/zh", "Chinese");
  expect_fault(R"({"id": "zz", "category": "label", "zh": "x"})", "/phrases/0/en", "English");
  expect_fault(R"({"id": "zz", "category": "label", "zh": "", "en": "x"})", "/phrases/0/zh",
               "not empty");
  expect_fault(R"({"id": "zz", "category": "label", "zh": [], "en": "x"})", "/phrases/0/zh",
               "at least one");
  expect_fault(R"({"id": "zz", "category": "label", "zh": ["x", 3], "en": "x"})", "/phrases/0/zh/1",
               "not empty");
}

TEST_F(PhraseCheckTest, IdsAreUniqueOverAllFiles) {
  expect_fault(R"({"id": "repair.asap", "category": "label", "zh": "x", "en": "x"})",
               "/phrases/0/id", "unique");
}

TEST_F(PhraseCheckTest, EachTextIsAMessageFormatPattern) {
  expect_fault(R"({"id": "zz", "category": "label", "zh": "x", "en": "x {"})", "/phrases/0/en",
               "MessageFormat");
  expect_fault(R"({"id": "zz", "category": "label", "args": {"n": "number"},
                   "zh": "{n, plural, one {x}}", "en": "x"})",
               "/phrases/0/zh", "MessageFormat");
  expect_fault(R"({"id": "zz", "category": "label", "zh": "{0}", "en": "x"})", "/phrases/0/zh",
               "number for a name");
  expect_fault(R"({"id": "zz", "category": "label", "args": {"n": "number"},
                   "zh": "{n, wrong}", "en": "x"})",
               "/phrases/0/zh", "MessageFormat");
}

TEST_F(PhraseCheckTest, ATextUsesOnlyItsDeclaredArguments) {
  expect_fault(
      R"({"id": "zz", "category": "label", "args": {"a": "text"}, "zh": "{b}", "en": "x"})",
      "/phrases/0/zh", "{b}");
  expect_fault(R"({"id": "zz", "category": "label", "args": {"n": "number"}, "zh": "x",
                   "en": "{n, plural, one {{b}} other {#}}"})",
               "/phrases/0/en", "{b}");
  expect_fault(R"({"id": "zz", "category": "label", "zh": "x", "en": "x",
                   "buttons": [{"zh": "{b}", "en": "x"}]})",
               "/phrases/0/buttons/0/zh", "{b}");
}

TEST_F(PhraseCheckTest, R10_1AGreetingGreets) {
  expect_wording("greeting", "嗨！", "您好！", "R10.1");
}
TEST_F(PhraseCheckTest, R10_2AWelcomeWelcomes) {
  expect_wording("welcome", "您来啦", "欢迎光临", "R10.2");
}
TEST_F(PhraseCheckTest, R10_3ABlessingBlesses) {
  expect_wording("blessing", "加油", "祝您生日快乐", "R10.3");
}
TEST_F(PhraseCheckTest, R10_4AFarewellSaysGoodbye) {
  expect_wording("farewell", "拜拜", "欢迎您下次再来", "R10.4");
}
TEST_F(PhraseCheckTest, R10_5AnApologySaysOneOfTheFourPhrases) {
  expect_wording("apology", "不好意思", "打扰您了", "R10.5");
  for (const char* good : {"对不起", "请原谅", "失礼了"}) {
    expect_wording("apology", "抱歉", good, "R10.5");
  }
}
TEST_F(PhraseCheckTest, R10_6ThanksThank) {
  expect_wording("thanks", "收到", "非常感谢", "R10.6");
}
TEST_F(PhraseCheckTest, R10_7AReplyAnswersPolitely) {
  expect_wording("reply", "行", "我明白了", "R10.7");
}
TEST_F(PhraseCheckTest, R10_8AnInquiryAsksTheResidentAs您) {
  expect_wording("inquiry", "您有什么事？", "请问您有什么事？", "R10.8");
  expect_wording("inquiry", "请问有什么事？", "请问您有什么事？", "R10.8");
}
TEST_F(PhraseCheckTest, R10_9ARequestCarries请And您) {
  expect_wording("request", "您留个电话", "请您留个电话，好吗？", "R10.9");
  expect_wording("request", "请留个电话", "请您留个电话，好吗？", "R10.9");
}
TEST_F(PhraseCheckTest, R10_10AConsultationAsksForConsent) {
  expect_wording("consultation", "就这样了", "您看这样好不好？", "R10.10");
}
TEST_F(PhraseCheckTest, R10_11AnExplanationExplainsWithRegret) {
  expect_wording("explanation", "不行", "很抱歉，公司的规定是这样的", "R10.11");
}

TEST_F(PhraseCheckTest, R10_9AResidentIsNeverAddressed你) {
  expect_wording("notice", "你的单子已办完", "您的单子已办完", "R10.9");
  expect_wording("label", "你家", "您家", "R10.9");
  expect_fault(
      R"({"id": "zz", "category": "request", "zh": ["请您说", "请您再说，你家"], "en": "x"})",
      "/phrases/0/zh/1", "R10.9");
  expect_fault(R"({"id": "zz", "category": "label", "zh": "x", "en": "x",
                   "buttons": [{"zh": "你好", "en": "x"}]})",
               "/phrases/0/buttons/0/zh", "R10.9");
  EXPECT_TRUE(
      faults_of_phrase(R"({"id": "zz", "category": "staff", "zh": "你好", "en": "x"})").empty())
      << "staff are colleagues";
}

TEST_F(PhraseCheckTest, R10_12TheScriptUsesTheBasicPoliteWords) {
  const test::TempDir dir;
  dir.write("phrases/a.json",
            R"({"phrases": [{"id": "system.wordless", "category": "apology",
                             "zh": "对不起，请稍候。谢谢！再见！", "en": "x"}]})");
  const auto loaded = load_speech(dir / "phrases");
  ASSERT_FALSE(loaded);
  ASSERT_EQ(loaded.error().size(), 1U);
  EXPECT_NE(loaded.error()[0].rule.find("R10.12"), std::string::npos);
  EXPECT_NE(loaded.error()[0].rule.find("您好"), std::string::npos);
}

TEST_F(PhraseCheckTest, AButtonSaysAtMost64Bytes) {
  const std::string head = R"({"id": "zz", "category": "label", "args": {"a": "text"}, "zh": "x",
                               "en": "x", "buttons": [{"zh": "好", "en": ")";
  expect_fault(head + std::string(65, 'x') + "\"}]}", "/phrases/0/buttons/0/en", "64");
  EXPECT_TRUE(faults_of_phrase(head + std::string(64, 'x') + "{a}\"}]}").empty());
  expect_fault(R"({"id": "zz", "category": "label", "zh": "x", "en": "x",
                   "buttons": [{"zh": "一二三四五六七八九十一二三四五六七八九十一二", "en": "x"}]})",
               "/phrases/0/buttons/0/zh", "66");
  expect_fault(
      R"({"id": "zz", "category": "label", "zh": "x", "en": "x", "buttons": [{"zh": "好"}]})",
      "/phrases/0/buttons/0/en", "English");
  expect_fault(R"({"id": "zz", "category": "label", "zh": "x", "en": "x", "buttons": {}})",
               "/phrases/0/buttons", "list");
}

TEST_F(PhraseCheckTest, AMomentHasItsShape) {
  const auto greeting = [](const std::string& when) {
    return R"({"id": "zz", "category": "greeting", "zh": "您好", "en": "x", "when": )" + when + "}";
  };
  EXPECT_TRUE(faults_of_phrase(greeting(R"({"daypart": ["night", "noon"], "from": "12-31",
                                            "to": "01-01", "calendar": "lunar"})"))
                  .empty());
  expect_fault(greeting("[]"), "/phrases/0/when", "object");
  expect_fault(greeting(R"({"daypart": "tea time"})"), "/phrases/0/when/daypart",
               "part of the day");
  expect_fault(greeting(R"({"from": "02-30", "to": "03-01"})"), "/phrases/0/when/from", "exist");
  expect_fault(greeting(R"({"from": "02-20"})"), "/phrases/0/when/to", "exist");
  expect_fault(greeting(R"({"from": "02-20", "to": "02-21", "calendar": "mayan"})"),
               "/phrases/0/when/calendar", "calendar");
  expect_fault(greeting(R"({"from": "02-20", "to": "02-21", "days_before": 9})"),
               "/phrases/0/when/days_before", "0 to 3");
  expect_fault(greeting(R"({"until": "02-20"})"), "/phrases/0/when/until", "known members");
  expect_fault(R"({"id": "zz", "category": "label", "zh": "x", "en": "x", "when": {}})",
               "/phrases/0/when", "only a greeting");
  expect_fault(R"({"id": "zz", "category": "greeting", "args": {"a": "text"}, "zh": "您好{a}",
                   "en": "x", "when": {}})",
               "/phrases/0/when", "no arguments");
}

TEST_F(PhraseCheckTest, AWovenGreetingFitsEveryHour) {
  const test::TempDir dir;
  dir.write("phrases/a.json",
            R"({"phrases": [
              {"id": "system.wordless", "category": "apology",
               "zh": "您好，对不起，请稍候。谢谢！再见！", "en": "x"},
              {"id": "hello", "category": "greeting", "zh": "早上好", "en": "x",
               "when": {"daypart": "morning"}},
              {"id": "greeting", "category": "greeting", "args": {"h": "greeting"},
               "zh": "{h}", "en": "{h}"}]})");
  const auto loaded = load_speech(dir / "phrases");
  ASSERT_FALSE(loaded);
  ASSERT_EQ(loaded.error().size(), 1U) << shown(loaded.error());
  EXPECT_EQ(loaded.error()[0].pointer, "/phrases/2/args/h");
}

TEST_F(PhraseCheckTest, TheLastResortMustExistAndTakeNothing) {
  std::filesystem::remove(dir_ / "phrases/system.json");
  ConfigFaults faults = faults_of("{\"phrases\": []}");
  ASSERT_EQ(faults.size(), 1U) << shown(faults);
  EXPECT_NE(faults[0].rule.find("system.wordless"), std::string::npos);
  expect_fault(R"({"id": "system.wordless", "category": "label", "args": {"a": "text"}, "zh": "x",
                   "en": "x"})",
               "/phrases/0/args", "no arguments");
}

TEST_F(PhraseCheckTest, AllFaultsAreToldAtOnce) {
  dir_.write("phrases/zy.json", "{");
  const ConfigFaults faults =
      faults_of_phrase(R"({"id": "zz", "category": "request", "zh": "你好 {b}", "en": "x {"})");
  EXPECT_EQ(faults.size(), 5U) << shown(faults);  // JSON, {b}, pattern, 你, 请
}

TEST_F(PhraseCheckTest, AFolderWithoutPhrasesIsAFault) {
  const test::TempDir dir;
  EXPECT_EQ(load_speech(dir / "nowhere").error().size(), 1U);
  EXPECT_EQ(load_speech(dir.path()).error().size(), 1U);
}

}  // namespace
}  // namespace huiyin
