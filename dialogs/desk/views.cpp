// What staff see: one order with what they may do now, and lists of a few lines.
#include <algorithm>

#include "dialogs/desk/at_desk.h"
#include "dialogs/orders/order_list.h"
#include "dialogs/orders/short_numbers.h"
#include "store/base/money.h"
#include "store/base/phone.h"
#include "store/base/text.h"
#include "store/personal.h"

namespace huiyin::desk {
namespace {

constexpr int page_size = 8, pages_max = 20;
constexpr std::size_t item_code_points_max = 10, words_code_points_max = 60;
constexpr std::size_t buttons_max = 6;
constexpr std::string_view before_the_end =
    "recorded notified reviewing quoted assigned accepted arrived in_progress registered";
constexpr std::string_view before_a_hand = "recorded notified reviewing quoted registered";

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const auto space = list.find(' ');
    out.emplace_back(list.substr(0, space));
    list = space == std::string_view::npos ? std::string_view() : list.substr(space + 1);
  }
  return out;
}

}  // namespace

bool AtDesk::has_charges(const Order& order) const {
  return orders::charged(turn_.tx.read(), order.id).count > 0;
}

bool AtDesk::has_signed(const Order& order) const {
  return turn_.tx.read()
             .value<std::int64_t>(
                 "SELECT count(*) FROM order_events WHERE order_id = :o AND actor = :a"
                 " AND (action = 'decline' OR (action = 'sign' AND state = ''))",
                 order.id, actor_.id)
             .value_or(0) > 0;
}

std::string AtDesk::label(const Order& order) {
  const auto n = orders::short_number(turn_.tx.write(), me_.id, order);
  return n > 0 ? std::to_string(n) : order.number;
}

std::string AtDesk::state_word(const Order& order) const {
  if (order.state == "quoted" && order.agreed_at) return turn_.phrase("desk.state.agreed");
  const bool unlisted = order.kind == orders::Kind::repair && !order.priced;
  const bool complaint = order.kind == orders::Kind::complaint;
  if (complaint && order.state == "assigned") return turn_.phrase("desk.state.to_handle");
  if (unlisted && order.state == "notified") return turn_.phrase("desk.state.unlisted");
  return turn_.phrase("desk.state." + order.state);
}

std::string AtDesk::what_is_broken(const Order& order) const {
  if (!order.item.empty()) return order.item;
  std::string words = store::get_text(turn_.tx.read(), order.description);
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  if (code_points(words) <= item_code_points_max) return words;
  return first_code_points(words, item_code_points_max) + "…";
}

Args AtDesk::facts(const Order& order) {
  return facts_for(order, me_.id);
}

Args AtDesk::facts_for(const Order& order, std::int64_t staff) {
  const auto or_none = [](std::string text) { return text.empty() ? "—" : std::move(text); };
  const auto n = staff == 0 ? 0 : orders::short_number(turn_.tx.write(), staff, order);
  const auto holder = turn_.directory.staff_by_id(order.assignee);
  std::string words = store::get_text(turn_.tx.read(), order.description);
  if (code_points(words) > words_code_points_max) {
    words = first_code_points(words, words_code_points_max) + "…";
  }
  const std::string phone = order.phone.empty() ? std::string() : national_phone(order.phone);
  const bool reachable = !order.name.empty() || !phone.empty();
  return {{"n", n > 0 ? std::to_string(n) : order.number},
          {"number", order.number},
          {"unit", or_none(order.unit.empty() ? order.place : order.unit)},
          {"where", order.unit.empty() ? what_is_broken(order) : order.unit},
          {"name", or_none(order.name)},
          {"phone", or_none(phone)},
          {"contact", !reachable
                          ? std::string()
                          : turn_.phrase("desk.contact", {{"name", order.name}, {"phone", phone}})},
          {"item", or_none(what_is_broken(order))},
          {"description", or_none(std::move(words))},
          {"time", orders_.time_for_people(order, turn_.language(), turn_.now())},
          {"who", holder ? holder->name : turn_.phrase("desk.nobody")},
          {"state", state_word(order)}};
}

std::vector<std::string> AtDesk::allowed_buttons(const Order& order) {
  std::vector<std::string> out;
  for (const auto& name : role_.commands) {
    if (out.size() == buttons_max) break;
    if (action_of(name).empty() || name == "refuse") continue;
    Command command;
    command.name = name;
    if (!can(command, order)) continue;
    // One of two that mean the same is enough, and nobody signs twice.
    const auto steps = chain(name, order);
    const bool beside = !steps.empty() && steps.back() == "sign" && order.state != "completed";
    const bool twice = (name == "transfer" && role_.has("assign")) ||
                       (name == "return" && role_.has("confirm_return")) ||
                       (beside && (has_signed(order) || me_.role == "technician"));
    if (twice) continue;
    out.push_back(words_.commands.find(name)->second.button(turn_.language(), label(order)));
  }
  return out;
}

