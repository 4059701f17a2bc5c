#include "bot/gateway/worker.h"

#include <set>

#include "tests/bot/outgoing_support.h"

namespace huiyin {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::FakeChannel;
using testing::OutgoingTest;
using testing::SeededRandom;

Result<Accepted> error(ErrorKind kind, std::string message = "503",
                       std::optional<seconds> retry_after = std::nullopt) {
  return tl::unexpected(Error{kind, std::move(message), {}, retry_after});
}

class WorkerTest : public OutgoingTest {};

TEST_F(WorkerTest, AMessageLeavesOnceAndItsOutcomeIsStored) {
  start();
  const auto ref = put();
  ASSERT_TRUE(channel_.called(1));
  ASSERT_TRUE(drained());
  const auto after = row(ref);
  EXPECT_EQ(after.state, SendState::sent);
  EXPECT_EQ(after.provider, "twilio");
  EXPECT_EQ(after.provider_id, "SM" + ref.id);
  EXPECT_EQ(after.message.attempt, 1);
  const auto sent = channel_.sent();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].attempt, 1);
  EXPECT_EQ(sent[0].callback_url, "https://example.com/twilio/" + ref.id);
  EXPECT_TRUE(comes([&] { return stream_length() == 0; }));
}

TEST_F(WorkerTest, DoubleHintsSendOnce) {
  start();
  const auto ref = put();
  for (int i = 0; i < 50; ++i) redis_.cli("XADD " + name_.key + " * r " + std::to_string(ref.row));
  const auto last = put("+8613900139000");
  ASSERT_TRUE(comes([&] { return state(last) == SendState::sent; }));
  ASSERT_TRUE(comes([&] { return stream_length() == 0; }));
  EXPECT_EQ(calls_by_id()[ref.id], 1);
}

TEST_F(WorkerTest, HintsOfRowsThatDoNotExistAreDropped) {
  start();
  redis_.cli("XADD " + name_.key + " * r 987654");
  redis_.cli("XADD " + name_.key + " * r nonsense");
  EXPECT_TRUE(comes([&] { return stream_length() == 0; }));
  EXPECT_TRUE(channel_.sent().empty());
}

TEST_F(WorkerTest, MessagesToOneAddressLeaveOneAfterTheOtherInOrder) {
  channel_.hold();
  std::vector<store::OutboxRef> refs;
  for (int i = 0; i < 5; ++i) refs.push_back(put("+8613800138000", "service", std::to_string(i)));
  const auto other = put("+8613900139000");
  start();
  ASSERT_TRUE(channel_.called(2));  // the first, and the other address
  // Who waits behind another is not claimed: a crash now leaves these two unknown and no more.
  EXPECT_EQ(database_->read([](store::Connection& db) {
    return db.value<std::int64_t>("SELECT count(*) FROM deliveries WHERE state = 2");
  }),
            2);
  for (std::size_t i = 0; i < 6; ++i) {
    ASSERT_TRUE(channel_.called(std::max<std::size_t>(i + 1, 2)));
    channel_.let_go();
  }
  ASSERT_TRUE(drained());
  std::string order;
  for (const auto& message : channel_.sent()) {
    if (message.to == "+8613800138000") order += message.text;
  }
  EXPECT_EQ(order, "01234");
}

TEST_F(WorkerTest, AtMostSoManyAreInFlight) {
  channel_.hold();
  put_many(30);
  WorkerOptions options;
  options.in_flight_max = 7;
  start(options);
  ASSERT_TRUE(channel_.called(7));
  const auto sending = database_->read([](store::Connection& db) {
    return db.value<std::int64_t>("SELECT count(*) FROM deliveries WHERE state = 2");
  });
  EXPECT_EQ(sending, 7);
  EXPECT_EQ(channel_.sent().size(), 7u);
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(channel_.called(static_cast<std::size_t>(i) + 1));
    channel_.let_go();
  }
  EXPECT_TRUE(drained());
}

TEST_F(WorkerTest, SecondHintsOfWhatWaitsForItsAddressTakeNoPlace) {
  channel_.hold();
  const auto first = put("+8613800138000", "service", "0");
  const auto waiting = put("+8613800138000", "service", "1");
  WorkerOptions options;
  options.in_flight_max = 3;
  start(options);
  ASSERT_TRUE(channel_.called(1));
  auto hinting = store::RedisStream::connect(*store::parse_redis_url(redis_.url()), name_);
  ASSERT_TRUE(hinting);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE((*hinting)->add(std::vector<std::int64_t>{waiting.row, first.row}));
  }
  put("+8613900139000");
  ASSERT_TRUE(channel_.called(2)) << "the third place is still free for another address";
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(channel_.called(std::max<std::size_t>(i + 1, 2)));
    channel_.let_go();
  }
  ASSERT_TRUE(drained());
  EXPECT_EQ(channel_.sent().size(), 3u);
  EXPECT_TRUE(comes([&] { return stream_length() == 0; }));
}

