// Penalties: proposed with evidence, confirmed by a second person, open to appeal, exported;
// nothing is deducted.
#include "dialogs/reports/resource.h"
#include "tests/dialogs/dispatch_support.h"

namespace huiyin::orders_test {
namespace {

class DispatchPenalties : public DispatchHouse {
 protected:
  // The penalty of a task on which nobody said a word.
  Json missed() {
    task();
    advance_to("2026-11-23T12:00:01+08:00");
    return all_penalties().at(0);
  }
  Json proposal(const char* rule, const std::string& number, std::int64_t staff) {
    return {{"rule", rule}, {"order", number}, {"staff", staff}, {"note", "亲眼看到"}};
  }
};

TEST_F(DispatchPenalties, R8_12_NeitherFinishedNorReportedProposesThirtyYuanOnce) {
  const std::string number = task();
  advance_to("2026-11-23T12:00:00+08:00");
  EXPECT_EQ(all_penalties().size(), 0u) << "at the reply time it is still in time";
  advance_to("2026-11-23T12:00:01+08:00");
  const Json items = all_penalties();
  ASSERT_EQ(items.size(), 1u);
  const Json one = items[0];
  EXPECT_EQ(one["rule"], "R8.12");
  EXPECT_EQ(one["order"], number);
  EXPECT_EQ(one["staff"], technician_id);
  EXPECT_EQ(one["amount_fen"], 3000);
  EXPECT_EQ(one["state"], "proposed");
  EXPECT_EQ(one["proposed_by"], "system");
  EXPECT_EQ(one["evidence"]["clock"]["rule"], "R8.11");
  EXPECT_EQ(one["evidence"]["clock"]["due_at"], "2026-11-23T12:00:00+08:00");
  EXPECT_EQ(post.count("staff:2", "penalty.proposed"), 1) << "the one concerned is told";
  EXPECT_EQ(post.count("staff:4", "penalty.to_confirm"), 1);
  // The orders tell of the missed clock as well, in whatever order; it is one penalty all the same.
  auto t = tx();
  const auto order = orders::find(db(), number).value();
  room.on_clock(t, order, order.clocks.front(), true);
  advance_to("2026-11-24T12:00:00+08:00");
  EXPECT_EQ(all_penalties().size(), 1u);
  EXPECT_TRUE(violations().empty());
}

TEST_F(DispatchPenalties, R8_12_TheMissedClockAloneIsEnough) {
  const std::string number = task();
  auto t = tx();
  const auto order = orders::find(db(), number).value();
  const auto& clock = order.clocks.front();
  ASSERT_EQ(clock.rule, "R8.11");
  room.on_clock(t, order, clock, false);
  EXPECT_EQ(all_penalties().size(), 0u) << "about to run out is not run out";
  room.on_clock(t, order, clock, true);
  EXPECT_EQ(all_penalties().size(), 1u);
}

TEST_F(DispatchPenalties, R8_12_ProgressOrAnEndInTimeProposesNothing) {
  const std::string reported = task(), done = task(), cancelled = task();
  as(technician_id);
  ASSERT_EQ(act(reported, "accept"), 200);
  ASSERT_EQ(act(reported, "progress", {{"note", "等配件"}}), 200);
  ASSERT_EQ(act(done, "accept"), 200);
  ASSERT_EQ(act(done, "complete", {{"note", "换了三盏"}}), 200);
  as(dispatcher_id);
  ASSERT_EQ(act(cancelled, "cancel", {{"note", "不用了"}}), 200);
  advance_to("2026-11-23T17:00:00+08:00");
  EXPECT_EQ(all_penalties().size(), 0u);
}

TEST_F(DispatchPenalties, R8_12_WithNobodyAssignedItIsTheDispatchers) {
  task(0);
  advance_to("2026-11-23T12:00:01+08:00");
  const Json items = all_penalties();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0]["staff"], dispatcher_id);
  EXPECT_EQ(items[0]["evidence"]["assigned"], false);
}

