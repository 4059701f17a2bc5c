// What a command says beside the order: to whom, how much, what was found. What is missing is asked
// for; what cannot be is refused exactly.
#include <algorithm>
#include <limits>

#include "dialogs/desk/at_desk.h"
#include "store/base/money.h"
#include "store/base/text.h"

namespace huiyin::desk {
namespace {

constexpr const char* memory_key = "desk";
constexpr std::size_t names_shown_max = 8;

// Takes off what the text begins with, and the marks behind it.
bool take_off(std::string& text, const std::vector<std::string>& words, const DeskWords& all) {
  const Line line(text, all);
  const std::size_t bytes = begins_with(line.low(), words);
  if (bytes == 0) return false;
  text = line.as_written(bytes);
  static const std::vector<std::string> marks{",", ":", "，", "：", "、", "；", ";"};
  while (begins_with(text, marks) > 0) text.erase(0, begins_with(text, marks));
  text = trim(text);
  return true;
}

// A name without its titles: "李工", "李师傅" and "老李" are all "李".
std::string bare_name(std::string name, const std::vector<std::string>& titles) {
  for (bool again = true; again;) {
    again = false;
    for (const auto& title : titles) {
      if (name.size() <= title.size()) continue;
      if (name.ends_with(title)) {
        name.resize(name.size() - title.size());
        again = true;
      } else if (name.starts_with(title)) {
        name.erase(0, title.size());
        again = true;
      }
    }
  }
  return name;
}

bool is_work(const orders::Order& order) {
  return order.kind != orders::Kind::complaint;
}

}  // namespace

// The steps in between that leave no doubt are done by themselves, each with its own line of
// history: who reports the end of the work has begun it (never: that he took the order, that he is
// there); who names a price has taken the sheet for review (R5.12); who confirms a sheet that the
// repairer did not announce has received it (R5.21).
std::vector<std::string_view> AtDesk::chain(const std::string& command, const Order& order) const {
  const bool complaint = order.kind == orders::Kind::complaint;
  if (command == "complete") {
    if (order.state == "arrived" && order.kind != orders::Kind::task) return {"start", "complete"};
    if (complaint && order.state == "assigned") return {"start", "complete"};
    return {"complete"};
  }
  if (command == "quote" || command == "infeasible") {
    if (orders::listed("recorded notified", order.state)) return {"review", "quote"};
    return {"quote"};
  }
  if (command == "assign" || command == "transfer") {
    const bool held = orders::listed("assigned accepted arrived in_progress", order.state);
    return {held ? std::string_view("transfer") : std::string_view("assign")};
  }
  if (command == "confirm_return") {
    if (order.state == "returned") return {"sign"};
    return {"return", "sign"};
  }
  const auto* action = orders::find_action(command == "undo_charge" ? "correct_charge" : command);
  if (action == nullptr) return {};
  return {action->name};
}

// "李工 1", "1 给李工": the number may stand behind the name.
void AtDesk::sort_out(Command& command) const {
  const bool to_whom = command.name == "assign" || command.name == "transfer";
  if (!to_whom && command.name != "sign") return;
  if (to_whom) take_off(command.rest, words_.to, words_);
  if (!command.refs.empty()) return;
  if (const std::string ref = take_last_ref(command.rest, words_); !ref.empty()) {
    command.refs.push_back(ref);
  }
}

std::optional<std::vector<AtDesk::Step>> AtDesk::steps(Command& command, const Order& order) {
  // "审核 1 能修 120元", "审核 1 不能修 没有配件"
  if (command.name == "review") {
    if (take_off(command.rest, words_.infeasible, words_))
      command.name = "infeasible";
    else if (take_off(command.rest, words_.feasible, words_) ||
             find_amount(Line(command.rest, words_).low(), words_))
      command.name = "quote";
  }
  std::vector<Step> out;
  for (const auto action : chain(command.name, order)) out.push_back({action});
  if (out.empty()) return std::nullopt;
  // What is not allowed now is refused before anything is asked for or done.
  const bool charges = has_charges(order);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto* action = orders::find_action(out[i].action);
    const bool moves = i > 0 || orders::find_move(order, charges, out[i].action) != nullptr;
    if (!moves || !orders::may(*action, actor_, order)) return std::vector<Step>{out[i]};
  }
  if (out.size() == 1 && out.back().action == "sign" && order.state != "completed" &&
      command.rest.empty() && has_signed(order)) {
    say("desk.signed_already", facts(order));
    return std::nullopt;
  }
  if (asks_charge(command, order) || asks_what_filing_needs(command, order)) return std::nullopt;
  if (!fill(command, order, out)) return std::nullopt;
  return out;
}

