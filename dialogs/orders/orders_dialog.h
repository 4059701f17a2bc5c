// The timers of work orders: a clock that is about to run out or has run out (decided once, when it
// happens), a repair that nobody was sent to. A conversation of its own it has none; those are in
// dialogs/repair, public_fault, complaint and status.
#pragma once
#include "bot/talk/dialog.h"
#include "dialogs/orders/orders.h"

namespace huiyin::orders {

class OrdersDialog final : public Dialog {
 public:
  explicit OrdersDialog(Orders& orders) : orders_(orders) {}
  std::string_view id() const override { return "orders"; }
  void on_timer(Transaction& tx, Post&, std::string_view kind, std::string_view key,
                const Json& payload) override {
    if (kind == clock_timer) orders_.clock_fired(tx, key);
    if (kind == assign_timer) orders_.assignment_overdue(tx, key, int_of(payload, "minutes"));
  }

 private:
  Orders& orders_;
};

}  // namespace huiyin::orders
