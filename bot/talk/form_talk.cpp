// The form side of a turn: filling, asking, digressing, confirming, completing, correcting.
#include <stdexcept>

#include "bot/talk/answer_text.h"
#include "bot/talk/engine.h"
#include "bot/talk/substance.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

constexpr const char* talk_memory = "talk";
constexpr const char* open_day_question = "open_times";  // which_day.cpp
constexpr const char* self_memory = "self";              // what the conversation told of who writes
constexpr double sure = 0.8;       // above it an intent may interrupt a free-text answer
constexpr double certain = 0.9;    // above it another matter is not taken for an answer
constexpr double likely = 0.6;     // above it one may put another form on top of the one at hand
constexpr double plausible = 0.4;  // above it one may be answered on the way

// The phrase of a choice that was made and drops the form ("不同意"); "" when there is none.
std::string ended(const FormSpec& form, const FormFrame& frame) {
  for (const auto& slot : form.slots) {
    const Json* value = frame.value(slot.name);
    if (value == nullptr) continue;
    for (const auto& choice : slot.choices) {
      if (!choice.ends.empty() && *value == choice.zh) return choice.ends;
    }
  }
  return {};
}

}  // namespace

bool Engine::digresses(const Turn& turn, const FormFrame& frame, const FormSpec& form) const {
  const Intent intent = turn.heard.intent;
  switch (intent) {
    case Intent::inform:
    case Intent::affirm:
    case Intent::deny:
    case Intent::out_of_scope:
    case Intent::cancel:
    case Intent::reschedule:
    case Intent::rate:
    case Intent::greet:
      return false;
    default:
      break;
  }
  if (std::find(form.intents.begin(), form.intents.end(), intent) != form.intents.end())
    return false;
  const SlotSpec* slot = form.slot(frame.requested);
  const bool free = slot != nullptr && (slot->type == "description" || slot->type == "text" ||
                                        slot->type == "place" || slot->type == "person");
  const bool begins_another = parts_.forms.by_intent(intent) != nullptr ||
                              intent == Intent::request_form || intent == Intent::update_contact;
  return turn.heard.confidence >= (free ? sure : begins_another ? likely : plausible);
}

// "叫我周阿姨就好" answers the question for a name, whatever it sounds like, "3个人" that for a
// number.
bool Engine::asks_for_person(const Turn& turn, const FormFrame& frame, const FormSpec& form) const {
  if (turn.heard.intent != Intent::ask_human) return false;
  const SlotSpec* slot = form.slot(frame.requested);
  const bool counts = slot != nullptr && slot->type == "number" &&
                      turn.heard.text.find_first_of("0123456789") != std::string::npos;
  if (counts) return false;
  const bool may_be_name =
      slot != nullptr && slot->type == "person" && turn.heard.first("person") != nullptr;
  return !may_be_name || turn.heard.confidence >= sure;
}

// "算了还是今晚": another time instead, not the end of it; "算了明天再说" is.
bool Engine::takes_back(const Turn& turn, const std::string& said) const {
  const Entity* time = turn.heard.first("time");
  if (time == nullptr || time->start == 0 || contains_any(said, parts_.words.later)) return false;
  return contains_any(said, parts_.words.rather);
}

// The form is to be dropped: said alone, or in the first clause of a message that answers nothing
// ("唉不投诉了，伤和气").
bool Engine::gives_up(const Turn& turn, const SlotSpec* asked) const {
  if (turn.heard.first("order") != nullptr) return false;
  const std::string said = reading(turn.heard);
  // "算了" to a question that may be left open leaves just that one open; "算了不投诉了" does not.
  if (asked != nullptr && !asked->required) {
    const auto& skip = asked->skip.empty() ? parts_.words.skip : asked->skip;
    const std::size_t skips = longest_just(said, skip);
    if (skips > 0 && skips >= longest_just(said, parts_.words.cancel_form)) return false;
  }
  if (takes_back(turn, said)) return false;
  if (is_just(said, parts_.words.cancel_form)) return true;
  const bool answers =
      std::any_of(turn.heard.entities.begin(), turn.heard.entities.end(), [](const Entity& entity) {
        return entity.kind == "unit" || entity.kind == "phone" || entity.kind == "person" ||
               entity.kind == "time";
      });
  if (answers || parts_.words.corrects(said)) return false;
  if (turn.heard.intent == Intent::cancel && turn.heard.confidence >= sure) return true;
  const auto clause = said.find_first_of(",.!;? ");
  return clause != std::string::npos && clause > 0 &&
         static_cast<unsigned char>(said[clause - 1]) >= 0x80 &&
         is_just(std::string_view(said).substr(0, clause), parts_.words.cancel_form);
}

