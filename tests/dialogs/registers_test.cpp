// The registers as files, and their records by the operator API.
#include <set>

#include "tests/dialogs/registers_support.h"

namespace huiyin::registers {
namespace {

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

}  // namespace
}  // namespace huiyin::registers
