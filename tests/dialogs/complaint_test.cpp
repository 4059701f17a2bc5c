// A filled complaint form: sheet, contact log, and who is named in it.
#include "dialogs/complaint/complaint.h"

#include <array>

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
  Complaints() { desk.listen(dialog); }
  // Texts of history lines of that action.
  Json events(const std::string& number, std::string_view action) {
    Json out = Json::array();
    const Json record = json(number);
    for (const auto& line : record["history"]) {
      if (line["action"] == action) out.push_back(line);
    }
    return out;
  }
  std::string told(std::string words, std::string conversation, std::string phone = {}) {
    orders::NewOrder order;
    order.kind = orders::Kind::complaint;
    order.estate = "liyuan";
    order.description = std::move(words);
    order.conversation = std::move(conversation);
    order.phone = std::move(phone);
    order.received_at = now;
    return record(order);
  }
  void handle(const std::string& number) {
    ASSERT_EQ(status(number, "assign", {{"assignee", 4}}), 200);
    ASSERT_EQ(status(number, "start"), 200);
    ASSERT_EQ(status(number, "complete"), 200);
  }

  complaint::ComplaintDialog dialog{
      desk, post,
      complaint::Classes::load(std::string(HUIYIN_SOURCE_DIR) + "/config/catalogue").value()};
};

