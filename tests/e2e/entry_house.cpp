#include "tests/e2e/entry_house.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "channels/twilio/codec.h"

namespace huiyin::test {
namespace {

constexpr auto* public_url = "https://sms.huiyin.test";  // what Twilio signs; nobody resolves it
constexpr auto* twilio_number = "+8610000000";
constexpr auto* twilio_token = "auth-token-of-the-tests";
constexpr auto* kannel_number = "10690000";
constexpr auto patience = std::chrono::seconds(60);  // bounds a broken run, decides nothing

std::vector<std::string> settings(const std::map<std::string, std::string>& values) {
  std::vector<std::string> args;
  for (const auto& [path, value] : values) {
    args.emplace_back("--set");
    args.push_back(path + "=" + value);
  }
  return args;
}

std::string field(const http::Fields& form, std::string_view name) {
  const auto found = form.find(name);
  return found == form.end() ? "" : found->second;
}

std::string twiml_text(const std::string& body) {
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(body.c_str())) << body;
  std::string all;
  for (const auto& message : document.child("Response").children("Message")) {
    all += std::string(message.text().get()) + "\n";
  }
  return all;
}

}  // namespace

void EntryHouse::open(const std::string& provider, GatewayOptions options) {
  options.redis_url = redis_.url();
  options.args.insert(options.args.end(), {"--set", "sandbox.start=2026-11-23T10:00:00+08:00"});
  gateway_ = std::make_unique<GatewayProcess>(std::move(options));
  const auto units = gateway_->import_csv("units",
                                          "estate,building,entrance,room,area_m2,owner,phone\n"
                                          "liyuan,3,2,501,90.0,王芳,13800138000\n"
                                          "liyuan,5,1,1203,120.0,陈静,13900139000\n");
  EXPECT_EQ(units.status, 200) << units.body;
  const std::string by = "," + provider + ",";
  const auto staff = gateway_->import_csv("staff",
                                          "estate,name,role,phone,channel,address\n"
                                          "liyuan,吴主管,engineering_supervisor,13900000001" +
                                              by + engineering_phone +
                                              "\nliyuan,冯经理,service_supervisor,13900000003" +
                                              by + service_phone + "\n");
  EXPECT_EQ(staff.status, 200) << staff.body;
}

Json EntryHouse::get(const std::string& target) const {
  const auto answer = gateway_->admin("GET", target);
  EXPECT_EQ(answer.status, 200) << target << ": " << answer.body;
  return answer.json();
}

TwilioHouse::TwilioHouse(std::string phone) : phone_(std::move(phone)) {
  stub_.always({.status = 201, .headers = {}, .body = R"({"sid":"SM0001"})", .gate = {}});
  open("twilio", {.args = settings({{"channels.twilio.api_base", stub_.url()},
                                    {"channels.twilio.public_url", public_url},
                                    {"channels.twilio.account_sid", "ACtest"},
                                    {"channels.twilio.from", twilio_number},
                                    {"channels.twilio.auth_token", R"({"env":"TWILIO_TOKEN"})"}}),
                  .env = {{"TWILIO_TOKEN", twilio_token}}});
}

std::multimap<std::string, std::string> TwilioHouse::sms(const std::string& words) {
  return {{"AccountSid", "ACtest"},
          {"From", phone_},
          {"To", twilio_number},
          {"Body", words},
          {"MessageSid", "SM" + std::to_string(++messages_)},
          {"NewFieldOfTomorrow", "1"}};
}

HttpAnswer TwilioHouse::post(const std::string& target,
                             const std::multimap<std::string, std::string>& form,
                             const std::string& token) const {
  const std::string signature =
      twilio::signature(token, public_url + target, http::Fields(form.begin(), form.end()));
  return gateway().post_form(target, form, {{"X-Twilio-Signature", signature}});
}

std::string TwilioHouse::say(const std::string& words) {
  const auto answer = post("/webhooks/twilio/sms", sms(words), twilio_token);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(answer.header("content-type").starts_with("text/xml"));
  return twiml_text(answer.body);
}

void TwilioHouse::forge(const std::string& words) {
  EXPECT_EQ(post("/webhooks/twilio/sms", sms(words), "another token").status, 403);
}

