// What a staff member has in hand, for other subjects.
#pragma once
#include <optional>

#include "bot/talk/turn.h"
#include "dialogs/orders/order.h"

namespace huiyin::desk {

// The order of theirs that is furthest on: at work before on site before accepted. Lane's thread.
std::optional<orders::Order> at_work(Turn& turn);

}  // namespace huiyin::desk
