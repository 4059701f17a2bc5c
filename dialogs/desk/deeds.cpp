// Doing what a command says, and telling how it ended: what was done with the next steps, or why
// not with what is allowed now.
#include <algorithm>

#include "bot/talk/words.h"
#include "dialogs/desk/at_desk.h"
#include "dialogs/orders/clocks.h"
#include "dialogs/orders/labels.h"
#include "dialogs/orders/short_numbers.h"
#include "store/base/money.h"
#include "store/base/text.h"

namespace huiyin::desk {
namespace {

constexpr std::size_t commands_shown_max = 8;  // of a role, where it gave another's command

std::string_view supervisor_of(const orders::Order& order) {
  return orders::supervisor_of(order.kind);
}

// Which sentence tells that it is done.
std::string phrase_of(const Command& command, const orders::Order& order, const Json& body,
                      bool warn) {
  const std::string& name = command.name;
  const bool complaint = order.kind == orders::Kind::complaint;
  const bool repair = order.kind == orders::Kind::repair;
  if (name == "complete" && complaint) {  // R4.4: only who left a phone is called back (R7.18)
    return order.phone.empty() ? "desk.did.resolve_anonymous" : "desk.did.resolve";
  }
  if (name == "complete" && order.kind == orders::Kind::task) return "desk.did.complete_task";
  if (name == "complete" && !repair) return "desk.did.complete_public";
  if (name == "arrive" && !repair) return "desk.did.arrive_public";
  if (name == "start" && complaint) return "desk.did.start_complaint";
  if (name == "transfer") return "desk.did.assign";
  // R5.14: a price written before the work begins is for the resident to agree to.
  if (name == "add_charge" && order.state == "arrived") return "desk.did.add_charge_onsite";
  if (name == "sign" && text_of(body, "role") != "customer") return "desk.did.sign_own";
  if (name == "verify_material" && warn) return "desk.did.material_failed";
  return "desk.did." + name;
}

}  // namespace

bool AtDesk::act(const Command& command, const Order& order, const std::vector<Step>& steps,
                 bool alone) {
  const bool offered = orders::open_offer(turn_.tx.read(), order).has_value();
  Order now = order;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    const bool again = i + 1 < steps.size() && steps[i + 1].action == step.action;
    auto done = orders_.act(turn_.tx, order.number, step.action, step.body, actor_, again);
    if (!done) {
      refused(command, now, done.error());
      return false;
    }
    now = std::move(*done);
  }
  if (alone) done(command, now, steps, offered);
  follow_up(command, order, now, steps);
  return true;
}

void AtDesk::refused(const Command& command, const Order& order, const orders::Refusal& refusal) {
  const std::string what = words_.commands.find(command.name)->second.label(turn_.language());
  auto args = facts(order);
  args["what"] = what;
  if (refusal.status == 403) {
    const auto* action = orders::find_action(action_of(command.name));
    if (action == nullptr || !orders::role_may(*action, me_.role)) return forbidden(command);
    const auto holder = turn_.directory.staff_by_id(order.assignee);
    args["who"] = holder ? holder->name : std::string();
    return say(holder ? "desk.not_yours" : "desk.not_yours_yet", args);
  }
  if (refusal.status == 404) return say("desk.not_found", {{"number", order.number}});
  if (refusal.status == 400) {
    if (command.name == "merge") return say("desk.bad_into", args);
    args["usage"] =
        words_.commands.find(command.name)->second.usage(turn_.language(), label(order));
    return say("desk.incomplete", args);
  }
  const auto buttons = allowed_buttons(order);
  if (command.name == "complete" && order.state == "accepted" && order.kind != orders::Kind::task &&
      order.assignee == me_.id) {
    return say("desk.refused_arrival", args, buttons);
  }
  const bool unlisted = order.kind == orders::Kind::repair && !order.priced;
  if (buttons.empty()) return say("desk.refused_nothing", args);
  if (action_of(command.name) == "assign" && unlisted &&
      orders::listed("recorded notified", order.state)) {
    return say("desk.refused_unlisted", args, buttons);
  }
  if (command.name == "archive" && has_charges(order) && !order.finance_at) {
    return say("desk.refused_finance", args, buttons);
  }
  say("desk.refused", args, buttons);
}

