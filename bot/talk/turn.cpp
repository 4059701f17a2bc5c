#include "bot/talk/turn.h"

namespace huiyin {

Turn::Turn(const Inbound& message, const Understanding& heard, Session& session, Transaction& tx,
           const Speech& speech, const Directory& directory, const FormBook& forms, Post& post,
           const TalkRules& rules, std::string space)
    : message(message),
      heard(heard),
      session(session),
      tx(tx),
      speech(speech),
      directory(directory),
      forms(forms),
      post(post),
      rules(rules),
      space(std::move(space)) {}

void Turn::say(std::string_view phrase_id, const Args& args) {
  Reply reply;
  reply.text = phrase(phrase_id, args);
  for (auto& [title, payload] : speech.buttons(phrase_id, language(), args, moment())) {
    reply.buttons.push_back({std::move(title), std::move(payload)});
  }
  replies.push_back(std::move(reply));
}

void Turn::say_text(std::string text) {
  replies.push_back({std::move(text), {}, {}, {}});
}

std::string Turn::phrase(std::string_view id, const Args& args) const {
  return speech.say(id, language(), args, moment());
}

std::string Turn::show(const TimeRange& range) const {
  return human_time(range, language(), moment());
}

void Turn::open_form(std::string_view form, Json seeds, Json extra) {
  FormFrame frame;
  frame.form = form;
  frame.slots = std::move(seeds);
  frame.extra = std::move(extra);
  session.stack.push_back(std::move(frame));
}

Json& Turn::memory(std::string_view subject) {
  return session.memory[std::string(subject)];
}

std::int64_t Turn::verified_unit() const {
  if (session.verified && session.verified->until > now()) {
    // Whoever was taken off the household since is verified no more.
    for (const auto& member : directory.household(tx.read(), session.verified->unit)) {
      if (member.id == session.verified->member) return session.verified->unit;
    }
  }
  if (message.proven_phone.empty()) return 0;
  const auto members = directory.members_by_phone(tx.read(), message.proven_phone);
  return members.empty() ? 0 : members.front().unit;
}

}  // namespace huiyin
