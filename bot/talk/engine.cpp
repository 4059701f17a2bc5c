#include "bot/talk/engine.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <stdexcept>

#include "bot/talk/substance.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

constexpr double second_matter = 0.3;  // a runner-up that an answer to nothing may rather mean
constexpr double heard_at_all = 0.35;  // below it an intent is a guess that nobody should act on

// The language of a message that has enough letters to tell; a message of Han that both scripts
// share does not turn a Traditional conversation into a Simplified one.
void follow_language(Session& session, const Understanding& heard) {
  int latin = 0, han = 0;
  const auto* data = reinterpret_cast<const std::uint8_t*>(heard.text.data());
  const auto size = static_cast<std::int32_t>(std::min<std::size_t>(heard.text.size(), 4096));
  for (std::int32_t at = 0; at < size;) {
    UChar32 c;
    U8_NEXT(data, at, size, c);
    if (c < 0) continue;
    if (c < 0x250)
      latin += u_isalpha(c) != 0;
    else
      han += c >= 0x3400;
  }
  if (heard.language == Language::en) {
    if (latin >= 3) session.language = Language::en;
  } else if (han > 0 &&
             !(session.language == Language::zh_hant && heard.language == Language::zh_hans)) {
    if (session.language != Language::en || han >= 2) session.language = heard.language;
  }
}

bool expired(const Session& session, const TalkRules& rules, Instant now) {
  return session.last_at != Instant{} &&
         now - session.last_at >= std::chrono::hours(rules.expire_hours);
}

// After a long silence a new session begins; what a person holds or a code proved ends with it.
void renew(Session& session) {
  Session fresh;
  fresh.language = session.language;
  fresh.estate = session.estate;
  if (session.memory.contains("notices")) fresh.memory["notices"] = session.memory["notices"];
  session = std::move(fresh);
}

}  // namespace

TurnResult Engine::run(const Inbound& message, const Understanding& heard, Session& session,
                       Transaction& tx, const std::string& space, bool proven) const {
  if (!expired(session, parts_.rules, tx.now())) {
    if (const auto settled = clarifier_.settle(message, heard, session)) {
      return take(settled->message, settled->heard, session, tx, space, proven);
    }
  }
  return take(message, heard, session, tx, space, proven);
}

TurnResult Engine::take(const Inbound& message, const Understanding& heard, Session& session,
                        Transaction& tx, const std::string& space, bool proven) const {
  Turn turn(message, heard, session, tx, parts_.speech, parts_.directory, parts_.forms, parts_.post,
            parts_.rules, space);
  turn.proven = proven;
  if (proven) turn.staff = parts_.directory.staff_at(space, message.sender);
  const bool first_word = session.last_at == Instant{};  // nothing was ever written before
  begin(turn);
  const Outcome outcome = respond(turn);
  TurnResult result;
  result.silent = outcome == Outcome::handed_over && turn.replies.empty();
  if (turn.replies.empty() && !result.silent) turn.say("system.wordless");
  greet(turn, first_word);
  session.last_at = turn.now();
  result.replies = std::move(turn.replies);
  result.actions = std::move(turn.actions);
  result.masked_text = std::move(turn.masked_text);
  return result;
}

TurnResult Engine::apologise(const Inbound& message, const Understanding& heard, Session& session,
                             Transaction& tx, const std::string& space) const {
  Turn turn(message, heard, session, tx, parts_.speech, parts_.directory, parts_.forms, parts_.post,
            parts_.rules, space);
  follow_language(session, heard);
  session.stack.clear();
  turn.say("error.apology");
  hand_over(turn, "error");
  session.last_at = turn.now();
  return {std::move(turn.replies), std::move(turn.actions), {}, false};
}

// "Tom" to the question for a name tells no language.
bool Engine::may_be_just_a_name(const Turn& turn) const {
  constexpr std::ptrdiff_t spaces_max = 2;
  if (turn.session.stack.empty() || turn.heard.language != Language::en) return false;
  const FormFrame& frame = turn.session.stack.back();
  const FormSpec* form = parts_.forms.find(frame.form);
  const SlotSpec* asked = form == nullptr ? nullptr : form->slot(frame.requested);
  const std::string_view said = trim(turn.heard.text);
  return asked != nullptr && (asked->type == "person" || asked->type == "text") &&
         std::count(said.begin(), said.end(), ' ') <= spaces_max;
}

void Engine::begin(Turn& turn) const {
  Session& session = turn.session;
  if (expired(session, parts_.rules, turn.now())) renew(session);
  if (!may_be_just_a_name(turn)) follow_language(session, turn.heard);
  if (!turn.message.estate.empty()) {
    const auto known = parts_.directory.estates();
    if (std::find(known.begin(), known.end(), turn.message.estate) != known.end()) {
      session.estate = turn.message.estate;
    }
  }
  // Verification ends after its minutes of silence; a message within them keeps it alive.
  if (session.verified) {
    if (session.verified->until <= turn.now())
      session.verified.reset();
    else
      session.verified->until = turn.now() + std::chrono::minutes(parts_.rules.verified_minutes);
  }
}

