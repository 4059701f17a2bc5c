// A filled complaint form: sheet, contact log, and who is named in it.
#include "dialogs/complaint/complaint.h"

#include "dialogs/contacts/contacts.h"
#include "store/personal.h"
#include "tests/dialogs/orders_talk.h"

namespace huiyin::orders_test {
namespace {

class Complaints : public TalkHouse {
 protected:
  FormFrame filled(std::string words) {
    FormFrame frame;
    frame.form = "complaint";
    frame.slots = {{"description", slot(std::move(words))}, {"phone", slot("+8613800138000")}};
    frame.requested = "phone";
    return frame;
  }
  std::string complete(const FormFrame& frame, std::vector<Entity> heard_entities = {}) {
    Turn t = turn("13800138000", Intent::inform, std::move(heard_entities));
    EXPECT_EQ(dialog.complete(t, *forms.find("complaint"), frame), Outcome::answered);
    return said(t);
  }
  complaint::ComplaintDialog dialog{desk};
};

TEST_F(Complaints, R4_2_R4_3_AComplaintIsOnASheetAndInTheContactLog) {
  EXPECT_NE(complete(filled("楼上每天半夜很吵")).find("complaint.recorded number=TS20261123-0001"),
            std::string::npos);
  const Json out = json("TS20261123-0001");
  EXPECT_EQ(out["state"], "registered");
  EXPECT_EQ(out["severity"], "general");
  EXPECT_EQ(out["category"], "noise");
  EXPECT_EQ(out["customer"]["phone"], "+8613800138000");
  EXPECT_EQ(out["customer"]["name"], "王芳");  // of the household that the phone belongs to
  const auto log = contacts::list(db(), 0, 10);
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log[0].order, "TS20261123-0001");
  EXPECT_EQ(log[0].content, "楼上每天半夜很吵");
  EXPECT_EQ(log[0].channel, "chat");
  EXPECT_EQ(post.count("role:service_supervisor", "complaint.notify"), 1);
}

TEST_F(Complaints, R7_18_AnAnonymousOneKeepsNeitherNameNorPhone) {
  auto frame = filled("保安态度恶劣");
  frame.slots["phone"] = {{"value", nullptr}, {"text", ""}, {"skipped", true}};
  complete(frame);
  EXPECT_EQ(json("TS20261123-0001")["customer"], (Json{{"name", nullptr}, {"phone", nullptr}}));
  auto told = filled("匿名投诉：垃圾没人扫");
  complete(told);
  EXPECT_EQ(json("TS20261123-0002")["customer"]["phone"], nullptr);
  EXPECT_EQ(json("TS20261123-0002")["unit"], nullptr);
}

TEST_F(Complaints, WhoeverIsComplainedOfIsNeverTakenForTheComplainant) {
  auto frame = filled("投诉3栋2单元502，张伟每天练架子鼓");
  frame.slots["phone"] = slot("+8613700137000");  // of no household
  frame.extra = {{"unit", "3-2-502"}, {"unit_text", "3栋2单元502"}, {"person", "张伟"}};
  complete(frame);
  EXPECT_EQ(json("TS20261123-0001")["unit"], nullptr);
  EXPECT_EQ(json("TS20261123-0001")["customer"]["name"], nullptr);
}

TEST_F(Complaints, ANameAndHomeToldAsOnesOwnAreTaken) {
  auto frame = filled("我是3栋2单元502的李明，楼上太吵");
  frame.slots["phone"] = slot("+8613700137000");
  frame.extra = {{"unit", "3-2-502"}, {"unit_text", "3栋2单元502"}, {"person", "李明"}};
  complete(frame);
  EXPECT_EQ(json("TS20261123-0001")["unit"], "3-2-502");
  EXPECT_EQ(json("TS20261123-0001")["customer"]["name"], "李明");
}

TEST_F(Complaints, R7_17_ToldAgainByTheSameHouseholdWithinADayItStaysOne) {
  complete(filled("楼上每天半夜很吵"));
  sender = "web-2";  // another conversation of the same household
  EXPECT_NE(complete(filled("楼上又在放音响，噪音太大")).find("complaint.already"),
            std::string::npos);
  EXPECT_FALSE(orders::find(db(), "TS20261123-0002"));
  now += std::chrono::hours(25);
  complete(filled("楼上每天半夜很吵"));
  EXPECT_TRUE(orders::find(db(), "TS20261124-0001"));
}

TEST_F(Complaints, R4_2_ACorrectionRightAfterChangesTheRowOfTheContactLogToo) {
  complete(filled("楼上每天半夜很吵"));
  Turn t = turn("不对，电话是13700137000", Intent::inform);
  ASSERT_TRUE(dialog.amend(t, {{"phone", slot("+8613700137000")}}));
  EXPECT_EQ(json("TS20261123-0001")["customer"]["phone"], "+8613700137000");
  Turn more = turn("说错了", Intent::inform);
  ASSERT_TRUE(dialog.amend(more, {{"description", slot("楼下每天半夜很吵")}}));
  const auto log = contacts::list(db(), 0, 10);
  ASSERT_EQ(log.size(), 1u) << "corrected, not entered again";
  EXPECT_EQ(log[0].phone, "+8613700137000");
  EXPECT_EQ(log[0].content, "楼下每天半夜很吵");
  EXPECT_EQ(log[0].name, "王芳");
  EXPECT_EQ(log[0].channel, "chat");
}

TEST_F(Complaints, SuggestionsAndPraiseAreEnteredInTheContactLog) {
  contacts::ContactsDialog dialog;
  Turn praise = turn("李师傅修得真好", Intent::give_praise);
  EXPECT_EQ(dialog.answer(praise), Outcome::answered);
  EXPECT_NE(said(praise).find("praise.reply"), std::string::npos);
  FormFrame frame;
  frame.slots = {{"description", slot("建议东门加一盏灯")}};
  Turn suggestion = turn("建议东门加一盏灯", Intent::make_suggestion);
  EXPECT_EQ(dialog.complete(suggestion, *forms.find("suggestion"), frame), Outcome::answered);
  EXPECT_NE(said(suggestion).find("suggestion.recorded number=2"), std::string::npos);
  EXPECT_EQ(post.count("role:service_supervisor", "suggestion.staff"), 1);
  const auto log = contacts::list(db(), 0, 10);
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[0].content, "建议东门加一盏灯");
  EXPECT_EQ(log[1].content, "李师傅修得真好");
}

TEST_F(Complaints, ErasingTheOrdersTextsLeavesTheRowsButNoWords) {
  complete(filled("楼上每天半夜很吵"));
  EXPECT_GT(store::erase_texts(db(), orders::text_subject("TS20261123-0001")), 0);
  EXPECT_EQ(json("TS20261123-0001")["description"], "");
  const auto log = contacts::list(db(), 0, 10);
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log[0].content, "");
  EXPECT_EQ(log[0].phone, "");
}

}  // namespace
}  // namespace huiyin::orders_test
