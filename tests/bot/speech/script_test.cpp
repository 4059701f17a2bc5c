// The phrase script as shipped: what it says, when, and in which language.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <thread>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "bot/speech/speech.h"
#include "store/base/json.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

const std::string config = HUIYIN_SOURCE_DIR "/config";

class ScriptTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto loaded = load_speech(config + "/phrases");
    std::string faults;
    if (!loaded) {
      for (const auto& fault : loaded.error()) {
        faults += fault.file + " " + fault.pointer + ": " + fault.rule + "\n";
      }
    }
    ASSERT_TRUE(loaded) << faults;
    speech_ = std::move(*loaded);
  }
  static void TearDownTestSuite() { speech_.reset(); }
  void SetUp() override { ASSERT_NE(speech_, nullptr); }

  Moment at(int year, int month, int day, int hour) const {
    return {zone_.instant(year, month, day, hour), &zone_};
  }
  std::string hans(std::string_view id, const Args& args = {}) const {
    return speech_->say(id, Language::zh_hans, args, plain_day_);
  }
  std::string hant(std::string_view id, const Args& args = {}) const {
    return speech_->say(id, Language::zh_hant, args, plain_day_);
  }
  std::string en(std::string_view id, const Args& args = {}) const {
    return speech_->say(id, Language::en, args, plain_day_);
  }
  std::string greeting(const Moment& moment, Language language = Language::zh_hans) const {
    return speech_->say("greeting", language, {}, moment);
  }

  static std::unique_ptr<Speech> speech_;
  const Zone zone_ = Zone::shanghai();
  const Moment plain_day_{zone_.instant(2026, 11, 23, 10), &zone_};
};
std::unique_ptr<Speech> ScriptTest::speech_;

TEST_F(ScriptTest, TheMarksOfWhatSomebodyWroteMeetNoSecondOnes) {
  const Args told{{"number", std::string("TS1")}, {"note", std::string("已经约谈！")}};
  const std::string said = hans("order.resolved", told);
  EXPECT_NE(said.find("已经约谈！还有"), std::string::npos) << said;
  EXPECT_EQ(said.find("！。"), std::string::npos) << said;
  EXPECT_EQ(hans("plain", {{"text", std::string("原样！。")}}), "原样！。") << "not ours to mend";
}

TEST_F(ScriptTest, R10_1GreetsByThePartOfTheDay) {
  EXPECT_EQ(greeting(at(2026, 11, 23, 8)), "早上好！");
  EXPECT_EQ(greeting(at(2026, 11, 23, 12)), "您好！");
  EXPECT_EQ(greeting(at(2026, 11, 23, 15)), "下午好！");
  EXPECT_EQ(greeting(at(2026, 11, 23, 20)), "晚上好！");
  EXPECT_EQ(greeting(at(2026, 11, 23, 23)), "您好！");
  EXPECT_EQ(greeting(at(2026, 11, 23, 3)), "您好！");
  EXPECT_EQ(greeting(at(2026, 11, 23, 8), Language::en), "Good morning!");
}

TEST_F(ScriptTest, R10_1ThePartOfTheDayIsThatOfTheEstatesZone) {
  const Zone london = Zone::find("Europe/London").value();
  const Instant instant = zone_.instant(2026, 11, 23, 15);  // 07:00 in London
  EXPECT_EQ(greeting({instant, &zone_}), "下午好！");
  EXPECT_EQ(greeting({instant, &london}), "早上好！");
  EXPECT_EQ(greeting({instant, nullptr}), "下午好！") << "without a zone it is Shanghai's";
}

TEST_F(ScriptTest, R10_2WelcomesToTheEstate) {
  EXPECT_NE(hans("welcome").find("欢迎光临"), std::string::npos);
}

TEST_F(ScriptTest, R10_3BlessesByTheSeason) {
  EXPECT_EQ(greeting(at(2026, 12, 30, 9)), "早上好！");
  EXPECT_EQ(greeting(at(2026, 12, 31, 9)), "早上好！祝您新年快乐！");
  EXPECT_EQ(greeting(at(2027, 1, 3, 9)), "早上好！祝您新年快乐！");
  EXPECT_EQ(greeting(at(2027, 1, 4, 9)), "早上好！");
  EXPECT_EQ(greeting(at(2026, 12, 25, 15)), "下午好！祝您圣诞快乐！");
  EXPECT_EQ(greeting(at(2026, 12, 24, 15)), "下午好！祝您圣诞快乐！");
  EXPECT_EQ(greeting(at(2026, 12, 26, 15)), "下午好！");
  EXPECT_EQ(greeting(at(2026, 10, 1, 20)), "晚上好！祝您节日愉快！");
  EXPECT_EQ(greeting(at(2026, 5, 1, 20)), "晚上好！祝您节日愉快！");
  EXPECT_EQ(greeting(at(2026, 12, 25, 15), Language::en), "Good afternoon! Merry Christmas!");
  EXPECT_EQ(greeting(at(2026, 12, 25, 15), Language::zh_hant), "下午好！祝您聖誕快樂！");
}

