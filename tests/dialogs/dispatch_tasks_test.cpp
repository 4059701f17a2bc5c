// Tasks as section 8 asks: copies, who dispatches and receives, no refusal, the way to the file.
#include <algorithm>

#include "tests/dialogs/dispatch_support.h"

namespace huiyin::orders_test {
namespace {

class DispatchTasks : public DispatchHouse {
 protected:
  std::vector<std::string> holders(const std::string& number) {
    const Json record = json(number);
    std::vector<std::string> out;
    for (const auto& copy : record["copies"]) out.push_back(copy["holder"]);
    return out;
  }
  using Holders = std::vector<std::string>;
  // Taken, done and signed by the customer, with the result in the remarks.
  std::string signed_task(const char* result = "换了三盏") {
    const std::string number = task();
    as(technician_id);
    EXPECT_EQ(act(number, "accept"), 200);
    EXPECT_EQ(act(number, "complete", {{"note", result}}), 200);
    EXPECT_EQ(act(number, "sign", {{"by", "王芳"}, {"role", "customer"}, {"method", "drawn"}}),
              200);
    return number;
  }
  const Json call_back{{"by", "员工5"}, {"method", "phone"}, {"note", "满意"}};
};

TEST_F(DispatchTasks, R8_2_CopyOneStaysWithTheDispatchCentreAndCopyTwoGoesToTheExecutor) {
  const std::string number = task();
  EXPECT_EQ(holders(number), (Holders{"dispatcher", "dispatcher"}));
  as(technician_id);
  ASSERT_EQ(act(number, "accept"), 200);
  EXPECT_EQ(holders(number), (Holders{"dispatcher", "technician"}));
  ASSERT_EQ(act(number, "complete", {{"note", "好了"}}), 200);
  ASSERT_EQ(act(number, "sign", {{"by", "王芳"}, {"role", "customer"}, {"method", "drawn"}}), 200);
  EXPECT_EQ(holders(number), (Holders{"dispatcher", "technician"})) << "no copy for the customer";
  ASSERT_EQ(act(number, "return"), 200);
  EXPECT_EQ(holders(number), (Holders{"dispatcher", "dispatcher"})) << "back to be filed";
  const std::string other = task(assistant_id);
  as(assistant_id);
  ASSERT_EQ(act(other, "accept"), 200);
  EXPECT_EQ(holders(other), (Holders{"dispatcher", "property_assistant"}));
}

TEST_F(DispatchTasks, R8_4_DispatchersSupervisorsAndLeadersDispatch) {
  as(dispatcher_id);
  const auto fault = [&](std::int64_t staff) {
    Json body = task_body();
    body["dispatcher"] = staff;
    const auto made = call("POST", "work-orders", body);
    return made.status == 400 ? made.body["field"].get<std::string>() : "";
  };
  for (const std::int64_t staff :
       {dispatcher_id, supervisor_id, service_id, centre_id, general_id}) {
    EXPECT_EQ(fault(staff), "") << staff;
  }
  for (const std::int64_t staff :
       {technician_id, archivist_id, finance_id, assistant_id, desk_id}) {
    EXPECT_EQ(fault(staff), "dispatcher") << staff;
  }
  const std::string number = task(0);
  std::erase_if(directory.staff_, [](const auto& one) { return one.role == "dispatcher"; });
  as(service_id);
  EXPECT_EQ(fault(desk_id), "") << "without a dispatcher the desk is the dispatch centre";
  EXPECT_EQ(fault(technician_id), "dispatcher");
  for (const std::int64_t staff : {desk_id, technician_id, archivist_id, finance_id}) {
    as(staff);
    EXPECT_EQ(act(number, "assign", {{"assignee", technician_id}}), 403) << staff;
  }
}

TEST_F(DispatchTasks, R8_5_WhoReceivesATask) {
  for (const std::int64_t staff :
       {technician_id, assistant_id, supervisor_id, service_id, centre_id, desk_id}) {
    const std::string number = task(0);
    EXPECT_EQ(act(number, "assign", {{"assignee", staff}}), 200) << staff;
  }
  const std::string number = task();
  for (const std::int64_t staff : {finance_id, archivist_id, dispatcher_id}) {
    const auto refused = call("POST", "work-orders/{number}/actions",
                              {{"action", "transfer"}, {"assignee", staff}}, number);
    EXPECT_EQ(refused.status, 400) << staff;
    EXPECT_EQ(refused.body["field"], "assignee");
  }
  EXPECT_EQ(json(number)["assignee"], technician_id);
}

TEST_F(DispatchTasks, R8_6_TheSheetHasWhatTheDispatcherMustFill) {
  as(dispatcher_id);
  for (const char* name : {"dispatcher", "place", "description", "requirement", "reply_by"}) {
    Json body = task_body();
    body.erase(name);
    EXPECT_EQ(call("POST", "work-orders", body).body["field"], name);
  }
  const Json record = json(task(0));
  EXPECT_EQ(record["dispatcher"], dispatcher_id);
  EXPECT_EQ(record["requirement"], "逐盏");
  EXPECT_EQ(record["reply_by"], "2026-11-23T12:00:00+08:00");
}

TEST_F(DispatchTasks, R8_7_TheReceiptIsKeptToTheMinuteWithTheCopyAndTheName) {
  const std::string number = task();
  now = at("2026-11-23T10:17:00+08:00");
  as(technician_id);
  ASSERT_EQ(act(number, "accept"), 200);
  const Json record = json(number);
  EXPECT_EQ(record["accepted_at"], "2026-11-23T10:17:00+08:00");
  EXPECT_EQ(record["copies"][1]["at"], "2026-11-23T10:17:00+08:00");
  EXPECT_EQ(record["history"].back()["actor"], "staff:2");
}

TEST_F(DispatchTasks, R8_9_NobodyRefusesItGoesUpLevelByLevel) {
  const std::string number = task();
  as(technician_id);
  EXPECT_EQ(act(number, "refuse", {{"note", "不去"}}), 400);
  const auto told = [&](const char* role) {
    return std::ranges::count(post.sent, std::string("role:") + role, &Sent::to);
  };
  ASSERT_EQ(act(number, "escalate", {{"note", "够不着"}}), 200);
  EXPECT_EQ(told("engineering_supervisor"), 1);
  EXPECT_EQ(told("centre_manager"), 0);
  ASSERT_EQ(act(number, "escalate", {{"note", "还是够不着"}}), 200);
  EXPECT_EQ(told("centre_manager"), 1);
  ASSERT_EQ(act(number, "escalate", {{"note", "还是不行"}}), 200);
  EXPECT_EQ(told("general_manager"), 1);
  ASSERT_EQ(act(number, "escalate", {{"note", "最后一次"}}), 200);
  EXPECT_EQ(told("general_manager"), 2) << "there is no level above";
  EXPECT_EQ(told("engineering_supervisor"), 1);
  EXPECT_EQ(json(number)["state"], "assigned") << "the order lives on";
  as(dispatcher_id);
  ASSERT_EQ(act(number, "transfer", {{"assignee", 3}}), 200);
  as(3);
  ASSERT_EQ(act(number, "escalate", {{"note", "我也不行"}}), 200);
  EXPECT_EQ(told("engineering_supervisor"), 2) << "the next one begins at the bottom";
  as(supervisor_id);
  ASSERT_EQ(act(number, "escalate", {{"note", "要外请"}}), 200);
  EXPECT_EQ(told("centre_manager"), 2);
}

TEST_F(DispatchTasks, R8_11_ProgressWithinTheReplyTimeIsEnough) {
  const std::string number = task();
  as(technician_id);
  ASSERT_EQ(act(number, "accept"), 200);
  advance_to("2026-11-23T12:00:00+08:00");
  ASSERT_EQ(act(number, "progress", {{"note", "还差一盏"}}), 200);
  advance_to("2026-11-23T13:00:00+08:00");
  EXPECT_EQ(clock(number, "R8.11")["breached"], false);
  EXPECT_EQ(clock(number, "R8.11")["met_at"], "2026-11-23T12:00:00+08:00");
}

TEST_F(DispatchTasks, R8_13_ResultSignatureCallBackThenTheFile) {
  const std::string number = signed_task();
  as(dispatcher_id);
  ASSERT_EQ(act(number, "call_back", call_back), 200);
  ASSERT_EQ(act(number, "archive"), 200);
  const Json record = json(number);
  EXPECT_EQ(record["state"], "archived");
  EXPECT_EQ(record["signatures"].back()["by"], "王芳");
  EXPECT_TRUE(record.contains("called_back_at"));
  EXPECT_EQ(all_penalties().size(), 0u);
}

TEST_F(DispatchTasks, R8_14_FiledWithoutTheCallBackIsTheDispatchers) {
  const std::string number = signed_task();
  as(dispatcher_id);
  ASSERT_EQ(act(number, "archive"), 200) << "filing is not held up";
  const Json items = all_penalties();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0]["rule"], "R8.14");
  EXPECT_EQ(items[0]["staff"], dispatcher_id);
  EXPECT_EQ(items[0]["amount_fen"], 3000);
  EXPECT_EQ(items[0]["evidence"]["missing"], Json::array({"call_back"}));
}