TEST_F(WorkerTest, AChannelThatCannotSendIsCapturedInTheSentList) {
  channel_.capture_only();
  start();
  const auto ref = put();
  ASSERT_TRUE(comes([&] { return state(ref) == SendState::sent; }));
  EXPECT_EQ(row(ref).provider, "twilio");
  EXPECT_TRUE(channel_.sent().empty());
  const auto list =
      database_->read([](store::Connection& db) { return store::sent_after(db, 0, 10); });
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].provider, "twilio");
  EXPECT_EQ(list[0].at, clock_.now());
}

TEST_F(WorkerTest, AMessageThatNobodyCarriesIsADeadLetter) {
  start();
  store::OutboxDraft draft;
  draft.channel = "pigeon";
  store::OutboxRef ref;
  ASSERT_TRUE(lane_->run([&](Transaction& tx) {
    ref = store::enqueue(tx.write(), draft, random_, tx.now());
    tx.after_commit([this] { relay_->poke(); });
  }));
  ASSERT_TRUE(comes([&] { return state(ref) == SendState::failed; }));
  EXPECT_EQ(row(ref).detail, "there is no channel pigeon");
}

TEST_F(WorkerTest, AProviderErrorIsTriedAgainOnTheClockUntilItWorks) {
  channel_.answer({error(ErrorKind::transient), error(ErrorKind::transient), Accepted{"SM9"}});
  start();
  const auto ref = put();
  ASSERT_TRUE(channel_.called(1));
  ASSERT_TRUE(drained());
  EXPECT_EQ(state(ref), SendState::queued);
  EXPECT_EQ(row(ref).reason, "provider_error");
  EXPECT_GT(row(ref).due_at, clock_.now());
  advance(row(ref).due_at - clock_.now() - Millis{1});
  ASSERT_TRUE(drained());
  EXPECT_EQ(channel_.sent().size(), 1u);
  advance(Millis{1});
  ASSERT_TRUE(channel_.called(2));
  ASSERT_TRUE(drained());
  advance(minutes(55));
  ASSERT_TRUE(channel_.called(3));
  ASSERT_TRUE(drained());
  EXPECT_EQ(state(ref), SendState::sent);
  EXPECT_EQ(row(ref).message.attempt, 3);
  // The sent list has it once, at its first attempt.
  EXPECT_EQ(
      database_->read([](store::Connection& db) { return store::sent_after(db, 0, 9); }).size(),
      1u);
}

TEST_F(WorkerTest, ARejectedMessageIsADeadLetterAndItsReplayLeaves) {
  channel_.answer({error(ErrorKind::rejected, "400 21211"), Accepted{"SM2"}});
  start();
  const auto ref = put();
  ASSERT_TRUE(channel_.called(1));
  ASSERT_TRUE(drained());
  EXPECT_EQ(state(ref), SendState::failed);
  EXPECT_EQ(row(ref).detail, "400 21211");
  Result<store::OutboxRef> again;
  ASSERT_TRUE(lane_->run([&](Transaction& tx) {
    again = store::replay(tx.write(), ref.id, random_, tx.now());
    tx.after_commit([this] { relay_->poke(); });
  }));
  ASSERT_TRUE(again);
  ASSERT_TRUE(channel_.called(2));
  ASSERT_TRUE(drained());
  EXPECT_EQ(state(*again), SendState::sent);
  EXPECT_EQ(state(ref), SendState::failed);
}

TEST_F(WorkerTest, AnAmbiguousOutcomeIsUnknownAndNotTriedAgainButAnEmergencyIs) {
  channel_.answer({error(ErrorKind::ambiguous, "no answer in 10 s")});
  start();
  const auto service = put("+8613800138000");
  const auto emergency = put("+8613900139000", "emergency");
  ASSERT_TRUE(channel_.called(2));
  ASSERT_TRUE(drained());
  EXPECT_EQ(state(service), SendState::unknown);
  EXPECT_EQ(state(emergency), SendState::queued);
  channel_.answer({Accepted{"SM3"}});
  advance(minutes(10));
  ASSERT_TRUE(channel_.called(3));
  ASSERT_TRUE(drained());
  EXPECT_EQ(state(emergency), SendState::sent);
  advance(hours(72));
  ASSERT_TRUE(drained());
  EXPECT_EQ(calls_by_id()[service.id], 1);
}

