// Web chat (Rasa's REST channel): a message is a POST whose answer is the bot's; what the bot says
// by itself comes on an event stream. A browser on another site may talk to it when its origin is
// on the list (CORS, without cookies).
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "bot/channel.h"
#include "bot/gateway/settings.h"

namespace huiyin {

struct RestOptions {
  std::vector<std::string> allow_origins;  // "https://www.example.com"; "*" stands for all
};

RestOptions rest_options(const Settings& settings);

// Thread-safe; `front` outlives it and everything it added to the routes.
std::unique_ptr<Channel> make_rest_channel(RestOptions options, Front& front);

}  // namespace huiyin
