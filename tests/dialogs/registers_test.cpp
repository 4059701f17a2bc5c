#include "dialogs/registers/registers.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/dialogs/talk_support.h"

namespace huiyin::registers {
namespace {

using huiyin::testing::entity;
using huiyin::testing::joined;
using huiyin::testing::TalkTest;
using huiyin::testing::TestApi;
using huiyin::testing::TestCall;

class RegistersTest : public TalkTest {
 protected:
  RegistersTest()
      : TalkTest(joined({store::store_migrations(), estate::migrations(), migrations()})),
        registers_(forms_, directory_,
                   [this](Turn&, const std::string& estate, const std::string& unit,
                          const std::string& text) {
                     tasks_.push_back(estate + "|" + unit + "|" + text);
                     return "GZ20261123-000" + std::to_string(tasks_.size());
                   }) {
    dialogs_ = {&registers_};
    registers_.add_to(api_);
    import_units("荔园,3,2,501,89.5,王芳,13800138000\n荔园,3,2,502,80,李强,13800138001\n");
  }

  http::Response call(const std::string& route, const std::string& form, Json body = Json::object(),
                      const std::string& role = "admin", int limit = 50, std::int64_t cursor = 0) {
    http::Request request;
    if (!form.empty()) request.params = {{"id", form}};
    TestCall call(*folder_.database, now_, Principal{role, role == "admin" ? 0 : 7, ""}, request,
                  std::move(body));
    call.limit_value = limit;
    call.cursor_value = cursor;
    return api_.entries.at(route).handler(call);
  }
  http::Response post(const std::string& form, Json body) {
    return call("POST /api/v1/forms/{id}/records", form, std::move(body));
  }
  Json records(const std::string& form, const std::string& role = "admin") {
    return Json::parse(call("GET /api/v1/forms/{id}/records", form, nullptr, role).body)["items"];
  }
  std::string field_of_fault(const std::string& form, Json body) {
    const auto answer = post(form, std::move(body));
    EXPECT_EQ(400, answer.status) << answer.body;
    return text_of(Json::parse(answer.body), "field");
  }

