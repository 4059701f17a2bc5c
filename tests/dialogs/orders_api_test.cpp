// /api/v1/work-orders as clients see it.
#include "tests/dialogs/orders_api.h"

namespace huiyin::orders_test {
namespace {

class WorkOrdersApi : public OrdersApi {
 protected:
  const Json repair{{"kind", "repair"},
                    {"unit", "3-2-501"},
                    {"description", "厨房水龙头漏水"},
                    {"customer", {{"name", "王芳"}, {"phone", "+8613800138000"}}},
                    {"channel", "call"}};
};

TEST_F(WorkOrdersApi, TakesAnOrderAndShowsItAgain) {
  const auto made = call("POST", "work-orders", repair);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body["number"], "WX20261123-0001");
  EXPECT_EQ(made.body["state"], "recorded");
  EXPECT_EQ(made.body["history"][0]["actor"], "admin");
  EXPECT_EQ(call("GET", "work-orders/{number}", nullptr, "WX20261123-0001").body, made.body);
  EXPECT_EQ(call("GET", "work-orders/{number}", nullptr, "WX20261123-0002").status, 404);
}

TEST_F(WorkOrdersApi, ARefusedIntakeUsesNoNumber) {
  Json faulty = repair;
  faulty["unit"] = "3-2-999";
  const auto refused = call("POST", "work-orders", faulty);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body["field"], "unit");
  EXPECT_EQ(call("POST", "work-orders", repair).body["number"], "WX20261123-0001");
}

TEST_F(WorkOrdersApi, R5_8_NotifyMeetsTheClockAndSendsTheMessage) {
  const std::string number = call("POST", "work-orders", repair).body["number"];
  const auto done = act(number, {{"action", "notify"}, {"note", "已打电话"}});
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.body["state"], "notified");
  EXPECT_EQ(done.body["history"].back()["note"], "已打电话");
  EXPECT_EQ(post.count("role:engineering_supervisor", "repair.notify_supervisor"), 1);
}

TEST_F(WorkOrdersApi, AConflictNamesTheAllowedActionsAndAFaultItsMember) {
  const std::string number = call("POST", "work-orders", repair).body["number"];
  const auto conflict = act(number, {{"action", "complete"}});
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.body["allowed"], (Json{"notify", "assign", "escalate", "cancel"}));
  EXPECT_EQ(act(number, {{"action", "assign"}}).body["field"], "assignee");
  EXPECT_EQ(act(number, {{"action", "dance"}}).status, 400);
  EXPECT_EQ(act(number, Json::object()).body["field"], "action");
  EXPECT_EQ(act(number, {{"action", 5}}).status, 400);
  EXPECT_EQ(act("WX20261123-0009", {{"action", "notify"}}).status, 404);
}

// R3.4: customer service takes in, a technician does not.
TEST_F(WorkOrdersApi, RolesDoWhatTheContractGivesThem) {
  const std::string number = call("POST", "work-orders", repair).body["number"];
  who = {"technician", 2, "liyuan"};
  EXPECT_EQ(call("POST", "work-orders", repair).status, 403);
  EXPECT_EQ(act(number, {{"action", "assign"}, {"assignee", 2}}).status, 403);
  EXPECT_EQ(act(number, {{"action", "cancel"}}).status, 403);
  who = {"dispatcher", 7, "liyuan"};
  EXPECT_EQ(act(number, {{"action", "assign"}, {"assignee", 2}}).status, 200);
  who = {"technician", 3, "liyuan"};
  EXPECT_EQ(act(number, {{"action", "accept"}}).status, 403);
  who = {"technician", 2, "liyuan"};
  const auto accepted = act(number, {{"action", "accept"}});
  EXPECT_EQ(accepted.status, 200);
  EXPECT_EQ(accepted.body["history"].back()["actor"], "staff:2");
}

TEST_F(WorkOrdersApi, ListsPageByCursorAndFilter) {
  for (int i = 0; i < 3; ++i) call("POST", "work-orders", repair);
  limit = 2;
  const auto first = call("GET", "work-orders", nullptr, {}, "kind=repair&unit=3-2-501");
  ASSERT_EQ(first.body["items"].size(), 2u);
  ASSERT_TRUE(first.body["next"].is_number());
  cursor = first.body["next"];
  const auto second = call("GET", "work-orders", nullptr, {}, "kind=repair");
  EXPECT_EQ(second.body["items"].size(), 1u);
  EXPECT_EQ(second.body["next"], nullptr);
  cursor = 0;
  EXPECT_EQ(call("GET", "work-orders", nullptr, {}, "state=archived").body["items"].size(), 0u);
  EXPECT_EQ(call("GET", "work-orders", nullptr, {}, "overdue=perhaps").status, 400);
  EXPECT_EQ(call("GET", "work-orders", nullptr, {}, "kind=party").status, 400);
}

TEST_F(WorkOrdersApi, R4_2_AComplaintAtTheDeskIsInTheContactLog) {
  const auto made = call("POST", "work-orders",
                         {{"kind", "complaint"},
                          {"description", "楼上很吵"},
                          {"channel", "visit"},
                          {"customer", {{"name", "王芳"}, {"phone", "13800138000"}}},
                          {"unit", "3-2-501"},
                          {"severity", "important"}});
  ASSERT_EQ(made.status, 201) << made.body;
  const auto log = call("GET", "contacts-log");
  ASSERT_EQ(log.body["items"].size(), 1u);
  const Json one = log.body["items"][0];
  EXPECT_EQ(one["order"], made.body["number"]);
  EXPECT_EQ(one["channel"], "visit");
  EXPECT_EQ(one["name"], "王芳");
  EXPECT_EQ(one["phone"], "+8613800138000");
  EXPECT_EQ(one["unit"], "3-2-501");
  EXPECT_EQ(one["content"], "楼上很吵");
  EXPECT_EQ(one["at"], "2026-11-23T10:00:00+08:00");
}

// A page costs as many queries as one order, and says of each what the order alone says.
TEST_F(WorkOrdersApi, APageSaysOfEachOrderWhatTheOrderSaysAlone) {
  std::vector<std::string> numbers;
  for (int i = 0; i < 3; ++i) {
    numbers.push_back(call("POST", "work-orders", repair).body["number"]);
    act(numbers.back(), {{"action", "notify"}, {"note", "第" + std::to_string(i) + "次"}});
    act(numbers.back(), {{"action", "assign"}, {"assignee", 2}});
    for (const char* action : {"accept", "arrive", "start"})
      act(numbers.back(), {{"action", action}});
    act(numbers.back(),
        {{"action", "verify_material"}, {"by", "王芳"}, {"verdict", "合格"}, {"note", "好"}});
    for (int n = 0; n <= i; ++n) {
      act(numbers.back(),
          {{"action", "add_charge"}, {"item", "件" + std::to_string(n)}, {"amount_fen", n}});
    }
    act(numbers.back(), {{"action", "complete"}});
    act(numbers.back(), {{"action", "sign"},
                         {"by", "王" + std::to_string(i)},
                         {"role", "customer"},
                         {"method", "p"}});
  }
  const Json items = call("GET", "work-orders").body["items"];
  ASSERT_EQ(items.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(items[i], call("GET", "work-orders/{number}", nullptr, numbers[2 - i]).body);
  }
  EXPECT_EQ(items[0]["charges"].size(), 3u);
  EXPECT_EQ(items[2]["signatures"][0]["by"], "王0");
}

}  // namespace
}  // namespace huiyin::orders_test
