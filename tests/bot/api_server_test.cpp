// The operator API keeps the first answer to an Idempotency-Key (contract, section 8), and keeps it
// so that the database tells nobody what it was.
#include "bot/gateway/api_server.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "bot/gateway/lane.h"
#include "store/base/secret.h"
#include "tests/support/temp_dir.h"

namespace huiyin {
namespace {

constexpr const char* path = "/api/v1/secrets";
const std::string alice = "token-of-alice-abcdefghijklmnopqrstuvwxyz0123";
const std::string bob = "token-of-bob-0123456789abcdefghijklmnopqrstuv";

class Mounted final : public http::Routes {
 public:
  void add(std::string_view method, std::string_view pattern, http::Handler handler) override {
    handlers[std::string(method) + " " + std::string(pattern)] = std::move(handler);
  }
  std::map<std::string, http::Handler> handlers;
};

// One resource: every call that is done answers a new secret; {"refuse": true} is refused.
class ApiServerTest : public ::testing::Test {
 protected:
  ApiServerTest() { open(); }

  void open() {
    database_ = store::Database::open(dir_ / "api.db", store::store_migrations()).value();
    lane_ = make_lane(*database_, clock_, executor_);
    server_ = std::make_unique<ApiServer>(
        ApiParts{*database_, *lane_, clock_, executor_,
                 [](std::string_view token) -> std::optional<Principal> {
                   if (token != alice && token != bob) return std::nullopt;
                   return Principal{"admin", 7, "liyuan"};  // two tokens of one person
                 },
                 "test", 4});
    server_->add({"POST", path, admin_only, "Makes a secret", nullptr, nullptr, 201},
                 [this](ApiCall& call) {
                   return call.write([&](Transaction& tx) {
                     ++done_;
                     tx.write().exec("INSERT INTO meta(key, value) VALUES(:k, 'made')",
                                     "call " + std::to_string(done_.load()));
                     if (call.body().contains("refuse")) {
                       return http::Response::problem(409, "Conflict", "not now");
                     }
                     return http::Response::json(201, {{"made", new_token()}});
                   });
                 });
    mounted_ = Mounted();
    server_->mount(mounted_);
  }
  void reopen() {
    server_.reset();
    lane_.reset();
    database_.reset();
    open();
  }

  std::future<http::Response> begin(const std::string& token, const std::string& key,
                                    const std::string& body) {
    http::Request request;
    request.method = "POST";
    request.path = request.target = path;
    request.headers = {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}};
    if (!key.empty()) request.headers.emplace("Idempotency-Key", key);
    request.body = body;
    auto answer = std::make_shared<std::promise<http::Response>>();
    auto future = answer->get_future();
    mounted_.handlers.at(std::string("POST ") + path)(
        request, [answer](http::Response response) { answer->set_value(std::move(response)); });
    return future;
  }
  http::Response post(const std::string& token, const std::string& key,
                      const std::string& body = "{}") {
    return begin(token, key, body).get();
  }
  // Everything on the disk, the write-ahead log too.
  std::string disk() const {
    return test::read_file(dir_ / "api.db") + test::read_file(dir_ / "api.db-wal");
  }

  test::TempDir dir_;
  SystemClock clock_;
  SystemExecutor executor_;
  std::atomic<int> done_{0};
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Lane> lane_;
  Mounted mounted_;
  std::unique_ptr<ApiServer> server_;
};

TEST_F(ApiServerTest, TheSameKeyAndBodyGetTheFirstAnswerAndDoNothing) {
  const auto first = post(alice, "k1");
  const auto again = post(alice, "k1");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(done_, 1);
  reopen();
  EXPECT_EQ(post(alice, "k1").body, first.body);
  EXPECT_EQ(done_, 1);
}

TEST_F(ApiServerTest, AnotherBodyUnderTheSameKeyIs409) {
  const auto first = post(alice, "k1", R"({"a":1})");
  EXPECT_EQ(post(alice, "k1", R"({"a":2})").status, 409);
  EXPECT_EQ(post(alice, "k1", R"({"a":1})").body, first.body);
  EXPECT_EQ(done_, 1);
}

TEST_F(ApiServerTest, AnotherKeyNoKeyAndAnotherTokenAreOtherCalls) {
  const auto first = post(alice, "k1");
  EXPECT_NE(post(alice, "k2").body, first.body);
  EXPECT_NE(post(alice, "").body, first.body);
  EXPECT_NE(post(bob, "k1").body, first.body);
  EXPECT_EQ(done_, 4);
}

TEST_F(ApiServerTest, ARefusalIsNotKept) {
  EXPECT_EQ(post(alice, "k1", R"({"refuse":true})").status, 409);
  EXPECT_EQ(post(alice, "k1").status, 201);
  EXPECT_EQ(done_, 2);
}

TEST_F(ApiServerTest, AKeyLongerThan255Is400) {
  EXPECT_EQ(post(alice, std::string(256, 'k')).status, 400);
  EXPECT_EQ(post(alice, std::string(255, 'k')).status, 201);
  EXPECT_EQ(done_, 1);
}

TEST_F(ApiServerTest, CallsAtTheSameMomentGetOneAnswer) {
  // The lane is kept busy until all of them wait in its queue or for a thread.
  std::latch entered(1), go(1);
  ASSERT_TRUE(lane_->submit({[&](Transaction&) {
                               entered.count_down();
                               go.wait();
                             },
                             {}}));
  entered.wait();
  std::vector<std::future<http::Response>> calls;
  for (int i = 0; i < 8; ++i) calls.push_back(begin(alice, "k1", "{}"));
  go.count_down();
  std::set<std::string> bodies;
  for (auto& call : calls) {
    const auto answer = call.get();
    EXPECT_EQ(answer.status, 201);
    bodies.insert(answer.body);
  }
  EXPECT_EQ(bodies.size(), 1u);
  EXPECT_EQ(done_, 1);
}

TEST_F(ApiServerTest, TheDatabaseHoldsNeitherAnswerNorKeyNorTokenInPlain) {
  const std::string key = "an-idempotency-key-that-says-what-it-is-for";
  const auto first = post(alice, key);
  const std::string made = Json::parse(first.body)["made"];
  EXPECT_NE(disk().find("call 1"), std::string::npos) << "looks where nothing is written";
  for (const std::string& secret : {made, std::string(R"("made")"), key, alice}) {
    EXPECT_EQ(disk().find(secret), std::string::npos) << secret;
  }
  EXPECT_EQ(Json::parse(post(alice, key).body)["made"], made);
}

TEST_F(ApiServerTest, AKeptAnswerThatWasChangedIsNotGivenOut) {
  const auto first = post(alice, "k1");
  post(bob, "k1");
  ASSERT_TRUE(lane_->run([](Transaction& tx) {  // each has the other's
    tx.write().exec(
        "UPDATE idempotency SET answer ="
        " (SELECT answer FROM idempotency o WHERE o.key <> idempotency.key)");
  }));
  const auto again = post(alice, "k1");
  EXPECT_EQ(again.status, 500);
  EXPECT_EQ(again.body.find("made"), std::string::npos);
  EXPECT_EQ(done_, 2);
}

}  // namespace
}  // namespace huiyin