TEST_F(DispatchPenalties, A_26_OnlyASecondSupervisorOrManagerConfirms) {
  const Json one = missed();
  for (const std::int64_t staff : {std::int64_t{0}, technician_id, dispatcher_id, archivist_id,
                                   finance_id, desk_id, assistant_id}) {
    as(staff);
    EXPECT_EQ(on_penalty("confirm", one).status, 403) << staff;
  }
  EXPECT_EQ(all_penalties()[0]["state"], "proposed");
  as(supervisor_id);
  const auto done = on_penalty("confirm", one);
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.body["state"], "confirmed");
  EXPECT_EQ(done.body["confirmed_by"], supervisor_id);
  EXPECT_EQ(done.body["confirmed_at"], "2026-11-23T12:00:01+08:00");
  EXPECT_EQ(post.count("staff:2", "penalty.confirmed"), 1);
  const auto again = on_penalty("confirm", one);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.body["allowed"], Json::array({"withdraw"}));
  EXPECT_EQ(call("POST", "penalties/{id}/confirm", Json::object(), "99").status, 404);
  EXPECT_EQ(call("POST", "penalties/{id}/confirm", Json::object(), "x").status, 404);
  EXPECT_TRUE(violations().empty());
}

TEST_F(DispatchPenalties, A_26_NeitherTheProposerNorTheOnePenalisedConfirms) {
  const std::string number = task();
  as(supervisor_id);
  const auto made = call("POST", "penalties", proposal("R8.10", number, dispatcher_id));
  EXPECT_EQ(made.status, 400);
  EXPECT_EQ(made.body["field"], "offence");
  Json body = proposal("R8.10", number, service_id);
  body["offence"] = "dispatch";
  const auto sound = call("POST", "penalties", body);
  ASSERT_EQ(sound.status, 201) << sound.body;
  EXPECT_EQ(on_penalty("confirm", sound.body).status, 403) << "the proposer";
  EXPECT_EQ(post.count("staff:4", "penalty.to_confirm"), 0) << "the one concerned is not asked";
  EXPECT_EQ(post.count("staff:7", "penalty.to_confirm"), 1) << "nor the proposer, but the next";
  as(service_id);
  EXPECT_EQ(on_penalty("confirm", sound.body).status, 403) << "the one penalised";
  as(centre_id);
  EXPECT_EQ(on_penalty("confirm", sound.body).status, 200);
}

TEST_F(DispatchPenalties, A_26_AnAppealIsDecidedByAnotherPersonAndOnce) {
  const Json one = missed();
  as(supervisor_id);
  ASSERT_EQ(on_penalty("confirm", one).status, 200);
  EXPECT_EQ(on_penalty("appeal", one, {{"note", "不是我"}}).status, 403);
  as(technician_id);
  EXPECT_EQ(on_penalty("appeal", one).body["field"], "note");
  const auto appealed = on_penalty("appeal", one, {{"note", "库房没有配件"}});
  ASSERT_EQ(appealed.status, 200) << appealed.body;
  EXPECT_EQ(appealed.body["state"], "appealed");
  EXPECT_EQ(appealed.body["history"].back()["note"], "库房没有配件");
  EXPECT_EQ(on_penalty("appeal", one, {{"note", "还有"}}).status, 409);
  EXPECT_EQ(post.count("staff:7", "penalty.to_decide"), 1);
  as(supervisor_id);
  EXPECT_EQ(on_penalty("decide", one, {{"uphold", true}, {"note", "x"}}).status, 403)
      << "who confirmed it does not decide the appeal";
  as(centre_id);
  EXPECT_EQ(on_penalty("decide", one, {{"note", "x"}}).body["field"], "uphold");
  EXPECT_EQ(on_penalty("decide", one, {{"uphold", true}}).body["field"], "note");
  const auto decided = on_penalty("decide", one, {{"uphold", true}, {"note", "应当先反馈"}});
  ASSERT_EQ(decided.status, 200) << decided.body;
  EXPECT_EQ(decided.body["state"], "confirmed");
  EXPECT_EQ(decided.body["confirmed_by"], supervisor_id) << "the first confirmation stands";
  EXPECT_EQ(decided.body["decided_by"], centre_id);
  EXPECT_EQ(post.count("staff:2", "penalty.upheld"), 1);
  as(technician_id);
  EXPECT_EQ(on_penalty("appeal", one, {{"note", "再申诉"}}).status, 409);
  EXPECT_TRUE(violations().empty());
}

