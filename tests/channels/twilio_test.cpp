// Twilio by its documents: signature vector, forms, TwiML, and sending against a stub provider.
#include <gtest/gtest.h>

#include <future>
#include <pugixml.hpp>

#include "channels/http/client.h"
#include "channels/http/server.h"
#include "channels/twilio/codec.h"
#include "channels/twilio/twilio_channel.h"
#include "tests/channels/fake_front.h"
#include "tests/channels/wire.h"
#include "tests/support/stub_provider.h"

namespace huiyin {
namespace {

using http::Fields;
using test::StubProvider;

const Fields vector_fields = {{"CallSid", "CA1234567890ABCDE"},
                              {"Caller", "+12349013030"},
                              {"From", "+12349013030"},
                              {"Digits", "1234"},
                              {"To", "+18005551212"}};
constexpr auto* vector_url = "https://mycompany.com/myapp.php?foo=1&bar=2";
constexpr auto* vector_signature = "0/KCTR6DLpKmkAf8muzZqo1nDgQ=";

TEST(TwilioSignature, IsTheDocumentedOne) {
  EXPECT_EQ(twilio::signature("12345", vector_url, vector_fields), vector_signature);
  EXPECT_TRUE(twilio::signature_holds("12345", vector_url, vector_fields, vector_signature));
}

TEST(TwilioSignature, AnythingElseDoesNotHold) {
  Fields more = vector_fields;
  more.emplace("Extra", "1");
  EXPECT_FALSE(twilio::signature_holds("12345", vector_url, more, vector_signature));
  EXPECT_FALSE(twilio::signature_holds("12346", vector_url, vector_fields, vector_signature));
  EXPECT_FALSE(twilio::signature_holds("12345", "https://mycompany.com/myapp.php?foo=1",
                                       vector_fields, vector_signature));
  EXPECT_FALSE(twilio::signature_holds("12345", vector_url, vector_fields, ""));
}

TEST(TwilioSignature, ARepeatedFieldCountsEachValueOnceSorted) {
  const Fields repeated = {{"A", "2"}, {"A", "1"}, {"A", "2"}};
  EXPECT_EQ(twilio::signature("t", "u", repeated), twilio::signature("t", "uA1A2", {}));
}

TEST(TwilioCodec, NamesTheFieldThatIsMissingOrMalformed) {
  struct Case {
    Fields form;
    const char* field;
  };
  const Case cases[] = {
      {{}, "From"},
      {{{"Body", "x"}, {"MessageSid", "SM1"}}, "From"},
      {{{"From", ""}, {"Body", "x"}, {"MessageSid", "SM1"}}, "From"},
      {{{"From", "somebody"}, {"Body", "x"}, {"MessageSid", "SM1"}}, "From"},
      {{{"From", "+8613800138000"}, {"MessageSid", "SM1"}}, "Body"},
      {{{"From", "+8613800138000"}, {"Body", "x"}}, "MessageSid"},
      {{{"From", "+8613800138000"}, {"Body", "x"}, {"MessageSid", ""}}, "MessageSid"},
  };
  for (const auto& [form, field] : cases) {
    const auto message = twilio::decode(form);
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().kind, ErrorKind::invalid);
    EXPECT_EQ(message.error().field, field);
  }
}

TEST(TwilioCodec, ReadsAMessageWithPicturesAndIgnoresWhatIsNew) {
  const auto message = twilio::decode({{"From", "+8613800138000"},
                                       {"To", "+8610690000"},
                                       {"Body", "漏水\xff"},
                                       {"MessageSid", "SM1"},
                                       {"NumMedia", "2"},
                                       {"MediaUrl0", "https://example.com/0"},
                                       {"MediaContentType0", "image/jpeg"},
                                       {"MediaUrl1", "https://example.com/1"},
                                       {"MediaContentType1", "text/vcard"},
                                       {"SomethingNew", "1"}});
  ASSERT_TRUE(message);
  EXPECT_EQ(message->channel, "twilio");
  EXPECT_EQ(message->sender, "+8613800138000");
  EXPECT_EQ(message->proven_phone, "+8613800138000");
  EXPECT_TRUE(message->proven);
  EXPECT_EQ(message->message_id, "SM1");
  EXPECT_EQ(message->to, "+8610690000");
  EXPECT_EQ(message->text, "漏水\xEF\xBF\xBD");
  ASSERT_EQ(message->attachments.size(), 2u);
  EXPECT_EQ(message->attachments[0].kind, "image");
  EXPECT_EQ(message->attachments[1].kind, "file");
  EXPECT_EQ(message->attachments[1].url, "https://example.com/1");
}

TEST(TwilioCodec, AnAbsurdNumberOfPicturesIsBounded) {
  Fields form = {{"From", "+8613800138000"}, {"Body", ""}, {"MessageSid", "SM1"}};
  form.emplace("NumMedia", "2000000000");
  for (int i = 0; i < 50; ++i) form.emplace("MediaUrl" + std::to_string(i), "u");
  EXPECT_EQ(twilio::decode(form)->attachments.size(), std::size_t{twilio::attachments_max});
}

TEST(TwilioCodec, StatusesBecomeReceipts) {
  const std::pair<const char*, SendState> telling[] = {{"sent", SendState::sent},
                                                       {"delivered", SendState::delivered},
                                                       {"read", SendState::read},
                                                       {"undelivered", SendState::failed},
                                                       {"failed", SendState::failed}};
  for (const auto& [status, state] : telling) {
    const auto receipt =
        twilio::decode_status("ob_1", {{"MessageStatus", status}, {"ErrorCode", "30003"}});
    ASSERT_TRUE(receipt && *receipt) << status;
    EXPECT_EQ((*receipt)->state, state);
    EXPECT_EQ((*receipt)->outbound_id, "ob_1");
    EXPECT_EQ((*receipt)->provider, "twilio");
    EXPECT_EQ((*receipt)->detail, "30003");
  }
  for (const auto* status : {"queued", "accepted", "sending", "something-new"}) {
    const auto receipt = twilio::decode_status("ob_1", {{"MessageStatus", status}});
    ASSERT_TRUE(receipt);
    EXPECT_FALSE(*receipt) << status;
  }
  EXPECT_TRUE(twilio::decode_status("ob_1", {{"CallStatus", "completed"}}));
  EXPECT_EQ(twilio::decode_status("ob_1", {}).error().field, "MessageStatus");
}

TEST(TwilioCodec, RepliesBecomeTwiMLThatReadsBack) {
  Reply reply;
  reply.text = "1 < 2 & \"3\" ]]> \x01\xE2\x80\xAE完";
  reply.buttons = {{"是", "是的"}, {"否", "不是"}};
  Reply picture;
  picture.text = "看图";
  picture.image = "https://example.com/a?b=1&c=2";
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(twilio::encode({reply, picture}, "丽园").c_str()));
  const auto messages = document.child("Response").children("Message");
  auto it = messages.begin();
  EXPECT_STREQ(it->text().get(), "【丽园】1 < 2 & \"3\" ]]> 完\n是 / 否");
  ++it;
  EXPECT_STREQ(it->child("Body").text().get(), "【丽园】看图");
  EXPECT_STREQ(it->child("Media").text().get(), "https://example.com/a?b=1&c=2");
  EXPECT_NE(twilio::encode({}, "丽园").find("<Response/>"), std::string::npos);
}

