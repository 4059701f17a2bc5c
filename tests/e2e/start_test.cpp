// Starting, stopping and refusing to start, as contract sections 1 and 8 have it, on the binary.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/gateway_process.h"
#include "tests/support/private_redis.h"

namespace huiyin::test {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Ended {
  int code;
  std::string said;  // stdout and stderr
};

Ended run_binary(std::vector<std::string> args, std::map<std::string, std::string> env = {}) {
  const TempDir dir;
  args.insert(args.begin(), HUIYIN_BINARY);
  const std::string out = dir / "out";
  const auto code = run(Command{.argv = args,
                                .env = std::move(env),
                                .stdout_file = out,
                                .stderr_file = out,
                                .dir = HUIYIN_SOURCE_DIR});
  return {code.value_or(-1), read_file(out)};
}

TEST(Start, ServesAndEndsWithZeroOnSigterm) {
  const PrivateRedis redis;
  GatewayProcess gateway({.redis_url = redis.url()});
  EXPECT_EQ(gateway.get("/healthz").status, 200);
  EXPECT_EQ(gateway.terminate(), 0);
}

TEST(Start, TakesTheSamePortAgainAfterAKill) {
  const PrivateRedis redis;
  GatewayProcess gateway({.redis_url = redis.url()});
  const int port = gateway.port();
  gateway.restart();
  EXPECT_EQ(gateway.port(), port);
  EXPECT_EQ(gateway.get("/healthz").status, 200);
}

TEST(Start, RefusesASecondServerOnTheSameFolder) {
  const PrivateRedis redis;
  GatewayProcess gateway({.redis_url = redis.url()});
  const auto second =
      run_binary({"serve", "--sandbox", "--data", gateway.data_dir(), "--listen", "127.0.0.1:0"});
  EXPECT_EQ(second.code, 2) << second.said;
}

TEST(Start, NamesAnUnknownSetting) {
  const TempDir dir;
  for (const char* command : {"check", "serve"}) {
    std::vector<std::string> args{command, "--sandbox", "--set", "channels.twilio.api_bsae=x"};
    if (args[0] == "serve") args.insert(args.end(), {"--data", dir / "data"});
    const auto ended = run_binary(args);
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.said, HasSubstr("/channels/twilio/api_bsae"));
    EXPECT_THAT(ended.said, HasSubstr("api_base"));
  }
}

TEST(Start, RefusesAPlainSecretAndDoesNotRepeatIt) {
  const TempDir dir;
  const auto ended = run_binary({"serve", "--sandbox", "--data", dir / "data", "--set",
                                 "channels.twilio.auth_token=hunter2-plain"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.said, HasSubstr("/channels/twilio/auth_token"));
  EXPECT_THAT(ended.said, Not(HasSubstr("hunter2")));
}

TEST(Start, RefusesAnEnabledChannelWithoutItsSecretOutsideTheSandbox) {
  const auto ended = run_binary({"check", "--set", "channels.twilio.enabled=true"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.said, HasSubstr("/channels/twilio/auth_token"));
}

TEST(Start, NamesFileAndLineOfAConfigThatIsNoJson) {
  const TempDir dir;
  const std::string file = dir.write("site.json", "{\n\"http\": {\n}}}\n");
  const auto ended = run_binary({"check", "--config", file});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.said, HasSubstr(file));
  EXPECT_THAT(ended.said, HasSubstr("line 3"));
}

TEST(Start, PassesTheShippedConfiguration) {
  EXPECT_EQ(run_binary({"check"}).code, 0);
}

TEST(Start, NamesBehindProxyWhenItIsToListenToTheWorld) {
  const TempDir dir;
  const auto ended =
      run_binary({"serve", "--sandbox", "--data", dir / "data", "--listen", "0.0.0.0:0"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.said, HasSubstr("--behind-proxy"));
}

TEST(Start, ExplainsWrongUsage) {
  for (const auto& args :
       std::vector<std::vector<std::string>>{{"serv"},
                                             {"serve", "--frob"},
                                             {"parse"},
                                             {"serve", "--listen", "nowhere"},
                                             {"serve", "--redis", "http://x"},
                                             {"check", "--config", "/nonexistent.json"}}) {
    const auto ended = run_binary(args);
    EXPECT_EQ(ended.code, 2) << args.back();
    EXPECT_NE(ended.said, "") << args.back();
  }
}

}  // namespace
}  // namespace huiyin::test
