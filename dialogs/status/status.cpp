#include "dialogs/status/status.h"

#include "bot/talk/which_day.h"
#include "dialogs/orders/theirs.h"
#include "store/base/money.h"
#include "store/base/text.h"

namespace huiyin::status {
namespace {

using orders::actor_of;
using orders::may_see;
using orders::named_theirs;
using orders::open_theirs;
using orders::Order;

constexpr const char* memory_key = "status";
constexpr std::size_t note_code_points_max = 2'000;  // of what they said with it

// "门锁那个改到后天" while another thing is reported: the one that is recorded.
bool names_another(const Turn& turn, const orders::Catalogue& catalogue) {
  const Entity* entity = turn.heard.first("item");
  if (entity == nullptr) return false;
  const auto* item = catalogue.find(entity->text);
  const std::string named = item != nullptr ? item->name : entity->text;
  const FormFrame& at_hand = turn.session.stack.back();
  const std::string described = text_of(at_hand.extra, "item") + at_hand.text("description");
  const auto* own = catalogue.find(described);
  if ((own != nullptr && own->name == named) || described.find(entity->text) != std::string::npos) {
    return false;
  }
  const auto open = open_theirs(turn);
  return std::any_of(open.begin(), open.end(),
                     [&](const Order& order) { return order.item == named; });
}

// Yes, no or neither, as an answer to "really cancel?"; its buttons count as they are.
std::optional<bool> answer_of(const Turn& turn, const std::vector<std::string>& keep) {
  const auto buttons = turn.speech.buttons("status.cancel_confirm", turn.language(),
                                           {{"number", std::string()}}, turn.moment());
  const std::string_view text = trim(turn.heard.text);
  for (std::size_t i = 0; i < buttons.size(); ++i) {
    if (text == buttons[i].first || text == buttons[i].second) return i == 0;
  }
  if (turn.heard.yes_no) return turn.heard.yes_no;
  if (contains_any(reading(turn.heard), keep)) return false;
  // "嗯取消": said once more it is meant.
  if (turn.heard.intent == Intent::cancel && turn.heard.first("order") == nullptr) return true;
  if (turn.heard.intent == Intent::affirm) return true;
  if (turn.heard.intent == Intent::deny) return false;
  return std::nullopt;
}

}  // namespace

Outcome StatusDialog::intercept(Turn& turn) {
  const auto memory = turn.session.memory.find(memory_key);
  if (memory == turn.session.memory.end()) return amid_a_form(turn);
  const Json pending = *memory;
  turn.session.memory.erase(memory_key);
  const std::string step = text_of(pending, "step"), number = text_of(pending, "number");
  if (step == "confirm") {
    const auto yes = answer_of(turn, words_.keep);
    if (!yes) return Outcome::not_mine;
    if (*yes)
      cancel(turn, number, text_of(pending, "note"));
    else
      turn.say("status.kept", {{"number", number}});
    return Outcome::answered;
  }
  if (step == "which") {
    bool named = false;
    auto order = named_theirs(turn, named);
    if (!named) return Outcome::not_mine;
    if (order)
      handle(turn, text_of(pending, "what"), *std::move(order), text_of(pending, "note"));
    else
      turn.say("status.not_yours");
    return Outcome::answered;
  }
  if (step == "time") {
    auto order = orders::find(turn.tx.read(), number);
    if (!order || !may_see(turn, *order)) return Outcome::not_mine;
    return reschedule_as_told(turn, *order) ? Outcome::answered : Outcome::not_mine;
  }
  return Outcome::not_mine;
}

Outcome StatusDialog::amid_a_form(Turn& turn) {
  if (turn.session.stack.empty()) return Outcome::not_mine;
  if (turn.heard.first("order") == nullptr && !names_another(turn, orders_.catalogue())) {
    return Outcome::not_mine;
  }
  switch (turn.heard.intent) {
    case Intent::ask_status:
    case Intent::urge:
    case Intent::cancel:
    case Intent::reschedule:
      return answer(turn);
    default:
      return Outcome::not_mine;
  }
}

Outcome StatusDialog::answer(Turn& turn) {
  const std::string what(to_string(turn.heard.intent));
  bool named = false;
  if (auto order = named_theirs(turn, named); named) {
    if (order)
      handle(turn, what, *std::move(order), turn.message.text);
    else
      turn.say("status.not_yours");
    return Outcome::answered;
  }
  auto open = open_theirs(turn);
  orders::narrow(turn, orders_.catalogue(), open);
  if (open.empty()) {
    // What is done already is told once more, so that nobody is left without an answer.
    auto last = turn.proven && turn.heard.intent == Intent::ask_status
                    ? orders::latest_of_conversation(turn.tx.read(), turn.conversation())
                    : std::nullopt;
    if (last)
      tell(turn, *last);
    else
      turn.say("status.none");
    return Outcome::answered;
  }
  if (open.size() == 1) {
    handle(turn, what, std::move(open.front()), turn.message.text);
    return Outcome::answered;
  }
  turn.say("status.list_intro", {{"count", static_cast<std::int64_t>(open.size())}});
  for (const auto& order : open) tell(turn, order);
  if (turn.heard.intent != Intent::ask_status) {
    turn.say("status.which");
    turn.memory(memory_key) = {{"step", "which"}, {"what", what}, {"note", turn.message.text}};
  }
  return Outcome::answered;
}

void StatusDialog::handle(Turn& turn, std::string_view what, Order order, const std::string& note) {
  if (what == "cancel") return ask_cancel(turn, order, note);
  if (what == "reschedule") return reschedule(turn, std::move(order));
  if (what == "urge" && order.live) {
    orders_.urge(turn.tx, order, actor_of(turn), note);
    turn.say("status.urged", {{"number", order.number}});
    return;
  }
  tell(turn, order);
}

void StatusDialog::ask_cancel(Turn& turn, const Order& order, const std::string& note) {
  const orders::Action* action = orders::find_action("cancel");
  const bool can = orders::may(*action, actor_of(turn), order) &&
                   orders::find_move(order, false, "cancel") != nullptr;
  if (!can) return refuse(turn, "status.cannot_cancel", order);
  turn.say("status.cancel_confirm", {{"number", order.number}});
  turn.memory(memory_key) = {{"step", "confirm"},
                             {"number", order.number},
                             {"note", first_code_points(note, note_code_points_max)}};
}

void StatusDialog::cancel(Turn& turn, const std::string& number, const std::string& note) {
  const auto order = orders::find(turn.tx.read(), number);
  if (!order || !may_see(turn, *order)) {
    turn.say("status.not_yours");
    return;
  }
  const auto done = orders_.act(turn.tx, number, "cancel", {{"note", note}}, actor_of(turn));
  // It may have moved on while the resident was thinking.
  if (!done) return refuse(turn, "status.cannot_cancel", *order);
  turn.say("status.cancelled", {{"number", number}});
}

void StatusDialog::reschedule(Turn& turn, Order order) {
  if (!orders::may_reschedule(actor_of(turn), order)) {
    return refuse(turn, "status.may_not_reschedule", order);
  }
  if (!orders::can_reschedule(order)) return refuse(turn, "status.cannot_reschedule", order);
  if (reschedule_as_told(turn, order)) return;
  turn.say("status.ask_new_time");
  turn.memory(memory_key) = {{"step", "time"}, {"number", order.number}};
}

bool StatusDialog::reschedule_as_told(Turn& turn, Order& order) {
  // "从明天十点改到后天十点": the last one told is the new one.
  const Entity* told = nullptr;
  int times = 0;
  for (const auto& entity : turn.heard.entities) {
    if (entity.kind != "time") continue;
    told = &entity;
    ++times;
  }
  // "明天没人，换一天": the one time told is the one that does not suit.
  if (times == 1 && contains_any(lower_ascii(turn.heard.text), words_.another_time)) return false;
  const FormSpec* form = turn.forms.find("repair");
  const SlotSpec* slot = form == nullptr ? nullptr : form->slot("time");
  if (told == nullptr && refuse_impossible_date(turn, words_)) {
    turn.memory(memory_key) = {{"step", "time"}, {"number", order.number}};
    return true;
  }
  const bool soon =
      told == nullptr && slot != nullptr && contains_any(lower_ascii(turn.heard.text), slot->asap);
  const auto range = told == nullptr ? std::nullopt : time_range(told->value);
  if (!range && !soon) return false;
  if (!orders::can_reschedule(order)) {
    refuse(turn, "status.cannot_reschedule", order);
    return true;
  }
  std::optional<orders::Appointment> appointment;
  if (range) {
    if (range->to.value_or(range->from + std::chrono::minutes(1)) <= turn.now()) {
      turn.say("form.past_time");
      turn.memory(memory_key) = {{"step", "time"}, {"number", order.number}};
      return true;
    }
    appointment = orders::Appointment{range->from, range->to};
  }
  if (!orders_.reschedule(turn.tx, order, appointment, actor_of(turn),
                          {{"note", turn.kept_text()}})) {
    refuse(turn, "status.may_not_reschedule", order);
    return true;
  }
  turn.say("status.rescheduled",
           {{"number", order.number},
            {"time", orders_.time_for_people(order, turn.language(), turn.now())}});
  return true;
}

void StatusDialog::tell(Turn& turn, const Order& order) {
  const std::string kind(to_string(order.kind));
  const std::string state = order.state == "quoted" && order.agreed_at ? "agreed" : order.state;
  const std::string own = "where." + kind + "." + state;
  const auto holder = turn.directory.staff_by_id(order.assignee);
  const Args args{{"who", holder ? holder->name : turn.phrase("order.somebody")},
                  {"time", orders_.time_for_people(order, turn.language(), turn.now())},
                  {"amount", yuan(order.quote_fen.value_or(0))}};
  turn.say("status.one",
           {{"number", order.number},
            {"kind", turn.phrase("kind." + kind)},
            {"where", turn.phrase(turn.speech.has(own) ? own : "where." + state, args)}});
}

void StatusDialog::refuse(Turn& turn, std::string_view phrase, const Order& order) {
  turn.say(phrase, {{"number", order.number}, {"state", turn.phrase("state." + order.state)}});
}

}  // namespace huiyin::status
