// Which of two matters is meant: the engine asks and settles on what it is given, whatever the
// model would have found.
#include "bot/talk/clarifier.h"

#include "tests/dialogs/talk_support.h"

namespace huiyin::testing {
namespace {

// Keeps what it is asked about, in place of a subject.
class Listener final : public Dialog {
 public:
  std::string_view id() const override { return "listener"; }
  std::vector<Intent> intents() const override {
    return {Intent::ask_status, Intent::urge, Intent::ask_info};
  }
  Outcome answer(Turn& turn) override {
    heard = turn.heard;
    text = turn.message.text;
    turn.say_text("听到了");
    return Outcome::answered;
  }
  Understanding heard;
  std::string text;
};

class Clarifying : public TalkTest {
 protected:
  Clarifying() : TalkTest(joined({store::store_migrations(), estate::migrations()})) {
    dialogs_ = {&listener_};
  }

  static Understanding close(const std::string& text, Intent a, Intent b,
                             double confidence = 0.45) {
    Understanding heard;
    heard.text = heard.plain = text;
    heard.intent = a;
    heard.confidence = confidence;
    heard.ranking = {{a, confidence}, {b, confidence - 0.05}};
    heard.close = true;
    return heard;
  }
  bool asked() const {
    return std::find(result_.actions.begin(), result_.actions.end(), "clarify") !=
           result_.actions.end();
  }
  std::string say(const Understanding& heard) { return tell("web-1", heard); }
  std::string say(const std::string& text, Intent intent = Intent::out_of_scope) {
    Understanding heard;
    heard.text = heard.plain = text;
    heard.intent = intent;
    heard.confidence = intent == Intent::out_of_scope ? 0.3 : 0.9;
    return say(heard);
  }
  Listener listener_;
};

TEST_F(Clarifying, TwoCloseReadingsAreAskedAboutWithAButtonForEach) {
  say(close("那个事还没弄好", Intent::ask_status, Intent::urge));
  EXPECT_TRUE(asked());
  ASSERT_EQ(result_.replies.size(), 1u);
  const auto& buttons = result_.replies.front().buttons;
  ASSERT_GE(buttons.size(), 2u);
  EXPECT_EQ(buttons[0].title, words_.matters.at(Intent::ask_status).at("zh"));
  EXPECT_EQ(buttons[1].title, words_.matters.at(Intent::urge).at("zh"));
  EXPECT_TRUE(listener_.text.empty());
}

TEST_F(Clarifying, AClearReadingAndAMatterWithoutANameAreNotAskedAbout) {
  say(close("那个事", Intent::ask_status, Intent::urge, 0.7));
  EXPECT_FALSE(asked());
  say(close("嗯那个", Intent::ask_status, Intent::greet));
  EXPECT_FALSE(asked());
}

TEST_F(Clarifying, ItsButtonSettlesTheMessageThatWasAskedAbout) {
  say(close("那个事还没弄好", Intent::ask_status, Intent::urge));
  say(words_.matters.at(Intent::urge).at("zh"));
  EXPECT_EQ(listener_.heard.intent, Intent::urge);
  EXPECT_EQ(listener_.heard.confidence, 1);
  EXPECT_EQ(listener_.text, "那个事还没弄好") << "in the resident's own words";
}

TEST_F(Clarifying, ThePlaceAndAPlainAnswerSettleIt) {
  say(close("那个事还没弄好", Intent::ask_status, Intent::urge));
  say("第二个");
  EXPECT_EQ(listener_.heard.intent, Intent::urge);
  say(close("那个事还没弄好", Intent::ask_status, Intent::urge));
  say("我想知道到哪一步了", Intent::ask_status);
  EXPECT_EQ(listener_.heard.intent, Intent::ask_status);
  EXPECT_EQ(listener_.text, "那个事还没弄好");
}

TEST_F(Clarifying, WhatTheMessageToldIsKeptWithTheOpenDayOfItsTime) {
  Understanding heard = close("那单三点行不行", Intent::ask_status, Intent::urge);
  const TimeRange three{now_ + std::chrono::hours(5), std::nullopt, "minute"};
  heard.entities = {entity("time", to_json(three, Zone::shanghai()), "三点", 2),
                    entity("order", "WX20261123-0001", "WX20261123-0001", 7)};
  heard.entities.front().open_day = true;
  say(heard);
  say("前一个");
  ASSERT_EQ(listener_.heard.entities.size(), 2u);
  const Entity& time = listener_.heard.entities.front();
  EXPECT_TRUE(time.open_day);
  EXPECT_EQ(time.text, "三点");
  EXPECT_EQ(time.start, 2);
  EXPECT_EQ(time.end, 4);
  EXPECT_EQ(time_range(time.value), three);
  EXPECT_FALSE(listener_.heard.entities.back().open_day);
  EXPECT_EQ(listener_.heard.entities.back().value, "WX20261123-0001");
}

TEST_F(Clarifying, AnythingElseIsAMessageOfItsOwnAndTheQuestionIsForgotten) {
  say(close("那个事还没弄好", Intent::ask_status, Intent::urge));
  say("前台电话多少", Intent::ask_info);
  EXPECT_EQ(listener_.heard.intent, Intent::ask_info);
  EXPECT_EQ(listener_.text, "前台电话多少");
  listener_ = {};
  say("第二个");
  EXPECT_TRUE(listener_.text.empty()) << "nothing is asked any more";
}

TEST_F(Clarifying, TheThirdMessageInARowThatIsUnclearCallsAPerson) {
  for (int i = 0; i < rules_.misunderstood_max - 1; ++i) {
    say(close("那个事还没弄好", Intent::ask_status, Intent::urge));
    EXPECT_TRUE(asked());
  }
  say(close("那个事还没弄好", Intent::ask_status, Intent::urge));
  EXPECT_FALSE(asked());
}

}  // namespace
}  // namespace huiyin::testing
