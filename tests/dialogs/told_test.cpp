// huiyin verify: R3.5, every request gets a response and every solution an answer. The faults are
// planted.
#include <gmock/gmock.h>

#include "bot/gateway/verify.h"
#include "store/base/secret.h"
#include "store/outbox.h"
#include "tests/dialogs/orders_support.h"

namespace huiyin::orders_test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct FixedRandom final : Random {
  std::uint64_t next() override { return 7; }
};

// The house with an outbox, to which what is told to a reporter goes.
class Told : public ::testing::Test {
 protected:
  Told() {
    auto all = all_migrations();
    for (auto& one : store::outbox_migrations()) all.push_back(std::move(one));
    database = store::Database::open(dir.path() + "/huiyin.db", all, 1).value();
    db().script("BEGIN");
  }
  ~Told() override {
    if (db().in_transaction()) db().script("ROLLBACK");
  }
  store::Connection& db() { return database->writer(); }
  std::string recorded(const std::string& conversation = "rest/web-1",
                       const std::string& phone = "+8613800138000") {
    TestTransaction tx(db(), now);
    orders::NewOrder order;
    order.kind = orders::Kind::repair;
    order.estate = "liyuan";
    order.description = "厨房水龙头漏水";
    order.conversation = conversation;
    order.phone = phone;
    order.received_at = now;
    return desk.record(tx, order);
  }
  void cancel(const std::string& number, const orders::Actor& actor) {
    TestTransaction tx(db(), now);
    ASSERT_TRUE(desk.act(tx, number, "cancel", {{"note", "不用了"}}, actor));
  }
  void message(const std::string& number, const std::string& category) {
    store::OutboxDraft draft;
    draft.channel = "rest";
    draft.to = "web-1";
    draft.text = "您的" + number + "已取消";
    draft.category = category;
    draft.order = number;
    store::enqueue(db(), draft, random, now);
  }
  // One turn of a conversation: what was said and what was answered.
  void turn(const std::string& sender, const std::string& said, const Json& replies) {
    db().exec("INSERT OR IGNORE INTO conversations(space, sender) VALUES('rest', :s)", sender);
    const auto id = db().value<std::int64_t>(
        "SELECT id FROM conversations WHERE space = 'rest' AND sender = :s", sender);
    const Json body = {{"message", said}, {"replies", replies}};
    db().exec("INSERT INTO turns(conversation, prev, at, kind, body) VALUES(:c, :p, :t, 1, :b)",
              id.value(),
              db().value<std::int64_t>("SELECT coalesce(max(id), 0) FROM turns"
                                       " WHERE conversation = :c",
                                       id.value())
                  .value(),
              to_millis(now), body.dump());
  }
  std::vector<std::string> untold() { return orders::verify_told(db()); }

  Instant now = at("2026-11-23T10:00:00+08:00");
  test::TempDir dir;
  std::unique_ptr<store::Database> database;
  TestDirectory directory;
  TestSpeech speech;
  TestPost post;
  FixedRandom random;
  orders::Orders desk{directory, speech, post};
  const orders::Actor supervisor{"staff:1", "engineering_supervisor", 1, "api"};
};

TEST_F(Told, R3_5_AnEndedOrderWithoutAWordToItsReporterIsAViolation) {
  const std::string number = recorded();
  EXPECT_THAT(untold(), IsEmpty());  // it lives
  cancel(number, supervisor);
  EXPECT_THAT(untold(), ElementsAre(HasSubstr(number)));
  db().script("COMMIT");
  const Json report = verify(db(), {orders::verify_told});
  EXPECT_EQ(report["ok"], false);
}

TEST_F(Told, R3_5_AMessageAboutItAfterItEndedIsAnAnswer) {
  const std::string number = recorded();
  message(number, "service");  // before it ended: about something else
  now += 1min;
  cancel(number, supervisor);
  EXPECT_EQ(untold().size(), 1u);
  message(number, "staff");  // not the reporter's
  EXPECT_EQ(untold().size(), 1u);
  message(number, "service");
  EXPECT_THAT(untold(), IsEmpty());
}

TEST_F(Told, R3_5_WhoCancelsInTheConversationIsToldThere) {
  const std::string number = recorded();
  turn("web-1", "取消", {{{"text", "您的" + number + "已登记"}}});
  now += 1min;
  cancel(number, orders::Actor::resident("rest"));
  EXPECT_EQ(untold().size(), 1u);
  turn("web-1", "取消" + number, Json::array());  // only the resident names it
  EXPECT_EQ(untold().size(), 1u);
  turn("web-1", "取消", {{{"text", number + "已取消"}}});
  EXPECT_THAT(untold(), IsEmpty());
}

TEST_F(Told, R3_5_WhatStaffIsAnsweredIsNoWordToTheReporter) {
  const std::string number = recorded();
  cancel(number, supervisor);
  turn("staff-1", "取消1", {{{"text", number + "已更新"}}});
  EXPECT_EQ(untold().size(), 1u);
  turn("web-1", "我的报修呢", {{{"text", number + "已取消"}}});
  EXPECT_THAT(untold(), IsEmpty());
}

// R7.18: who left neither a name nor a way back cannot be told.
TEST_F(Told, R7_18_TheAnonymousWithoutAConversationCannotBeTold) {
  cancel(recorded("", ""), supervisor);
  EXPECT_THAT(untold(), IsEmpty());
  const std::string by_phone = recorded("", "+8613800138000");
  cancel(by_phone, supervisor);
  EXPECT_THAT(untold(), ElementsAre(HasSubstr(by_phone)));
}

TEST_F(Told, R3_5_AMessageWithoutAnAnswerOrAReasonIsAViolation) {
  turn("web-1", "你好", {{{"text", "您好"}}});
  const auto faults = [&] {
    db().script("COMMIT");
    const Json report = verify(db(), {});
    db().script("BEGIN");
    return report["violations"].size();
  };
  EXPECT_EQ(faults(), 0u);
  turn("web-1", "在吗", Json::array());
  EXPECT_EQ(faults(), 1u);
  db().exec("UPDATE turns SET body = json_set(body, '$.silent', 'paused') WHERE id = 2");
  EXPECT_EQ(faults(), 0u);
}

}  // namespace
}  // namespace huiyin::orders_test
