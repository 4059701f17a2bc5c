// The SMS way through a real Kannel: bearerbox, smsbox and fakesmsc from config/kannel, with the
// channel and the server edge of the product, and a front that answers as told.
#include <gtest/gtest.h>

#include <future>

#include "channels/http/client.h"
#include "channels/http/server.h"
#include "channels/kannel/kannel_channel.h"
#include "tests/channels/fake_front.h"
#include "tests/support/kannel.h"
#include "tests/support/process.h"

namespace huiyin {
namespace {

using test::wait_until;

constexpr auto* phone = "+8613800138000";
constexpr auto* number = "10690000";

class KannelTest : public testing::Test {
 protected:
  explicit KannelTest(bool mo_recode = true) {
    KannelOptions options;
    options.username = "huiyin";
    options.password = "kannel-password";
    options.secret = "kannel-secret";
    options.from = number;
    // The address of each is known only once the other stands: the server first, the channel then.
    routes_.target = &server_;
    server_.add("GET", "/webhooks/kannel/sms", routes_.late("/webhooks/kannel/sms"));
    server_.add("GET", "/webhooks/kannel/dlr", routes_.late("/webhooks/kannel/dlr"));
    const int port = server_.start("127.0.0.1", 0).value();
    options.public_url = "http://127.0.0.1:" + std::to_string(port);
    kannel_ = std::make_unique<test::Kannel>(
        test::Kannel::Options{.gateway_port = port, .mo_recode = mo_recode});
    options.api_base = kannel_->api_base();
    channel_ = make_kannel_channel(options, front_, *client_);
    channel_->add_routes(routes_);
  }
  ~KannelTest() override {
    kannel_.reset();
    server_.stop();
  }

  // Takes the channel's handlers after the server has started.
  struct LateRoutes final : http::Routes {
    http::HttpServer* target = nullptr;
    std::map<std::string, http::Handler, std::less<>> handlers;
    std::mutex mutex;
    void add(std::string_view, std::string_view pattern, http::Handler handler) override {
      const std::lock_guard lock(mutex);
      handlers[std::string(pattern)] = std::move(handler);
    }
    http::Handler late(std::string path) {
      return [this, path](const http::Request& request, http::Responder respond) {
        http::Handler handler;
        {
          const std::lock_guard lock(mutex);
          handler = handlers[path];
        }
        handler(request, std::move(respond));
      };
    }
  };

  Result<Accepted> send(const std::string& id, const std::string& text) {
    Outbound message;
    message.id = id;
    message.to = phone;
    message.text = text;
    std::promise<Result<Accepted>> promise;
    channel_->send(message, [&](Result<Accepted> result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }

  // The first message that a phone got, so far.
  std::string text_on_phone() const {
    const auto got = kannel_->texted();
    return got.empty() ? std::string() : got[0].text;
  }

  test::FakeFront front_;
  std::unique_ptr<http::Client> client_ = http::make_client();
  LateRoutes routes_;
  http::HttpServer server_;
  std::unique_ptr<test::Kannel> kannel_;
  std::unique_ptr<Channel> channel_;
};

TurnAnswer answer_of(const std::string& text) {
  TurnAnswer answer;
  answer.replies.push_back({.text = text, .buttons = {}, .image = {}, .custom = {}});
  return answer;
}

TEST_F(KannelTest, AChineseMessageArrivesWholeAndItsAnswerReachesThePhone) {
  const std::string said =
      "我是3栋2单元501的王芳，厨房水龙头漏水，明天上午十点来修，电话13800138000";
  const std::string told =
      "您好！报修已登记，单号WX20261123-0001。" + std::string("感谢您的来信，") +
      "工程部会尽快与您联系，请保持电话畅通。如需修改请直接回复，谢谢您的理解与支持，"
      "祝您生活愉快，再见，期待再次为您服务。";
  front_.answer = [&](const Inbound&) { return answer_of(told); };
  kannel_->text(phone, number, said);
  ASSERT_TRUE(wait_until([&] { return text_on_phone() == told; }));
  const auto heard = front_.messages();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].text, said);
  EXPECT_EQ(heard[0].sender, phone);
  EXPECT_EQ(heard[0].proven_phone, phone);
  EXPECT_EQ(heard[0].to, number);
  EXPECT_FALSE(heard[0].message_id.empty());
  const auto got = kannel_->texted();
  EXPECT_EQ(got[0].to, phone);
  EXPECT_EQ(got[0].from, number);
  EXPECT_TRUE(got[0].ucs2);
  EXPECT_EQ(got[0].parts, 2);
}

TEST_F(KannelTest, AnAnswerOf7BitStaysOneAndSilenceSendsNothing) {
  front_.answer = [&](const Inbound& message) {
    return message.text == "hello" ? answer_of("Hello {you} for 5€") : TurnAnswer{};
  };
  kannel_->text(phone, number, "安静");
  ASSERT_TRUE(wait_until([&] { return !front_.messages().empty(); }));
  kannel_->text(phone, number, "hello");
  ASSERT_TRUE(kannel_->wait_for(1));
  const auto got = kannel_->texted();
  ASSERT_EQ(got.size(), 1u);  // the silence came first and would stand first
  EXPECT_EQ(got[0].text, "Hello {you} for 5€");
  EXPECT_FALSE(got[0].ucs2);
}

TEST_F(KannelTest, ABusyHouseIsAskedAgainWithTheSameIdAndTheAnswerLeavesOnce) {
  std::atomic<int> calls{0};
  front_.answer = [&](const Inbound&) -> Result<TurnAnswer> {
    if (++calls == 1) return fail(ErrorKind::transient, "busy");
    return answer_of("好的");
  };
  kannel_->text(phone, number, "漏水");
  ASSERT_TRUE(kannel_->wait_for(1));
  const auto heard = front_.messages();
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_EQ(heard[0].message_id, heard[1].message_id);
  EXPECT_EQ(kannel_->texted()[0].text, "好的");
}

TEST_F(KannelTest, AMessageOfOursReachesThePhoneAndItsReportComesBack) {
  std::string text;
  for (int i = 0; i < 12; ++i) text += "师傅已出发，请您在家等候。";
  ASSERT_TRUE(send("ob_1234567890abcdefghijkl", text));
  ASSERT_TRUE(wait_until([&] { return text_on_phone() == text; }));
  EXPECT_EQ(kannel_->texted()[0].parts, 3);
  ASSERT_TRUE(wait_until([&] { return !front_.receipts().empty(); }));
  const auto receipt = front_.receipts()[0];
  EXPECT_EQ(receipt.outbound_id, "ob_1234567890abcdefghijkl");
  EXPECT_EQ(receipt.state, SendState::delivered);
}

class KannelRaw : public KannelTest {
 protected:
  KannelRaw() : KannelTest(false) {}
};

TEST_F(KannelRaw, WithoutRecodingTheOctetsOfUcs2AreReadByTheirCharset) {
  front_.answer = [&](const Inbound& message) { return answer_of("收到：" + message.text); };
  kannel_->text(phone, number, "漏水，快来😀");
  ASSERT_TRUE(kannel_->wait_for(1));
  EXPECT_EQ(front_.messages()[0].text, "漏水，快来😀");
  EXPECT_EQ(kannel_->texted()[0].text, "收到：漏水，快来😀");
  EXPECT_TRUE(kannel_->texted()[0].ucs2);
}

}  // namespace
}  // namespace huiyin
