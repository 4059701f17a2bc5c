// The REST channel over real sockets, with a front that answers as told (contract 3 and 8).
#include <gtest/gtest.h>

#include "channels/http/server.h"
#include "channels/rest/codec.h"
#include "channels/rest/rest_channel.h"
#include "tests/channels/fake_front.h"
#include "tests/channels/wire.h"

namespace huiyin {
namespace {

using test::http_call;
using test::HttpConnection;
using test::post_json;
using test::read_until;

struct Malformed {
  const char* body;
  const char* field;  // null: the whole body
};

TEST(RestCodec, NamesTheFieldThatIsMissingOrMalformed) {
  const Malformed cases[] = {
      {"", nullptr},
      {"{", nullptr},
      {"[]", nullptr},
      {"\"x\"", nullptr},
      {"{}", "sender"},
      {R"({"sender":"","message":"x"})", "sender"},
      {R"({"sender":7,"message":"x"})", "sender"},
      {R"({"sender":null,"message":"x"})", "sender"},
      {R"({"sender":"a"})", "message"},
      {R"({"sender":"a","message":null})", "message"},
      {R"({"sender":"a","message":["x"]})", "message"},
      {R"({"sender":"a","message":"x","message_id":5})", "message_id"},
      {R"({"sender":"a","message":"x","metadata":"y"})", "metadata"},
      {R"({"sender":"a","message":"x","metadata":[]})", "metadata"},
      {R"({"sender":"a","message":"x","metadata":{"token":5}})", "metadata.token"},
      {R"({"sender":"a","message":"x","metadata":{"estate":{}}})", "metadata.estate"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.body);
    const auto message = rest::decode(c.body, "");
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().kind, ErrorKind::invalid);
    EXPECT_EQ(message.error().field, c.field ? c.field : "");
  }
  const std::string deep = R"({"sender":"a","message":"x","metadata":{"a":)" +
                           std::string(200, '[') + std::string(200, ']') + "}}";
  EXPECT_FALSE(rest::decode(deep, ""));
  EXPECT_FALSE(rest::decode(
      R"({"message":"x","sender":")" + std::string(rest::sender_bytes_max + 1, 'a') + "\"}", ""));
}

TEST(RestCodec, ReadsAWholeMessageAndIgnoresWhatItDoesNotKnow) {
  const auto message = rest::decode(
      R"({"sender":"wang","message":"漏水\u0000了","message_id":"m1","input_channel":"x",)"
      R"("metadata":{"token":"t","estate":"丽园","staff":"1"}})",
      "");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->channel, "rest");
  EXPECT_EQ(message->sender, "wang");
  EXPECT_EQ(message->text, std::string("漏水\0了", 10));
  EXPECT_EQ(message->message_id, "m1");
  EXPECT_EQ(message->token, "t");
  EXPECT_EQ(message->estate, "丽园");
  EXPECT_FALSE(message->proven);
  EXPECT_EQ(message->proven_phone, "");
}

TEST(RestCodec, TakesNullForAnOptionalMemberThatIsAbsent) {
  EXPECT_TRUE(rest::decode(R"({"sender":"a","message":"","message_id":null,"metadata":null})", ""));
}

TEST(RestCodec, BytesThatAreNoUtf8AreReplaced) {
  const auto message = rest::decode("{\"sender\":\"a\",\"message\":\"x\xff\xfey\"}", "");
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->text.starts_with("x\xEF\xBF\xBD"));
  EXPECT_TRUE(message->text.ends_with("y"));
}

TEST(RestCodec, TheHeadersTokenWinsOverTheMetadatas) {
  EXPECT_EQ(rest::decode(R"({"sender":"a","message":"x","metadata":{"token":"t"}})", "h")->token,
            "h");
  http::Request request;
  for (const auto& [value, token] : std::initializer_list<std::pair<const char*, const char*>>{
           {"Bearer abc", "abc"}, {"bearer  abc ", "abc"}, {"Basic abc", ""}, {"Bearer", ""}}) {
    request.headers["Authorization"] = value;
    EXPECT_EQ(request.bearer_token(), token) << value;
  }
}

