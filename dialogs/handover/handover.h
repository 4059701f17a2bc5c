// A person takes the conversation over and gives it back. While it is held the bot keeps quiet and
// passes on what the resident writes; emergencies are answered all the same (guarantee 5).
//
// 1. ask_human, or the third message in a row that is not understood, or a turn that failed: the
//    session is paused, the front desk is told by a message.
// 2. A person writes: by POST /conversations/{sender}/messages, or by staff chat "回 12 您好".
// 3. It ends: by "交还 12" or Rasa's resume event; or, after 30 minutes without a word of a
//    person, the bot offers itself again and answers the next message. Staff who then answer by the
//    number hold it again.
// Staff see to the conversations of their own estate.
// Outside service hours a call-back task is made at once.
#pragma once
#include <functional>

#include "bot/gateway/api.h"
#include "bot/talk/conversations.h"
#include "bot/talk/dialog.h"

namespace huiyin {

struct HandoverParts {
  Conversations& conversations;
  Post& post;
  const Directory& directory;
  const TalkRules& rules;
  std::vector<std::string> reply_words, return_words;  // config/talk/staff.json
  // Makes the call-back task: (turn, description) → its number.
  std::function<std::string(Turn&, const std::string& description)> make_task;
};

// Those that a person holds are few among all there ever were: only this index is read for them.
#define HUIYIN_WAITING_HANDOVERS(columns) \
  "SELECT " columns " FROM handovers INDEXED BY handovers_waiting WHERE closed_at IS NULL"

class Handover final : public Dialog, public Resource {
 public:
  explicit Handover(HandoverParts parts) : parts_(std::move(parts)) {}

  std::string_view id() const override { return "handover"; }
  Outcome intercept(Turn& turn) override;
  std::vector<Intent> intents() const override { return {Intent::ask_human}; }
  Outcome answer(Turn& turn) override { return hand_over(turn, "ask_human"); }
  Outcome hand_over(Turn& turn, std::string_view reason) override;
  void on_timer(Transaction& tx, Post& post, std::string_view kind, std::string_view key,
                const Json& payload) override;
  void add_to(Api& api) override;

 private:
  struct Held {
    std::int64_t id = 0;
    std::string conversation;
    std::string estate;
  };
  std::optional<Held> held(store::Connection& db, const std::string& conversation) const;
  std::optional<Held> held_by_number(store::Connection& db, std::int64_t id) const;
  std::optional<Held> to_reply(Turn& turn, std::int64_t id);
  std::int64_t open(Turn& turn, std::string_view reason);
  std::int64_t note_open(Transaction& tx, const std::string& conversation,
                         const std::string& estate, std::string_view reason);
  void tell_desk(Turn& turn, std::int64_t number);
  Outcome staff_command(Turn& turn);
  Outcome resident_while_held(Turn& turn);
  // A person's word: to the resident, and the silence is counted anew.
  void say_as_person(Transaction& tx, const Held& held, const std::string& text,
                     const std::string& by);
  void close(Transaction& tx, const std::string& conversation);
  void give_back(Transaction& tx, const std::string& conversation, std::string_view reason);
  void hold(Transaction& tx, const std::string& conversation, std::string_view reason);
  http::Response post_message(ApiCall& call);
  http::Response post_event(ApiCall& call);

  HandoverParts parts_;
};

std::vector<store::Migration> handover_migrations();

// Words with which staff command a handover (config/talk/staff.json), lower case.
struct StaffWords {
  std::vector<std::string> reply, back;
};
tl::expected<StaffWords, ConfigFaults> load_staff_words(const std::string& file);

}  // namespace huiyin
