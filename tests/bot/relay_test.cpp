#include "bot/gateway/relay.h"

#include <set>

#include "tests/bot/outgoing_support.h"

namespace huiyin {
namespace {

using store::RedisStream;
using testing::OutgoingTest;

class RelayTest : public OutgoingTest {
 protected:
  std::unique_ptr<RedisStream> reader() {
    auto stream = RedisStream::connect(*store::parse_redis_url(redis_.url()), name_);
    if (!stream) throw std::runtime_error(stream.error().message);
    if (auto made = (*stream)->ensure_group(); !made) {
      throw std::runtime_error(made.error().message);
    }
    return std::move(*stream);
  }
  // What a worker reads until that many different rows have come.
  std::multiset<std::int64_t> read(RedisStream& stream, std::size_t different, bool take = true) {
    std::multiset<std::int64_t> got;
    std::set<std::int64_t> seen;
    for (int i = 0; i < 200 && seen.size() < different; ++i) {
      const auto hints = stream.read_group("test", 100, Millis{50});
      if (!hints) {
        if (hints.error().kind != ErrorKind::not_found || !stream.ensure_group()) break;
        relay_->republish();
        continue;
      }
      std::vector<std::int64_t> rows;
      std::vector<std::string> entries;
      for (const auto& hint : *hints) {
        got.insert(hint.row);
        seen.insert(hint.row);
        rows.push_back(hint.row);
        entries.push_back(hint.entry);
      }
      if (take && !rows.empty()) {
        claim(rows);
        relay_->taken(rows);
        EXPECT_TRUE(stream.ack(entries));
        EXPECT_TRUE(stream.trim());
      }
    }
    return got;
  }
  void claim(const std::vector<std::int64_t>& rows) {
    EXPECT_TRUE(lane_->run([&](Transaction& tx) { store::claim(tx.write(), rows, tx.now()); }));
  }
};

TEST_F(RelayTest, WhatIsDueIsPublishedOnceAfterItsCommit) {
  start_relay();
  const auto stream = reader();
  const auto a = put();
  const auto b = put();
  EXPECT_EQ(read(*stream, 2), (std::multiset<std::int64_t>{a.row, b.row}));
  const auto c = put();
  EXPECT_EQ(read(*stream, 1), (std::multiset<std::int64_t>{c.row}));
}

TEST_F(RelayTest, WhatWaitsForItsTimeIsPublishedWhenTheClockHasMoved) {
  store::OutboxDraft draft;
  draft.channel = "twilio";
  draft.not_before = clock_.now() + std::chrono::hours(9);
  ASSERT_TRUE(
      lane_->run([&](Transaction& tx) { store::enqueue(tx.write(), draft, random_, tx.now()); }));
  start_relay();
  const auto now = put();
  const auto stream = reader();
  EXPECT_EQ(read(*stream, 1).count(now.row), 1u);
  EXPECT_EQ(stream_length(), 0);
  advance(std::chrono::hours(9));
  EXPECT_EQ(read(*stream, 1).size(), 1u);
}

TEST_F(RelayTest, TheStreamStaysSmallHoweverMuchWaits) {
  RelayOptions options;
  options.window = 100;
  options.batch = 30;
  put_many(1'000);
  start_relay(options);
  const auto stream = reader();
  std::set<std::int64_t> all;
  while (all.size() < 1'000) {
    ASSERT_LE(stream_length(), 100);
    const auto got = read(*stream, 1);
    ASSERT_FALSE(got.empty());
    all.insert(got.begin(), got.end());
  }
}

TEST_F(RelayTest, AfterAFlushEverythingUnsentIsPublishedAgain) {
  start_relay();
  const auto stream = reader();
  const auto taken = put();
  ASSERT_EQ(read(*stream, 1).size(), 1u);
  const auto waiting = put();
  ASSERT_TRUE(comes([&] { return stream_length() == 1; }));
  redis_.cli("FLUSHALL");
  const auto later = put();
  const auto got = read(*stream, 2);
  EXPECT_TRUE(got.contains(waiting.row));
  EXPECT_TRUE(got.contains(later.row));
  EXPECT_FALSE(got.contains(taken.row));
}

TEST_F(RelayTest, EntriesThatSomebodyTrimmedAwayArePublishedAgain) {
  RelayOptions options;
  options.tick = Millis{50};
  start_relay(options);
  const auto stream = reader();
  const auto ref = put();
  ASSERT_TRUE(comes([&] { return stream_length() == 1; }));
  redis_.cli("XTRIM " + name_.key + " MAXLEN 0");
  EXPECT_TRUE(read(*stream, 1).contains(ref.row));
}

TEST_F(RelayTest, ARowThatComesInBeforeWhatWasReadAlreadyIsPublishedToo) {
  RelayOptions options;
  options.tick = Millis{50};
  start_relay(options);
  const auto stream = reader();
  const auto first = put();
  ASSERT_TRUE(read(*stream, 1).contains(first.row));
  store::OutboxDraft draft;
  draft.channel = "twilio";
  std::int64_t earlier = 0;
  ASSERT_TRUE(lane_->run([&](Transaction& tx) {
    const auto began = tx.now() - std::chrono::seconds(1);
    earlier = store::enqueue(tx.write(), draft, random_, began).row;
  }));
  EXPECT_TRUE(read(*stream, 1).contains(earlier));
}

TEST_F(RelayTest, Guarantee3WithRedisDownIntakeGoesOnAndWithRedisBackTheWorkFlows) {
  start_relay();
  ASSERT_TRUE(comes([&] { return relay_->connected(); }));
  const auto before = put();
  redis_.kill_hard();
  const auto during = put();
  EXPECT_TRUE(comes([&] { return !relay_->connected(); }));
  EXPECT_EQ(state(during), SendState::queued);
  redis_.start();
  EXPECT_TRUE(comes([&] { return relay_->connected(); }));
  const auto stream = reader();
  const auto got = read(*stream, 2);
  EXPECT_TRUE(got.contains(before.row));
  EXPECT_TRUE(got.contains(during.row));
}

TEST_F(RelayTest, AStartPublishesWhatAnEarlierProcessLeft) {
  const auto left = put();
  start_relay();
  const auto stream = reader();
  EXPECT_TRUE(read(*stream, 1, false).contains(left.row));
  crash();
  start_relay();  // the hint is still pending for the reader that is gone
  EXPECT_TRUE(read(*stream, 1, false).contains(left.row));
}

}  // namespace
}  // namespace huiyin
