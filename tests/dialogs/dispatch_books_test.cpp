// Number books and the shift log of the dispatch centre.
#include "store/personal.h"
#include "tests/dialogs/dispatch_support.h"
#include "tests/support/vm_steps.h"

namespace huiyin::orders_test {
namespace {

class DispatchBooks : public DispatchHouse {
 protected:
  Json book(std::int64_t from, std::int64_t to, std::int64_t dispatcher = dispatcher_id) {
    return {{"kind", "task"}, {"from", from}, {"to", to}, {"dispatcher", dispatcher}};
  }
  Answer give_back(std::int64_t id, Json body) {
    return call("POST", "number-books/{id}/return", std::move(body), std::to_string(id));
  }
};

TEST_F(DispatchBooks, R8_3_TheArchivistIssuesTheBooks) {
  for (const std::int64_t staff : {dispatcher_id, supervisor_id, desk_id, finance_id}) {
    as(staff);
    EXPECT_EQ(call("POST", "number-books", book(1, 50)).status, 403) << staff;
  }
  as(archivist_id);
  const auto issued = call("POST", "number-books", book(1, 50));
  ASSERT_EQ(issued.status, 201) << issued.body;
  EXPECT_EQ(issued.body["state"], "issued");
  EXPECT_EQ(issued.body["issued_by"], "staff:6");
  EXPECT_EQ(issued.body["issued_at"], "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(call("GET", "number-books").body["items"].size(), 1u);
  EXPECT_EQ(call("GET", "number-books", nullptr, {}, "dispatcher=4").body["items"].size(), 0u);
  const auto fault = [&](const char* name, Json value) {
    Json body = book(101, 150, service_id);
    body[name] = std::move(value);
    return call("POST", "number-books", body).body.value("field", "");
  };
  EXPECT_EQ(fault("kind", "party"), "kind");
  EXPECT_EQ(fault("from", 0), "from");
  EXPECT_EQ(fault("to", 100), "to");
  EXPECT_EQ(fault("to", 99'999), "to") << "longer than a book";
  EXPECT_EQ(fault("dispatcher", 99), "dispatcher");
  EXPECT_EQ(fault("dispatcher", technician_id), "dispatcher") << "does not dispatch (R8.4)";
  EXPECT_EQ(call("POST", "number-books", book(50, 60, service_id)).status, 409)
      << "page 50 is in the first book";
  EXPECT_TRUE(violations().empty());
}

TEST_F(DispatchBooks, R8_16_TheNextBookOnlyAgainstTheStubsOfTheLast) {
  as(archivist_id);
  const std::int64_t first = call("POST", "number-books", book(1, 50)).body["id"];
  const auto refused = call("POST", "number-books", book(51, 100));
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(call("POST", "number-books", book(51, 100, service_id)).status, 201)
      << "another dispatcher's book is nothing to it";
  ASSERT_EQ(give_back(first, {{"stubs", 50}}).status, 200);
  EXPECT_EQ(all_penalties().size(), 0u) << "all pages are there";
  EXPECT_EQ(give_back(first, {{"stubs", 50}}).status, 409);
  EXPECT_EQ(give_back(99, {{"stubs", 50}}).status, 404);
  EXPECT_EQ(call("POST", "number-books", book(101, 150)).status, 201);
  EXPECT_TRUE(violations().empty());
}

TEST_F(DispatchBooks, R8_17_EachMissingOrDamagedPageIsOneProposedPenalty) {
  as(archivist_id);
  const std::int64_t id = call("POST", "number-books", book(1, 50)).body["id"];
  const auto fault = [&](Json body) { return give_back(id, std::move(body)).body["field"]; };
  EXPECT_EQ(fault({{"stubs", 50}, {"missing", {7}}}), "stubs") << "50 and 1 are no book of 50";
  EXPECT_EQ(fault({{"stubs", 49}}), "stubs");
  EXPECT_EQ(fault({{"missing", {7}}}), "stubs");
  EXPECT_EQ(fault({{"stubs", 49}, {"missing", {51}}}), "missing");
  EXPECT_EQ(fault({{"stubs", 48}, {"missing", {7, 7}}}), "missing");
  EXPECT_EQ(fault({{"stubs", 49}, {"missing", {7}}, {"damaged", {7}}}), "damaged");
  EXPECT_EQ(all_penalties().size(), 0u);
  const auto returned = give_back(id, {{"stubs", 48}, {"missing", {7, 8}}, {"damaged", {9}}});
  ASSERT_EQ(returned.status, 200) << returned.body;
  EXPECT_EQ(returned.body["state"], "returned");
  EXPECT_EQ(returned.body["missing"], (Json{7, 8}));
  const Json items = all_penalties();
  ASSERT_EQ(items.size(), 3u);
  for (const auto& one : items) {
    EXPECT_EQ(one["rule"], "R8.17");
    EXPECT_EQ(one["staff"], dispatcher_id);
    EXPECT_EQ(one["amount_fen"], 3000);
    EXPECT_EQ(one["state"], "proposed");
  }
  EXPECT_EQ(items[0]["evidence"], (Json{{"book", id}, {"page", 9}, {"fault", "damaged"}}));
  EXPECT_EQ(post.count("staff:5", "penalty.pages"), 1) << "one message for all of them";
}

class ShiftLog : public DispatchHouse {
 protected:
  Json log() { return call("GET", "shift-log").body["items"]; }
  std::string record_repair() {
    db().script("BEGIN");
    const std::string number = record(chat_repair());
    db().script("COMMIT");
    return number;
  }
  // When the newest check was.
  std::string time_of_last_check() {
    const auto millis = db().value<std::int64_t>("SELECT max(last_at) FROM daily_checks");
    return Zone::shanghai().rfc3339(from_millis(millis.value_or(0)));
  }
  int checks_sent() const { return post.count("role:dispatcher", "shift.check"); }
  std::string last_check() const {
    for (auto one = post.sent.rbegin(); one != post.sent.rend(); ++one) {
      if (one->notice.template_id == "shift.check") {
        return std::get<std::string>(one->notice.args.at("text"));
      }
    }
    return {};
  }
  Answer reason(const Json& entry, const std::string& order, const char* why) {
    return call("POST", "shift-log/{id}/reasons", {{"order", order}, {"reason", why}},
                std::to_string(entry["id"].get<std::int64_t>()));
  }
};

TEST_F(ShiftLog, R8_15_TenMinutesBeforeTheEndOfWorkTheDaysOrdersAreChecked) {
  const std::string late = task(), done = task(0);
  as(dispatcher_id);
  ASSERT_EQ(act(done, "cancel", {{"note", "不用了"}}), 200);
  const std::string open = record_repair();
  advance_to("2026-11-23T17:49:59+08:00");
  EXPECT_EQ(checks_sent(), 0) << "12:00 ends the morning, not the work";
  advance_to("2026-11-23T17:50:00+08:00");
  ASSERT_EQ(checks_sent(), 1);
  EXPECT_NE(last_check().find(late), std::string::npos) << last_check();
  EXPECT_NE(last_check().find(open), std::string::npos);
  EXPECT_NE(last_check().find("shift.late count=1"), std::string::npos);
  EXPECT_EQ(last_check().find(done), std::string::npos);
  as(dispatcher_id);
  ASSERT_EQ(log().size(), 1u);
  const Json entry = log()[0];
  EXPECT_EQ(entry["kind"], "daily_check");
  EXPECT_EQ(entry["at"], "2026-11-23T17:50:00+08:00");
  ASSERT_EQ(entry["unfinished"].size(), 2u);
  EXPECT_EQ(entry["unfinished"][0]["order"], late);
  EXPECT_EQ(entry["unfinished"][0]["late"], true);
  EXPECT_EQ(entry["unfinished"][1]["order"], open);
  EXPECT_EQ(entry["unfinished"][1]["reason"], nullptr);
}

TEST_F(ShiftLog, R8_15_TheReasonsAreWrittenAndTheNextCheckAsksForThoseThatAreNot) {
  const std::string one = task(), two = task();
  advance_to("2026-11-23T18:00:00+08:00");
  as(dispatcher_id);
  const Json entry = log()[0];
  EXPECT_EQ(reason(entry, "GZ20261123-0099", "缺配件").status, 404);
  EXPECT_EQ(reason(entry, one, "  ").body["field"], "reason");
  const auto written = reason(entry, one, "缺配件");
  ASSERT_EQ(written.status, 200) << written.body;
  EXPECT_EQ(written.body["unfinished"][0]["reason"], "缺配件");
  EXPECT_EQ(written.body["unfinished"][0]["reason_by"], "staff:5");
  EXPECT_EQ(reason(entry, one, "其实是忘了").status, 409) << "the log is not rewritten";
  as(technician_id);
  EXPECT_EQ(reason(entry, two, "我来写").status, 403);
  advance_to("2026-11-24T17:50:00+08:00");
  EXPECT_EQ(checks_sent(), 2);
  EXPECT_NE(last_check().find("shift.missing_reasons count=1 numbers=" + two), std::string::npos)
      << last_check();
  EXPECT_EQ(
      dispatch::write_reason_at(db(), "liyuan", 2, "等业主", {"staff:5", "dispatcher", 5, ""}, now)
          .value(),
      two);
  EXPECT_TRUE(dispatch::missing_reasons(db(), "liyuan").empty());
  EXPECT_EQ(dispatch::write_reason_at(db(), "liyuan", 3, "x", {}, now).error().status, 404);
}

TEST_F(ShiftLog, R8_15_OfWhatIsDoneOrGivenUpNobodyIsAskedAnyMoreWhyItWasNot) {
  const std::string done = task(), given_up = task(0), open = task();
  advance_to("2026-11-23T18:00:00+08:00");
  EXPECT_EQ(dispatch::missing_reasons(db(), "liyuan"),
            (std::vector<std::string>{done, given_up, open}));
  as(technician_id);
  for (const char* action : {"accept", "complete"}) {
    ASSERT_EQ(act(done, action, {{"note", "换好了"}}), 200) << action;
  }
  as(dispatcher_id);
  ASSERT_EQ(act(given_up, "cancel", {{"note", "不用了"}}), 200);
  EXPECT_EQ(dispatch::missing_reasons(db(), "liyuan"), std::vector<std::string>{open});
  EXPECT_TRUE(dispatch::missing_reasons(db(), "tower").empty());
  advance_to("2026-11-24T17:50:00+08:00");
  EXPECT_NE(last_check().find("shift.missing_reasons count=1 numbers=" + open), std::string::npos)
      << last_check();
}

TEST_F(ShiftLog, R8_15_ALongLogIsNotReadThroughForMissingReasons) {
  task();
  advance_to("2026-11-23T18:00:00+08:00");
  const auto steps = [&] {
    return test::vm_steps(db(), [&] { dispatch::missing_reasons(db(), "liyuan"); });
  };
  const auto before = steps();
  db().script(
      "INSERT INTO shift_log_unfinished(entry, n, order_number, state, late)"
      " WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
      " SELECT 1, i, 'GZ20200101-' || i, 'assigned', 0 FROM n");
  EXPECT_LT(steps(), before + 500);
}

TEST_F(ShiftLog, R8_15_ClosedDaysHaveNoCheckAndWorkedWeekendsHaveMondays) {
  directory.profile_.values["holidays"] = {"2026-11-24"};
  directory.profile_.values["workdays"] = {"2026-11-28"};
  directory.profile_.values["dispatch"] = {{"daily_check_minutes", 30}};
  task();
  std::vector<std::string> days;
  for (int day = 0; day < 8; ++day) {
    const int before = checks_sent();
    advance_to(at("2026-11-23T23:59:00+08:00") + day * 24h);
    if (checks_sent() > before) {
      days.push_back(time_of_last_check());
    }
  }
  EXPECT_EQ(days,
            (std::vector<std::string>{"2026-11-23T17:30:00+08:00",  // Monday
                                      "2026-11-25T17:30:00+08:00", "2026-11-26T17:30:00+08:00",
                                      "2026-11-27T17:30:00+08:00",
                                      "2026-11-28T17:30:00+08:00",  // a Saturday that is worked
                                      "2026-11-30T17:30:00+08:00"}));
}

TEST_F(ShiftLog, R8_15_WithoutADispatcherTheFrontDeskIsTold) {
  std::erase_if(directory.staff_, [](const auto& one) { return one.role == "dispatcher"; });
  record_repair();
  advance_to("2026-11-23T17:50:00+08:00");
  EXPECT_EQ(post.count("role:front_desk", "shift.check"), 1);
}

TEST_F(ShiftLog, R8_15_WhenAllIsDoneNobodyIsDisturbed) {
  const std::string number = task();
  as(technician_id);
  ASSERT_EQ(act(number, "accept"), 200);
  ASSERT_EQ(act(number, "complete", {{"note", "好了"}}), 200);
  advance_to("2026-11-23T18:00:00+08:00");
  EXPECT_EQ(checks_sent(), 0);
  const std::string after_hours = record_repair();
  advance_to("2026-11-24T17:50:00+08:00");
  EXPECT_EQ(checks_sent(), 1) << "what came after the check is of the next day";
  EXPECT_NE(last_check().find(after_hours), std::string::npos);
}

TEST_F(ShiftLog, R8_15_NightsEndOnTheNextDayAndWithoutHoursThereIsNoEnd) {
  EstateProfile night = directory.profile_;
  night.values = {{"service_hours", {{"mon", {"22:00-06:00"}}}}};
  const auto next = dispatch::next_check(night, at("2026-11-24T01:00:00+08:00"));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->at, at("2026-11-24T05:50:00+08:00"));
  EXPECT_EQ(dispatch::next_check(night, next->at)->at, at("2026-12-01T05:50:00+08:00"));
  night.values = Json::object();
  EXPECT_FALSE(dispatch::next_check(night, now));
}

TEST_F(ShiftLog, PeopleOnDutyWriteNotesIntoIt) {
  const std::string number = task();
  as(desk_id);
  const auto made = call("POST", "shift-log", {{"note", "交接：水泵待修"}, {"order", number}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body["estate"], "liyuan");
  EXPECT_EQ(made.body["author"], "staff:9");
  EXPECT_EQ(made.body["note"], "交接：水泵待修");
  EXPECT_EQ(made.body["order"], number);
  EXPECT_EQ(call("POST", "shift-log", {{"note", " "}}).body["field"], "note");
  EXPECT_EQ(call("POST", "shift-log", {{"note", "x"}, {"order", "GZ1"}}).body["field"], "order");
  EXPECT_EQ(call("POST", "shift-log", {{"note", "x"}, {"estate", "mars"}}).body["field"], "estate");
  EXPECT_EQ(log().size(), 1u);
  EXPECT_EQ(call("GET", "shift-log", nullptr, {}, "estate=tower").body["items"].size(), 0u);
  as(finance_id);
  EXPECT_EQ(call("POST", "shift-log", {{"note", "x"}}).status, 403);
}

}  // namespace
}  // namespace huiyin::orders_test
