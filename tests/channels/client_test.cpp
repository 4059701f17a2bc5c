#include "channels/http/client.h"

#include <gtest/gtest.h>

#include <future>

#include "tests/support/stub_provider.h"

namespace huiyin {
namespace {

using http::ClientRequest;
using http::ClientResponse;
using test::StubProvider;

class ClientTest : public testing::Test {
 protected:
  Result<ClientResponse> call(ClientRequest request) {
    auto promise = std::make_shared<std::promise<Result<ClientResponse>>>();
    auto answer = promise->get_future();
    client_->call(std::move(request), [promise](Result<ClientResponse> result) {
      promise->set_value(std::move(result));
    });
    return answer.get();
  }
  Result<ClientResponse> post(const std::string& url, std::string body,
                              std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
    ClientRequest request;
    request.method = "POST";
    request.url = url;
    request.headers["Content-Type"] = "application/x-www-form-urlencoded";
    request.body = std::move(body);
    request.timeout = timeout;
    return call(std::move(request));
  }

  StubProvider provider_;
  std::unique_ptr<http::Client> client_ = http::make_client();
};

TEST_F(ClientTest, SendsARequestAsGivenAndHandsBackTheAnswer) {
  provider_.always({.status = 201, .headers = {{"X-Thing", "7"}}, .body = "{\"sid\":\"SM1\"}"});
  const auto answer = post(provider_.url() + "/a/b.json?x=%2B86&y=%E6%BC%8F", "To=%2B86");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->headers.at("x-thing"), "7");
  EXPECT_EQ(answer->body, "{\"sid\":\"SM1\"}");
  ASSERT_EQ(provider_.count(), 1u);
  const auto seen = provider_.seen()[0];
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/a/b.json?x=%2B86&y=%E6%BC%8F");
  EXPECT_EQ(seen.body, "To=%2B86");
  EXPECT_EQ(seen.headers.at("Content-Type"), "application/x-www-form-urlencoded");
}

TEST_F(ClientTest, AnErrorStatusIsAnAnswer) {
  provider_.next({.status = 429, .headers = {{"Retry-After", "3"}}, .body = ""});
  const auto answer = post(provider_.url(), "a=b");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 429);
  EXPECT_EQ(answer->headers.at("Retry-After"), "3");
}

TEST_F(ClientTest, ARedirectIsNotFollowed) {
  provider_.always(
      {.status = 307, .headers = {{"Location", provider_.url() + "/else"}}, .body = ""});
  const auto answer = post(provider_.url() + "/first", "a=b");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 307);
  EXPECT_EQ(provider_.count(), 1u);
}

TEST_F(ClientTest, ARefusedConnectionIsTransient) {
  const auto answer =
      post("http://127.0.0.1:" + std::to_string(StubProvider::closed_port()) + "/", "a=b");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::transient);
}

TEST_F(ClientTest, ANameThatDoesNotExistIsTransient) {
  const auto answer = post("http://no-such-host.invalid/", "a=b");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::transient);
}

TEST_F(ClientTest, AConnectionClosedAfterTheRequestIsAmbiguousAndNothingIsSentTwice) {
  // A good answer first: a kept connection would make the library send the second call twice.
  ASSERT_TRUE(post(provider_.url(), "n=1"));
  provider_.always({.status = 200, .headers = {}, .body = "", .drop = true});
  const auto answer = post(provider_.url(), "n=2");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::ambiguous);
  EXPECT_EQ(provider_.count(), 2u);
}

TEST_F(ClientTest, AnAnswerThatBreaksOffIsAmbiguous) {
  provider_.always(
      {.status = 201, .headers = {}, .body = std::string(1000, 'x'), .drop = false, .cut = true});
  const auto answer = post(provider_.url(), "n=1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::ambiguous);
  EXPECT_EQ(provider_.count(), 1u);
}

TEST_F(ClientTest, NoAnswerInTimeIsAmbiguous) {
  auto gate = std::make_shared<test::Gate>();
  provider_.always(
      {.status = 201, .headers = {}, .body = "", .drop = false, .cut = false, .gate = gate});
  const auto answer = post(provider_.url(), "n=1", std::chrono::milliseconds(100));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::ambiguous);
  EXPECT_EQ(provider_.count(), 1u);
  gate->release();
}

TEST_F(ClientTest, AnAnswerBeyondTheBoundIsAnError) {
  provider_.always(
      {.status = 200, .headers = {}, .body = std::string(http::answer_bytes_max, 'x')});
  const auto most = post(provider_.url(), "n=1");
  ASSERT_TRUE(most);
  EXPECT_EQ(most->body.size(), http::answer_bytes_max);
  provider_.always(
      {.status = 200, .headers = {}, .body = std::string(http::answer_bytes_max + 1, 'x')});
  const auto over = post(provider_.url(), "n=1");
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().kind, ErrorKind::ambiguous);
}

TEST_F(ClientTest, WhatIsNoUrlIsInvalid) {
  for (const auto* url : {"", "ftp://127.0.0.1/", "http://", "127.0.0.1:80", "http://a b/"}) {
    SCOPED_TRACE(url);
    const auto answer = post(url, "a=b");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::invalid);
  }
}

}  // namespace
}  // namespace huiyin
