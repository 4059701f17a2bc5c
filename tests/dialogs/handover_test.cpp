// A person takes the conversation over: when the bot takes it back, and whose it is.
#include "dialogs/handover/handover.h"

#include <gtest/gtest.h>

#include "store/timers.h"
#include "tests/dialogs/talk_support.h"
#include "tests/support/vm_steps.h"

namespace huiyin {
namespace {

using std::chrono::minutes;
using testing::joined;

// Conversations of the test, by sender.
class TestConversations final : public Conversations {
 public:
  explicit TestConversations(std::map<std::string, Session>& sessions) : sessions_(sessions) {}
  std::optional<std::string> find(Transaction&, const std::string& sender) override {
    if (!sessions_.contains(sender)) return std::nullopt;
    return "rest/" + sender;
  }
  bool change(Transaction&, const std::string& conversation, const Json& event,
              const std::function<void(Session&)>& change) override {
    change(sessions_[conversation.substr(conversation.find('/') + 1)]);
    events.push_back(event);
    return true;
  }
  std::vector<Json> events;

 private:
  std::map<std::string, Session>& sessions_;
};

class HandoverTest : public testing::TalkTest {
 protected:
  HandoverTest()
      : TalkTest(joined({store::store_migrations(), estate::migrations(), handover_migrations()})),
        conversations_(sessions_),
        words_of_staff_(*load_staff_words(HUIYIN_SOURCE_DIR "/config/talk/staff.json")),
        handover_({conversations_, post_, directory_, rules_, words_of_staff_.reply,
                   words_of_staff_.back, [](Turn&, const std::string&) { return std::string(); }}) {
    handover_.add_to(api_);
  }

  // A resident of the estate asks for a person; the number of the handover.
  std::int64_t ask(const std::string& sender, const std::string& estate = "liyuan") {
    sessions_[sender].estate = estate;
    run(sender, "找人工", [&](Turn& turn) { handover_.hand_over(turn, "ask_human"); });
    return *db().value<std::int64_t>("SELECT max(id) FROM handovers");
  }
  // A staff message; the answer.
  std::string staff(const std::string& text, const std::string& estate = "liyuan") {
    std::string said;
    run("desk of " + estate, text, [&](Turn& turn) {
      turn.staff = StaffRecord{9, "郑前台", "front_desk", estate, "+8613800138009", "", ""};
      handover_.intercept(turn);
      for (const auto& reply : turn.replies) said += reply.text;
    });
    return said;
  }
  // Time goes on and the timers that are due fire.
  void wait(Millis span) {
    const Instant until = now_ + span;
    while (const auto timer = store::first_due(db(), until)) {
      now_ = timer->due;
      testing::TestTransaction tx(*folder_.database, now_);
      store::remove_timer(db(), timer->id);
      handover_.on_timer(tx, post_, timer->kind, timer->key, timer->payload);
      tx.commit();
    }
    now_ = until;
  }
  bool held(const std::string& sender) { return sessions_[sender].paused.has_value(); }
  Json waiting() {
    testing::TestCall call(*folder_.database, now_, {"admin", 0, ""}, {}, nullptr);
    return Json::parse(api_.entries.at("GET /api/v1/handovers").handler(call).body)["items"];
  }
  int offers() const {
    return static_cast<int>(
        std::ranges::count(post_.notices, "handover.offer_again", &Notice::template_id));
  }
  std::string relayed(const std::string& sender) {
    return phrase("staff.relayed", {{"sender", sender}});
  }

  template <class F>
  void run(const std::string& sender, const std::string& text, F f) {
    Inbound message;
    message.channel = "rest";
    message.sender = sender;
    message.text = text;
    Understanding heard;
    heard.text = text;
    testing::TestTransaction tx(*folder_.database, now_);
    Turn turn(message, heard, sessions_[sender], tx, *speech_, directory_, forms_, post_, rules_,
              "rest");
    f(turn);
    tx.commit();
  }

  TestConversations conversations_;
  StaffWords words_of_staff_;
  Handover handover_;
  testing::TestApi api_;
};

TEST_F(HandoverTest, WhatTheBotTookBackAfterSilenceIsNoLongerWaiting) {
  ask("web-1");
  wait(minutes(29));
  EXPECT_TRUE(held("web-1"));
  EXPECT_EQ(waiting().size(), 1u);
  wait(minutes(1));
  EXPECT_FALSE(held("web-1"));
  EXPECT_EQ(offers(), 1);
  EXPECT_EQ(waiting().size(), 0u);
  EXPECT_EQ(conversations_.events.back()["reason"], "silence");
  // The one that waits now is the one that is meant.
  ask("web-2");
  EXPECT_EQ(staff("回 您好，请讲"), relayed("web-2"));
}

TEST_F(HandoverTest, ByItsNumberStaffAnswerWhatTheBotJustTookBackAndHoldItAgain) {
  const auto first = std::to_string(ask("web-1"));
  wait(minutes(31));
  EXPECT_EQ(staff("交还 " + first), phrase("handover.staff.none")) << "it has it";
  EXPECT_EQ(staff("回 " + first + " 让您久等了"), relayed("web-1"));
  EXPECT_TRUE(held("web-1"));
  ASSERT_EQ(waiting().size(), 1u);
  EXPECT_EQ(staff("交还"), phrase("staff.returned", {{"sender", "web-1"}}));
  EXPECT_FALSE(held("web-1"));
  // What a person gave back stays given back, and what is long ago is over.
  const auto second = std::to_string(ask("web-1"));
  EXPECT_EQ(staff("交还 " + second), phrase("staff.returned", {{"sender", "web-1"}}));
  EXPECT_EQ(staff("回 " + second + " 还有一句"), phrase("handover.staff.none"));
  wait(std::chrono::hours(13));
  EXPECT_EQ(staff("回 " + first + " 还在吗"), phrase("handover.staff.none"));
}

TEST_F(HandoverTest, StaffSeeToTheConversationsOfTheirOwnEstate) {
  const auto theirs = std::to_string(ask("web-1", "tower"));
  EXPECT_EQ(staff("回 " + theirs + " 您好"), phrase("handover.staff.none"));
  EXPECT_EQ(staff("交还 " + theirs), phrase("handover.staff.none"));
  EXPECT_EQ(staff("回 您好"), phrase("handover.staff.none"));
  EXPECT_TRUE(held("web-1"));
  ask("web-2", "liyuan");
  EXPECT_EQ(staff("回 您好"), relayed("web-2")) << "the other estate's does not make it unclear";
  EXPECT_EQ(staff("回 您好", "tower"), relayed("web-1"));
  wait(minutes(31));
  EXPECT_EQ(staff("回 " + theirs + " 您好"), phrase("handover.staff.none")) << "taken back";
}

TEST_F(HandoverTest, WhatWasGivenBackIsNotReadToFindWhoWaits) {
  ask("web-1");
  const auto work = [&] {
    return test::vm_steps(db(), [&] { EXPECT_EQ(staff("回"), phrase("staff.handover_usage")); });
  };
  const auto before = work();
  db().script(
      "INSERT INTO handovers(conversation, estate, reason, opened_at, last_word_at, closed_at)"
      " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
      " SELECT 'rest/old' || i, 'liyuan', 'ask_human', 1, 1, 2 FROM n");
  EXPECT_LT(work(), before + 500);
  EXPECT_EQ(waiting().size(), 1u);
}

}  // namespace
}  // namespace huiyin