bool AtDesk::fill(const Command& command, const Order& order, std::vector<Step>& steps) {
  const std::string& name = command.name;
  Json& body = steps.back().body;
  if (steps.front().action == "review") steps.front().body["feasible"] = name != "infeasible";
  if (name == "assign" || name == "transfer") return fill_assignee(command, order, body);
  if (name == "review") {
    if (!command.rest.empty()) body["note"] = command.rest;
    return true;
  }
  if (name == "quote") return fill_amount(command, order, body);
  if (name == "infeasible") {
    body["feasible"] = false;
    return fill_note(command, order, "desk.ask.reason", body);
  }
  if (name == "add_charge") return fill_charges(command, order, steps);
  if (name == "correct_charge") return fill_correction(command, order, body);
  if (name == "verify_material") return fill_material(command, order, body);
  if (name == "classify") return fill_severity(command, order, body);
  if (name == "sign") return fill_signature(command, order, body);
  if (name == "merge") return fill_merge(command, order, body);
  if (name == "confirm_return") {
    body = {{"by", me_.name}, {"role", me_.role}, {"method", "chat"}};
    return true;
  }
  if (name == "decline") {
    if (!fill_note(command, order, "desk.ask.reason", body)) return false;
    // Both sign (R5.15): here who reports it, the supervisor by a word of their own.
    body["signatures"] = Json::array({{{"by", me_.name}, {"role", me_.role}, {"method", "chat"}}});
    return true;
  }
  if (name == "call_back") {
    body["by"] = me_.id;
    body["method"] = "phone";
    return fill_note(command, order, "desk.ask.call_back", body);
  }
  if (name == "escalate" || name == "cancel") {
    return fill_note(command, order, "desk.ask.reason", body);
  }
  if (name == "progress") return fill_note(command, order, "desk.ask.progress", body);
  if (name == "reply") return fill_note(command, order, "desk.ask.reply", body);
  if (name == "complete" && order.kind == orders::Kind::task) {  // R8.13: the result is filed
    return fill_note(command, order, "desk.ask.result", body);
  }
  if (!command.rest.empty()) body["note"] = command.rest;
  return true;
}

bool AtDesk::fill_note(const Command& command, const Order& order, std::string_view phrase,
                       Json& body) {
  if (command.rest.empty()) {
    ask_more(command, order, phrase);
    return false;
  }
  body["note"] = command.rest;
  return true;
}

// Staff of the estate that the name fits. Of several the exact name, then technicians where there
// is work to be done by hand.
std::vector<StaffRecord> AtDesk::staff_by_name(const std::string& name, const Order& order) const {
  if (std::find(words_.me.begin(), words_.me.end(), Line(name, words_).low()) != words_.me.end()) {
    return {me_};
  }
  static constexpr std::string_view roles[] = {"technician",
                                               "property_assistant",
                                               "engineering_supervisor",
                                               "front_desk",
                                               "dispatcher",
                                               "service_supervisor",
                                               "centre_manager",
                                               "general_manager",
                                               "finance",
                                               "archivist",
                                               "quality"};
  const std::string said = Line(name, words_).low(), bare = bare_name(name, words_.titles);
  std::vector<StaffRecord> exact, containing, hands, akin, akin_hands;
  for (const auto role : roles) {
    const std::string& estate = order.estate.empty() ? me_.estate : order.estate;
    for (auto& one : turn_.directory.staff(estate, role)) {
      const std::string known = Line(one.name, words_).low();
      if (known == said) exact.push_back(one);
      const bool by_hand = is_work(order) && role == "technician";
      if (known.find(said) != std::string::npos) {
        (by_hand ? hands : containing).push_back(one);
      } else if (bare_name(known, words_.titles).find(bare) != std::string::npos) {
        (by_hand ? akin_hands : akin).push_back(one);
      }
    }
  }
  for (auto* found : {&exact, &hands, &containing, &akin_hands, &akin}) {
    if (!found->empty()) return *found;
  }
  return {};
}

