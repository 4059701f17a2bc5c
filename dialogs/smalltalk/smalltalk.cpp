#include "dialogs/smalltalk/smalltalk.h"

#include "store/base/phone.h"

namespace huiyin {
namespace {

// Kept as said, so that whoever sends marketing later can look: the last word counts.
void note_consent(Turn& turn, bool given) {
  turn.tx.write().exec(
      "INSERT INTO consents(conversation, category, given, at) VALUES(:c, 'marketing', :g, :a)",
      turn.conversation(), given, to_millis(turn.now()));
}

}  // namespace

std::vector<store::Migration> consent_migrations() {
  return {{"consent", 1, R"sql(
CREATE TABLE consents(
  id INTEGER PRIMARY KEY, conversation TEXT NOT NULL, category TEXT NOT NULL,
  given INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE INDEX consents_conversation ON consents(conversation, category, id);
)sql"}};
}

std::vector<Intent> Smalltalk::intents() const {
  return {Intent::greet, Intent::goodbye, Intent::thank,  Intent::help,    Intent::affirm,
          Intent::deny,  Intent::opt_out, Intent::opt_in, Intent::ask_info};
}

Outcome Smalltalk::answer(Turn& turn) {
  switch (turn.heard.intent) {
    case Intent::greet:
      turn.say("greeting.first");
      break;
    case Intent::goodbye:
      turn.say("goodbye");
      break;
    case Intent::thank:
      turn.say("thank.reply");
      break;
    case Intent::help:
      turn.say("help");
      break;
    case Intent::opt_out:
      note_consent(turn, false);
      turn.say("opt_out.done");
      break;
    case Intent::opt_in:
      note_consent(turn, true);
      turn.say("opt_in.done");
      break;
    case Intent::ask_info:
      turn.say("ask_info.reply", {{"phone", national_phone(turn.profile().front_desk_phone)}});
      break;
    default:  // a yes or no to nothing that was asked
      turn.say(turn.heard.intent == Intent::affirm ? "affirm.reply" : "deny.reply");
      break;
  }
  return Outcome::answered;
}

}  // namespace huiyin
