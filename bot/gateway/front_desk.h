// The house as channels see it: takes a message, runs its turn in the lane, and hands the answer
// back once it is durable. Also keeps the watchers of rest conversations (Server-Sent Events).
#pragma once
#include <memory>
#include <mutex>
#include <unordered_map>

#include "bot/channel.h"
#include "bot/gateway/lane.h"
#include "bot/talk/engine.h"
#include "store/conversation_log.h"

namespace huiyin {

struct FrontParts {
  Lane& lane;
  store::Database& database;
  store::ConversationLog& log;
  const Engine& engine;
  const Understander& understander;
  const Clock& clock;
  bool sandbox = false;
  // What a receipt does (the outbox); lane's thread.
  std::function<void(Transaction&, const Receipt&)> take_receipt;
};

class FrontDesk final : public Front {
 public:
  explicit FrontDesk(FrontParts parts);

  void add_channel(const Channel& channel);  // before serving

  void accept(Inbound message, std::function<void(Result<TurnAnswer>)> done) override;
  void receive(Receipt receipt, std::function<void(Result<void>)> done) override;
  void watch(std::string sender, std::string token, std::int64_t after, StreamEvent event,
             std::function<void(Result<std::shared_ptr<Watch>>)> done) override;

  // Tells the watchers of a rest sender that there is something new in the log.
  void publish(const std::string& sender);

  // Rasa's tracker of a conversation; `not_found` when nobody wrote under that name. Waits for the
  // lane: not for its own thread.
  Result<Json> tracker(const std::string& sender);
  // The conversation of a sender: of the one channel that he wrote on; a phone is first looked for
  // among SMS. Lane's thread; null when nobody wrote under that name.

 private:
  struct Heard;
  class Watching;

  void run_turn(Transaction& tx, Heard& heard, TurnAnswer& answer);
  void apologise(const std::shared_ptr<Heard>& heard,
                 const std::function<void(Result<TurnAnswer>)>& done);
  void push_new(const std::shared_ptr<Watching>& watching);
  std::string space_of(const std::string& channel) const;

  FrontParts parts_;
  std::unordered_map<std::string, std::string> spaces_;  // channel → conversation space
  std::mutex mutex_;
  std::unordered_multimap<std::string, std::weak_ptr<Watching>> watchers_;  // by sender
};

// The live session of a conversation: parsed once, then kept in memory with it.
Session& session_of(store::Conversation& conversation);
// Writes the session back into the log with a row of its own (pause, resume, a bot's message).
std::int64_t append_event(Transaction& tx, store::ConversationLog& log,
                          store::Conversation& conversation, store::TurnKind kind,
                          const Json& body);

}  // namespace huiyin