std::string TwilioHouse::message_on(const std::string& phone, const std::string& text) {
  std::string found;
  const auto arrived = [&] {
    for (const auto& call : stub_.seen()) {
      const auto form = call.form();
      const std::string body = field(form, "Body");
      if (field(form, "To") != phone || body.find(text) == std::string::npos) continue;
      EXPECT_EQ(call.path(), "/2010-04-01/Accounts/ACtest/Messages.json");
      EXPECT_EQ(field(form, "From"), twilio_number);
      found = body;
    }
    return !found.empty();
  };
  EXPECT_TRUE(wait_until(arrived, patience)) << "nothing for " << phone << " holds " << text;
  return found;
}

// As Twilio calls: the callback address that came with each message, signed.
void TwilioHouse::report_delivery(const std::string& phone) {
  for (const auto& call : stub_.seen()) {
    const auto form = call.form();
    if (field(form, "To") != phone) continue;
    const std::string callback = field(form, "StatusCallback");
    ASSERT_TRUE(callback.starts_with(public_url)) << callback;
    const auto answer = post(callback.substr(std::string_view(public_url).size()),
                             {{"MessageSid", "SM0001"},
                              {"MessageStatus", "delivered"},
                              {"To", phone},
                              {"From", twilio_number}},
                             twilio_token);
    EXPECT_EQ(answer.status / 100, 2) << answer.body;
  }
}

std::string RestHouse::say(const std::string& words) {
  const auto answer = gateway().say(sender(), words, "m" + std::to_string(++messages_));
  EXPECT_EQ(answer.status, 200) << answer.body;
  std::string all;
  for (const auto& reply : answer.json()) {
    EXPECT_EQ(text_of(reply, "recipient_id"), sender());
    all += text_of(reply, "text") + "\n";
  }
  return all;
}

KannelHouse::KannelHouse(std::string phone, bool mo_recode)
    : phone_(std::move(phone)), kannel_({.gateway_port = port_, .mo_recode = mo_recode}) {
  open("kannel",
       {.args =
            settings({{"channels.kannel.api_base", kannel_.api_base()},
                      {"channels.kannel.public_url", "http://127.0.0.1:" + std::to_string(port_)},
                      {"channels.kannel.username", kannel_.username()},
                      {"channels.kannel.from", kannel_number},
                      {"channels.kannel.password", R"({"env":"KANNEL_PASSWORD"})"},
                      {"channels.kannel.secret", R"({"env":"KANNEL_SECRET"})"}}),
        .env = {{"KANNEL_PASSWORD", kannel_.password()}, {"KANNEL_SECRET", kannel_.secret()}},
        .port = port_});
}

std::vector<Texted> KannelHouse::texts_on(const std::string& phone) const {
  std::vector<Texted> all;
  for (auto& one : kannel_.texted()) {
    if (one.to == phone && one.whole()) all.push_back(std::move(one));
  }
  return all;
}

void KannelHouse::write(const std::string& words) {
  kannel_.text(phone_, kannel_number, words);
}

std::string KannelHouse::answer() {
  if (!wait_until([&] { return texts_on(phone_).size() > read_; }, patience)) {
    ADD_FAILURE() << "no answer came to " << phone_ << "\n" << gateway().log();
    return "";
  }
  const auto all = texts_on(phone_);
  EXPECT_EQ(all.size(), read_ + 1) << "more than one answer";
  read_ = all.size();
  EXPECT_EQ(all.back().from, kannel_number);
  EXPECT_TRUE(all.back().ucs2);
  return all.back().text;
}

std::string KannelHouse::say(const std::string& words) {
  write(words);
  return answer();
}

void KannelHouse::forge(const std::string& words) {
  const auto call = "/webhooks/kannel/sms?" + form_body({{"from", phone_},
                                                         {"to", kannel_number},
                                                         {"text", words},
                                                         {"charset", "UTF-8"},
                                                         {"id", "forged"},
                                                         {"secret", "another secret"}});
  EXPECT_EQ(gateway().get(call).status, 403);
}

std::string KannelHouse::message_on(const std::string& phone, const std::string& text) {
  std::string found;
  const auto arrived = [&] {
    for (const auto& one : texts_on(phone)) {
      if (one.text.find(text) == std::string::npos) continue;
      EXPECT_EQ(one.from, kannel_number);
      EXPECT_TRUE(one.ucs2);
      found = one.text;
    }
    return !found.empty();
  };
  EXPECT_TRUE(wait_until(arrived, patience)) << "nothing for " << phone << " holds " << text << "\n"
                                             << gateway().log();
  return found;
}

}  // namespace huiyin::test
