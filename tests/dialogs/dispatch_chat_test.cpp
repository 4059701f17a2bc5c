// Staff ask for their penalties and appeal by chat; every phrase of dispatch exists as it is used.
#include <algorithm>

#include "bot/gateway/config_check.h"
#include "dialogs/dispatch/dispatch.h"
#include "dialogs/dispatch/schema.h"
#include "tests/dialogs/dispatch_support.h"
#include "tests/dialogs/orders_talk.h"

namespace huiyin::orders_test {
namespace {

const std::string config = HUIYIN_SOURCE_DIR "/config";

class DispatchChat : public TalkHouse {
 protected:
  DispatchChat() {
    for (const auto& one : dispatch::migrations()) db().script(one.sql);
    desk.listen(room);
  }
  // What that member of staff is answered; "-" when it is not for dispatch.
  std::string says(std::int64_t staff, const std::string& text) {
    Turn t = turn(text, Intent::inform);
    if (staff != 0) t.staff = directory.staff_by_id(staff);
    if (room.intercept(t) == Outcome::not_mine) return "-";
    return said(t);
  }
  std::int64_t penalty_of(std::int64_t staff) {
    auto t = tx();
    return room.penalties()
        .propose(t, {.rule = dispatch::find_penalty_rule("R8.12"),
                     .order = "GZ20261123-000" + std::to_string(++orders_),
                     .estate = "liyuan",
                     .staff = staff})
        ->id;
  }
  std::string state(std::int64_t id) { return dispatch::find_penalty(db(), id)->state; }

  int orders_ = 0;
  dispatch::Dispatch room{desk, post,
                          dispatch::load_dispatch_words(config + "/talk/dispatch.json").value()};
};

TEST_F(DispatchChat, A_26_StaffSeeTheirPenaltiesAndHowToAppeal) {
  EXPECT_EQ(says(2, "罚单"), "penalty.none\n");
  const auto id = penalty_of(2);
  penalty_of(3);
  const std::string answer = says(2, " 我的罚单 ");
  EXPECT_NE(answer.find("id=" + std::to_string(id)), std::string::npos) << answer;
  EXPECT_NE(answer.find("amount=30.00"), std::string::npos) << answer;
  EXPECT_NE(answer.find("penalty.how_to_appeal"), std::string::npos);
  EXPECT_EQ(answer.find("GZ20261123-0002"), std::string::npos) << "another's";
}

TEST_F(DispatchChat, A_26_TheOneConcernedAppealsByChat) {
  const auto id = penalty_of(2);
  const std::string number = std::to_string(id);
  EXPECT_EQ(says(2, "申诉"), "penalty.how_to_appeal\n");
  EXPECT_EQ(says(2, "申诉 " + number), "penalty.how_to_appeal\n") << "a reason is needed";
  EXPECT_EQ(says(2, "申诉 99 没有配件"), "penalty.not_found id=99\n");
  EXPECT_EQ(says(3, "申诉 " + number + " 没有配件"), "penalty.not_found id=" + number + "\n")
      << "another's is answered as one that is not there";
  EXPECT_EQ(state(id), "proposed");
  EXPECT_EQ(says(2, "申诉" + number + "没有配件"), "penalty.appealed id=" + number + "\n");
  EXPECT_EQ(state(id), "appealed");
  EXPECT_EQ(says(2, "Appeal #" + number + " again"), "penalty.not_open id=" + number + "\n");
}

TEST_F(DispatchChat, A_26_ASupervisorSeesWhatWaitsAndConfirmsByChat) {
  const auto one = penalty_of(2), two = penalty_of(4);
  const std::string n = std::to_string(one);
  std::string answer = says(4, "罚单");
  EXPECT_NE(answer.find("penalty.waiting_line"), std::string::npos) << answer;
  EXPECT_NE(answer.find("name=李师傅"), std::string::npos) << answer;
  EXPECT_EQ(says(2, "核定 " + n), "penalty.not_yours id=" + n + "\n") << "the one concerned";
  EXPECT_EQ(says(3, "核定 " + n), "penalty.not_found id=" + n + "\n") << "another technician";
  EXPECT_NE(says(4, "核定 " + std::to_string(two)).find("penalty.not_yours"), std::string::npos);
  EXPECT_EQ(state(one), "proposed");
  EXPECT_NE(says(4, "核定 " + n).find("penalty.done"), std::string::npos);
  EXPECT_EQ(state(one), "confirmed");
  EXPECT_NE(says(4, "核定" + n).find("penalty.no_longer"), std::string::npos);
  EXPECT_EQ(says(4, "核定一下"), "-");
}

TEST_F(DispatchChat, A_26_AnAppealIsDecidedByChatWithItsReason) {
  const auto one = penalty_of(2), two = penalty_of(2), three = penalty_of(2);
  for (const auto id : {one, two}) says(2, "申诉 " + std::to_string(id) + " 没有钥匙");
  EXPECT_NE(says(4, "撤销 " + std::to_string(one)).find("penalty.ask_reason"), std::string::npos);
  EXPECT_EQ(state(one), "appealed");
  EXPECT_NE(says(4, "查实没有钥匙").find("penalty.done"), std::string::npos);
  EXPECT_EQ(state(one), "withdrawn");
  EXPECT_NE(says(4, "维持 " + std::to_string(two) + " 钥匙在前台").find("penalty.done"),
            std::string::npos);
  EXPECT_EQ(state(two), "confirmed");
  EXPECT_NE(says(4, "撤销 " + std::to_string(three) + " 重复").find("penalty.done"),
            std::string::npos);
  EXPECT_EQ(state(three), "withdrawn");
}

TEST_F(DispatchChat, ResidentsAndOtherWordsAreNotForDispatch) {
  EXPECT_EQ(says(0, "罚单"), "-");
  EXPECT_EQ(says(0, "申诉 1 原因"), "-");
  EXPECT_EQ(says(2, "罚单在哪里交"), "-");
  EXPECT_EQ(says(2, "完成 1"), "-");
}

TEST(DispatchConfig, WordListsThatAreMissingAreNamed) {
  const auto words = dispatch::load_dispatch_words(config + "/talk/none.json");
  ASSERT_FALSE(words);
  EXPECT_EQ(words.error().size(), 5u);
  EXPECT_EQ(words.error()[0].pointer, "/penalties");
}

TEST(DispatchConfig, EveryPhraseIsThereWithItsArguments) {
  const auto speech = load_speech(config + "/phrases");
  ASSERT_TRUE(speech) << to_line(speech.error().front());
  const std::vector<std::string> about{"amount", "id", "number", "reason"};
  auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), about.begin(), about.end());
    return more;
  };
  const std::vector<std::string> pages{"amount", "book", "count", "first", "last"};
  std::vector<PhraseUse> uses{
      {"penalty.proposed", about, "", ""},
      {"penalty.recorded", about, "", ""},
      {"penalty.confirmed", about, "", ""},
      {"penalty.upheld", about, "", ""},
      {"penalty.withdrawn", about, "", ""},
      {"penalty.pages", pages, "", ""},
      {"penalty.pages_recorded", pages, "", ""},
      {"penalty.to_confirm", with({"name"}), "", ""},
      {"penalty.to_decide", with({"name", "note"}), "", ""},
      {"penalty.line", with({"state"}), "", ""},
      {"penalty.none", {}, "", ""},
      {"penalty.how_to_appeal", {}, "", ""},
      {"penalty.appealed", {"id"}, "", ""},
      {"penalty.not_open", {"id"}, "", ""},
      {"penalty.not_found", {"id"}, "", ""},
      {"shift.check", {"text"}, "", ""},
      {"shift.daily_check", {"count", "lines"}, "", ""},
      {"shift.line", {"n", "number", "state"}, "", ""},
      {"shift.line_late", {"n", "number", "state"}, "", ""},
      {"shift.late", {"count", "numbers"}, "", ""},
      {"shift.missing_reasons", {"count", "numbers"}, "", ""},
  };
  for (const auto& rule : dispatch::penalty_rules()) {
    std::string id = "penalty.for." + std::string(rule.rule);
    std::ranges::transform(id, id.begin(), [](char c) { return c == 'R' ? 'r' : c; });
    if (!rule.offence.empty()) id += "." + std::string(rule.offence);
    uses.push_back({id, {}, "", ""});
  }
  for (const char* state : {"proposed", "recorded", "confirmed", "appealed", "withdrawn"}) {
    uses.push_back({std::string("penalty.state.") + state, {}, "", ""});
  }
  for (const auto& fault : check_phrase_uses(**speech, uses)) ADD_FAILURE() << to_line(fault);
}

