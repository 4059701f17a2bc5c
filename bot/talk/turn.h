// One turn as a subject sees it: what was heard, what is remembered, and what it may do about it.
// Lives on the lane's thread for the length of one message.
//
// Reading and speaking write nothing. The first call of tx.write() opens the turn's savepoint, so a
// turn that throws has left no trace but its apology.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "bot/gateway/lane.h"
#include "bot/speech/speech.h"
#include "bot/talk/directory.h"
#include "bot/talk/form.h"
#include "bot/talk/post.h"
#include "bot/talk/session.h"
#include "store/message.h"

namespace huiyin {

// Settings that turns obey; each is a path of config/huiyin.json.
struct TalkRules {
  int expire_hours = 12;              // conversation.expire_hours
  int handover_silence_minutes = 30;  // conversation.handover_silence_minutes
  int misunderstood_max = 3;          // conversation.misunderstood_max
  int amend_minutes = 30;             // conversation.amend_minutes: a correction after recording
  int code_minutes = 5, code_tries = 5, codes_per_minute = 1, codes_per_hour = 5;  // identity.*
  int verified_minutes = 30;               // identity.verified_minutes
  std::string notify_anchor = "received";  // rules.notify_anchor
};

class Turn {
 public:
  Turn(const Inbound& message, const Understanding& heard, Session& session, Transaction& tx,
       const Speech& speech, const Directory& directory, const FormBook& forms, Post& post,
       const TalkRules& rules, std::string space);

  const Inbound& message;
  const Understanding& heard;
  Session& session;
  Transaction& tx;
  const Speech& speech;
  const Directory& directory;
  const FormBook& forms;
  Post& post;
  const TalkRules& rules;
  const std::string space;           // conversation space: "rest", "sms"
  std::optional<StaffRecord> staff;  // set when the sender is a staff address that is proven
  // The sender is who it says: the channel proves it, or its session token was right (in the
  // sandbox a rest sender without a token counts too). Own orders are shown and changed only then.
  bool proven = false;

  Instant now() const { return tx.now(); }
  Language language() const { return session.language; }
  std::string conversation() const { return space + "/" + message.sender; }
  const EstateProfile& profile() const { return directory.profile(session.estate); }
  Moment moment() const { return {now(), &profile().zone}; }

  // Adds a message to the answer, with the phrase's buttons.
  void say(std::string_view phrase, const Args& args = {});
  void say_text(std::string text);
  std::string phrase(std::string_view id, const Args& args = {}) const;
  std::string show(const TimeRange& range) const;  // for people, in the session's language

  // Opens a form on top of what is being filled; the engine goes on with it after the subject
  // returns. Slots of the message at hand are filled by the engine. `seeds` are values known
  // already (slot → {"value","text"}).
  void open_form(std::string_view form, Json seeds = Json::object(), Json extra = Json::object());
  // The small state of a subject.
  Json& memory(std::string_view subject);

  // The household whose records this conversation may see: its own proven phone's, or the one it
  // verified by a code within the last 30 minutes (guarantee 6). 0: none.
  std::int64_t verified_unit() const;

  // What is kept of the message in place of its text when that must not be kept (a typed code);
  // empty: the text itself.
  std::string masked_text;
  // The text as it may be kept and passed on.
  const std::string& kept_text() const { return masked_text.empty() ? message.text : masked_text; }
  std::vector<Reply> replies;
  std::vector<std::string> actions;  // for the tracker: what was done, as Rasa names actions
};

}  // namespace huiyin
