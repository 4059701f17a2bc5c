// Asking after, urging, cancelling and rescheduling: who may, and what it leaves.
#include "dialogs/status/status.h"

#include "tests/dialogs/orders_talk.h"

namespace huiyin::orders_test {
namespace {

class StatusTalk : public TalkHouse {
 protected:
  std::string ask(std::string text, Intent intent, std::vector<Entity> entities = {}) {
    Turn t = turn(std::move(text), intent, std::move(entities));
    outcome = dialog.intercept(t);
    if (outcome == Outcome::not_mine) outcome = dialog.answer(t);
    return said(t);
  }
  std::vector<Entity> number(const std::string& value) { return {entity("order", value)}; }
  std::vector<Entity> time(std::string_view from) {
    return {entity("time", to_json(TimeRange{at(from), std::nullopt, "minute"}, Zone::shanghai()),
                   "t")};
  }
  bool says(const std::string& text, const std::string& phrase) {
    return text.find(phrase) != std::string::npos;
  }
  const TalkWords words =
      TalkWords::load(std::string(HUIYIN_SOURCE_DIR) + "/config/talk/words.json").value();
  status::StatusDialog dialog{desk, words};
  Outcome outcome = Outcome::not_mine;
};

TEST_F(StatusTalk, TellsTheStateOfWhatTheConversationReported) {
  const std::string one = record(chat_repair());
  EXPECT_TRUE(
      says(ask("修得怎么样了", Intent::ask_status),
           "status.one kind=kind.repair number=WX20261123-0001 where=where.repair.notified"));
  EXPECT_TRUE(says(ask("查" + one, Intent::ask_status, number(one)), "status.one"));
}

TEST_F(StatusTalk, ListsSeveralAndNarrowsByTheThingNamed) {
  record(chat_repair());
  auto other = chat_repair();
  other.item = "马桶";
  record(other);
  const std::string all = ask("我报的修怎么样了", Intent::ask_status);
  EXPECT_TRUE(says(all, "status.list_intro count=2"));
  const std::string tap = ask("水龙头修得怎么样", Intent::ask_status, {entity("item", "水龙头")});
  EXPECT_TRUE(says(tap, "WX20261123-0001"));
  EXPECT_FALSE(says(tap, "WX20261123-0002"));
}

TEST_F(StatusTalk, SaidOnceMoreTheCancellationIsMeant) {
  const std::string one = record(chat_repair());
  EXPECT_TRUE(says(ask("取消吧", Intent::cancel), "status.cancel_confirm"));
  EXPECT_TRUE(says(ask("先留着吧", Intent::cancel), "status.kept"));
  EXPECT_TRUE(says(ask("取消吧", Intent::cancel), "status.cancel_confirm"));
  EXPECT_TRUE(says(ask("嗯取消", Intent::cancel), "status.cancelled number=" + one));
}

TEST_F(StatusTalk, Guarantee6_AnothersOrderDoesNotExist) {
  const std::string one = record(chat_repair());
  sender = "web-2";
  const std::string theirs = ask("查" + one, Intent::ask_status, number(one));
  const std::string none = ask("查WX20261123-0099", Intent::ask_status, number("WX20261123-0099"));
  EXPECT_TRUE(says(theirs, "status.not_yours"));
  EXPECT_EQ(theirs, none);
  EXPECT_TRUE(says(ask("取消" + one, Intent::cancel, number(one)), "status.not_yours"));
  EXPECT_TRUE(says(ask("进度", Intent::ask_status), "status.none"));
}

TEST_F(StatusTalk, Guarantee6_AnUnprovenSenderSeesNotEvenItsOwn) {
  const std::string one = record(chat_repair());
  proven = false;
  EXPECT_TRUE(says(ask("进度", Intent::ask_status), "status.none"));
  EXPECT_TRUE(says(ask("取消" + one, Intent::cancel, number(one)), "status.not_yours"));
  EXPECT_EQ(json(one)["state"], "notified");
}

TEST_F(StatusTalk, Guarantee6_TheVerifiedHouseholdMayAndStaffMay) {
  const std::string one = record(chat_repair());
  sender = "web-2";
  session.verified = Verified{501, now + std::chrono::minutes(30), 1};
  EXPECT_TRUE(says(ask("进度", Intent::ask_status), one.c_str()));
  session.verified = Verified{502, now + std::chrono::minutes(30), 2};
  EXPECT_TRUE(says(ask("查", Intent::ask_status, number(one)), "status.not_yours"));
  session.verified.reset();
  Turn t = turn("查" + one, Intent::ask_status, number(one));
  t.staff = directory.staff_.front();
  dialog.answer(t);
  EXPECT_TRUE(says(said(t), "status.one"));
}

TEST_F(StatusTalk, UrgingIsInTheHistoryAndReachesWhoeverHoldsTheOrder) {
  const std::string one = record(chat_repair());
  EXPECT_TRUE(says(ask("怎么还不来", Intent::urge), "status.urged"));
  EXPECT_EQ(json(one)["history"].back()["action"], "urge");
  EXPECT_EQ(post.count("role:engineering_supervisor", "status.urge_staff"), 1);
  ASSERT_EQ(status(one, "assign", {{"assignee", 2}}), 200);
  ask("催一下", Intent::urge);
  EXPECT_EQ(post.count("staff:2", "status.urge_staff"), 1);
}

TEST_F(StatusTalk, UrgingAgainAtOnceIsAnsweredAndNotPassedOn) {
  const std::string one = record(chat_repair());
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(says(ask("催一下", Intent::urge), "status.urged"));
  EXPECT_EQ(post.count("role:engineering_supervisor", "status.urge_staff"), 1);
  const auto urged = [&] {
    const Json lines = json(one)["history"];
    return std::count_if(lines.begin(), lines.end(),
                         [](const Json& line) { return line["action"] == "urge"; });
  };
  EXPECT_EQ(urged(), 1);
  now += std::chrono::minutes(11);
  ask("催一下", Intent::urge);
  EXPECT_EQ(urged(), 2);
  EXPECT_EQ(post.count("role:engineering_supervisor", "status.urge_staff"), 2);
}

// R5.11: staff by plain words have no more rights than by command.
TEST_F(StatusTalk, R5_11_StaffWhoseOrderItIsNotDoNotMoveIt) {
  const std::string one = record(chat_repair());
  auto entities = number(one);
  entities.push_back(time("2026-11-24T15:00:00+08:00").front());
  const auto say_as = [&](const StaffRecord& who) {
    Turn t = turn(one + " 能不能改到明天下午三点", Intent::reschedule, entities);
    t.staff = who;
    dialog.answer(t);
    return said(t);
  };
  sender = "somebody-else";
  const StaffRecord finance{13, "钱会计", "finance", "liyuan", "", "", ""};
  EXPECT_TRUE(says(say_as(finance), "status.may_not_reschedule"));
  const StaffRecord elsewhere{11, "高主管", "engineering_supervisor", "tower", "", "", ""};
  EXPECT_TRUE(says(say_as(elsewhere), "status.not_yours"));
  EXPECT_EQ(json(one)["appointment"], nullptr);
  EXPECT_TRUE(says(say_as(directory.staff_.front()), "status.rescheduled"));
}

TEST_F(StatusTalk, CancellingAsksFirstAndTellsEngineering) {
  const std::string one = record(chat_repair());
  EXPECT_TRUE(says(ask("不用修了", Intent::cancel), "status.cancel_confirm"));
  EXPECT_EQ(json(one)["state"], "notified");
  EXPECT_TRUE(says(ask("对", Intent::affirm), "status.cancelled"));
  EXPECT_EQ(json(one)["state"], "cancelled");
  EXPECT_EQ(json(one)["history"].back()["note"], "不用修了");
  EXPECT_EQ(post.count("role:engineering_supervisor", "status.cancel_staff"), 1);
  EXPECT_EQ(post.count("rest/web-1", "order.cancelled"), 0);  // heard in the chat itself
  EXPECT_EQ(orders::verify_orders(db()), std::vector<std::string>{});
}

TEST_F(StatusTalk, ANoKeepsTheOrderAndAnythingElseDropsTheQuestion) {
  const std::string one = record(chat_repair());
  ask("取消", Intent::cancel);
  EXPECT_TRUE(says(ask("不取消", Intent::deny), "status.kept"));
  ask("取消", Intent::cancel);
  EXPECT_TRUE(says(ask("修得怎么样了", Intent::ask_status), "status.one"));
  ask("好的", Intent::affirm);  // answers nothing any more
  EXPECT_EQ(json(one)["state"], "notified");
}

TEST_F(StatusTalk, WithSeveralOpenItAsksWhichAndGoesOnWithTheNumber) {
  record(chat_repair());
  auto other = chat_repair();
  other.item = "马桶";
  const std::string two = record(other);
  EXPECT_TRUE(says(ask("取消", Intent::cancel), "status.which"));
  EXPECT_TRUE(says(ask(two, Intent::inform, number(two)), "status.cancel_confirm"));
  ask("是", Intent::affirm);
  EXPECT_EQ(json(two)["state"], "cancelled");
  EXPECT_EQ(json("WX20261123-0001")["state"], "notified");
}

TEST_F(StatusTalk, AnOrderNamedWhileAFormIsFilledIsTakenAtOnce) {
  const std::string one = record(chat_repair());
  FormFrame open;
  open.form = "repair";
  open.requested = "unit";
  session.stack.push_back(open);
  Turn t = turn("取消" + one, Intent::cancel, number(one));
  EXPECT_EQ(dialog.intercept(t), Outcome::answered);
  EXPECT_TRUE(says(said(t), "status.cancel_confirm"));
  Turn yes = turn("对", Intent::affirm);
  EXPECT_EQ(dialog.intercept(yes), Outcome::answered);
  EXPECT_EQ(json(one)["state"], "cancelled");
  EXPECT_EQ(session.stack.size(), 1u);
}

TEST_F(StatusTalk, WhatHasBegunCannotBeCancelledByChat) {
  const std::string one = record(chat_repair());
  ASSERT_EQ(status(one, "assign", {{"assignee", 2}}), 200);
  for (const char* action : {"accept", "arrive"}) ASSERT_EQ(status(one, action), 200);
  EXPECT_TRUE(says(ask("取消", Intent::cancel), "status.cannot_cancel"));
  EXPECT_EQ(json(one)["state"], "arrived");
}

TEST_F(StatusTalk, AQuestionWhoseAnswerComesTooLateChangesNothing) {
  const std::string one = record(chat_repair());
  ask("取消", Intent::cancel);
  ASSERT_EQ(status(one, "assign", {{"assignee", 2}}), 200);
  for (const char* action : {"accept", "arrive"}) ASSERT_EQ(status(one, action), 200);
  EXPECT_TRUE(says(ask("对", Intent::affirm), "status.cannot_cancel"));
  EXPECT_EQ(json(one)["state"], "arrived");
}

TEST_F(StatusTalk, ReschedulingTakesTheTimeToldOrAsksForIt) {
  const std::string one = record(chat_repair());
  EXPECT_TRUE(says(ask("改到后天下午三点", Intent::reschedule, time("2026-11-25T15:00:00+08:00")),
                   "status.rescheduled"));
  EXPECT_EQ(json(one)["appointment"]["from"], "2026-11-25T15:00:00+08:00");
  EXPECT_EQ(json(one)["history"].back()["action"], "reschedule");
  EXPECT_EQ(post.count("role:engineering_supervisor", "status.reschedule_staff"), 1);
  EXPECT_TRUE(says(ask("我想改时间", Intent::reschedule), "status.ask_new_time"));
  EXPECT_TRUE(
      says(ask("昨天", Intent::inform, time("2026-11-22T09:00:00+08:00")), "form.past_time"));
  EXPECT_TRUE(says(ask("明天九点", Intent::inform, time("2026-11-24T09:00:00+08:00")),
                   "status.rescheduled"));
  EXPECT_EQ(json(one)["appointment"]["from"], "2026-11-24T09:00:00+08:00");
}

TEST_F(StatusTalk, R3_5_TheAnswerTellsWhereItIsWhoComesAndWhen) {
  auto order = chat_repair();
  order.appointment = orders::Appointment{at("2026-11-24T10:00:00+08:00"), std::nullopt};
  const std::string one = record(order);
  ASSERT_EQ(status(one, "assign", {{"assignee", 2}}), 200);
  ASSERT_EQ(status(one, "accept"), 200);
  const std::string told = ask("谁来修", Intent::ask_status);
  for (const char* part : {"where.repair.accepted", "who=李师傅", "10:00"}) {
    EXPECT_TRUE(says(told, part)) << told;
  }
}

TEST_F(StatusTalk, R5_11_ADayThatDoesNotExistIsSaidSoAndAskedAgain) {
  const std::string one = record(chat_repair());
  EXPECT_TRUE(says(ask("改到2月31日上午", Intent::reschedule), "form.no_such_day date=2月31日"));
  EXPECT_TRUE(says(ask("change it to February 30th", Intent::inform),
                   "form.no_such_day date=February 30th"));
  EXPECT_EQ(json(one)["appointment"], nullptr);
  EXPECT_TRUE(says(ask("明天九点", Intent::inform, time("2026-11-24T09:00:00+08:00")),
                   "status.rescheduled"));
}

TEST_F(StatusTalk, R3_5_WhatIsDoneIsStillAnswered) {
  const std::string one = record(chat_repair());
  ASSERT_EQ(status(one, "cancel"), 200);
  EXPECT_TRUE(says(ask("进度", Intent::ask_status), "where=where.repair.cancelled"));
  EXPECT_TRUE(says(ask("催一下", Intent::urge), "status.none"));
}

}  // namespace
}  // namespace huiyin::orders_test
