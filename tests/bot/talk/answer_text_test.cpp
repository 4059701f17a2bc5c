// What answers say besides their entities, and the words that steer a dialogue, on the words that
// are shipped.
#include "bot/talk/answer_text.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

class AnswerText : public ::testing::Test {
 protected:
  static TalkWords load() {
    auto words = TalkWords::load(std::string(HUIYIN_SOURCE_DIR) + "/config/talk/words.json");
    return words ? *std::move(words) : TalkWords{};
  }
  const TalkWords words = load();
};

TEST_F(AnswerText, ABuildingIsReadInDigitsChineseNumeralsAndLetters) {
  EXPECT_EQ(building_id("三栋2单元"), "3-2");
  EXPECT_EQ(building_id("12号楼"), "12");
  EXPECT_EQ(building_id("十二栋一单元"), "12-1");
  EXPECT_EQ(building_id("A座"), "A");
  EXPECT_EQ(building_id("building 3 unit 2"), "3-2");
  EXPECT_EQ(building_id("楼"), "");
}

TEST_F(AnswerText, TheRoomIsTheLastOneThatIsNotDenied) {
  EXPECT_EQ(last_room("是502室", words), "502");
  EXPECT_EQ(last_room("不是501，是502", words), "502");
  EXPECT_EQ(last_room("502，不是501", words), "502");
  EXPECT_EQ(last_room("13800138000", words), "");
}

TEST_F(AnswerText, NothingWrongCorrectsNothing) {
  EXPECT_TRUE(words.corrects("说错了，应该是周五"));
  EXPECT_FALSE(words.corrects("现在没错了"));
  EXPECT_TRUE(words.corrects("电话没错，房号错了"));
}

TEST_F(AnswerText, ANameInLatinLettersStandsBetweenCommasAndNumbers) {
  EXPECT_EQ(capitalised_part("Building 3, room 501, Wang Fang"), "Wang Fang");
  EXPECT_EQ(capitalised_part("Chen Wu 13800138110"), "Chen Wu");
  EXPECT_EQ(capitalised_part("13800138110 Chen Wu"), "Chen Wu");
  EXPECT_EQ(capitalised_part("Block A 1502"), "");
  EXPECT_EQ(capitalised_part("too expensive"), "");
}

TEST_F(AnswerText, AbuseIsNothingButThatWhereNothingElseIsSaid) {
  for (const char* said : {"操你妈", "操你妈的！", "妈的，傻逼！", "fuck you!"}) {
    EXPECT_TRUE(is_nothing_but(said, words.abuse)) << said;
  }
  for (const char* said :
       {"他妈的电梯又坏了", "滚轮坏了", "我妈的药洒了", "shitty service again"}) {
    EXPECT_FALSE(is_nothing_but(said, words.abuse)) << said;
  }
}

TEST_F(AnswerText, B7_AnHourThatThereIsNot) {
  EXPECT_EQ(words.impossible_hour_in("明天25点"), "25点");
  EXPECT_EQ(words.impossible_hour_in("后天30点来"), "30点来");
  EXPECT_FALSE(words.impossible_hour_in("25:30").empty());
  for (const char* said : {"明天24点", "23点", "15:30", "25点5元", "13800138000"}) {
    EXPECT_EQ(words.impossible_hour_in(said), "") << said;
  }
}

TEST_F(AnswerText, AQuestionDeniesNothing) {
  EXPECT_TRUE(words.negate("不是"));
  EXPECT_FALSE(words.negate("是不是"));
  EXPECT_FALSE(words.negate("要不要"));
  EXPECT_TRUE(words.rule_out("别"));
  EXPECT_TRUE(words.rule_out("不用"));
}

TEST(WhichOfTwo, IsCountedInWordsAndFigures) {
  const auto words = TalkWords::load(std::string(HUIYIN_SOURCE_DIR) + "/config/talk/words.json");
  ASSERT_TRUE(words);
  for (const char* said : {"1", "第一个", "前一个", "the first one", "前者吧"}) {
    EXPECT_EQ(which_of_two(said, *words), 0u) << said;
  }
  for (const char* said : {"2", "第二个", "后一个", "second", "后者"}) {
    EXPECT_EQ(which_of_two(said, *words), 1u) << said;
  }
  for (const char* said : {"都不是", "随便", "neither of them"}) {
    EXPECT_FALSE(which_of_two(said, *words)) << said;
  }
}

}  // namespace
}  // namespace huiyin
