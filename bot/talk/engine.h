// One turn: what was heard and what is remembered → what is answered. Decides who speaks: first
// whoever intercepts (an emergency, a code, a person who holds the conversation), then the form
// being filled, then the subject of the intent. Lane's thread only.
#pragma once
#include <vector>

#include "bot/talk/clarifier.h"
#include "bot/talk/dialog.h"
#include "bot/talk/form_filler.h"

namespace huiyin {

struct EngineParts {
  const Speech& speech;
  const Directory& directory;
  const FormBook& forms;
  const TalkWords& words;
  const TalkRules& rules;
  Post& post;
  std::vector<Dialog*> dialogs;  // in the order of subjects.cpp
};

struct TurnResult {
  std::vector<Reply> replies;
  std::vector<std::string> actions;
  std::string masked_text;
  bool silent = false;  // nothing is said on purpose: a person holds the conversation
};

class Engine {
 public:
  explicit Engine(EngineParts parts)
      : parts_(std::move(parts)), filler_(parts_.words), clarifier_(parts_.words) {}

  // Runs the turn on `session` (changed in place; the caller keeps a copy to go back to). `proven`
  // and `space` as in Turn.
  TurnResult run(const Inbound& message, const Understanding& heard, Session& session,
                 Transaction& tx, const std::string& space, bool proven) const;

  // The apology of a turn that threw: a person takes over, the matter is not lost.
  TurnResult apologise(const Inbound& message, const Understanding& heard, Session& session,
                       Transaction& tx, const std::string& space) const;

  const EngineParts& parts() const { return parts_; }

 private:
  TurnResult take(const Inbound& message, const Understanding& heard, Session& session,
                  Transaction& tx, const std::string& space, bool proven) const;
  void begin(Turn& turn) const;
  bool may_be_just_a_name(const Turn& turn) const;
  Outcome respond(Turn& turn) const;
  Outcome form_step(Turn& turn, FormFrame& frame, const FormSpec& form) const;
  Outcome confirm_step(Turn& turn, FormFrame& frame, const FormSpec& form, bool told_again) const;
  bool digresses(const Turn& turn, const FormFrame& frame, const FormSpec& form) const;
  bool asks_for_person(const Turn& turn, const FormFrame& frame, const FormSpec& form) const;
  bool tells_another(const Turn& turn, const SlotSpec* asked, const FormSpec& form) const;
  const FormSpec* meant_instead(const Turn& turn, const FormSpec& form) const;
  const FormSpec* chosen_instead(const Turn& turn, const FormSpec& form) const;
  Outcome change_form(Turn& turn, const FormSpec& other) const;
  bool cannot_skip(const Turn& turn, const SlotSpec& asked) const;
  static bool say_time_fault(Turn& turn, FormFrame& frame);
  void soothe(Turn& turn, FormFrame& frame, const SlotSpec& slot) const;
  bool gives_up(const Turn& turn, const SlotSpec* asked) const;
  bool takes_back(const Turn& turn, const std::string& said) const;
  static bool asks_meanwhile(const Turn& turn, const SlotSpec* asked);
  static Outcome ask_again(Turn& turn);
  Outcome go_on(Turn& turn, std::string_view phrase) const;
  bool goes_on(const Turn& turn) const;
  bool asks_to_wait(const Turn& turn) const;
  bool was_submitted(const Turn& turn) const;
  bool tells_one_more(Turn& turn, const FormFrame& frame, const FormSpec& form) const;
  std::optional<Outcome> without_contact(Turn& turn, FormFrame& frame, const FormSpec& form,
                                         const SlotSpec& contact, const Filled& filled) const;
  static void say_refused(Turn& turn, const SlotSpec& slot);
  Outcome digress(Turn& turn, const FormSpec& form) const;
  Outcome dispatch(Turn& turn, Intent intent) const;
  Intent matter_of(const Turn& turn) const;
  Outcome open(Turn& turn, const FormSpec& form) const;
  Outcome advance(Turn& turn) const;
  Outcome complete(Turn& turn, const FormSpec& form) const;
  bool prefill(const Turn& turn, FormFrame& frame, const SlotSpec& slot) const;
  void ask(Turn& turn, const FormSpec& form, FormFrame& frame, const SlotSpec& slot) const;
  Outcome not_understood(Turn& turn) const;
  Outcome hand_over(Turn& turn, std::string_view reason) const;
  bool amend_last(Turn& turn) const;
  bool amend_named(Turn& turn) const;
  // Further matters of one message wait until the hands are free (engine_further.cpp).
  static bool note_waiting(Turn& turn, const Understanding& told, Intent intent);
  void note_further(Turn& turn, Intent taken) const;
  void note_beside_answer(Turn& turn, const FormSpec& form) const;
  const FormSpec* named_form(const Understanding& heard) const;
  bool take_waiting(Turn& turn) const;
  bool answers_to(Intent intent) const;
  Outcome speak_of(Turn& turn, Intent intent) const;
  // Corrections of what was recorded a moment ago (engine_amend.cpp).
  bool amend(Turn& turn, const FormSpec& form, const Json& changed) const;
  bool ask_right_value(Turn& turn, const FormSpec& form) const;
  const SlotSpec* named_slot(const Turn& turn, const FormSpec& form) const;
  void remember_self(Turn& turn, const FormSpec& form, const FormFrame& done) const;
  std::string title(const Turn& turn, const FormSpec& form) const;
  Dialog* completer(std::string_view action) const;
  void greet(Turn& turn, bool first_word) const;

  EngineParts parts_;
  FormFiller filler_;
  Clarifier clarifier_;
};

}  // namespace huiyin
