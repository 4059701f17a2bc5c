// A whole house for one way in: the built gateway as a process, a real Redis, and the SMS provider
// that carries its messages. A resident writes through the entry and reads the answer where a
// resident would: in the web chat, in the TwiML, on the phone behind a real Kannel.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tests/support/gateway_process.h"
#include "tests/support/kannel.h"
#include "tests/support/private_redis.h"
#include "tests/support/stub_provider.h"

namespace huiyin::test {

inline constexpr const char* engineering_phone = "+8613900000001";
inline constexpr const char* service_phone = "+8613900000003";

class EntryHouse {
 public:
  virtual ~EntryHouse() = default;

  // The name of the channel in, and of the provider that carries what starts from our side.
  virtual std::string entry() const = 0;
  virtual std::string provider() const = 0;
  virtual std::string sender() const = 0;  // the resident's conversation id

  // One message of the resident; the answer as read, "" (and a failed test) when none came.
  virtual std::string say(const std::string& words) = 0;
  // What does not prove where it comes from is refused (checked here) and must leave nothing.
  virtual void forge(const std::string& words) = 0;
  // Waits for a message of ours on a phone that carries `text`; "" when none came.
  virtual std::string message_on(const std::string& phone, const std::string& text) = 0;
  // The provider reports what it delivered to a phone.
  virtual void report_delivery(const std::string& phone) = 0;

  GatewayProcess& gateway() const { return *gateway_; }
  const PrivateRedis& redis() const { return redis_; }
  Json get(const std::string& target) const;  // with the operator token; a 200 is expected

 protected:
  // With an estate whose supervisors are told by SMS through `provider`. The sandbox clock stands
  // at Monday 2026-11-23, 10:00 in Shanghai.
  void open(const std::string& provider, GatewayOptions options);

 private:
  PrivateRedis redis_;
  std::unique_ptr<GatewayProcess> gateway_;
};

// SMS by Twilio, whose part a stub plays: our webhook is signed, our messages are its API calls.
class TwilioHouse : public EntryHouse {
 public:
  explicit TwilioHouse(std::string phone);
  std::string entry() const override { return "twilio"; }
  std::string provider() const override { return "twilio"; }
  std::string sender() const override { return phone_; }
  std::string say(const std::string& words) override;
  void forge(const std::string& words) override;
  std::string message_on(const std::string& phone, const std::string& text) override;
  void report_delivery(const std::string& phone) override;

 private:
  HttpAnswer post(const std::string& target, const std::multimap<std::string, std::string>& form,
                  const std::string& token) const;
  std::multimap<std::string, std::string> sms(const std::string& words);

  const std::string phone_;
  StubProvider stub_;
  int messages_ = 0;
};

// The web chat; its house sends SMS by the stub of Twilio.
class RestHouse final : public TwilioHouse {
 public:
  RestHouse() : TwilioHouse("") {}
  std::string entry() const override { return "rest"; }
  std::string sender() const override { return "visitor"; }
  std::string say(const std::string& words) override;
  void forge(const std::string&) override {}  // a web chat's sender proves nothing to begin with

 private:
  int messages_ = 0;
};

// SMS by a real Kannel, in and out.
class KannelHouse final : public EntryHouse {
 public:
  explicit KannelHouse(std::string phone, bool mo_recode = true);
  std::string entry() const override { return "kannel"; }
  std::string provider() const override { return "kannel"; }
  std::string sender() const override { return phone_; }
  std::string say(const std::string& words) override;
  void forge(const std::string& words) override;
  std::string message_on(const std::string& phone, const std::string& text) override;
  void report_delivery(const std::string&) override {}  // Kannel does so by itself

  // say() in two steps; one answer for each message.
  void write(const std::string& words);
  std::string answer();
  Kannel& kannel() { return kannel_; }

 private:
  std::vector<Texted> texts_on(const std::string& phone) const;  // those that are there as a whole

  const std::string phone_;
  const int port_ = StubProvider::closed_port();  // of the gateway: Kannel must know it first
  Kannel kannel_;
  std::size_t read_ = 0;  // answers on the resident's phone
};

}  // namespace huiyin::test