TEST_F(Complaints, R4_2_R4_3_AComplaintIsOnASheetAndInTheContactLog) {
  message.proven_phone = "+8613800138000";
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

// Guarantee 6: whose phone is typed in a web chat is not thereby who complains.
TEST_F(Complaints, Guarantee6_ATypedPhoneBringsNeitherNameNorHome) {
  complete(filled("楼上每天半夜很吵"));
  const Json out = json("TS20261123-0001");
  EXPECT_EQ(out["customer"]["phone"], "+8613800138000");
  EXPECT_EQ(out["customer"]["name"], nullptr);
  EXPECT_EQ(out["unit"], nullptr);
  message.proven_phone = "+8613900000099";  // another's
  complete(filled("楼下花坛没人管"));
  EXPECT_EQ(json("TS20261123-0002")["customer"]["name"], nullptr);
}

TEST_F(Complaints, R4_3_TheResponsibleDepartmentIsChosenAndTold) {
  const std::vector<std::array<std::string, 3>> table{
      {"楼上每天半夜很吵", "noise", "service_supervisor"},
      {"楼道的垃圾三天没人扫", "cleaning", "property_assistant"},
      {"绿化带的杂草一人高了", "greening", "property_assistant"},
      {"消防通道被堵死了", "safety", "centre_manager"},
      {"保安当着孩子骂人", "misconduct", "centre_manager"},
      {"水管上周修了又漏", "repair", "engineering_supervisor"},
      {"我的车位天天被占", "parking", "service_supervisor"},
      {"說不清的一件事", "", "service_supervisor"},
      {"垃圾房的樹木擋光", "cleaning", "property_assistant"}};
  for (const auto& [words, topic, department] : table) {
    post.sent.clear();
    const Json route = events(told(words, "rest/web-1"), "route").at(0)["detail"];
    EXPECT_EQ(route["topic"], topic.empty() ? Json(nullptr) : Json(topic)) << words;
    EXPECT_EQ(route["department"], department) << words;
    const bool has_it = department == "service_supervisor";  // from "complaint.notify"
    EXPECT_EQ(post.count("role:" + department, "complaint.department"), has_it ? 0 : 1) << words;
    EXPECT_EQ(post.count("role:service_supervisor", "complaint.notify"), 1) << words;
  }
}

TEST_F(Complaints, R4_5_AMajorOneIsTheCentreManagersAtOnceWithItsReasonOnRecord) {
  for (const char* words :
       {"电梯口的地砖松了，我妈摔伤住院了", "再不管我就找记者曝光", "我要起诉你们物业",
        "整栋楼都没法睡觉", "保安动手打人", "保安把我的快递偷走了", "保安動手打人",
        "A guard hit me at the gate", "I will see you with my lawyer"}) {
    post.sent.clear();
    const std::string number = told(words, "rest/web-1");
    EXPECT_EQ(json(number)["severity"], "major") << words;
    EXPECT_EQ(post.count("role:centre_manager", "complaint.notify_major"), 1) << words;
    EXPECT_EQ(post.count("role:centre_manager", "complaint.department"), 0) << words;
    const Json classified = events(number, "classify").at(0);
    EXPECT_EQ(classified["actor"], "system");
    EXPECT_FALSE(classified["note"].is_null()) << words;
  }
  post.sent.clear();
  for (const char* words : {"楼上太吵", "还好没人受伤，但是楼道很脏", "给保安打电话没人接",
                            "师傅迟迟不来", "the carpet in the lobby is dirty"}) {
    EXPECT_NE(json(told(words, "rest/web-1"))["severity"], "major") << words;
  }
  EXPECT_EQ(post.count("role:centre_manager", "complaint.notify_major"), 0);
}

TEST_F(Complaints, A3_OfSeveralRulesTheStrictestHoldsAndAnUnknownClassIsTheStrictest) {
  EXPECT_EQ(json(told("要求赔偿，不然找律师", "rest/web-1"))["severity"], "major");
  EXPECT_EQ(json(told("车被刮花了，要赔偿", "rest/web-2"))["severity"], "important");
  EXPECT_EQ(complaint::Classes::known("第三类"), "major");
  EXPECT_EQ(complaint::Classes::known("important"), "important");
  EXPECT_TRUE(complaint::Classes::stricter("mystery", "important"));
  EXPECT_FALSE(complaint::Classes::stricter("general", "general"));
}

TEST_F(Complaints, A3_TheClassThatAPersonGaveStands) {
  orders::NewOrder order;
  order.kind = orders::Kind::complaint;
  order.estate = "liyuan";
  order.description = "孩子摔伤了";
  order.severity = "important";
  const std::string number = record(order);
  EXPECT_EQ(json(number)["severity"], "important");
  EXPECT_EQ(events(number, "classify").size(), 0u);
  EXPECT_EQ(status(number, "classify", {{"severity", "major"}}), 400) << "without a reason";
  EXPECT_EQ(status(number, "classify", {{"severity", "major"}, {"note", "家长要求"}}), 200);
  EXPECT_EQ(post.count("role:centre_manager", "complaint.notify_major"), 1);
}

TEST_F(Complaints, R4_4_TheFrontDeskIsToldOnceToCallBackAndTheListForgetsWhoWasCalled) {
  const std::string number = told("楼上很吵", "rest/web-1", "+8613800138000");
  handle(number);
  EXPECT_EQ(post.count("role:front_desk", "complaint.call_back"), 1);
  const std::string archived = told("楼下很臭", "rest/web-2", "+8613800138002");
  handle(archived);
  EXPECT_EQ(status(archived, "archive"), 200) << "without a call it is allowed, but listed";
  EXPECT_EQ(complaint::uncalled(db(), {"liyuan"}, 0, 10).size(), 2u);
  ASSERT_EQ(status(number, "call_back", {{"by", 4}, {"method", "phone"}, {"note", "满意"}}), 200);
  EXPECT_TRUE(json(number).contains("called_back_at"));
  const auto left = complaint::uncalled(db(), {"liyuan"}, 0, 10);
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(orders::load(db(), left[0])->number, archived);
}

TEST_F(Complaints, R4_4_R7_18_AnAnonymousOneIsNotCalledBackButToldInItsConversation) {
  const std::string number = told("楼上很吵", "rest/web-1");
  handle(number);
  EXPECT_EQ(post.count("role:front_desk", "complaint.call_back"), 0);
  EXPECT_EQ(complaint::uncalled(db(), {"liyuan"}, 0, 10).size(), 0u);
  EXPECT_EQ(post.count("rest/web-1", "order.resolved"), 1);
}

TEST_F(Complaints, R7_18_TheReplyToALetterWithoutANameIsKeptWithItAndSentToNobody) {
  orders::NewOrder letter;
  letter.kind = orders::Kind::complaint;
  letter.estate = "liyuan";
  letter.channel = "letter";
  letter.description = "上级转来：请书面答复电梯维修情况";
  const std::string number = record(letter);
  post.sent.clear();
  ASSERT_EQ(status(number, "reply", {{"note", "复函：电梯已于11月20日检修完毕。"}}), 200);
  EXPECT_EQ(events(number, "reply").at(0)["note"], "复函：电梯已于11月20日检修完毕。");
  EXPECT_EQ(json(number)["customer"]["phone"], nullptr);
  handle(number);
  for (const auto& one : post.sent) {
    EXPECT_TRUE(one.to.starts_with("staff:")) << one.to << " " << one.notice.template_id;
  }
}

TEST_F(Complaints, R7_17_TwoOfOneMatterFromDifferentHouseholdsAreSuggestedToTheSupervisor) {
  const std::string first = told("东门广场舞的音响太吵了", "rest/web-1", "+8613800138000");
  const std::string second = told("广场舞音响吵得没法睡", "rest/web-2", "+8613800138002");
  ASSERT_EQ(post.count("role:service_supervisor", "complaint.maybe_same"), 1);
  EXPECT_EQ(std::get<std::string>(post.sent.back().notice.args.at("other")), first);
  EXPECT_EQ(std::get<std::string>(post.sent.back().notice.args.at("number")), second);
  EXPECT_EQ(json(second)["state"], "registered") << "a person decides";
  told("地下车库的车位被占了", "rest/web-3");
  EXPECT_EQ(post.count("role:service_supervisor", "complaint.maybe_same"), 1);
  now += std::chrono::days(8);
  told("广场舞音响吵得没法睡", "rest/web-4");
  EXPECT_EQ(post.count("role:service_supervisor", "complaint.maybe_same"), 1) << "a week is over";
}

TEST_F(Complaints, R7_17_SimilarOnesAreScoredByPlaceItemTopicWordsAndTime) {
  const auto at_unit = [&](std::string words, std::string unit) {
    orders::NewOrder order;
    order.kind = orders::Kind::complaint;
    order.estate = "liyuan";
    order.unit = std::move(unit);
    order.description = std::move(words);
    return record(order);
  };
  const std::string same_building = at_unit("半夜麻将声扰民", "3-2-501");
  const std::string elsewhere = at_unit("半夜打麻将太吵", "9-1-101");
  const std::string handled = at_unit("半夜麻将声", "3-2-502");
  ASSERT_EQ(status(handled, "cancel"), 200);
  const std::string own = at_unit("半夜麻将声很吵", "3-1-402");
  const auto classes =
      complaint::Classes::load(std::string(HUIYIN_SOURCE_DIR) + "/config/catalogue").value();
  const auto found = complaint::similar(db(), *orders::find(db(), own), classes);
  ASSERT_EQ(found.size(), 2u) << "a cancelled one is no candidate";
  EXPECT_EQ(found[0].number, same_building);
  EXPECT_EQ(found[1].number, elsewhere);
  EXPECT_GT(found[0].score, found[1].score);
  EXPECT_LE(found[0].score, 1.0);
  EXPECT_EQ(found[0].reasons.front(), "place");
}

TEST_F(Complaints, R7_17_R3_5_AfterAMergeTheSecondReporterIsToldAndHearsTheOutcome) {
  const std::string first = told("广场舞太吵", "rest/web-1", "+8613800138000");
  const std::string second = told("广场舞音响很吵", "rest/web-2", "+8613800138002");
  const std::string third = told("跳舞的音响吵死了", "", "+8613700137000");
  ASSERT_EQ(status(third, "merge", {{"into", second}}), 200);
  ASSERT_EQ(status(second, "merge", {{"into", first}}), 200);
  EXPECT_EQ(post.count("rest/web-2", "complaint.merged"), 1);
  EXPECT_EQ(post.count("+8613700137000", "complaint.merged"), 1);
  EXPECT_EQ(json(second)["merged_into"], first);
  ASSERT_EQ(status(first, "reply", {{"note", "已与舞队约定九点结束"}}), 200);
  // B8: each hears the same words with the number that is theirs.
  ASSERT_EQ(post.count("rest/web-2", "complaint.merged_reply"), 1);
  EXPECT_EQ(post.count("+8613700137000", "complaint.merged_reply"), 1);
  for (const auto& one : post.sent) {
    if (one.notice.template_id != "complaint.merged_reply") continue;
    EXPECT_EQ(std::get<std::string>(one.notice.args.at("note")), "已与舞队约定九点结束");
    EXPECT_EQ(std::get<std::string>(one.notice.args.at("number")),
              one.to == "rest/web-2" ? second : third);
  }
  handle(first);
  EXPECT_EQ(post.count("rest/web-1", "order.resolved"), 1);
  EXPECT_EQ(post.count("rest/web-2", "complaint.merged_done"), 1);
  EXPECT_EQ(post.count("+8613700137000", "complaint.merged_done"), 1) << "merged into a merged one";
  const std::string late = told("广场舞还在跳", "rest/web-5");
  ASSERT_EQ(status(late, "merge", {{"into", first}}), 200);
  EXPECT_EQ(post.count("rest/web-5", "complaint.merged_done"), 1) << "handled before";
}

TEST_F(Complaints, R7_17_WhatWasGivenUpIsNoTargetAndItsMergedOnesHear) {
  const std::string first = told("广场舞太吵", "rest/web-1");
  const std::string second = told("广场舞音响很吵", "rest/web-2");
  ASSERT_EQ(status(second, "merge", {{"into", first}}), 200);
  ASSERT_EQ(status(first, "cancel", Json::object(), orders::Actor::resident("rest")), 200);
  EXPECT_EQ(post.count("rest/web-2", "complaint.merged_cancelled"), 1);
  EXPECT_EQ(status(told("舞曲太吵", "rest/web-3"), "merge", {{"into", first}}), 400);
}

TEST_F(Complaints, R7_17_R5_24_APublicFaultToldByManyIsSuggestedOnlyAndEachIsAnswered) {
  const auto fault = [&](std::string words, std::string place, std::string conversation) {
    orders::NewOrder order;
    order.kind = orders::Kind::public_fault;
    order.estate = "liyuan";
    order.item = "灯";
    order.place = std::move(place);
    order.description = std::move(words);
    order.conversation = std::move(conversation);
    return record(order);
  };
  fault("楼道灯不亮", "5栋2单元楼道", "rest/web-0");
  EXPECT_EQ(post.count("role:engineering_supervisor", "public.maybe_same"), 0);
  const std::string first = fault("楼道灯不亮", "3栋2单元楼道", "rest/web-1");
  EXPECT_EQ(post.count("role:engineering_supervisor", "public.maybe_same"), 1)
      << "another building, but nearly the same words";
  const std::string second = fault("楼道黑漆漆的灯坏了", "3栋2单元楼道", "rest/web-2");
  ASSERT_EQ(post.count("role:engineering_supervisor", "public.maybe_same"), 2);
  EXPECT_EQ(std::get<std::string>(post.sent.back().notice.args.at("other")), first);
  EXPECT_EQ(json(second)["state"], "notified");
  for (const auto& number : {first, second}) {
    for (const char* step : {"assign", "accept", "arrive", "start", "complete"}) {
      ASSERT_EQ(status(number, step, {{"assignee", 2}}), 200) << step;
    }
  }
  EXPECT_EQ(post.count("rest/web-1", "order.done_public"), 1);
  EXPECT_EQ(post.count("rest/web-2", "order.done_public"), 1);
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
  message.proven_phone = "+8613800138000";
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

TEST_F(Complaints, StaffHearTheBeginningOfALongSuggestion) {
  std::string wish;
  for (int i = 0; i < 2'000; ++i) wish += "种花";
  FormFrame frame;
  frame.slots = {{"description", slot(wish)}};
  contacts::ContactsDialog contacts_dialog;
  Turn suggestion = turn(wish, Intent::make_suggestion);
  contacts_dialog.complete(suggestion, *forms.find("suggestion"), frame);
  ASSERT_EQ(post.count("role:service_supervisor", "suggestion.staff"), 1);
  EXPECT_LE(std::get<std::string>(post.sent.back().notice.args.at("text")).size(), 3u * 201);
  EXPECT_EQ(contacts::list(db(), 0, 10).at(0).content, wish);
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