// What is really sent fits the shipped phrases: each notice of a life of penalties and a day's
// check.
class DispatchNotices : public DispatchHouse {};

TEST_F(DispatchNotices, WhatIsSentFitsThePhrases) {
  const auto speech = load_speech(config + "/phrases").value();
  task();
  advance_to("2026-11-23T18:00:00+08:00");
  const Json one = all_penalties().at(0);
  as(technician_id);
  ASSERT_EQ(on_penalty("appeal", one, {{"note", "停电"}}).status, 200);
  as(centre_id);
  ASSERT_EQ(on_penalty("decide", one, {{"uphold", true}, {"note", "x"}}).status, 200);
  ASSERT_EQ(on_penalty("withdraw", one, {{"note", "x"}}).status, 200);
  as(archivist_id);
  const Json book = {{"kind", "task"}, {"from", 1}, {"to", 3}, {"dispatcher", dispatcher_id}};
  const std::int64_t id = call("POST", "number-books", book).body["id"];
  ASSERT_EQ(
      call("POST", "number-books/{id}/return", {{"stubs", 2}, {"missing", {3}}}, std::to_string(id))
          .status,
      200);
  const auto ids = speech->ids();
  int ours = 0;
  for (const auto& sent : post.sent) {
    std::string use = sent.notice.template_id;
    if (!use.starts_with("penalty.") && !use.starts_with("shift.")) continue;
    for (const auto& [name, value] : sent.notice.args) use += "{" + name + "}";
    EXPECT_NE(std::ranges::find(ids, use), ids.end()) << use;
    const std::string text =
        speech->say(sent.notice.template_id, Language::zh_hans, sent.notice.args, {now, nullptr});
    EXPECT_EQ(text.find('{'), std::string::npos) << text;
    ++ours;
  }
  EXPECT_GE(ours, 7);
}

}  // namespace
}  // namespace huiyin::orders_test
