// What an order's JSON may say, and which field is named when it is at fault.
#include "dialogs/orders/intake.h"

#include "tests/dialogs/orders_support.h"

namespace huiyin::orders_test {
namespace {

class Intake : public OrdersHouse {
 protected:
  Json body{{"kind", "repair"},
            {"unit", "3-2-501"},
            {"description", "厨房水龙头漏水"},
            {"customer", {{"name", "王芳"}, {"phone", "138 0013 8000"}}}};
  // The field that is at fault; "" when it is taken.
  std::string fault(const Json& with) {
    const auto order = orders::read_intake(db(), directory, {"front_desk", 9, "liyuan"}, with, now);
    return order ? "" : order.error().field;
  }
  std::string fault_with(const char* name, Json value) {
    Json changed = body;
    changed[name] = std::move(value);
    return fault(changed);
  }
};

TEST_F(Intake, TakesTheRecordsOwnFieldNames) {
  const auto order = orders::read_intake(db(), directory, {"front_desk", 9, "liyuan"}, body, now);
  ASSERT_TRUE(order);
  EXPECT_EQ(order->unit_id, 501);
  EXPECT_EQ(order->phone, "+8613800138000");
  EXPECT_EQ(order->actor.id, "staff:9");
  EXPECT_EQ(order->received_at, now);
}

TEST_F(Intake, NamesTheFaultyField) {
  EXPECT_EQ(fault_with("kind", "party"), "kind");
  EXPECT_EQ(fault_with("kind", 7), "kind");
  EXPECT_EQ(fault_with("description", nullptr), "description");
  EXPECT_EQ(fault_with("description", "  "), "description");
  EXPECT_EQ(fault_with("description", 5), "description");
  EXPECT_EQ(fault_with("unit", nullptr), "unit");
  EXPECT_EQ(fault_with("unit", "3-2-999"), "unit");
  EXPECT_EQ(fault_with("unit", "三栋"), "unit");
  EXPECT_EQ(fault_with("estate", "nowhere"), "estate");
  EXPECT_EQ(fault_with("customer", "王芳"), "customer");
  EXPECT_EQ(fault_with("customer", {{"phone", "12345"}}), "customer.phone");
  EXPECT_EQ(fault_with("channel", "pigeon"), "channel");
  EXPECT_EQ(fault_with("severity", "awful"), "severity");
  EXPECT_EQ(fault_with("priced", "yes"), "priced");
  EXPECT_EQ(fault_with("received_at", "2026-11-23T09:00:00"), "received_at");
  EXPECT_EQ(fault_with("received_at", "2026-11-23T11:00:00+08:00"), "received_at");
  EXPECT_EQ(fault_with("appointment", {{"from", "2026-02-31T10:00:00+08:00"}}), "appointment.from");
  EXPECT_EQ(fault_with("appointment", {{"from", "2026-11-24T10:00:00+08:00"},
                                       {"to", "2026-11-24T09:00:00+08:00"}}),
            "appointment.to");
  EXPECT_EQ(fault_with("unknown_member", 1), "");
}

TEST_F(Intake, R5_6_ARepairNamesTheResidentAndAPhone) {
  EXPECT_EQ(fault_with("customer", nullptr), "customer");
  EXPECT_EQ(fault_with("customer", {{"phone", "13800138000"}}), "customer.name");
  EXPECT_EQ(fault_with("customer", {{"name", " "}, {"phone", "13800138000"}}), "customer.name");
  EXPECT_EQ(fault_with("customer", {{"name", "王芳"}}), "customer.phone");
  EXPECT_EQ(fault_with("customer", {{"name", "王芳"}, {"phone", nullptr}}), "customer.phone");
}

// R5.11, R8.6: what is agreed on lies ahead, and not in another age.
TEST_F(Intake, R5_11_R8_12_NothingIsBornLateAndNothingEndsInAnotherAge) {
  const auto appointment = [&](const char* from) {
    return fault_with("appointment", {{"from", from}});
  };
  EXPECT_EQ(appointment("2020-01-01T10:00:00+08:00"), "appointment.from");
  EXPECT_EQ(appointment("2026-11-23T09:59:00+08:00"), "appointment.from");
  now = at("2026-11-23T10:00:40+08:00");
  EXPECT_EQ(appointment("2026-11-23T10:00:00+08:00"), "") << "the minute that runs";
  EXPECT_EQ(appointment("2026-11-23T10:05:00+08:00"), "");
  EXPECT_EQ(appointment("9999-12-31T23:59:59Z"), "appointment.from");
  EXPECT_EQ(appointment("2028-11-22T10:00:00+08:00"), "");
  EXPECT_EQ(fault_with("appointment",
                       {{"from", "2026-11-24T10:00:00+08:00"}, {"to", "9999-12-31T23:59:59Z"}}),
            "appointment.to");
  Json task{{"kind", "task"},
            {"dispatcher", 1},
            {"place", "地下车库"},
            {"description", "照明"},
            {"requirement", "逐盏"}};
  for (const char* past :
       {"2020-01-01T00:00:00Z", "2026-11-23T10:00:40+08:00", "9999-12-31T23:59:59Z"}) {
    task["reply_by"] = past;
    EXPECT_EQ(fault(task), "reply_by") << past;
  }
  task["reply_by"] = "2026-11-23T10:01:00+08:00";
  EXPECT_EQ(fault(task), "");
}

// the minute that the person gives counts, if it can be.
TEST_F(Intake, A7_ReceivedWithinTheLastMonthAndByTheCallersClockAMinuteAhead) {
  const auto received = [&](const char* at) { return fault_with("received_at", at); };
  EXPECT_EQ(received("2026-11-23T09:40:00+08:00"), "");
  EXPECT_EQ(received("2026-10-24T10:00:00+08:00"), "");
  EXPECT_EQ(received("2026-10-22T10:00:00+08:00"), "received_at");
  EXPECT_EQ(received("1971-01-01T00:00:00Z"), "received_at");
  EXPECT_EQ(received("2026-11-23T10:01:01+08:00"), "received_at");
  Json ahead = body;
  ahead["received_at"] = "2026-11-23T10:00:30+08:00";
  const auto order = orders::read_intake(db(), directory, {"front_desk", 9, "liyuan"}, ahead, now);
  ASSERT_TRUE(order);
  EXPECT_EQ(order->received_at, now);
  ahead["received_at"] = "2026-11-23T09:00:00+08:00";
  ahead["appointment"] = {{"from", "2026-11-23T09:30:00+08:00"}};
  EXPECT_EQ(fault(ahead), "") << "entered after the visit was to be";
}

TEST_F(Intake, R8_6_ATaskNamesDispatcherPlaceContentRequirementAndReplyTime) {
  const Json task = {{"kind", "task"},        {"dispatcher", 1},
                     {"place", "地下车库"},   {"description", "检查照明"},
                     {"requirement", "逐盏"}, {"reply_by", "2026-11-23T18:00:00+08:00"}};
  EXPECT_EQ(fault(task), "");
  for (const char* name : {"dispatcher", "place", "description", "requirement", "reply_by"}) {
    Json missing = task;
    missing.erase(name);
    EXPECT_EQ(fault(missing), name);
  }
}

TEST_F(Intake, PublicFaultsAndComplaintsNeedNeitherUnitNorCustomer) {
  EXPECT_EQ(fault({{"kind", "public"},
                   {"description", "路灯不亮"},
                   {"unit", nullptr},
                   {"customer", nullptr}}),
            "");
  EXPECT_EQ(fault({{"kind", "complaint"}, {"description", "太吵"}}), "");
}

}  // namespace
}  // namespace huiyin::orders_test