TEST_F(ScriptTest, R10_3KnowsTheLunarNewYearOf2027) {
  EXPECT_EQ(greeting(at(2027, 2, 4, 9)), "早上好！") << "two days before";
  EXPECT_EQ(greeting(at(2027, 2, 5, 9)), "早上好！祝您新春快乐，恭喜发财！") << "the eve";
  EXPECT_EQ(greeting(at(2027, 2, 6, 9)), "早上好！祝您新春快乐，恭喜发财！");
  EXPECT_EQ(greeting(at(2027, 2, 20, 9)), "早上好！祝您新春快乐，恭喜发财！") << "lantern feast";
  EXPECT_EQ(greeting(at(2027, 2, 21, 9)), "早上好！");
  EXPECT_EQ(greeting(at(2026, 2, 17, 9)), "早上好！祝您新春快乐，恭喜发财！");
  EXPECT_EQ(greeting(at(2026, 9, 25, 9)), "早上好！祝您节日愉快！") << "mid-autumn 2026";
}

TEST_F(ScriptTest, R10_4SaysGoodbyeByTheHour) {
  EXPECT_TRUE(
      speech_->say("goodbye", Language::zh_hans, {}, at(2026, 11, 23, 10)).starts_with("再见！"));
  EXPECT_TRUE(
      speech_->say("goodbye", Language::zh_hans, {}, at(2026, 11, 23, 23)).starts_with("晚安！"));
}

TEST_F(ScriptTest, R10_5AndR10_6ComplaintsAreMetWithAnApologyAndThanksFirst) {
  const std::string ask = hans("complaint.ask.description");
  ASSERT_NE(ask.find("对不起"), std::string::npos);
  ASSERT_NE(ask.find("谢谢"), std::string::npos);
  EXPECT_LT(ask.find("对不起"), ask.find("请您说说"));
  EXPECT_LT(ask.find("谢谢"), ask.find("请您说说"));
}

TEST_F(ScriptTest, R10_7TakesThanksAsTheRulesSay) {
  EXPECT_NE(hans("thank.reply").find("不要客气"), std::string::npos);
}

TEST_F(ScriptTest, R10_8AsksWhatTheMatterIs) {
  EXPECT_NE(hans("greeting.first").find("请问您有什么事"), std::string::npos);
}

TEST_F(ScriptTest, R10_9AndR10_11SayTheFormulasWhereAHouseholdMustBeConfirmed) {
  EXPECT_NE(hans("identity.ask_unit").find("请您协助我们"), std::string::npos);
  EXPECT_NE(hans("identity.needed").find("很抱歉，这种情况，公司的规定是这样的"),
            std::string::npos);
}

TEST_F(ScriptTest, R10_10OffersTheSummaryForApproval) {
  const Args args = {{"description", "水龙头漏水"},
                     {"unit", "3-2-501"},
                     {"name", "王女士"},
                     {"phone", "13800138000"},
                     {"time", "尽快"}};
  EXPECT_EQ(hans("repair.summary", args),
            "请核对一下：\n故障：水龙头漏水\n地址：3-2-501\n姓名：王女士\n电话：13800138000\n"
            "时间：尽快\n您看这样好不好？");
}

TEST_F(ScriptTest, R10_11ExplainsWithRegret) {
  for (const char* slot : {"description", "unit", "name", "phone", "time", "place"}) {
    const std::string text = hans(std::string("form.explain.") + slot);
    EXPECT_TRUE(text.starts_with("很抱歉")) << text;
  }
}

TEST_F(ScriptTest, VariantsTakeTurnsAndTheSameMomentSaysTheSame) {
  std::set<std::string> said;
  for (int minute = 0; minute < 4; ++minute) {
    const Moment moment{zone_.instant(2026, 11, 23, 10, minute), &zone_};
    const auto text = speech_->say("thank.reply", Language::zh_hans, {}, moment);
    EXPECT_EQ(speech_->say("thank.reply", Language::zh_hans, {}, moment), text);
    said.insert(text);
  }
  EXPECT_EQ(said.size(), 2U);
}

TEST_F(ScriptTest, DerivesTraditionalFromSimplified) {
  EXPECT_EQ(hans("repair.ask.time"), "请问您什么时候方便师傅上门？");
  EXPECT_EQ(hant("repair.ask.time"), "請問您甚麼時候方便師傅上門？");
  EXPECT_EQ(hant("form.slot.phone"), "電話");
  EXPECT_EQ(
      hant("repair.already", {{"number", "WX20261123-0001"}}),
      "好的，這件事已經登記過了，單號WX20261123-0001，我把您的話補充進去了，您不用再報一次。");
}

