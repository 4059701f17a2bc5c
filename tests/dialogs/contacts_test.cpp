// The register of calls, letters and visits (R4.2) over the operator API.
#include "tests/dialogs/orders_api.h"
#include "tests/support/vm_steps.h"

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

// A log of years: a complaint that is corrected, on the lane, and the lists look up what they want.
TEST_F(ContactsApi, ALongLogIsNotReadThroughForOneOrderUnitTimeOrChannel) {
  const auto add = [&](const char* channel, const char* unit, const char* order, Instant at) {
    contacts::Contact one;
    one.at = at;
    one.channel = channel;
    one.unit = unit;
    one.order = order;
    one.estate = "liyuan";
    one.content = "楼上很吵";
    return contacts::add(db(), one, "contact");
  };
  add("letter", "3-2-501", "TS20261123-0001", now);
  const auto corrected = [&] {
    contacts::Contact change;
    change.content = "楼上半夜很吵";
    change.estate = "liyuan";
    change.order = "TS20261123-0001";
    contacts::change_of_order(db(), change, "contact");
  };
  std::vector<contacts::ContactFilter> filters(6);
  filters[0].order = "TS20261123-0001";
  filters[1].unit = "3-2-501";
  filters[2].channel = "letter";
  filters[3].channel = "letter";
  filters[3].estate = "liyuan";
  filters[4].from = now;
  filters[5].estate = "nowhere";
  const auto steps_of_all = [&] {
    std::vector<std::int64_t> out{test::vm_steps(db(), corrected)};
    for (const auto& filter : filters) {
      out.push_back(test::vm_steps(db(), [&] { contacts::list(db(), 0, 10, filter); }));
    }
    return out;
  };
  const auto before = steps_of_all();
  db().script(
      "INSERT INTO contacts_log(at, channel, estate, unit, name, phone, content, order_number)"
      " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
      " SELECT i, 'call', 'liyuan', '3-2-' || (1000 + i), 0, 0, 0, 'TS20250101-' || i FROM n");
  const auto after = steps_of_all();
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_LT(after[i], before[i] + 500) << i;
  db().exec("UPDATE contacts_log SET unit = '3-2-501' WHERE id = 1");  // the correction left it out
  for (std::size_t i = 0; i < 5; ++i) {
    const auto found = contacts::list(db(), 0, 10, filters[i]);
    ASSERT_EQ(found.size(), 1u) << i;
    EXPECT_EQ(found[0].content, "楼上半夜很吵") << i;
  }
  contacts::ContactFilter calls;
  calls.channel = "call";
  calls.to = from_millis(100);
  const auto page = contacts::list(db(), 0, 10, calls);
  ASSERT_EQ(page.size(), 10u);
  EXPECT_EQ(page[0].at, from_millis(99));
  EXPECT_EQ(contacts::list(db(), page[9].id, 1, calls)[0].at, from_millis(89));
}

}  // namespace
}  // namespace huiyin::orders_test
