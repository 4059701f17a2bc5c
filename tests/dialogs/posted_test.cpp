// What the one who reported an order is told of it, and what not.
#include "dialogs/orders/short_numbers.h"
#include "tests/dialogs/orders_support.h"

namespace huiyin::orders_test {
namespace {

using orders::Kind;

class Posted : public OrdersHouse {
 protected:
  // What the resident was told, in order: phrase ids.
  std::vector<std::string> told(const std::string& to = "rest/web-1") {
    std::vector<std::string> out;
    for (const auto& one : post.sent) {
      if (one.to == to) out.push_back(one.notice.template_id);
    }
    return out;
  }
  std::string arg(const std::string& name, const std::string& to = "rest/web-1") {
    for (auto one = post.sent.rbegin(); one != post.sent.rend(); ++one) {
      if (one->to == to) return std::get<std::string>(one->notice.args.at(name));
    }
    return "nothing was sent";
  }
  void run(const std::string& number, std::vector<std::string> actions) {
    for (const auto& action : actions) {
      const Json body = action == "assign" ? Json{{"assignee", 2}} : Json::object();
      ASSERT_EQ(status(number, action, body, action == "assign" ? admin : technician), 200)
          << action;
    }
  }
  std::string off_list() {
    auto order = chat_repair();
    order.priced = false;
    const std::string number = record(order);
    EXPECT_EQ(status(number, "review", {{"feasible", true}}), 200);
    return number;
  }
  using Told = std::vector<std::string>;
  const orders::Actor admin{"admin", "admin", 0};
};

TEST_F(Posted, R3_5_AWholeRepairIsToldInFewWordsWhereItWasReported) {
  auto order = chat_repair();
  order.appointment = orders::Appointment{at("2026-11-24T10:00:00+08:00"), std::nullopt};
  const std::string number = record(order);
  EXPECT_EQ(told(), Told{});  // heard in the conversation itself
  run(number, {"assign"});
  EXPECT_EQ(told(), Told{});
  run(number, {"accept"});
  EXPECT_EQ(told(), Told{"order.accepted"});
  EXPECT_EQ(arg("who"), "李师傅");
  EXPECT_NE(arg("time").find("10:00"), std::string::npos);
  run(number, {"arrive", "start"});
  ASSERT_EQ(status(number, "complete", {{"note", "换了阀芯"}}, technician), 200);
  EXPECT_EQ(told(), (Told{"order.accepted", "order.arrived", "order.done"}));
  EXPECT_EQ(arg("done"), "换了阀芯");
  EXPECT_EQ(arg("charges"), "none");
  ASSERT_EQ(status(number, "sign", {{"by", "王芳"}, {"role", "customer"}, {"method", "paper"}}),
            200);
  for (const char* action : {"return", "archive"}) ASSERT_EQ(status(number, action), 200);
  ASSERT_EQ(status(number, "call_back", {{"by", "郑前台"}, {"method", "phone"}, {"note", "好"}}),
            409);
  EXPECT_EQ(told().size(), 3u);
  for (const auto& one : post.sent) {
    if (one.to == "rest/web-1") EXPECT_EQ(one.notice.order, number);
  }
}

TEST_F(Posted, R5_18_R5_28_TheChargesAreListedWithTheirTotalInYuan) {
  const std::string number = record(chat_repair());
  run(number, {"assign", "accept", "arrive", "start"});
  ASSERT_EQ(status(number, "add_charge", {{"item", "龙头"}, {"amount_fen", 8000}}), 200);
  ASSERT_EQ(status(number, "add_charge", {{"item", "人工"}, {"amount_fen", 2050}}), 200);
  EXPECT_EQ(told().back(), "order.arrived");  // while working nothing is told
  run(number, {"complete"});
  EXPECT_EQ(arg("total"), "100.50");
  EXPECT_EQ(arg("charges"),
            "order.charge amount=80.00 item=龙头order.commaorder.charge amount=20.50 item=人工");
  // Another sum than what was told is told again; the signature is for this one.
  ASSERT_EQ(status(number, "add_charge", {{"item", "垫圈"}, {"amount_fen", 100}}), 200);
  EXPECT_EQ(told().back(), "order.done");
  EXPECT_EQ(arg("total"), "101.50");
}

TEST_F(Posted, R5_11_AnotherTimeByStaffIsToldToTheResidentAndNotToWhoSetIt) {
  const std::string number = record(chat_repair());
  run(number, {"assign", "accept"});
  const auto staff_told = [&] { return post.count("staff:2", "status.reschedule_staff"); };
  const auto move_to = [&](std::string_view when, const orders::Actor& actor) {
    auto t = tx();
    auto order = orders::find(db(), number).value();
    desk.reschedule(t, order, orders::Appointment{at(when), std::nullopt}, actor);
  };
  move_to("2026-11-24T15:00:00+08:00", technician);
  EXPECT_EQ(told(), (Told{"order.accepted", "order.rescheduled"}));
  EXPECT_NE(arg("time").find("15:00"), std::string::npos);
  EXPECT_EQ(staff_told(), 0);
  auto resident = orders::Actor::resident("rest");
  resident.conversation = "rest/web-1";
  move_to("2026-11-24T16:00:00+08:00", resident);
  EXPECT_EQ(told().size(), 2u) << "heard in the conversation itself";
  EXPECT_EQ(staff_told(), 1);
}

TEST_F(Posted, R3_5_WhatIsTakenInAtTheDeskIsToldBySms) {
  const std::string number = record(desk_repair());
  EXPECT_EQ(told("+8613800138000"), Told{"order.recorded"});
  EXPECT_EQ(arg("number", "+8613800138000"), number);
  run(number, {"assign", "accept"});
  EXPECT_EQ(told("+8613800138000"), (Told{"order.recorded", "order.accepted"}));
  EXPECT_EQ(told(), Told{});
}

TEST_F(Posted, R7_18_WhoLeftNoWayToBeReachedIsNotTold) {
  auto order = desk_repair();
  order.kind = Kind::complaint;
  order.phone.clear();
  order.name.clear();
  const std::string number = record(order);
  const auto before = post.sent.size();
  ASSERT_EQ(status(number, "reply", {{"note", "已经处理"}}), 200);
  EXPECT_EQ(post.sent.size(), before);
}

TEST_F(Posted, R3_5_NobodyIsToldTheSameTwiceButANewTechnicianIsNews) {
  const std::string number = record(chat_repair());
  run(number, {"assign", "accept"});
  ASSERT_EQ(status(number, "transfer", {{"assignee", 2}}), 200);
  run(number, {"accept"});
  EXPECT_EQ(told(), Told{"order.accepted"});
  ASSERT_EQ(status(number, "transfer", {{"assignee", 3}}), 200);
  ASSERT_EQ(status(number, "accept", Json::object(), other_technician), 200);
  EXPECT_EQ(told(), (Told{"order.accepted", "order.accepted"}));
  EXPECT_EQ(arg("who"), "陈师傅");
}

TEST_F(Posted, R5_12_TheQuoteIsToldWithItsAmountAndWhatItIsFor) {
  const std::string number = off_list();
  ASSERT_EQ(status(number, "quote", {{"feasible", true}, {"amount_fen", 8050}, {"note", "换门锁"}}),
            200);
  EXPECT_EQ(told(), Told{"order.quoted"});
  EXPECT_EQ(arg("amount"), "80.50");
  EXPECT_EQ(arg("note"), "换门锁");
}

TEST_F(Posted, R5_12_WhatCannotBeDoneIsToldWithTheReason) {
  const std::string number = off_list();
  ASSERT_EQ(status(number, "quote", {{"feasible", false}, {"note", "管道在墙内"}}), 200);
  EXPECT_EQ(told(), Told{"order.not_feasible"});
  EXPECT_EQ(arg("note"), "管道在墙内");
}

TEST_F(Posted, R5_14_APriceWrittenOnSiteIsToldBeforeTheWorkBegins) {
  const std::string number = record(chat_repair());
  run(number, {"assign", "accept", "arrive"});
  ASSERT_EQ(status(number, "add_charge", {{"item", "换阀"}, {"amount_fen", 6000}}, technician),
            200);
  EXPECT_EQ(told().back(), "order.onsite");
  EXPECT_EQ(arg("total"), "60.00");
}

TEST_F(Posted, R5_24_APublicFaultIsToldWhenSomebodyGoesAndWhenItIsRepaired) {
  auto fault = chat_repair();
  fault.kind = Kind::public_fault;
  const std::string number = record(fault);
  run(number, {"assign", "accept", "arrive", "start", "complete"});
  EXPECT_EQ(told(), (Told{"order.accepted_public", "order.done_public"}));
}

TEST_F(Posted, R4_4_AComplaintIsToldWhoHandlesItWhatIsSaidAndThatItIsResolved) {
  auto order = chat_repair();
  order.kind = Kind::complaint;
  const std::string number = record(order);
  ASSERT_EQ(status(number, "assign", {{"assignee", 4}}), 200);
  EXPECT_EQ(arg("who"), "赵主管");
  ASSERT_EQ(status(number, "start"), 200);
  ASSERT_EQ(status(number, "reply", {{"note", "已经清理"}}), 200);
  EXPECT_EQ(arg("note"), "已经清理");
  ASSERT_EQ(status(number, "complete", {{"note", "已经清理"}}), 200);
  EXPECT_EQ(told(), (Told{"order.handled", "order.reply", "order.resolved"}));
  EXPECT_EQ(arg("note"), "none");  // the reply said it
  ASSERT_EQ(status(number, "call_back", {{"by", "郑前台"}, {"method", "phone"}, {"note", "好"}}),
            200);
  EXPECT_EQ(told().size(), 3u);
}

TEST_F(Posted, R5_15_ADeclineOnSiteAndACancellationAreToldWithTheReason) {
  const std::string number = record(chat_repair());
  run(number, {"assign", "accept", "arrive"});
  const Json both = {{{"by", "李师傅"}, {"role", "technician"}, {"method", "paper"}},
                     {{"by", "孙工"}, {"role", "engineering_supervisor"}, {"method", "paper"}}};
  ASSERT_EQ(status(number, "decline", {{"note", "太贵"}, {"signatures", both}}, technician), 200);
  EXPECT_EQ(told().back(), "order.declined");
  const std::string other = record(chat_repair());
  ASSERT_EQ(status(other, "cancel", {{"note", "重复了"}}), 200);
  EXPECT_EQ(told().back(), "order.cancelled");
  EXPECT_EQ(arg("note"), "重复了");
}

TEST_F(Posted, Guarantee5_AnotherOfTheHouseholdActsAndTheReporterHearsOfIt) {
  const std::string number = record(chat_repair());
  ASSERT_EQ(status(number, "cancel", Json::object(), orders::Actor::resident("rest", "rest/web-2")),
            200);
  EXPECT_EQ(told(), Told{"order.cancelled"});
  const std::string other = record(chat_repair());
  ASSERT_EQ(status(other, "cancel", Json::object(), orders::Actor::resident("rest", "rest/web-1")),
            200);
  EXPECT_EQ(told(), Told{"order.cancelled"});  // who did it was answered there
}

TEST_F(Posted, AnEstateThatWantsItTellsWhoWasAssigned) {
  directory.profile_.values = {{"posted", {{"assigned", true}}}};
  run(record(chat_repair()), {"assign"});
  EXPECT_EQ(told(), Told{"order.assigned"});
}

// where another does the work of a role, the short number in the message is theirs.
TEST_F(Posted, A4_TheShortNumberIsOfWhoHearsTheMessage) {
  directory.profile_.values["roles"] = {{"engineering_supervisor", "service_supervisor"}};
  const std::string earlier = record(chat_repair());
  const auto n = [&] { return std::get<std::string>(post.sent.back().notice.args.at("n")); };
  const auto order = orders::find(db(), earlier).value();
  const auto hearer = directory.hearer("liyuan", "engineering_supervisor");
  ASSERT_TRUE(hearer);
  EXPECT_EQ(hearer->id, 4);
  EXPECT_EQ(n(), std::to_string(orders::short_number(db(), 4, order)));
  EXPECT_EQ(db().value<std::int64_t>("SELECT count(*) FROM staff_short_numbers WHERE staff = 1")
                .value_or(0),
            0);
}

}  // namespace
}  // namespace huiyin::orders_test