TEST(TwilioCodec, ALongReplyBecomesSeveralMessagesThatLoseNothing) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "第" + std::to_string(i) + "条通知。";
  Reply reply;
  reply.text = text;
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(twilio::encode({reply}, "").c_str()));
  std::string joined;
  int count = 0;
  for (const auto& message : document.child("Response").children("Message")) {
    joined += message.text().get();
    ++count;
  }
  EXPECT_EQ(joined, text);
  EXPECT_EQ(count, 2);
}

class TwilioChannelTest : public testing::Test {
 protected:
  explicit TwilioChannelTest(std::string token = "the-token") : token_(std::move(token)) {
    TwilioOptions options;
    options.api_base = provider_.url() + "/";
    options.public_url = "https://sms.example.com/";
    options.account_sid = "AC1";
    options.auth_token = token_;
    options.from = "+8610690000";
    options.timeout = std::chrono::seconds(5);
    channel_ = make_twilio_channel(options, front_, *client_);
    channel_->add_routes(server_);
    port_ = server_.start("127.0.0.1", 0).value();
  }

  test::HttpAnswer post(const std::string& target,
                        const std::multimap<std::string, std::string>& form,
                        const std::string& signature) {
    return test::http_call(port_, "POST", target,
                           {{"Content-Type", "application/x-www-form-urlencoded"},
                            {"X-Twilio-Signature", signature},
                            {"X-Forwarded-Host", "evil.example.com"}},
                           test::form_body(form));
  }
  test::HttpAnswer post_signed(const std::string& target,
                               const std::multimap<std::string, std::string>& form) {
    return post(target, form,
                twilio::signature(token_, "https://sms.example.com" + target,
                                  Fields(form.begin(), form.end())));
  }
  Result<Accepted> send(const Outbound& message) {
    std::promise<Result<Accepted>> promise;
    channel_->send(message, [&](Result<Accepted> result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }
  static Outbound outbound() {
    Outbound message;
    message.id = "ob_1";
    message.to = "+8613800138000";
    message.text = "师傅已出发";
    return message;
  }

  const std::string token_;
  StubProvider provider_;
  test::FakeFront front_;
  std::unique_ptr<http::Client> client_ = http::make_client();
  std::unique_ptr<Channel> channel_;
  http::HttpServer server_;
  int port_ = 0;
};

const std::multimap<std::string, std::string> a_message = {{"From", "+8613800138000"},
                                                           {"To", "+8610690000"},
                                                           {"Body", "水管漏水 + 急"},
                                                           {"MessageSid", "SM1"}};

TEST_F(TwilioChannelTest, ASignedMessageIsAnsweredWithTwiML) {
  front_.answer = [](const Inbound&) {
    TurnAnswer answer;
    answer.replies.push_back({.text = "好的", .buttons = {}, .image = {}, .custom = {}});
    return answer;
  };
  const auto answer = post_signed("/webhooks/twilio/sms?a=1%202", a_message);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "text/xml; charset=utf-8");
  EXPECT_NE(answer.body.find("<Response><Message>好的</Message></Response>"), std::string::npos);
  ASSERT_EQ(front_.messages().size(), 1u);
  EXPECT_EQ(front_.messages()[0].text, "水管漏水 + 急");
}

TEST_F(TwilioChannelTest, ABadSignatureIs403BeforeAnythingElse) {
  EXPECT_EQ(post("/webhooks/twilio/sms", a_message, "AAAA").status, 403);
  EXPECT_EQ(post("/webhooks/twilio/sms", {}, "AAAA").status, 403);
  EXPECT_EQ(post("/webhooks/twilio/status?id=ob_1", {{"MessageStatus", "sent"}}, "").status, 403);
  const auto broken = test::http_call(port_, "POST", "/webhooks/twilio/sms", {}, "From=%zz");
  EXPECT_EQ(broken.status, 403);
  // Signed for another address.
  EXPECT_EQ(post("/webhooks/twilio/sms", a_message,
                 twilio::signature(token_, "https://evil.example.com/webhooks/twilio/sms",
                                   Fields(a_message.begin(), a_message.end())))
                .status,
            403);
  EXPECT_TRUE(front_.messages().empty());
  EXPECT_TRUE(front_.receipts().empty());
}

TEST_F(TwilioChannelTest, AMissingFieldIs400AndNamed) {
  const auto answer = post_signed("/webhooks/twilio/sms", {{"From", "+8613800138000"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json()["field"], "Body");
}

TEST_F(TwilioChannelTest, ABusyHouseIs503) {
  front_.answer = [](const Inbound&) -> Result<TurnAnswer> {
    return fail(ErrorKind::transient, "busy");
  };
  EXPECT_EQ(post_signed("/webhooks/twilio/sms", a_message).status, 503);
}

TEST_F(TwilioChannelTest, AStatusReachesTheHouseByOurIdAndUnknownOnesAreTaken) {
  const std::string target = "/webhooks/twilio/status?id=ob_1";
  const auto told = post_signed(target, {{"MessageStatus", "undelivered"}, {"ErrorCode", "30003"}});
  EXPECT_EQ(told.status, 204);
  ASSERT_EQ(front_.receipts().size(), 1u);
  EXPECT_EQ(front_.receipts()[0].outbound_id, "ob_1");
  EXPECT_EQ(front_.receipts()[0].state, SendState::failed);
  front_.receipt_answer = fail(ErrorKind::not_found, "no such message");
  EXPECT_EQ(post_signed(target, {{"MessageStatus", "delivered"}}).status, 204);
  EXPECT_EQ(post_signed("/webhooks/twilio/status", {{"MessageStatus", "sent"}}).status, 204);
  front_.receipt_answer = fail(ErrorKind::transient, "busy");
  EXPECT_EQ(post_signed(target, {{"MessageStatus", "delivered"}}).status, 503);
}

TEST_F(TwilioChannelTest, SendsAFormWithBasicAuthAndOurCallback) {
  provider_.always({.status = 201, .headers = {}, .body = R"({"sid":"SM77","status":"queued"})"});
  Outbound message = outbound();
  message.buttons = {{"确认", "确认"}, {"取消", "取消"}};
  const auto accepted = send(message);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->provider_id, "SM77");
  const auto seen = provider_.seen().at(0);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/2010-04-01/Accounts/AC1/Messages.json");
  EXPECT_EQ(seen.headers.at("Authorization"), "Basic QUMxOnRoZS10b2tlbg==");
  EXPECT_EQ(seen.form(),
            (Fields{{"To", "+8613800138000"},
                    {"From", "+8610690000"},
                    {"Body", "师傅已出发\n确认 / 取消"},
                    {"StatusCallback", "https://sms.example.com/webhooks/twilio/status?id=ob_1"}}));
}

TEST_F(TwilioChannelTest, TheAnswersStatusDecidesTheKindOfTheError) {
  struct Case {
    int status;
    http::Headers headers;
    std::string body;
    ErrorKind kind;
    std::optional<std::chrono::seconds> wait;
    std::string message;
  };
  const Case cases[] = {
      {429,
       {{"Retry-After", "7"}},
       R"({"code":20429})",
       ErrorKind::rate_limited,
       std::chrono::seconds(7),
       "HTTP 429, error 20429"},
      {429, {}, "", ErrorKind::rate_limited, std::nullopt, "HTTP 429"},
      {503,
       {{"Retry-After", "Mon, 23 Nov 2026 10:00:30 GMT"},
        {"Date", "Mon, 23 Nov 2026 10:00:00 GMT"}},
       "",
       ErrorKind::rate_limited,
       std::chrono::seconds(30),
       "HTTP 503"},
      {503, {}, "", ErrorKind::transient, std::nullopt, "HTTP 503"},
      {500, {}, "<html>", ErrorKind::transient, std::nullopt, "HTTP 500"},
      {401,
       {},
       R"({"code":20003})",
       ErrorKind::unauthorized,
       std::nullopt,
       "HTTP 401, error 20003"},
      {400,
       {},
       R"({"code":21211,"message":"The 'To' number +1 is not valid"})",
       ErrorKind::rejected,
       std::nullopt,
       "HTTP 400, error 21211"},
      {404, {}, "[]", ErrorKind::rejected, std::nullopt, "HTTP 404"},
      {302, {{"Location", "/x"}}, "", ErrorKind::rejected, std::nullopt, "HTTP 302"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.message);
    provider_.next({.status = c.status, .headers = c.headers, .body = c.body});
    const auto result = send(outbound());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, c.kind);
    EXPECT_EQ(result.error().retry_after, c.wait);
    EXPECT_EQ(result.error().message, c.message);
  }
}

TEST_F(TwilioChannelTest, NoAnswerAfterTheRequestIsAmbiguousAndNothingIsSentTwice) {
  provider_.always({.status = 201, .headers = {}, .body = "", .drop = true});
  const auto result = send(outbound());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::ambiguous);
  EXPECT_EQ(provider_.count(), 1u);
}

class TwilioSandbox : public TwilioChannelTest {
 protected:
  TwilioSandbox() : TwilioChannelTest("") {}
};

TEST_F(TwilioSandbox, WithoutATokenSignaturesAreNotCheckedAndABrokenFormIs400) {
  EXPECT_EQ(post("/webhooks/twilio/sms", a_message, "").status, 200);
  EXPECT_EQ(test::http_call(port_, "POST", "/webhooks/twilio/sms", {}, "From=%zz").status, 400);
}

}  // namespace
}  // namespace huiyin
