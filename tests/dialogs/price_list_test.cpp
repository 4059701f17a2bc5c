// The paid price list (R5.10, R5.12, R5.18, R9.14) and what is charged by it.
#include "dialogs/orders/price_list.h"

#include "tests/dialogs/orders_support.h"

namespace huiyin::orders_test {
namespace {

const std::string folder = std::string(HUIYIN_SOURCE_DIR) + "/config/catalogue";

class Prices : public OrdersHouse {
 protected:
  std::string found(std::string_view words) const {
    const auto* price = list->find(words);
    return price == nullptr ? "" : price->id;
  }
  std::string on_site() {
    auto t = tx();
    const std::string number = with_prices.record(t, chat_repair());
    for (const auto& [action, body] :
         std::initializer_list<std::pair<const char*, Json>>{{"assign", {{"assignee", 2}}},
                                                             {"accept", Json::object()},
                                                             {"arrive", Json::object()}}) {
      EXPECT_TRUE(with_prices.act(t, number, action, body, admin)) << action;
    }
    return number;
  }
  // The answer's status; 200 when it was written.
  int charge(const std::string& number, Json body) {
    auto t = tx();
    const auto done = with_prices.act(t, number, "add_charge", body, admin);
    if (!done) field = done.error().field;
    return done ? 200 : done.error().status;
  }
  Json last_charge(const std::string& number) { return json(number)["charges"].back(); }
  Json detail(const std::string& number) { return json(number)["history"].back()["detail"]; }

  const orders::Catalogue items = orders::Catalogue::load(folder).value();
  const orders::PriceLists lists = orders::PriceLists::load(folder, items).value();
  const orders::PriceList* list = lists.of(directory.profile_);
  orders::Orders with_prices{directory, speech, post, "received", items, lists};
  const orders::Actor admin{"admin", "admin", 0, "api"};
  std::string field;
};

TEST_F(Prices, R5_18_TheListIsFoundByTheWordsOfAChat) {
  EXPECT_EQ(found("换龙头"), "tap-replace");
  EXPECT_EQ(found("更换水龙头"), "tap-replace");
  EXPECT_EQ(found("修水龙头"), "tap-repair");
  EXPECT_EQ(found("换水嘴"), "tap-replace");  // a word of the catalogue for the same thing
  EXPECT_EQ(found("通马桶"), "toilet-unclog");
  EXPECT_EQ(found("换马桶"), "toilet-install");
  EXPECT_EQ(found("换灯泡"), "bulb");
  EXPECT_EQ(found("开锁"), "lock-open");
  EXPECT_EQ(found("换锁芯"), "lock-cylinder");
  EXPECT_EQ(found("replace the tap"), "tap-replace");
  EXPECT_EQ(found("tap-replace"), "tap-replace");
}

TEST_F(Prices, R5_18_WordsOfSomethingElseFindNothing) {
  for (const char* words : {"材料费", "水龙头材料费", "上门费", "换电梯", "", "80元", "修指纹锁"}) {
    EXPECT_EQ(found(words), "") << words;
  }
}

TEST_F(Prices, R5_10_WhatTheListHasIsPricedAndWhatItHasNotIsReviewed) {
  auto t = tx();
  const auto priced = [&](const char* item) {
    auto order = chat_repair();
    order.item = order.description = item;
    return json(with_prices.record(t, order))["priced"].get<bool>();
  };
  EXPECT_TRUE(priced("水龙头"));
  EXPECT_FALSE(priced("指纹锁"));
  EXPECT_TRUE(priced("说不清的东西"));  // the repairer compares on site (R5.13)
  auto order = chat_repair();
  order.priced = false;  // the desk's word wins
  EXPECT_EQ(json(with_prices.record(t, order))["priced"], false);
}

TEST_F(Prices, R5_18_AListedRepairIsChargedByTheListWhenNoAmountIsGiven) {
  const std::string number = on_site();
  ASSERT_EQ(charge(number, {{"item", "换龙头"}}), 200);
  EXPECT_EQ(last_charge(number)["amount_fen"], 4000);
  EXPECT_EQ(detail(number)["listed_fen"], 4000);
  EXPECT_EQ(detail(number)["price"], "tap-replace");
  ASSERT_EQ(charge(number, {{"item", "tap-replace"}}), 200);
  EXPECT_EQ(json(number)["charges"].back()["item"], "更换水龙头") << "an id is not for residents";
  ASSERT_EQ(charge(number, {{"item", "更换灯泡"}, {"quantity", 3}}), 200);
  EXPECT_EQ(last_charge(number)["amount_fen"], 3000);
  ASSERT_EQ(charge(number, {{"item", "打密封胶"}, {"quantity", 2.35}}), 200);
  EXPECT_EQ(last_charge(number)["amount_fen"], 2350);
  EXPECT_EQ(detail(number)["quantity"], 2.35);
}

TEST_F(Prices, R9_14_AnotherPriceIsAllowedAndStandsBesideTheListedOne) {
  const std::string number = on_site();
  ASSERT_EQ(charge(number, {{"item", "换龙头"}, {"amount_fen", 8000}}), 200);
  EXPECT_EQ(last_charge(number)["amount_fen"], 8000);
  EXPECT_EQ(detail(number)["listed_fen"], 4000);
  ASSERT_EQ(charge(number, {{"item", "换龙头"}, {"amount_fen", 0}}), 200);
  EXPECT_EQ(last_charge(number)["amount_fen"], 0);
}

TEST_F(Prices, R5_18_WhatIsNotListedNeedsAnAmountAndNoneIsNegative) {
  const std::string number = on_site();
  EXPECT_EQ(charge(number, {{"item", "材料费"}}), 400);
  EXPECT_EQ(field, "amount_fen");
  EXPECT_EQ(charge(number, {{"item", "换龙头"}, {"amount_fen", -1}}), 400);
  EXPECT_EQ(charge(number, {{"item", "换龙头"}, {"amount_fen", 12.5}}), 400);
  EXPECT_EQ(json(number)["charges"], Json::array());
  ASSERT_EQ(charge(number, {{"item", "材料费"}, {"amount_fen", 1500}}), 200);
  EXPECT_FALSE(detail(number).contains("listed_fen"));
}

TEST_F(Prices, R5_18_AQuantityIsAboveZeroWithAtMostTwoDecimals) {
  const std::string number = on_site();
  for (const Json& quantity : {Json(0), Json(-1), Json("2"), Json(1.005), Json(1e9)}) {
    EXPECT_EQ(charge(number, {{"item", "换龙头"}, {"quantity", quantity}}), 400) << quantity;
    EXPECT_EQ(field, "quantity");
  }
}

TEST_F(Prices, AListWithAnItemThatTheCatalogueDoesNotKnowIsRefused) {
  test::TempDir other;
  other.write("price_list.json", R"({"version": "1", "items": [
    {"id": "a", "name": "换水龙头", "en": "x", "unit": "个", "labour_fen": -1, "items": ["水笼头"]},
    {"id": "a", "name": "换马桶", "en": "x", "unit": "个", "labour_fen": 1, "items": ["马桶"]}]})");
  const auto loaded = orders::PriceLists::load(other.path(), items);
  ASSERT_FALSE(loaded);
  std::vector<std::string> pointers;
  for (const auto& fault : loaded.error()) pointers.push_back(fault.pointer);
  EXPECT_EQ(pointers,
            (std::vector<std::string>{"/items/0/labour_fen", "/items/0/items/0", "/items/1/id"}));
}

}  // namespace
}  // namespace huiyin::orders_test
