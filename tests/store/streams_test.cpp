#include "store/streams.h"

#include <gtest/gtest.h>

#include <numeric>
#include <thread>

#include "tests/support/private_redis.h"

namespace huiyin::store {
namespace {

using std::chrono::milliseconds;
using Rows = std::vector<std::int64_t>;

TEST(RedisUrlTest, TcpAndUnixAreRead) {
  const auto tcp = parse_redis_url("redis://:secret@cache.example:6380/3");
  ASSERT_TRUE(tcp);
  EXPECT_EQ(tcp->host, "cache.example");
  EXPECT_EQ(tcp->port, 6380);
  EXPECT_EQ(tcp->database, 3);
  EXPECT_EQ(tcp->password, "secret");
  EXPECT_EQ(parse_redis_url("redis://127.0.0.1")->port, 6379);
  EXPECT_EQ(parse_redis_url("redis://[::1]:7000/")->host, "::1");
  EXPECT_EQ(parse_redis_url("unix:///run/redis.sock")->path, "/run/redis.sock");
}

TEST(RedisUrlTest, NonsenseIsRefusedAndThePasswordNotRepeated) {
  for (const char* url : {"", "redis://", "http://x", "redis://h:0", "redis://h:70000",
                          "redis://h/x", "redis://:geheim@h:port", "unix://relative"}) {
    const auto parsed = parse_redis_url(url);
    ASSERT_FALSE(parsed) << url;
    EXPECT_EQ(parsed.error().kind, ErrorKind::invalid);
    EXPECT_EQ(parsed.error().message.find("geheim"), std::string::npos);
  }
}

class StreamsTest : public testing::Test {
 protected:
  std::unique_ptr<RedisStream> connect() {
    auto stream = RedisStream::connect(*parse_redis_url(redis_.url()), {"test:work", "workers"});
    if (!stream) throw std::runtime_error(stream.error().message);
    return std::move(*stream);
  }
  static Rows rows(const std::vector<Hint>& hints) {
    Rows out;
    for (const auto& h : hints) out.push_back(h.row);
    return out;
  }
  static std::vector<std::string> entries(const std::vector<Hint>& hints) {
    std::vector<std::string> out;
    for (const auto& h : hints) out.push_back(h.entry);
    return out;
  }
  test::PrivateRedis redis_;
};

TEST_F(StreamsTest, WhatIsAddedIsReadOnceInOrderAndGoneWhenAcknowledgedAndTrimmed) {
  const auto stream = connect();
  ASSERT_TRUE(stream->ensure_group());
  ASSERT_TRUE(stream->ensure_group());
  Rows many(1'000);
  std::iota(many.begin(), many.end(), 1);
  ASSERT_TRUE(stream->add(many));
  const auto first = stream->read_group("a", 400, milliseconds{0});
  ASSERT_TRUE(first);
  EXPECT_EQ(rows(*first), Rows(many.begin(), many.begin() + 400));
  const auto second = stream->read_group("b", 1'000, milliseconds{50});
  EXPECT_EQ(rows(*second), Rows(many.begin() + 400, many.end()));
  EXPECT_EQ(stream->pending()->count, 1'000);
  ASSERT_TRUE(stream->ack(entries(*first)));
  EXPECT_EQ(stream->pending()->count, 600);
  ASSERT_TRUE(stream->trim());
  EXPECT_EQ(*stream->length(), 600);
  ASSERT_TRUE(stream->ack(entries(*second)));
  EXPECT_EQ(stream->pending()->count, 0);
  ASSERT_TRUE(stream->trim());
  EXPECT_EQ(*stream->length(), 0);
}

TEST_F(StreamsTest, AReadWithoutWorkEndsEmpty) {
  const auto stream = connect();
  ASSERT_TRUE(stream->ensure_group());
  EXPECT_TRUE(stream->read_group("a", 10, milliseconds{0})->empty());
  EXPECT_TRUE(stream->read_group("a", 10, milliseconds{20})->empty());
}

TEST_F(StreamsTest, AFlushIsToldApartFromARedisThatIsAway) {
  const auto stream = connect();
  ASSERT_TRUE(stream->ensure_group());
  redis_.cli("FLUSHALL");
  const auto gone = stream->read_group("a", 10, milliseconds{0});
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, ErrorKind::not_found);
  ASSERT_TRUE(stream->ensure_group());  // the connection is still good
  ASSERT_TRUE(stream->add(Rows{7}));
  EXPECT_EQ(rows(*stream->read_group("a", 10, milliseconds{0})), Rows{7});
}

TEST_F(StreamsTest, AFlushWakesABlockedReaderWithItsOwnError) {
  const auto stream = connect();
  ASSERT_TRUE(stream->ensure_group());
  const auto watcher = connect();
  std::thread flusher([&] {
    while (redis_.cli("INFO clients").find("blocked_clients:1") == std::string::npos) {
    }
    redis_.cli("FLUSHALL");
  });
  const auto gone = stream->read_group("a", 10, milliseconds{20'000});
  flusher.join();
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, ErrorKind::not_found) << gone.error().message;
}

TEST_F(StreamsTest, ARedisThatIsAwayOrSilentIsTransientAndNeverBlocksForEver) {
  auto stream = RedisStream::connect(*parse_redis_url(redis_.url()), {"test:work", "workers"},
                                     milliseconds{100});
  ASSERT_TRUE(stream);
  ASSERT_TRUE((*stream)->ensure_group());
  redis_.freeze();
  const auto silent = (*stream)->read_group("a", 1, milliseconds{50});
  redis_.thaw();
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().kind, ErrorKind::transient);
  redis_.kill_hard();
  const auto away = RedisStream::connect(*parse_redis_url(redis_.url()), {"test:work", "workers"});
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().kind, ErrorKind::transient);
}

TEST_F(StreamsTest, HintsOfADeadConsumerAreTakenOverAndItIsRemovedWhenEmpty) {
  const auto dead = connect();
  ASSERT_TRUE(dead->ensure_group());
  ASSERT_TRUE(dead->add(Rows{1, 2, 3, 4, 5}));
  ASSERT_EQ(dead->read_group("dead", 5, milliseconds{0})->size(), 5u);
  const auto alive = connect();
  std::string cursor = "0-0";
  EXPECT_TRUE(alive->autoclaim("alive", milliseconds{60'000}, 10, cursor)->empty());
  cursor = "0-0";
  Rows got;
  do {
    const auto hints = alive->autoclaim("alive", milliseconds{0}, 2, cursor);
    ASSERT_TRUE(hints);
    for (const auto row : rows(*hints)) got.push_back(row);
  } while (cursor != "0-0");
  EXPECT_EQ(got, (Rows{1, 2, 3, 4, 5}));
  const auto consumers = alive->consumers();
  ASSERT_EQ(consumers->size(), 2u);
  for (const auto& c : *consumers) EXPECT_EQ(c.pending, c.name == "alive" ? 5 : 0) << c.name;
  ASSERT_TRUE(alive->remove_consumer("dead"));
  EXPECT_EQ(alive->consumers()->size(), 1u);
}

TEST_F(StreamsTest, TrimmingNeverPassesAPendingOrUndeliveredEntry) {
  const auto stream = connect();
  ASSERT_TRUE(stream->ensure_group());
  ASSERT_TRUE(stream->add(Rows{1, 2, 3, 4}));
  const auto hints = stream->read_group("a", 3, milliseconds{0});
  ASSERT_EQ(hints->size(), 3u);
  ASSERT_TRUE(stream->ack(std::vector<std::string>{(*hints)[0].entry, (*hints)[2].entry}));
  ASSERT_TRUE(stream->trim());
  EXPECT_EQ(*stream->length(), 3);  // 2 is pending, 4 undelivered; 3 goes when 2 has gone
  ASSERT_TRUE(stream->ack(std::vector<std::string>{(*hints)[1].entry}));
  ASSERT_TRUE(stream->trim());
  EXPECT_EQ(*stream->length(), 1);
  EXPECT_EQ(rows(*stream->read_group("a", 9, milliseconds{0})), Rows{4});
}

TEST_F(StreamsTest, TheEvictionPolicyIsSeen) {
  const auto stream = connect();
  EXPECT_EQ(*stream->eviction_policy(), "noeviction");
  redis_.cli("CONFIG SET maxmemory-policy allkeys-lru");
  EXPECT_EQ(*stream->eviction_policy(), "allkeys-lru");
}

}  // namespace
}  // namespace huiyin::store
