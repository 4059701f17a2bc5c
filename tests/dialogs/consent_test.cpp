// Yes and no to a price by chat: what counts as one, what it leaves, and the answers to what comes
// too late.
#include "dialogs/status/consent.h"

#include "tests/dialogs/orders_talk.h"

namespace huiyin::orders_test {
namespace {

using namespace std::chrono_literals;

class Consent : public TalkHouse {
 protected:
  Consent()
      : dialog(desk,
               status::ConsentDialog::load(std::string(HUIYIN_SOURCE_DIR) +
                                           "/config/talk/consent.json")
                   .value(),
               {"跳过", "skip"}) {}
  std::string ask(std::string text, Intent intent = Intent::inform,
                  std::vector<Entity> entities = {}) {
    Turn t = turn(std::move(text), intent, std::move(entities));
    outcome = dialog.intercept(t);
    session.last_at = now;
    return said(t);
  }
  std::vector<Entity> number(const std::string& value) { return {entity("order", value)}; }
  static bool says(const std::string& text, const std::string& phrase) {
    return text.find(phrase) != std::string::npos;
  }
  std::string quoted(std::int64_t fen = 8000) {
    auto order = chat_repair();
    order.priced = false;
    const std::string one = record(order);
    EXPECT_EQ(status(one, "review", {{"feasible", true}}), 200);
    EXPECT_EQ(status(one, "quote", {{"feasible", true}, {"amount_fen", fen}, {"note", "换门锁"}}),
              200);
    return one;
  }
  std::string on_site() {
    const std::string one = record(chat_repair());
    EXPECT_EQ(status(one, "assign", {{"assignee", 2}}), 200);
    for (const char* action : {"accept", "arrive"}) EXPECT_EQ(status(one, action), 200);
    EXPECT_EQ(status(one, "add_charge", {{"item", "换阀"}, {"amount_fen", 6000}}, technician), 200);
    return one;
  }
  Json event(const std::string& number, std::string_view action) {
    Json found;
    const Json record = json(number);
    for (const auto& one : record["history"]) {
      if (one["action"] == action) found = one;
    }
    return found;
  }
  status::ConsentDialog dialog;
  Outcome outcome = Outcome::not_mine;
};

TEST_F(Consent, R5_12_TheButtonAgreesAndWhatWasConsentedToIsKept) {
  const std::string one = quoted();
  EXPECT_TRUE(says(ask("同意 " + one, Intent::affirm, number(one)), "repair.agreed number=" + one));
  EXPECT_EQ(json(one)["agreed_at"], "2026-11-23T10:00:00+08:00");
  const Json kept = event(one, "consent");
  EXPECT_EQ(kept["detail"], (Json{{"agreed", true}, {"to", "quote"}, {"amount_fen", 8000}}));
  EXPECT_EQ(kept["channel"], "rest");
  EXPECT_EQ(kept["at"], "2026-11-23T10:00:00+08:00");
  EXPECT_TRUE(says(kept["note"], "order.quoted"));
  EXPECT_TRUE(says(kept["note"], "amount=80.00"));
  EXPECT_TRUE(says(kept["note"], "note=换门锁"));
  EXPECT_TRUE(says(kept["note"], "words=同意 " + one));
  EXPECT_EQ(post.count("role:engineering_supervisor", "repair.agreed_staff"), 1);
  EXPECT_EQ(status(one, "assign", {{"assignee", 2}}), 200);
}

TEST_F(Consent, R5_12_OwnWordsAgreeToo) {
  for (const char* words : {"同意", "好的，同意", "我同意啊", "I agree"}) {
    const std::string one = quoted();
    EXPECT_TRUE(says(ask(words), "repair.agreed number=" + one)) << words;
  }
}

TEST_F(Consent, R5_14_WhatIsNoPlainYesIsAskedBackForItCostsMoney) {
  const std::string one = quoted();
  for (const char* words :
       {"同意的话什么时候来？", "不是很同意", "要是同意了多久能修好", "太贵了"}) {
    EXPECT_TRUE(says(ask(words), "consent.ask amount=80.00")) << words;
    EXPECT_EQ(json(one).count("agreed_at"), 0u) << words;
    EXPECT_EQ(json(one)["state"], "quoted") << words;
  }
  EXPECT_TRUE(says(ask("嗯", Intent::affirm), "repair.agreed"));
}

// R5.15: a reason is what they say to the question, not whatever comes to mind meanwhile.
TEST_F(Consent, R5_15_AnotherMatterOrAQuestionIsNoReason) {
  const std::string one = quoted();
  EXPECT_TRUE(says(ask("不同意"), "consent.reason"));
  EXPECT_TRUE(says(ask("多少钱来着？", Intent::ask_fee), "consent.ask amount=80.00"));
  EXPECT_EQ(json(one)["state"], "quoted");
  EXPECT_TRUE(says(ask("不同意"), "consent.reason"));
  ask("另外我家厕所马桶也堵了，下午三点来修", Intent::report_repair, {entity("item", "马桶")});
  EXPECT_EQ(outcome, Outcome::not_mine);
  EXPECT_EQ(json(one)["state"], "quoted");
  FormFrame open;
  open.form = "repair";
  session.stack.push_back(open);
  ask("3栋2单元501", Intent::inform);
  EXPECT_EQ(outcome, Outcome::not_mine) << "an answer to the form";
  session.stack.clear();
  EXPECT_TRUE(says(ask("我自己换个水龙头"), "consent.declined"));
  EXPECT_EQ(event(one, "decline")["note"], "我自己换个水龙头");
}

TEST_F(Consent, R5_15_AReasonThatSoundsLikeAReportIsOne) {
  const std::string one = quoted();
  ask("不同意");
  EXPECT_TRUE(says(ask("水龙头我找人修好了", Intent::report_repair, {entity("item", "水龙头")}),
                   "consent.declined"));
  const std::string two = quoted();
  ask("不同意");
  EXPECT_TRUE(says(ask("太贵了吧？", Intent::dispute_fee), "consent.declined"));
  EXPECT_EQ(json(two)["state"], "declined");
}

TEST_F(Consent, R5_15_WhoTellsOfSomethingElseHasDeclinedAfterHalfAnHour) {
  const std::string one = quoted();
  ask("不同意");
  ask("马桶也堵了", Intent::report_repair, {entity("item", "马桶")});
  const auto timer = store::first_due(db(), now + 31min);
  ASSERT_TRUE(timer);
  now += 31min;
  auto t = tx();
  dialog.on_timer(t, post, timer->kind, timer->key, timer->payload);
  EXPECT_EQ(json(one)["state"], "declined");
}

TEST_F(Consent, R5_12_AMereYesCountsOnlyAsTheFirstWordAfterThePrice) {
  session.last_at = now;
  advance(1min);
  const std::string one = quoted();
  EXPECT_TRUE(says(ask("好的", Intent::affirm), "repair.agreed"));
  const std::string two = quoted();
  advance(1min);
  ask("几点下班", Intent::ask_info);
  EXPECT_EQ(outcome, Outcome::not_mine);
  advance(1min);
  ask("好的", Intent::affirm);
  EXPECT_EQ(outcome, Outcome::not_mine);
  EXPECT_EQ(json(two).count("agreed_at"), 0u);
  EXPECT_TRUE(says(ask("同意"), "repair.agreed number=" + two));
}

TEST_F(Consent, AYesToAnotherQuestionIsNoConsent) {
  quoted();
  session.memory["status"] = {{"step", "confirm"}};
  ask("对", Intent::affirm);
  EXPECT_EQ(outcome, Outcome::not_mine);
  session.memory.erase("status");
  FormFrame open;
  open.form = "repair";
  session.stack.push_back(open);
  ask("同意", Intent::affirm);
  EXPECT_EQ(outcome, Outcome::not_mine);
}

TEST_F(Consent, R5_15_WhoDeclinesIsAskedWhyAndSignsByChat) {
  const std::string one = quoted();
  EXPECT_TRUE(says(ask("不同意 " + one, Intent::deny, number(one)), "consent.reason"));
  EXPECT_EQ(json(one)["state"], "quoted");
  EXPECT_TRUE(says(ask("价格比外面高"), "consent.declined number=" + one));
  const Json record = json(one);
  EXPECT_EQ(record["state"], "declined");
  EXPECT_EQ(event(one, "decline")["note"], "价格比外面高");
  EXPECT_EQ(record["signatures"][0]["by"], "王芳");
  EXPECT_EQ(record["signatures"][0]["role"], "customer");
  EXPECT_EQ(record["signatures"][0]["method"], "chat");
  EXPECT_EQ(event(one, "consent")["detail"]["agreed"], false);
  EXPECT_EQ(post.count("role:engineering_supervisor", "repair.declined_staff"), 1);
  EXPECT_EQ(post.count("rest/web-1", "order.declined"), 0);  // answered in the conversation
  // Both note and sign it.
  EXPECT_EQ(status(one, "sign",
                   {{"by", "孙工"},
                    {"role", "engineering_supervisor"},
                    {"method", "page"},
                    {"note", "已向主管说明"}}),
            200);
  EXPECT_EQ(json(one)["state"], "declined");
  EXPECT_EQ(orders::verify_orders(db()), std::vector<std::string>{});
}

TEST_F(Consent, R5_15_TheReasonMayComeWithTheNoOrBeLeftOut) {
  const std::string one = quoted();
  EXPECT_TRUE(says(ask("太贵了，不修了", Intent::cancel), "consent.declined"));
  EXPECT_EQ(event(one, "decline")["note"], "太贵了，不修了");
  const std::string two = quoted();
  ask("不同意", Intent::deny);
  EXPECT_TRUE(says(ask("跳过"), "consent.declined"));
  EXPECT_EQ(event(two, "decline")["note"], "consent.no_reason");
}

TEST_F(Consent, R5_15_TheyMayThinkItOverWhileTheReasonIsAsked) {
  const std::string one = quoted();
  ask("不同意", Intent::deny);
  EXPECT_TRUE(says(ask("算了，同意吧"), "repair.agreed"));
  EXPECT_EQ(json(one)["state"], "quoted");
  EXPECT_EQ(json(one).count("agreed_at"), 1u);
}

TEST_F(Consent, R5_12_WhoAsksWhatItCostsIsToldTheAmount) {
  const std::string one = quoted();
  for (const char* words : {"多少钱", "凭什么收钱？", "为什么这么贵"}) {
    EXPECT_TRUE(says(ask(words, Intent::dispute_fee), "consent.ask amount=80.00")) << words;
  }
  EXPECT_TRUE(says(ask("我考虑一下", Intent::help), "consent.think amount=80.00"));
  ask("物业费多少钱", Intent::ask_fee);
  EXPECT_EQ(outcome, Outcome::not_mine) << "another price";
  EXPECT_EQ(json(one)["state"], "quoted");
}

TEST_F(Consent, R5_15_AQuestionIsNotTheReasonButWhatComesWithTheNo) {
  const std::string one = quoted();
  ask("为什么这么贵", Intent::dispute_fee);
  EXPECT_TRUE(says(ask("不同意吧，太贵", Intent::deny), "consent.declined"));
  EXPECT_EQ(event(one, "decline")["note"], "不同意吧，太贵");
  const std::string two = quoted();
  ask("不同意", Intent::deny);
  EXPECT_TRUE(says(ask("为什么这么贵", Intent::dispute_fee), "consent.ask")) << "asked why";
  EXPECT_EQ(json(two)["state"], "quoted");
  ask("太贵了");
  EXPECT_TRUE(says(ask("不同意", Intent::deny), "consent.declined"));
  EXPECT_EQ(event(two, "decline")["note"], "太贵了");
}

TEST_F(Consent, R5_12_WithNoPriceYetItIsSaidSoAndGivingUpIsOffered) {
  const std::string one = record(chat_repair());
  EXPECT_TRUE(says(ask("点解咁贵？", Intent::urge), "consent.no_price_yet number=" + one));
  EXPECT_TRUE(says(ask("太贵啦，唔整啦", Intent::deny), "status.cancel_confirm number=" + one));
  EXPECT_EQ(text_of(session.memory["status"], "number"), one);
  EXPECT_TRUE(json(one)["state"] == "notified") << "only when they say yes";
}

TEST_F(Consent, R5_15_AReasonThatNeverComesIsNotWaitedForLongerThanHalfAnHour) {
  const std::string one = quoted();
  ask("不同意", Intent::deny);
  const auto timer = store::first_due(db(), now + 30min);
  ASSERT_TRUE(timer && timer->kind == "consent.silence");
  now += 30min;
  auto t = tx();
  dialog.on_timer(t, post, timer->kind, timer->key, timer->payload);
  EXPECT_EQ(json(one)["state"], "declined");
  EXPECT_EQ(post.count("rest/web-1", "order.declined"), 1);  // not in a turn: they are told
  dialog.on_timer(t, post, timer->kind, timer->key, timer->payload);
  EXPECT_EQ(post.count("rest/web-1", "order.declined"), 1);
}

TEST_F(Consent, R5_12_OfSeveralQuotesTheNumberTellsWhich) {
  const std::string one = quoted(8000), two = quoted(9000);
  const std::string which = ask("同意");
  EXPECT_TRUE(says(which, "consent.which"));
  EXPECT_TRUE(says(which, "amount=80.00"));
  EXPECT_TRUE(says(which, "amount=90.00"));
  EXPECT_TRUE(says(ask(two, Intent::inform, number(two)), "repair.agreed number=" + two));
  EXPECT_EQ(json(one).count("agreed_at"), 0u);
}

TEST_F(Consent, AStaleButtonIsAnsweredExactly) {
  const std::string one = quoted();
  ask("同意 " + one, Intent::affirm, number(one));
  EXPECT_TRUE(says(ask("同意 " + one, Intent::affirm, number(one)),
                   "consent.already amount=80.00 number=" + one));
  EXPECT_TRUE(says(ask("不同意 " + one, Intent::deny, number(one)),
                   "consent.nothing number=" + one + " state=state.quoted"));
  const std::string two = quoted();
  ask("太贵了，不修了");
  EXPECT_TRUE(says(ask("同意 " + two, Intent::affirm, number(two)), "consent.was_declined"));
  const std::string three = quoted();
  ASSERT_EQ(status(three, "cancel"), 200);
  EXPECT_TRUE(says(ask("同意 " + three, Intent::affirm, number(three)),
                   "consent.nothing number=" + three + " state=state.cancelled"));
  EXPECT_EQ(orders::verify_orders(db()), std::vector<std::string>{});
}

TEST_F(Consent, Guarantee6_AnothersQuoteIsNoOnesToAgreeTo) {
  const std::string one = quoted();
  sender = "web-2";
  const std::string theirs = ask("同意 " + one, Intent::affirm, number(one));
  EXPECT_TRUE(says(theirs, "status.not_yours"));
  EXPECT_EQ(theirs, ask("同意 WX20261123-0099", Intent::affirm, number("WX20261123-0099")));
  ask("同意");
  EXPECT_EQ(outcome, Outcome::not_mine);
  sender = "web-1";
  proven = false;
  EXPECT_TRUE(says(ask("同意 " + one, Intent::affirm, number(one)), "status.not_yours"));
  EXPECT_EQ(json(one).count("agreed_at"), 0u);
}

TEST_F(Consent, R5_14_OnSiteTheYesIsKeptAndTheRepairerStarts) {
  const std::string one = on_site();
  EXPECT_TRUE(says(ask("同意 " + one, Intent::affirm, number(one)), "consent.onsite_agreed"));
  const Json kept = event(one, "consent");
  EXPECT_EQ(kept["detail"], (Json{{"agreed", true}, {"to", "charges"}, {"amount_fen", 6000}}));
  EXPECT_TRUE(says(kept["note"], "换阀"));
  EXPECT_EQ(post.count("staff:2", "repair.onsite_agreed_staff"), 1);
  EXPECT_EQ(json(one)["state"], "arrived");
  EXPECT_TRUE(says(ask("同意 " + one, Intent::affirm, number(one)), "consent.nothing"));
  // Another item is another offer.
  ASSERT_EQ(status(one, "add_charge", {{"item", "人工"}, {"amount_fen", 1000}}, technician), 200);
  ask("同意");
  EXPECT_EQ(event(one, "consent")["detail"]["amount_fen"], 7000);
}

TEST_F(Consent, R5_15_OnSiteTheNoIsKeptAndToldAndTheRepairerDeclines) {
  const std::string one = on_site();
  EXPECT_TRUE(says(ask("不同意", Intent::deny), "consent.onsite_refused"));
  EXPECT_EQ(event(one, "consent")["detail"]["agreed"], false);
  EXPECT_EQ(post.count("staff:2", "repair.onsite_refused_staff"), 1);
  EXPECT_EQ(json(one)["state"], "arrived");
}

}  // namespace
}  // namespace huiyin::orders_test
