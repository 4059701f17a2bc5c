// Conversations from outside a turn: an operator's call, a timer, a colleague's chat. Lane's
// thread.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "bot/gateway/lane.h"
#include "bot/talk/session.h"

namespace huiyin {

class Conversations {
 public:
  virtual ~Conversations() = default;
  // "space/sender" of whoever wrote under that name (a phone first among SMS); none if nobody did.
  virtual std::optional<std::string> find(Transaction& tx, const std::string& sender) = 0;
  // Changes the session and writes `event` ({"event","reason"}) into the log. False: no such
  // conversation.
  virtual bool change(Transaction& tx, const std::string& conversation, const Json& event,
                      const std::function<void(Session&)>& change) = 0;
};

}  // namespace huiyin