TEST_F(ScriptTest, AnArgumentIsNeverTransliterated) {
  EXPECT_EQ(hant("further.next", {{"matter", "报修"}}), "好的，接下來辦您提到的另一件事：报修。");
}

TEST_F(ScriptTest, HostileArgumentsAppearVerbatim) {
  for (const char* text : {"{number}", "}{", "'{'", "it's ''", "<b>x</b>", "{0,plural,one{#}}",
                           "💧🔧", "%s%n", "'; DROP TABLE x;--", "\\u0000", "#", "|"}) {
    const Args args = {
        {"n", "1"}, {"number", "GG20261123-0001"}, {"place", "东门"}, {"description", text}};
    EXPECT_EQ(hans("public.notify_supervisor", args),
              "公共设施报修1（GG20261123-0001）：东门。" + std::string(text) + "。请派人到现场。");
    EXPECT_EQ(hans("plain", {{"text", text}}), text);
  }
}

TEST_F(ScriptTest, AnArgumentHoldsNulAndStaysWhole) {
  const std::string text{"a\0b", 3};
  EXPECT_EQ(hans("plain", {{"text", text}}), text);
}

TEST_F(ScriptTest, PluralsFollowTheNumber) {
  EXPECT_EQ(en("status.list_intro", {{"count", std::int64_t{1}}}), "I found 1 matter:");
  EXPECT_EQ(en("status.list_intro", {{"count", std::int64_t{3}}}), "I found 3 matters:");
  EXPECT_EQ(en("status.list_intro", {{"count", "1"}}), "I found 1 matter:");
  EXPECT_EQ(hans("status.list_intro", {{"count", std::int64_t{3}}}), "好的，为您查到3件：");
}

TEST_F(ScriptTest, ATextThatIsAskedForByASelectStaysAText) {
  const Args quote{{"number", "WX20261123-0001"}, {"amount", "80.50"}, {"note", "12"}};
  EXPECT_NE(hans("order.quoted", quote).find("80.50元（12）"), std::string::npos);
  Args bare = quote;
  bare["note"] = "none";
  EXPECT_NE(hans("order.quoted", bare).find("80.50元。"), std::string::npos);
}

TEST_F(ScriptTest, PluralsAreSafeFromManyThreads) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const std::int64_t count = 1 + (i + t) % 2;
        const auto text = speech_->say("status.list_intro", Language::en, {{"count", count}},
                                       at(2026, 1 + i % 12, 1 + i % 28, i % 24));
        wrong += text != (count == 1 ? "I found 1 matter:" : "I found 2 matters:");
        wrong += greeting(at(2026, 12, 25, 15)) != "下午好！祝您圣诞快乐！";
        wrong += greeting(at(2026, 1 + i % 12, 10 + i % 10, 3)).empty();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(ScriptTest, AMissingArgumentOrAnUnknownIdGivesTheLastResort) {
  const std::string last_resort = hans("system.wordless");
  EXPECT_FALSE(last_resort.empty());
  EXPECT_EQ(hans("repair.recorded", {{"number", "WX20261123-0001"}}), last_resort);
  EXPECT_EQ(hans("no.such.phrase"), last_resort);
  EXPECT_EQ(en("status.list_intro"), en("system.wordless"));
  EXPECT_EQ(en("status.list_intro", {{"count", "many"}}), en("system.wordless"));
  EXPECT_FALSE(speech_->has("no.such.phrase"));
  EXPECT_TRUE(speech_->has("repair.recorded"));
}

TEST_F(ScriptTest, ButtonsSayWhatTheResidentWouldSay) {
  using Buttons = std::vector<std::pair<std::string, std::string>>;
  const Buttons time = {{"尽快", "尽快"}, {"明天上午", "明天上午"}, {"明天下午", "明天下午"}};
  EXPECT_EQ(speech_->buttons("repair.ask.time", Language::zh_hans, {}, plain_day_), time);
  const Buttons clarify = {{"我要报修", "我要报修"}, {"我要投诉", "我要投诉"}};
  EXPECT_EQ(speech_->buttons("clarify", Language::zh_hans, {{"a", "我要报修"}, {"b", "我要投诉"}},
                             plain_day_),
            clarify);
  const Buttons quote{{"同意", "同意 WX20261123-0001"}, {"不同意", "不同意 WX20261123-0001"}};
  EXPECT_EQ(speech_->buttons("order.quoted", Language::zh_hans, {{"number", "WX20261123-0001"}},
                             plain_day_),
            quote);  // what it says is more than its title
  EXPECT_EQ(speech_->buttons("repair.ask.time", Language::zh_hant, {}, plain_day_)[0].first,
            "盡快");
  EXPECT_TRUE(speech_->buttons("repair.ask.name", Language::en, {}, plain_day_).empty());
  EXPECT_TRUE(speech_->buttons("no.such.phrase", Language::en, {}, plain_day_).empty());
}

