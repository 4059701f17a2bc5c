#include "dialogs/contacts/contacts.h"

#include "store/base/text.h"

namespace huiyin::contacts {
namespace {

// What the conversation says of itself: who writes is known only where the channel proves it.
std::int64_t note(Turn& turn, const std::string& words) {
  Contact contact;
  contact.at = turn.now();
  contact.channel = "chat";
  contact.phone = turn.message.proven_phone;
  contact.content = words;
  contact.estate = turn.session.estate;
  if (const std::int64_t unit = turn.proven ? turn.verified_unit() : 0; unit != 0) {
    if (const auto home = turn.directory.unit(turn.tx.read(), unit)) {
      contact.unit = home->unit.canonical();
      contact.estate = home->estate;
    }
  }
  return add(turn.tx.write(), contact, "conversation:" + turn.conversation());
}

}  // namespace

Outcome ContactsDialog::answer(Turn& turn) {
  note(turn, turn.message.text);
  turn.say("praise.reply");
  return Outcome::answered;
}

Outcome ContactsDialog::complete(Turn& turn, const FormSpec&, const FormFrame& frame) {
  const Json* said = frame.value("description");
  const std::string words = said != nullptr && said->is_string() ? said->get<std::string>() : "";
  const std::string number = std::to_string(note(turn, words));
  const auto home = turn.proven && turn.verified_unit() != 0
                        ? turn.directory.unit(turn.tx.read(), turn.verified_unit())
                        : std::nullopt;
  Notice notice;
  notice.template_id = "suggestion.staff";
  notice.args = {{"number", number},
                 {"unit", home ? home->unit.canonical() : std::string("—")},
                 {"text", shortened(words)}};
  notice.category = "staff";
  notice.estate = turn.session.estate;
  turn.post.to_role(turn.tx, "service_supervisor", notice);
  turn.say("suggestion.recorded", {{"number", number}});
  return Outcome::answered;
}

}  // namespace huiyin::contacts
