// Which order a command means: a short number, the last digits, a full number, or none named and
// only one that it can be done to. All look-ups go by an index and stop at a few rows.
#include <algorithm>

#include "dialogs/desk/at_desk.h"
#include "dialogs/orders/order_list.h"
#include "dialogs/orders/short_numbers.h"

namespace huiyin::desk {
namespace {

constexpr const char* memory_key = "desk";
constexpr int mine_max = 50;        // open orders of one person that are looked at
constexpr int per_state_max = 20;   // newest orders of a state that are looked at
constexpr int everything_max = 50;  // orders that one "全部" moves on
constexpr std::size_t choices_max = 6;
constexpr int tail_days = 14;  // how far back the last four digits alone find an order
constexpr std::size_t short_digits_max = 3;
constexpr std::string_view in_hand = "assigned accepted arrived in_progress";

void add(std::vector<orders::Order>& to, orders::Order order) {
  const auto same = [&](const orders::Order& one) { return one.id == order.id; };
  if (std::none_of(to.begin(), to.end(), same)) to.push_back(std::move(order));
}

// Whether a command that is more than its own action may begin with this one.
bool may_begin(std::string_view command, std::string_view action) {
  if (command == "quote" || command == "infeasible") return action == "review";
  if (command == "transfer") return action == "transfer";
  if (command == "confirm_return") return action == "sign";
  if (command == "complete") return action == "start";
  return false;
}

}  // namespace

bool AtDesk::is_of_my_estate(const Order& order) const {
  return me_.estate.empty() || order.estate.empty() || order.estate == me_.estate;
}

std::vector<orders::Order> AtDesk::at_work() {
  auto out = open_of_mine(mine_max);
  std::erase_if(out, [](const Order& order) {
    return !orders::listed("arrived in_progress", order.state) &&
           !(order.kind == orders::Kind::task && order.state == "accepted");
  });
  return out;
}

std::vector<orders::Order> AtDesk::open_of_mine(int limit) {
  std::vector<Order> out;
  for (const auto& [id] :
       turn_.tx.read().query<std::int64_t>("SELECT id FROM work_orders WHERE assignee = :a AND "
                                           "assignee > 0 AND live = 1 ORDER BY id DESC"
                                           " LIMIT :l",
                                           me_.id, limit)) {
    if (auto order = orders::load(turn_.tx.read(), id)) out.push_back(std::move(*order));
  }
  return out;
}

// Whether the tables let this person give the command to the order as it stands.
bool AtDesk::can(const Command& command, const Order& order) {
  if (!is_of_my_estate(order)) return false;
  if (command.name == "reschedule") {
    return orders::may(*orders::find_action("escalate"), actor_, order) && order.live &&
           order.kind == orders::Kind::repair &&
           orders::listed(
               "recorded notified reviewing quoted assigned accepted arrived in_progress",
               order.state);
  }
  if (command.name == "agree" && order.state == "arrived") {
    return order.assignee == me_.id && orders::open_offer(turn_.tx.read(), order).has_value();
  }
  const bool charges = has_charges(order);
  const auto chain = this->chain(command.name, order);
  if (chain.empty()) return false;
  for (const auto name : chain) {
    const auto* action = orders::find_action(name);
    if (action == nullptr || !orders::may(*action, actor_, order)) return false;
  }
  return orders::find_move(order, charges, chain.front()) != nullptr;
}

// Every order that the command could mean when none is named, newest first.
std::vector<orders::Order> AtDesk::candidates(const Command& command) {
  std::vector<Order> out;
  for (auto& order : open_of_mine(mine_max)) {
    if (can(command, order)) out.push_back(std::move(order));
  }
  const auto* action = orders::find_action(action_of(command.name));
  const bool by_role =
      action != nullptr && (me_.role == "admin" || orders::listed(action->roles, me_.role));
  if (!by_role) return out;
  std::vector<std::string> states;
  for (const auto& move : orders::moves()) {
    if (!may_begin(command.name, move.action) && move.action != action->name) continue;
    for (std::string_view rest = move.from; !rest.empty();) {
      const auto space = rest.find(' ');
      states.emplace_back(rest.substr(0, space));
      rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
    }
  }
  std::sort(states.begin(), states.end());
  states.erase(std::unique(states.begin(), states.end()), states.end());
  const int limit = command.everything ? everything_max : per_state_max;
  for (const auto& state : states) {
    for (const auto& kind : role_.kinds) {
      for (auto& order :
           orders::list(turn_.tx.read(), {kind, state, {}, me_.estate, {}}, 0, limit)) {
        if (can(command, order)) add(out, std::move(order));
      }
    }
  }
  std::erase_if(out, [&](const Order& order) {
    // "派给张伟": what somebody has is meant only with its number, or by 转派.
    if (command.name == "assign") return orders::listed(in_hand, order.state);
    // Who signs beside the customer: only what waits for it.
    if (command.name == "sign" && order.state != "completed") {
      return order.state != "declined" || has_signed(order);
    }
    return false;
  });
  std::sort(out.begin(), out.end(), [](const Order& a, const Order& b) { return a.id > b.id; });
  return out;
}

// Open orders that end with these digits: my own, and those of the last days.
std::vector<orders::Order> AtDesk::by_tail(const std::string& tail) {
  std::vector<Order> out;
  for (auto& order : open_of_mine(mine_max)) {
    if (order.number.ends_with("-" + tail)) out.push_back(std::move(order));
  }
  if (!out.empty()) return out;
  const Zone& zone = turn_.directory.profile(me_.estate).zone;
  for (int day = 0; day < tail_days; ++day) {
    const std::string date = zone.yyyymmdd(turn_.now() - std::chrono::hours(24 * day));
    for (const auto kind : {orders::Kind::repair, orders::Kind::public_fault,
                            orders::Kind::complaint, orders::Kind::task}) {
      auto order =
          orders::find(turn_.tx.read(), std::string(orders::prefix_of(kind)) + date + "-" + tail);
      if (order && order->live && is_of_my_estate(*order)) out.push_back(std::move(*order));
    }
    // The newest day is meant.
    if (!out.empty()) return out;
  }
  return out;
}

std::optional<orders::Order> AtDesk::named(const std::string& ref, const Command& command) {
  std::optional<Order> order;
  if (ref.size() > 4) {
    order = orders::find(turn_.tx.read(), ref);
  } else if (ref.size() <= short_digits_max && ref.front() != '0') {
    order = orders::by_short_number(turn_.tx.read(), me_.id, std::stoll(ref));
  } else {
    std::string tail = ref;
    while (tail.size() < 4) tail.insert(tail.begin(), '0');
    auto found = by_tail(tail);
    if (found.size() > 1) {
      // Those of several kinds share their digits: what can be done tells them apart.
      std::vector<Order> fit;
      for (const auto& one : found) {
        if (command.name == "show" || can(command, one)) fit.push_back(one);
      }
      if (!fit.empty()) found = std::move(fit);
    }
    if (found.size() > 1) {
      ask_which(command, found);
      return std::nullopt;
    }
    if (!found.empty()) order = std::move(found.front());
  }
  if (order && is_of_my_estate(*order)) return order;
  const bool by_short = ref.size() <= short_digits_max && ref.front() != '0';
  say(by_short ? "desk.not_given" : "desk.not_found", {{"number", ref}});
  return std::nullopt;
}

std::vector<orders::Order> AtDesk::targets(const Command& command) {
  std::vector<Order> out;
  for (const auto& ref : command.refs) {
    auto order = named(ref, command);
    if (!order) return {};
    add(out, std::move(*order));
  }
  if (!out.empty()) return out;
  out = candidates(command);
  // "报价 1" on an order that is closed or not in that state names it all the same.
  const bool money = command.name == "quote" || command.name == "add_charge";
  if (out.empty() && money && !command.rest.empty() && command.rest.size() <= short_digits_max &&
      command.rest.find_first_not_of("0123456789") == std::string::npos) {
    auto order = named(command.rest, command);
    if (order) out.push_back(std::move(*order));
    return out;
  }
  if (command.everything || out.size() == 1) {
    if (out.size() > static_cast<std::size_t>(everything_max)) {
      out.resize(static_cast<std::size_t>(everything_max));
    }
    if (out.empty())
      say("desk.nothing_to_do",
          {{"what", words_.commands.find(command.name)->second.label(turn_.language())}});
    return out;
  }
  if (out.empty()) {
    return none_fits(command);
  }
  ask_which(command, out);
  return {};
}

std::vector<orders::Order> AtDesk::none_fits(const Command& command) {
  auto open = open_of_mine(static_cast<int>(choices_max));
  const auto* action = orders::find_action(action_of(command.name));
  if (action != nullptr && orders::listed(action->roles, me_.role)) {
    for (auto& order : listed_orders("unfinished", static_cast<int>(choices_max))) {
      add(open, std::move(order));
    }
  }
  // The refusal says what is allowed there.
  if (open.size() == 1 && !can(command, open.front())) return open;
  const std::string what = words_.commands.find(command.name)->second.label(turn_.language());
  std::string lines;
  std::vector<std::string> buttons;
  std::size_t shown = 0;
  for (const auto& order : open) {
    const auto may = allowed_buttons(order);
    if (may.empty() || ++shown > choices_max) continue;
    lines +=
        "\n" + turn_.phrase("desk.line_may", {{"line", line_of(order)}, {"may", may_of(order)}});
    buttons.push_back(may.front());
  }
  if (lines.empty()) {
    say("desk.nothing_to_do", {{"what", what}});
  } else {
    say("desk.none_fits", {{"what", what}, {"orders", lines}}, buttons);
  }
  return {};
}

void AtDesk::ask_which(const Command& command, const std::vector<Order>& orders) {
  const CommandWords& words = words_.commands.find(command.name)->second;
  std::string lines;
  std::vector<std::string> buttons;
  for (const auto& order : orders) {
    if (buttons.size() == choices_max) break;
    lines += "\n" + line_of(order);
    buttons.push_back(words.button(turn_.language(), label(order)));
  }
  say(orders.size() > choices_max ? "desk.which_of_many" : "desk.which",
      {{"what", words.label(turn_.language())}, {"orders", lines}}, buttons);
  turn_.memory(memory_key) = {{"step", "which"},           {"command", command.name},
                              {"refs", Json::array()},     {"rest", command.rest},
                              {"then", command.then},      {"then_rest", command.then_rest},
                              {"implied", command.implied}};
}

}  // namespace huiyin::desk