TEST_F(ScriptTest, APayloadIsAtMost64BytesOfWholeCharacters) {
  std::string longest;
  for (int i = 0; i < 30; ++i) longest += "水";
  const auto buttons =
      speech_->buttons("clarify", Language::zh_hans, {{"a", longest}, {"b", "x"}}, plain_day_);
  ASSERT_EQ(buttons.size(), 2U);
  EXPECT_EQ(buttons[0].first, longest);
  EXPECT_EQ(buttons[0].second, longest.substr(0, 63));  // 21 characters of 3 bytes
  EXPECT_TRUE(is_valid_utf8(buttons[0].second));
}

TEST_F(ScriptTest, EveryPhraseIsSaidInEveryLanguageAndFitsASms) {
  for (const std::string& line : speech_->ids()) {
    const std::string id = line.substr(0, line.find('{'));
    Args args;
    for (auto from = line.find('{'); from != std::string::npos; from = line.find('{', from + 1)) {
      const std::string name = line.substr(from + 1, line.find('}', from) - from - 1);
      args[name] = name == "count" || name == "left" ? Arg{std::int64_t{2}} : Arg{"1"};
    }
    for (const auto language : {Language::zh_hans, Language::zh_hant, Language::en}) {
      const std::string text = speech_->say(id, language, args, plain_day_);
      EXPECT_FALSE(text.empty()) << id;
      EXPECT_TRUE(id == "system.wordless" ||
                  text != speech_->say("system.wordless", language, {}, plain_day_))
          << id;
      // Two parts of a Chinese SMS, two of an English one, before the arguments.
      EXPECT_LE(code_points(text), language == Language::en ? 306U : 134U) << id << ": " << text;
    }
  }
}

TEST_F(ScriptTest, HasTheNameOfEveryStateAndKind) {
  for (const char* state :
       {"recorded", "notified", "reviewing", "quoted", "assigned", "accepted", "arrived",
        "in_progress", "completed", "signed", "returned", "archived", "declined", "cancelled",
        "registered", "resolved", "revisited", "merged"}) {
    EXPECT_TRUE(speech_->has("state." + std::string(state))) << state;
  }
  for (const char* kind : {"repair", "public", "complaint", "task"}) {
    EXPECT_TRUE(speech_->has("kind." + std::string(kind))) << kind;
  }
  for (const char* kind : {"fire", "gas", "lift", "flood", "electric", "breakin", "other"}) {
    EXPECT_TRUE(speech_->has("emergency.kind." + std::string(kind))) << kind;
    EXPECT_NE(
        hans("emergency." + std::string(kind), {{"phone", "010-12345678"}}).find("010-12345678"),
        std::string::npos);
  }
}

TEST_F(ScriptTest, TheUsesOfAPhraseAreHeldAgainstItsArguments) {
  const auto faults = check_phrase_uses(
      *speech_, {{"repair.recorded", {"time", "number", "soon"}, "forms/repair.json", "/a"},
                 {"repair.recorded", {"number"}, "forms/repair.json", "/b"},
                 {"repair.asap", {"number"}, "forms/repair.json", "/c"},
                 {"repair.recoded", {}, "forms/repair.json", "/d"},
                 {"greeting", {}, "forms/repair.json", "/e"}});
  ASSERT_EQ(faults.size(), 3U);
  EXPECT_EQ(faults[0].pointer, "/b");
  EXPECT_EQ(faults[0].file, "forms/repair.json");
  EXPECT_NE(faults[0].rule.find("{number}{soon}{time}"), std::string::npos);
  EXPECT_EQ(faults[1].pointer, "/c");
  EXPECT_EQ(faults[2].pointer, "/d");
}

// The shape is checked by hand at load; the schema that operators' editors use must agree.
TEST(PhraseSchemaTest, TheShippedFilesAreValidUnderTheirSchema) {
  const auto read = [](const std::string& path) {
    std::ifstream in(path);
    return parse_json(std::string{std::istreambuf_iterator<char>(in), {}}).value();
  };
  const Json schema_json = read(config + "/schema/phrases.schema.json");
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_json),
                                          schema);
  valijson::Validator validator;
  for (const char* name :
       {"smalltalk", "forms", "repair", "public", "complaint", "status", "handover", "emergency",
        "identity", "registers", "staff", "notices", "system"}) {
    const Json value = read(config + "/phrases/" + name + ".json");
    EXPECT_TRUE(validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(value), nullptr))
        << name;
  }
  Json wrong = read(config + "/phrases/system.json");
  wrong["phrases"][0]["categroy"] = "reply";
  EXPECT_FALSE(validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(wrong), nullptr));
}

}  // namespace
}  // namespace huiyin
