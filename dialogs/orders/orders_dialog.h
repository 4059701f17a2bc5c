// The timers of work orders: a clock that runs out is decided once, when it happens. A conversation
// of its own it has none; those are in dialogs/repair, public_fault, complaint and status.
#pragma once
#include "bot/talk/dialog.h"
#include "dialogs/orders/clocks.h"

namespace huiyin::orders {

class OrdersDialog final : public Dialog {
 public:
  std::string_view id() const override { return "orders"; }
  void on_timer(Transaction& tx, Post&, std::string_view kind, std::string_view key,
                const Json&) override {
    if (kind == clock_timer) decide(tx.write(), key, tx.now());
  }
};

}  // namespace huiyin::orders
