// Registers filled by chat.
#include "tests/dialogs/registers_support.h"

namespace huiyin::registers {
namespace {

// ---- conversation

TEST_F(RegistersTest, ARequestForARegisterIsAskedForRecordedAndMadeATask) {
  auto said = tell("web-1", "我想申请车位", Intent::request_form,
                   {entity("form", "qms-pm-31315", "车位", 4)});
  EXPECT_TRUE(holds(said, phrase("register.ask.unit"))) << said;
  tell("web-1", "3栋2单元501，我叫王芳", Intent::inform,
       {entity("unit", "3-2-501", "3栋2单元501"), entity("person", "王芳", "王芳", 11)});
  tell("web-1", "13800138000", Intent::inform, {entity("phone", "+8613800138000", "13800138000")});
  said = tell("web-1", "粤B12345", Intent::inform);
  EXPECT_TRUE(holds(said, phrase("register.ask.choice", {{"field", "申请方式"}}))) << said;
  tell("web-1", "月租", Intent::inform);
  said = tell("web-1", "没有", Intent::inform);
  for (const char* told : {"“车位申请登记表”已经为您登记", "GZ20261123-0001", "3-2-501", "王芳",
                           "粤B12345", "申请方式：月租"}) {
    EXPECT_TRUE(holds(said, told)) << told << " in " << said;
  }
  const Json record = records("qms-pm-31315").at(0);
  EXPECT_EQ("3-2-501", record["unit"]);
  EXPECT_EQ("王芳", record["name"]);
  EXPECT_EQ("粤B12345", record["plate"]);
  EXPECT_EQ("月租", record["wish"]);
  EXPECT_EQ("resident", record["by"]);
  EXPECT_EQ("GZ20261123-0001", record["order"]);
  ASSERT_EQ(1u, tasks_.size());
  EXPECT_TRUE(holds(tasks_[0], "荔园|3-2-501|车位申请登记表")) << tasks_[0];
  EXPECT_TRUE(holds(tasks_[0], "粤B12345"));
  ASSERT_EQ(1u, post_.notices.size());
  EXPECT_EQ("register.staff", post_.notices[0].template_id);
  EXPECT_EQ("role:front_desk", post_.notices[0].address);
}

TEST_F(RegistersTest, OnePhoneOfTwoIsFilledAtATime) {
  tell("web-1", "登记紧急联系人", Intent::request_form,
       {entity("form", "qms-pm-31302", "紧急联系人", 2)});
  tell("web-1", "3栋2单元501王芳13800138000", Intent::inform,
       {entity("unit", "3-2-501", "3栋2单元501"), entity("person", "王芳", "王芳", 8),
        entity("phone", "+8613800138000", "13800138000", 10)});
  tell("web-1", "李明", Intent::inform, {entity("person", "李明", "李明")});
  tell("web-1", "弟弟", Intent::inform);
  tell("web-1", "13800138005", Intent::inform, {entity("phone", "+8613800138005", "13800138005")});
  const Json record = records("qms-pm-31302").at(0);
  EXPECT_EQ("王芳", record["name"]);
  EXPECT_EQ("+8613800138000", record["phone"]);
  EXPECT_EQ("李明", record["contact"]);
  EXPECT_EQ("弟弟", record["relation"]);
  EXPECT_EQ("+8613800138005", record["contact_phone"]);
}

TEST_F(RegistersTest, ARecordMovesToTheEstateOfItsNewHome) {
  import_units("翠苑,9,1,101,70,赵六,13800138009\n");
  tell("web-1", "登记水电表底数", Intent::request_form,
       {entity("form", "qms-pm-31318", "水电表底数", 2)});
  tell("web-1", "3栋2单元501王芳13800138000", Intent::inform,
       {entity("unit", "3-2-501", "3栋2单元501"), entity("person", "王芳", "王芳", 8),
        entity("phone", "+8613800138000", "13800138000", 10)});
  tell("web-1", "123", Intent::inform);
  tell("web-1", "4567", Intent::inform);
  const Json day{
      {"from", "2026-11-23T00:00:00+08:00"}, {"to", "2026-11-24T00:00:00+08:00"}, {"grain", "day"}};
  tell("web-1", "今天", Intent::inform, {entity("time", day, "今天")});
  EXPECT_EQ("荔园", records("qms-pm-31318").at(0)["estate"]);
  sessions_["web-1"].estate.clear();
  tell("web-1", "不对，是9栋1单元101", Intent::inform,
       {entity("unit", "9-1-101", "9栋1单元101", 4)});
  EXPECT_EQ("9-1-101", records("qms-pm-31318").at(0)["unit"]);
  EXPECT_EQ("翠苑", records("qms-pm-31318").at(0)["estate"]);
}

TEST_F(RegistersTest, WhatIsTakenAsSaidIsNotRepeatedInFull) {
  std::string wish = "我要登记";
  for (int i = 0; i < 2'000; ++i) wish += "种花";
  tell("web-1", wish, Intent::request_form);
  ASSERT_EQ(1u, post_.notices.size());
  EXPECT_LE(std::get<std::string>(post_.notices[0].args.at("text")).size(), 3u * 201);
}

TEST_F(RegistersTest, ACorrectionRightAfterRecordingChangesTheRecord) {
  tell("web-1", "登记水电表底数", Intent::request_form,
       {entity("form", "qms-pm-31318", "水电表底数", 2)});
  tell("web-1", "3栋2单元501王芳13800138000", Intent::inform,
       {entity("unit", "3-2-501", "3栋2单元501"), entity("person", "王芳", "王芳", 8),
        entity("phone", "+8613800138000", "13800138000", 10)});
  tell("web-1", "123", Intent::inform);
  tell("web-1", "4567", Intent::inform);
  const Json day{
      {"from", "2026-11-23T00:00:00+08:00"}, {"to", "2026-11-24T00:00:00+08:00"}, {"grain", "day"}};
  tell("web-1", "今天", Intent::inform, {entity("time", day, "今天")});
  ASSERT_EQ(1u, records("qms-pm-31318").size());
  EXPECT_EQ("2026-11-23", records("qms-pm-31318")[0]["read_on"]);
  EXPECT_EQ(123, records("qms-pm-31318")[0]["water"]);
  const auto said = tell("web-1", "不对，是3栋2单元502", Intent::inform,
                         {entity("unit", "3-2-502", "3栋2单元502", 4)});
  EXPECT_TRUE(holds(said, phrase("form.corrected", {{"field", "单元房号"}, {"value", "3-2-502"}})))
      << said;
  ASSERT_EQ(1u, records("qms-pm-31318").size());
  EXPECT_EQ("3-2-502", records("qms-pm-31318")[0]["unit"]);
}

TEST_F(RegistersTest, ARequestThatNamesNoRegisterIsTakenAsItWasSaid) {
  const auto said = tell("web-1", "我要办一个装修出入证", Intent::request_form);
  EXPECT_TRUE(holds(said, phrase("request.recorded", {{"number", "GZ20261123-0001"}}))) << said;
  ASSERT_EQ(1u, tasks_.size());
  EXPECT_EQ("荔园||我要办一个装修出入证", tasks_[0]);
}

TEST_F(RegistersTest, NewContactDetailsBecomeATaskForTheHousehold) {
  proven_phone_ = "+8613800138000";
  const auto said = tell("+8613800138000", "我换手机了，新号13800138009", Intent::update_contact,
                         {entity("phone", "+8613800138009", "13800138009", 8)});
  EXPECT_TRUE(holds(said, phrase("contact.request_recorded", {{"number", "GZ20261123-0001"}})))
      << said;
  EXPECT_EQ("荔园|3-2-501|我换手机了，新号13800138009", tasks_.at(0));
}

TEST_F(RegistersTest, R1_10_01_ANewNumberToldInOneSentenceIsARecordOfTheArchiveToo) {
  proven_phone_ = "+8613800138000";
  tell("+8613800138000", "我换手机了，新号13800138009", Intent::update_contact,
       {entity("phone", "+8613800138009", "13800138009", 8)});
  const Json record = records("qms-pm-31301").at(0);
  EXPECT_EQ("3-2-501", record["unit"]);
  EXPECT_EQ("+8613800138009", record["phone"]);
  EXPECT_EQ("GZ20261123-0001", record["order"]);
  EXPECT_EQ("我换手机了，新号13800138009", record["remarks"]);
}

TEST_F(RegistersTest, R1_10_01_WhereNoNumberIsToldTheNewDetailsAreAskedFor) {
  auto said = tell("web-1", "想改联系方式", Intent::update_contact);
  EXPECT_TRUE(holds(said, phrase("register.ask.unit"))) << said;
  tell("web-1", "3栋2单元501，我叫王芳", Intent::inform,
       {entity("unit", "3-2-501", "3栋2单元501"), entity("person", "王芳", "王芳", 11)});
  tell("web-1", "13800138009", Intent::inform, {entity("phone", "+8613800138009", "13800138009")});
  const Json record = records("qms-pm-31301").at(0);
  EXPECT_EQ("+8613800138009", record["phone"]);
  EXPECT_EQ("GZ20261123-0001", record["order"]);
  EXPECT_EQ(1u, tasks_.size());
}

TEST_F(RegistersTest, R1_10_02_AnotherEmergencyContactOpensItsForm) {
  tell("web-1", "紧急联系人要换人", Intent::update_contact);
  EXPECT_EQ("qms-pm-31302", sessions_["web-1"].stack.back().form);
  tell("web-2", "固定电话想过户给弟弟", Intent::request_form,
       {entity("form", "qms-pm-31307", "固定电话")});
  EXPECT_EQ("qms-pm-31310", sessions_["web-2"].stack.back().form);
}

TEST_F(RegistersTest, A22_WithoutConsentNothingIsRegistered) {
  tell("web-1", "补办门禁卡", Intent::request_form, {entity("form", "qms-pm-31313", "门禁卡", 2)});
  auto said =
      tell("web-1", "3栋2单元501", Intent::inform, {entity("unit", "3-2-501", "3栋2单元501")});
  EXPECT_TRUE(holds(said, phrase("register.ask.consent"))) << said;
  yes_no_ = false;
  said = tell("web-1", "不同意", Intent::deny);
  EXPECT_TRUE(holds(said, phrase("register.no_consent"))) << said;
  EXPECT_TRUE(sessions_["web-1"].stack.empty());
  EXPECT_EQ(0u, records("qms-pm-31313").size());
  EXPECT_TRUE(tasks_.empty());
}

TEST_F(RegistersTest, R1_10_15_APlateThatCannotBeIsAskedForAgainAndOneToldAtOnceIsNotAsked) {
  const auto open = [&](const std::string& who, const std::string& text) {
    tell(who, text, Intent::request_form, {entity("form", "qms-pm-31315", "车位")});
    return tell(who, "3栋2单元501王芳13800138000", Intent::inform,
                {entity("unit", "3-2-501", "3栋2单元501"), entity("person", "王芳", "王芳", 8),
                 entity("phone", "+8613800138000", "13800138000", 10)});
  };
  EXPECT_TRUE(holds(open("web-1", "申请车位"), phrase("register.ask.new_plate")));
  const auto said = tell("web-1", "粤B123", Intent::inform);
  EXPECT_TRUE(holds(said, phrase("register.invalid_plate"))) << said;
  EXPECT_TRUE(holds(tell("web-1", "粤BD12345", Intent::inform), "申请方式"));
  EXPECT_TRUE(holds(open("web-2", "申请车位，车牌粤B12345"), "申请方式"));
  open("web-3", "新车申请车位");
  EXPECT_TRUE(holds(tell("web-3", "还没上牌", Intent::inform), "申请方式"));
}

TEST_F(RegistersTest, R1_10_17_ASpanOfDaysTellsBothAndAPastOrEarlierDayIsRefused) {
  const auto day = [](const char* from, const char* to) {
    return entity("time",
                  {{"from", std::string(from) + "T00:00:00+08:00"},
                   {"to", std::string(to) + "T00:00:00+08:00"},
                   {"grain", "day"}},
                  "那天");
  };
  const auto open = [&](const std::string& who) {
    tell(who, "代管钥匙", Intent::request_form, {entity("form", "qms-pm-31317", "钥匙", 2)});
    tell(who, "3栋2单元501王芳13800138000", Intent::inform,
         {entity("unit", "3-2-501", "3栋2单元501"), entity("person", "王芳", "王芳", 8),
          entity("phone", "+8613800138000", "13800138000", 10)});
    tell(who, "出差", Intent::inform);
  };
  open("web-1");
  tell("web-1", "那天", Intent::inform, {day("2026-12-01", "2026-12-21")});
  const Json both = records("qms-pm-31317").at(0);
  EXPECT_EQ("2026-12-01", both["from"]);
  EXPECT_EQ("2026-12-20", both["until"]);
  open("web-2");
  EXPECT_EQ(phrase("form.past_time"),
            tell("web-2", "那天", Intent::inform, {day("2026-11-01", "2026-11-02")}));
  tell("web-2", "那天", Intent::inform, {day("2026-12-10", "2026-12-11")});
  EXPECT_EQ(phrase("form.date_before", {{"field", "结束保管日期"}, {"other", "开始保管日期"}}),
            tell("web-2", "那天", Intent::inform, {day("2026-12-01", "2026-12-02")}));
  tell("web-2", "那天", Intent::inform, {day("2026-12-10", "2026-12-11")});
  EXPECT_EQ(2u, records("qms-pm-31317").size());
}

TEST_F(RegistersTest, WhoARegisterIsAboutIsAskedForAndNotTakenFromTheCaller) {
  proven_phone_ = "+8613800138000";  // 王芳 of 3-2-501
  for (const char* id : {"qms-pm-31311", "qms-pm-31312", "qms-pm-31313"}) {
    const SlotSpec* name = forms_.find(id)->slot("name");
    sessions_.clear();
    std::string said = tell("+8613800138000", "我是王芳，来登记", Intent::request_form,
                            {entity("person", "王芳", "王芳", 2), entity("form", id, "登记", 6)});
    for (int i = 0; i < 3 && sessions_["+8613800138000"].stack.back().requested != "name"; ++i) {
      const bool consent = sessions_["+8613800138000"].stack.back().requested == "consent";
      said = tell("+8613800138000", consent ? "同意" : "远洋贸易", Intent::inform);
    }
    EXPECT_TRUE(holds(said, phrase("register.ask.field", {{"field", name->label.at("zh")}})))
        << id << said;
    EXPECT_FALSE(holds(said, phrase("register.ask.name"))) << id;
  }
}

TEST_F(RegistersTest, AnAnswerThatIsNotTakenIsToldWhyBeforeItIsAskedAgain) {
  const auto all = [&] {
    tell("web-1", "登记水电表底数", Intent::request_form,
         {entity("form", "qms-pm-31318", "水电表底数", 2)});
    return tell("web-1", "3栋2单元501王芳13800138000", Intent::inform,
                {entity("unit", "3-2-501", "3栋2单元501"), entity("person", "王芳", "王芳", 8),
                 entity("phone", "+8613800138000", "13800138000", 10)});
  };
  EXPECT_TRUE(holds(all(), phrase("register.ask.field", {{"field", "水表底数"}})));
  auto said = tell("web-1", "我还没看", Intent::inform);
  EXPECT_TRUE(holds(said, phrase("form.invalid_number") + "\n" +
                              phrase("register.ask.field", {{"field", "水表底数"}})))
      << said;
  tell("web-1", "１２３．４５", Intent::inform);
  said = tell("web-1", "12,345", Intent::inform);
  EXPECT_TRUE(holds(said, phrase("register.ask.date", {{"field", "抄表日期"}}))) << said;
  said = tell("web-1", "刚刚抄的", Intent::inform);
  EXPECT_TRUE(holds(said, phrase("form.invalid_date"))) << said;
  const Json day{
      {"from", "2026-11-23T00:00:00+08:00"}, {"to", "2026-11-24T00:00:00+08:00"}, {"grain", "day"}};
  tell("web-1", "今天", Intent::inform, {entity("time", day, "今天")});
  const Json record = records("qms-pm-31318").at(0);
  EXPECT_EQ(123.45, record["water"]);
  EXPECT_EQ(12345, record["electricity"]);
}

TEST_F(RegistersTest, ABareYesToAFreeQuestionIsToldWhatIsNeeded) {
  tell("web-1", "申请车位", Intent::request_form, {entity("form", "qms-pm-31315", "车位", 2)});
  tell("web-1", "3栋2单元501王芳13800138000", Intent::inform,
       {entity("unit", "3-2-501", "3栋2单元501"), entity("person", "王芳", "王芳", 8),
        entity("phone", "+8613800138000", "13800138000", 10)});
  sessions_["web-1"].stack.back().requested = "wish";
  sessions_["web-1"].stack.back().slots["plate"] = {{"value", "粤B1"}, {"text", "粤B1"}};
  const auto said = tell("web-1", "随便", Intent::inform);
  EXPECT_TRUE(holds(said, phrase("form.invalid_choice", {{"choices", "月租、购买、临时"}})))
      << said;
  sessions_["web-1"].stack.back().slots.erase("plate");
  sessions_["web-1"].stack.back().requested = "plate";
  yes_no_ = true;
  EXPECT_TRUE(holds(tell("web-1", "对", Intent::affirm), phrase("register.invalid_plate")));
  sessions_["web-1"].stack.back().slots["plate"] = {{"value", "粤B1"}, {"text", "粤B1"}};
  sessions_["web-1"].stack.back().slots["wish"] = {{"value", "月租"}, {"text", "月租"}};
  sessions_["web-1"].stack.back().requested = "vehicle";
  sessions_["web-1"].stack.back().failures = 0;
  yes_no_ = true;
  EXPECT_TRUE(holds(tell("web-1", "对", Intent::affirm), phrase("form.explain.text")));
}

TEST_F(RegistersTest, ChoicesAreOfferedAndTakenInTheLanguageOfTheConversation) {
  language_ = Language::en;
  tell("web-1", "I want to apply for a parking space", Intent::request_form,
       {entity("form", "qms-pm-31315", "parking", 20)});
  tell("web-1", "building 3 unit 2 room 501, Wang Fang, 13800138000", Intent::inform,
       {entity("unit", "3-2-501", "building 3 unit 2 room 501"),
        entity("person", "Wang Fang", "Wang Fang", 28),
        entity("phone", "+8613800138000", "13800138000", 39)});
  tell("web-1", "B12345", Intent::inform);
  ASSERT_EQ(3u, result_.replies.back().buttons.size());
  EXPECT_EQ("Monthly", result_.replies.back().buttons[0].title);
  EXPECT_EQ("Temporary", result_.replies.back().buttons[2].payload);
  const auto said = tell("web-1", "what you like", Intent::inform);
  EXPECT_TRUE(holds(said, "Monthly, Purchase, Temporary")) << said;
  tell("web-1", "Monthly", Intent::inform);
  tell("web-1", "skip", Intent::inform);
  EXPECT_EQ("月租", records("qms-pm-31315").at(0)["wish"]);
  EXPECT_TRUE(holds(tasks_.at(0), "申请方式: 月租")) << tasks_[0] << ": staff read Chinese";
}

TEST_F(RegistersTest, ALineThatIsAskedForIsNotTheContactPhone) {
  tell("web-1", "电话移机", Intent::request_form, {entity("form", "qms-pm-31314", "移机", 2)});
  tell("web-1", "3栋2单元501王芳13800138000", Intent::inform,
       {entity("unit", "3-2-501", "3栋2单元501"), entity("person", "王芳", "王芳", 8),
        entity("phone", "+8613800138000", "13800138000", 10)});
  tell("web-1", "075588881234", Intent::inform,
       {entity("phone", "+8675588881234", "075588881234")});
  const auto& slots = sessions_["web-1"].stack.back().slots;
  EXPECT_EQ("+8613800138000", slots["phone"]["value"]);
  EXPECT_EQ("075588881234", slots["line"]["value"]);
}

// ---- emergencies

class AlarmBell final : public Dialog {
 public:
  std::string_view id() const override { return "bell"; }
  Outcome intercept(Turn& turn) override {
    number = record_emergency(turn, "荔园", "gas", "3-2-501");
    turn.say("emergency.gas", {{"phone", "13800138999"}});
    return Outcome::handed_over;
  }
  std::string number;
};

TEST_F(RegistersTest, AnEmergencyOpensASpecialEventRecord) {
  AlarmBell bell;
  dialogs_ = {&bell};
  tell("web-1", "3栋2单元501煤气漏了", Intent::report_emergency);
  EXPECT_EQ("31304-0001", bell.number);
  const Json record = records("qms-pm-31304").at(0);
  EXPECT_EQ("3-2-501", record["unit"]);
  EXPECT_EQ("3栋2单元501煤气漏了", record["description"]);
  EXPECT_EQ("2026-11-23T10:00:00+08:00", record["occurred_at"]);
  EXPECT_EQ("rest/web-1", record["reported_by"]);
  EXPECT_FALSE(text_of(record, "kind").empty());
}

}  // namespace
}  // namespace huiyin::registers