TEST(RestCodec, WritesWhatJsonReadsBackAndLeavesOutWhatIsNotThere) {
  Reply plain;
  plain.text = "\"引号\\\"\n\t<b>\x01 ok\xff";
  Reply rich;
  rich.text = "确认吗？";
  rich.buttons = {{"是", "是的"}, {"否", "不是"}};
  rich.image = "https://example.com/a.png";
  rich.custom = {{"number", "WX20261123-0001"}};
  const Json answer = Json::parse(rest::encode("王", {plain, rich}));
  EXPECT_EQ(answer[0],
            (Json{{"recipient_id", "王"}, {"text", "\"引号\\\"\n\t<b>\x01 ok\xEF\xBF\xBD"}}));
  EXPECT_EQ(answer[1], (Json{{"recipient_id", "王"},
                             {"text", "确认吗？"},
                             {"buttons", Json::array({{{"title", "是"}, {"payload", "是的"}},
                                                      {{"title", "否"}, {"payload", "不是"}}})},
                             {"image", "https://example.com/a.png"},
                             {"custom", {{"number", "WX20261123-0001"}}}}));
  EXPECT_EQ(rest::encode("a", {}), "[]");
}

class RestChannelTest : public testing::Test {
 protected:
  explicit RestChannelTest(std::vector<std::string> origins = {"https://chat.example.com"})
      : channel_(make_rest_channel({std::move(origins)}, front_)) {
    channel_->add_routes(server_);
    port_ = server_.start("127.0.0.1", 0).value();
  }
  test::FakeFront front_;
  std::unique_ptr<Channel> channel_;
  http::HttpServer server_;
  int port_ = 0;
};

