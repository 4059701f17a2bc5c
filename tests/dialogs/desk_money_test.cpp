// Money that staff write: never a part of what was told, never the list's price in place of it, and
// a slip can be mended.
#include "tests/dialogs/desk_support.h"

namespace huiyin::orders_test {
namespace {

const std::string catalogue = std::string(HUIYIN_SOURCE_DIR) + "/config/catalogue";

// The desk of an estate that has a price list.
class DeskMoney : public DeskTalk {
 protected:
  std::string tell(std::int64_t who, std::string text, std::vector<Entity> entities = {}) {
    std::swap(session, sessions[who]);
    Turn t = turn(std::move(text), Intent::out_of_scope, std::move(entities));
    t.staff = *directory.staff_by_id(who);
    outcome = priced.intercept(t);
    buttons.clear();
    for (const auto& reply : t.replies) {
      for (const auto& button : reply.buttons) buttons.push_back(button.payload);
    }
    std::swap(session, sessions[who]);
    said_last = said(t);
    return said_last;
  }
  std::int64_t last_fen(const std::string& number) {
    const Json charges = json(number)["charges"];
    return charges.empty() ? -1 : charges.back()["amount_fen"].get<std::int64_t>();
  }
  std::string unlisted() {
    auto order = chat_repair();
    order.priced = false;
    return record(order);
  }

