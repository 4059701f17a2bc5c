#include "dialogs/desk/desk.h"

#include <algorithm>

#include "bot/talk/words.h"
#include "dialogs/desk/at_desk.h"
#include "dialogs/orders/theirs.h"
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
  if (orders::listed("help todo mine waiting today unfinished late new_order show workload day_of"
                     " complaints_today",
                     command))
    return "";
  if (command == "transfer") return "assign";
  if (command == "infeasible") return "quote";
  if (command == "confirm_return") return "return";
  if (command == "undo_charge") return "correct_charge";
  if (command == "refuse") return "escalate";
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

Outcome Desk::stop(Turn& turn) {
  if (!turn.staff) return Outcome::not_mine;
  return AtDesk(turn, orders_, words_).stop() ? Outcome::answered : Outcome::not_mine;
}

// The command of the message, or the one that a question was asked about, with the answer in it.
std::optional<Command> AtDesk::meant() {
  const Line line(turn_.message.text, words_);
  auto command = read_command(line, words_, role_);
  const auto memory = turn_.session.memory.find(memory_key);
  if (memory == turn_.session.memory.end()) return command;
  const Json asked = *memory;
  turn_.session.memory.erase(memory_key);
  return answered(asked, std::move(command), line);
}

std::optional<Command> AtDesk::answered(const Json& asked, std::optional<Command> command,
                                        const Line& line) {
  Command before;
  before.name = text_of(asked, "command");
  before.rest = text_of(asked, "rest");
  before.implied = flag_of(asked, "implied");
  before.refs = asked.value("refs", std::vector<std::string>());
  before.then = text_of(asked, "then");
  before.then_rest = text_of(asked, "then_rest");
  const std::string step = text_of(asked, "step");
  const bool again = command && command->name == before.name &&
                     (command->refs.empty() || command->refs.size() == 1) && !command->loose;
  if (step == "charge" && (is_just(line.low(), words_.no_charge) || again)) {
    before.sure = true;
    if (again && !command->rest.empty()) before.rest = command->rest;
    return before;
  }
  if (step == "charge" && (!command || command->implied || command->bare) &&
      find_amount(line.low(), words_)) {
    Command charge;
    charge.name = "add_charge";
    charge.refs = before.refs;
    charge.rest = line.as_written(0);
    charge.then = before.name;
    charge.then_rest = before.rest;
    return charge;
  }
  if (step == "sure" && again) {
    before.sure = true;
    return before;
  }
  if (step == "charge" || step == "sure") return command;
  if (is_just(line.low(), words_.never_mind)) {
    before.name.clear();
    return before;
  }
  if (step == "which") {
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
  if (command && !(command->name == "show" && command->refs.size() == 1) && !command->implied &&
      !command->loose) {
    return command;
  }
  if (line.low().empty()) return std::nullopt;
  before.rest = trim(before.rest + " " + line.as_written(0));
  return before;
}

bool AtDesk::is_meant(Command& command) {
  // In a form an answer is more likely than a command, unless an order is named with it.
  if (!turn_.session.stack.empty()) {
    const bool named = !command.refs.empty() && !command.bare;
    const bool looks = only_looks(command.name) && command.name != "help" &&
                       command.name != "show" && command.name != "new_order";
    // The word alone, and there is an order for it.
    const bool meant = command.refs.empty() && command.rest.empty() && !command.soft &&
                       !only_looks(command.name) && !candidates(command).empty();
    if (command.implied || command.loose || (!named && !looks && !meant)) return false;
  }
  if (command.loose) {
    // A number at the end may be a home, a telephone or an hour; so may a clause be another's.
    for (const char* kind : {"unit", "phone", "time", "order"}) {
      if (command.implied && turn_.heard.first(kind) != nullptr) return false;
    }
    if (command.refs.empty() && at_work().empty()) return false;
  }
  if (command.implied && open_of_mine(1).empty()) return false;
  if (command.implied && candidates(command).empty()) return false;
  if (command.soft && command.refs.empty() && candidates(command).empty()) {
    return command.name == "complete" && !open_of_mine(1).empty();
  }
  // A resident's word as well: who reported something themselves may mean that.
  if (command.name == "cancel" && command.refs.empty()) {
    return orders::open_theirs(turn_).empty() && role_.has("cancel");
  }
  return true;
}

bool AtDesk::take(Command command) {
  if (command.name.empty()) {
    say("desk.dropped");
    return true;
  }
  if (!is_meant(command)) return false;
  if (command.name == "show" && command.refs.empty()) command.name = "todo";
  if (!is_for_role(command)) return true;
  if (command.name == "help") {
    help(command.refs.empty() ? 1 : std::atoi(command.refs.front().c_str()));
    return true;
  }
  if (command.name == "new_order") {
    say("desk.new_order");
    return true;
  }
  if (orders::listed("workload day_of complaints_today", command.name)) {
    overview(command);
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
  for (const auto& order : orders) do_to(command, order, through, alone);
  if (!alone && !through.empty()) {
    std::string all;
    for (const auto& one : through) all += (all.empty() ? "" : "、") + label(one);
    say("desk.did_several",
        {{"what", words_.commands.find(command.name)->second.label(turn_.language())},
         {"list", all}});
  }
  if (command.name == "return") tell_returned(through);
  if (!command.then.empty() && !through.empty()) {
    for (auto& reply : turn_.replies) reply.buttons.clear();  // what they offered is done next
    Command next;
    next.name = command.then;
    next.rest = command.then_rest;
    next.refs = {through.front().number};
    next.sure = true;
    return take(std::move(next));
  }
  return true;
}

void AtDesk::do_to(Command& command, const Order& order, std::vector<Order>& through, bool alone) {
  if (command.name == "show") return show(order);
  if (command.name == "reschedule") return reschedule(command, order);
  if (command.name == "put_off") return put_off(command, order);
  if (command.name == "refuse") return no_refusal(order);
  if (command.name == "agree" && order.state == "arrived" && can(command, order)) {
    return agreed_on_site(order, *orders::open_offer(turn_.tx.read(), order));
  }
  if (const auto steps = this->steps(command, order)) {
    if (act(command, order, *steps, alone)) through.push_back(order);
  }
}

bool AtDesk::is_for_role(const Command& command) {
  if (role_.has(command.name)) return true;
  forbidden(command);
  return false;
}

// What the role may say, what can be done now to its open orders in front; a message that is paid
// by its length shows a part of it.
void AtDesk::help(int page) {
  constexpr int looked_at = 5;
  constexpr std::size_t shown_by_sms = 10, shown_by_chat = 100;
  std::vector<std::string> names = role_.commands;
  const auto open = open_of_mine(looked_at);
  std::stable_partition(names.begin(), names.end(), [&](const std::string& name) {
    Command command;
    command.name = name;
    return !action_of(name).empty() &&
           std::ranges::any_of(open, [&](const Order& order) { return can(command, order); });
  });
  std::erase(names, "help");
  const std::size_t shown = turn_.message.channel == "rest" ? shown_by_chat : shown_by_sms;
  const std::size_t pages = (names.size() + shown - 1) / shown;
  const std::size_t at = std::min<std::size_t>(static_cast<std::size_t>(std::max(page, 1)),
                                               std::max<std::size_t>(pages, 1));
  std::string all;
  for (std::size_t i = (at - 1) * shown; i < std::min(names.size(), at * shown); ++i) {
    const auto command = words_.commands.find(names[i]);
    if (command == words_.commands.end()) continue;
    all += (all.empty() ? "" : turn_.phrase("desk.semicolon")) +
           command->second.usage(turn_.language(), "1");
  }
  const bool more = at < pages;
  const std::string next = std::to_string(at + 1);
  say(more ? "desk.help_page" : "desk.help", {{"commands", all}, {"page", next}});
  const bool held = orders::listed("front_desk service_supervisor admin", me_.role);
  if (held && !more) say("staff.handover_usage");
}

void AtDesk::say(std::string_view phrase, const Args& args,
                 const std::vector<std::string>& buttons) {
  turn_.say(phrase, args);
  // The phrase offers what may follow; a role sees only what it may do.
  std::erase_if(turn_.replies.back().buttons, [&](const auto& button) {
    const auto command = read_command(Line(button.payload, words_), words_, role_);
    return command && !role_.has(command->name);
  });
  for (const auto& button : buttons) turn_.replies.back().buttons.push_back({button, button});
}

}  // namespace huiyin::desk
