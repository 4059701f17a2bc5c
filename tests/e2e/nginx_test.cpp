// Slow, huge and malformed HTTP through the nginx of config/nginx, with the product's server edge
// behind it.
#include <gtest/gtest.h>

#include "channels/http/server.h"
#include "channels/rest/rest_channel.h"
#include "tests/channels/fake_front.h"
#include "tests/support/http_client.h"
#include "tests/support/nginx.h"

namespace huiyin {
namespace {

using http::Request;
using http::Responder;
using http::Response;
using test::HttpConnection;

class NginxTest : public testing::Test {
 protected:
  NginxTest() {
    server_.add("POST", "/echo", [](const Request& request, const Responder& respond) {
      respond(Response::text(200, request.body));
    });
    server_.add("GET", "/target", [](const Request& request, const Responder& respond) {
      respond(Response::text(200, request.target));
    });
    channel_->add_routes(server_);
    nginx_ = std::make_unique<test::Nginx>(server_.start("127.0.0.1", 0).value());
  }
  ~NginxTest() override {
    nginx_.reset();
    server_.stop();
  }

  test::FakeFront front_;
  std::unique_ptr<Channel> channel_ = make_rest_channel({}, front_);
  http::HttpServer server_;
  std::unique_ptr<test::Nginx> nginx_;
};

constexpr std::size_t mebibyte = 1'048'576;

TEST_F(NginxTest, ABodyOfExactlyOneMebibyteIsTakenOneMoreIs413BeforeItIsRead) {
  const auto most =
      test::http_call(nginx_->port(), "POST", "/echo", {}, std::string(mebibyte, 'a'));
  EXPECT_EQ(most.status, 200);
  EXPECT_EQ(most.body.size(), mebibyte);
  HttpConnection connection(nginx_->port());
  connection.write_raw("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n");
  const auto over = connection.read_answer();
  EXPECT_EQ(over.status, 413);
  EXPECT_EQ(over.header("content-type"), "application/problem+json");
  HttpConnection chunked(nginx_->port());
  chunked.write_raw(
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n120000\r\n");
  chunked.write_raw(std::string(0x120000, 'b'));
  EXPECT_EQ(chunked.read_answer().status, 413);
}

TEST_F(NginxTest, DoubtfulFramingIsRefused) {
  for (const auto* head : {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                           "Content-Length: 4\r\nContent-Length: 5\r\n", "Content-Length: -1\r\n",
                           "Content-Length: 4x\r\n", "Transfer-Encoding: gzip, chunked\r\n"}) {
    HttpConnection connection(nginx_->port());
    connection.write_raw(std::string("POST /echo HTTP/1.1\r\nHost: x\r\n") + head + "\r\nabcd");
    const int status = connection.read_answer().status;
    EXPECT_TRUE(status == 400 || status == 501) << head << status;
  }
}

TEST_F(NginxTest, PipelinedRequestsAreAllAnsweredInOrder) {
  HttpConnection connection(nginx_->port());
  std::string requests;
  for (int i = 0; i < 5; ++i) {
    requests += "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n" + std::to_string(i);
  }
  connection.write_raw(requests);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(connection.read_answer().body, std::to_string(i));
}

TEST_F(NginxTest, ExpectContinueIsAnsweredAndTheAddressArrivesAsItCame) {
  HttpConnection connection(nginx_->port());
  connection.write_raw(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(connection.read_head().status, 100);
  connection.write_raw("late");
  EXPECT_EQ(connection.read_answer().body, "late");
  EXPECT_EQ(connection.call("GET", "/target?a=%E6%BC%8F+b%2B&c=%7E~").body,
            "/target?a=%E6%BC%8F+b%2B&c=%7E~");
}

TEST_F(NginxTest, ManySlowConnectionsDoNotKeepOthersWaiting) {
  std::vector<std::unique_ptr<HttpConnection>> slow;
  for (int i = 0; i < 150; ++i) {
    slow.push_back(std::make_unique<HttpConnection>(nginx_->port()));
    slow.back()->write_raw(i % 2 ? "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Le"
                                 : "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na");
  }
  EXPECT_EQ(test::http_call(nginx_->port(), "POST", "/echo", {}, "quick").body, "quick");
}

TEST_F(NginxTest, EventsOfTheStreamArriveAtOnce) {
  test::EventStream stream(nginx_->port(), "/webhooks/rest/stream?sender=a",
                           {{"Authorization", "Bearer t"}});
  EXPECT_EQ(stream.head().status, 200);
  front_.say(1, {.text = "一", .buttons = {}, .image = {}, .custom = {}});
  const auto first = stream.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->id, "1");
  front_.say(2, {.text = "二", .buttons = {}, .image = {}, .custom = {}});
  EXPECT_EQ(stream.next()->id, "2");
}

TEST_F(NginxTest, AGatewayThatIsAwayIs503) {
  server_.stop();
  const auto answer = test::http_call(nginx_->port(), "POST", "/echo", {}, "x");
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.header("retry-after"), "");
}

}  // namespace
}  // namespace huiyin
