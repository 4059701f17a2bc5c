// What the engine knows of a subject (a folder of dialogs/). Listed in dialogs/subjects.cpp; no
// self-registration.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/talk/turn.h"
#include "store/database.h"

namespace huiyin {

// How a subject's step ended: a closed sum.
enum class Outcome {
  answered,     // something was said (or a form was opened); the turn goes on to any open form
  not_mine,     // the next subject, or the fallback, may try
  handed_over,  // a person holds the conversation now; the engine says and asks nothing more
};

class Dialog {
 public:
  virtual ~Dialog() = default;
  virtual std::string_view id() const = 0;

  // Asked first on every message, before context and forms, in the order of subjects.cpp:
  // emergencies, a code that was asked for, staff commands. Must be cheap when it is not theirs.
  virtual Outcome intercept(Turn&) { return Outcome::not_mine; }
  // The intents that the subject answers. Forms of the same intent are opened by the engine when
  // no subject takes it.
  virtual std::vector<Intent> intents() const { return {}; }
  virtual Outcome answer(Turn&) { return Outcome::not_mine; }

  // A form whose `action` is one of these is complete (confirmed). Records, speaks.
  virtual std::vector<std::string> completions() const { return {}; }
  virtual Outcome complete(Turn&, const FormSpec&, const FormFrame&) { return Outcome::not_mine; }

  // A person is to take over, for the reason named: "ask_human", "misunderstood", "error".
  virtual Outcome hand_over(Turn&, std::string_view /*reason*/) { return Outcome::not_mine; }

  // Nobody understood the message, and no form waits for it; true when this subject said so.
  virtual bool lost(Turn&) { return false; }

  // The record that the message names by its number, as a form that is filled: what is corrected
  // by such a message is that one, not the one recorded last. None: none of this subject's, or not
  // theirs to change.
  struct NamedRecord {
    std::string form;
    Json slots;  // slot → {"value","text"}, as it stands now
  };
  virtual std::optional<NamedRecord> named_record(const Turn&) { return std::nullopt; }
  // Something recorded a moment ago, or the record that is named, is being corrected
  // (slot → {"value","text"}); true when taken.
  virtual bool amend(Turn&, const Json& /*slots*/) { return false; }

  // Timers of this subject (store/timers.h): kind "<id>.<what>".
  virtual void on_timer(Transaction&, Post&, std::string_view /*kind*/, std::string_view /*key*/,
                        const Json& /*payload*/) {}
};

}  // namespace huiyin
