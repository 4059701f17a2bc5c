#include "dialogs/desk/desk.h"

#include "bot/talk/words.h"
#include "dialogs/desk/at_desk.h"
#include "store/base/text.h"

namespace huiyin::desk {
namespace {

constexpr const char* memory_key = "desk";

bool only_looks(std::string_view command) {
  return action_of(command).empty();
}

}  // namespace

Outcome Desk::intercept(Turn& turn) {
  if (!turn.staff) return Outcome::not_mine;
  return AtDesk(turn, orders_, words_).run() ? Outcome::answered : Outcome::not_mine;
}

AtDesk::AtDesk(Turn& turn, orders::Orders& orders, const DeskWords& words)
    : turn_(turn),
      orders_(orders),
      words_(words),
      me_(*turn.staff),
      actor_{"staff:" + std::to_string(me_.id),
             me_.role,
             me_.id,
             turn.message.channel,
             {},
             me_.estate},
      role_(words.role(me_.role)) {}

std::string_view action_of(std::string_view command) {
  if (orders::listed("help todo mine waiting today unfinished late new_order show", command))
    return "";
  if (command == "transfer") return "assign";
  if (command == "infeasible") return "quote";
  if (command == "confirm_return") return "return";
  if (command == "reschedule") return "escalate";  // who may speak for the order
  const auto* action = orders::find_action(command);
  return action == nullptr ? std::string_view() : action->name;
}

Outcome Desk::answer(Turn& turn) {
  if (!turn.staff) return Outcome::not_mine;
  AtDesk(turn, orders_, words_).help();
  return Outcome::answered;
}

bool Desk::lost(Turn& turn) {
  if (!turn.staff) return false;
  turn.say("staff.unknown_command");
  turn.actions.push_back("fallback");
  return true;
}

bool AtDesk::run() {
  const auto command = meant();
  if (!command || !take(*command)) return false;
  turn_.session.misunderstood = 0;
  turn_.actions.push_back("desk_" + command->name);
  return true;
}

// The command of the message, or the one that a question was asked about, with the answer in it.
std::optional<Command> AtDesk::meant() {
  const Line line(turn_.message.text, words_);
  auto command = read_command(line, words_, role_);
  const auto memory = turn_.session.memory.find(memory_key);
  if (memory == turn_.session.memory.end()) return command;
  const Json asked = *memory;
  turn_.session.memory.erase(memory_key);
  Command before;
  before.name = text_of(asked, "command");
  before.rest = text_of(asked, "rest");
  before.implied = flag_of(asked, "implied");
  before.refs = asked.value("refs", std::vector<std::string>());
  if (is_just(line.low(), words_.never_mind)) {
    before.name.clear();
    return before;
  }
  const bool which = text_of(asked, "step") == "which";
  if (which) {
    if (command && command->name == "show") {
      before.refs = command->refs;
      return before;
    }
    // "完成 2" to "which one?": what was told with the first message stands.
    if (command && command->name == before.name && command->rest.empty()) {
      command->rest = before.rest;
    }
    return command;
  }
  if (command && !(command->name == "show" && command->refs.size() == 1) && !command->implied) {
    return command;
  }
  if (line.low().empty()) return std::nullopt;
  before.rest = trim(before.rest + " " + line.as_written(0));
  return before;
}

bool AtDesk::take(Command command) {
  if (command.name.empty()) {
    say("desk.dropped");
    return true;
  }
  // In a form an answer is more likely than a command, unless an order is named with it.
  if (!turn_.session.stack.empty()) {
    const bool named = !command.refs.empty() && !command.bare;
    const bool looks = only_looks(command.name) && command.name != "help" &&
                       command.name != "show" && command.name != "new_order";
    // The word alone, and there is an order for it.
    const bool meant = command.refs.empty() && command.rest.empty() && !command.soft &&
                       !only_looks(command.name) && !candidates(command).empty();
    if (command.implied || (!named && !looks && !meant)) return false;
  }
  if (command.name == "show" && command.refs.empty()) return false;
  if (command.implied && (me_.role != "technician" || candidates(command).empty())) return false;
  if (command.soft && command.refs.empty() && candidates(command).empty()) return false;
  // A resident's word as well; without an order's number it is asked back by who shows orders.
  if (command.name == "cancel" && command.refs.empty()) return false;
  if (!is_for_role(command)) return true;
  if (command.name == "help") {
    help();
    return true;
  }
  if (command.name == "new_order") {
    say("desk.new_order");
    return true;
  }
  if (only_looks(command.name) && command.name != "show") {
    list(command);
    return true;
  }
  sort_out(command);
  const auto orders = targets(command);
  const bool alone = orders.size() == 1;
  std::vector<Order> through;
  for (const auto& order : orders) {
    if (command.name == "show") {
      show(order);
    } else if (command.name == "reschedule") {
      reschedule(command, order);
    } else if (command.name == "agree" && order.state == "arrived" && can(command, order)) {
      agreed_on_site(order, *orders::open_offer(turn_.tx.read(), order));
    } else if (const auto steps = this->steps(command, order)) {
      if (act(command, order, *steps, alone)) through.push_back(order);
    }
  }
  if (!alone && !through.empty()) {
    std::string all;
    for (const auto& one : through) all += (all.empty() ? "" : "、") + label(one);
    say("desk.did_several",
        {{"what", words_.commands.find(command.name)->second.label(turn_.language())},
         {"list", all}});
  }
  if (command.name == "return") tell_returned(through);
  return true;
}

bool AtDesk::is_for_role(const Command& command) {
  if (role_.has(command.name)) return true;
  forbidden(command);
  return false;
}

void AtDesk::help() {
  std::string all;
  for (const auto& name : role_.commands) {
    const auto command = words_.commands.find(name);
    if (command == words_.commands.end() || name == "help") continue;
    const bool english = turn_.language() == Language::en;
    all += (all.empty() ? ""
            : english   ? "; "
                        : "；") +
           command->second.usage(turn_.language(), "1");
  }
  say("desk.help", {{"commands", all}});
  const auto held = orders::listed("front_desk service_supervisor admin", me_.role);
  if (held) say("staff.handover_usage");
}

void AtDesk::say(std::string_view phrase, const Args& args,
                 const std::vector<std::string>& buttons) {
  turn_.say(phrase, args);
  for (const auto& button : buttons) turn_.replies.back().buttons.push_back({button, button});
}

}  // namespace huiyin::desk
