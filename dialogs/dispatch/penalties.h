// Proposing penalties and moving them on. Every change writes its line of history and tells
// whom it concerns: the one penalised, with the way to appeal, and a person who may decide. Lane's
// thread; all effects are in the transaction at hand.
#pragma once
#include "bot/talk/post.h"
#include "dialogs/dispatch/penalty.h"

namespace huiyin::dispatch {

struct Proposal {
  const PenaltyRule* rule = nullptr;
  std::string order, estate;
  std::int64_t staff = 0;
  std::int64_t items = 1;
  Json evidence = Json::object();
  std::string note;
  orders::Actor by = orders::Actor::system();
  std::string once;  // the event it comes from; empty when a person proposes
  bool tell = true;  // false: the caller tells of several at once
};

class Penalties {
 public:
  // All borrowed.
  Penalties(const Directory& directory, const Speech& speech, Post& post)
      : directory_(directory), speech_(speech), post_(post) {}

  // None when it came before: the same event (`once`, whatever became of it), or the same rule,
  // offence, order and person in a penalty that was not withdrawn.
  std::optional<Penalty> propose(Transaction& tx, const Proposal& proposal);

  // confirm {note?}, appeal {note}, decide {uphold, note}, withdraw {note}. Refused in this order:
  // 404, 403 (who), 409 (the state; names what this actor may do now), 400.
  orders::Acted<Penalty> act(Transaction& tx, std::int64_t id, std::string_view action,
                             const Json& body, const orders::Actor& actor);

  // For people, in Chinese, the language of staff: what it is for, how much, how it stands.
  Args words_of(const Penalty& penalty, Instant now) const;
  // To the one concerned.
  void tell(Transaction& tx, const Penalty& penalty, std::string_view phrase, Args more = {});

 private:
  void tell_proposed(Transaction& tx, const Penalty& penalty);
  void tell_done(Transaction& tx, const Penalty& penalty, std::string_view action,
                 const std::string& note);
  // To the first of these roles whose holder may do it.
  void ask(Transaction& tx, const Penalty& penalty, std::string_view action,
           std::initializer_list<std::string_view> roles, std::string_view phrase, Args more = {});
  Moment moment(std::string_view estate, Instant now) const;

  const Directory& directory_;
  const Speech& speech_;
  Post& post_;
};

}  // namespace huiyin::dispatch
