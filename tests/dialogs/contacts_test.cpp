// The register of calls, letters and visits (R4.2) over the operator API.
#include "tests/dialogs/orders_api.h"

namespace huiyin::orders_test {
namespace {

class ContactsApi : public OrdersApi {};

TEST_F(ContactsApi, R4_2_ACallIsEnteredAndListedNewestFirst) {
  const auto made = call("POST", "contacts-log",
                         {{"channel", "call"},
                          {"name", "王芳"},
                          {"phone", "13800138000"},
                          {"unit", "3-2-501"},
                          {"content", "问物业费"}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body["phone"], "+8613800138000");
  EXPECT_EQ(made.body["order"], nullptr);
  call("POST", "contacts-log", {{"channel", "letter"}, {"content", "感谢信"}});
  const auto log = call("GET", "contacts-log");
  ASSERT_EQ(log.body["items"].size(), 2u);
  EXPECT_EQ(log.body["items"][0]["content"], "感谢信");
  EXPECT_EQ(log.body["items"][1], made.body);
  limit = 1;
  cursor = call("GET", "contacts-log").body["next"];
  EXPECT_EQ(call("GET", "contacts-log").body["items"][0]["content"], "问物业费");
}

TEST_F(ContactsApi, NamesTheFaultyMember) {
  const auto field = [&](Json body) {
    const auto answer = call("POST", "contacts-log", std::move(body));
    return answer.status == 400 ? answer.body["field"].get<std::string>() : "";
  };
  EXPECT_EQ(field(Json::object()), "content");
  EXPECT_EQ(field({{"content", "  "}}), "content");
  EXPECT_EQ(field({{"content", 5}}), "content");
  EXPECT_EQ(field({{"content", "x"}, {"channel", "pigeon"}}), "channel");
  EXPECT_EQ(field({{"content", "x"}, {"phone", "12"}}), "phone");
  EXPECT_EQ(field({{"content", "x"}, {"unit", "9-9-999"}}), "unit");
  EXPECT_EQ(field({{"content", "x"}, {"at", "2026-11-23"}}), "at");
}

TEST_F(ContactsApi, R4_2_TheListIsFilteredByChannelUnitAndTime) {
  call("POST", "contacts-log", {{"channel", "call"}, {"unit", "3-2-501"}, {"content", "问物业费"}});
  now += std::chrono::hours(2);
  call("POST", "contacts-log", {{"channel", "letter"}, {"content", "感谢信"}});
  const auto contents = [&](const std::string& query) {
    std::string all;
    const auto answer = call("GET", "contacts-log", nullptr, {}, query);
    for (const auto& one : answer.body["items"]) {
      all += one["content"].get<std::string>() + ";";
    }
    return all;
  };
  EXPECT_EQ(contents("channel=letter"), "感谢信;");
  EXPECT_EQ(contents("unit=3-2-501"), "问物业费;");
  EXPECT_EQ(contents("from=2026-11-23T11:00:00%2B08:00"), "感谢信;");
  EXPECT_EQ(contents("to=2026-11-23T11:00:00%2B08:00"), "问物业费;");
  EXPECT_EQ(contents("estate=nowhere"), "");
  const auto field = [&](const std::string& query) {
    const auto answer = call("GET", "contacts-log", nullptr, {}, query);
    return answer.status == 400 ? answer.body["field"].get<std::string>() : "";
  };
  EXPECT_EQ(field("channel=pigeon"), "channel");
  EXPECT_EQ(field("from=yesterday"), "from");
}

TEST_F(ContactsApi, R4_2_CustomerServiceAndThoseWhoLeadItWriteInIt) {
  for (const char* role : {"front_desk", "dispatcher", "property_assistant", "service_supervisor",
                           "centre_manager", "engineering_supervisor", "general_manager"}) {
    who = {role, 9, "liyuan"};
    for (const char* channel : {"call", "letter", "visit", "chat", "other"}) {
      EXPECT_EQ(call("POST", "contacts-log", {{"channel", channel}, {"content", "x"}}).status, 201);
    }
  }
  for (const char* role : {"technician", "finance", "archivist", "quality"}) {
    who = {role, 9, "liyuan"};
    EXPECT_EQ(call("POST", "contacts-log", {{"content", "x"}}).status, 403) << role;
  }
}

TEST_F(ContactsApi, OnlyTheDeskWritesInIt) {
  who = {"technician", 2, "liyuan"};
  EXPECT_EQ(call("POST", "contacts-log", {{"content", "x"}}).status, 403);
  EXPECT_EQ(call("GET", "contacts-log").status, 200);
}

}  // namespace
}  // namespace huiyin::orders_test
