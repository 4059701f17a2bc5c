// What the engine knows of a channel: its limits as data, and how a message leaves. A channel also
// adds its webhooks to the routes and hands what it decoded to a Front.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/http.h"
#include "store/message.h"

namespace huiyin {

// Declared limits; shared code does the splitting, pacing and degrading of buttons to text.
struct Capabilities {
  std::size_t text_code_points_max = 2000;
  bool buttons = false;            // shows buttons itself; else they become a line of text
  std::string conversation_space;  // senders of channels with the same space are the same person:
                                   // "sms" for twilio and kannel, else the channel's name
};

// A provider took the message. `provider_id` may be empty (Kannel gives none).
struct Accepted {
  std::string provider_id;
};

class Channel {
 public:
  virtual ~Channel() = default;
  virtual std::string_view name() const = 0;
  virtual const Capabilities& capabilities() const = 0;
  // False when no api_base is set in the sandbox: then the message is captured, not sent.
  virtual bool can_send() const = 0;
  // Takes webhook paths. Called once, before serving.
  virtual void add_routes(http::Routes& routes) = 0;
  // Calls `done` exactly once, from any thread. The kind of the error decides what happens next
  // (store/base/error.h). `message.callback_url` is where the provider should report.
  virtual void send(const Outbound& message, std::function<void(Result<Accepted>)> done) = 0;
};

// The answer of one turn, told to the channel when it is durable.
struct TurnAnswer {
  std::vector<Reply> replies;  // empty: nothing to say (a person holds the conversation)
  std::string session_token;   // rest: given out with the first answer only
  bool repeated = false;       // this message id was answered before; the same answer again
};

// A receipt of a provider about a message of ours.
struct Receipt {
  std::string outbound_id;  // ours, from the callback address
  std::string provider;     // channel name
  SendState state = SendState::sent;
  std::string detail;  // error code of the provider; may be empty
};

// The house as a channel sees it; implemented by bot/gateway. Thread-safe, never blocks. The
// callbacks run once, after the commit, from another thread, or at once with an error
// (`transient`: the lane's queue is full or the gateway is stopping).
class Front {
 public:
  virtual ~Front() = default;
  virtual void accept(Inbound message, std::function<void(Result<TurnAnswer>)> done) = 0;
  virtual void receive(Receipt receipt, std::function<void(Result<void>)> done) = 0;
  // rest: bot-initiated messages of a conversation, in order, from `after` (0: from now on).
  // Each event is (id, one webhook message). Returns a handle; destroying it ends the watch.
  class Watch {
   public:
    virtual ~Watch() = default;
  };
  using StreamEvent = std::function<void(std::int64_t id, const Reply& reply)>;
  // `unauthorized` when the token is not the sender's.
  virtual void watch(std::string sender, std::string token, std::int64_t after, StreamEvent event,
                     std::function<void(Result<std::shared_ptr<Watch>>)> done) = 0;
};

}  // namespace huiyin
