#include "store/outbox.h"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/support/temp_dir.h"

namespace huiyin::store {
namespace {

class CountingRandom final : public Random {
 public:
  std::uint64_t next() override { return 0x9E3779B97F4A7C15ULL * ++count_; }

 private:
  std::uint64_t count_ = 0;
};

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() {
    auto migrations = store_migrations();
    for (auto& m : outbox_migrations()) {
      const auto known = [&](const Migration& k) {
        return k.owner == m.owner && k.number == m.number;
      };
      if (std::ranges::none_of(migrations, known)) migrations.push_back(m);
    }
    auto opened = Database::open(dir_ / "test.db", migrations);
    if (!opened) throw std::runtime_error(opened.error().message);
    database_ = std::move(*opened);
  }
  Connection& db() { return database_->writer(); }
  OutboxRef put(std::string category = "service") {
    OutboxDraft draft;
    draft.channel = "twilio";
    draft.to = "+8613800138000";
    draft.text = "师傅已出发";
    draft.category = std::move(category);
    draft.template_id = "repair.on_the_way";
    draft.order = "WX20261123-0001";
    return enqueue(db(), draft, random_, now_);
  }
  std::vector<OutboxRow> take(std::vector<std::int64_t> rows) {
    std::vector<std::int64_t> claimed;
    for (const auto& one : claim(db(), rows, now_)) claimed.push_back(one.row);
    return read_outbox(db(), claimed);
  }
  SendState state(const OutboxRef& ref) { return read_outbox(db(), ref.row)->state; }
  void sent(const OutboxRef& ref, int attempt = 1) {
    EXPECT_TRUE(finish(db(), ref.row, attempt,
                       {SendState::sent, {}, "twilio", "SM1", "", "", false}, now_));
  }
  void failed(const OutboxRef& ref, int attempt = 1) {
    EXPECT_TRUE(finish(
        db(), ref.row, attempt,
        {SendState::failed, {}, "twilio", "", "provider_rejected", "400 21211", false}, now_));
  }
  std::vector<std::string> states(const OutboxRef& ref) {
    std::vector<std::string> out;
    for (const auto& line : outbox_activity(db(), ref.row)) out.emplace_back(to_string(line.state));
    return out;
  }

  test::TempDir dir_;
  std::unique_ptr<Database> database_;
  CountingRandom random_;
  Instant now_ = from_millis(1'795'000'000'000);
};

using States = std::vector<std::string>;

TEST_F(OutboxTest, AMessageIsFoundByItsPublicIdWithAllThatWasPut) {
  OutboxDraft draft;
  draft.channel = "rest";
  draft.to = "wang";
  draft.text = "请问几点方便？\n“十点”";
  draft.buttons = {{"上午", "明天上午"}, {"下午", "明天下午"}};
  draft.category = "service";
  draft.extras = {{"data", {{"n", 1}}}};
  const auto ref = enqueue(db(), draft, random_, now_);
  EXPECT_EQ(ref.id.size(), 25u);
  EXPECT_EQ(outbox_row_of(ref.id), ref.row);
  const auto row = find_outbox(db(), ref.id);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->message.text, draft.text);
  EXPECT_EQ(row->message.id, ref.id);
  ASSERT_EQ(row->message.buttons.size(), 2u);
  EXPECT_EQ(row->message.buttons[1].payload, "明天下午");
  EXPECT_EQ(row->extras["data"]["n"], 1);
  EXPECT_EQ(row->state, SendState::queued);
}

TEST_F(OutboxTest, AnIdWithAnotherRandomPartIsNobodys) {
  auto id = put().id;
  id.back() = id.back() == '0' ? '1' : '0';
  EXPECT_FALSE(find_outbox(db(), id));
  EXPECT_EQ(receive(db(), id, SendState::delivered, "twilio", "", now_), ReceiptResult::not_ours);
  for (const char* nonsense :
       {"", "ob_", "ob_'; DROP TABLE outbox; --xx", "ob_000000001uuuuuuuuuuuuu"}) {
    EXPECT_FALSE(find_outbox(db(), nonsense)) << nonsense;
  }
}

