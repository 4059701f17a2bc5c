// SMS by an own Kannel (1.4.5): its smsbox calls us for each message and texts the answer's body;
// messages of our own go to its sendsms. Everything that is not 200 here can end up on a resident's
// phone as an error text, so silence is an empty 200.
#pragma once
#include <chrono>
#include <memory>
#include <string>

#include "bot/channel.h"
#include "bot/gateway/settings.h"
#include "bot/http.h"

namespace huiyin {

struct KannelOptions {
  std::string api_base;    // of smsbox, "http://127.0.0.1:13013"; empty: nothing is sent
  std::string public_url;  // how Kannel reaches us, for delivery reports
  std::string username;    // of the sendsms-user
  std::string password;
  std::string from;
  std::string secret;  // in both webhook addresses; empty (sandbox only): not checked
  std::string signature;
  std::chrono::milliseconds timeout{10'000};
};

// There is no default api_base: a Kannel is always the operator's own.
KannelOptions kannel_options(const Settings& settings);

// Thread-safe; `front` and `client` outlive it and everything it added to the routes.
std::unique_ptr<Channel> make_kannel_channel(KannelOptions options, Front& front,
                                             http::Client& client);

}  // namespace huiyin
