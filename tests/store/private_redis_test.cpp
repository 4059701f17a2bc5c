// The fixture itself: a test that kills Redis proves nothing if the kill does not take.
#include "tests/support/private_redis.h"

#include <gtest/gtest.h>

namespace huiyin::test {
namespace {

TEST(PrivateRedis, ComesUpWithThePolicyThatTheProductAsksFor) {
  PrivateRedis redis;
  EXPECT_EQ(redis.cli("CONFIG GET maxmemory-policy"), "maxmemory-policy\nnoeviction");
}

TEST(PrivateRedis, ForgetsEverythingWhenKilled) {
  PrivateRedis redis;
  ASSERT_EQ(redis.cli("SET a 1"), "OK");
  redis.restart();
  EXPECT_EQ(redis.cli("GET a"), "");
}

TEST(PrivateRedis, KeepsWhatItAcknowledgedWhenAskedTo) {
  PrivateRedis redis(PrivateRedis::Keeps::everything);
  ASSERT_EQ(redis.cli("SET a 1"), "OK");
  redis.restart();
  EXPECT_EQ(redis.cli("GET a"), "1");
}

TEST(PrivateRedis, IsGoneAfterStopAndBackAfterStart) {
  PrivateRedis redis;
  redis.stop();
  EXPECT_NE(redis.cli("PING"), "PONG");
  redis.start();
  EXPECT_EQ(redis.cli("PING"), "PONG");
}

TEST(PrivateRedis, AnswersAfterItWasFrozen) {
  PrivateRedis redis;
  redis.freeze();
  redis.thaw();
  EXPECT_EQ(redis.cli("PING"), "PONG");
}

}  // namespace
}  // namespace huiyin::test
