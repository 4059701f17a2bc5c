// The printed sheets: what stands on which copy, that nothing stored becomes markup, and that a
// template's faults are named.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "dialogs/sheets/qr.h"
#include "dialogs/sheets/resource.h"
#include "dialogs/sheets/sheet_fields.h"
#include "store/base/text.h"
#include "tests/dialogs/orders_api.h"

namespace huiyin::orders_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string config = std::string(HUIYIN_SOURCE_DIR) + "/config";

Json estate_file(const std::string& name) {
  std::ifstream in(config + "/estates/" + name + ".json");
  return Json::parse(in);
}

class PrintedSheets : public OrdersApi {
 protected:
  PrintedSheets() {
    use_estate("liyuan");
    sheets_resource.add_to(api);
  }
  void use_estate(const std::string& name) {
    directory.profile_.id = name;
    directory.profile_.values = estate_file(name);
  }
  http::Response sheet(const std::string& number, const std::string& query = "copy=1") {
    const auto& entry = api.entries.at("GET /api/v1/work-orders/{number}/sheet");
    http::Request request;
    request.method = "GET";
    request.query = query;
    request.params["number"] = number;
    testing::TestCall one(*database, now, who, std::move(request), nullptr);
    return entry.handler(one);
  }
  std::string page(const std::string& number, const std::string& query = "copy=1") {
    const auto answer = sheet(number, query);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body;
  }
  std::string take(Json order) { return call("POST", "work-orders", order).body.at("number"); }
  std::string repair(const std::string& description = "厨房水龙头漏水") {
    return take({{"kind", "repair"},
                 {"unit", "3-2-501"},
                 {"description", description},
                 {"customer", {{"name", "王芳"}, {"phone", "+8613800138000"}}},
                 {"appointment", {{"from", "2026-11-24T10:00:00+08:00"}}},
                 {"channel", "call"}});
  }
  void done(const std::string& number, Json body) {
    const auto answer = act(number, std::move(body));
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  // To the work on site, at 10:03.
  void to_work(const std::string& number) {
    done(number, {{"action", "notify"}});
    done(number, {{"action", "assign"}, {"assignee", 2}});
    now += std::chrono::minutes(3);
    done(number, {{"action", "accept"}});
    done(number, {{"action", "arrive"}});
    done(number, {{"action", "start"}});
  }

  std::unique_ptr<Speech> speech_script = load_speech(config + "/phrases").value();
  std::vector<std::string> drawn;
  sheets::SheetsResource sheets_resource{
      directory, *speech_script, sheets::SheetBook::load(config, sheets::known_fields()).value(),
      [this](store::Connection&, const orders::Order&) { return drawn; }};
};

TEST_F(PrintedSheets, R5_7_ARepairHasFourCopiesEachNamingItsHolder) {
  const std::string number = repair();
  EXPECT_THAT(page(number, "copy=1"), HasSubstr("第一联　客户（缴费依据）"));  // R5.20
  EXPECT_THAT(page(number, "copy=2"), HasSubstr("第二联　部门留存"));          // R5.23
  EXPECT_THAT(page(number, "copy=3"), HasSubstr("第三联　财务（收费依据）"));  // R5.22
  EXPECT_THAT(page(number, "copy=4"), HasSubstr("第四联　前台存根"));
  EXPECT_THAT(page(number, ""), HasSubstr("<span class=\"copy\">第一联"));
  EXPECT_EQ(sheet(number, "copy=5").status, 404);
  EXPECT_EQ(sheet(number, "copy=99999999999999999999").status, 404);
}

TEST_F(PrintedSheets, R9_7_ATowerRepairHasThreeCopiesOfItsOwnForm) {
  use_estate("tower");
  const std::string number = repair();
  // R9.17: form 3501 in place of the repair sheet.
  EXPECT_THAT(page(number), AllOf(HasSubstr("<h1>工程报修单</h1>"), HasSubstr("qms-pm-3501"),
                                  HasSubstr("王芳"), HasSubstr("13800138000")));
  EXPECT_THAT(page(number, "copy=3"), HasSubstr("第三联　财务"));
  EXPECT_EQ(sheet(number, "copy=4").status, 404);
}

TEST_F(PrintedSheets, R9_17_TheFollowUpRecordShowsTheHistoryOfATowerRepair) {
  use_estate("tower");
  const std::string number = repair();
  to_work(number);
  done(number, {{"action", "progress"}, {"note", "等配件"}});
  const std::string record = page(number, "form=3503");
  EXPECT_THAT(record, AllOf(HasSubstr("<h1>报修情况跟进记录表</h1>"), HasSubstr("等配件"),
                            HasSubstr("2026-11-23 10:03"), HasSubstr("接单")));
  EXPECT_EQ(page(number, "form=qms-pm-3503"), record);
  EXPECT_EQ(sheet(number, "form=3503&copy=2").status, 404);
  // R9.8, R9.9: who received the sheet, and when.
  EXPECT_THAT(page(number), HasSubstr("接收人签字：管理员"));
}

TEST_F(PrintedSheets, OtherEstatesHaveNoTowerForms) {
  const std::string number = repair();
  const auto refused = sheet(number, "form=3503");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(Json::parse(refused.body)["field"], "form");
  EXPECT_EQ(sheet(number, "form=../../etc/passwd").status, 400);
}

TEST_F(PrintedSheets, AnEstateOfAnotherProfileTakesTheFirstSheetOfTheKind) {
  directory.profile_.values["profile"] = "villas";
  EXPECT_THAT(page(repair()), HasSubstr("<h1>维修单</h1>"));
}

TEST_F(PrintedSheets, R8_2_ATaskHasTwoCopies) {
  const std::string number = take({{"kind", "task"},
                                   {"dispatcher", 4},
                                   {"place", "3栋大堂"},
                                   {"description", "更换灯具"},
                                   {"requirement", "下班前完成"},
                                   {"reply_by", "2026-11-23T17:30:00+08:00"}});
  EXPECT_THAT(page(number), AllOf(HasSubstr("<h1>工作单</h1>"), HasSubstr("第一联　调度中心存底"),
                                  HasSubstr("赵主管"), HasSubstr("3栋大堂"), HasSubstr("更换灯具"),
                                  HasSubstr("下班前完成"), HasSubstr("2026-11-23 17:30")));
  EXPECT_THAT(page(number, "copy=2"), HasSubstr("第二联　执行凭证"));
  EXPECT_EQ(sheet(number, "copy=3").status, 404);
}

TEST_F(PrintedSheets, R4_3_AComplaintHasItsHandlingSheet) {
  const std::string number = take({{"kind", "complaint"},
                                   {"description", "楼上很吵"},
                                   {"channel", "letter"},
                                   {"severity", "major"}});
  const std::string sheet_text = page(number);
  EXPECT_THAT(sheet_text, AllOf(HasSubstr("<h1>用户投诉处理单</h1>"), HasSubstr("（未留名）"),
                                HasSubstr("☑来函"), HasSubstr("□来电"), HasSubstr("☑重大"),
                                HasSubstr("部门负责人签收")));
  EXPECT_EQ(sheet(number, "copy=2").status, 404);
}

TEST_F(PrintedSheets, R4_3_TheComplaintSheetNamesTheDepartmentThatAnswersForIt) {
  const std::string number = take({{"kind", "complaint"}, {"description", "楼上很吵"}});
  EXPECT_THAT(page(number), HasSubstr("责任部门</th><td><div class=\"line1\"></div></td>"));
  const auto route = [&](const char* department) {
    orders::add_event(db(), orders::find(db(), number).value(), now, orders::Actor::system(),
                      "route", {}, {}, {{"department", department}, {"topic", nullptr}});
    return page(number);
  };
  EXPECT_THAT(route("property_assistant"),
              HasSubstr("责任部门</th><td><div class=\"line1\">物业部<"));
  // The last one counts; engineers are called what the estate calls them.
  EXPECT_THAT(route("engineering_supervisor"),
              HasSubstr("责任部门</th><td><div class=\"line1\">工程部<"));
  use_estate("tower");
  EXPECT_THAT(page(number), HasSubstr("责任部门</th><td><div class=\"line1\">机电部<"));
  EXPECT_THAT(route("general_manager"),
              HasSubstr("责任部门</th><td><div class=\"line1\">公司经理<"));
}

TEST_F(PrintedSheets, R5_25_CopyTwoOfThePatrolFormIsSignedForByEngineering) {
  const std::string number =
      take({{"kind", "public"}, {"place", "3栋电梯"}, {"description", "按钮失灵"}});
  EXPECT_THAT(page(number, "copy=2"), AllOf(HasSubstr("<h1>公共区域现场巡视表</h1>"),
                                            HasSubstr("第二联　工程部（领单签收）"),
                                            HasSubstr("工程部签收（第二联）：<span")));
  to_work(number);
  EXPECT_THAT(page(number, "copy=2"), HasSubstr("工程部签收（第二联）：<br>管理员（"));
  // R5.27: the matters of the repair are noted on it.
  done(number, {{"action", "complete"}, {"note", "按钮板已更换"}});
  EXPECT_THAT(page(number), AllOf(HasSubstr("按钮板已更换"), HasSubstr("现场收拾整理")));
  EXPECT_EQ(sheet(number, "copy=3").status, 404);
}

TEST_F(PrintedSheets, ShowEverythingOfTheRecord) {
  const std::string number = repair();
  to_work(number);
  // R5.16: the verdict on the customer's own material.
  done(
      number,
      {{"action", "verify_material"}, {"by", "客户"}, {"verdict", "质量不佳"}, {"note", "会再漏"}});
  // R5.18: the charges, and what they come to.
  done(number, {{"action", "add_charge"}, {"item", "换龙头"}, {"amount_fen", 8000}});
  done(number, {{"action", "add_charge"}, {"item", "人工"}, {"amount_fen", 4001}});
  done(number, {{"action", "progress"}, {"note", "正在换"}});
  now += std::chrono::minutes(20);
  done(number, {{"action", "complete"}, {"note", "已换好"}});
  // R5.19: the customer's signature, and the repairer's.
  done(number, {{"action", "sign"}, {"by", "王芳"}, {"role", "customer"}, {"method", "drawn"}});
  done(number, {{"action", "sign"}, {"by", "李师傅"}, {"role", "technician"}, {"method", "paper"}});
  done(number, {{"action", "return"}});
  done(number, {{"action", "send_to_finance"}});
  const std::string text = page(number);
  for (const char* part : {"荔园",
                           "王芳",
                           "13800138000",
                           "3-2-501",
                           "厨房水龙头漏水",
                           "2026-11-24 10:00",
                           "☑来电",
                           "☑收费标准内",
                           "李师傅",
                           "换龙头",
                           "80.00",
                           "人工",
                           "40.01",
                           "120.01",
                           "质量不佳",
                           "会再漏",
                           "正在换",
                           "已换好",
                           "2026-11-23 10:23",
                           "王芳（客户，手写签名）",
                           "李师傅（维修人员，纸面签名）",
                           "已返单"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  // Where the copies are is for the house, not for the customer's copy.
  EXPECT_THAT(text, Not(HasSubstr("联次流转")));
  EXPECT_THAT(page(number, "copy=2"), HasSubstr("第三联 财务（收费依据）：财务部"));
  EXPECT_THAT(text, HasSubstr("任何部门和个人不得私自收费"));  // R5.28
}

TEST_F(PrintedSheets, SayWhichLimitsWereMissed) {
  const std::string number = repair();
  EXPECT_THAT(page(number, "copy=4"), Not(HasSubstr("R5.8")));
  advance(std::chrono::minutes(4));
  EXPECT_THAT(page(number, "copy=4"), HasSubstr("R5.8 通知工程部领单：应于 2026-11-23 10:03"));
  EXPECT_THAT(page(number), Not(HasSubstr("R5.8"))) << "not the customer's business";
}

TEST_F(PrintedSheets, AnEmptyFieldIsALineToWriteOn) {
  const std::string text = page(repair());
  EXPECT_THAT(text, HasSubstr("<th>到场时间</th><td></td>"));
  // Eight lines for charges, though there is none.
  std::size_t lines = 0;
  for (auto at = text.find("<td class=\"num\"></td><td class=\"mid\"></td>");
       at != std::string::npos;
       at = text.find("<td class=\"num\"></td><td class=\"mid\"></td>", at + 1)) {
    ++lines;
  }
  EXPECT_EQ(lines, 8u);
}

TEST_F(PrintedSheets, ADrawnSignatureIsAPictureAndNothingElseIs) {
  const std::string number = repair();
  to_work(number);
  done(number, {{"action", "complete"}});
  done(number, {{"action", "sign"}, {"by", "王芳"}, {"role", "customer"}, {"method", "drawn"}});
  drawn = {std::string("\x89PNG\r\n\x1a\n", 8) + "rest"};
  EXPECT_THAT(page(number), HasSubstr("src=\"data:image/png;base64,iVBORw0KGgpyZXN0\""));
  drawn = {"<svg onload=alert(1)>"};
  EXPECT_THAT(page(number), Not(HasSubstr("<img")));
}

TEST_F(PrintedSheets, NothingStoredBecomesMarkup) {
  const std::string evil =
      "<script>alert(1)</script><img src=x onerror=\"a()\">'&lt;{{number}}\xE2\x80\xAE反";
  const std::string number = repair(evil);
  to_work(number);
  for (const char* action : {"progress", "complete"})
    done(number, {{"action", action}, {"note", evil}});
  done(number, {{"action", "sign"}, {"by", evil}, {"role", "customer"}, {"method", evil}});
  const std::string text = page(number);
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_THAT(text, Not(HasSubstr("<img")));
  EXPECT_THAT(text, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(text, HasSubstr("&quot;a()&quot;&gt;&#39;&amp;lt;{{number}}反"));
  EXPECT_THAT(text, Not(HasSubstr("\xE2\x80\xAE")));
}

TEST_F(PrintedSheets, LongTextsAreShortenedAndLongListsSayWhatTheyLeaveOut) {
  std::string flood;
  for (int i = 0; i < 3000; ++i) flood += "漏";
  const std::string number = repair(flood);
  to_work(number);
  for (int i = 0; i < 20; ++i) {
    done(number,
         {{"action", "add_charge"}, {"item", first_code_points(flood, 200)}, {"amount_fen", 100}});
    done(number, {{"action", "progress"}, {"note", first_code_points(flood, 2000)}});
  }
  const std::string text = page(number);
  EXPECT_LT(text.size(), 40'000u);
  EXPECT_THAT(text, HasSubstr("漏…"));
  EXPECT_THAT(text, HasSubstr("另有 12 项见续页，已计入"));
  EXPECT_THAT(text, HasSubstr("<td class=\"num\">20.00</td>"));  // all of them
  EXPECT_THAT(text, HasSubstr("另有 18 条见续页"));
  // R5.20: the basis of payment is complete; the page to continue on has every charge.
  const std::string next = text.substr(text.find("维修单（续页）"));
  for (const char* n : {"<td class=\"mid\">1</td>", "<td class=\"mid\">20</td>"}) {
    EXPECT_THAT(next, HasSubstr(n));
  }
  EXPECT_THAT(page(repair()), Not(HasSubstr("续页")));
}

TEST_F(PrintedSheets, R5_21_TheSupervisorConfirmsInTheOwnCellAndTheRepairerSignsInTheirs) {
  const std::string number = repair();
  to_work(number);
  done(number, {{"action", "complete"}});
  done(number, {{"action", "sign"}, {"by", "李师傅"}, {"role", "technician"}, {"method", "paper"}});
  done(number, {{"action", "sign"},
                {"by", "孙工"},
                {"role", "engineering_supervisor"},
                {"method", "paper"}});
  const std::string text = page(number, "copy=2");
  EXPECT_THAT(text, HasSubstr("维修人员签字：<br>李师傅（维修人员，纸面签名）"));
  EXPECT_THAT(text, HasSubstr("工程主管确认：<br>孙工（工程主管，纸面签名）"));
}

TEST_F(PrintedSheets, R5_15_ADeclineCarriesBothSignatures) {
  const std::string number = repair();
  to_work(number);
  done(number, {{"action", "decline"},
                {"note", "太贵"},
                {"signatures",
                 {{{"by", "李师傅"}, {"role", "technician"}, {"method", "paper"}},
                  {{"by", "孙工"}, {"role", "engineering_supervisor"}, {"method", "paper"}}}}});
  const std::string text = page(number);
  EXPECT_THAT(text, HasSubstr("维修人员签字：<br>李师傅（"));
  EXPECT_THAT(text, HasSubstr("工程主管确认：<br>孙工（"));
}

TEST_F(PrintedSheets, R9_4_TheTowerCallsTheSupervisorByItsOwnTitleAndR9_8_ShowsWhoTookTheOrder) {
  use_estate("tower");
  const std::string number = repair();
  done(number, {{"action", "notify"}});
  done(number, {{"action", "assign"}, {"assignee", 2}});
  now += std::chrono::minutes(1);
  done(number, {{"action", "accept"}, {"by", "机电老孙"}, {"method", "paper"}});
  const std::string text = page(number, "copy=2");
  EXPECT_THAT(text, HasSubstr("接收人签字：机电老孙"));
  EXPECT_THAT(text, HasSubstr("机电主管确认："));
  EXPECT_THAT(text, HasSubstr("机电部留存：机电主管"));
  EXPECT_THAT(text, Not(HasSubstr("维修人员签字：<br>"))) << "the receipt is no signature of work";
}

TEST_F(PrintedSheets, R9_6_WorkWithoutChargesIsMarkedAsFree) {
  const std::string number = repair();
  EXPECT_THAT(page(number), HasSubstr("□ 免费"));
  to_work(number);
  done(number, {{"action", "complete"}});
  EXPECT_THAT(page(number), HasSubstr("☑ 免费"));
}

TEST_F(PrintedSheets, ThePolicyForbidsScriptsAndAllFromElsewhere) {
  const auto answer = sheet(repair());
  EXPECT_EQ(answer.headers.at("Content-Type"), "text/html; charset=utf-8");
  const std::string policy = answer.headers.at("Content-Security-Policy");
  EXPECT_THAT(policy, AllOf(HasSubstr("default-src 'none'"), HasSubstr("img-src data:"),
                            HasSubstr("style-src 'sha256-"), Not(HasSubstr("unsafe")),
                            Not(HasSubstr("script-src"))));
  for (const char* part : {"http:", "https:", "src=", "href=", "url(", "<script", " style="}) {
    EXPECT_THAT(answer.body, Not(HasSubstr(part)));
  }
  EXPECT_THAT(answer.body, HasSubstr("@page { size: A4"));
}

TEST_F(PrintedSheets, BadQuestionsAreAnsweredExactly) {
  const std::string number = repair();
  for (const char* copy : {"copy=", "copy=0", "copy=-1", "copy=x", "copy=1x", "copy=1.5",
                           "copy=-99999999999999999999", "copy=%201"}) {
    const auto refused = sheet(number, copy);
    EXPECT_EQ(refused.status, 400) << copy;
    EXPECT_EQ(Json::parse(refused.body)["field"], "copy") << copy;
  }
  EXPECT_EQ(sheet("WX20261123-0099").status, 404);
  EXPECT_EQ(sheet("<script>").status, 404);
}

TEST_F(PrintedSheets, AllStaffMayReadThemAsTheyMayReadOrders) {
  EXPECT_EQ(api.entries.at("GET /api/v1/work-orders/{number}/sheet").route.roles,
            api.entries.at("GET /api/v1/work-orders/{number}").route.roles);
}

TEST(QrCode, IsThereWithItsQuietZoneAndWithoutMarkupOfItsText) {
  const std::string code = sheets::qr_code("WX20261123-0001").text;
  EXPECT_THAT(code, HasSubstr("viewBox=\"0 0 29 29\""));  // version 1: 21 modules and 4 around
  EXPECT_THAT(code, HasSubstr("M4 4h7v1h-7z"));           // the first line of a finder
  EXPECT_THAT(sheets::qr_code("<b>\"").text, HasSubstr("aria-label=\"&lt;b&gt;&quot;\""));
}

// --- templates

std::string render(std::string_view text, const sheets::Fields& fields) {
  const auto page = sheets::Template::parse(text);
  return page ? page->render(fields) : "fault: " + page.error().front().rule;
}

TEST(SheetTemplate, FillsShortensRepeatsAndFillsUp) {
  const sheets::Fields fields{
      {"name", "a<b>cd"},
      {"none", ""},
      {"lines", sheets::List{{{"line.x", "1"}}, {{"line.x", "2"}}, {{"line.x", "3"}}}}};
  EXPECT_EQ(render("<p>{{name}}</p>", fields), "<p>a&lt;b&gt;cd</p>");
  EXPECT_EQ(render("{{name|3}}", fields), "a&lt;…");
  EXPECT_EQ(render("{{#lines}}[{{line.x}}]{{/lines}}", fields), "[1][2][3]");
  EXPECT_EQ(render("{{#lines|2}}[{{line.x}}]{{/lines}}{{lines.more}}", fields), "[2][3]1");
  EXPECT_EQ(render("{{#lines|5+}}[{{line.x}}]{{/lines}}{{lines.more}}", fields), "[1][2][3][][]");
  EXPECT_EQ(render("{{#none}}x{{/none}}{{^none}}y{{/none}}{{#name}}z{{/name}}", fields), "yz");
}

TEST(SheetTemplate, APlaceOutsideOfTextIsAFaultForItWouldNeedAnotherEscape) {
  for (const char* text :
       {"<p title=\"{{a}}\">", "<p {{a}}>", "<style>{{a}}</style>", "<!-- {{a}} -->", "<{{a}}>"}) {
    EXPECT_FALSE(sheets::Template::parse(text)) << text;
  }
}

TEST(SheetTemplate, WhatRunsOrFetchesIsAFault) {
  for (const char* text :
       {"<script>1</script>", "<p onclick=\"x\">", "<img src=\"x\">", "<a href=\"http://x\">x</a>",
        "<style>@import 'x';</style>", "<style>p{background:URL(x)}</style>", "<p STYLE='x'>",
        "<link rel=x>", "<meta http-equiv=refresh>", "<svg/onload=x>", "<p\tonclick=x>",
        "<p title='>' onclick=x>"}) {
    EXPECT_FALSE(sheets::Template::parse(text)) << text;
  }
}

TEST(SheetTemplate, FaultsNameTheLine) {
  const auto open = sheets::Template::parse("a\nb{{#x}}\nc");
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().front().line, 2);
  EXPECT_FALSE(sheets::Template::parse("{{/x}}"));
  EXPECT_FALSE(sheets::Template::parse("{{x"));
  EXPECT_FALSE(sheets::Template::parse("{{Bad Name}}"));
  EXPECT_FALSE(sheets::Template::parse("{{x|0}}"));
  EXPECT_FALSE(sheets::Template::parse("{{x|5+}}"));
  EXPECT_FALSE(sheets::Template::parse("{{#x|99999999999}}{{/x}}"));
}

class SheetConfig : public ::testing::Test {
 protected:
  SheetConfig() {
    std::filesystem::copy(config, dir.path() + "/config", std::filesystem::copy_options::recursive);
  }
  void change(const std::string& file, const std::string& from, const std::string& to) {
    const std::string path = folder() + "/sheets/" + file;
    std::stringstream bytes;
    bytes << std::ifstream(path).rdbuf();
    std::string text = bytes.str();
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, from.size(), to);
    std::ofstream(path) << text;
  }
  std::string folder() const { return dir.path() + "/config"; }
  test::TempDir dir;
};

TEST_F(SheetConfig, WhatIsShippedIsSound) {
  EXPECT_TRUE(sheets::check_sheets(folder()).empty());
}

TEST_F(SheetConfig, AnUnknownPlaceIsNamedWithFileAndLine) {
  change("repair.html", "{{customer|24}}", "{{custommer|24}}");
  const auto faults = sheets::check_sheets(folder());
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].file, "sheets/repair.html");
  EXPECT_THAT(faults[0].pointer, HasSubstr("line "));
  EXPECT_THAT(faults[0].rule, HasSubstr("{{custommer}}"));
  EXPECT_FALSE(faults[0].remedy.empty());
}

TEST_F(SheetConfig, AMissingTemplateIsNamed) {
  std::filesystem::remove(folder() + "/sheets/task.html");
  const auto faults = sheets::check_sheets(folder());
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].file, "sheets/sheets.json");
  EXPECT_THAT(faults[0].rule, HasSubstr("task.html is not there"));
}