TEST_F(DispatchTasks, R8_14_FiledWithoutResultOrSignatureIsTheExecutors) {
  const std::string number = task();
  as(technician_id);
  ASSERT_EQ(act(number, "accept"), 200);
  ASSERT_EQ(act(number, "complete"), 200);
  as(supervisor_id);  // a signature of the staff is none of the customer
  ASSERT_EQ(act(number, "sign",
                {{"by", "孙工"}, {"role", "engineering_supervisor"}, {"method", "typed"}}),
            200);
  as(dispatcher_id);
  ASSERT_EQ(act(number, "call_back", call_back), 200);
  ASSERT_EQ(act(number, "archive"), 200);
  const Json items = all_penalties();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0]["staff"], technician_id);
  EXPECT_EQ(items[0]["evidence"]["missing"], (Json{"result", "signature"}));
}

// The two articles 8: 8a (R8.13) has a penalty, 8b (the day-end check, R8.15) has none.
TEST_F(DispatchTasks, A_19_ThePenaltyOfTheFirstArticleEightDoesNotCoverTheSecond) {
  EXPECT_NE(dispatch::find_penalty_rule("R8.14"), nullptr);
  EXPECT_EQ(dispatch::find_penalty_rule("R8.15"), nullptr);
}

TEST_F(DispatchTasks, ATaskOfTheProductsOwnIsFiledWithoutPenalties) {
  orders::NewOrder own;
  own.kind = orders::Kind::task;
  own.estate = "liyuan";
  own.description = "请回电";
  own.received_at = now;
  db().script("BEGIN");
  const std::string number = record(own);
  db().script("COMMIT");
  as(supervisor_id);
  for (const char* action : {"assign", "accept", "complete", "archive"}) {
    Json body = Json::object();
    if (std::string_view(action) == "assign") body["assignee"] = assistant_id;
    ASSERT_EQ(act(number, action, body), 200) << action;
  }
  EXPECT_EQ(all_penalties().size(), 0u);
}

}  // namespace
}  // namespace huiyin::orders_test
