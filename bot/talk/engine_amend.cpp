// Corrections of what was recorded a moment ago, and what is remembered of who writes.
#include <algorithm>

#include "bot/talk/engine.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

constexpr const char* talk_memory = "talk";
constexpr const char* self_memory = "self";
constexpr std::size_t short_message_bytes = 72;  // who says no more than that it is wrong
constexpr double own_matter = 0.8;               // above it another matter is no answer

}  // namespace

// The slot that residents call by its label or another of its names; null when none is named.
const SlotSpec* Engine::named_slot(const Turn& turn, const FormSpec& form) const {
  const std::string said = reading(turn.heard);
  const SlotSpec* best = nullptr;
  std::size_t longest = 0;
  const auto look = [&](const SlotSpec& slot, const std::string& word) {
    if (word.size() <= longest || said.find(word) == std::string::npos) return;
    longest = word.size();
    best = &slot;
  };
  for (const auto& slot : form.slots) {
    if (!slot.asked) continue;
    for (const auto& [language, label] : slot.label) look(slot, lower_ascii(label));
    const auto names = parts_.words.fields.find(slot.type);
    if (names == parts_.words.fields.end()) continue;
    for (const auto& name : names->second) look(slot, name);
  }
  return best;
}

// "WX20261123-0007 电话改成…": the record that is named, whichever was recorded last. What is no
// correction, and another time that is asked for as such, is its subject's.
bool Engine::amend_named(Turn& turn) const {
  for (Dialog* dialog : parts_.dialogs) {
    const auto record = dialog->named_record(turn);
    const FormSpec* form = record ? parts_.forms.find(record->form) : nullptr;
    if (form == nullptr) continue;
    FormFrame now;
    now.form = form->id;
    now.slots = record->slots;
    const std::size_t said = turn.replies.size();
    const Json changed = filler_.amendments(turn, *form, now);
    if (changed.empty()) return turn.replies.size() > said;  // a value that cannot be: it was said
    const bool only_time =
        std::all_of(changed.items().begin(), changed.items().end(), [&](const auto& one) {
          const SlotSpec* slot = form->slot(one.key());
          return slot != nullptr && slot->type == "time";
        });
    if (only_time && turn.heard.intent == Intent::reschedule) return false;
    if (!dialog->amend(turn, changed)) return false;
    turn.actions.push_back(form->id + "_amended");
    return true;
  }
  return false;
}

bool Engine::amend_last(Turn& turn) const {
  if (turn.heard.first("order") != nullptr) return amend_named(turn);
  const auto it = turn.session.memory.find(talk_memory);
  if (it == turn.session.memory.end()) return false;
  const Instant at = from_millis(int_of(*it, "at"));
  if (turn.now() - at > std::chrono::minutes(parts_.rules.amend_minutes)) return false;
  const FormSpec* form = parts_.forms.find(text_of(*it, "form"));
  if (form == nullptr) return false;
  FormFrame done;
  done.form = form->id;
  done.slots = it->value("slots", Json::object());
  const std::string wanted = text_of(*it, "wrong");
  it->erase("wrong");
  const bool another = turn.heard.confidence >= own_matter &&
                       parts_.forms.by_intent(turn.heard.intent) != nullptr &&
                       turn.heard.first("item") != nullptr;
  const std::size_t said = turn.replies.size();
  const Json changed = filler_.amendments(turn, *form, done, another ? std::string() : wanted);
  if (!changed.empty()) return amend(turn, *form, changed);
  if (turn.replies.size() > said) {  // a value that cannot be: it was said
    if (!wanted.empty()) turn.session.memory[talk_memory]["wrong"] = wanted;
    return true;
  }
  return ask_right_value(turn, *form);
}

// The button of a summary that was submitted a moment ago.
bool Engine::was_submitted(const Turn& turn) const {
  const auto it = turn.session.memory.find(talk_memory);
  if (it == turn.session.memory.end()) return false;
  if (turn.now() - from_millis(int_of(*it, "at")) >
      std::chrono::minutes(parts_.rules.amend_minutes)) {
    return false;
  }
  const auto buttons =
      turn.speech.buttons("form.confirm_yes_no", turn.language(), {}, turn.moment());
  return !buttons.empty() && trim(turn.message.text) == buttons.front().second;
}

bool Engine::amend(Turn& turn, const FormSpec& form, const Json& changed) const {
  for (Dialog* dialog : parts_.dialogs) {
    if (!dialog->amend(turn, changed)) continue;
    FormFrame after;
    Json& slots = turn.session.memory[talk_memory]["slots"];
    for (const auto& [name, value] : changed.items()) slots[name] = value;
    after.slots = slots;
    remember_self(turn, form, after);
    turn.actions.push_back(form.id + "_amended");
    return true;
  }
  return false;
}

// "地址写错了": what is right is asked, the answer of the next message corrects the record.
bool Engine::ask_right_value(Turn& turn, const FormSpec& form) const {
  const std::string said = reading(turn.heard);
  if (!contains_any(said, parts_.words.wrong) || said.size() > short_message_bytes) return false;
  const SlotSpec* slot = named_slot(turn, form);
  if (slot != nullptr) {
    turn.say("form.ask_right", {{"field", slot->shown(turn.language())}});
  } else if (turn.heard.entities.empty() && is_just(said, parts_.words.wrong)) {
    turn.say("form.what_to_change");
  } else {
    return false;
  }
  turn.session.memory[talk_memory]["wrong"] =
      slot != nullptr ? slot->name : std::string(FormFiller::any_slot);
  turn.session.last_question = turn.replies.back().text;
  turn.actions.push_back(form.id + "_ask_right");
  return true;
}

// Home, name and telephone of who writes, by what prefills them; asked once in a conversation.
void Engine::remember_self(Turn& turn, const FormSpec& form, const FormFrame& done) const {
  for (const auto& slot : form.slots) {
    const Json* value = done.value(slot.name);
    if (slot.prefill.empty() || value == nullptr || !value->is_string()) continue;
    // What was offered freely is given again only where it is as free to give.
    if (!slot.required) {
      turn.memory(self_memory)["offered_" + slot.prefill] = *value;
      continue;
    }
    turn.memory(self_memory)[slot.prefill] = *value;
    if (slot.prefill == "household_unit" && !turn.session.estate.empty()) {
      turn.memory(self_memory)["estate"] = turn.session.estate;
    }
  }
}

}  // namespace huiyin
