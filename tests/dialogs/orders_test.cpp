// The life of a work order, its clocks, copies and history, straight on the database.
#include "tests/dialogs/orders_support.h"

#include "dialogs/orders/order_list.h"

namespace huiyin::orders_test {
namespace {

using namespace std::chrono_literals;
using orders::Kind;

class WorkOrders : public OrdersHouse {
 protected:
  void to_accepted(const std::string& number) {
    ASSERT_EQ(status(number, "assign", {{"assignee", 2}}), 200);
    ASSERT_EQ(status(number, "accept", Json::object(), technician), 200);
  }
  void to_completed(const std::string& number) {
    to_accepted(number);
    for (const char* action : {"arrive", "start", "complete"}) {
      ASSERT_EQ(status(number, action, Json::object(), technician), 200) << action;
    }
  }
  void TearDown() override { EXPECT_EQ(orders::verify_orders(db()), std::vector<std::string>{}); }
  const Json by_customer{{"by", "王芳"}, {"role", "customer"}, {"method", "paper"}};
};

TEST_F(WorkOrders, NumbersRunFromOnePerKindAndDayInTheEstatesZone) {
  EXPECT_EQ(record(chat_repair()), "WX20261123-0001");
  auto fault = chat_repair();
  fault.kind = Kind::public_fault;
  EXPECT_EQ(record(fault), "GG20261123-0001");
  EXPECT_EQ(record(chat_repair()), "WX20261123-0002");
  now = at("2026-11-23T16:00:00Z");  // midnight in Shanghai
  EXPECT_EQ(record(chat_repair()), "WX20261124-0001");
}

TEST_F(WorkOrders, ARecordHoldsWhatTheContractNames) {
  auto order = chat_repair();
  order.appointment = orders::Appointment{at("2026-11-24T10:00:00+08:00"), std::nullopt};
  const Json out = json(record(order));
  EXPECT_EQ(out["kind"], "repair");
  EXPECT_EQ(out["estate"], "liyuan");
  EXPECT_EQ(out["unit"], "3-2-501");
  EXPECT_EQ(out["customer"], (Json{{"name", "王芳"}, {"phone", "+8613800138000"}}));
  EXPECT_EQ(out["description"], "厨房水龙头漏水");
  EXPECT_EQ(out["appointment"], (Json{{"from", "2026-11-24T10:00:00+08:00"}, {"to", nullptr}}));
  EXPECT_EQ(out["recorded_at"], "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(out["channel"], "chat");
  EXPECT_EQ(out["assignee"], nullptr);
  EXPECT_EQ(out["history"][0]["action"], "record");
  EXPECT_EQ(out["history"][0]["actor"], "resident");
}

TEST_F(WorkOrders, R5_8_ARepairByChatIsToldToEngineeringAtOnceAndOnce) {
  const std::string number = record(chat_repair());
  EXPECT_EQ(post.count("role:engineering_supervisor", "repair.notify_supervisor"), 1);
  EXPECT_EQ(std::get<std::string>(post.sent[0].notice.args.at("number")), number);
  EXPECT_EQ(post.sent[0].notice.category, "staff");
  EXPECT_EQ(json(number)["state"], "notified");
  EXPECT_EQ(clock(number, "R5.8")["met_at"], "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(clock(number, "R5.8")["breached"], false);
}

TEST_F(WorkOrders, R5_8_FromTheDeskTheClockRunsUntilNotify) {
  const std::string number = record(desk_repair());
  EXPECT_EQ(post.count("role:engineering_supervisor", "repair.notify_supervisor"), 0);
  EXPECT_EQ(clock(number, "R5.8")["due_at"], "2026-11-23T10:03:00+08:00");
  EXPECT_EQ(clock(number, "R5.8")["met_at"], nullptr);
  advance(3min);  // exactly at due is in time
  EXPECT_EQ(clock(number, "R5.8")["breached"], false);
  ASSERT_EQ(status(number, "notify"), 200);
  EXPECT_EQ(clock(number, "R5.8")["met_at"], "2026-11-23T10:03:00+08:00");
  EXPECT_EQ(clock(number, "R5.8")["breached"], false);
  EXPECT_EQ(post.count("role:engineering_supervisor", "repair.notify_supervisor"), 1);
}

TEST_F(WorkOrders, R5_8_AMissedClockIsBreachedWhenItPassesAndStaysSo) {
  const std::string number = record(desk_repair());
  advance(3min + 1s);
  EXPECT_EQ(clock(number, "R5.8")["breached"], true);
  EXPECT_EQ(json(number)["overdue"], true);
  ASSERT_EQ(status(number, "notify"), 200);
  EXPECT_EQ(clock(number, "R5.8")["breached"], true);
  EXPECT_EQ(clock(number, "R5.8")["met_at"], "2026-11-23T10:03:01+08:00");
  EXPECT_EQ(json(number)["overdue"], false);
}

TEST_F(WorkOrders, R5_6_IsMetByRecordingAndMissedByASheetFilledLate) {
  EXPECT_EQ(clock(record(chat_repair()), "R5.6")["breached"], false);
  auto late = desk_repair();
  late.received_at = now - 5min;
  const std::string number = record(late);
  EXPECT_EQ(clock(number, "R5.6")["met_at"], "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(clock(number, "R5.6")["breached"], true);
}

TEST_F(WorkOrders, R5_24_PublicFaultsHaveTenMinutes) {
  auto fault = desk_repair();
  fault.kind = Kind::public_fault;
  const std::string number = record(fault);
  EXPECT_EQ(clock(number, "R5.24")["due_at"], "2026-11-23T10:10:00+08:00");
  EXPECT_EQ(clock(number, "R5.8"), nullptr);
  EXPECT_EQ(clock(number, "R5.6"), nullptr);
}

TEST_F(WorkOrders, R5_10_AcceptingWithoutAppointmentGivesTenMinutesToArrive) {
  const std::string number = record(chat_repair());
  advance(5min);
  to_accepted(number);
  EXPECT_EQ(clock(number, "R5.10")["due_at"], "2026-11-23T10:15:00+08:00");
  EXPECT_EQ(clock(number, "R5.11"), nullptr);
  advance(9min);
  ASSERT_EQ(status(number, "arrive", Json::object(), technician), 200);
  EXPECT_EQ(clock(number, "R5.10")["met_at"], "2026-11-23T10:14:00+08:00");
}

TEST_F(WorkOrders, R5_11_AnAppointmentIsDueFiveMinutesBeforeItAndR5_10DoesNotExist) {
  auto order = chat_repair();
  order.appointment = orders::Appointment{at("2026-11-24T10:00:00+08:00"), std::nullopt};
  const std::string number = record(order);
  to_accepted(number);
  EXPECT_EQ(clock(number, "R5.11")["due_at"], "2026-11-24T09:55:00+08:00");
  EXPECT_EQ(clock(number, "R5.10"), nullptr);
}

TEST_F(WorkOrders, R5_11_ReschedulingMovesTheClockWithTheAppointment) {
  auto order = chat_repair();
  order.appointment = orders::Appointment{at("2026-11-24T10:00:00+08:00"), std::nullopt};
  const std::string number = record(order);
  to_accepted(number);
  auto t = tx();
  auto found = orders::find(db(), number).value();
  desk.reschedule(t, found, orders::Appointment{at("2026-11-25T14:00:00+08:00"), std::nullopt},
                  orders::Actor::resident());
  EXPECT_EQ(clock(number, "R5.11")["due_at"], "2026-11-25T13:55:00+08:00");
  EXPECT_EQ(post.count("staff:2", "status.reschedule_staff"), 1);
  advance_to(at("2026-11-24T12:00:00+08:00"));
  EXPECT_EQ(clock(number, "R5.11")["breached"], false);
}

TEST_F(WorkOrders, R5_12_AnUnlistedItemIsReviewedQuotedAndAgreedBeforeItIsAssigned) {
  auto order = chat_repair();
  order.priced = false;
  const std::string number = record(order);
  EXPECT_EQ(status(number, "assign", {{"assignee", 2}}), 409);
  ASSERT_EQ(status(number, "review", {{"feasible", true}}), 200);
  EXPECT_EQ(clock(number, "R5.12")["due_at"], "2026-11-23T10:15:00+08:00");
  EXPECT_EQ(status(number, "quote", {{"feasible", true}}), 400);  // no amount
  ASSERT_EQ(status(number, "quote", {{"feasible", true}, {"amount_fen", 8000}}), 200);
  EXPECT_NE(clock(number, "R5.12")["met_at"], nullptr);
  EXPECT_EQ(post.count("rest/web-1", "order.quoted"), 1);
  EXPECT_EQ(std::get<std::string>(post.sent.back().notice.args.at("amount")), "80.00");
  EXPECT_EQ(status(number, "assign", {{"assignee", 2}}), 409);
  ASSERT_EQ(status(number, "agree", Json::object(), orders::Actor::resident()), 200);
  EXPECT_EQ(status(number, "assign", {{"assignee", 2}}), 200);
}

TEST_F(WorkOrders, R5_12_WhatCannotBeDoneIsCancelledWithTheReasonTold) {
  auto order = chat_repair();
  order.priced = false;
  const std::string number = record(order);
  ASSERT_EQ(status(number, "review", {{"feasible", false}}), 200);
  ASSERT_EQ(status(number, "quote", {{"feasible", false}, {"note", "管道在墙内"}}), 200);
  EXPECT_EQ(json(number)["state"], "cancelled");
  EXPECT_EQ(std::get<std::string>(post.sent.back().notice.args.at("note")), "管道在墙内");
}

TEST_F(WorkOrders, R5_15_DecliningNeedsTheReasonAndTheSignatures) {
  const std::string number = record(chat_repair());
  to_accepted(number);
  ASSERT_EQ(status(number, "arrive", Json::object(), technician), 200);
  const Json both = {{{"by", "李师傅"}, {"role", "technician"}, {"method", "paper"}},
                     {{"by", "孙工"}, {"role", "engineering_supervisor"}, {"method", "paper"}}};
  EXPECT_EQ(status(number, "decline", {{"signatures", both}}, technician), 400);
  EXPECT_EQ(status(number, "decline", {{"note", "太贵"}}, technician), 400);
  ASSERT_EQ(status(number, "decline", {{"note", "太贵"}, {"signatures", both}}, technician), 200);
  EXPECT_EQ(json(number)["state"], "declined");
  EXPECT_EQ(json(number)["signatures"].size(), 2u);
}

TEST_F(WorkOrders, R5_21_TheSheetComesBackBySeventeenOClockOfTheDay) {
  const std::string number = record(chat_repair());
  to_completed(number);
  EXPECT_EQ(clock(number, "R5.21")["due_at"], "2026-11-23T17:00:00+08:00");
  now = at("2026-11-23T17:30:00+08:00");
  const std::string later = record(chat_repair());  // the next day's
  to_completed(later);
  EXPECT_EQ(clock(later, "R5.21")["due_at"], "2026-11-24T17:00:00+08:00");
}

TEST_F(WorkOrders, R5_22_SheetsGoToFinanceByTheEndOfTheTwentyFifth) {
  const std::string number = record(chat_repair());
  to_completed(number);
  ASSERT_EQ(status(number, "sign", by_customer, technician), 200);
  ASSERT_EQ(status(number, "return", Json::object(), technician), 200);
  EXPECT_EQ(clock(number, "R5.22")["due_at"], "2026-11-25T23:59:59+08:00");
  now = at("2026-11-26T09:00:00+08:00");
  const std::string later = record(chat_repair());
  to_completed(later);
  ASSERT_EQ(status(later, "sign", by_customer, technician), 200);
  ASSERT_EQ(status(later, "return", Json::object(), technician), 200);
  EXPECT_EQ(clock(later, "R5.22")["due_at"], "2026-12-25T23:59:59+08:00");
  advance_to(at("2026-12-27T00:00:00+08:00"));
  EXPECT_EQ(clock(number, "R5.22")["breached"], true);
}

TEST_F(WorkOrders, R5_26_APublicFaultIsReachedFifteenMinutesAfterAccepting) {
  auto fault = chat_repair();
  fault.kind = Kind::public_fault;
  const std::string number = record(fault);
  to_accepted(number);
  EXPECT_EQ(clock(number, "R5.26")["due_at"], "2026-11-23T10:15:00+08:00");
  EXPECT_EQ(clock(number, "R5.10"), nullptr);
}

TEST_F(WorkOrders, R5_7_FourCopiesMoveEachWithOneHolder) {
  const std::string number = record(chat_repair());
  const auto holders = [&] {
    std::vector<std::string> out;
    const Json record = json(number);
    for (const auto& copy : record["copies"]) out.push_back(copy["holder"]);
    return out;
  };
  using Holders = std::vector<std::string>;
  EXPECT_EQ(holders(), (Holders{"front_desk", "front_desk", "front_desk", "front_desk"}));
  to_completed(number);
  ASSERT_EQ(status(number, "sign", by_customer, technician), 200);
  EXPECT_EQ(holders()[0], "customer");  // R5.20
  ASSERT_EQ(status(number, "return", Json::object(), technician), 200);
  ASSERT_EQ(status(number, "send_to_finance", Json::object(), front_desk), 200);
  EXPECT_EQ(holders(), (Holders{"customer", "engineering_supervisor", "finance", "front_desk"}));
}

TEST_F(WorkOrders, R9_7_AnEstateWithThreeCopiesAndNoMinuteLimitsHasThreeAndNoClocks) {
  directory.profile_.values = {{"repair_sheet", {{"copies", 3}}},
                               {"rules",
                                {{"R5.6", nullptr},
                                 {"R5.8", nullptr},
                                 {"R5.10", nullptr},
                                 {"R5.11", 0},
                                 {"R5.21", nullptr}}}};
  const std::string number = record(desk_repair());
  EXPECT_EQ(json(number)["copies"].size(), 3u);
  EXPECT_EQ(json(number)["clocks"].size(), 0u);
  to_completed(number);
  EXPECT_EQ(json(number)["clocks"].size(), 0u);
  auto order = desk_repair();  // R9.10: before the appointed time
  order.appointment = orders::Appointment{at("2026-11-24T10:00:00+08:00"), std::nullopt};
  const std::string appointed = record(order);
  to_accepted(appointed);
  EXPECT_EQ(clock(appointed, "R5.11")["due_at"], "2026-11-24T10:00:00+08:00");
}

TEST_F(WorkOrders, R5_8_AnEstateMaySetItsOwnMinutesAndItsOwnAnchor) {
  directory.profile_.values = {{"rules", {{"R5.8", 7}}}, {"notify_anchor", "filled"}};
  auto order = desk_repair();
  order.received_at = now - 1min;
  EXPECT_EQ(clock(record(order), "R5.8")["due_at"], "2026-11-23T10:07:00+08:00");
}

TEST_F(WorkOrders, R5_22_ChargesMustBeWithFinanceBeforeTheSheetIsFiled) {
  const std::string number = record(chat_repair());
  to_completed(number);
  EXPECT_EQ(status(number, "add_charge", {{"item", "换龙头"}, {"amount_fen", -1}}, technician),
            400);
  ASSERT_EQ(status(number, "add_charge", {{"item", "换龙头"}, {"amount_fen", 8000}}, technician),
            200);
  ASSERT_EQ(status(number, "sign", by_customer, technician), 200);
  ASSERT_EQ(status(number, "return", Json::object(), technician), 200);
  const auto early = act(number, "archive");
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().status, 409);
  const auto& allowed = early.error().allowed;
  EXPECT_NE(std::find(allowed.begin(), allowed.end(), "send_to_finance"), allowed.end());
  EXPECT_EQ(std::find(allowed.begin(), allowed.end(), "archive"), allowed.end());
  ASSERT_EQ(status(number, "send_to_finance"), 200);
  EXPECT_EQ(status(number, "send_to_finance"), 409);
  ASSERT_EQ(status(number, "archive"), 200);
  EXPECT_EQ(json(number)["charges"][0]["amount_fen"], 8000);
  EXPECT_FALSE(orders::find(db(), number)->live);
}

TEST_F(WorkOrders, ARefusalSaysWhatIsAllowedAndChangesNothing) {
  const std::string number = record(chat_repair());
  const Json before = json(number);
  const auto refused = act(number, "complete");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 409);
  EXPECT_EQ(refused.error().allowed, (std::vector<std::string>{"assign", "escalate", "cancel"}));
  EXPECT_EQ(status(number, "explode"), 400);
  EXPECT_EQ(status("WX20261123-0099", "notify"), 404);
  EXPECT_EQ(status(number, "assign"), 400);                      // no assignee
  EXPECT_EQ(status(number, "assign", {{"assignee", 77}}), 400);  // nobody
  EXPECT_EQ(json(number), before);
}

TEST_F(WorkOrders, RolesAreCheckedBeforeTheBodyAndTheState) {
  const std::string number = record(chat_repair());
  const orders::Actor finance{"staff:8", "finance", 8};
  EXPECT_EQ(status(number, "assign", {{"assignee", "x"}}, technician), 403);
  EXPECT_EQ(status(number, "complete", Json::object(), finance), 403);
  EXPECT_EQ(status(number, "archive", Json::object(), technician), 403);
  ASSERT_EQ(status(number, "assign", {{"assignee", 2}}), 200);
  EXPECT_EQ(status(number, "accept", Json::object(), other_technician), 403);
  EXPECT_EQ(status(number, "cancel", Json::object(), other_technician), 403);
  EXPECT_EQ(status(number, "accept", Json::object(), technician), 200);
  EXPECT_EQ(status(number, "cancel", Json::object(), technician), 200);
}

// Every kind, state, action and role: only what the table allows is done, the rest changes nothing.
TEST_F(WorkOrders, WhatIsNotInTheTableIsRefusedForEveryKindStateAndRole) {
  const std::vector<std::string> roles{
      "front_desk", "technician", "finance", "admin", "engineering_supervisor", "resident"};
  int refusals = 0;
  for (const auto kind : {Kind::repair, Kind::public_fault, Kind::complaint, Kind::task}) {
    for (const auto& action : orders::actions()) {
      for (const auto& role : roles) {
        auto order = chat_repair();
        order.kind = kind;
        const std::string number = record(order);
        const orders::Actor actor{"staff:3", role, 3};
        const auto found = orders::find(db(), number).value();
        const auto allowed = orders::allowed(found, false, actor);
        const bool legal = std::find(allowed.begin(), allowed.end(), action.name) != allowed.end();
        if (legal) continue;
        const Json before = json(number);
        const int answer = status(number, action.name, Json::object(), actor);
        EXPECT_TRUE(answer == 403 || answer == 409) << action.name << " " << role << " " << answer;
        EXPECT_EQ(json(number), before) << action.name << " " << role;
        ++refusals;
      }
    }
  }
  EXPECT_GT(refusals, 300);
}

TEST_F(WorkOrders, ComplaintsGoTheirOwnWayAndMajorOnesReachTheCentreManager) {
  auto order = chat_repair();
  order.kind = Kind::complaint;
  const std::string number = record(order);
  EXPECT_EQ(json(number)["state"], "registered");
  EXPECT_EQ(post.count("role:service_supervisor", "complaint.notify"), 1);
  EXPECT_EQ(status(number, "classify", {{"severity", "terrible"}, {"note", "x"}}), 400);
  ASSERT_EQ(status(number, "classify", {{"severity", "major"}, {"note", "伤人"}}), 200);
  EXPECT_EQ(post.count("role:centre_manager", "complaint.notify_major"), 1);  // R4.5
  for (const char* action : {"start", "complete"}) {
    if (std::string_view(action) == "start") {
      ASSERT_EQ(status(number, "assign", {{"assignee", 4}}), 200);
    }
    ASSERT_EQ(status(number, action), 200) << action;
  }
  EXPECT_EQ(json(number)["state"], "resolved");
  EXPECT_EQ(post.count("rest/web-1", "order.resolved"), 1);  // guarantee 5
  ASSERT_EQ(status(number, "call_back", {{"by", "赵主管"}, {"method", "phone"}, {"note", "满意"}}),
            200);
  ASSERT_EQ(status(number, "archive"), 200);
}

TEST_F(WorkOrders, R7_17_AMergedComplaintPointsToTheOneThatLives) {
  auto order = chat_repair();
  order.kind = Kind::complaint;
  const std::string one = record(order), two = record(order);
  EXPECT_EQ(status(two, "merge", {{"into", two}}), 400);
  ASSERT_EQ(status(two, "merge", {{"into", one}}), 200);
  EXPECT_EQ(json(two)["state"], "merged");
  EXPECT_EQ(json(two)["merged_into"], one);
  EXPECT_EQ(json(one)["history"].back()["action"], "merged_in");
}

TEST_F(WorkOrders, R8_11_ATaskIsReportedOnByItsReplyTime) {
  auto order = desk_repair();
  order.kind = Kind::task;
  order.reply_by = now + 60min;
  const std::string number = record(order);
  to_accepted(number);
  EXPECT_EQ(clock(number, "R8.11")["due_at"], "2026-11-23T11:00:00+08:00");
  advance(59min);
  ASSERT_EQ(status(number, "progress", {{"note", "等配件"}}, technician), 200);
  EXPECT_EQ(clock(number, "R8.11")["breached"], false);
  EXPECT_EQ(status(number, "refuse", Json::object(), technician), 400);  // R8.9
}

TEST_F(WorkOrders, ACancelledOrderStopsItsClocksAndTellsWhoeverReportedIt) {
  const std::string number = record(chat_repair());
  to_accepted(number);
  ASSERT_EQ(status(number, "cancel", {{"note", "住户改期"}}), 200);
  EXPECT_EQ(post.count("rest/web-1", "order.cancelled"), 1);
  advance(60min);
  EXPECT_EQ(clock(number, "R5.10")["breached"], false);
  EXPECT_NE(clock(number, "R5.10")["stopped_at"], nullptr);
}

TEST_F(WorkOrders, TheSameMatterIsFoundByItemOrWordsWithinADayOnly) {
  const std::string number = record(chat_repair());
  auto again = chat_repair();
  again.description = "我家龙头还在漏";
  ASSERT_TRUE(orders::same_matter(db(), again, now));
  EXPECT_EQ(orders::same_matter(db(), again, now)->number, number);
  auto other = again;
  other.item = "马桶";
  other.description = "马桶堵了";
  EXPECT_FALSE(orders::same_matter(db(), other, now));
  auto neighbour = again;
  neighbour.unit_id = 502;
  EXPECT_FALSE(orders::same_matter(db(), neighbour, now));
  auto same_words = again;
  same_words.item.clear();
  same_words.description = "厨房水龙头漏水！";
  EXPECT_TRUE(orders::same_matter(db(), same_words, now));
  EXPECT_FALSE(orders::same_matter(db(), again, now + 25h));
  ASSERT_EQ(status(number, "cancel"), 200);
  EXPECT_FALSE(orders::same_matter(db(), again, now));
}

TEST_F(WorkOrders, WordsAreAlikeWhateverTheDigitsInThem) {
  EXPECT_DOUBLE_EQ(orders::likeness("厨房水龙头漏水", "厨房水龙头漏水 13800138000"), 1.0);
  EXPECT_LT(orders::likeness("厨房水龙头漏水", "客厅空调不制冷"), 0.2);
  EXPECT_LT(orders::likeness("漏水", "卫生间天花板漏水好几天了"), 0.5);
}

TEST_F(WorkOrders, NothingPersonalStandsInTheAppendOnlyHistory) {
  const std::string number = record(chat_repair());
  ASSERT_EQ(status(number, "escalate", {{"note", "王芳不在家"}}), 200);
  for (const auto& [actor, detail] :
       db().query<std::string, std::string>("SELECT actor, detail FROM order_events")) {
    EXPECT_EQ((actor + detail).find("王芳"), std::string::npos);
  }
  EXPECT_EQ(json(number)["history"].back()["note"], "王芳不在家");
}

TEST_F(WorkOrders, AFilterLeadsByItsIndexAndPagesGoOnWithoutDoubling) {
  for (int i = 0; i < 5; ++i) record(chat_repair());
  auto fault = chat_repair();
  fault.kind = Kind::public_fault;
  record(fault);
  orders::OrderFilter repairs{.kind = "repair"};
  const auto first = orders::list(db(), repairs, 0, 3);
  ASSERT_EQ(first.size(), 3u);
  EXPECT_EQ(first[0].number, "WX20261123-0005");
  const auto second = orders::list(db(), repairs, first.back().id, 3);
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(second[0].number, "WX20261123-0002");
  EXPECT_EQ(orders::list(db(), {.state = "notified", .unit = "3-2-501"}, 0, 50).size(), 6u);
  EXPECT_EQ(orders::list(db(), {.unit = "3-2-502"}, 0, 50).size(), 0u);
  const std::string late = record(desk_repair());
  advance(1h);
  const auto overdue = orders::list(db(), {.overdue = true}, 0, 50);
  ASSERT_EQ(overdue.size(), 1u);
  EXPECT_EQ(overdue[0].number, late);
  EXPECT_EQ(orders::list(db(), {.overdue = false}, 0, 50).size(), 6u);
}

TEST_F(WorkOrders, VerifyFindsAGapAndAStateWithoutHistory) {
  const std::string one = record(chat_repair());
  record(chat_repair());
  db().exec("UPDATE work_orders SET state = 'archived', live = 0 WHERE number = :n", one);
  db().exec("UPDATE numbers SET last = 9 WHERE prefix = 'WX'");
  EXPECT_EQ(orders::verify_orders(db()).size(), 2u);
  db().exec("UPDATE work_orders SET state = 'notified', live = 1 WHERE number = :n", one);
  db().exec("UPDATE numbers SET last = 2 WHERE prefix = 'WX'");
}

}  // namespace
}  // namespace huiyin::orders_test
