// Staff by chat: words to one action on one order, short numbers, and refusals that change nothing.
#include "store/base/text.h"
#include "tests/dialogs/desk_support.h"

namespace huiyin::orders_test {
namespace {

TEST_F(DeskTalk, R5_9_to_R5_23_AWholeRepairByChat) {
  const std::string one = record(chat_repair());
  EXPECT_TRUE(says(say(boss, "派给李师傅 1"), "desk.did.assign"));  // R5.9
  EXPECT_EQ(post.count("staff:2", "staff.assigned"), 1);
  EXPECT_EQ(std::get<std::string>(post.sent.back().notice.args.at("n")), "1");
  EXPECT_TRUE(says(say(li, "接单 1"), "desk.did.accept"));  // R5.10
  EXPECT_TRUE(says(said_last, "desk.due due=10:10")) << said_last;
  advance(std::chrono::minutes(5));
  EXPECT_TRUE(says(say(li, "到了"), "desk.did.arrive"));  // R5.13, R5.14
  EXPECT_EQ(clock(one, "R5.10")["breached"], false);
  EXPECT_TRUE(says(say(li, "换龙头 80元"), "desk.did.add_charge"));  // R5.18
  EXPECT_EQ(json(one)["charges"][0]["amount_fen"], 8000);
  EXPECT_EQ(json(one)["charges"][0]["item"], "换龙头");
  EXPECT_TRUE(says(say(li, "完成 换了阀芯"), "desk.did.complete"));
  EXPECT_EQ(state(one), "completed");
  EXPECT_TRUE(says(say(li, "签字 王先生"), "desk.did.sign"));  // R5.19
  EXPECT_EQ(json(one)["signatures"][0]["by"], "王先生");
  EXPECT_EQ(json(one)["signatures"][0]["method"], "paper");
  EXPECT_EQ(json(one)["copies"][0]["holder"], "customer");  // R5.20
  EXPECT_TRUE(says(say(li, "返单 1"), "desk.did.return"));  // R5.21
  EXPECT_EQ(post.count("role:engineering_supervisor", "desk.returned"), 1);
  EXPECT_TRUE(says(say(boss, "确认返单 1"), "desk.did.confirm_return"));
  EXPECT_EQ(json(one)["signatures"][1]["role"], "engineering_supervisor");
  EXPECT_TRUE(says(say(front, "送财务 全部"), "desk.did.send_to_finance"));  // R5.22
  EXPECT_EQ(json(one)["copies"][2]["holder"], "finance");
  EXPECT_EQ(json(one)["copies"][1]["holder"], "engineering_supervisor");  // R5.23
  EXPECT_TRUE(says(say(front, "回访 1 住户满意"), "desk.did.call_back"));
  EXPECT_TRUE(says(say(front, "归档"), "desk.did.archive"));
  EXPECT_EQ(state(one), "archived");
  EXPECT_EQ(json(one)["history"].back()["actor"], "staff:9");
  EXPECT_EQ(orders::verify_orders(db()), std::vector<std::string>{});
}

TEST_F(DeskTalk, R5_13_StartIsDoneOnTheWayAcceptAndArriveNever) {
  const std::string one = arrived();
  say(li, "完成");
  EXPECT_EQ(state(one), "completed");
  const auto lines = history(one);
  EXPECT_EQ(std::vector<std::string>(lines.end() - 2, lines.end()),
            (std::vector<std::string>{"start", "complete"}));
  const std::string two = accepted();
  const auto before = events();
  EXPECT_TRUE(says(say(li, "完成 0002"), "desk.refused"));
  EXPECT_EQ(state(two), "accepted");
  EXPECT_EQ(events(), before);
  EXPECT_EQ(button(0), "到了 2");
}

TEST_F(DeskTalk, R5_12_TheSupervisorAssessesAndNamesThePriceInOneMessage) {
  auto order = chat_repair();
  order.priced = false;
  const std::string one = record(order);
  EXPECT_TRUE(says(say(boss, "派给李师傅 0001"), "desk.refused_unlisted"));
  EXPECT_TRUE(says(say(boss, "审核 1 能修 120元"), "desk.did.quote"));
  EXPECT_EQ(state(one), "quoted");
  EXPECT_EQ(orders::find(db(), one)->quote_fen, 12000);
  EXPECT_EQ(clock(one, "R5.12")["breached"], false);
  EXPECT_EQ(post.count("rest/web-1", "order.quoted"), 1);
  EXPECT_TRUE(says(say(boss, "派给李师傅 1"), "desk.refused"));  // not before the resident agrees
  ASSERT_EQ(status(one, "agree", {}, orders::Actor::resident()), 200);
  EXPECT_TRUE(says(say(boss, "派给李师傅"), "desk.did.assign"));
  EXPECT_EQ(state(one), "assigned");
}

TEST_F(DeskTalk, R5_12_WhatCannotBeRepairedIsToldWithItsReason) {
  auto order = chat_repair();
  order.priced = false;
  const std::string one = record(order);
  EXPECT_TRUE(says(say(boss, "不能修 0001"), "desk.ask.reason"));
  EXPECT_EQ(state(one), "notified");
  EXPECT_TRUE(says(say(boss, "厂家已停产"), "desk.did.infeasible"));
  EXPECT_EQ(state(one), "cancelled");
  EXPECT_EQ(post.count("rest/web-1", "order.not_feasible"), 1);
}

TEST_F(DeskTalk, R5_15_WhoDeclinesIsNotedAndBothSign) {
  const std::string one = arrived();
  EXPECT_TRUE(says(say(li, "客户不同意 1"), "desk.ask.reason"));
  EXPECT_TRUE(says(say(li, "嫌贵"), "desk.did.decline"));
  EXPECT_EQ(state(one), "declined");
  EXPECT_EQ(json(one)["history"].back()["note"], "嫌贵");
  EXPECT_EQ(post.count("role:engineering_supervisor", "desk.sign_please"), 1);
  EXPECT_TRUE(says(say(boss, "签字 1"), "desk.did.sign_own"));
  EXPECT_EQ(json(one)["signatures"][0]["role"], "technician");
  EXPECT_EQ(json(one)["signatures"][1]["role"], "engineering_supervisor");
  const auto before = events();
  EXPECT_TRUE(says(say(boss, "签字 1"), "desk.signed_already"));
  EXPECT_EQ(events(), before);
}

TEST_F(DeskTalk, R5_16_R5_17_OwnMaterialIsJudgedAndTheResidentWarned) {
  const std::string one = arrived();
  EXPECT_TRUE(says(say(li, "材料 不合格 业主自备龙头"), "desk.did.material_failed"));
  EXPECT_TRUE(says(say(li, "材料 1 质量不佳"), "desk.did.material_failed"));
  EXPECT_TRUE(says(say(li, "材料 业主自备的软管 合格"), "desk.did.verify_material"));
  const Json materials = json(one)["materials"];
  ASSERT_EQ(materials.size(), 3u);
  EXPECT_EQ(materials[0]["verdict"], "不合格");
  EXPECT_EQ(materials[0]["note"], "业主自备龙头");
  EXPECT_EQ(materials[1]["verdict"], "质量不佳");
  EXPECT_EQ(materials[2]["verdict"], "合格");
  say(li, "材料");
  EXPECT_EQ(buttons.size(), 3u);
}

TEST_F(DeskTalk, R5_18_AmountsThatCannotBeAreRefusedExactly) {
  const std::string one = arrived();
  EXPECT_TRUE(says(say(li, "加收 换龙头 -80"), "desk.amount.negative"));
  EXPECT_TRUE(says(say(li, "加收 换龙头 0元"), "desk.amount.zero"));
  EXPECT_TRUE(says(say(li, "加收 换龙头 80.555元"), "desk.amount.too_fine"));
  EXPECT_TRUE(says(say(li, "加收 换龙头 8000000元"), "desk.amount.too_large"));
  EXPECT_EQ(json(one)["charges"].size(), 0u);
  EXPECT_TRUE(says(say(li, "加收 换龙头"), "desk.ask.amount"));
  EXPECT_TRUE(says(say(li, "80.5"), "desk.did.add_charge"));
  EXPECT_EQ(json(one)["charges"][0]["amount_fen"], 8050);
  EXPECT_EQ(json(one)["charges"][0]["item"], "换龙头");
  EXPECT_TRUE(says(say(li, "换角阀 30元、换软管 ¥20"), "total=130.50"));
}

TEST_F(DeskTalk, R5_21_SeveralSheetsGoBackInOneMessage) {
  std::vector<std::string> numbers;
  for (int i = 0; i < 3; ++i) {
    numbers.push_back(arrived());
    say(li, "完成 " + numbers.back());
    say(li, "签字 " + numbers.back() + " 王芳");
  }
  EXPECT_TRUE(says(say(li, "返单 1,2、3"), "desk.did_several"));
  for (const auto& number : numbers) EXPECT_EQ(state(number), "returned");
  EXPECT_EQ(post.count("role:engineering_supervisor", "desk.returned"), 1) << "one message";
}

TEST_F(DeskTalk, R8_9_NobodyRefusesButReportsUpwardWithTheReason) {
  const std::string one = accepted();
  EXPECT_TRUE(says(say(li, "转不了 缺配件"), "desk.did.escalate"));
  EXPECT_EQ(post.count("role:engineering_supervisor", "staff.escalated"), 1);
  EXPECT_EQ(std::get<std::string>(post.sent.back().notice.args.at("reason")), "缺配件");
  EXPECT_EQ(state(one), "accepted");
  say(boss, "升级 1 人手不够");
  EXPECT_EQ(post.count("role:centre_manager", "staff.escalated"), 1);
  EXPECT_EQ(orders::find(db(), one)->assignee, li);
}

TEST_F(DeskTalk, R8_7_R8_11_R8_13_ATaskIsAcceptedReportedAndCalledBack) {
  orders::NewOrder task;
  task.kind = orders::Kind::task;
  task.estate = "liyuan";
  task.place = "地库";
  task.description = "清理水泵房";
  task.requirement = "清干净";
  task.dispatcher = dispatcher;
  task.reply_by = now + std::chrono::hours(6);
  task.received_at = now;
  const std::string one = record(task);
  say(dispatcher, "派给李师傅 0001");
  EXPECT_TRUE(says(say(li, "收到"), "desk.did.accept"));
  EXPECT_TRUE(says(say(li, "进度 1"), "desk.ask.progress"));
  EXPECT_TRUE(says(say(li, "正在抽水，明早能完"), "desk.did.progress"));
  EXPECT_EQ(json(one)["history"].back()["note"], "正在抽水，明早能完");
  EXPECT_TRUE(says(say(li, "完成 已清"), "desk.did.complete_task"));
  EXPECT_TRUE(says(say(dispatcher, "回访 1 业主代表满意"), "desk.did.call_back"));
  EXPECT_EQ(orders::find(db(), one)->called_back_at, now);
}

TEST_F(DeskTalk, R4_2_to_R4_5_AComplaintIsClassedAnsweredAndClosed) {
  const std::string one = complaint();
  EXPECT_TRUE(says(say(service, "定级 0001 重大"), "desk.ask.reason"));
  EXPECT_TRUE(says(say(service, "影响多户"), "desk.did.classify"));
  EXPECT_EQ(post.count("role:centre_manager", "complaint.notify_major"), 1);  // R4.5
  EXPECT_TRUE(says(say(service, "派给周助理"), "desk.did.assign"));           // R4.3
  EXPECT_TRUE(says(say(assistant, "处理完 1 已劝停"), "desk.did.resolve"));
  EXPECT_TRUE(says(say(service, "答复 1 已要求停工"), "desk.did.reply"));
  EXPECT_TRUE(says(say(service, "回访 1 满意"), "desk.did.call_back"));  // R4.4
  EXPECT_TRUE(says(say(service, "归档 1"), "desk.did.archive"));
  const std::string two = complaint(), three = complaint();
  EXPECT_TRUE(says(say(service, "合并 0002 到 0003"), "desk.did.merge"));  // R7.17
  EXPECT_EQ(state(two), "merged");
  EXPECT_TRUE(says(say(service, "合并 0003 到 0003"), "desk.bad_into"));
  EXPECT_EQ(state(three), "registered");
}

TEST_F(DeskTalk, R9_8_R9_9_WhoTakesTheSheetStandsInTheHistoryWithTheTime) {
  const std::string one = record(chat_repair());
  say(boss, "派给李师傅 1");
  advance(std::chrono::seconds(90));
  say(li, "接单");
  const Json record = json(one);
  EXPECT_EQ(record["accepted_at"], "2026-11-23T10:01:30+08:00");
  EXPECT_EQ(record["history"].back()["action"], "accept");
  EXPECT_EQ(record["history"].back()["actor"], "staff:2");
}

TEST_F(DeskTalk, R5_14_APriceOnSiteIsForTheResidentToAgreeTo) {
  const std::string one = arrived();
  EXPECT_TRUE(says(say(li, "换龙头 80元"), "desk.did.add_charge_onsite"));
  EXPECT_TRUE(says(say(li, "开始"), "desk.not_agreed")) << "done, but said so";
  const std::string two = arrived();
  say(li, "0002 换龙头 80元");
  EXPECT_TRUE(says(say(li, "客户同意 0002"), "desk.did.agree_onsite"));
  EXPECT_EQ(history(two).back(), "consent");
  EXPECT_FALSE(says(say(li, "开始 0002"), "desk.not_agreed"));
  EXPECT_TRUE(says(say(li, "客户同意 0002"), "desk.refused")) << "it is agreed to already";
}

TEST_F(DeskTalk, WithSeveralOrdersItAsksWhichAndThenDoesIt) {
  const std::string one = arrived(), two = arrived();
  const auto before = events();
  EXPECT_TRUE(says(say(li, "完成 换了阀芯"), "desk.which"));
  EXPECT_EQ(events(), before);
  ASSERT_EQ(buttons.size(), 2u);
  for (const auto& button : buttons) EXPECT_LE(button.size(), 64u);
  EXPECT_TRUE(says(say(li, button(0)), "desk.did.complete"));
  const auto& done = state(two) == "completed" ? two : one;
  EXPECT_EQ(json(done)["history"].back()["note"], "换了阀芯") << "what was told first stands";
  EXPECT_TRUE(says(say(li, "加收 换阀芯 40"), "desk.which"));
  EXPECT_TRUE(says(say(li, "2号"), "desk.did.add_charge"));
}

TEST_F(DeskTalk, AnUnclearNameIsAskedAboutAndAnUnknownOneIsAnsweredWithWhoThereIs) {
  const std::string one = record(chat_repair());
  directory.staff_.push_back({20, "小李", "technician", "liyuan", "+8613900000020", "", ""});
  EXPECT_TRUE(says(say(boss, "派给李工 0001"), "desk.who_several") && says(said_last, "name=李工"));
  EXPECT_EQ(buttons, (std::vector<std::string>{"派给 1 李师傅", "派给 1 小李"}));
  EXPECT_TRUE(says(say(boss, "小李"), "desk.did.assign"));
  EXPECT_EQ(orders::find(db(), one)->assignee, 20);
  EXPECT_TRUE(says(say(boss, "转派 1 王五"), "desk.who_unknown") && says(said_last, "name=王五"));
  EXPECT_EQ(buttons.size(), 3u);
  EXPECT_TRUE(says(say(boss, button(1)), "desk.did.assign"));
  EXPECT_EQ(orders::find(db(), one)->assignee, chen);
  EXPECT_EQ(post.count("staff:20", "desk.taken_away"), 1);
  EXPECT_TRUE(says(say(boss, "1 派给陈"), "desk.has_it"));
  EXPECT_TRUE(says(say(boss, "派給 1 李師傅"), "desk.did.assign"));
  EXPECT_EQ(orders::find(db(), one)->assignee, li);
}

TEST_F(DeskTalk, ARefusalTellsWhatIsAllowedNowAndAStaleButtonIsAnsweredExactly) {
  const std::string one = accepted();
  EXPECT_TRUE(says(say(li, "接单 1"), "desk.refused") && says(said_last, "n=1 "));
  EXPECT_TRUE(says(said_last, "desk.state.accepted"));
  EXPECT_EQ(button(0), "到了 1");
  EXPECT_TRUE(says(say(chen, "接单 0001"), "desk.not_yours"));
  EXPECT_TRUE(says(said_last, "who=李师傅"));
  EXPECT_TRUE(says(say(li, "派给陈师傅 1"), "desk.forbidden"));
  EXPECT_TRUE(says(said_last, "接单、到了")) << said_last;
  EXPECT_TRUE(says(say(stranger, "派给陈师傅 " + one), "desk.not_found")) << "of another estate";
  EXPECT_TRUE(says(say(li, "接单 WX20261123-0099"), "desk.not_found"));
  EXPECT_TRUE(says(say(li, "接单 7"), "desk.not_given"));
  ASSERT_EQ(status(one, "cancel", {{"note", "不修了"}}), 200);
  EXPECT_TRUE(says(say(li, "到了 1"), "desk.refused_nothing") && says(said_last, "n=1 "));
  EXPECT_TRUE(says(said_last, "desk.state.cancelled"));
}

TEST_F(DeskTalk, AShortNumberStaysWithItsOrderAndIsNotGivenAgainSoon) {
  const std::string one = accepted();
  EXPECT_EQ(orders::short_number(db(), li, *orders::find(db(), one)), 1);
  const std::string two = accepted();
  EXPECT_EQ(orders::short_number(db(), li, *orders::find(db(), two)), 2);
  EXPECT_EQ(orders::short_number(db(), manager, *orders::find(db(), two)), 1) << "each their own";
  ASSERT_EQ(status(one, "cancel", {{"note", "不修了"}}), 200);
  for (int n = 3; n <= 99; ++n) {
    const std::string next = record(chat_repair());
    EXPECT_EQ(orders::short_number(db(), li, *orders::find(db(), next)), n);
    put_in_state(next, "archived");
  }
  const std::string again = record(chat_repair()), more = record(chat_repair());
  EXPECT_EQ(orders::short_number(db(), li, *orders::find(db(), again)), 1) << "its order is over";
  EXPECT_EQ(orders::short_number(db(), li, *orders::find(db(), more)), 3) << "2 is still open";
  EXPECT_EQ(orders::by_short_number(db(), li, 2)->number, two);
}

TEST_F(DeskTalk, WithAHundredOpenOrdersNumbersGoOnWithThreeDigits) {
  for (int n = 1; n <= 101; ++n) {
    const std::string next = record(chat_repair());
    EXPECT_EQ(std::get<std::string>(post.sent.back().notice.args.at("n")), std::to_string(n));
    EXPECT_EQ(orders::short_number(db(), boss, *orders::find(db(), next)), n);
  }
}

TEST_F(DeskTalk, ListsShowWhatTheRoleMindsPageByPage) {
  EXPECT_TRUE(says(say(boss, "待派"), "desk.list_none"));
  for (int i = 0; i < 10; ++i) record(chat_repair());
  complaint();
  EXPECT_TRUE(says(say(boss, "今天未完成"), "desk.list_page")) << said_last;
  EXPECT_TRUE(says(say(boss, "待派"), "page=1"));
  EXPECT_EQ(buttons, std::vector<std::string>{"待派 2"});
  EXPECT_TRUE(says(say(boss, button(0)), "page=2"));
  EXPECT_TRUE(says(say(service, "待办"), "desk.list count=1"));
  EXPECT_TRUE(says(say(li, "我的单"), "staff.orders_none"));
}

TEST_F(DeskTalk, R5_10_LateOrdersAreListedForTheSupervisor) {
  accepted();
  EXPECT_TRUE(says(say(boss, "超时"), "desk.list_none"));
  advance(std::chrono::minutes(11));
  EXPECT_TRUE(says(say(boss, "超时"), "desk.list")) << said_last;
  EXPECT_TRUE(says(said_last, "desk.line_late"));
}

TEST_F(DeskTalk, TheVisitIsMovedToATimeThatIsToCome) {
  const std::string one = accepted();
  const auto time = [](std::string_view from) {
    return std::vector<Entity>{
        entity("time", to_json(TimeRange{at(from), std::nullopt, "minute"}, Zone::shanghai()))};
  };
  EXPECT_TRUE(says(say(li, "改约 1"), "desk.ask.time"));
  EXPECT_TRUE(says(say(li, "昨天", time("2026-11-22T10:00:00+08:00")), "desk.past_time"));
  EXPECT_FALSE(orders::find(db(), one)->appointment);
  EXPECT_TRUE(says(say(li, "明天三点", time("2026-11-24T15:00:00+08:00")), "desk.did.reschedule"));
  EXPECT_EQ(orders::find(db(), one)->appointment->from, at("2026-11-24T15:00:00+08:00"));
}

TEST_F(DeskTalk, WhatIsNoCommandIsLeftToTheOthers) {
  accepted();
  for (const char* text : {"我家厨房水管漏水了", "开始漏水了，3栋2单元501", "进度怎么样",
                           "看1号楼的灯坏了", "你好", "派人来修一下", "到处都是水", "收了我80元",
                           "1栋2单元101漏水", "完成得不错", "13800138000", "明天下午三点"}) {
    const auto before = events();
    const std::string answer = say(boss, text);
    EXPECT_EQ(outcome, Outcome::not_mine) << text << ": " << answer;
    EXPECT_EQ(events(), before);
  }
  Turn t = turn("接单 1", Intent::inform);  // a resident's words are no command
  EXPECT_EQ(dialog.intercept(t), Outcome::not_mine);
}

TEST_F(DeskTalk, R5_18_AMessageTakesTwentyChargesAndTheResidentHearsOfThemOnce) {
  const std::string one = arrived();
  // Of letters: a figure in a name could be meant as the amount.
  const auto name = [](int i) {
    return std::string{static_cast<char>('a' + i / 10 % 10), static_cast<char>('a' + i % 10)};
  };
  const auto charges = [&](int count) {
    std::string text = one + " ";
    for (int i = 0; i < count; ++i) text += "换件" + name(i) + " 1元，";
    return text;
  };
  EXPECT_TRUE(says(say(li, "完成 1"), "desk.did.complete"));
  ASSERT_EQ(post.count("rest/web-1", "order.done"), 1);
  const auto before = events();
  for (const int count : {60, 21}) {
    EXPECT_TRUE(says(say(li, charges(count)), "desk.too_many_charges")) << said_last;
    EXPECT_TRUE(says(said_last, " count=" + std::to_string(count) + " ")) << said_last;
    EXPECT_TRUE(says(said_last, " limit=20 ")) << said_last;
  }
  EXPECT_EQ(events(), before);
  EXPECT_TRUE(says(say(li, charges(20)), "total=20.00")) << said_last;
  EXPECT_EQ(json(one)["charges"].size(), 20u);
  EXPECT_EQ(post.count("rest/web-1", "order.done"), 2);
  const Args& told = post.sent.back().notice.args;
  EXPECT_EQ(std::get<std::string>(told.at("total")), "20.00");
  const auto list = std::get<std::string>(told.at("charges"));
  EXPECT_TRUE(says(list, "item=换件ad")) << list;
  EXPECT_LE(code_points(list), 401u) << "a message holds so much of a bill";
  EXPECT_FALSE(says(list, "换件ba"));
}

TEST_F(DeskTalk, InAFormOnlyACommandThatNamesItsOrderIsOne) {
  accepted();
  sessions[li].stack.push_back(FormFrame{"repair", {}, "time"});
  say(li, "开始");
  EXPECT_EQ(outcome, Outcome::not_mine) << "there is no order to begin";
  say(li, "1");
  EXPECT_EQ(outcome, Outcome::not_mine);
  EXPECT_TRUE(says(say(li, "到了 0001"), "desk.did.arrive"));
  EXPECT_EQ(sessions[li].stack.size(), 1u) << "the form goes on";
}

TEST_F(DeskTalk, AQuestionIsDroppedByAnotherCommandOrByNeverMind) {
  const std::string one = arrived();
  say(li, "进度 0001");
  EXPECT_TRUE(says(say(li, "算了"), "desk.dropped"));
  EXPECT_EQ(history(one).back(), "arrive");
  say(li, "进度 1");
  EXPECT_TRUE(says(say(li, "完成 1"), "desk.did.complete"));
  say(li, "等配件");
  EXPECT_EQ(outcome, Outcome::not_mine) << "the question is gone";
}

}  // namespace
}  // namespace huiyin::orders_test
