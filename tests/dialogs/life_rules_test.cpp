// Sections 5 and 9 of the rules line by line: what each step of a sheet's life needs and leaves.
#include "dialogs/orders/life.h"

#include "tests/dialogs/orders_support.h"

namespace huiyin::orders_test {
namespace {

using namespace std::chrono_literals;
using orders::Kind;

class LifeRules : public OrdersHouse {
 protected:
  void to(const std::string& number, std::initializer_list<const char*> names) {
    for (const char* name : names) {
      const Json body = std::string_view(name) == "assign" ? Json{{"assignee", 2}} : Json::object();
      ASSERT_EQ(status(number, name, body), 200) << name;
    }
  }
  std::string of_kind(Kind kind) {
    auto order = desk_repair();
    order.kind = kind;
    if (kind == Kind::task) order.reply_by = now + 60min;
    return record(order);
  }
  std::vector<std::string> holders(const std::string& number) {
    std::vector<std::string> out;
    const Json record = json(number);
    for (const auto& copy : record["copies"]) out.push_back(copy["holder"]);
    return out;
  }
  Json last(const std::string& number) { return json(number)["history"].back(); }
  static Json signature(const char* by, const char* role) {
    return {{"by", by}, {"role", role}, {"method", "paper"}};
  }
  void TearDown() override { EXPECT_EQ(orders::verify_orders(db()), std::vector<std::string>{}); }
  using Holders = std::vector<std::string>;
};

// R5.5: the sheet stands at once, with its number and its copies; R9.1: whichever way it came.
TEST_F(LifeRules, R5_5_TheSheetStandsAtOnceWhicheverWayItCame) {
  for (const char* channel : {"call", "letter", "visit", "chat", "other"}) {
    auto order = desk_repair();
    order.channel = channel;
    const Json sheet = json(record(order));
    EXPECT_EQ(sheet["recorded_at"], "2026-11-23T10:00:00+08:00");
    EXPECT_EQ(sheet["channel"], channel);
    EXPECT_EQ(sheet["history"][0]["detail"]["channel"], channel);
    EXPECT_EQ(sheet["copies"].size(), 4u);
  }
}

// R5.13, R9.12: what it is on site is written down truthfully.
TEST_F(LifeRules, R5_13_TheItemOnSiteReplacesTheOneReportedAndBothAreKept) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept"});
  ASSERT_EQ(status(number, "arrive", {{"item", "角阀"}}, technician), 200);
  EXPECT_EQ(json(number)["item"], "角阀");
  EXPECT_EQ(last(number)["detail"], (Json{{"item", "角阀"}, {"reported", "水龙头"}}));
  ASSERT_EQ(status(number, "start", {{"item", "角阀"}}, technician), 200);
  EXPECT_FALSE(last(number).contains("detail"));  // nothing differs any more
}

TEST_F(LifeRules, R5_14_TheResidentsConsentOnSiteIsRecordedOnce) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept"});
  EXPECT_EQ(status(number, "agree"), 409);
  to(number, {"arrive"});
  ASSERT_EQ(status(number, "agree", {{"note", "同意80元"}}, orders::Actor::resident()), 200);
  EXPECT_EQ(json(number)["agreed_at"], "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(last(number)["note"], "同意80元");
  EXPECT_EQ(status(number, "agree"), 409);
  EXPECT_EQ(status(number, "decline",
                   {{"note", "太贵"}, {"signatures", {signature("王芳", "customer")}}}),
            200);  // they may think again until the work begins
}

TEST_F(LifeRules, R5_15_ADeclineOnSiteIsSignedByBothAndTheSheetGoesBackToTheDesk) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept", "arrive"});
  EXPECT_EQ(status(number, "decline", {{"note", "太贵"}, {"signatures", Json::array()}}), 400);
  ASSERT_EQ(
      status(number, "decline",
             {{"note", "太贵"}, {"signatures", {signature("李师傅", "technician")}}}, technician),
      200);
  EXPECT_EQ(last(number)["detail"]["missing_signatures"], (Json{"engineering_supervisor"}));
  EXPECT_EQ(last(number)["note"], "太贵");
  EXPECT_EQ(holders(number), (Holders{"front_desk", "front_desk", "front_desk", "front_desk"}));
  // The other one signs later; the sheet stays declined and where it is.
  ASSERT_EQ(status(number, "sign", signature("孙工", "engineering_supervisor")), 200);
  EXPECT_EQ(last(number)["detail"]["missing_signatures"], Json::array());
  EXPECT_EQ(json(number)["state"], "declined");
  EXPECT_EQ(json(number)["signatures"].size(), 2u);
  ASSERT_EQ(status(number, "sign", signature("王芳", "customer")), 200);
  EXPECT_EQ(holders(number)[0], "front_desk");
}

