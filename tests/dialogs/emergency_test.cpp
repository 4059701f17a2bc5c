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

class StaffEmergencyTest : public EmergencyTest {
 protected:
  StaffEmergencyTest()
      : at_work_({*load_emergency_kinds(HUIYIN_SOURCE_DIR "/config/talk/emergency.json"),
                  *load_rooms(HUIYIN_SOURCE_DIR "/config/catalogue/items.json"), words_,
                  registers::record_emergency, registers::place_emergency,
                  *load_staff_alarms(HUIYIN_SOURCE_DIR "/config/talk/emergency.json"),
                  [this](Turn&) { return work_; }}) {
    dialogs_ = {&at_work_, &smalltalk_};
    const auto staff = estate::read_staff(
        "estate,name,role,phone,channel,address\n"
        "荔园,李师傅,technician,13900000002,rest,tech\n");
    testing::TestTransaction tx(*folder_.database, now_);
    estate::take_staff(
        tx.write(), staff.rows, [](auto) { return "liyuan"; }, now_);
    directory_.refresh(tx);
    tx.commit();
  }
  std::optional<AtWork> work_;
  Emergency at_work_;
};

TEST_F(StaffEmergencyTest, A27_WordsFromTheMidstOfWorkAreNoAlarm) {
  work_ = AtWork{"3-2-501", "WX20261123-0001"};
  for (const char* text :
       {"敲门没人应", "漏水止住了", "水管爆了，先关了总阀", "没有着火，是烟雾报警器误报"}) {
    const auto said = tell("tech", text, Intent::report_emergency);
    EXPECT_EQ(said.find("119"), std::string::npos) << text;
    EXPECT_EQ(post_.notices.size(), 0u) << text << ": " << said;
  }
}

TEST_F(StaffEmergencyTest, A27_WhatLeavesNoDoubtGoesToDutyAndSupervisorWithThePlaceOfTheWork) {
  work_ = AtWork{"3-2-501", "WX20261123-0001"};
  const auto said = tell("tech", "配电箱起火了", Intent::report_emergency);
  EXPECT_TRUE(holds(said, "3-2-501")) << said;
  EXPECT_EQ(said.find("119"), std::string::npos) << "no resident's instructions: " << said;
  ASSERT_EQ(post_.notices.size(), 2u);
  EXPECT_EQ(place_told(0), "3-2-501");
  EXPECT_EQ(post_.notices[1].address, "role:engineering_supervisor");
  EXPECT_EQ(records().at(0).columns["place"], "3-2-501");
}

TEST_F(StaffEmergencyTest, A27_WithoutWorkInHandThePlaceIsAskedForAndFollows) {
  const auto said = tell("tech", "电梯困人了", Intent::report_emergency);
  EXPECT_TRUE(holds(said, phrase("emergency.ask_place"))) << said;
  tell("tech", "3栋", Intent::inform);
  EXPECT_EQ(place_told(post_.notices.size() - 1), "3栋");
  tell("tech", "3栋2单元501水管爆了，业主刚打的电话", Intent::report_emergency,
       {entity("unit", "3-2-501", "3栋2单元501")});
  EXPECT_EQ(place_told(post_.notices.size() - 1), "3-2-501") << "a call that is passed on";
}

}  // namespace
}  // namespace huiyin