TEST_F(OutboxTest, ARowIsClaimedOnceHoweverOftenItIsHinted) {
  const auto a = put();
  const auto b = put();
  const auto rows = take({b.row, a.row, a.row});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].row, a.row);
  EXPECT_EQ(rows[0].message.attempt, 1);
  EXPECT_EQ(rows[0].message.id, a.id);
  EXPECT_EQ(rows[0].message.order, "WX20261123-0001");
  EXPECT_EQ(rows[0].first_at, now_);
  EXPECT_TRUE(take({a.row, b.row}).empty());
  sent(a);
  EXPECT_TRUE(take({a.row}).empty());
  EXPECT_EQ(states(a), (States{"queued", "sending", "sent"}));
}

TEST_F(OutboxTest, AScheduledMessageWaitsForItsTime) {
  OutboxDraft draft;
  draft.channel = "twilio";
  draft.not_before = now_ + Millis{60'000};
  const auto ref = enqueue(db(), draft, random_, now_);
  EXPECT_EQ(state(ref), SendState::scheduled);
  EXPECT_TRUE(due_rows(db(), now_, {}, 10).empty());
  EXPECT_TRUE(nothing_due(db(), now_));
  EXPECT_EQ(next_outbox_due(db(), now_), now_ + Millis{60'000});
  EXPECT_TRUE(take({ref.row}).empty());
  now_ += Millis{60'000};
  const auto due = due_rows(db(), now_, {}, 10);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].row, ref.row);
  EXPECT_TRUE(due_rows(db(), now_, due[0], 10).empty());
  EXPECT_FALSE(nothing_due(db(), now_));
  EXPECT_EQ(take({ref.row}).size(), 1u);
  EXPECT_FALSE(nothing_due(db(), now_));  // it is being sent
}

TEST_F(OutboxTest, WhatWasNotSentByItsLimitExpiresAndIsNotSent) {
  OutboxDraft draft;
  draft.channel = "twilio";
  draft.not_after = now_ + Millis{1'000};
  const auto ref = enqueue(db(), draft, random_, now_);
  ASSERT_EQ(take({ref.row}).size(), 1u);
  // The next attempt would be far behind the limit: it is looked at when the limit has passed.
  OutboxOutcome again{
      SendState::queued, now_ + Millis{600'000}, "", "", "provider_error", "503", true};
  ASSERT_TRUE(finish(db(), ref.row, 1, again, now_));
  EXPECT_EQ(next_outbox_due(db(), now_), now_ + Millis{1'001});
  now_ += Millis{1'001};
  EXPECT_TRUE(take({ref.row}).empty());
  EXPECT_EQ(state(ref), SendState::expired);
  EXPECT_EQ(outbox_activity(db(), ref.row).back().reason, "expired");
}

TEST_F(OutboxTest, AnOutcomeOfAnOlderAttemptChangesNothing) {
  const auto ref = put("emergency");
  take({ref.row});
  const std::vector<std::string> resend{"emergency"};
  EXPECT_EQ(recover_sending(db(), resend, 3, now_).queued, 1);
  ASSERT_EQ(take({ref.row}).size(), 1u);  // attempt 2
  EXPECT_FALSE(finish(db(), ref.row, 1, {SendState::failed, {}, "", "", "", "", false}, now_));
  EXPECT_EQ(state(ref), SendState::sending);
  sent(ref, 2);
}

TEST_F(OutboxTest, AnEarlyReceiptIsKeptWhenTheOutcomeComes) {
  const auto ref = put();
  take({ref.row});
  EXPECT_EQ(receive(db(), ref.id, SendState::delivered, "twilio", "", now_),
            ReceiptResult::applied);
  sent(ref);
  EXPECT_EQ(state(ref), SendState::delivered);
  EXPECT_EQ(read_outbox(db(), ref.row)->provider_id, "SM1");
  EXPECT_EQ(states(ref), (States{"queued", "sending", "delivered"}));
}

TEST_F(OutboxTest, ReceiptsMoveForwardOnly) {
  const auto ref = put();
  EXPECT_EQ(receive(db(), ref.id, SendState::delivered, "twilio", "", now_),
            ReceiptResult::unchanged);  // it never left
  take({ref.row});
  sent(ref);
  EXPECT_EQ(receive(db(), ref.id, SendState::read, "twilio", "", now_), ReceiptResult::applied);
  for (const auto late : {SendState::sent, SendState::delivered, SendState::read, SendState::failed,
                          SendState::queued}) {
    EXPECT_EQ(receive(db(), ref.id, late, "twilio", "", now_), ReceiptResult::unchanged);
  }
  EXPECT_EQ(state(ref), SendState::read);
}

TEST_F(OutboxTest, UnknownBecomesWhateverItsReceiptSays) {
  for (const auto final :
       {SendState::sent, SendState::delivered, SendState::read, SendState::failed}) {
    const auto ref = put();
    take({ref.row});
    ASSERT_TRUE(finish(db(), ref.row, 1,
                       {SendState::unknown, {}, "twilio", "", "timeout", "", false}, now_));
    EXPECT_EQ(receive(db(), ref.id, final, "twilio", "30008", now_), ReceiptResult::applied);
    EXPECT_EQ(state(ref), final);
    EXPECT_EQ(outbox_activity(db(), ref.row).back().detail, "30008");
  }
}

TEST_F(OutboxTest, AReceiptOfAnEarlierAttemptMakesTheNextNeedless) {
  const auto ref = put("emergency");
  take({ref.row});
  ASSERT_TRUE(finish(db(), ref.row, 1,
                     {SendState::queued, now_ + Millis{30'000}, "", "", "timeout", "", false},
                     now_));
  EXPECT_EQ(receive(db(), ref.id, SendState::failed, "twilio", "", now_), ReceiptResult::unchanged);
  EXPECT_EQ(receive(db(), ref.id, SendState::delivered, "twilio", "", now_),
            ReceiptResult::applied);
  now_ += Millis{30'000};
  EXPECT_TRUE(due_rows(db(), now_, {}, 10).empty());
  EXPECT_TRUE(take({ref.row}).empty());
}

TEST_F(OutboxTest, ACrashLeavesUnknownButEmergenciesAndCodesAreQueuedAgain) {
  const auto service = put();
  const auto emergency = put("emergency");
  const auto code = put("code");
  const auto untried = put();
  take({service.row, emergency.row, code.row});
  const std::vector<std::string> resend{"emergency", "code"};
  const auto done = recover_sending(db(), resend, 3, now_);
  EXPECT_EQ(done.unknown, 1);
  EXPECT_EQ(done.queued, 2);
  EXPECT_EQ(state(service), SendState::unknown);
  EXPECT_EQ(state(emergency), SendState::queued);
  EXPECT_EQ(state(code), SendState::queued);
  EXPECT_EQ(state(untried), SendState::queued);
  EXPECT_EQ(outbox_activity(db(), service.row).back().reason, "crash");
  // A message that ends the process each time is not tried for ever.
  for (int attempt = 2; attempt <= 3; ++attempt) {
    ASSERT_EQ(take({emergency.row}).size(), 1u);
    recover_sending(db(), resend, 3, now_);
  }
  EXPECT_EQ(state(emergency), SendState::unknown);
}

TEST_F(OutboxTest, RestoredDataSendsNothingByItself) {
  const auto waiting = put("emergency");
  const auto running = put();
  const auto done = put();
  take({running.row, done.row});
  sent(done);
  EXPECT_EQ(stop_unfinished(db(), now_), 2);
  EXPECT_EQ(state(waiting), SendState::unknown);
  EXPECT_EQ(state(running), SendState::unknown);
  EXPECT_EQ(state(done), SendState::sent);
}

TEST_F(OutboxTest, OnlyWhatWaitsCanBeCancelled) {
  const auto ref = put();
  EXPECT_TRUE(cancel(db(), ref.id, now_));
  EXPECT_EQ(state(ref), SendState::cancelled);
  EXPECT_TRUE(take({ref.row}).empty());
  EXPECT_EQ(cancel(db(), ref.id, now_).error().kind, ErrorKind::conflict);
  EXPECT_EQ(cancel(db(), "ob_x", now_).error().kind, ErrorKind::not_found);
}

TEST_F(OutboxTest, ADeadLetterIsReplayedAsANewMessage) {
  const auto good = put();
  const auto bad = put();
  take({good.row, bad.row});
  sent(good);
  failed(bad);
  const auto dead = dead_letters(db(), 0, 10);
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_EQ(dead[0].message.id, bad.id);
  EXPECT_EQ(dead[0].detail, "400 21211");
  EXPECT_EQ(dead[0].message.attempt, 1);
  const auto again = replay(db(), bad.id, random_, now_);
  ASSERT_TRUE(again);
  EXPECT_NE(again->id, bad.id);
  EXPECT_EQ(state(bad), SendState::failed);
  const auto row = read_outbox(db(), again->row);
  EXPECT_EQ(row->message.text, "师傅已出发");
  EXPECT_EQ(row->message.attempt, 0);
  EXPECT_EQ(row->extras["replay_of"], bad.id);
  EXPECT_EQ(replay(db(), good.id, random_, now_).error().kind, ErrorKind::conflict);
}

TEST_F(OutboxTest, TheSentListHasEachMessageOnceInOrder) {
  const auto a = put();
  const auto b = put();
  std::vector<std::int64_t> rows{b.row, a.row};
  take(rows);
  record_sent(db(), rows, now_);
  const auto all = sent_after(db(), 0, 10);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].to, "+8613800138000");
  EXPECT_EQ(all[0].template_id, "repair.on_the_way");
  EXPECT_EQ(all[0].provider, "twilio");
  EXPECT_EQ(sent_after(db(), all[0].seq, 10).size(), 1u);
  // A second attempt is no second line.
  OutboxOutcome again{SendState::queued, now_, "", "", "provider_error", "503", true};
  ASSERT_TRUE(finish(db(), a.row, 1, again, now_));
  take({a.row});
  record_sent(db(), rows, now_);
  EXPECT_EQ(sent_after(db(), all[1].seq, 10).size(), 1u) << "b alone is in its first attempt";
}

TEST_F(OutboxTest, AOneTimeCodeIsKeptAsLongAsItMayHaveToLeaveAndNoLonger) {
  const auto code = put("code");
  const auto other = put();
  const auto text = [&](const OutboxRef& ref) { return read_outbox(db(), ref.row)->message.text; };
  forget_code(db(), code.row, "code", SendState::queued);
  forget_code(db(), code.row, "code", SendState::unknown);
  EXPECT_FALSE(text(code).empty());
  forget_code(db(), other.row, "service", SendState::sent);
  EXPECT_FALSE(text(other).empty());
  forget_code(db(), code.row, "code", SendState::sent);
  EXPECT_TRUE(text(code).empty());
  const auto cancelled = put("code");
  EXPECT_TRUE(cancel(db(), cancelled.id, now_));
  EXPECT_TRUE(text(cancelled).empty());
  const auto received = put("code");
  take({received.row});
  receive(db(), received.id, SendState::delivered, "twilio", "", now_);
  EXPECT_TRUE(text(received).empty());
}

TEST_F(OutboxTest, WhatIsUnderWayIsCounted) {
  put();
  take({put().row});
  const auto bad = put();
  take({bad.row});
  failed(bad);
  const std::map<SendState, std::int64_t> expected{{SendState::scheduled, 0},
                                                   {SendState::queued, 1},
                                                   {SendState::sending, 1},
                                                   {SendState::failed, 1},
                                                   {SendState::unknown, 0}};
  EXPECT_EQ(outbox_counts(db()), expected);
}

TEST_F(OutboxTest, ABigTableIsNotReadToFindWhatIsDue) {
  const auto plan = [&](const char* sql) {
    std::string out;
    soci::rowset<soci::row> rows = db().session().prepare
                                   << std::string("EXPLAIN QUERY PLAN ") + sql;
    for (const auto& row : rows) out += row.get<std::string>(3) + "; ";
    return out;
  };
  EXPECT_NE(plan("SELECT id FROM deliveries WHERE due_at <= 5 AND state < 2"
                 " ORDER BY due_at, id LIMIT 9")
                .find("deliveries_due"),
            std::string::npos);
  EXPECT_NE(plan("UPDATE deliveries SET state = 10 WHERE due_at IS NOT NULL AND state = 2")
                .find("deliveries_due"),
            std::string::npos);
  EXPECT_NE(plan("SELECT id FROM deliveries WHERE state = 6 AND id > 1 ORDER BY id LIMIT 9")
                .find("deliveries_failed"),
            std::string::npos);
}

TEST_F(OutboxTest, TheNameOfTheStreamStays) {
  const auto name = queue_name(db(), random_);
  EXPECT_TRUE(name.starts_with("huiyin:"));
  EXPECT_EQ(queue_name(db(), random_), name);
}

TEST(SendStateTest, NamesAreTheContracts) {
  for (const char* name : {"scheduled", "queued", "sending", "sent", "delivered", "read", "failed",
                           "expired", "cancelled", "suppressed", "unknown"}) {
    const auto state = send_state(name);
    ASSERT_TRUE(state) << name;
    EXPECT_EQ(to_string(*state), name);
  }
  EXPECT_FALSE(send_state("Sent"));
  EXPECT_FALSE(is_final(SendState::unknown));
  EXPECT_TRUE(is_final(SendState::sent));
}

}  // namespace
}  // namespace huiyin::store
