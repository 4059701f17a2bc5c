// Which of two readings of a message is meant, when both are as likely: one question with a button
// for each, and the message is then taken as the answer says, in the resident's own words.
//
// Only matters that config/talk/words.json names under `matters` are asked about. The question
// stands in the session until the next message: an answer settles it, anything else is a message of
// its own.
#pragma once
#include <optional>

#include "bot/talk/turn.h"
#include "bot/talk/words.h"

namespace huiyin {

class Clarifier {
 public:
  explicit Clarifier(const TalkWords& words) : words_(words) {}

  // Two close readings, or two guesses, that can both be named.
  bool is_needed(const Turn& turn) const;
  void ask(Turn& turn) const;

  // The message that was asked about, read as the answer at hand says. Forgets the question.
  struct Settled {
    Inbound message;
    Understanding heard;
  };
  std::optional<Settled> settle(const Inbound& message, const Understanding& heard,
                                Session& session) const;

 private:
  // Which of the two the answer means; 0 or 1.
  std::optional<std::size_t> chosen(const Understanding& heard, const Json& question) const;

  const TalkWords& words_;
};

}  // namespace huiyin
