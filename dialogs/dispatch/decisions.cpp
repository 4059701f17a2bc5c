// Supervisors and managers confirm a penalty, let it stand after an appeal, or withdraw it, by chat
// (A-26, R8.18). Who may is said by why_not() alone; the one concerned never may.
#include <charconv>

#include "bot/talk/words.h"
#include "dialogs/dispatch/dispatch.h"
#include "dialogs/orders/policy.h"
#include "store/base/text.h"

namespace huiyin::dispatch {
namespace {

constexpr const char* memory_key = "dispatch";
constexpr int looked_at_max = 100;
constexpr std::size_t waiting_max = 8;

orders::Actor actor_of(const Turn& turn) {
  return {"staff:" + std::to_string(turn.staff->id), turn.staff->role, turn.staff->id,
          turn.message.channel};
}

bool is_of_estate(const StaffRecord& who, const Penalty& penalty) {
  return who.estate.empty() || penalty.estate.empty() || who.estate == penalty.estate;
}

}  // namespace

std::string Dispatch::waiting_lines(Turn& turn, std::vector<std::string>& buttons) const {
  std::string lines;
  if (!deciders.contains(turn.staff->role)) return lines;
  const orders::Actor actor = actor_of(turn);
  std::size_t shown = 0;
  for (const auto& [state, action] :
       {std::pair("proposed", "confirm"), std::pair("appealed", "decide")}) {
    PenaltyFilter filter;
    filter.state = state;
    for (const auto& one : list_penalties(turn.tx.read(), filter, 0, looked_at_max)) {
      if (!is_of_estate(*turn.staff, one) || !why_not(one, action, actor).empty()) continue;
      if (++shown > waiting_max) return lines;
      Args words = penalties_.words_of(one, turn.now());
      const auto staff = turn.directory.staff_by_id(one.staff);
      words["name"] = staff ? staff->name : std::string("—");
      lines += "\n" + turn.phrase("penalty.waiting_line", words);
      const std::string id = std::to_string(one.id);
      const bool first = std::string_view(action) == "confirm";
      buttons.push_back(
          turn.phrase(first ? "penalty.button.confirm" : "penalty.button.uphold", {{"id", id}}));
      buttons.push_back(turn.phrase("penalty.button.withdraw", {{"id", id}}));
    }
  }
  return lines;
}

bool Dispatch::decide(Turn& turn) {
  const std::string_view written = trim(turn.message.text);
  const std::string text = lower_ascii(written);
  for (const auto& [how, words] :
       {std::pair<std::string_view, const std::vector<std::string>*>{"confirm", &words_.confirm},
        {"uphold", &words_.uphold},
        {"withdraw", &words_.withdraw}}) {
    std::size_t longest = 0;
    for (const auto& word : *words) {
      if (text.starts_with(word)) longest = std::max(longest, word.size());
    }
    if (longest == 0) continue;
    std::string_view rest = trim(written.substr(longest));
    if (rest.starts_with('#')) rest.remove_prefix(1);
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
    if (error != std::errc{}) {
      if (!rest.empty()) continue;  // "撤销那张单子" is somebody else's
      turn.say("penalty.how_to_decide");
      return true;
    }
    turn.session.memory.erase(memory_key);
    decide(turn, id, how, trim(rest.substr(static_cast<std::size_t>(end - rest.data()))));
    return true;
  }
  return false;
}

// The reason that was asked for; a message that is another command went to its subject before.
bool Dispatch::take_reason(Turn& turn) {
  const auto memory = turn.session.memory.find(memory_key);
  if (memory == turn.session.memory.end()) return false;
  const Json asked = *memory;
  turn.session.memory.erase(memory_key);
  const std::string_view reason = trim(turn.message.text);
  if (reason.empty()) return false;
  decide(turn, int_of(asked, "id"), text_of(asked, "action"), reason);
  return true;
}

void Dispatch::decide(Turn& turn, std::int64_t id, std::string_view how, std::string_view reason) {
  const Args args{{"id", std::to_string(id)}};
  const orders::Actor actor = actor_of(turn);
  const auto penalty = find_penalty(turn.tx.read(), id);
  // Who sees their own only is answered as if another's were not there.
  const bool sees =
      penalty && is_of_estate(*turn.staff, *penalty) &&
      (orders::penalty_overseers.contains(turn.staff->role) || penalty->staff == turn.staff->id);
  if (!sees) return turn.say("penalty.not_found", args);
  const bool appealed = penalty->state == "appealed";
  const std::string_view action = how == "confirm"  ? "confirm"
                                  : how == "uphold" ? "decide"
                                  : appealed        ? "decide"
                                                    : "withdraw";
  if (!why_not(*penalty, action, actor).empty()) return turn.say("penalty.not_yours", args);
  if (state_allows(*penalty, action) && action != "confirm" && reason.empty()) {
    turn.say("penalty.ask_reason", args);
    turn.memory(memory_key) = {{"id", id}, {"action", how}};
    return;
  }
  const Json body = {{"uphold", how == "uphold"}, {"note", reason}};
  if (const auto done = penalties_.act(turn.tx, id, action, body, actor); done) {
    Args words = penalties_.words_of(*done, turn.now());
    return turn.say("penalty.done", words);
  }
  turn.say("penalty.no_longer", penalties_.words_of(*penalty, turn.now()));
}

}  // namespace huiyin::dispatch