std::string AtDesk::may_of(const Order& order) {
  std::string may;
  for (const auto& button : allowed_buttons(order)) {
    const auto command = read_command(Line(button, words_), words_, role_);
    if (!command) continue;
    may += (may.empty() ? "" : turn_.phrase("desk.comma")) +
           words_.commands.find(command->name)->second.label(turn_.language());
  }
  return may;
}

std::string AtDesk::line_of(const Order& order) {
  auto args = facts(order);
  if (order.overdue > 0) {
    args["late"] = turn_.phrase("desk.line_late");
  } else {
    args["late"] = std::string();
  }
  return std::string(
      trim(turn_.phrase(order.assignee != 0 ? "desk.line" : "desk.line_free", args)));
}

void AtDesk::show(const Order& order) {
  const auto args = facts(order);
  say("desk.order", args);
  std::string& text = turn_.replies.back().text;
  if (order.quote_fen) {
    text += "\n" + turn_.phrase("desk.order_quote", {{"amount", yuan(*order.quote_fen)}});
  }
  if (const auto charges = orders::charged(turn_.tx.read(), order.id); charges.count > 0) {
    text += "\n" + turn_.phrase("desk.order_charges", {{"amount", yuan(charges.fen)}});
  }
  const std::string limit = next_limit(order);
  if (!limit.empty()) text += "\n" + limit;
  for (const auto& button : allowed_buttons(order)) {
    turn_.replies.back().buttons.push_back({button, button});
  }
}

std::vector<orders::Order> AtDesk::listed_orders(const std::string& name, int limit) {
  std::vector<Order> out;
  if (name == "mine" || name == "todo") {
    for (auto& order : open_of_mine(limit)) {
      if (is_of_my_estate(order)) out.push_back(std::move(order));
    }
    if (name == "mine") return out;
  }
  const Zone& zone = turn_.directory.profile(me_.estate).zone;
  const LocalTime today = zone.local(turn_.now());
  const Instant tomorrow = zone.instant(today.year, today.month, today.day + 1);
  const auto take = [&](const std::string& kind, const std::string& state, bool major = false) {
    orders::OrderFilter filter{kind, state, {}, me_.estate, {}};
    if (name == "late") filter.overdue = true;
    for (auto& order : orders::list(turn_.tx.read(), filter, 0, limit)) {
      const bool held =
          std::any_of(out.begin(), out.end(), [&](const Order& one) { return one.id == order.id; });
      const bool later =
          name == "today" && order.appointment && order.appointment->from >= tomorrow;
      // With the resident: neither to be assigned nor to be assessed.
      const bool asked = order.state == "quoted" && !order.agreed_at;
      if (major && order.severity != "major") continue;
      if (held || later || (asked && (name == "waiting" || name == "todo"))) continue;
      out.push_back(std::move(order));
    }
  };
  for (const auto& kind : role_.kinds) {
    if (name == "late") {
      take(kind, {});
    } else if (name == "todo") {
      for (const auto& state : role_.todo) take(kind, state);
      for (const auto& state : role_.todo_major) {
        if (kind == "complaint") take(kind, state, true);
      }
    } else {
      for (const auto& state : split(name == "waiting" ? before_a_hand : before_the_end)) {
        take(kind, state);
      }
    }
  }
  std::sort(out.begin(), out.end(), [](const Order& a, const Order& b) { return a.id > b.id; });
  if (out.size() > static_cast<std::size_t>(limit)) out.resize(static_cast<std::size_t>(limit));
  return out;
}

void AtDesk::list(const Command& command) {
  const CommandWords& words = words_.commands.find(command.name)->second;
  const std::string what = words.label(turn_.language());
  int page = command.refs.empty() ? 1 : std::atoi(command.refs.front().c_str());
  page = std::clamp(page, 1, pages_max);
  auto found = listed_orders(command.name, page * page_size + 1);
  const auto from = static_cast<std::size_t>((page - 1) * page_size);
  if (found.size() <= from) {
    say(command.name == "mine" ? "staff.orders_none" : "desk.list_none", {{"what", what}});
    return;
  }
  const bool more = found.size() > static_cast<std::size_t>(page * page_size);
  if (more) found.pop_back();
  std::string lines;
  for (std::size_t i = from; i < found.size(); ++i) lines += "\n" + line_of(found[i]);
  if (page == 1 && !more) {
    say("desk.list",
        {{"what", what}, {"count", static_cast<std::int64_t>(found.size())}, {"orders", lines}});
  } else {
    say("desk.list_page", {{"what", what}, {"page", std::to_string(page)}, {"orders", lines}},
        more && page < pages_max ? std::vector<std::string>{what + " " + std::to_string(page + 1)}
                                 : std::vector<std::string>{});
  }
  if (found.size() == 1) {
    for (const auto& button : allowed_buttons(found.front())) {
      turn_.replies.back().buttons.push_back({button, button});
    }
  }
}

}  // namespace huiyin::desk
