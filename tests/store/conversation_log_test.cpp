// The log of conversations: one row a turn, one turn per message id, and nothing forgotten over a
// restart, whatever was folded and whatever was not (guarantees 1 and 2).
#include "store/conversation_log.h"

#include <gtest/gtest.h>

#include "store/database.h"
#include "tests/support/temp_dir.h"

namespace huiyin::store {
namespace {

const Instant noon = parse_rfc3339("2026-11-23T12:00:00+08:00").value();

class ConversationLogTest : public ::testing::Test {
 protected:
  ConversationLogTest() { open(); }

  void open() {
    database_ = Database::open(dir_ / "t.db", store_migrations()).value();
    log_ = std::make_unique<ConversationLog>(LogLimits{4, 6, 2});
    log_->load(db());
  }
  Connection& db() { return database_->writer(); }

  std::int64_t say(const std::string& sender, const std::string& id, const std::string& text) {
    Conversation& c = log_->open(db(), "rest", sender);
    const Json body = {{"text", text}, {"message_id", id}, {"scope", "rest/" + sender}};
    const auto turn = log_->append(db(), c, TurnKind::message, noon, body.dump(),
                                   Json{{"said", text}}.dump(), "rest/" + sender, id);
    log_->fold(db());
    return turn;
  }
  std::string session(const std::string& sender) {
    const Conversation* c = log_->find(db(), "rest", sender);
    return c == nullptr ? "none" : c->session;
  }

  test::TempDir dir_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<ConversationLog> log_;
};

TEST_F(ConversationLogTest, FindsTheTurnOfARepeatedMessageId) {
  const auto first = say("anna", "m1", "水管漏水");
  const auto found = log_->taken(db(), "rest/anna", "m1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, first);
  EXPECT_EQ(text_of(found->body, "text"), "水管漏水");
}

TEST_F(ConversationLogTest, FindsRepeatsWithinAConversationHoweverYoungItIs) {
  for (int i = 0; i < 40; ++i) {
    const std::string sender = "s" + std::to_string(i / 2);
    say(sender, "m" + std::to_string(i), "喂");
    if (i == 25) open();
    for (int before = 0; before <= i; ++before) {
      const std::string whose = "s" + std::to_string(before / 2);
      const Conversation* within = log_->find(db(), "rest", whose);
      ASSERT_NE(within, nullptr);
      const std::string id = "m" + std::to_string(before);
      EXPECT_TRUE(log_->taken(db(), "rest/" + whose, id, within)) << id << " after " << i;
      EXPECT_FALSE(log_->taken(db(), "rest/" + whose, id + "x", within));
    }
  }
}

TEST_F(ConversationLogTest, FindsASenderBySmsFirst) {
  log_->open(db(), "rest", "+8613800138000");
  EXPECT_EQ(log_->find(db(), "+8613800138000")->space, "rest");
  log_->open(db(), "sms", "+8613800138000");
  EXPECT_EQ(log_->find(db(), "+8613800138000")->space, "sms");
  EXPECT_EQ(log_->find(db(), "nobody"), nullptr);
}

TEST_F(ConversationLogTest, CountsMessageIdsWithinTheirScope) {
  say("anna", "m1", "a");
  EXPECT_FALSE(log_->taken(db(), "rest/bert", "m1"));
  EXPECT_FALSE(log_->taken(db(), "rest/anna", "m2"));
}

TEST_F(ConversationLogTest, RemembersSessionsAndIdsOverARestartAtEveryStateOfFolding) {
  // More turns than the folding bound and more conversations than are kept in memory.
  for (int i = 0; i < 30; ++i) {
    say("sender" + std::to_string(i % 7), "m" + std::to_string(i), "text" + std::to_string(i));
    open();
    for (int j = std::max(0, i - 6); j <= i; ++j) {
      const std::string sender = "sender" + std::to_string(j % 7);
      EXPECT_EQ(session(sender), Json({{"said", "text" + std::to_string(j)}}).dump()) << i;
    }
    for (int j = 0; j <= i; ++j) {
      EXPECT_TRUE(log_->taken(db(), "rest/sender" + std::to_string(j % 7), "m" + std::to_string(j)))
          << i << " " << j;
    }
  }
}

TEST_F(ConversationLogTest, WalksTheHistoryOfOneConversationInOrder) {
  say("anna", "1", "one");
  say("bert", "1", "other");
  const auto last = say("anna", "2", "two");
  const auto rows = ConversationLog::history(db(), last, 10);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(text_of(rows[0].body, "text"), "one");
  EXPECT_EQ(text_of(rows[1].body, "text"), "two");
}

TEST_F(ConversationLogTest, ForgetsWhatALostTransactionTaught) {
  say("anna", "1", "one");
  db().script("BEGIN");
  say("anna", "2", "two");
  say("new", "1", "new");
  db().script("ROLLBACK");
  log_->forget(db());
  EXPECT_EQ(session("anna"), Json({{"said", "one"}}).dump());
  EXPECT_EQ(session("new"), "none");
  EXPECT_FALSE(log_->taken(db(), "rest/anna", "2"));
}

TEST_F(ConversationLogTest, KeepsATextWithANulWhole) {
  say("anna", "1", std::string("a\0b", 3));
  const auto row = log_->taken(db(), "rest/anna", "1");
  ASSERT_TRUE(row);
  EXPECT_EQ(text_of(row->body, "text"), std::string("a\0b", 3));
}

}  // namespace
}  // namespace huiyin::store