TEST_F(DispatchPenalties, A_26_AnAppealBeforeConfirmationMayEndItOrMakeItStand) {
  const Json first = missed();
  as(technician_id);
  ASSERT_EQ(on_penalty("appeal", first, {{"note", "停电"}}).status, 200);
  as(service_id);
  EXPECT_EQ(on_penalty("confirm", first).status, 409);
  EXPECT_EQ(on_penalty("confirm", first).body["allowed"], (Json{"decide", "withdraw"}));
  EXPECT_EQ(on_penalty("decide", first, {{"uphold", false}, {"note", "属实"}}).body["state"],
            "withdrawn");
  EXPECT_EQ(post.count("staff:2", "penalty.withdrawn"), 1);
  EXPECT_EQ(on_penalty("confirm", first).status, 409);
  EXPECT_EQ(on_penalty("withdraw", first, {{"note", "x"}}).body["allowed"], Json::array());

  Json body = task_body();
  body["reply_by"] = "2026-11-23T15:00:00+08:00";
  as(dispatcher_id);
  const std::string number = call("POST", "work-orders", body).body["number"];
  ASSERT_EQ(act(number, "assign", {{"assignee", technician_id}}), 200);
  advance_to("2026-11-23T16:00:00+08:00");
  const Json second = all_penalties("order=" + number).at(0);
  as(technician_id);
  ASSERT_EQ(on_penalty("appeal", second, {{"note", "停电"}}).status, 200);
  as(centre_id);
  const auto stands = on_penalty("decide", second, {{"uphold", true}, {"note", "没有停电"}});
  EXPECT_EQ(stands.body["state"], "confirmed");
  EXPECT_EQ(stands.body["confirmed_by"], centre_id);
  EXPECT_TRUE(violations().empty());
}

TEST_F(DispatchPenalties, A_26_InRecordOnlyModeThereIsNothingToConfirm) {
  directory.profile_.values["penalties"] = {{"mode", "record_only"}, {"R8.12", 1500}};
  const Json one = missed();
  EXPECT_EQ(one["state"], "recorded");
  EXPECT_EQ(one["amount_fen"], 1500) << "the estate's own amount";
  EXPECT_EQ(post.count("staff:2", "penalty.recorded"), 1);
  EXPECT_EQ(post.count("staff:4", "penalty.to_confirm"), 0);
  as(supervisor_id);
  EXPECT_EQ(on_penalty("confirm", one).status, 409);
  as(technician_id);
  ASSERT_EQ(on_penalty("appeal", one, {{"note", "请更正"}}).status, 200);
  as(supervisor_id);
  EXPECT_EQ(on_penalty("decide", one, {{"uphold", true}, {"note", "x"}}).body["state"], "recorded");
}

TEST_F(DispatchPenalties, R8_8_EachMissingItemIsProposedByHandWithANote) {
  const std::string number = task();
  as(service_id);
  Json body = proposal("R8.8", number, dispatcher_id);
  body["items"] = 2;
  const auto made = call("POST", "penalties", body);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body["amount_fen"], 6000);
  EXPECT_EQ(made.body["evidence"]["note"], "亲眼看到");
  EXPECT_EQ(made.body["proposed_by"], "staff:4");
  EXPECT_EQ(call("POST", "penalties", body).status, 409) << "the same matter twice";
  ASSERT_EQ(on_penalty("withdraw", made.body, {{"note", "看错了"}}).status, 200);
  EXPECT_EQ(call("POST", "penalties", body).status, 201) << "put right after a withdrawal";
}

TEST_F(DispatchPenalties, R8_10_UnreasonableDispatchAndRefusalHaveTheirOwnAmounts) {
  const std::string number = task();
  as(supervisor_id);
  Json body = proposal("R8.10", number, dispatcher_id);
  body["offence"] = "dispatch";
  EXPECT_EQ(call("POST", "penalties", body).body["amount_fen"], 3000);
  body["staff"] = technician_id;
  body["offence"] = "refusal";
  EXPECT_EQ(call("POST", "penalties", body).body["amount_fen"], 10000);
}