TEST_F(WorkerTest, AnEarlyReceiptStandsWhenTheAnswerComes) {
  channel_.hold();
  start();
  const auto ref = put();
  ASSERT_TRUE(channel_.called(1));
  ASSERT_TRUE(lane_->run([&](Transaction& tx) {
    store::receive(tx.write(), ref.id, SendState::delivered, "twilio", "", tx.now());
  }));
  channel_.let_go(error(ErrorKind::ambiguous));
  EXPECT_TRUE(comes([&] { return workers_->in_flight() == 0; }));
  EXPECT_EQ(state(ref), SendState::delivered);
}

TEST_F(WorkerTest, Guarantee4ACrashBetweenClaimAndOutcomeLeavesUnknownAndSendsNothingTwice) {
  channel_.hold();
  start();
  const auto service = put("+8613800138000");
  const auto code = put("+8613900139000", "code");
  ASSERT_TRUE(channel_.called(2));
  crash();
  const auto untried = put("+8613700137000");
  // The provider's answer comes when nobody listens any more.
  channel_.let_go();
  EXPECT_EQ(state(service), SendState::sending);
  const DeliveryPolicy policy;
  ASSERT_TRUE(lane_->run([&](Transaction& tx) {
    const auto found =
        store::recover_sending(tx.write(), policy.resend, policy.resend_attempts_max, tx.now());
    EXPECT_EQ(found.unknown, 1);
    EXPECT_EQ(found.queued, 1);
  }));
  start();
  ASSERT_TRUE(channel_.called(4));
  EXPECT_EQ(state(service), SendState::unknown);
  EXPECT_EQ(calls_by_id()[service.id], 1);
  EXPECT_EQ(calls_by_id()[code.id], 2);
  EXPECT_EQ(calls_by_id()[untried.id], 1);
  for (int i = 0; i < 3; ++i) channel_.let_go();  // the first is of the process that is gone
  EXPECT_TRUE(drained());
  EXPECT_EQ(state(code), SendState::sent);
}

TEST_F(WorkerTest, AnOrderlyStopSendsWhatIsClaimedAndLeavesNothingInSending) {
  for (int round = 0; round < 10; ++round) {
    put_many(300);
    start();
    ASSERT_TRUE(channel_.called(static_cast<std::size_t>(round) * 20 + 1));
    workers_->stop(seconds(20));
    workers_.reset();
    relay_.reset();
    EXPECT_EQ(database_->read([](store::Connection& db) {
      return db.value<std::int64_t>("SELECT count(*) FROM deliveries WHERE state = 2");
    }),
              0);
  }
  for (const auto& [id, times] : calls_by_id()) EXPECT_EQ(times, 1) << id;
}

TEST_F(WorkerTest, PendingHintsOfADeadWorkerAreCarriedOutAndItsConsumerRemoved) {
  auto dead = store::RedisStream::connect(*store::parse_redis_url(redis_.url()), name_);
  ASSERT_TRUE(dead && (*dead)->ensure_group());
  const auto ref = put();
  ASSERT_TRUE((*dead)->add(std::vector<std::int64_t>{ref.row}));
  ASSERT_EQ((*dead)->read_group("dead-0", 9, Millis{0})->size(), 1u);
  // A relay that does not run: only the pending hint tells of the row.
  relay_ = std::make_unique<Relay>(
      RelayParts{*database_, clock_, executor_, *store::parse_redis_url(redis_.url()), name_});
  WorkerOptions options;
  options.adopt_every = Millis{20};
  options.adopt_idle = Millis{0};
  start_workers(options);
  ASSERT_TRUE(channel_.called(1));
  EXPECT_TRUE(comes([&] { return state(ref) == SendState::sent; }));
  EXPECT_TRUE(comes([&] {
    return redis_.cli("XINFO CONSUMERS " + name_.key + " " + name_.group).find("dead-0") ==
           std::string::npos;
  }));
}

TEST_F(WorkerTest, Guarantee3RedisKilledAndFlushedInTheMiddleLosesAndDoublesNothing) {
  start();
  constexpr int rounds = 6, each = 200;
  for (int i = 0; i < rounds; ++i) {
    put_many(each);
    ASSERT_TRUE(channel_.called(static_cast<std::size_t>(i * each + each / 4)));
    if (i % 2 == 0) {
      redis_.cli("FLUSHALL");
    } else {
      redis_.restart();
    }
  }
  put_many(each);
  ASSERT_TRUE(channel_.called((rounds + 1) * each));
  ASSERT_TRUE(comes([&] { return drained(); }));
  const auto calls = calls_by_id();
  EXPECT_EQ(calls.size(), static_cast<std::size_t>((rounds + 1) * each));
  for (const auto& [id, times] : calls) EXPECT_EQ(times, 1) << id;
}