  std::vector<std::string> tasks_;
  Registers registers_;
  TestApi api_;
};

// ---- the files (R1.10)

TEST_F(RegistersTest, TheEighteenRegistersOfR1_10StandAsFiles) {
  const Json list = Json::parse(call("GET /api/v1/forms", "").body);
  std::set<std::string> ids;
  for (const auto& item : list["items"]) ids.insert(item["id"].get<std::string>());
  for (int n = 31301; n <= 31318; ++n) EXPECT_EQ(1u, ids.count("qms-pm-" + std::to_string(n))) << n;
  EXPECT_EQ(18u, ids.size());
}

TEST_F(RegistersTest, EveryRegisterAsksAtMostSixQuestionsAndKeepsRecordMembersFree) {
  const std::set<std::string> reserved{"id", "form", "number", "at", "by", "estate", "order"};
  for (const auto& form : forms_.all()) {
    if (!form.register_form) continue;
    int asked = 0;
    for (const auto& slot : form.slots) {
      asked += slot.asked;
      EXPECT_FALSE(reserved.contains(slot.name)) << form.id << " " << slot.name;
      EXPECT_FALSE(slot.required && !slot.asked) << form.id << " " << slot.name;
      EXPECT_TRUE(speech_->has(slot.ask)) << form.id << " " << slot.ask;
      EXPECT_TRUE(slot.type == "unit" || slot.prefill != "household_unit");
    }
    EXPECT_LE(asked, 6) << form.id;
    EXPECT_EQ("register", form.action) << form.id;
  }
}

TEST_F(RegistersTest, IdentityDataOf31311And31313IsSensitive) {
  for (const char* id : {"qms-pm-31311", "qms-pm-31313"}) {
    const FormSpec* form = forms_.find(id);
    for (const char* slot : {"name", "phone", "document"}) {
      EXPECT_TRUE(form->slot(slot)->sensitive) << id << " " << slot;
    }
  }
}

// ---- operator API

TEST_F(RegistersTest, TheSchemaDescribesTheColumns) {
  const Json schema = Json::parse(call("GET /api/v1/forms/{id}/schema", "qms-pm-31315").body);
  EXPECT_EQ("object", schema["type"]);
  EXPECT_EQ("车位申请登记表", schema["title"]);
  EXPECT_EQ((Json{"月租", "购买", "临时"}), schema["properties"]["wish"]["enum"]);
  const auto& required = schema["required"];
  EXPECT_NE(required.end(), std::find(required.begin(), required.end(), "unit"));
  EXPECT_EQ(required.end(), std::find(required.begin(), required.end(), "space"));
  EXPECT_EQ(404, call("GET /api/v1/forms/{id}/schema", "qms-pm-39999").status);
}

const Json parking{{"unit", "3-2-501"},
                   {"name", "王芳"},
                   {"phone", "138 0013 8000"},
                   {"plate", "粤B12345"},
                   {"wish", "月租"}};

TEST_F(RegistersTest, ARecordOfTheDeskIsCheckedNumberedAndListedNewestFirst) {
  Json body = parking;
  body["decided_on"] = "2026-11-24";
  body["unheard_of"] = 5;
  const auto answer = post("qms-pm-31315", body);
  ASSERT_EQ(201, answer.status) << answer.body;
  const Json record = Json::parse(answer.body);
  EXPECT_EQ("31315-0001", record["number"]);
  EXPECT_EQ("+8613800138000", record["phone"]);
  EXPECT_EQ("2026-11-23T10:00:00+08:00", record["at"]);
  EXPECT_EQ("admin", record["by"]);
  EXPECT_EQ("荔园", record["estate"]);
  EXPECT_FALSE(record.contains("unheard_of"));
  post("qms-pm-31315", parking);
  post("qms-pm-31317", {{"unit", "3-2-502"},
                        {"name", "李强"},
                        {"phone", "13800138001"},
                        {"reason", "出差"},
                        {"from", "2026-12-01"}});
  const Json list = records("qms-pm-31315");
  ASSERT_EQ(2u, list.size());
  EXPECT_EQ("31315-0002", list[0]["number"]);
  EXPECT_EQ("31317-0001", records("qms-pm-31317")[0]["number"]);
}

TEST_F(RegistersTest, AFaultyRecordIsRefusedWithItsFieldAndUsesNoNumber) {
  const auto with = [](const char* name, Json value) {
    Json body = parking;
    body[name] = std::move(value);
    return body;
  };
  const std::string form = "qms-pm-31315";
  EXPECT_EQ("unit", field_of_fault(form, with("unit", "9-9-909")));
  EXPECT_EQ("unit", field_of_fault(form, with("unit", 5)));
  EXPECT_EQ("name", field_of_fault(form, with("name", nullptr)));
  EXPECT_EQ("name", field_of_fault(form, with("name", "  ")));
  EXPECT_EQ("phone", field_of_fault(form, with("phone", "123")));
  EXPECT_EQ("wish", field_of_fault(form, with("wish", "偷")));
  EXPECT_EQ("decided_on", field_of_fault(form, with("decided_on", "2026-02-30")));
  EXPECT_EQ("estate", field_of_fault(form, with("estate", "无名园")));
  EXPECT_EQ("water", field_of_fault("qms-pm-31318", {{"unit", "3-2-501"},
                                                     {"name", "王芳"},
                                                     {"phone", "13800138000"},
                                                     {"water", "many"},
                                                     {"electricity", 5},
                                                     {"read_on", "2026-11-23"}}));
  const Json event{{"description", "水管爆裂"}, {"place", "3栋大堂"}};
  Json timed = event;
  timed["occurred_at"] = "2026-11-23 10:00";
  EXPECT_EQ("occurred_at", field_of_fault("qms-pm-31304", timed)) << "a time without a zone";
  timed["occurred_at"] = {{"from", "2026-11-23T10:00:00+08:00"},
                          {"to", "2026-11-23T09:00:00+08:00"}};
  EXPECT_EQ("occurred_at", field_of_fault("qms-pm-31304", timed)) << "it ends before it begins";
  EXPECT_EQ(0u, records(form).size());
  EXPECT_EQ("31315-0001", Json::parse(post(form, parking).body)["number"]);
  EXPECT_EQ(404, post("qms-pm-39999", parking).status);
}

TEST_F(RegistersTest, SensitiveColumnsAreMaskedForRolesWithoutTheRight) {
  ASSERT_EQ(201, post("qms-pm-31313", {{"unit", "3-2-501"},
                                       {"name", "王芳"},
                                       {"phone", "13800138000"},
                                       {"relation", "业主"},
                                       {"reason", "新办"},
                                       {"document", "X1234567"}})
                     .status);
  const Json open = records("qms-pm-31313", "archivist")[0];
  EXPECT_EQ("X1234567", open["document"]);
  const Json closed = records("qms-pm-31313", "technician")[0];
  EXPECT_EQ("****", closed["document"]);
  EXPECT_EQ("****", closed["name"]);
  EXPECT_EQ("138****8000", closed["phone"]);
  EXPECT_EQ("业主", closed["relation"]);
}

TEST_F(RegistersTest, A22_IdentityDataIsReadByThreeRolesOnlyAndWithConsentOnRecord) {
  const Json card{{"unit", "3-2-501"},  {"name", "王芳"},   {"phone", "13800138000"},
                  {"relation", "业主"}, {"reason", "新办"}, {"document", "X1234567"},
                  {"consent", "同意"}};
  ASSERT_EQ(201, post("qms-pm-31313", card).status);
  for (const auto& role : all_roles) {
    const Json one = records("qms-pm-31313", role).at(0);
    const bool open = role == "admin" || role == "service_supervisor" || role == "archivist";
    EXPECT_EQ(open ? "X1234567" : "****", one["document"]) << role;
    EXPECT_EQ("同意", one["consent"]) << role;
  }
  Json refused = card;
  refused["consent"] = "不同意";
  EXPECT_EQ("consent", field_of_fault("qms-pm-31313", refused));
  EXPECT_EQ(1u, records("qms-pm-31313").size());
}

TEST_F(RegistersTest, R1_10_APlateIsTakenInItsForms) {
  const auto kept = [&](const char* plate) {
    Json body = parking;
    body["plate"] = plate;
    const auto answer = post("qms-pm-31315", body);
    return answer.status == 201 ? text_of(Json::parse(answer.body), "plate") : std::string();
  };
  EXPECT_EQ("粤B12345", kept("粤B12345"));
  EXPECT_EQ("粤B12345", kept("粤b·12345"));
  EXPECT_EQ("粤BD12345", kept("粤B D12345")) << "electric, small";
  EXPECT_EQ("粤B12345D", kept("粤B12345D")) << "electric, large";
  EXPECT_EQ("粤Z1234港", kept("粤Z 1234港"));
  EXPECT_EQ("京AK88P9", kept("京A-K88P9"));
  EXPECT_EQ("B24680", kept("B24680")) << "as people type it without Chinese letters";
  for (const char* wrong : {"abc", "粤B1234", "粤B1234567", "粤I12345", "12345", "粤BDD2345678"}) {
    EXPECT_EQ("", kept(wrong)) << wrong;
  }
}

TEST_F(RegistersTest, R1_10_17_KeysAreNotGivenBackBeforeTheyAreTaken) {
  Json keys{{"unit", "3-2-501"}, {"name", "王芳"},       {"phone", "13800138000"},
            {"reason", "出差"},  {"from", "2026-12-01"}, {"until", "2026-11-30"}};
  EXPECT_EQ("until", field_of_fault("qms-pm-31317", keys));
  keys["until"] = "2026-12-01";
  EXPECT_EQ(201, post("qms-pm-31317", keys).status);
}

TEST_F(RegistersTest, ListsArePagedByCursor) {
  for (int i = 0; i < 3; ++i) post("qms-pm-31315", parking);
  const std::string route = "GET /api/v1/forms/{id}/records";
  const Json first = Json::parse(call(route, "qms-pm-31315", nullptr, "admin", 2).body);
  ASSERT_EQ(2u, first["items"].size());
  const Json rest = Json::parse(
      call(route, "qms-pm-31315", nullptr, "admin", 2, first["next"].get<std::int64_t>()).body);
  ASSERT_EQ(1u, rest["items"].size());
  EXPECT_EQ("31315-0001", rest["items"][0]["number"]);
  EXPECT_TRUE(rest["next"].is_null());
}

TEST_F(RegistersTest, WhatWasToldStandsInThePersonalTextsOnly) {
  post("qms-pm-31315", parking);
  EXPECT_EQ(
      1, *db().value<std::int64_t>("SELECT count(*) FROM personal_texts WHERE text LIKE '%王芳%'"));
  db().exec("UPDATE personal_texts SET text = ''");
  const Json erased = records("qms-pm-31315")[0];
  EXPECT_FALSE(erased.contains("name"));
  EXPECT_EQ("31315-0001", erased["number"]) << "the row stays";
}

TEST_F(RegistersTest, ColumnsOfFenTakeWholeAmountsFromZeroOnly) {
  Json body{{"line", "88881234"}, {"price_fen", 12000}};
  EXPECT_EQ(201, post("qms-pm-31309", body).status);
  body["price_fen"] = 0;
  EXPECT_EQ(201, post("qms-pm-31309", body).status);
  for (const Json& wrong : {Json(-1), Json(1.5), Json("5")}) {
    body["price_fen"] = wrong;
    EXPECT_EQ("price_fen", field_of_fault("qms-pm-31309", body)) << wrong;
  }
  const Json schema = Json::parse(call("GET /api/v1/forms/{id}/schema", "qms-pm-31309").body);
  EXPECT_EQ("integer", schema["properties"]["price_fen"]["type"]);
  EXPECT_EQ(0, schema["properties"]["price_fen"]["minimum"]);
  const Json reading = Json::parse(call("GET /api/v1/forms/{id}/schema", "qms-pm-31318").body);
  EXPECT_EQ("number", reading["properties"]["water"]["type"]) << "a reading has a fraction";
}

TEST_F(RegistersTest, R1_10_09ANumberHeldForRentNeedsTheNumberOnly) {
  EXPECT_EQ(201, post("qms-pm-31309", {{"line", "88881234"}}).status);
  EXPECT_EQ("line", field_of_fault("qms-pm-31309", {{"deal", "出租"}}));
  for (const char* deal : {"租用", "购买", "出租", "出售"}) {
    EXPECT_EQ(201, post("qms-pm-31309", {{"line", "88881234"}, {"deal", deal}}).status) << deal;
  }
}

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
  EXPECT_TRUE(holds(said, phrase("register.recorded",
                                 {{"form", "车位申请登记表"}, {"number", "GZ20261123-0001"}})))
      << said;
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