TEST_F(DispatchPenalties, WhatIsProposedByHandIsCheckedMemberByMember) {
  const std::string number = task();
  as(supervisor_id);
  const auto fault = [&](const char* name, Json value) {
    Json body = proposal("R8.14", number, technician_id);
    body[name] = std::move(value);
    const auto answer = call("POST", "penalties", body);
    return answer.status == 400 ? answer.body["field"].get<std::string>()
                                : std::to_string(answer.status);
  };
  EXPECT_EQ(fault("rule", "R8.12"), "rule") << "the clock's alone";
  EXPECT_EQ(fault("rule", "R1.1"), "rule");
  EXPECT_EQ(fault("rule", nullptr), "rule");
  EXPECT_EQ(fault("order", "GZ20261123-0099"), "order");
  EXPECT_EQ(fault("order", nullptr), "order");
  EXPECT_EQ(fault("staff", 99), "staff");
  EXPECT_EQ(fault("staff", "李"), "staff");
  EXPECT_EQ(fault("note", " "), "note");
  EXPECT_EQ(fault("items", 2), "items") << "one an order for this rule";
  EXPECT_EQ(fault("offence", "dispatch"), "rule");
  for (const std::int64_t staff : {technician_id, desk_id, assistant_id, finance_id}) {
    as(staff);
    EXPECT_EQ(call("POST", "penalties", Json::object()).status, 403) << staff;
  }
  EXPECT_EQ(all_penalties().size(), 0u);
}

TEST_F(DispatchPenalties, ATechnicianSeesOwnOnesOnly) {
  const Json own = missed();
  const std::string number = task();
  as(supervisor_id);
  const Json other = call("POST", "penalties", proposal("R8.8", number, dispatcher_id)).body;
  ASSERT_EQ(penalties().size(), 2u);
  as(technician_id);
  ASSERT_EQ(penalties().size(), 1u);
  EXPECT_EQ(penalties()[0]["id"], own["id"]);
  EXPECT_EQ(penalties("staff=5").size(), 0u);
  EXPECT_EQ(call("GET", "penalties/{id}", nullptr, std::to_string(other["id"].get<int>())).status,
            404);
  EXPECT_EQ(call("GET", "penalties/{id}", nullptr, std::to_string(own["id"].get<int>())).status,
            200);
}

TEST_F(DispatchPenalties, ListsFilterAndPage) {
  const std::string one = task(), two = task();
  advance_to("2026-11-23T12:00:01+08:00");
  as(supervisor_id);
  EXPECT_EQ(penalties("state=proposed").size(), 2u);
  EXPECT_EQ(penalties("state=confirmed").size(), 0u);
  EXPECT_EQ(penalties("rule=R8.12&order=" + one).size(), 1u);
  EXPECT_EQ(penalties("rule=R8.8").size(), 0u);
  EXPECT_EQ(penalties("staff=2").size(), 2u);
  EXPECT_EQ(penalties("staff=3").size(), 0u);
  EXPECT_EQ(call("GET", "penalties", nullptr, {}, "state=paid").status, 400);
  EXPECT_EQ(call("GET", "penalties", nullptr, {}, "staff=me").status, 400);
  limit = 1;
  const auto page = call("GET", "penalties");
  ASSERT_EQ(page.body["items"].size(), 1u);
  EXPECT_EQ(page.body["items"][0]["order"], two);
  cursor = page.body["next"];
  const auto next = call("GET", "penalties");
  EXPECT_EQ(next.body["items"][0]["order"], one);
  EXPECT_EQ(next.body["next"], nullptr);
}

class PenaltyExport : public DispatchPenalties {
 protected:
  PenaltyExport() { reports_resource.add_to(api); }
  http::Response raw(const std::string& query) {
    http::Request request;
    request.method = "GET";
    request.query = query;
    testing::TestCall one(*database, now, who, std::move(request), nullptr);
    return api.entries.at("GET /api/v1/reports/penalties").handler(one);
  }
  Json rows(const std::string& query) {
    const auto answer = raw(query);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Json::parse(answer.body)["items"];
  }
  std::unique_ptr<Speech> script =
      load_speech(std::string(HUIYIN_SOURCE_DIR) + "/config/phrases").value();
  reports::ReportsResource reports_resource{directory, *script};
};