// The role has nothing to do with such a command: what it may say.
void AtDesk::forbidden(const Command& command) {
  std::string may;
  std::size_t shown = 0;
  for (const auto& name : role_.commands) {
    if (++shown > commands_shown_max) break;
    const auto it = words_.commands.find(name);
    if (it == words_.commands.end()) continue;
    may += (may.empty() ? "" : "、") + it->second.label(turn_.language());
  }
  say("desk.forbidden",
      {{"what", words_.commands.find(command.name)->second.label(turn_.language())}, {"may", may}});
}

void AtDesk::done(const Command& command, const Order& order, const std::vector<Step>& steps,
                  bool offered) {
  const Json& body = steps.back().body;
  auto args = facts(order);
  args["note"] = text_of(body, "note");
  args["by"] = text_of(body, "by");
  args["into"] = text_of(body, "into");
  args["verdict"] = text_of(body, "verdict");
  args["amount"] = yuan(int_of(body, "amount_fen"));
  const orders::Labels labels(turn_.speech, turn_.directory, turn_.language());
  if (command.name == "escalate") {
    const std::string detail = turn_.tx.read()
                                   .value<std::string>(
                                       "SELECT detail FROM order_events WHERE order_id = :o"
                                       " AND action = 'escalate' ORDER BY n DESC LIMIT 1",
                                       order.id)
                                   .value_or("");
    const std::string level = text_of(Json::parse(detail, nullptr, false), "to");
    args["to"] = labels.of("role", level == "supervisor" ? supervisor_of(order) : level);
  }
  if (orders::listed("add_charge correct_charge undo_charge", command.name)) {
    std::string items;
    for (const auto& step : steps) {
      if (!step.body.contains("item")) continue;
      items += (items.empty() ? "" : "、") + text_of(step.body, "item") + " " +
               yuan(int_of(step.body, "amount_fen"));
    }
    args["items"] = items;
    args["total"] = yuan(orders::charged(turn_.tx.read(), order.id).fen);
  }
  if (command.name == "classify") {
    args["severity"] = labels.of("severity", order.severity);
  }
  bool warn = false;
  for (const auto& verdict : words_.verdicts) {
    warn = warn || (verdict.warn && verdict.verdict == text_of(body, "verdict"));
  }
  say(phrase_of(command, order, body, warn), args);
  if (offered && orders::listed("start complete", command.name)) {
    turn_.replies.back().text += turn_.phrase("desk.not_agreed");
  }
  if (orders::listed("accept review complete return", command.name)) {
    const std::string limit = next_limit(order);
    if (!limit.empty()) turn_.replies.back().text += limit;
  }
}

