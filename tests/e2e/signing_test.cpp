// The page behind a signed link over real HTTP: found in the message, shown, signed once however
// many press at the same moment, and told in what the sheet shows (R5.19, guarantee 6).
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/gateway_process.h"
#include "tests/support/private_redis.h"

namespace huiyin::test {
namespace {

class SigningPage : public ::testing::Test {
 protected:
  SigningPage()
      : gateway({.redis_url = redis.url(),
                 .args = {"--set", "sandbox.start=2026-11-23T10:00:00+08:00", "--set",
                          "public_url=https://estate.example.org"}}) {
    EXPECT_EQ(gateway
                  .import_csv("units",
                              "estate,building,entrance,room,area_m2,owner,phone\n"
                              "liyuan,3,2,501,90.0,王芳,13800138000\n")
                  .status,
              200);
    EXPECT_EQ(gateway
                  .import_csv("staff",
                              "estate,name,role,phone,channel,address\n"
                              "liyuan,李师傅,technician,13900000004,twilio,+8613900000004\n")
                  .status,
              200);
  }
  void act(const std::string& number, Json body) {
    const auto answer = gateway.admin("POST", "/api/v1/work-orders/" + number + "/actions", body);
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  std::string completed_at_the_desk() {
    const auto made = gateway.admin("POST", "/api/v1/work-orders",
                                    {{"kind", "repair"},
                                     {"unit", "3-2-501"},
                                     {"description", "厨房水龙头漏水"},
                                     {"customer", {{"name", "王芳"}, {"phone", "+8613800138000"}}},
                                     {"channel", "call"}});
    EXPECT_EQ(made.status, 201) << made.body;
    const std::string number = made.json()["number"];
    const Json staff = gateway.admin("GET", "/api/v1/staff").json()["items"];
    act(number, {{"action", "assign"}, {"assignee", staff[0]["id"]}});
    for (const char* step : {"accept", "arrive", "start"}) act(number, {{"action", step}});
    act(number, {{"action", "add_charge"}, {"item", "龙头"}, {"amount_fen", 8000}});
    act(number, {{"action", "complete"}, {"note", "换了龙头"}});
    return number;
  }
  // The path of the newest link that left for the phone.
  std::string newest_link() {
    gateway.advance("PT0S");
    std::string path;
    const Json sent = gateway.admin("GET", "/api/v1/sandbox/sent").json();
    for (const auto& item : sent["items"]) {
      const std::string text = item["text"];
      const auto at = text.find("https://estate.example.org/sign/");
      if (at == std::string::npos || item["to"] != "+8613800138000") continue;
      path = text.substr(at + 26, text.find(' ', at) - at - 26);
    }
    return path;
  }
  Json signatures(const std::string& number) {
    return gateway.admin("GET", "/api/v1/work-orders/" + number).json()["signatures"];
  }

  PrivateRedis redis;
  GatewayProcess gateway;
};

TEST_F(SigningPage, Guarantee6_PressedByManyAtOnceItIsSignedOnce) {
  const std::string number = completed_at_the_desk(), path = newest_link();
  ASSERT_TRUE(path.starts_with("/sign/")) << path;
  const auto shown = gateway.get(path);
  EXPECT_EQ(shown.status, 200);
  EXPECT_NE(shown.body.find("换了龙头"), std::string::npos);
  EXPECT_NE(shown.body.find("80.00"), std::string::npos);
  EXPECT_EQ(shown.header("cache-control"), "no-store");
  EXPECT_TRUE(shown.header("content-security-policy").starts_with("default-src 'none'"));

  constexpr int presses = 8;
  std::vector<HttpAnswer> answers(presses);
  std::vector<std::thread> threads;
  for (int i = 0; i < presses; ++i) {
    threads.emplace_back([&, i] {
      answers[static_cast<std::size_t>(i)] =
          gateway.post_form(path, {{"name", "王芳" + std::to_string(i)}});
    });
  }
  for (auto& thread : threads) thread.join();
  const auto count = [&](int status) {
    return std::count_if(answers.begin(), answers.end(),
                         [&](const HttpAnswer& one) { return one.status == status; });
  };
  EXPECT_EQ(count(200), 1);
  EXPECT_EQ(count(410), presses - 1);
  EXPECT_EQ(signatures(number).size(), 1U);
  EXPECT_EQ(signatures(number)[0]["method"], "page");
  EXPECT_EQ(gateway.get(path).status, 410);
  EXPECT_EQ(gateway.get(path + "0").status, 403);
  EXPECT_EQ(gateway.command({"verify"}), 0);
  EXPECT_EQ(gateway.log().find(path), std::string::npos);  // a secret path part
}

TEST_F(SigningPage, Guarantee6_ALinkOutlivesARestartButNotSeventyTwoHours) {
  const std::string number = completed_at_the_desk(), path = newest_link();
  gateway.restart();
  EXPECT_EQ(gateway.get(path).status, 200);
  ASSERT_EQ(gateway.advance("PT72H").status, 200);
  const auto late = gateway.post_form(path, {{"name", "王芳"}});
  EXPECT_EQ(late.status, 410);
  EXPECT_EQ(late.body.find("王芳"), std::string::npos);
  EXPECT_EQ(gateway.post_form(path, {{"renew", "1"}}).status, 200);
  const std::string fresh = newest_link();
  EXPECT_NE(fresh, path);
  EXPECT_EQ(gateway.post_form(fresh, {{"name", "王芳"}}).status, 200);
  EXPECT_EQ(signatures(number).size(), 1U);
}

}  // namespace
}  // namespace huiyin::test