TEST_F(PenaltyExport, A_26_TheMonthsExportHoldsWhatStandsConfirmed) {
  const Json one = missed();
  as(supervisor_id);
  EXPECT_EQ(rows("month=2026-11").size(), 0u) << "proposed is not decided";
  ASSERT_EQ(on_penalty("confirm", one).status, 200);
  const Json found = rows("month=2026-11");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["id"], one["id"]);
  EXPECT_EQ(found[0]["rule"], "R8.12");
  EXPECT_EQ(found[0]["order"], one["order"]);
  EXPECT_EQ(found[0]["staff"], technician_id);
  EXPECT_EQ(found[0]["name"], "李师傅");
  EXPECT_EQ(found[0]["role"], "technician");
  EXPECT_EQ(found[0]["amount_fen"], 3000);
  EXPECT_EQ(found[0]["confirmed_at"], "2026-11-23T12:00:01+08:00");
  EXPECT_EQ(found[0]["confirmed_by"], "孙工");
  EXPECT_EQ(rows("").size(), 1u) << "this month";
  EXPECT_EQ(rows("from=2026-11-23&to=2026-11-23").size(), 1u);
  EXPECT_EQ(rows("month=2026-10").size(), 0u);
  EXPECT_EQ(rows("month=2026-12").size(), 0u);
  EXPECT_EQ(rows("from=2026-11-24&to=2026-12-31").size(), 0u);
  EXPECT_EQ(Json::parse(raw("month=2026-11").body)["totals"],
            (Json{{"count", 1}, {"total_fen", 3000}}));
  EXPECT_EQ(raw("month=2026-13").status, 400);
  ASSERT_EQ(on_penalty("withdraw", one, {{"note", "免"}}).status, 200);
  EXPECT_EQ(rows("month=2026-11").size(), 0u);
}

TEST_F(PenaltyExport, A_26_WhoOverseesNobodyExportsOwnPenaltiesOnly) {
  const Json own = missed();
  const std::string number = task();
  as(supervisor_id);
  const Json other = call("POST", "penalties", proposal("R8.8", number, dispatcher_id)).body;
  as(centre_id);
  for (const Json& one : {own, other}) ASSERT_EQ(on_penalty("confirm", one).status, 200);
  for (const std::int64_t staff : {supervisor_id, dispatcher_id, finance_id}) {
    as(staff);
    EXPECT_EQ(rows("month=2026-11").size(), 2u) << staff;
  }
  as(technician_id);
  ASSERT_EQ(rows("month=2026-11").size(), 1u);
  EXPECT_EQ(rows("month=2026-11")[0]["id"], own["id"]);
  as(archivist_id);
  EXPECT_EQ(rows("month=2026-11").size(), 0u);
}

TEST_F(PenaltyExport, A_26_HrGetsItAsASpreadsheet) {
  const Json one = missed();
  as(supervisor_id);
  ASSERT_EQ(on_penalty("confirm", one).status, 200);
  const auto csv = raw("month=2026-11&format=csv");
  EXPECT_EQ(csv.headers.at("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_NE(csv.body.find("序号,规程条款,情形,单号,"), std::string::npos) << csv.body;
  EXPECT_NE(csv.body.find(",李师傅,维修人员,1,30.00,"), std::string::npos) << csv.body;
  EXPECT_EQ(raw("month=2026-11&format=xlsx").body.substr(0, 2), "PK");
}

TEST_F(DispatchPenalties, R8_17_PagesMayBeProposedByHandWithoutAnOrder) {
  as(supervisor_id);
  const auto made = call("POST", "penalties",
                         {{"rule", "R8.17"}, {"staff", 5}, {"items", 3}, {"note", "缺三页"}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body["amount_fen"], 9000);
  EXPECT_EQ(made.body["order"], nullptr);
}

TEST_F(DispatchPenalties, TheAuditFindsWhatWasChangedByHand) {
  const Json one = missed();
  ASSERT_TRUE(violations().empty());
  db().script("UPDATE penalties SET state = 'confirmed'");
  EXPECT_EQ(violations().size(), 2u);
}

}  // namespace
}  // namespace huiyin::orders_test
