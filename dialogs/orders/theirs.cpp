#include "dialogs/orders/theirs.h"

#include <algorithm>

#include "dialogs/orders/life.h"

namespace huiyin::orders {
namespace {

constexpr int listed_max = 10;

}  // namespace

bool may_see(const Turn& turn, const Order& order) {
  if (turn.staff && works_at(turn.staff->estate, order)) return true;
  return reported(turn, order);
}

bool reported(const Turn& turn, const Order& order) {
  if (!turn.proven) return false;
  if (order.conversation == turn.conversation()) return true;
  return order.unit_id != 0 && order.unit_id == turn.verified_unit();
}

std::vector<Order> open_theirs(const Turn& turn) {
  std::vector<Order> out;
  if (!turn.proven) return out;
  out = open_of_conversation(turn.tx.read(), turn.conversation(), listed_max);
  const auto unit = turn.directory.unit(turn.tx.read(), turn.verified_unit());
  if (unit) {
    for (auto& order : open_of_unit(turn.tx.read(), *unit, listed_max)) {
      const bool known =
          std::any_of(out.begin(), out.end(), [&](const Order& one) { return one.id == order.id; });
      if (!known) out.push_back(std::move(order));
    }
  }
  return out;
}

std::optional<Order> named_theirs(const Turn& turn, bool& named) {
  const Entity* entity = turn.heard.first("order");
  named = entity != nullptr && entity->value.is_string();
  if (!named) return std::nullopt;
  auto order = find(turn.tx.read(), entity->value.get<std::string>());
  if (order && !may_see(turn, *order)) order.reset();
  return order;
}

void narrow(const Turn& turn, const Catalogue& catalogue, std::vector<Order>& open) {
  const Entity* entity = turn.heard.first("item");
  const auto* item = catalogue.find(entity != nullptr ? entity->text : turn.heard.text);
  const std::string named = item != nullptr ? item->name : entity != nullptr ? entity->text : "";
  if (named.empty()) return;
  std::vector<Order> about;
  for (const auto& order : open) {
    if (order.item == named) about.push_back(order);
  }
  if (!about.empty()) open = std::move(about);
}

Actor actor_of(const Turn& turn) {
  if (turn.staff) {
    return {"staff:" + std::to_string(turn.staff->id),
            turn.staff->role,
            turn.staff->id,
            turn.message.channel,
            turn.conversation(),
            turn.staff->estate};
  }
  return Actor::resident(turn.message.channel, turn.conversation());
}

}  // namespace huiyin::orders