TEST_F(LifeRules, R5_15_OfAQuoteThatIsNotTakenTheSupervisorAloneSigns) {
  auto order = chat_repair();
  order.priced = false;
  const std::string number = record(order);
  ASSERT_EQ(status(number, "review", {{"feasible", true}}), 200);
  ASSERT_EQ(status(number, "quote", {{"feasible", true}, {"amount_fen", 50000}}), 200);
  ASSERT_EQ(
      status(number, "decline",
             {{"note", "太贵"}, {"signatures", {signature("孙工", "engineering_supervisor")}}}),
      200);
  EXPECT_EQ(last(number)["detail"]["missing_signatures"], Json::array());
}

// R5.16, R5.17: the verdict is remarked; the work goes on as the resident chooses.
TEST_F(LifeRules, R5_16_TheResidentsOwnMaterialGetsAVerdictAndTheChoiceStaysTheirs) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept", "arrive"});
  EXPECT_EQ(status(number, "verify_material", {{"by", "王芳"}}, technician), 400);
  ASSERT_EQ(
      status(number, "verify_material",
             {{"by", "王芳"}, {"verdict", "不合格"}, {"note", "已提示可能再漏水"}}, technician),
      200);
  const Json one = json(number)["materials"][0];
  EXPECT_EQ(one["verdict"], "不合格");
  EXPECT_EQ(one["note"], "已提示可能再漏水");
  EXPECT_EQ(status(number, "start", Json::object(), technician), 200);
}

// R5.19, R9.15: the customer tries and signs; a signature of the staff beside it ends nothing.
TEST_F(LifeRules, R5_19_TheCustomersSignatureEndsTheWorkAndNoOther) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept", "arrive", "start"});
  EXPECT_EQ(status(number, "sign", signature("王芳", "customer")), 409);  // not finished yet
  to(number, {"complete"});
  EXPECT_EQ(status(number, "return"), 409);
  ASSERT_EQ(status(number, "sign", signature("李师傅", "technician")), 200);
  EXPECT_EQ(json(number)["state"], "completed");
  EXPECT_EQ(holders(number)[0], "technician");
  ASSERT_EQ(status(number, "sign", signature("王芳", "customer")), 200);
  EXPECT_EQ(json(number)["state"], "signed");
  EXPECT_EQ(holders(number)[0], "customer");  // R5.20
}

// R5.21 copies 2 and 3 come back, R5.23 copy 2 stays with the department, R5.22 copy 3 to finance.
TEST_F(LifeRules, R5_23_CopyTwoStaysWithTheDepartment) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept", "arrive", "start", "complete"});
  ASSERT_EQ(status(number, "sign", signature("王芳", "customer")), 200);
  to(number, {"return"});
  EXPECT_EQ(holders(number),
            (Holders{"customer", "engineering_supervisor", "front_desk", "front_desk"}));
  to(number, {"send_to_finance", "archive"});
  EXPECT_EQ(holders(number)[1], "engineering_supervisor");
  EXPECT_EQ(holders(number)[2], "finance");  // R5.29: from it finance charges
}

TEST_F(LifeRules, ACancelledSheetComesBackToTheDesk) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept"});
  EXPECT_EQ(holders(number)[1], "technician");
  to(number, {"cancel"});
  EXPECT_EQ(holders(number), (Holders{"front_desk", "front_desk", "front_desk", "front_desk"}));
}

// The patrol form: copy 1 with the front desk, copy 2 to engineering, who sign for it.
TEST_F(LifeRules, R5_25_EngineeringSignsForCopyTwoOfThePatrolForm) {
  const std::string number = of_kind(Kind::public_fault);
  EXPECT_EQ(holders(number), (Holders{"front_desk", "front_desk"}));
  to(number, {"notify", "assign"});
  EXPECT_EQ(json(number)["signatures"], Json::array());
  advance(2min);
  ASSERT_EQ(status(number, "accept", Json::object(), technician), 200);
  EXPECT_EQ(holders(number), (Holders{"front_desk", "engineering_supervisor"}));
  const Json one = json(number)["signatures"][0];
  EXPECT_EQ(one["by"], "李师傅");
  EXPECT_EQ(one["at"], "2026-11-23T10:02:00+08:00");
}