bool AtDesk::fill_assignee(const Command& command, const Order& order, Json& body) {
  std::string name = command.rest;
  const auto everybody = [&] {
    std::vector<StaffRecord> out =
        turn_.directory.staff(order.estate, is_work(order) ? "technician" : "property_assistant");
    return out;
  };
  const CommandWords& words = words_.commands.find(command.name)->second;
  const auto buttons_of = [&](const std::vector<StaffRecord>& people) {
    std::vector<std::string> buttons;
    for (const auto& one : people) {
      if (buttons.size() == names_shown_max) break;
      buttons.push_back(words.button(turn_.language(), label(order)) + " " + one.name);
    }
    return buttons;
  };
  if (name.empty()) {
    ask_more(command, order, "desk.ask.who", buttons_of(everybody()));
    return false;
  }
  auto found = staff_by_name(name, order);
  if (found.empty()) {
    Command again = command;
    again.rest.clear();
    ask_more(again, order, "desk.who_unknown", buttons_of(everybody()), {{"name", name}});
    return false;
  }
  if (found.size() > 1) {
    Command again = command;
    again.rest.clear();
    ask_more(again, order, "desk.who_several", buttons_of(found), {{"name", name}});
    return false;
  }
  if (found.front().id == order.assignee && order.state == "assigned") {
    auto args = facts(order);
    args["who"] = found.front().name;
    say("desk.has_it", args);
    return false;
  }
  body["assignee"] = found.front().id;
  return true;
}

void AtDesk::keep(const Command& command, const Order& order, std::string_view step) {
  turn_.memory(memory_key) = {
      {"step", step}, {"command", command.name}, {"refs", {order.number}}, {"rest", command.rest}};
}

// R8.14: filing a task without its result, signature or call back costs a fine.
bool AtDesk::asks_what_filing_needs(const Command& command, const Order& order) {
  const bool files = command.name == "archive" && order.kind == orders::Kind::task;
  if (!files || command.sure || order.dispatcher == 0) return false;
  const auto count = [&](store::Sql sql) {
    return turn_.tx.read().value<std::int64_t>(sql, order.id).value_or(0);
  };
  std::string missing;
  std::vector<std::string> buttons;
  const auto lacks = [&](const char* what, const char* by) {
    missing += (missing.empty() ? "" : turn_.phrase("desk.comma")) + turn_.phrase(what);
    const auto it = words_.commands.find(by);
    if (it != words_.commands.end() && role_.has(by)) {
      buttons.push_back(it->second.button(turn_.language(), label(order)));
    }
  };
  if (count("SELECT count(*) FROM order_events WHERE order_id = :o AND action = 'complete'"
            " AND note <> 0") == 0) {
    lacks("desk.missing.result", "");
  }
  if (count("SELECT count(*) FROM order_signatures WHERE order_id = :o AND role = 'customer'") ==
      0) {
    lacks("desk.missing.signature", "sign");
  }
  if (!order.called_back_at) lacks("desk.missing.call_back", "call_back");
  if (missing.empty()) return false;
  buttons.push_back(
      words_.commands.find(command.name)->second.button(turn_.language(), label(order)));
  auto args = facts(order);
  args["missing"] = missing;
  say("desk.ask.filing", args, buttons);
  keep(command, order, "sure");
  return true;
}