TEST_F(RestChannelTest, AnswersAMessageAndHandsOutTheSessionToken) {
  front_.answer = [](const Inbound& message) {
    TurnAnswer answer;
    answer.replies.push_back(
        {.text = "您好，" + message.sender, .buttons = {}, .image = {}, .custom = {}});
    answer.session_token = "token-1";
    return answer;
  };
  const auto answer =
      post_json(port_, "/webhooks/rest/webhook", {{"sender", "wang"}, {"message", "在吗"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(answer.header("huiyin-session-token"), "token-1");
  EXPECT_EQ(answer.json(), Json::parse(R"([{"recipient_id":"wang","text":"您好，wang"}])"));
  EXPECT_EQ(answer.header("access-control-allow-origin"), "");
  ASSERT_EQ(front_.messages().size(), 1u);
}

TEST_F(RestChannelTest, ABadBodyIsAProblemThatNamesTheFieldAndReachesNobody) {
  const auto answer = post_json(port_, "/webhooks/rest/webhook", {{"sender", 5}, {"message", "x"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_EQ(answer.json()["field"], "sender");
  EXPECT_TRUE(front_.messages().empty());
}

TEST_F(RestChannelTest, JsonUnderAnotherContentTypeIs415) {
  const std::string body = R"({"sender":"a","message":"x"})";
  for (const auto* type :
       {"text/plain", "application/x-www-form-urlencoded", "application/jsonx"}) {
    EXPECT_EQ(
        http_call(port_, "POST", "/webhooks/rest/webhook", {{"Content-Type", type}}, body).status,
        415);
  }
  EXPECT_EQ(http_call(port_, "POST", "/webhooks/rest/webhook",
                      {{"Content-Type", "Application/JSON; charset=utf-8"}}, body)
                .status,
            200);
}

TEST_F(RestChannelTest, ABusyHouseAnswers503WithRetryAfter) {
  front_.answer = [](const Inbound&) -> Result<TurnAnswer> {
    return fail(ErrorKind::transient, "busy");
  };
  const auto answer =
      post_json(port_, "/webhooks/rest/webhook", {{"sender", "a"}, {"message", "x"}});
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.header("retry-after"), "");
}

TEST_F(RestChannelTest, TellsThatItIsAlive) {
  EXPECT_EQ(http_call(port_, "GET", "/webhooks/rest/").json(), Json({{"status", "ok"}}));
}

TEST_F(RestChannelTest, AListedOriginMayReadTheAnswerAndTheToken) {
  const test::HeaderList listed = {{"Origin", "https://chat.example.com"}};
  const auto answer =
      post_json(port_, "/webhooks/rest/webhook", {{"sender", "a"}, {"message", "x"}}, listed);
  EXPECT_EQ(answer.header("access-control-allow-origin"), "https://chat.example.com");
  EXPECT_EQ(answer.header("access-control-expose-headers"), "Huiyin-Session-Token");
  EXPECT_EQ(answer.header("access-control-allow-credentials"), "");
  const auto bad = post_json(port_, "/webhooks/rest/webhook", Json::object(), listed);
  EXPECT_EQ(bad.status, 400);
  EXPECT_NE(bad.header("access-control-allow-origin"), "");
}

TEST_F(RestChannelTest, PreflightIsAnsweredAndAnUnknownOriginGetsNothing) {
  test::HeaderList ask = {{"Origin", "https://chat.example.com"},
                          {"Access-Control-Request-Method", "POST"},
                          {"Access-Control-Request-Headers", "content-type,authorization"}};
  const auto yes = http_call(port_, "OPTIONS", "/webhooks/rest/webhook", ask);
  EXPECT_EQ(yes.status, 204);
  EXPECT_EQ(yes.header("access-control-allow-origin"), "https://chat.example.com");
  EXPECT_NE(yes.header("access-control-allow-headers").find("Content-Type"), std::string::npos);
  ask["Origin"] = "https://evil.example.com";
  const auto no = http_call(port_, "OPTIONS", "/webhooks/rest/webhook", ask);
  EXPECT_EQ(no.header("access-control-allow-origin"), "");
  EXPECT_FALSE(post_json(port_, "/webhooks/rest/webhook", {{"sender", "a"}, {"message", "x"}}, ask)
                   .headers.contains("Access-Control-Allow-Origin"));
}

class AnyOrigin : public RestChannelTest {
 protected:
  AnyOrigin() : RestChannelTest({"*"}) {}
};

TEST_F(AnyOrigin, IsAllowedByTheStar) {
  EXPECT_EQ(http_call(port_, "GET", "/webhooks/rest/", {{"Origin", "https://any.example.com"}})
                .header("access-control-allow-origin"),
            "*");
}

TEST_F(RestChannelTest, TheStreamNeedsASenderAndHisToken) {
  EXPECT_EQ(http_call(port_, "GET", "/webhooks/rest/stream").json()["field"], "sender");
  const auto without = http_call(port_, "GET", "/webhooks/rest/stream?sender=a");
  EXPECT_EQ(without.status, 401);
  EXPECT_EQ(without.header("www-authenticate"), "Bearer");
  front_.watch_answer = fail(ErrorKind::unauthorized, "not the token of this sender");
  EXPECT_EQ(
      http_call(port_, "GET", "/webhooks/rest/stream?sender=a", {{"Authorization", "Bearer wrong"}})
          .status,
      401);
}

TEST_F(RestChannelTest, TheStreamCarriesNumberedMessagesAndResumes) {
  {
    HttpConnection connection(port_);
    connection.write_raw(
        "GET /webhooks/rest/stream?sender=%E7%8E%8B+a HTTP/1.1\r\nHost: x\r\n"
        "Authorization: Bearer t1\r\nLast-Event-ID: 41\r\nOrigin: "
        "https://chat.example.com\r\n\r\n");
    const auto head = connection.read_head();
    EXPECT_EQ(head.header("content-type"), "text/event-stream");
    EXPECT_EQ(head.header("access-control-allow-origin"), "https://chat.example.com");
    EXPECT_FALSE(read_until(connection, ": connected\n\n").empty());
    EXPECT_EQ(front_.watched.sender, "王 a");
    EXPECT_EQ(front_.watched.token, "t1");
    EXPECT_EQ(front_.watched.after, 41);
    front_.say(42, {.text = "师傅到了\n请开门", .buttons = {}, .image = {}, .custom = {}});
    EXPECT_FALSE(read_until(connection,
                            "id: 42\ndata: {\"recipient_id\":\"王 a\",\"text\":"
                            "\"师傅到了\\n请开门\"}\n\n")
                     .empty());
  }
  front_.say(43, {.text = "有人吗", .buttons = {}, .image = {}, .custom = {}});
  server_.stop();
  EXPECT_TRUE(front_.wait_unwatched());
}

TEST(RestChannelOut, WhatTheBotSaysByItselfIsAcceptedAtOnce) {
  test::FakeFront front;
  const auto channel = make_rest_channel({}, front);
  EXPECT_TRUE(channel->can_send());
  EXPECT_TRUE(channel->capabilities().buttons);
  bool accepted = false;
  channel->send({}, [&](Result<Accepted> result) { accepted = result.has_value(); });
  EXPECT_TRUE(accepted);
}

}  // namespace
}  // namespace huiyin
