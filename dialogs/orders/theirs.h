// Which orders a conversation may see and act on (guarantee 6): what it reported itself, and what
// is about its verified household. For everybody else an order does not exist. Lane's thread.
#pragma once
#include <optional>
#include <vector>

#include "bot/talk/turn.h"
#include "dialogs/orders/catalogue.h"
#include "dialogs/orders/order.h"

namespace huiyin::orders {

// Or, for staff, what is of their estate.
bool may_see(const Turn& turn, const Order& order);
// The same for residents alone: their conversation reported it, or it is about their household.
bool reported(const Turn& turn, const Order& order);
// What is open and theirs, newest first.
std::vector<Order> open_theirs(const Turn& turn);
// The order that the message names by its number, if they may see it; `named` says whether it names
// any.
std::optional<Order> named_theirs(const Turn& turn, bool& named);
// Of several orders the ones about the thing that the message names, when that tells them apart.
void narrow(const Turn& turn, const Catalogue& catalogue, std::vector<Order>& open);
// Who acts: the member of the staff, else the resident of this conversation.
Actor actor_of(const Turn& turn);

}  // namespace huiyin::orders