Outcome Engine::respond(Turn& turn) const {
  for (Dialog* dialog : parts_.dialogs) {
    const Outcome outcome = dialog->intercept(turn);
    if (outcome == Outcome::handed_over) return outcome;
    if (outcome == Outcome::answered) return advance(turn);
  }
  const std::string lowered = reading(turn.heard);
  if (trim(turn.heard.text).empty() && turn.message.attachments.empty()) {
    turn.say("empty");
    return Outcome::answered;
  }
  if (!turn.session.stack.empty()) {
    FormFrame& frame = turn.session.stack.back();
    if (const FormSpec* form = parts_.forms.find(frame.form)) return form_step(turn, frame, *form);
    turn.session.stack.pop_back();  // a form that was taken out of the configuration meanwhile
  }
  if (trim(turn.heard.text).empty() && turn.session.stack.empty()) {  // a picture alone
    turn.say("wordless");
    return Outcome::answered;
  }
  if (is_just(lowered, parts_.words.repeat) && !turn.session.last_question.empty()) {
    turn.say("repeat.prefix");
    turn.say_text(turn.session.last_question);
    return Outcome::answered;
  }
  if (was_submitted(turn)) {
    turn.say("form.submitted");
    return Outcome::answered;
  }
  if (amend_last(turn)) return Outcome::answered;
  const bool no_matter = parts_.forms.by_intent(turn.heard.intent) == nullptr;
  if (no_matter && asks_to_wait(turn)) {
    turn.say("form.wait");
    return Outcome::answered;
  }
  if (clarifier_.is_needed(turn)) {
    if (++turn.session.misunderstood >= parts_.rules.misunderstood_max) {
      return hand_over(turn, "misunderstood");
    }
    clarifier_.ask(turn);
    return Outcome::answered;
  }
  const bool guessed = turn.heard.confidence < heard_at_all;
  const Outcome outcome = guessed ? Outcome::not_mine : dispatch(turn, matter_of(turn));
  if (outcome == Outcome::not_mine) return not_understood(turn);
  turn.session.misunderstood = 0;
  return outcome == Outcome::handed_over ? outcome : advance(turn);
}

// With nothing asked, who tells home, name and a thing reports it rather than answers.
Intent Engine::matter_of(const Turn& turn) const {
  const auto& ranking = turn.heard.ranking;
  if (ranking.size() < 2 || ranking[0].first != Intent::inform) return turn.heard.intent;
  const auto& [second, confidence] = ranking[1];
  const FormSpec* form = parts_.forms.by_intent(second);
  const bool report =
      form != nullptr && confidence >= second_matter && has_substance(turn.heard, *form);
  return report ? second : turn.heard.intent;
}

Outcome Engine::dispatch(Turn& turn, Intent intent) const {
  const std::size_t waiting = turn.session.waiting.size();
  note_further(turn, intent);
  const Outcome outcome = speak_of(turn, intent);
  if (outcome == Outcome::not_mine) turn.session.waiting.resize(waiting);
  return outcome;
}

Outcome Engine::speak_of(Turn& turn, Intent intent) const {
  for (Dialog* dialog : parts_.dialogs) {
    const auto intents = dialog->intents();
    if (std::find(intents.begin(), intents.end(), intent) == intents.end()) continue;
    const Outcome outcome = dialog->answer(turn);
    if (outcome != Outcome::not_mine) {
      turn.actions.push_back(std::string(dialog->id()) + "_" + std::string(to_string(intent)));
      return outcome;
    }
  }
  if (const FormSpec* form = parts_.forms.by_intent(intent)) return open(turn, *form);
  return Outcome::not_mine;
}

Outcome Engine::open(Turn& turn, const FormSpec& asked) const {
  const FormSpec* instead = meant_instead(turn, asked);
  const FormSpec& form = instead != nullptr ? *instead : asked;
  Json extra = Json::object();
  // Who complains is upset, whatever the words.
  if (turn.heard.intent == Intent::file_complaint ||
      contains_any(reading(turn.heard), parts_.words.upset)) {
    extra["upset"] = true;
  }
  turn.open_form(form.id, Json::object(), std::move(extra));
  turn.actions.push_back(form.id + "_form");
  return Outcome::answered;  // advance() fills it from the message and asks
}

Outcome Engine::not_understood(Turn& turn) const {
  for (Dialog* dialog : parts_.dialogs) {
    if (dialog->lost(turn)) return Outcome::answered;
  }
  if (++turn.session.misunderstood >= parts_.rules.misunderstood_max) {
    return hand_over(turn, "misunderstood");
  }
  turn.say(turn.session.misunderstood == 1 ? "out_of_scope" : "out_of_scope.again");
  turn.actions.push_back("fallback");
  return Outcome::answered;
}

Outcome Engine::hand_over(Turn& turn, std::string_view reason) const {
  turn.session.misunderstood = 0;
  for (Dialog* dialog : parts_.dialogs) {
    const Outcome outcome = dialog->hand_over(turn, reason);
    if (outcome != Outcome::not_mine) return outcome;
  }
  turn.say("error.apology");
  return Outcome::answered;
}

// The first answer of a session greets (R10.1), unless a person or an emergency has the word. Who
// says hello for the first time ever is welcomed, too (R10.2); one who comes with a matter is not
// held up.
void Engine::greet(Turn& turn, bool first_word) const {
  if (turn.session.greeted || turn.replies.empty()) return;
  turn.session.greeted = true;
  const bool urgent =
      std::find(turn.actions.begin(), turn.actions.end(), "emergency") != turn.actions.end();
  const bool greeted = turn.heard.intent == Intent::greet && turn.session.stack.empty();
  if (urgent || turn.staff || (greeted && !first_word)) return;
  const std::string greeting = turn.phrase(greeted ? "welcome" : "greeting");
  turn.replies.front().text =
      greeting + (turn.language() == Language::en ? " " : "") + turn.replies.front().text;
}

}  // namespace huiyin