TEST_F(SheetConfig, AMissingIncludeIsNamedWithTheSheetThatWantsIt) {
  std::filesystem::remove(folder() + "/sheets/sheet.css");
  const auto faults = sheets::check_sheets(folder());
  ASSERT_EQ(faults.size(), 6u);
  EXPECT_THAT(faults[0].file, HasSubstr(".html"));
  EXPECT_THAT(faults[0].rule, HasSubstr("sheet.css is not there"));
}

TEST_F(SheetConfig, EveryKindHasASheetAndEveryHolderIsARole) {
  change("sheets.json", "\"kind\": \"public\"", "\"kind\": \"task\"");
  EXPECT_THAT(sheets::check_sheets(folder()).at(0).rule, HasSubstr("public has none"));
  change("sheets.json", "\"holders\": [\"customer\"", "\"holders\": [\"nobody\"");
  EXPECT_EQ(sheets::check_sheets(folder()).at(0).file, "sheets/sheets.json");
}

TEST_F(SheetConfig, AClerksWindowsLineEndsKeepTheStyleAllowed) {
  std::stringstream bytes;
  bytes << std::ifstream(folder() + "/sheets/repair.html").rdbuf();
  std::string text = bytes.str(), windows;
  const std::string place = "{{>sheet.css}}";  // whoever reads the file puts the style there
  text.replace(text.find(place), place.size(), "  td { padding: 0; }\n  th { padding: 0; }");
  for (const char c : text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const auto plain = sheets::Template::parse(text), other = sheets::Template::parse(windows);
  ASSERT_TRUE(plain && other);
  EXPECT_EQ(other->styles(), plain->styles());
}

}  // namespace
}  // namespace huiyin::orders_test
