// SMS by Twilio: the webhook answers with TwiML, messages of our own go through its REST API, and
// what became of them comes back to a callback address that carries our id.
#pragma once
#include <chrono>
#include <memory>
#include <string>

#include "bot/channel.h"
#include "bot/gateway/settings.h"
#include "bot/http.h"

namespace huiyin {

struct TwilioOptions {
  std::string api_base;    // empty: nothing is sent (the sandbox captures)
  std::string public_url;  // what Twilio calls and signs; without a slash at its end
  std::string account_sid;
  std::string auth_token;  // empty (sandbox only): signatures are not checked
  std::string from;
  std::string signature;  // setting sms.signature
  std::chrono::milliseconds timeout{10'000};
};

// Outside the sandbox api_base is Twilio's own where the operator set none.
TwilioOptions twilio_options(const Settings& settings);

// Thread-safe; `front` and `client` outlive it and everything it added to the routes.
std::unique_ptr<Channel> make_twilio_channel(TwilioOptions options, Front& front,
                                             http::Client& client);

}  // namespace huiyin
