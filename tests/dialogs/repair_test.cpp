// A filled repair form or public fault becomes one order, and a correction changes it.
#include "dialogs/repair/repair.h"

#include "dialogs/public_fault/public_fault.h"
#include "tests/dialogs/orders_talk.h"

namespace huiyin::orders_test {
namespace {

class Repairs : public TalkHouse {
 protected:
  FormFrame filled() {
    FormFrame frame;
    frame.form = "repair";
    frame.slots = {{"description", slot("我是3栋2单元501的王芳，厨房水龙头漏水，电话13800138000")},
                   {"unit", slot("3-2-501")},
                   {"name", slot("王芳")},
                   {"phone", slot("+8613800138000")},
                   {"time", slot({{"asap", true}}, "尽快")}};
    frame.extra = {{"item", "水龙头"}, {"place", "厨房"}, {"estate", "liyuan"}};
    return frame;
  }
  std::string complete(const FormFrame& frame) {
    Turn t = turn("对", Intent::affirm);
    EXPECT_EQ(dialog.complete(t, *forms.find("repair"), frame), Outcome::answered);
    return said(t);
  }
  repair::RepairDialog dialog{desk};
};

TEST_F(Repairs, R5_6_TheSheetHoldsNameAddressPhoneContentAndTime) {
  EXPECT_NE(complete(filled()).find("repair.recorded number=WX20261123-0001"), std::string::npos);
  const Json out = json("WX20261123-0001");
  EXPECT_EQ(out["customer"]["name"], "王芳");
  EXPECT_EQ(out["unit"], "3-2-501");
  EXPECT_EQ(out["customer"]["phone"], "+8613800138000");
  EXPECT_EQ(out["description"], "我是3栋2单元501的王芳，厨房水龙头漏水，电话13800138000");
  EXPECT_EQ(out["appointment"], nullptr);  // 尽快
  EXPECT_EQ(out["channel"], "chat");
  EXPECT_EQ(post.count("role:engineering_supervisor", "repair.notify_supervisor"), 1);
}

TEST_F(Repairs, AnAppointmentIsKeptAndNowIsNone) {
  auto frame = filled();
  const TimeRange tomorrow{at("2026-11-24T10:00:00+08:00"), std::nullopt, "minute"};
  frame.slots["time"] = slot(to_json(tomorrow, Zone::shanghai()));
  complete(frame);
  EXPECT_EQ(json("WX20261123-0001")["appointment"]["from"], "2026-11-24T10:00:00+08:00");
  const TimeRange at_once{now, std::nullopt, "minute"};
  EXPECT_FALSE(orders::appointment_of(to_json(at_once, Zone::shanghai()), now));
}

// What names an order is about that one, not about the one recorded last.
TEST_F(Repairs, ACorrectionThatNamesAnOrderChangesThatOrder) {
  complete(filled());
  auto second = filled();
  second.slots["description"] = slot("客厅灯不亮");
  second.extra["item"] = "灯";
  complete(second);
  const std::string first = "WX20261123-0001", last = "WX20261123-0002";
  Turn t = turn(first + " 电话改成13900139000", Intent::inform, {entity("order", first)});
  const auto named = dialog.named_record(t);
  ASSERT_TRUE(named);
  EXPECT_EQ(named->form, "repair");
  EXPECT_EQ(named->slots["phone"]["value"], "+8613800138000");
  EXPECT_EQ(named->slots["unit"]["value"], "3-2-501");
  EXPECT_TRUE(dialog.amend(t, {{"phone", slot("+8613900139000", "13900139000")}}));
  EXPECT_EQ(json(first)["customer"]["phone"], "+8613900139000");
  EXPECT_EQ(json(last)["customer"]["phone"], "+8613800138000");
}

TEST_F(Repairs, Guarantee6_AnOrderOfOthersThatIsNamedIsNotCorrected) {
  complete(filled());
  const std::string first = "WX20261123-0001";
  sender = "web-2";
  session = {};
  auto own = filled();
  own.slots["unit"] = slot("3-2-502");
  own.slots["description"] = slot("阳台门坏了");
  own.extra["item"] = "门";
  own.slots["phone"] = slot("+8613800138002");
  complete(own);
  Turn t = turn(first + " 电话改成13900139000", Intent::inform, {entity("order", first)});
  EXPECT_FALSE(dialog.named_record(t));
  EXPECT_FALSE(dialog.amend(t, {{"phone", slot("+8613900139000", "13900139000")}}));
  t.staff = directory.staff_.front();
  EXPECT_FALSE(dialog.named_record(t)) << "staff have the desk's words for it";
  EXPECT_EQ(json(first)["customer"]["phone"], "+8613800138000");
  EXPECT_EQ(json("WX20261123-0002")["customer"]["phone"], "+8613800138002");
}

TEST_F(Repairs, R7_17_TheSameMatterToldAgainMakesNoSecondOrder) {
  complete(filled());
  auto again = filled();
  again.slots["description"] = slot("水龙头还在漏");
  EXPECT_NE(complete(again).find("repair.already number=WX20261123-0001"), std::string::npos);
  EXPECT_FALSE(orders::find(db(), "WX20261123-0002"));
  EXPECT_EQ(json("WX20261123-0001")["history"].back()["action"], "told_again");
  EXPECT_EQ(json("WX20261123-0001")["history"].back()["note"], "水龙头还在漏");
  auto other = filled();
  other.slots["description"] = slot("马桶堵了");
  other.extra = {{"item", "马桶"}, {"place", "卫生间"}};
  EXPECT_NE(complete(other).find("WX20261123-0002"), std::string::npos);
}

TEST_F(Repairs, R7_17_ToldAgainInTheSameConversationNothingIsAskedAnew) {
  complete(filled());
  Turn t = turn("水龙头还在漏水", Intent::report_repair, {entity("item", "水龙头")});
  EXPECT_EQ(dialog.answer(t), Outcome::answered);
  EXPECT_NE(said(t).find("repair.already number=WX20261123-0001"), std::string::npos);
  Turn other = turn("马桶堵了", Intent::report_repair, {entity("item", "马桶")});
  EXPECT_EQ(dialog.answer(other), Outcome::not_mine);
  Turn neighbour = turn("3栋2单元502水龙头漏水", Intent::report_repair,
                        {entity("unit", "3-2-502"), entity("item", "水龙头")});
  EXPECT_EQ(dialog.answer(neighbour), Outcome::not_mine);
}

TEST_F(Repairs, Guarantee6_AStrangerWhoNamesTheSameHomeIsNotToldOfItsOrder) {
  complete(filled());
  sender = "web-2";
  auto stranger = filled();
  stranger.slots["phone"] = slot("+8613700137000");
  EXPECT_NE(complete(stranger).find("repair.recorded number=WX20261123-0002"), std::string::npos);
  EXPECT_NE(complete(filled()).find("repair.already"), std::string::npos);  // the same phone
}

TEST_F(Repairs, Guarantee6_AnUnprovenSenderReportsButChangesNothing) {
  proven = false;
  complete(filled());
  Turn t = turn("不对，是502", Intent::inform);
  EXPECT_FALSE(dialog.amend(t, {{"unit", slot("3-2-502")}}));
  Turn again = turn("水龙头还在漏水", Intent::report_repair, {entity("item", "水龙头")});
  EXPECT_EQ(dialog.answer(again), Outcome::not_mine);
}

TEST_F(Repairs, ACorrectionRightAfterRecordingChangesTheOrder) {
  complete(filled());
  Turn t = turn("不对，是502", Intent::inform);
  ASSERT_TRUE(dialog.amend(t, {{"unit", slot("3-2-502")}, {"name", slot("李明")}}));
  EXPECT_NE(said(t).find("repair.changed field=地址 number=WX20261123-0001 value=3-2-502"),
            std::string::npos);
  const Json out = json("WX20261123-0001");
  EXPECT_EQ(out["unit"], "3-2-502");
  EXPECT_EQ(out["customer"]["name"], "李明");
  EXPECT_EQ(out["history"].back()["action"], "amend");
  EXPECT_EQ(post.count("role:engineering_supervisor", "repair.notify_changed"), 2);
  EXPECT_EQ(orders::verify_orders(db()), std::vector<std::string>{});
}

TEST_F(Repairs, ACorrectionIsForAPersonOnceTheWorkHasBegunAndNotTakenFromAnotherConversation) {
  complete(filled());
  const std::string number = "WX20261123-0001";
  sender = "web-2";
  Turn stranger = turn("不对，是502", Intent::inform);
  EXPECT_FALSE(dialog.amend(stranger, {{"unit", slot("3-2-502")}}));
  sender = "web-1";
  ASSERT_EQ(status(number, "assign", {{"assignee", 2}}), 200);
  ASSERT_EQ(status(number, "accept"), 200);
  ASSERT_EQ(status(number, "arrive"), 200);
  Turn late = turn("不对，是502", Intent::inform);
  EXPECT_TRUE(dialog.amend(late, {{"unit", slot("3-2-502")}}));
  EXPECT_EQ(json(number)["unit"], "3-2-501");
  EXPECT_NE(said(late).find("order.correction_passed_on number=" + number), std::string::npos);
  EXPECT_NE(said(late).find("task=GZ20261123-0001"), std::string::npos);
  EXPECT_EQ(json("GZ20261123-0001")["kind"], "task");
}

TEST_F(Repairs, R5_24_APublicFaultNeedsOnlyWhatAndWhere) {
  public_fault::PublicFaultDialog publics{desk};
  FormFrame frame;
  frame.form = "public";
  frame.slots = {{"description", slot("电梯不动了")}, {"place", slot("3栋2单元 电梯")}};
  frame.extra = {{"item", "电梯"}};
  Turn t = turn("3栋2单元电梯", Intent::inform);
  ASSERT_EQ(publics.complete(t, *forms.find("public"), frame), Outcome::answered);
  const Json out = json("GG20261123-0001");
  EXPECT_EQ(out["place"], "3栋2单元 电梯");
  EXPECT_EQ(out["estate"], "liyuan");
  EXPECT_EQ(out["unit"], nullptr);
  EXPECT_EQ(out["customer"]["phone"], nullptr);
  EXPECT_EQ(clock("GG20261123-0001", "R5.24")["met_at"], "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(post.count("role:engineering_supervisor", "public.notify_supervisor"), 1);
}

TEST_F(Repairs, R5_12_TheCatalogueSaysWhatIsListedAndWhatItIsCalled) {
  const auto catalogue =
      orders::Catalogue::load(std::string(HUIYIN_SOURCE_DIR) + "/config/catalogue");
  ASSERT_TRUE(catalogue);
  EXPECT_EQ(catalogue->find("厨房的龙头漏水")->name, "水龙头");
  EXPECT_EQ(catalogue->find("the kitchen Tap drips")->name, "水龙头");
  EXPECT_EQ(catalogue->find("I lost a tape"), nullptr);
  const auto prices =
      orders::PriceLists::load(std::string(HUIYIN_SOURCE_DIR) + "/config/catalogue", *catalogue);
  ASSERT_TRUE(prices);
  orders::Orders listed(directory, speech, post, "received", *catalogue, *prices);
  repair::RepairDialog with_catalogue(listed);
  auto frame = filled();
  frame.slots["description"] = slot("指纹锁打不开");
  frame.extra = {{"item", "指纹锁"}, {"estate", "liyuan"}};
  Turn t = turn("对", Intent::affirm);
  with_catalogue.complete(t, *forms.find("repair"), frame);
  EXPECT_EQ(json("WX20261123-0001")["priced"], false);
}

}  // namespace
}  // namespace huiyin::orders_test
