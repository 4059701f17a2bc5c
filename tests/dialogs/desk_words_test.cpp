// The words that technicians use at work: arrival and end, nobody at home, a refusal, what is no
// command; and that every answer says what can be done now.
#include "tests/dialogs/desk_support.h"

namespace huiyin::orders_test {
namespace {

class DeskWordsTalk : public DeskTalk {
 protected:
  // What is answered where no command was meant: by the doorway, else "-".
  std::string door(std::int64_t who, std::string text, Intent intent,
                   std::vector<Entity> entities = {}) {
    if (say(who, text, entities, intent); outcome != Outcome::not_mine) return said_last;
    std::swap(session, sessions[who]);
    Turn t = turn(std::move(text), intent, std::move(entities));
    t.staff = *directory.staff_by_id(who);
    outcome = dialog.stop(t);
    buttons.clear();
    for (const auto& reply : t.replies) {
      for (const auto& button : reply.buttons) buttons.push_back(button.payload);
    }
    std::swap(session, sessions[who]);
    return outcome == Outcome::not_mine ? "-" : said(t);
  }
  std::string task() {
    orders::NewOrder task;
    task.kind = orders::Kind::task;
    task.estate = "liyuan";
    task.place = "南门";
    task.description = "更换道闸杆";
    task.requirement = "换好并拍照";
    task.dispatcher = dispatcher;
    task.reply_by = now + std::chrono::hours(6);
    task.received_at = now;
    const std::string number = record(task);
    EXPECT_EQ(status(number, "assign", {{"assignee", li}}), 200);
    return number;
  }
  static std::vector<Entity> tomorrow() {
    return {
        entity("time", to_json(TimeRange{at("2026-11-24T09:00:00+08:00"), std::nullopt, "minute"},
                               Zone::shanghai()))};
  }
};

TEST_F(DeskWordsTalk, R5_13_TheWordsForArrivalAndEndAreUnderstood) {
  for (const char* text : {"到", "我到了", "已经到了", "到门口了"}) {
    const std::string one = accepted();
    EXPECT_TRUE(says(say(li, text + std::string(" ") + one), "desk.did.arrive")) << text;
    put_in_state(one, "archived");
    sessions.clear();
    const std::string two = accepted();
    EXPECT_TRUE(says(say(li, text), "desk.did.arrive")) << text << said_last;
    put_in_state(two, "archived");
  }
  for (const char* text : {"弄完了", "搞完了", "换好了", "已修好", "搞掂", "都好了", "都弄好了",
                           "重新紧了一遍，好了", "换了门机皮带，已经可以用了"}) {
    const std::string one = arrived();
    EXPECT_TRUE(says(say(li, text), "desk.did.complete")) << text << said_last;
    EXPECT_EQ(state(one), "completed");
    put_in_state(one, "archived");
  }
  const std::string one = arrived();
  say(li, "换了门机皮带，已经可以用了");
  EXPECT_EQ(json(one)["history"].back()["note"], "换了门机皮带");
}

TEST_F(DeskWordsTalk, WhatIsNotDoneIsNotTakenForDone) {
  const std::string one = arrived();
  for (const char* text :
       {"没修好", "还没弄好", "完成不了", "不完成", "好了没", "修好了吗", "没签"}) {
    say(li, text);
    EXPECT_EQ(state(one), "arrived") << text;
  }
}

TEST_F(DeskWordsTalk, R5_13_DoneBeforeArrivalAsksWhich) {
  const std::string one = accepted();
  for (const char* text : {"好了", "都弄好了", "已修好"}) {
    EXPECT_TRUE(says(say(li, text), "desk.refused_arrival")) << text << said_last;
    EXPECT_EQ(button(0), "到了 1");
    EXPECT_EQ(state(one), "accepted");
  }
}

TEST_F(DeskWordsTalk, R5_11_NobodyAtHomeEndsTheVisitAndTheResidentIsAskedForAnother) {
  const std::string one = arrived();
  EXPECT_TRUE(says(say(li, "业主不在家"), "desk.did.put_off")) << said_last;
  EXPECT_EQ(state(one), "accepted");
  EXPECT_EQ(json(one)["history"].back()["note"], "业主不在家");
  ASSERT_EQ(post.count("rest/web-1", "order.put_off"), 1);
  EXPECT_EQ(std::get<std::string>(post.sent.back().notice.args.at("because")), "absent");
  EXPECT_TRUE(says(say(boss, "改约 0001 明天九点", tomorrow()), "desk.did.reschedule"));
  EXPECT_EQ(clock(one, "R5.11")["due_at"], "2026-11-24T08:55:00+08:00") << "a clock of its own";
  advance_to(at("2026-11-24T08:50:00+08:00"));
  EXPECT_TRUE(says(say(li, "到了"), "desk.did.arrive"));
  EXPECT_EQ(clock(one, "R5.11")["breached"], false);
  say(li, "敲门没人");
  EXPECT_EQ(post.count("rest/web-1", "order.put_off"), 2) << "each visit is news";
  EXPECT_EQ(orders::verify_orders(db()), std::vector<std::string>{});
}

TEST_F(DeskWordsTalk, R5_11_APartIsFetchedAndTheNewTimeTold) {
  const std::string one = arrived();
  EXPECT_TRUE(says(say(li, "没带配件，明天上午再来", tomorrow()), "desk.did.reschedule"))
      << said_last;
  EXPECT_EQ(state(one), "accepted");
  EXPECT_EQ(post.count("rest/web-1", "order.put_off"), 0);
  ASSERT_EQ(post.count("rest/web-1", "order.rescheduled"), 1) << "one message";
  EXPECT_EQ(std::get<std::string>(post.sent.back().notice.args.at("because")), "material");
  const std::string two = arrived();
  say(li, "开始 0002");
  EXPECT_TRUE(says(say(li, "改约 0002 明天上午", tomorrow()), "desk.did.reschedule"));
  EXPECT_EQ(state(two), "accepted");
  advance_to(at("2026-11-24T09:10:00+08:00"));
  EXPECT_EQ(clock(two, "R5.11")["breached"], true) << "the second visit has its limit";
}

TEST_F(DeskWordsTalk, R8_9_WhoRefusesIsToldHowToAskForHelp) {
  const std::string one = task();
  for (const char* text : {"拒绝", "不接，没空"}) {
    EXPECT_TRUE(says(say(li, text), "desk.no_refusal")) << text << said_last;
    EXPECT_EQ(button(0), "求助 1");
    EXPECT_EQ(state(one), "assigned");
  }
}

TEST_F(DeskWordsTalk, WhatIsNoCommandIsAnsweredWithWhatCanBeDone) {
  EXPECT_TRUE(says(door(li, "哈哈", Intent::out_of_scope), "staff.unknown_command"));
  accepted();
  EXPECT_TRUE(says(door(li, "弄不动", Intent::goodbye), "desk.unknown")) << said_last;
  EXPECT_EQ(button(0), "到了 1");
  EXPECT_TRUE(says(door(li, "水管爆了，先关了总阀", Intent::report_repair), "desk.unknown"));
  accepted();
  EXPECT_TRUE(says(door(li, "嗯嗯", Intent::affirm), "desk.unknown_several"));
  EXPECT_TRUE(says(door(li, "查", Intent::ask_status), "desk.list")) << "what is mine";
  EXPECT_EQ(door(li, "3栋2单元501灯坏了", Intent::report_repair,
                 {entity("unit", "3-2-501", "3栋2单元501")}),
            "-")
      << "a new report";
  EXPECT_EQ(door(chen, "厨房水管漏水", Intent::report_repair), "-") << "nothing in hand";
  EXPECT_EQ(door(li, "我要投诉保安", Intent::file_complaint), "-");
  sessions[li].stack.push_back(FormFrame{"repair", {}, "time"});
  EXPECT_EQ(door(li, "下午", Intent::inform), "-") << "a form is open";
}

TEST_F(DeskWordsTalk, ACommandThatFitsNoOrderSaysWhatIsAllowed) {
  auto order = chat_repair();
  order.priced = false;
  const std::string one = record(order);
  EXPECT_TRUE(says(say(boss, "派给李师傅"), "desk.refused_unlisted")) << said_last;
  EXPECT_EQ(button(0), "审核 1");
  const std::string two = accepted();
  EXPECT_TRUE(says(say(boss, "返单"), "desk.none_fits")) << said_last;
  EXPECT_TRUE(says(said_last, "desk.line_may"));
  EXPECT_EQ(buttons.size(), 2u);
  put_in_state(one, "archived");
  put_in_state(two, "archived");
  EXPECT_TRUE(says(say(boss, "审核"), "desk.nothing_to_do")) << said_last;
  EXPECT_TRUE(says(say(boss, "报价 1"), "desk.refused_nothing")) << said_last;
}

TEST_F(DeskWordsTalk, R5_9_WhatSomebodyHasIsNotGivenAwayWithoutItsNumber) {
  const std::string one = accepted();
  say(boss, "派给陈师傅");
  EXPECT_EQ(orders::find(db(), one)->assignee, li) << said_last;
  EXPECT_TRUE(says(say(boss, "转派 陈师傅"), "desk.did.assign")) << said_last;
}

TEST_F(DeskWordsTalk, R8_13_R8_14_ATaskIsNotFiledUnawares) {
  const std::string one = task();
  say(li, "收到");
  EXPECT_TRUE(says(say(li, "弄好了"), "desk.ask.result")) << said_last;
  EXPECT_TRUE(says(say(li, "换了新杆"), "desk.did.complete_task")) << said_last;
  EXPECT_TRUE(says(say(dispatcher, "归档 " + one), "desk.ask.filing")) << said_last;
  EXPECT_TRUE(says(said_last, "desk.missing.signature、") || says(said_last, "desk.comma"));
  EXPECT_EQ(state(one), "completed");
  EXPECT_TRUE(says(say(dispatcher, "归档 1"), "desk.did.archive")) << "said again: " << said_last;
  const std::string two = task();
  say(li, "收到");
  say(li, "完成 " + two + " 换了");
  say(li, "签字 " + two + " 老吴");
  say(dispatcher, "回访 " + two + " 满意");
  EXPECT_TRUE(says(say(dispatcher, "归档 " + two), "desk.did.archive")) << said_last;
}

TEST_F(DeskWordsTalk, R5_15_TheSupervisorIsOfferedOnlyWhatWaitsForHisSignature) {
  const std::string one = arrived();
  say(li, "客户不同意 嫌贵");
  const std::string two = arrived();
  put_in_state(two, "signed");
  EXPECT_TRUE(says(say(boss, "签字"), "desk.did.sign_own")) << said_last;
  EXPECT_EQ(json(one)["signatures"].back()["role"], "engineering_supervisor");
}

TEST_F(DeskWordsTalk, ButtonsAreOfCommandsThatTheRoleHas) {
  const std::string one = complaint();
  put_in_state(one, "resolved");
  say(assistant, "回访 " + one + " 满意");
  for (const auto& one_button : buttons) EXPECT_EQ(one_button.find("归档"), std::string::npos);
}

TEST_F(DeskWordsTalk, HelpBeginsWithWhatCanBeDoneNowAndIsShortBySms) {
  accepted();
  EXPECT_TRUE(says(say(li, "帮助"), "desk.help_page")) << said_last;
  EXPECT_TRUE(says(said_last, "commands=到了 1")) << said_last;
  EXPECT_FALSE(says(said_last, "返单"));
  EXPECT_TRUE(says(say(li, "帮助 3"), "desk.help ")) << said_last;
}

TEST_F(DeskWordsTalk, R5_22_FinancesDateIsNotToldToTheRepairer) {
  const std::string one = arrived();
  say(li, "完成 1");
  say(li, "签字 王芳");
  EXPECT_TRUE(says(say(li, "返单"), "desk.did.return")) << said_last;
  EXPECT_FALSE(says(said_last, "r5.22")) << said_last;
}

TEST_F(DeskWordsTalk, R4_5_AMajorComplaintIsTheManagersTooUntilItIsClosed) {
  const std::string one = complaint();
  ASSERT_EQ(status(one, "classify", {{"severity", "major"}, {"note", "影响多户"}}), 200);
  ASSERT_EQ(post.count("role:centre_manager", "complaint.notify_major"), 1);
  EXPECT_EQ(std::get<std::string>(post.sent.back().notice.args.at("reason")), "影响多户");
  ASSERT_EQ(status(one, "assign", {{"assignee", assistant}}), 200);
  complaint();
  EXPECT_TRUE(says(say(manager, "待办"), "count=2")) << said_last;
}

TEST_F(DeskWordsTalk, R5_8_WhatStandsBesideTheDescriptionIsNotSaidTwice) {
  auto order = chat_repair();
  order.description = "厨房水龙头漏水，3栋2单元501，王芳，13800138000，越快越好！";
  record(order);
  EXPECT_EQ(std::get<std::string>(post.sent.back().notice.args.at("description")),
            "厨房水龙头漏水，越快越好");
  order.priced = false;
  record(order);
  EXPECT_EQ(post.count("role:engineering_supervisor", "repair.notify_unlisted"), 1);
}

TEST_F(DeskWordsTalk, SupervisorsAskAboutPeopleAndTheDay) {
  accepted();
  EXPECT_TRUE(says(say(boss, "谁手上活最多"), "who=李师傅")) << said_last;
  EXPECT_LT(said_last.find("李师傅"), said_last.find("陈师傅"));
  say(li, "到了");
  EXPECT_TRUE(says(say(boss, "李师傅今天干了什么"), "desk.did_today count=1")) << said_last;
  EXPECT_TRUE(says(say(boss, "王五今天干了什么"), "desk.who_is_that")) << said_last;
  complaint();
  EXPECT_TRUE(says(say(manager, "今天有几个投诉"), "desk.complaints_today count=1")) << said_last;
}

}  // namespace
}  // namespace huiyin::orders_test