TEST_F(LifeRules, R5_27_RepairMattersAreNotedWhenAPublicFaultIsDone) {
  const std::string number = of_kind(Kind::public_fault);
  to(number, {"notify", "assign", "accept", "arrive", "start"});
  ASSERT_EQ(status(number, "complete", {{"note", "更换灯管，现场已清理"}}, technician), 200);
  EXPECT_EQ(last(number)["action"], "complete");
  EXPECT_EQ(last(number)["note"], "更换灯管，现场已清理");
}

// R8.2: the dispatch centre keeps one copy, the executor takes the other (R8.7) and signs for it.
TEST_F(LifeRules, R8_7_WhoTakesATaskSignsAndTakesTheExecutionCopy) {
  const std::string number = of_kind(Kind::task);
  EXPECT_EQ(holders(number), (Holders{"dispatcher", "dispatcher"}));
  ASSERT_EQ(status(number, "assign", {{"assignee", 4}}), 200);
  advance(61s);
  const orders::Actor supervisor{"staff:4", "service_supervisor", 4, "sms"};
  ASSERT_EQ(status(number, "accept", Json::object(), supervisor), 200);
  EXPECT_EQ(holders(number), (Holders{"dispatcher", "service_supervisor"}));
  EXPECT_EQ(json(number)["signatures"][0], (Json{{"by", "赵主管"},
                                                 {"role", "service_supervisor"},
                                                 {"method", "chat"},
                                                 {"at", "2026-11-23T10:01:01+08:00"}}));
  EXPECT_EQ(json(number)["accepted_at"], "2026-11-23T10:01:01+08:00");
  to(number, {"complete"});
  ASSERT_EQ(status(number, "sign", signature("王芳", "customer")), 200);  // R8.13
  EXPECT_EQ(holders(number), (Holders{"dispatcher", "service_supervisor"}));
  to(number, {"archive"});
  EXPECT_EQ(holders(number), (Holders{"dispatcher", "dispatcher"}));
}

// R9.3, R5.4: the work begins after the repairer was on site to confirm it, and by them alone.
TEST_F(LifeRules, R9_3_TheWorkIsConfirmedOnSiteBeforeItBegins) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept"});
  EXPECT_EQ(status(number, "start", Json::object(), technician), 409);
  EXPECT_EQ(status(number, "arrive", Json::object(), other_technician), 403);
  ASSERT_EQ(status(number, "arrive", Json::object(), technician), 200);
  EXPECT_EQ(status(number, "start", Json::object(), technician), 200);
}

// R8.4: dispatcher and supervisors dispatch; R8.5: whoever of the staff may receive.
TEST_F(LifeRules, R8_4_WhoDispatchesAndR8_5_WhoReceives) {
  for (const char* role : {"technician", "front_desk", "finance", "property_assistant"}) {
    EXPECT_EQ(status(of_kind(Kind::task), "assign", {{"assignee", 2}}, {"staff:7", role, 7}), 403)
        << role;
  }
  for (const char* role : {"dispatcher", "engineering_supervisor", "service_supervisor"}) {
    for (const auto& one : directory.staff_) {
      const std::string number = of_kind(Kind::task);
      ASSERT_EQ(status(number, "assign", {{"assignee", one.id}}, {"staff:7", role, 7}), 200);
      EXPECT_EQ(status(number, "accept", Json::object(),
                       {"staff:" + std::to_string(one.id), one.role, one.id}),
                200)
          << one.role;
    }
  }
}

// R5.2, R9.4, R9.11: what is off the list is assessed by the supervisor, and answered, before it
// goes on.
TEST_F(LifeRules, R9_11_OnlyTheSupervisorAssessesWhatIsOffTheList) {
  auto order = chat_repair();
  order.priced = false;
  const std::string number = record(order);
  EXPECT_EQ(status(number, "review", {{"feasible", true}}, technician), 403);
  EXPECT_EQ(status(number, "review", {{"feasible", true}}, front_desk), 403);
  EXPECT_EQ(status(number, "assign", {{"assignee", 2}}), 409);
  const orders::Actor supervisor{"staff:1", "engineering_supervisor", 1, "rest"};
  ASSERT_EQ(status(number, "review", {{"feasible", true}}, supervisor), 200);
  ASSERT_EQ(status(number, "quote", {{"feasible", true}, {"amount_fen", 50000}}, supervisor), 200);
  EXPECT_EQ(post.count("rest/web-1", "order.quoted"), 1);
}

}  // namespace
}  // namespace huiyin::orders_test
