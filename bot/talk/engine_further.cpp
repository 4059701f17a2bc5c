// Several matters in one message: one is taken up, the others wait until the hands are free.
#include "bot/talk/engine.h"
#include "bot/talk/kept.h"

namespace huiyin {
namespace {

constexpr double own_matter = 0.85;  // above it a clause beside an answer is a matter of its own
constexpr std::size_t waiting_max = 8;

}  // namespace

bool Engine::answers_to(Intent intent) const {
  if (parts_.forms.by_intent(intent) != nullptr) return true;
  return std::any_of(parts_.dialogs.begin(), parts_.dialogs.end(), [&](Dialog* dialog) {
    const auto intents = dialog->intents();
    return std::find(intents.begin(), intents.end(), intent) != intents.end();
  });
}

// False: too many wait already.
bool Engine::note_waiting(Turn& turn, const Understanding& told, Intent intent) {
  if (turn.session.waiting.size() >= waiting_max) return false;
  Json kept = to_kept(told);
  kept["intent"] = to_string(intent);
  turn.session.waiting.push_back(std::move(kept));
  return true;
}

void Engine::note_further(Turn& turn, Intent taken) const {
  for (const Intent intent : turn.heard.further) {
    if (intent == taken || !answers_to(intent)) continue;
    ToldMatter matter{intent, 0, static_cast<int>(turn.heard.text.size())};
    for (const ToldMatter& told : turn.heard.told) {
      if (told.intent == intent) matter = told;
    }
    if (!note_waiting(turn, part_of(turn.heard, matter), intent)) return;
  }
}

// "3-2-501王芳。楼道灯也坏了" to the question for the home: the rest of it is not lost.
void Engine::note_beside_answer(Turn& turn, const FormSpec& form) const {
  for (const ToldMatter& told : turn.heard.told) {
    const FormSpec* other = parts_.forms.by_intent(told.intent);
    if (other == nullptr || other->id == form.id || told.confidence < own_matter) continue;
    if (!note_waiting(turn, part_of(turn.heard, told), told.intent)) return;
  }
}

// The register that was asked for by name; null when none was.
const FormSpec* Engine::named_form(const Understanding& heard) const {
  const Entity* entity = heard.first("form");
  if (entity == nullptr || !entity->value.is_string()) return nullptr;
  return parts_.forms.find(entity->value.get<std::string>());
}

// Takes up the next matter that waits, read from its own words. False: none is left.
bool Engine::take_waiting(Turn& turn) const {
  while (!turn.session.waiting.empty()) {
    const Json kept = turn.session.waiting.front();
    turn.session.waiting.erase(turn.session.waiting.begin());
    const auto intent = intent_of(text_of(kept, "intent"));
    if (!intent) continue;
    Understanding heard = from_kept(kept, *intent);
    // "楼道的灯": every building has one, so where it is will be asked.
    if (parts_.words.building_in(heard.text).empty() && heard.first("unit") == nullptr) {
      std::erase_if(heard.entities, [&](const Entity& entity) {
        return entity.kind == "place" &&
               contains_any(lower_ascii(entity.text), parts_.words.each_building);
      });
    }
    Inbound message = turn.message;
    message.text = heard.text;
    message.attachments.clear();
    Turn next(message, heard, turn.session, turn.tx, turn.speech, turn.directory, turn.forms,
              turn.post, turn.rules, turn.space);
    next.proven = turn.proven;
    next.staff = turn.staff;
    const FormSpec* form = parts_.forms.by_intent(*intent);
    if (form == nullptr && *intent == Intent::request_form) form = named_form(heard);
    if (form != nullptr) next.say("further.next", {{"matter", title(turn, *form)}});
    const Outcome outcome = speak_of(next, *intent);
    if (outcome == Outcome::not_mine) continue;
    if (outcome == Outcome::answered) advance(next);
    for (auto& reply : next.replies) turn.replies.push_back(std::move(reply));
    for (auto& action : next.actions) turn.actions.push_back(std::move(action));
    return true;
  }
  return false;
}

}  // namespace huiyin