  const orders::Catalogue items = orders::Catalogue::load(catalogue).value();
  const orders::PriceLists lists = orders::PriceLists::load(catalogue, items).value();
  orders::Orders with_prices{directory, speech, post, "received", items, lists};
  desk::Desk priced{with_prices, shipped_words()};
};

TEST_F(DeskMoney, R5_18_WhatWasSpokenStandsAndNotTheListedPrice) {
  const std::string one = arrived();
  EXPECT_TRUE(says(tell(li, "加收 更换水龙头 八十五块"), "desk.did.add_charge")) << said_last;
  EXPECT_EQ(last_fen(one), 8'500);
  tell(li, "加收 更换水龙头 八十块五");
  EXPECT_EQ(last_fen(one), 8'050);
  tell(li, "加收 更换水龙头 5千");
  EXPECT_EQ(last_fen(one), 500'000);
  EXPECT_EQ(json(one)["charges"].back()["item"], "更换水龙头");
  const auto before = events();
  EXPECT_TRUE(says(tell(li, "加收 更换水龙头 负五块"), "desk.amount.negative")) << said_last;
  EXPECT_TRUE(says(tell(li, "加收 更换水龙头 十万元"), "desk.amount.too_large")) << said_last;
  EXPECT_TRUE(says(tell(li, "加收 更换水龙头 八十多块"), "desk.amount.unclear")) << said_last;
  EXPECT_TRUE(says(tell(li, "加收 更换两个水龙头"), "desk.ask.amount")) << said_last;
  EXPECT_EQ(events(), before);
  EXPECT_TRUE(says(tell(li, "一百六"), "desk.did.add_charge")) << said_last;
  EXPECT_EQ(last_fen(one), 16'000);
  EXPECT_TRUE(says(tell(li, "加收 更换水龙头"), "desk.did.add_charge")) << "the list's own price";
}

TEST_F(DeskMoney, R5_18_AnAmountThatWasRefusedIsAskedForTheSameThing) {
  const std::string one = arrived();
  EXPECT_TRUE(says(tell(li, "加收 换龙头 -5"), "desk.amount.negative"));
  EXPECT_TRUE(says(tell(li, "40"), "desk.did.add_charge")) << said_last;
  EXPECT_EQ(json(one)["charges"][0]["item"], "换龙头");
}

TEST_F(DeskMoney, R5_12_AQuoteIsReadWithItsMultiplierAndNoRangeIsTaken) {
  const std::string one = unlisted(), two = unlisted(), three = unlisted();
  tell(boss, "报价 0001 5千");
  EXPECT_EQ(orders::find(db(), one)->quote_fen, 500'000);
  tell(boss, "报价 0002 1万");
  EXPECT_EQ(orders::find(db(), two)->quote_fen, 1'000'000);
  EXPECT_TRUE(says(tell(boss, "报价 0003 200-300元"), "desk.amount.unclear")) << said_last;
  EXPECT_FALSE(orders::find(db(), three)->quote_fen);
  EXPECT_TRUE(says(tell(boss, "二百六"), "desk.did.quote")) << said_last;
  EXPECT_EQ(orders::find(db(), three)->quote_fen, 26'000);
}

TEST_F(DeskMoney, R5_12_ASlipOfAQuoteIsMendedWhileNobodyAnswered) {
  const std::string one = unlisted();
  tell(boss, "报价 0001 26");
  EXPECT_TRUE(says(tell(boss, "报价 1 260"), "desk.did.quote")) << said_last;
  EXPECT_EQ(orders::find(db(), one)->quote_fen, 26'000);
  EXPECT_EQ(post.count("rest/web-1", "order.quoted"), 1);
  EXPECT_EQ(post.count("rest/web-1", "order.requoted"), 1) << "one message that replaces it";
  const auto lines = history(one);
  EXPECT_EQ(std::ranges::count(lines, "quote"), 2) << "the history keeps both";
  EXPECT_EQ(orders::open_offer(db(), *orders::find(db(), one))->amount_fen, 26'000);
  ASSERT_EQ(status(one, "agree", {}, orders::Actor::resident()), 200);
  EXPECT_TRUE(says(tell(boss, "报价 1 270"), "desk.refused")) << "it was agreed to";
  EXPECT_EQ(orders::verify_orders(db()), std::vector<std::string>{});
}

TEST_F(DeskMoney, R5_18_TheLastChargeIsCorrectedOrTakenBackUntilItIsAgreedTo) {
  const std::string one = arrived();
  EXPECT_TRUE(says(tell(li, "撤销加收"), "desk.refused")) << "there is none: " << said_last;
  tell(li, "加收 换龙头 80元");
  tell(li, "加收 换角阀 30元");
  EXPECT_TRUE(says(tell(li, "记错了，应该是40"), "desk.did.correct_charge")) << said_last;
  EXPECT_EQ(last_fen(one), 4'000);
  EXPECT_TRUE(says(tell(li, "更正 1 45元"), "total=125.00")) << said_last;
  EXPECT_TRUE(says(tell(li, "取消 加收"), "desk.did.undo_charge")) << said_last;
  ASSERT_EQ(json(one)["charges"].size(), 1u) << "what holds";
  const auto lines = history(one);
  ASSERT_EQ(std::ranges::count(lines, "add_charge"), 2) << "what was written first stays";
  EXPECT_EQ(std::ranges::count(lines, "correct_charge"), 3);
  EXPECT_GE(post.count("rest/web-1", "order.onsite_corrected"), 1);
  EXPECT_TRUE(says(tell(li, "撤销加收"), "total=0.00")) << said_last;
  EXPECT_FALSE(orders::open_offer(db(), *orders::find(db(), one))) << "nothing is offered now";
  tell(li, "加收 换龙头 80元");
  EXPECT_TRUE(says(tell(li, "客户同意"), "desk.did.agree_onsite")) << said_last;
  const auto before = events();
  EXPECT_TRUE(says(tell(li, "删掉上一笔"), "desk.refused")) << said_last;
  EXPECT_EQ(events(), before);
}

TEST_F(DeskMoney, R5_18_WordsAndANumberAreAChargeAtWork) {
  const std::string one = arrived();
  EXPECT_TRUE(says(tell(li, "换龙头80"), "desk.did.add_charge")) << said_last;
  EXPECT_EQ(last_fen(one), 8'000);
  EXPECT_TRUE(says(tell(li, "通马桶 100"), "desk.did.add_charge")) << said_last;
  EXPECT_TRUE(says(tell(li, "疏通100块"), "desk.did.add_charge")) << said_last;
  EXPECT_EQ(json(one)["charges"].size(), 3u);
  tell(li, "电话 13800138000", {entity("phone", "+8613800138000", "13800138000")});
  EXPECT_EQ(outcome, Outcome::not_mine);
  const std::string two = accepted();
  tell(chen, "换龙头80");
  EXPECT_EQ(outcome, Outcome::not_mine) << "nothing in hand";
}

TEST_F(DeskMoney, R5_18_BeforeTheEndOfPricedWorkTheChargeIsAskedFor) {
  const std::string one = arrived();
  EXPECT_TRUE(says(tell(li, "修好了 换了阀芯"), "desk.ask.charge_before")) << said_last;
  EXPECT_EQ(state(one), "arrived");
  EXPECT_TRUE(says(tell(li, "80元"), "desk.did.complete")) << said_last;
  EXPECT_EQ(state(one), "completed");
  EXPECT_EQ(last_fen(one), 8'000);
  EXPECT_EQ(json(one)["charges"][0]["item"], "水龙头");
  EXPECT_EQ(post.count("rest/web-1", "order.onsite"), 0) << "the end tells it";
  EXPECT_EQ(json(one)["history"].back()["note"], "换了阀芯");
  const std::string two = arrived(), three = arrived();
  EXPECT_TRUE(says(tell(li, "完成 0002"), "desk.ask.charge_before"));
  EXPECT_TRUE(says(tell(li, "没有收费"), "desk.did.complete")) << said_last;
  EXPECT_EQ(state(two), "completed");
  EXPECT_TRUE(says(tell(li, "完成 0003"), "desk.ask.charge_before"));
  EXPECT_TRUE(says(tell(li, "完成"), "desk.did.complete")) << said_last;
  EXPECT_EQ(state(three), "completed");
}

}  // namespace
}  // namespace huiyin::orders_test