// Another matter beyond doubt, which tells nothing that was asked for:
// "我还要投诉，半夜一点还有人放音响" to the question for the home.
bool Engine::tells_another(const Turn& turn, const SlotSpec* asked, const FormSpec& form) const {
  const FormSpec* other = parts_.forms.by_intent(turn.heard.intent);
  if (asked == nullptr || other == nullptr || other->id == form.id) return false;
  const bool answers =
      (asked->type == "unit" || asked->type == "phone") && turn.heard.first(asked->type) != nullptr;
  return !answers && turn.heard.confidence >= certain;
}

// "跳过" to a question that must be answered.
bool Engine::cannot_skip(const Turn& turn, const SlotSpec& asked) const {
  const std::string said = reading(turn.heard);
  const std::size_t skips = longest_just(said, parts_.words.skip);
  if (!asked.required || skips == 0 || !turn.heard.entities.empty()) return false;
  constexpr std::size_t particle_bytes = 6;  // "跳过吧。" where any words would do for an answer
  return asked.type == "unit" || asked.type == "phone" || asked.type == "time" ||
         said.size() <= skips + particle_bytes;
}

// A plain question of its own is no answer, even where any words would do for one.
bool Engine::asks_meanwhile(const Turn& turn, const SlotSpec* asked) {
  if (asked == nullptr || (asked->type != "text" && asked->type != "place")) return false;
  const Intent intent = turn.heard.intent;
  return (intent == Intent::ask_status || intent == Intent::ask_info || intent == Intent::help) &&
         turn.heard.confidence >= sure;
}

// Answers what was asked on the way and takes the form up again; not_mine when nobody answers it.
Outcome Engine::digress(Turn& turn, const FormSpec& form) const {
  const std::size_t depth = turn.session.stack.size();
  const Outcome outcome = dispatch(turn, turn.heard.intent);
  if (outcome != Outcome::answered) return outcome;
  if (turn.session.stack.size() == depth) turn.say("form.back", {{"title", title(turn, form)}});
  return advance(turn);
}

Outcome Engine::form_step(Turn& turn, FormFrame& frame, const FormSpec& form) const {
  const std::string lowered = reading(turn.heard);
  const bool opening = frame.requested.empty() && !frame.confirming;
  if (asks_for_person(turn, frame, form)) return dispatch(turn, Intent::ask_human);
  if (is_just(lowered, parts_.words.repeat)) {
    const SlotSpec* slot = form.slot(frame.requested);
    if (slot != nullptr && !slot->explain.empty()) {
      turn.say(slot->explain);
    } else {
      turn.say("repeat.prefix");
      if (!turn.session.last_question.empty()) turn.say_text(turn.session.last_question);
    }
    return Outcome::answered;
  }
  const SlotSpec* asked = form.slot(frame.requested);
  if (!opening && !frame.confirming && goes_on(turn)) return go_on(turn, "form.going_on");
  if (!opening && asks_to_wait(turn)) {
    turn.say("form.wait");
    return Outcome::answered;
  }
  // Mere abuse is no content: what was asked is asked again, calmly.
  if (!opening && is_nothing_but(lowered, parts_.words.abuse)) return go_on(turn, "form.abuse");
  if (const FormSpec* other = meant_instead(turn, form)) return change_form(turn, *other);
  if (const FormSpec* other = chosen_instead(turn, form)) {
    turn.session.stack.pop_back();
    turn.say("form.instead", {{"old", title(turn, form)}, {"title", title(turn, *other)}});
    open(turn, *other);
    return advance(turn);
  }
  if (gives_up(turn, asked)) {
    turn.say("form.cancelled");
    turn.actions.push_back(form.id + "_cancelled");
    turn.session.stack.pop_back();
    return advance(turn);
  }
  if (asks_meanwhile(turn, asked)) {
    const Outcome outcome = digress(turn, form);
    if (outcome != Outcome::not_mine) return outcome;
  }
  if (asked != nullptr && cannot_skip(turn, *asked)) {
    if (++frame.failures >= parts_.rules.misunderstood_max) {
      return hand_over(turn, "misunderstood");
    }
    turn.say("form.skip_not_possible");
    return advance(turn);
  }
  if (tells_another(turn, asked, form)) {
    const Outcome outcome = digress(turn, form);
    if (outcome != Outcome::not_mine) return outcome;
  }
  if (tells_one_more(turn, frame, form)) return go_on(turn, "form.one_more");
  const std::string requested = frame.requested;
  const Json open_day = frame.extra.value(open_day_question, Json());
  const Filled filled = filler_.fill(turn, form, frame, opening);
  if (!filled.corrected.empty()) {
    for (const auto& name : filled.corrected) {
      const SlotSpec* slot = form.slot(name);
      turn.say("form.corrected", {{"field", slot->shown(turn.language())},
                                  {"value", FormFiller::shown(turn, *slot, frame)}});
    }
  }
  if (!opening && !filled.slots.empty()) note_beside_answer(turn, form);
  if (filled.refused) {
    if (filled.understood) frame.failures = 0;
    return Outcome::answered;
  }
  // A bare "对" to "today or tomorrow?" chooses neither; it confirms nothing either.
  if (!open_day.is_null() && filled.slots.empty() && turn.heard.yes_no && asked != nullptr &&
      !turn.session.last_question.empty()) {
    frame.extra[open_day_question] = open_day;
    return ask_again(turn);
  }
  if (frame.confirming) return confirm_step(turn, frame, form, filled.understood);
  if (asked != nullptr && is_offered_contact(*asked)) {
    const auto outcome = without_contact(turn, frame, form, *asked, filled);
    if (outcome) return *outcome;
  }
  if (filled.slots.empty() && digresses(turn, frame, form)) {
    const Outcome outcome = digress(turn, form);
    if (outcome != Outcome::not_mine) return outcome;
  }
  const bool answered = !requested.empty() && std::find(filled.slots.begin(), filled.slots.end(),
                                                        requested) != filled.slots.end();
  if (answered || filled.understood || opening) {
    frame.failures = 0;
    turn.session.misunderstood = 0;
  } else if (++frame.failures >= parts_.rules.misunderstood_max) {
    return hand_over(turn, "misunderstood");
  } else if (asked != nullptr) {
    say_refused(turn, *asked);
  }
  return advance(turn);
}

