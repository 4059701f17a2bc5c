// One action on one order while it is being done. Internal to dialogs/orders.
#pragma once
#include <string>
#include <string_view>

#include "dialogs/orders/orders.h"

namespace huiyin::orders {

inline constexpr std::size_t words_kept_max = 2'000;  // code points of a note in the history

struct Orders::Deed {
  Transaction& tx;
  Order& order;
  std::string_view action;
  Json body;
  Actor actor;

  std::string entered;    // the state that it enters; set from the move, an effect may change it
  Json detail = nullptr;  // for the history; see order_events in schema.cpp
  bool moves_copies = true;
  bool more_follows = false;
  store::Connection& db() const { return tx.write(); }
  Instant now() const { return tx.now(); }
};

}  // namespace huiyin::orders
