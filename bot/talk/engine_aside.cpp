// What an answer may be besides an answer: another form, another matter of the same kind, a word
// that it takes a moment, a contact that is not given.
#include "bot/talk/answer_text.h"
#include "bot/talk/engine.h"
#include "bot/talk/substance.h"
#include "store/base/text.h"

namespace huiyin {

// "不是我家，是楼道里的": the form that the matter belongs to; null when it is the one at hand.
const FormSpec* Engine::meant_instead(const Turn& turn, const FormSpec& form) const {
  const std::string said = reading(turn.heard);
  const auto& otherwise = form.otherwise;
  if (otherwise.form.empty() || !contains_any(said, otherwise.words)) return nullptr;
  return contains_any(said, otherwise.with) ? parts_.forms.find(otherwise.form) : nullptr;
}

// "算了车位先不要，改成停车证": another register than the one at hand.
const FormSpec* Engine::chosen_instead(const Turn& turn, const FormSpec& form) const {
  const FormSpec* other = form.register_form ? named_form(turn.heard) : nullptr;
  if (other == nullptr || other->id == form.id || !other->register_form) return nullptr;
  const std::string said = reading(turn.heard);
  const bool instead = contains_any(said, parts_.words.cancel_form) || parts_.words.corrects(said);
  return instead ? other : nullptr;
}

// What was told of the matter goes along; the other form asks its own questions.
Outcome Engine::change_form(Turn& turn, const FormSpec& other) const {
  const FormFrame before = turn.session.stack.back();
  turn.session.stack.pop_back();
  turn.open_form(other.id, Json::object(), {{"opened", true}});
  FormFrame& frame = turn.session.stack.back();
  for (const auto& slot : other.slots) {
    if (before.slots.contains(slot.name)) frame.slots[slot.name] = before.slots[slot.name];
  }
  if (filler_.fill(turn, other, frame, true).refused) return Outcome::answered;
  for (const auto& slot : other.slots) {
    if (slot.type != "description") continue;
    std::string all = before.text(slot.name);
    if (all.find(turn.message.text) == std::string::npos) {
      all += (all.empty() ? "" : "\n") + turn.message.text;
    }
    frame.slots[slot.name] = {{"value", all}, {"text", all}};
  }
  turn.actions.push_back(other.id + "_form");
  return advance(turn);
}

// "继续": on with what is being filled.
bool Engine::goes_on(const Turn& turn) const {
  return turn.heard.intent == Intent::affirm && !turn.heard.yes_no &&
         !turn.session.last_question.empty() && is_just(reading(turn.heard), parts_.words.go_on);
}

// "等一下我问问家里人": a short word that answers nothing.
bool Engine::asks_to_wait(const Turn& turn) const {
  constexpr std::size_t said_max = 14, words_max = 40;  // code points
  const std::string said = reading(turn.heard);
  if (!turn.heard.entities.empty() || turn.heard.yes_no) return false;
  if (code_points(said) > (turn.language() == Language::en ? words_max : said_max)) return false;
  return contains_any(said, parts_.words.wait);
}

// "另外我还要投诉…" while this one is not done: it waits, with its own words.
bool Engine::tells_one_more(Turn& turn, const FormFrame& frame, const FormSpec& form) const {
  const bool of_the_kind =
      std::find(form.intents.begin(), form.intents.end(), turn.heard.intent) != form.intents.end();
  if (!of_the_kind || frame.requested.empty() || turn.session.last_question.empty()) return false;
  const SlotSpec* asked = form.slot(frame.requested);
  if (asked == nullptr || asked->type == "description") return false;
  const bool answers = turn.heard.first("phone") != nullptr || turn.heard.first("unit") != nullptr;
  if (answers || !contains_any(reading(turn.heard), form.besides)) return false;
  if (!has_substance(turn.heard, form)) return false;
  note_waiting(turn, turn.heard, turn.heard.intent);
  return true;
}

// The question for a phone that may be left out is asked once more, then the matter goes on
// without: it is never demanded (R7.18). None: it was answered, or is no such answer.
std::optional<Outcome> Engine::without_contact(Turn& turn, FormFrame& frame, const FormSpec& form,
                                               const SlotSpec& contact,
                                               const Filled& filled) const {
  if (frame.slots.contains(contact.name)) return std::nullopt;
  const std::string said = reading(turn.heard);
  const bool agrees = turn.heard.yes_no.value_or(turn.heard.intent == Intent::affirm);
  const bool answered = filled.noted || !filled.own_name.empty() || agrees;
  if (!answered && digresses(turn, frame, form)) return std::nullopt;
  if (!answered && said.find_first_of("0123456789") != std::string::npos) return std::nullopt;
  constexpr const char* asked_memory = "contact_asked";
  const std::int64_t times = int_of(frame.extra, asked_memory) + 1;
  frame.extra[asked_memory] = times;
  frame.failures = 0;
  if (times > 1 && !agrees) {
    frame.slots[contact.name] = {{"value", nullptr}, {"text", ""}};
  } else if (!filled.own_name.empty()) {
    turn.say("form.own_name", {{"name", filled.own_name}});
    return Outcome::answered;
  } else if (agrees) {
    turn.say("form.contact_please");
    return Outcome::answered;
  } else if (filled.noted) {
    turn.say("form.noted");
  } else {
    say_refused(turn, contact);
  }
  return advance(turn);
}

// What was told of the time before it was asked for, and cannot be.
bool Engine::say_time_fault(Turn& turn, FormFrame& frame) {
  const auto it = frame.extra.find(FormFiller::time_fault);
  if (it == frame.extra.end()) return false;
  Args args;
  const Json told = it->value("args", Json::object());
  for (const auto& [name, value] : told.items()) args[name] = value.get<std::string>();
  turn.say(text_of(*it, "phrase"), args);
  turn.session.last_question = turn.replies.back().text;
  frame.extra.erase(FormFiller::time_fault);
  return true;
}

}  // namespace huiyin