Outcome Engine::go_on(Turn& turn, std::string_view phrase) const {
  turn.say(phrase);
  return advance(turn);
}

Outcome Engine::ask_again(Turn& turn) {
  turn.say("repeat.prefix");
  turn.say_text(turn.session.last_question);
  return Outcome::answered;
}

// Why the question comes again.
void Engine::say_refused(Turn& turn, const SlotSpec& slot) {
  const RefusalPhrase refusal = refusal_of(slot, reading(turn.heard));
  if (refusal.phrase.empty()) return;
  std::string choices;
  for (const auto& choice : slot.choices) {
    if (!choices.empty()) choices += turn.language() == Language::en ? ", " : "、";
    choices += choice.shown(turn.language());
  }
  turn.say(refusal.phrase, refusal.choices ? Args{{"choices", choices}} : Args{});
}

Outcome Engine::confirm_step(Turn& turn, FormFrame& frame, const FormSpec& form,
                             bool told_again) const {
  const bool changed = !turn.replies.empty();  // a correction was said
  const auto yes = turn.heard.yes_no;
  const bool agrees = yes.value_or(turn.heard.intent == Intent::affirm) ||
                      (!yes && is_just(reading(turn.heard), parts_.words.confirm) &&
                       !parts_.words.corrects(reading(turn.heard)));
  if (!changed && agrees) return complete(turn, form);
  if (changed) return advance(turn);
  const std::string lowered = reading(turn.heard);
  if (const SlotSpec* slot = named_slot(turn, form)) {  // "改电话": it is asked again
    frame.confirming = false;
    ask(turn, form, frame, *slot);
    return Outcome::answered;
  }
  if ((yes && !*yes) || is_just(lowered, parts_.words.change)) {
    turn.say("form.what_to_change");
    turn.session.last_question = turn.replies.back().text;
    return Outcome::answered;
  }
  if (digresses(turn, frame, form)) {
    const Outcome outcome = digress(turn, form);
    if (outcome != Outcome::not_mine) return outcome;
  }
  // What stands in the summary already is no failure.
  const bool failed = !told_again && ++frame.failures >= parts_.rules.misunderstood_max;
  if (failed) return hand_over(turn, "misunderstood");
  turn.say("form.confirm_yes_no");
  return advance(turn);
}

