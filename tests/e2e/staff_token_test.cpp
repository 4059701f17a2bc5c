// A staff token is shown once and kept as a hash (contract, section 5), also when the call that
// made it carries an Idempotency-Key and its answer is kept for a retry.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/gateway_process.h"
#include "tests/support/private_redis.h"

namespace huiyin::test {
namespace {

// Every byte of every file in the folder.
std::string all_of(const std::string& folder) {
  std::string out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out += read_file(entry.path());
  }
  return out;
}

TEST(StaffToken, IsNowhereInTheDataFolderAndARetryAfterACrashStillAnswersIt) {
  const PrivateRedis redis;
  GatewayProcess gateway({.redis_url = redis.url()});
  ASSERT_EQ(gateway
                .import_csv("staff",
                            "estate,name,role,phone,channel,address\n"
                            "liyuan,吴主管,engineering_supervisor,13900000001,,\n")
                .status,
            200);
  const std::int64_t id = gateway.admin("GET", "/api/v1/staff").json()["items"][0]["id"];
  const std::string target = "/api/v1/staff/" + std::to_string(id) + "/tokens";
  const std::string key = "first-token-of-the-supervisor";
  const auto make = [&] {
    return gateway.admin("POST", target, Json::object(), {{"Idempotency-Key", key}});
  };
  const auto first = make();
  ASSERT_EQ(first.status, 201) << first.body;
  const std::string token = first.json()["token"];

  gateway.kill_hard();
  const std::string kept = all_of(gateway.data_dir());
  EXPECT_NE(kept.find("吴主管"), std::string::npos) << "looks where nothing is written";
  for (const std::string& secret : {token, std::string(R"("token")"), first.body, key}) {
    EXPECT_EQ(kept.find(secret), std::string::npos) << secret;
  }

  gateway.start();
  const auto again = make();
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  const auto with_it = http_call(gateway.port(), "GET", "/api/v1/work-orders",
                                 {{"Authorization", "Bearer " + token}});
  EXPECT_EQ(with_it.status, 200) << with_it.body;
}

}  // namespace
}  // namespace huiyin::test