TEST_F(WorkerTest, TenThousandFlowThroughABoundedStream) {
  put_many(10'000);
  RelayOptions relay;
  relay.window = 500;
  start_relay(relay);
  WorkerOptions options;
  options.in_flight_max = 500;
  start_workers(options);
  std::int64_t longest = 0;
  while (!workers_->drained(clock_.now(), Millis{50})) longest = std::max(longest, stream_length());
  // Published; claimed but not yet acknowledged; acknowledged but not yet trimmed, by two workers.
  EXPECT_LE(longest, 500 + 500 + 2 * 1'000);
  EXPECT_EQ(calls_by_id().size(), 10'000u);
  EXPECT_EQ(channel_.sent().size(), 10'000u);
  EXPECT_TRUE(comes([&] { return stream_length() == 0; }));
}

TEST_F(WorkerTest, DrainedTellsThatRedisIsAway) {
  start();
  ASSERT_TRUE(comes([&] { return relay_->connected(); }));
  EXPECT_TRUE(drained());
  redis_.kill_hard();
  put();
  EXPECT_FALSE(drained());
}

class DeliveryTest : public ::testing::Test {
 protected:
  store::OutboxOutcome next(const Result<Accepted>& answer) {
    return outcome_of(row_, "twilio", answer, policy_, now_, random_);
  }
  DeliveryTest() {
    row_.message.category = "service";
    row_.message.attempt = 1;
    row_.first_at = now_;
  }
  DeliveryPolicy policy_;
  store::OutboxRow row_;
  Instant now_ = from_millis(1'795'000'000'000);
  SeededRandom random_{7};
};

TEST_F(DeliveryTest, PausesGrowAndTheMessageFailsAfterThreeToThirtyAttemptsInThreeDays) {
  for (const char* category : {"service", "emergency"}) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      SeededRandom random(seed);
      row_ = {};
      row_.message.category = category;
      row_.first_at = now_;
      Instant at = now_;
      Millis last{0};
      int attempts = 0;
      for (;;) {
        row_.message.attempt = ++attempts;
        if (attempts == 3) {
          EXPECT_LE(at - now_, hours(1));
        }
        const auto out =
            outcome_of(row_, "twilio", error(ErrorKind::transient), policy_, at, random);
        if (out.state == SendState::failed) break;
        ASSERT_EQ(out.state, SendState::queued);
        ASSERT_GT(out.due_at - at, last);
        last = out.due_at - at;
        at = out.due_at;
        row_.failures += out.failure;
        ASSERT_LE(at - now_, hours(72));
      }
      EXPECT_GE(attempts, 3);
      EXPECT_LE(attempts, 30);
    }
  }
}

TEST_F(DeliveryTest, RetryAfterIsObeyedAndPassedByTwoMinutesAtMost) {
  for (const auto wait : {seconds(0), seconds(1), seconds(60), seconds(3'600)}) {
    for (const auto kind : {ErrorKind::rate_limited, ErrorKind::transient}) {
      for (int i = 0; i < 100; ++i) {
        const auto out = next(error(kind, "429", wait));
        ASSERT_EQ(out.state, SendState::queued);
        EXPECT_GE(out.due_at, now_ + wait);
        EXPECT_LE(out.due_at, now_ + wait + minutes(2));
      }
    }
  }
  EXPECT_EQ(next(error(ErrorKind::rate_limited, "429", seconds(300'000))).state, SendState::failed);
}

TEST_F(DeliveryTest, RateLimitsDoNotUseUpTheAttempts) {
  row_.message.attempt = 500;
  const auto out = next(error(ErrorKind::rate_limited, "429", seconds(5)));
  EXPECT_EQ(out.state, SendState::queued);
  EXPECT_EQ(out.reason, "rate_limited");
  EXPECT_FALSE(out.failure);
}

TEST_F(DeliveryTest, EveryOtherRefusalFailsAtOnce) {
  for (const auto kind :
       {ErrorKind::rejected, ErrorKind::unauthorized, ErrorKind::forbidden, ErrorKind::not_found,
        ErrorKind::conflict, ErrorKind::invalid, ErrorKind::corrupt}) {
    const auto out = next(error(kind, "404 20404"));
    EXPECT_EQ(out.state, SendState::failed);
    EXPECT_EQ(out.reason, "provider_rejected");
    EXPECT_EQ(out.detail, "404 20404");
  }
}

TEST_F(DeliveryTest, AnEmergencyIsSentAgainWithinTenMinutesButNotForEver) {
  row_.message.category = "emergency";
  for (int attempt = 1; attempt < policy_.resend_attempts_max; ++attempt) {
    row_.message.attempt = attempt;
    const auto out = next(error(ErrorKind::ambiguous));
    ASSERT_EQ(out.state, SendState::queued);
    EXPECT_LE(out.due_at, now_ + minutes(10));
  }
  row_.message.attempt = policy_.resend_attempts_max;
  EXPECT_EQ(next(error(ErrorKind::ambiguous)).state, SendState::unknown);
}

}  // namespace
}  // namespace huiyin
