// where an emergency is, when that was not said at once.
#include "dialogs/emergency/emergency.h"

#include <gtest/gtest.h>

#include "dialogs/registers/registers.h"
#include "dialogs/smalltalk/smalltalk.h"
#include "tests/dialogs/talk_support.h"

namespace huiyin {
namespace {

using testing::entity;
using testing::joined;

class EmergencyTest : public testing::TalkTest {
 protected:
  EmergencyTest()
      : TalkTest(
            joined({store::store_migrations(), estate::migrations(), registers::migrations()})),
        emergency_({*load_emergency_kinds(HUIYIN_SOURCE_DIR "/config/talk/emergency.json"),
                    *load_rooms(HUIYIN_SOURCE_DIR "/config/catalogue/items.json"), words_,
                    registers::record_emergency, registers::place_emergency}) {
    dialogs_ = {&emergency_, &smalltalk_};
    import_units("荔园,3,2,501,89.5,王芳,13800138000\n荔园,3,2,502,80,李强,13800138001\n");
  }
  std::string alarm(const std::string& text, std::vector<Entity> entities = {}) {
    return tell("web-1", text, Intent::report_emergency, std::move(entities));
  }
  std::string place_told(std::size_t notice) {
    return std::get<std::string>(post_.notices.at(notice).args.at("place"));
  }
  std::vector<registers::Record> records() {
    return registers::list_records(db(), {.form = "qms-pm-31304"});
  }
  Emergency emergency_;
  Smalltalk smalltalk_;
};

TEST_F(EmergencyTest, WithoutAPlaceTheDutyPhoneIsToldSoAndTheResidentIsAskedAfterTheAdvice) {
  const auto said = alarm("着火了救命");
  const auto advice = said.find(phrase("emergency.fire", {{"phone", "13800138999"}}));
  ASSERT_NE(advice, std::string::npos) << said;
  EXPECT_LT(advice, said.find(phrase("emergency.ask_place")));
  ASSERT_TRUE(holds(said, phrase("emergency.ask_place")));
  ASSERT_EQ(post_.notices.size(), 1u);
  EXPECT_EQ(place_told(0), phrase("emergency.place_unknown"));
  EXPECT_EQ(records().at(0).columns["place"], phrase("emergency.place_unknown"));
}

TEST_F(EmergencyTest, ThePlaceThatFollowsGoesToTheDutyPhoneAndIntoTheRecord) {
  alarm("着火了救命");
  tell("web-1", "快点", Intent::inform);
  const auto said =
      tell("web-1", "3栋2单元501", Intent::inform, {entity("unit", "3-2-501", "3栋2单元501")});
  EXPECT_TRUE(holds(said, phrase("emergency.place_noted", {{"place", "3-2-501"}}))) << said;
  ASSERT_EQ(post_.notices.size(), 2u);
  EXPECT_EQ(post_.notices[1].template_id, "emergency.duty");
  EXPECT_EQ(post_.notices[1].phone, "+8613800138999");
  EXPECT_EQ(place_told(1), "3-2-501");
  ASSERT_EQ(records().size(), 1u) << "the same event";
  EXPECT_EQ(records()[0].unit, "3-2-501");
  EXPECT_EQ(records()[0].estate, "荔园");
  EXPECT_EQ(records()[0].columns["place"], "3-2-501");
  EXPECT_EQ(records()[0].columns["description"], "着火了救命");
  tell("web-1", "3栋2单元502", Intent::inform, {entity("unit", "3-2-502", "3栋2单元502")});
  EXPECT_EQ(post_.notices.size(), 2u) << "asked once, answered once";
}

TEST_F(EmergencyTest, TheAlarmRepeatedWithThePlaceIsTheSameEvent) {
  alarm("着火了救命");
  alarm("3栋2单元501着火了", {entity("unit", "3-2-501", "3栋2单元501")});
  EXPECT_EQ(records().size(), 1u);
  EXPECT_EQ(records()[0].unit, "3-2-501");
  alarm("电梯里有人困住了，3栋2单元", {});
  EXPECT_EQ(records().size(), 2u) << "another kind is another event";
}

TEST_F(EmergencyTest, ARoomAloneDoesNotSayWhereAndABuildingDoes) {
  EXPECT_TRUE(holds(alarm("厨房煤气味好重", {entity("place", "厨房", "厨房")}),
                    phrase("emergency.ask_place")));
  EXPECT_EQ(place_told(0), phrase("emergency.place_unknown") + " 厨房");
  const auto said = tell("web-1", "在3栋2单元", Intent::inform);
  EXPECT_TRUE(holds(said, phrase("emergency.place_noted", {{"place", "3栋2单元"}}))) << said;
  EXPECT_FALSE(holds(
      tell("web-2", "东门着火了", Intent::report_emergency, {entity("place", "小区大门", "东门")}),
      phrase("emergency.ask_place")));
}

TEST_F(EmergencyTest, TheHouseholdOfAProvenPhoneIsNotAsked) {
  proven_phone_ = "+8613800138000";
  const auto said = tell("+8613800138000", "厨房着火了", Intent::report_emergency,
                         {entity("place", "厨房", "厨房")});
  EXPECT_FALSE(holds(said, phrase("emergency.ask_place"))) << said;
  EXPECT_EQ(place_told(0), "3-2-501 厨房");
}

TEST_F(EmergencyTest, TheAddressOfTheFormAtHandIsNotAskedAgain) {
  FormFrame frame;
  frame.form = "repair";
  frame.requested = "name";
  frame.slots["unit"] = {{"value", "3-2-501"}, {"text", "3栋2单元501"}};
  sessions_["web-1"].stack = {frame};
  EXPECT_FALSE(holds(alarm("着火了"), phrase("emergency.ask_place")));
  EXPECT_EQ(place_told(0), "3-2-501");
}

TEST_F(EmergencyTest, AnAddressLongAfterOrInTheFourthMessageIsNoAnswer) {
  alarm("着火了救命");
  for (int i = 0; i < 3; ++i) tell("web-1", "快点", Intent::thank);
  tell("web-1", "3栋2单元501", Intent::thank, {entity("unit", "3-2-501", "3栋2单元501")});
  EXPECT_EQ(post_.notices.size(), 1u);
  alarm("着火了救命");
  pass(Millis(31 * 60 * 1000));
  tell("web-1", "3栋2单元501", Intent::thank, {entity("unit", "3-2-501", "3栋2单元501")});
  EXPECT_EQ(post_.notices.size(), 2u);
}

// R10.2: who says hello for the first time ever is welcomed.
TEST_F(EmergencyTest, R10_2TheFirstHelloEverIsAWelcome) {
  EXPECT_TRUE(tell("web-1", "您好", Intent::greet).starts_with(phrase("welcome")));
  EXPECT_FALSE(holds(tell("web-1", "您好", Intent::greet), phrase("welcome")));
  pass(Millis(13LL * 60 * 60 * 1000));  // a new session, not a new acquaintance
  EXPECT_FALSE(holds(tell("web-1", "您好", Intent::greet), phrase("welcome")));
  EXPECT_FALSE(holds(tell("web-2", "谢谢", Intent::thank), phrase("welcome")))
      << "whoever comes with a matter is not held up";
}

}  // namespace
}  // namespace huiyin
