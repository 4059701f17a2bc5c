// Kannel's fields, character sets and answers; a real Kannel runs in tests/e2e/kannel_test.cpp.
#include <gtest/gtest.h>

#include <future>

#include "channels/http/client.h"
#include "channels/http/server.h"
#include "channels/kannel/codec.h"
#include "channels/kannel/kannel_channel.h"
#include "tests/channels/fake_front.h"
#include "tests/channels/wire.h"
#include "tests/support/stub_provider.h"

namespace huiyin {
namespace {

using http::Fields;
using test::StubProvider;

TEST(KannelCodec, NamesTheFieldThatIsMissingOrMalformed) {
  struct Case {
    Fields query;
    const char* field;
  };
  const Case cases[] = {
      {{}, "from"},
      {{{"from", ""}, {"text", "x"}, {"charset", "UTF-8"}}, "from"},
      {{{"from", "nobody"}, {"text", "x"}, {"charset", "UTF-8"}}, "from"},
      {{{"from", "+8613800138000"}, {"charset", "UTF-8"}}, "text"},
      {{{"from", "+8613800138000"}, {"text", "x"}}, "charset"},
      {{{"from", "+8613800138000"}, {"text", "x"}, {"charset", ""}}, "charset"},
      {{{"from", "+8613800138000"}, {"text", "x"}, {"charset", "EBCDIC-CP-US"}}, "charset"},
      {{{"from", "+8613800138000"}, {"text", "x"}, {"charset", "../../etc/passwd"}}, "charset"},
  };
  for (const auto& [query, field] : cases) {
    const auto message = kannel::decode(query);
    ASSERT_FALSE(message) << field;
    EXPECT_EQ(message.error().kind, ErrorKind::invalid);
    EXPECT_EQ(message.error().field, field);
  }
}

TEST(KannelCodec, TheCharsetDecidesHowOctetsAreRead) {
  using namespace std::string_literals;
  const std::tuple<std::string, const char*, std::string> cases[] = {
      {"漏水", "UTF-8", "漏水"},
      {"漏\xff", "utf-8", "漏\xEF\xBF\xBD"},
      {"\x6f\x0f\x6c\x34\x00\x41"s, "UTF-16BE", "漏水A"},
      {"\xd8\x3d\xde\x00"s, "UTF-16BE", "😀"},
      {"\xd8\x3d"s, "UTF-16BE", "\xEF\xBF\xBD"},
      {"\x6f\x0f\x6c"s, "UTF-16BE", "漏\xEF\xBF\xBD"},
      {"\x00h\x00i"s, "ucs-2", "hi"},
      {"caf\xe9", "ISO-8859-1", "café"},
      {"\x80 5", "WINDOWS-1252", "€ 5"},
      {"\xc2\xa9\xcb\xae", "GBK", "漏水"},
      {"\x00 a\x1b\x65\x7f"s, "GSM", "@ a€à"},
      {"\x1b"s, "GSM", "\xEF\xBF\xBD"},
      {"a\0b"s, "UTF-8", "a\0b"s},
      {"", "UTF-16BE", ""},
  };
  for (const auto& [octets, charset, text] : cases) {
    const auto read = kannel::to_utf8(octets, charset);
    ASSERT_TRUE(read) << charset;
    EXPECT_EQ(*read, text) << charset;
  }
}

TEST(KannelCodec, TheSenderIsE164HoweverTheNetworkWritesIt) {
  for (const auto* from : {"+8613800138000", "8613800138000", "13800138000"}) {
    const auto message =
        kannel::decode({{"from", from}, {"text", ""}, {"charset", "UTF-8"}, {"id", "i1"}});
    ASSERT_TRUE(message) << from;
    EXPECT_EQ(message->sender, "+8613800138000") << from;
    EXPECT_EQ(message->proven_phone, "+8613800138000") << from;
    EXPECT_EQ(message->message_id, "i1");
    EXPECT_EQ(message->channel, "kannel");
  }
  const auto service = kannel::decode({{"from", "10086"}, {"text", ""}, {"charset", "UTF-8"}});
  ASSERT_TRUE(service);
  EXPECT_EQ(service->sender, "10086");
  EXPECT_EQ(service->proven_phone, "");
}

TEST(KannelCodec, OnlyFinalReportsBecomeReceipts) {
  EXPECT_EQ((*kannel::decode_report("ob_1", "1"))->state, SendState::delivered);
  EXPECT_EQ((*kannel::decode_report("ob_1", "2"))->state, SendState::failed);
  EXPECT_EQ((*kannel::decode_report("ob_1", "16"))->state, SendState::failed);
  for (const auto* type : {"4", "8", "32", "0", "-1"}) {
    EXPECT_FALSE(*kannel::decode_report("ob_1", type)) << type;
  }
  EXPECT_EQ(kannel::decode_report("ob_1", "").error().field, "status");
  EXPECT_EQ(kannel::decode_report("ob_1", "1x").error().field, "status");
}

class KannelChannelTest : public testing::Test {
 protected:
  KannelChannelTest() {
    KannelOptions options;
    options.api_base = provider_.url();
    options.public_url = "http://127.0.0.1:8080";
    options.username = "huiyin";
    options.password = "p&w";
    options.secret = "s%e&c";
    options.from = "10690000";
    options.signature = "丽园";
    channel_ = make_kannel_channel(options, front_, *client_);
    channel_->add_routes(server_);
    port_ = server_.start("127.0.0.1", 0).value();
  }
  test::HttpAnswer get(const std::string& target) {
    return test::http_call(port_, "GET", target + "&secret=s%25e%26c");
  }
  void answer_with(const std::string& text) {
    front_.answer = [text](const Inbound&) {
      TurnAnswer answer;
      answer.replies.push_back({.text = text, .buttons = {}, .image = {}, .custom = {}});
      return answer;
    };
  }
  Result<Accepted> send(const std::string& text) {
    Outbound message;
    message.id = "ob_1";
    message.to = "+8613800138000";
    message.text = text;
    std::promise<Result<Accepted>> promise;
    channel_->send(message, [&](Result<Accepted> result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }

  StubProvider provider_;
  test::FakeFront front_;
  std::unique_ptr<http::Client> client_ = http::make_client();
  std::unique_ptr<Channel> channel_;
  http::HttpServer server_;
  int port_ = 0;
};

constexpr auto* a_message =
    "/webhooks/kannel/sms?from=%2B8613800138000&to=10690000&text=%6f%0f%6c%34&charset=UTF-16BE"
    "&coding=2&id=i1";

TEST_F(KannelChannelTest, AnswersInChineseAsUcs2) {
  answer_with("好的");
  const auto answer = get(a_message);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "【丽园】好的");
  EXPECT_EQ(answer.header("content-type"), "text/plain; charset=UTF-8");
  EXPECT_EQ(answer.header("x-kannel-coding"), "2");
  ASSERT_EQ(front_.messages().size(), 1u);
  EXPECT_EQ(front_.messages()[0].text, "漏水");
}

TEST_F(KannelChannelTest, SilenceIsAnEmpty200) {
  const auto answer = get(a_message);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(answer.header("x-kannel-coding"), "");
}

TEST_F(KannelChannelTest, AWrongSecretIs403BeforeAnythingElse) {
  for (const auto* target : {"/webhooks/kannel/sms", "/webhooks/kannel/sms?secret=wrong",
                             "/webhooks/kannel/dlr?id=ob_1&status=1",
                             "/webhooks/kannel/dlr?id=ob_1&status=1&secret=s"}) {
    EXPECT_EQ(test::http_call(port_, "GET", target).status, 403) << target;
  }
  EXPECT_TRUE(front_.messages().empty());
  EXPECT_TRUE(front_.receipts().empty());
}

TEST_F(KannelChannelTest, AMissingFieldIs400AndNamedAndABusyHouseIs503) {
  EXPECT_EQ(get("/webhooks/kannel/sms?text=a&charset=UTF-8").json()["field"], "from");
  front_.answer = [](const Inbound&) -> Result<TurnAnswer> {
    return fail(ErrorKind::transient, "busy");
  };
  EXPECT_EQ(get(a_message).status, 503);
}

TEST_F(KannelChannelTest, AReportReachesTheHouseAndUnknownOnesAreTaken) {
  EXPECT_EQ(get("/webhooks/kannel/dlr?id=ob_1&status=1").status, 200);
  EXPECT_EQ(get("/webhooks/kannel/dlr?id=ob_1&status=8").status, 200);
  ASSERT_EQ(front_.receipts().size(), 1u);
  EXPECT_EQ(front_.receipts()[0].outbound_id, "ob_1");
  EXPECT_EQ(front_.receipts()[0].state, SendState::delivered);
  front_.receipt_answer = fail(ErrorKind::not_found, "no such message");
  const auto unknown = get("/webhooks/kannel/dlr?id=ob_2&status=2");
  EXPECT_EQ(unknown.status, 200);
  EXPECT_EQ(unknown.body, "");
}

TEST_F(KannelChannelTest, SendsWithCodingByTheTextAndOurCallbackEscapedTwice) {
  provider_.always({.status = 202, .headers = {}, .body = "0: Accepted for delivery"});
  ASSERT_TRUE(send("您好"));
  const auto seen = provider_.seen().at(0);
  EXPECT_EQ(seen.method, "GET");
  EXPECT_EQ(seen.path(), "/cgi-bin/sendsms");
  // In dlr-url Kannel replaces %d and reads %% as one percent sign.
  EXPECT_EQ(seen.query(), (Fields{{"username", "huiyin"},
                                  {"password", "p&w"},
                                  {"from", "10690000"},
                                  {"to", "+8613800138000"},
                                  {"text", "【丽园】您好"},
                                  {"charset", "UTF-8"},
                                  {"coding", "2"},
                                  {"dlr-mask", "19"},
                                  {"dlr-url",
                                   "http://127.0.0.1:8080/webhooks/kannel/dlr?id=ob_1"
                                   "&secret=s%%25e%%26c&status=%d"}}));
}

TEST_F(KannelChannelTest, TheAnswersStatusDecidesTheKindOfTheError) {
  provider_.next({.status = 202, .headers = {}, .body = "3: Queued for later delivery"});
  EXPECT_TRUE(send("您好"));
  const std::pair<int, ErrorKind> cases[] = {{403, ErrorKind::unauthorized},
                                             {400, ErrorKind::rejected},
                                             {503, ErrorKind::transient},
                                             {500, ErrorKind::transient}};
  for (const auto& [status, kind] : cases) {
    provider_.next({.status = status, .headers = {}, .body = "no"});
    const auto result = send("您好");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, kind) << status;
  }
}

}  // namespace
}  // namespace huiyin