bool AtDesk::fill_material(const Command& command, const Order& order, Json& body) {
  std::string rest = command.rest;
  const Verdict* found = nullptr;
  for (const auto& verdict : words_.verdicts) {
    // The verdict may stand in front of what is said of the material, or behind it.
    if (take_off(rest, verdict.words, words_)) {
      found = &verdict;
      break;
    }
    const Line line(rest, words_);
    for (const auto& word : verdict.words) {
      if (found != nullptr || !line.low().ends_with(word)) continue;
      rest = line.as_written(0, line.low().size() - word.size());
      found = &verdict;
    }
    if (found != nullptr) break;
  }
  if (found == nullptr) {
    std::vector<std::string> buttons;
    const std::string start =
        words_.commands.find(command.name)->second.button(turn_.language(), label(order));
    for (const auto& verdict : words_.verdicts) buttons.push_back(start + " " + verdict.verdict);
    ask_more(command, order, "desk.ask.verdict", buttons);
    return false;
  }
  body["by"] = turn_.phrase("desk.material.resident");
  body["verdict"] = found->verdict;
  if (!rest.empty()) body["note"] = rest;
  return true;
}

bool AtDesk::fill_severity(const Command& command, const Order& order, Json& body) {
  std::string rest = command.rest;
  for (const auto& severity : words_.severities) {
    if (take_off(rest, severity.words, words_)) {
      body["severity"] = severity.severity;
      break;
    }
  }
  if (!body.contains("severity")) {
    std::vector<std::string> buttons;
    const std::string start =
        words_.commands.find(command.name)->second.button(turn_.language(), label(order));
    for (const auto& one : words_.severities) buttons.push_back(start + " " + one.words.front());
    ask_more(command, order, "desk.ask.severity", buttons);
    return false;
  }
  if (rest.empty()) {
    ask_more(command, order, "desk.ask.reason");
    return false;
  }
  body["note"] = rest;
  return true;
}

// A name is the customer's, who signed on paper (R5.19); without one a supervisor signs beside it.
bool AtDesk::fill_signature(const Command& command, const Order& order, Json& body) {
  const bool own = orders::listed("engineering_supervisor service_supervisor", me_.role) ||
                   order.state != "completed";
  if (command.rest.empty() && own) {
    body = {{"by", me_.name}, {"role", me_.role}, {"method", "chat"}};
    return true;
  }
  if (command.rest.empty()) {
    std::vector<std::string> buttons;
    if (!order.name.empty()) {
      buttons.push_back(
          words_.commands.find(command.name)->second.button(turn_.language(), label(order)) + " " +
          order.name);
    }
    ask_more(command, order, "desk.ask.signer", buttons);
    return false;
  }
  body = {{"by", command.rest}, {"role", "customer"}, {"method", "paper"}};
  return true;
}

bool AtDesk::fill_merge(const Command& command, const Order& order, Json& body) {
  std::string rest = command.rest;
  take_off(rest, words_.into, words_);
  const auto refs = only_refs(Line(rest, words_), words_);
  if (refs.size() != 1) {
    ask_more(command, order, "desk.ask.into");
    return false;
  }
  const auto into = named(refs.front(), command);
  if (!into) return false;
  body["into"] = into->number;
  return true;
}

void AtDesk::ask_more(const Command& command, const Order& order, std::string_view phrase,
                      const std::vector<std::string>& buttons, Args args) {
  for (auto& [name, value] : facts(order)) args.emplace(name, std::move(value));
  say(phrase, args, buttons);
  turn_.memory(memory_key) = {{"step", "more"},         {"command", command.name},
                              {"refs", {order.number}}, {"rest", command.rest},
                              {"then", command.then},   {"then_rest", command.then_rest},
                              {"implied", false}};
}

}  // namespace huiyin::desk
