// What a conversation remembers from turn to turn. Stored with every turn, with a version: a
// session of an unknown version is dropped and the conversation starts afresh (the log stays).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "bot/understand/understanding.h"
#include "store/base/json.h"
#include "store/base/time.h"

namespace huiyin {

// A form being filled; the last of the stack is the active one.
struct FormFrame {
  std::string form;             // id of config/forms
  Json slots = Json::object();  // name → {"value", "text"}; what was given so far
  std::string requested;        // the slot that was asked for; empty before the first question
  bool confirming = false;      // the summary was shown
  int failures = 0;             // answers in a row that did not fill `requested`
  Json extra = Json::object();  // what the opening subject wants back at completion

  const Json* value(std::string_view slot) const;  // null when not given
  std::string text(std::string_view slot) const;   // as said; "" when not given
};

// A person holds the conversation (or Rasa's pause event): the bot keeps quiet.
struct Pause {
  Instant since;
  Instant last_word;   // of a person; after 30 minutes without one the bot offers itself again
  std::string reason;  // "ask_human", "misunderstood", "event", "error"
};

struct Verified {
  std::int64_t unit = 0;    // UnitRecord::id of the verified household
  Instant until;            // 30 minutes of silence end it
  std::int64_t member = 0;  // HouseholdMember::id whose phone the code went to
};

struct Session {
  static constexpr int version = 1;
  Language language = Language::zh_hans;
  Instant last_at{};
  bool greeted = false;
  std::string estate;
  std::vector<FormFrame> stack;
  int misunderstood = 0;  // messages in a row
  std::optional<Pause> paused;
  std::optional<Verified> verified;
  std::vector<Json> waiting;     // further matters of a message, to be taken up one by one
  std::string last_question;     // texts of the last answer, for "什么意思" and repeat
  Json memory = Json::object();  // subject id → its own small state

  // JSON as text; written with every turn, so it is not built as a tree first.
  std::string to_text() const;
  static std::optional<Session> from_json(const Json& value);
};

}  // namespace huiyin
