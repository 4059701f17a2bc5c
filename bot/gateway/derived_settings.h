// Settings that other parts take as plain values.
#pragma once
#include <string>

#include "bot/gateway/settings.h"
#include "bot/talk/turn.h"

namespace huiyin {

TalkRules talk_rules(const Settings& settings);

// How the gateway is reached from outside: public_url, else Twilio's; "" when neither is
// set.
std::string public_url(const Settings& settings);

// The SMS provider in use: the first of sms.providers that is set up; in the sandbox, when none is,
// the first that takes part (its messages are captured).
std::string sms_channel(const Settings& settings);

}  // namespace huiyin