// "请在10:12前到场。": the limit that runs out next, where it is one that people have a word for.
std::string AtDesk::next_limit(const Order& order) const {
  const orders::ClockRecord* next = nullptr;
  std::string label;
  for (const auto& clock : order.clocks) {
    if (clock.ended() || clock.breached || clock.due_at < turn_.now()) continue;
    const auto helper = orders::helper_of(clock.rule);  // whose limit it is
    if (helper != "assignee" && helper != me_.role) continue;
    std::string id = "desk.clock." + clock.rule;
    std::transform(id.begin(), id.end(), id.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (!turn_.speech.has(id) || (next != nullptr && next->due_at <= clock.due_at)) continue;
    next = &clock;
    label = turn_.phrase(id);
  }
  if (next == nullptr) return {};
  const Zone& zone = turn_.directory.profile(order.estate).zone;
  std::string due = turn_.show({next->due_at, std::nullopt, "minute"});
  if (zone.yyyymmdd(next->due_at) == zone.yyyymmdd(turn_.now())) {
    due = zone.rfc3339(next->due_at).substr(11, 5);
  }
  return turn_.phrase("desk.due", {{"due", due}, {"what", label}});
}

// Who else must hear of it, beside those that dialogs/orders tells.
void AtDesk::follow_up(const Command& command, const Order& before, const Order& order,
                       const std::vector<Step>& steps) {
  const Json& body = steps.back().body;
  if (command.name == "decline" && me_.role != supervisor_of(order)) {  // R5.15: both sign
    tell_supervisor(order, "desk.sign_please",
                    {{"who", me_.name}, {"reason", text_of(body, "note")}});
  }
  const bool moved = steps.back().action == "transfer" && before.assignee != order.assignee;
  if (moved && before.assignee != me_.id) {
    if (const auto old = turn_.directory.staff_by_id(before.assignee)) {
      Notice notice;
      notice.template_id = "desk.taken_away";
      notice.args = facts_for(order, old->id);
      notice.order = order.number;
      notice.estate = order.estate;
      turn_.post.to_staff(turn_.tx, *old, std::move(notice));
    }
  }
}

void AtDesk::tell_supervisor(const Order& order, std::string_view phrase, Args args) {
  const std::string_view role = supervisor_of(order);
  const auto hearer = turn_.directory.hearer(order.estate, role);
  for (auto& [name, value] : facts_for(order, hearer ? hearer->id : 0)) {
    args.emplace(name, std::move(value));
  }
  Notice notice;
  notice.template_id = phrase;
  notice.category = "staff";
  notice.args = std::move(args);
  notice.order = order.number;
  notice.estate = order.estate;
  turn_.post.to_role(turn_.tx, role, std::move(notice));
}

// R5.21: the supervisor confirms what the repairer brought; one message however many sheets.
void AtDesk::tell_returned(const std::vector<Order>& returned) {
  if (returned.empty() || me_.role == supervisor_of(returned.front())) return;
  const auto hearer =
      turn_.directory.hearer(returned.front().estate, supervisor_of(returned.front()));
  std::string all;
  for (const auto& order : returned) {
    std::string n = order.number;
    if (hearer) {
      if (const auto given = orders::short_number(turn_.tx.write(), hearer->id, order)) {
        n = std::to_string(given);
      }
    }
    all += (all.empty() ? "" : "、") + n;
  }
  tell_supervisor(returned.front(), "desk.returned", {{"who", me_.name}, {"list", all}});
}

// The resident agreed in person to what was written on site (R5.14).
void AtDesk::agreed_on_site(const Order& order, const orders::Offer& offer) {
  if (orders_.consent(turn_.tx, order, offer, true, actor_, turn_.message.text)) {
    say("desk.did.agree_onsite", facts(order));
  }
}

// R8.9: nobody refuses an order; who cannot do it says why, and the one above decides.
void AtDesk::no_refusal(const Order& order) {
  say("desk.no_refusal", facts(order),
      {words_.commands.find("escalate")->second.button(turn_.language(), label(order))});
}

// The repairer was there and comes again: with the new time where it is told, else the resident is
// asked for one.
void AtDesk::put_off(const Command& command, Order order) {
  if (!orders::listed("arrived in_progress", order.state) || !can(command, order)) {
    return reschedule(command, std::move(order));
  }
  for (const auto& entity : turn_.heard.entities) {
    if (entity.kind == "time") return reschedule(command, std::move(order));
  }
  act(command, order,
      {{"put_off", {{"note", turn_.message.text}, {"because", reason_of_another_visit()}}}}, true);
}

std::string AtDesk::reason_of_another_visit() const {
  const Line line(turn_.message.text, words_);
  return contains_any(line.low(), words_.parts) ? "material" : "absent";
}

void AtDesk::reschedule(const Command& command, Order order) {
  if (!can(command, order)) {
    auto args = facts(order);
    args["what"] = words_.commands.find(command.name)->second.label(turn_.language());
    const bool theirs = orders::may(*orders::find_action("escalate"), actor_, order);
    const auto buttons = allowed_buttons(order);
    if (theirs) {
      return say(buttons.empty() ? "desk.refused_nothing" : "desk.refused", args, buttons);
    }
    const auto holder = turn_.directory.staff_by_id(order.assignee);
    args["who"] = holder ? holder->name : std::string();
    return say(holder ? "desk.not_yours" : "desk.not_yours_yet", args);
  }
  const Entity* told = nullptr;
  for (const auto& entity : turn_.heard.entities) {
    if (entity.kind == "time") told = &entity;  // of two the last one is the new one
  }
  const auto range = told == nullptr ? std::nullopt : time_range(told->value);
  if (!range) return ask_more(command, order, "desk.ask.time");
  if (range->to.value_or(range->from + std::chrono::minutes(1)) <= turn_.now()) {
    return ask_more(command, order, "desk.past_time");
  }
  Json why = Json::object();
  if (orders::listed("arrived in_progress", order.state)) {
    why["note"] = turn_.message.text;
    if (command.name == "put_off") why["because"] = reason_of_another_visit();
  }
  const auto done =
      orders_.reschedule(turn_.tx, order, orders::Appointment{range->from, range->to}, actor_, why);
  if (!done) return refused(command, order, done.error());
  say("desk.did.reschedule", facts(order));
}

}  // namespace huiyin::desk
