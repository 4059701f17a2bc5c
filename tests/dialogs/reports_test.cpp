// Lists and statistics of work orders: who is on them, and that a spreadsheet takes a text for
// nothing else.
#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sstream>

#include "dialogs/dispatch/schema.h"
#include "dialogs/reports/resource.h"
#include "tests/dialogs/orders_api.h"
#include "tests/support/process.h"

namespace huiyin::orders_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string config = std::string(HUIYIN_SOURCE_DIR) + "/config";

class WorkReports : public OrdersApi {
 protected:
  WorkReports() {
    std::ifstream in(config + "/estates/liyuan.json");
    directory.profile_.values = Json::parse(in);
    for (const auto& one : dispatch::migrations()) db().script(one.sql);  // of penalties
    reports_resource.add_to(api);
  }
  http::Response raw(const std::string& name, const std::string& query = "") {
    const auto& entry = api.entries.at("GET /api/v1/reports/" + name);
    http::Request request;
    request.method = "GET";
    request.query = query;
    testing::TestCall one(*database, now, who, std::move(request), nullptr);
    return entry.handler(one);
  }
  Json report(const std::string& name, const std::string& query = "") {
    const auto answer = raw(name, query);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Json::parse(answer.body);
  }
  std::vector<std::string> numbers(const Json& report) {
    std::vector<std::string> out;
    for (const auto& item : report["items"]) out.push_back(item["number"]);
    return out;
  }
  std::string repair(const std::string& description = "厨房水龙头漏水",
                     const std::string& name = "王芳") {
    return call("POST", "work-orders",
                {{"kind", "repair"},
                 {"unit", "3-2-501"},
                 {"description", description},
                 {"customer", {{"name", name}, {"phone", "+8613800138000"}}},
                 {"channel", "call"}})
        .body.at("number");
  }
  void done(const std::string& number, Json body) {
    const auto answer = act(number, std::move(body));
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  void complete(const std::string& number, std::int64_t fen = 0) {
    done(number, {{"action", "notify"}});
    done(number, {{"action", "assign"}, {"assignee", 2}});
    for (const char* action : {"accept", "arrive", "start"}) done(number, {{"action", action}});
    if (fen > 0) done(number, {{"action", "add_charge"}, {"item", "换龙头"}, {"amount_fen", fen}});
    done(number, {{"action", "complete"}});
  }
  void bring_back(const std::string& number) {
    done(number, {{"action", "sign"}, {"by", "王芳"}, {"role", "customer"}, {"method", "paper"}});
    done(number, {{"action", "return"}});
  }
  void set_now(std::string_view time) { advance_to(at(time)); }

  std::unique_ptr<Speech> speech_script = load_speech(config + "/phrases").value();
  reports::ReportsResource reports_resource{directory, *speech_script};
};

TEST_F(WorkReports, TheListOfOrdersHoldsWhatTheContractNames) {
  const std::string number = repair();
  const Json list = report("work-orders");
  ASSERT_EQ(list["items"].size(), 1u);
  const Json& one = list["items"][0];
  EXPECT_EQ(one["number"], number);
  EXPECT_EQ(one["unit"], "3-2-501");
  EXPECT_EQ(one["customer"], (Json{{"name", "王芳"}, {"phone", "+8613800138000"}}));
  EXPECT_EQ(one["description"], "厨房水龙头漏水");
  EXPECT_EQ(one["state"], "recorded");
  EXPECT_EQ(one["received_at"], "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(one["total_fen"], nullptr);
  EXPECT_EQ(list["next"], nullptr);
}

TEST_F(WorkReports, TheTimeIsWholeDaysOfTheEstateWithTheLastOneIncluded) {
  set_now("2026-11-23T23:59:59+08:00");
  const std::string first = repair();
  set_now("2026-11-24T00:00:00+08:00");
  const std::string second = repair();
  set_now("2026-11-25T12:00:00+08:00");
  using List = std::vector<std::string>;
  EXPECT_EQ(numbers(report("work-orders")), (List{first, second}));
  EXPECT_EQ(numbers(report("work-orders", "from=2026-11-23&to=2026-11-23")), List{first});
  EXPECT_EQ(numbers(report("work-orders", "from=2026-11-24")), List{second});
  EXPECT_EQ(numbers(report("work-orders", "to=2026-11-24")), (List{first, second}));
  EXPECT_EQ(numbers(report("work-orders", "from=2026-11-25&to=2026-11-30")), List{});
  EXPECT_EQ(numbers(report("work-orders", "month=2026-11")), (List{first, second}));
  EXPECT_EQ(numbers(report("work-orders", "month=2026-10")), List{});
  // To the moment, that moment included, whatever its offset; a plus sign may come as a space.
  EXPECT_EQ(numbers(report("work-orders", "from=2026-11-23T16:00:00Z&to=2026-11-23T16:00:00Z")),
            List{second});
  EXPECT_EQ(numbers(report("work-orders", "to=2026-11-23T23:59:59+08:00")), List{first});
}

TEST_F(WorkReports, BadQuestionsNameTheMember) {
  for (const auto& [query, field] :
       std::vector<std::pair<std::string, std::string>>{{"from=yesterday", "from"},
                                                        {"from=2026-02-31", "from"},
                                                        {"to=2026-13-01", "to"},
                                                        {"to=2026-11-23T10:00:00", "to"},
                                                        {"from=2026-11-24&to=2026-11-23", "to"},
                                                        {"from=2026-11-23x", "from"},
                                                        {"month=2026-13", "month"},
                                                        {"month=2026", "month"},
                                                        {"month=2026-11&from=2026-11-01", "month"},
                                                        {"format=pdf", "format"},
                                                        {"lang=fr", "lang"},
                                                        {"estate=nowhere", "estate"}}) {
    const auto refused = raw("work-orders", query);
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_EQ(Json::parse(refused.body)["field"], field) << query;
  }
  EXPECT_EQ(raw("work-orders", "from=&to=&format=").status, 200);
}

TEST_F(WorkReports, CsvIsForSpreadsheetsInChineseOrEnglish) {
  repair("水管漏了,\"快\"来\n谢谢");
  const auto csv = raw("work-orders", "format=csv");
  EXPECT_EQ(csv.headers.at("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_THAT(csv.body, StartsWith("\xEF\xBB\xBF编号,类别,项目,状态,地址,"));
  EXPECT_THAT(csv.body, HasSubstr("\"水管漏了,\"\"快\"\"来\n谢谢\""));
  EXPECT_THAT(csv.body, HasSubstr(",已登记,3-2-501,"));
  EXPECT_THAT(csv.body, HasSubstr(",+8613800138000,"));  // no apostrophe for a phone
  EXPECT_THAT(csv.body, HasSubstr("2026-11-23 10:00"));
  EXPECT_THAT(raw("work-orders", "format=csv&lang=en").body,
              AllOf(StartsWith("\xEF\xBB\xBFNumber,Kind,"), HasSubstr(",recorded,")));
}

TEST_F(WorkReports, ATextIsNoFormulaInCsv) {
  repair("=HYPERLINK(\"http://x\")", "@SUM(1)");
  EXPECT_THAT(raw("work-orders", "format=csv").body,
              AllOf(HasSubstr("\"'=HYPERLINK(\"\"http://x\"\")\""), HasSubstr(",'@SUM(1),")));
  for (const char* formula : {"=1", "+1+1", "-cmd", "@x", "\tx", "\rx", "\r=1", "\xE2\x80\xAE=1"}) {
    EXPECT_THAT(reports::guard_formula(formula), StartsWith("'")) << formula;
  }
  for (const char* plain : {"-12.50", "+8613800138000", "12", "a=1", "", "漏水"}) {
    EXPECT_EQ(reports::guard_formula(plain), plain);
  }
}

TEST_F(WorkReports, ATextIsAStringCellInXlsx) {
  repair("=1+1", "http://example.com");
  const std::string number = repair();
  complete(number, 8001);
  const auto xlsx = raw("work-orders", "format=xlsx");
  EXPECT_EQ(xlsx.headers.at("Content-Type"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  const std::string file = dir.path() + "/report.xlsx", text = dir.path() + "/sheet.xml";
  std::ofstream(file, std::ios::binary) << xlsx.body;
  ASSERT_EQ(test::run({.argv = {"unzip", "-tq", file}}), 0);
  ASSERT_EQ(test::run({.argv = {"unzip", "-p", file}, .stdout_file = text}), 0);
  std::stringstream all;
  all << std::ifstream(text).rdbuf();
  EXPECT_THAT(all.str(), AllOf(HasSubstr("t=\"inlineStr\"><is><t>=1+1</t>"),
                               HasSubstr("<t>http://example.com</t>"), HasSubstr("<t>编号</t>"),
                               HasSubstr("<v>80.01")));
  EXPECT_THAT(all.str(), Not(HasSubstr("<f>")));
  EXPECT_THAT(all.str(), Not(HasSubstr("<hyperlink")));
}

TEST_F(WorkReports, R5_21_TheDayEndsWithWhatIsOpenLateDoneReturnedAndNotReturned) {
  const std::string open = repair(), finished = repair(), back = repair();
  complete(finished);
  complete(back);
  bring_back(back);
  done(open, {{"action", "notify"}});
  set_now("2026-11-23T17:30:00+08:00");
  const Json list = report("day-end", "from=2026-11-23");
  EXPECT_EQ(list["totals"],
            (Json{{"open", 1}, {"late", 1}, {"done", 2}, {"returned", 1}, {"not_returned", 1}}));
  std::map<std::string, Json> by_number;
  for (const auto& item : list["items"]) by_number[item["number"]] = item;
  EXPECT_EQ(by_number[open]["open"], true);
  EXPECT_EQ(by_number[finished]["not_returned"], true);
  EXPECT_EQ(by_number[finished]["missed"], "R5.21");
  EXPECT_EQ(by_number[back]["returned"], true);
  EXPECT_EQ(by_number[back]["late"], false);
  // The next day changes nothing on the list of this one.
  set_now("2026-11-24T09:00:00+08:00");
  bring_back(finished);
  done(open, {{"action", "cancel"}});
  EXPECT_EQ(report("day-end", "from=2026-11-23&to=2026-11-23"), list);
  EXPECT_EQ(report("day-end")["totals"],
            (Json{{"open", 0}, {"late", 0}, {"done", 0}, {"returned", 1}, {"not_returned", 0}}));
}

TEST_F(WorkReports, R8_15_TheDayEndSaysWhyATaskIsNotDone) {
  const std::string number = call("POST", "work-orders",
                                  {{"kind", "task"},
                                   {"dispatcher", 4},
                                   {"place", "大堂"},
                                   {"description", "换灯"},
                                   {"requirement", "今天"},
                                   {"reply_by", "2026-11-23T17:00:00+08:00"}})
                                 .body["number"];
  done(number, {{"action", "assign"}, {"assignee", 2}});
  done(number, {{"action", "accept"}});
  done(number, {{"action", "progress"}, {"note", "等灯具到货"}});
  const Json list = report("day-end");
  ASSERT_EQ(list["items"].size(), 1u);
  EXPECT_EQ(list["items"][0]["reason"], "等灯具到货");
  EXPECT_EQ(list["items"][0]["open"], true);
}

TEST_F(WorkReports, R5_22_TheListForFinanceRunsFromThe26thToThe25th) {
  const std::string handed = repair(), waiting = repair(), free = repair(), later = repair();
  for (const auto& number : {handed, waiting}) complete(number, 8000);
  complete(free);
  for (const auto& number : {handed, waiting, free}) bring_back(number);
  done(handed, {{"action", "send_to_finance"}});
  complete(later, 5000);
  set_now("2026-11-26T09:00:00+08:00");
  bring_back(later);
  done(later, {{"action", "send_to_finance"}});
  // R5.29: finance charges from copy 3.
  const Json list = report("to-finance", "month=2026-11");
  EXPECT_EQ(numbers(list), (std::vector<std::string>{handed, waiting}));
  EXPECT_EQ(list["totals"], (Json{{"count", 2}, {"waiting", 1}, {"total_fen", 16000}}));
  EXPECT_EQ(list["items"][0]["copy"], 3);
  EXPECT_EQ(list["items"][0]["holder"], "finance");
  EXPECT_EQ(list["items"][0]["handed_over"], true);
  EXPECT_EQ(list["items"][0]["charges"], "换龙头 80.00");
  EXPECT_EQ(list["items"][1]["handed_over"], false);
  // What nobody brought waits on the next list, too; today is in that month.
  EXPECT_EQ(numbers(report("to-finance")), (std::vector<std::string>{waiting, later}));
  EXPECT_EQ(report("to-finance"), report("to-finance", "month=2026-12"));
}

TEST_F(WorkReports, R5_30_ThePaidServiceRecordHasALineForEachCharge) {
  const std::string number = repair();
  done(number, {{"action", "assign"}, {"assignee", 2}});
  for (const char* action : {"accept", "arrive"}) done(number, {{"action", action}});
  done(number, {{"action", "add_charge"}, {"item", "换龙头"}, {"amount_fen", 8000}});
  done(number, {{"action", "add_charge"}, {"item", "人工"}, {"amount_fen", 4001}});
  const Json list = report("paid-services");
  ASSERT_EQ(list["items"].size(), 2u);
  EXPECT_EQ(list["items"][1]["service"], "人工");
  EXPECT_EQ(list["items"][1]["amount_fen"], 4001);
  EXPECT_EQ(list["items"][1]["assignee"], "李师傅");
  EXPECT_EQ(list["totals"]["total_fen"], 12001);
  EXPECT_THAT(raw("paid-services", "format=csv").body, HasSubstr(",40.01,"));
  EXPECT_EQ(report("paid-services", "month=2026-10")["items"].size(), 0u);
}

TEST_F(WorkReports, R9_6_TheRegisterOfRepairsNamesReceiverAndTimes) {
  const std::string number = repair();
  call("POST", "work-orders", {{"kind", "public"}, {"place", "电梯"}, {"description", "坏了"}});
  now += std::chrono::minutes(2);
  complete(number);
  const Json list = report("repair-register");
  ASSERT_EQ(numbers(list), std::vector<std::string>{number});
  const Json& one = list["items"][0];
  EXPECT_EQ(one["received_at"], "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(one["accepted_at"], "2026-11-23T10:02:00+08:00");  // R9.9
  EXPECT_EQ(one["receiver"], "管理员");                        // R9.8
  EXPECT_EQ(one["assignee"], "李师傅");
  EXPECT_EQ(one["completed_at"], "2026-11-23T10:02:00+08:00");
}

// R5.19: it is the customer's signature that a report gives the time of, as the order does; one of
// a supervisor before it and the one that confirms the returned sheet (R5.21) are others.
TEST_F(WorkReports, R5_19_R5_22_R9_6_TheTimeOfSigningIsTheCustomers) {
  const std::string number = repair();
  complete(number, 8000);
  const Json boss = {
      {"action", "sign"}, {"by", "孙工"}, {"role", "engineering_supervisor"}, {"method", "api"}};
  set_now("2026-11-23T10:30:00+08:00");
  done(number, boss);
  const auto signed_everywhere = [&] {
    std::set<Json> out;
    for (const char* name : {"repair-register", "paid-services", "to-finance"}) {
      const Json list = report(name);
      EXPECT_LE(list["items"].size(), 1u) << name;
      for (const auto& item : list["items"]) out.insert(item["signed_at"]);
    }
    return out;
  };
  EXPECT_EQ(signed_everywhere(), std::set<Json>{nullptr});
  set_now("2026-11-23T11:00:00+08:00");
  done(number, {{"action", "sign"}, {"by", "王芳"}, {"role", "customer"}, {"method", "paper"}});
  done(number, {{"action", "return"}});
  set_now("2026-11-23T15:00:00+08:00");
  done(number, boss);
  EXPECT_EQ(report("to-finance")["items"].size(), 1u);
  EXPECT_EQ(signed_everywhere(), std::set<Json>{"2026-11-23T11:00:00+08:00"});
  EXPECT_EQ(
      orders::to_json(db(), orders::find(db(), number).value(), directory.profile_).at("signed_at"),
      "2026-11-23T11:00:00+08:00");
}

TEST_F(WorkReports, R9_17_RepairsThatCostNothingAreCountedByMonthAndItem) {
  const std::string open = repair();
  for (int i = 0; i < 2; ++i) complete(repair());
  complete(repair(), 8000);
  set_now("2026-12-01T09:00:00+08:00");
  complete(repair());
  const Json list = report("free-repairs");
  ASSERT_EQ(list["items"].size(), 2u);
  EXPECT_EQ(list["items"][0]["month"], "2026-11");
  EXPECT_EQ(list["items"][0]["count"], 2);
  EXPECT_EQ(list["items"][1]["month"], "2026-12");
  EXPECT_EQ(list["totals"]["count"], 3);
}

TEST_F(WorkReports, MissedLimitsAreListedWithWhoMissedThem) {
  const std::string number = repair();
  repair();
  set_now("2026-11-23T10:05:00+08:00");
  who = {"service_supervisor", 4, "liyuan"};
  done(number, {{"action", "notify"}});
  const Json list = report("late");
  ASSERT_EQ(list["items"].size(), 2u);
  EXPECT_EQ(list["items"][0]["rule"], "R5.8");
  EXPECT_EQ(list["items"][0]["number"], number);
  EXPECT_EQ(list["items"][0]["due_at"], "2026-11-23T10:03:00+08:00");
  EXPECT_EQ(list["items"][0]["met_at"], "2026-11-23T10:05:00+08:00");
  EXPECT_EQ(list["items"][0]["who"], "赵主管");
  EXPECT_EQ(list["items"][1]["met_at"], nullptr);
  EXPECT_EQ(report("late", "from=2026-11-24")["items"].size(), 0u);
}

TEST_F(WorkReports, WhoMissedALimitIsWhoMetItInTheEndNotWhoDidSomethingElseThen) {
  const std::string number = repair();
  set_now("2026-11-23T10:05:00+08:00");
  // Somebody of the desk asks for haste at the moment at which the supervisor tells engineering.
  auto t = tx();
  desk.urge(t, orders::find(db(), number).value(), {"staff:3", "technician", 3}, "快点");
  who = {"service_supervisor", 4, "liyuan"};
  done(number, {{"action", "notify"}});
  const Json list = report("late");
  ASSERT_EQ(list["items"].size(), 1u);
  EXPECT_EQ(list["items"][0]["rule"], "R5.8");
  EXPECT_EQ(list["items"][0]["who"], "赵主管");
}

TEST_F(WorkReports, EveryReportAnswersInEveryFormBeforeThereIsAnything) {
  for (const auto& one : reports::all_reports()) {
    for (const char* format : {"json", "csv", "xlsx"}) {
      const auto answer = raw(std::string(one.name), std::string("format=") + format);
      EXPECT_EQ(answer.status, 200) << one.name << " " << format;
      EXPECT_EQ(answer.headers.at("Cache-Control"), "no-store");
    }
  }
  EXPECT_TRUE(reports::check_headings(config).empty());
}

}  // namespace
}  // namespace huiyin::orders_test