// Goes on with whatever form is open: fills it from the message when it was just opened, asks the
// next question, shows the summary, or completes it; then the next waiting matter.
Outcome Engine::advance(Turn& turn) const {
  // Each step fills, asks or closes one form; the bound only guards against a faulty one.
  for (int steps = 0; steps < 8; ++steps) {
    if (turn.session.stack.empty()) {
      take_waiting(turn);
      return Outcome::answered;
    }
    FormFrame& frame = turn.session.stack.back();
    const FormSpec* form = parts_.forms.find(frame.form);
    if (form == nullptr) {
      turn.session.stack.pop_back();
      continue;
    }
    if (!frame.extra.contains("opened")) {
      frame.extra["opened"] = true;
      if (filler_.fill(turn, *form, frame, true).refused) return Outcome::answered;
    }
    if (const std::string ending = ended(*form, frame); !ending.empty()) {
      turn.say(ending);
      turn.actions.push_back(form->id + "_cancelled");
      turn.session.stack.pop_back();
      continue;
    }
    const SlotSpec* missing = nullptr;
    for (const auto& slot : form->slots) {
      if (!slot.asked || frame.slots.contains(slot.name)) continue;
      missing = &slot;
      break;
    }
    if (missing != nullptr) {
      ask(turn, *form, frame, *missing);
      return Outcome::answered;
    }
    if (form->summary.empty()) return complete(turn, *form);
    frame.requested.clear();
    frame.confirming = true;
    turn.say(form->summary, FormFiller::shown(turn, *form, frame));
    turn.session.last_question = turn.replies.back().text;
    return Outcome::answered;
  }
  return Outcome::answered;
}

// What the house knows already is not asked: the phone of an SMS, the one household behind it, and
// what this conversation told of itself before.
bool Engine::prefill(const Turn& turn, FormFrame& frame, const SlotSpec& slot) const {
  std::string known;
  if (slot.prefill == "proven_phone") {
    known = turn.message.proven_phone;
  } else if (!slot.prefill.empty() && !turn.message.proven_phone.empty()) {
    store::Connection& db = turn.tx.read();
    const auto members = parts_.directory.members_by_phone(db, turn.message.proven_phone);
    if (members.size() == 1 && slot.prefill == "household_name") known = members.front().name;
    if (members.size() == 1 && slot.prefill == "household_unit") {
      if (const auto home = parts_.directory.unit(db, members.front().unit)) {
        known = home->unit.canonical();
        frame.extra["estate"] = home->estate;
      }
    }
  }
  if (known.empty() && !slot.prefill.empty()) {
    const auto self = turn.session.memory.find(self_memory);
    const std::string key = (slot.required ? "" : "offered_") + slot.prefill;
    if (self != turn.session.memory.end()) known = text_of(*self, key.c_str());
    if (!known.empty() && slot.prefill == "household_unit" && self->contains("estate")) {
      frame.extra["estate"] = (*self)["estate"];
    }
  }
  if (known.empty()) return false;
  frame.slots[slot.name] = {{"value", known}, {"text", known}};
  return true;
}

void Engine::ask(Turn& turn, const FormSpec& form, FormFrame& frame, const SlotSpec& slot) const {
  if (!frame.slots.contains(slot.name) && prefill(turn, frame, slot)) {
    advance(turn);
    return;
  }
  frame.requested = slot.name;
  soothe(turn, frame, slot);
  if (slot.type == "time" && say_time_fault(turn, frame)) return;
  const bool general = slot.ask == general_question(slot.type, slot.required);
  turn.say(slot.ask, general ? Args{{"field", slot.shown(turn.language())}} : Args{});
  for (const auto& choice : slot.choices) {
    const std::string& title = choice.shown(turn.language());
    turn.replies.back().buttons.push_back({title, title});
  }
  turn.session.last_question = turn.replies.back().text;
  turn.actions.push_back(form.id + "_ask_" + slot.name);
}

// Who comes upset is met with an apology and thanks before the first question.
void Engine::soothe(Turn& turn, FormFrame& frame, const SlotSpec& slot) const {
  if (frame.extra.erase("upset") == 0 || !turn.replies.empty() || slot.soothes) return;
  turn.say("form.upset");
}

Outcome Engine::complete(Turn& turn, const FormSpec& form) const {
  const FormFrame done = turn.session.stack.back();
  turn.session.stack.pop_back();
  Dialog* dialog = completer(form.action);
  if (dialog == nullptr) {
    throw std::runtime_error("form " + form.id +
                             " ends in an action that nobody takes: " + form.action);
  }
  const Outcome outcome = dialog->complete(turn, form, done);
  turn.actions.push_back(form.id + "_complete");
  turn.memory(talk_memory) = {
      {"form", done.form}, {"slots", done.slots}, {"at", to_millis(turn.now())}};
  remember_self(turn, form, done);
  turn.session.last_question.clear();
  turn.session.misunderstood = 0;
  return outcome == Outcome::handed_over ? outcome : advance(turn);
}

std::string Engine::title(const Turn& turn, const FormSpec& form) const {
  const auto it = form.title.find(turn.language() == Language::en ? "en" : "zh");
  return it == form.title.end() ? form.id : it->second;
}

Dialog* Engine::completer(std::string_view action) const {
  for (Dialog* dialog : parts_.dialogs) {
    const auto actions = dialog->completions();
    if (std::find(actions.begin(), actions.end(), action) != actions.end()) return dialog;
  }
  return nullptr;
}

}  // namespace huiyin
