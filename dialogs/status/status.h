// Asking after, urging, cancelling and rescheduling what was reported (R3.5).
// Only the conversation that reported an order, its verified household and staff see or change it
// (guarantee 6); for everybody else an order does not exist.
//
// Small questions of its own (which one? really cancel? to when?) are kept in the session's memory
// under "status": {"step": "which"|"confirm"|"time", "what", "number", "note"}; anything but an
// answer drops them.
#pragma once
#include "bot/talk/dialog.h"
#include "bot/talk/words.h"
#include "dialogs/orders/orders.h"

namespace huiyin::status {

class StatusDialog final : public Dialog {
 public:
  // Borrowed.
  StatusDialog(orders::Orders& orders, const TalkWords& words) : orders_(orders), words_(words) {}
  std::string_view id() const override { return "status"; }
  std::vector<Intent> intents() const override {
    return {Intent::ask_status, Intent::urge, Intent::cancel, Intent::reschedule};
  }
  Outcome intercept(Turn& turn) override;
  Outcome answer(Turn& turn) override;

 private:
  // While a form is filled, an order that is named by its number is not an answer to the form.
  Outcome amid_a_form(Turn& turn);
  // Does `what` ("ask_status", "urge", "cancel", "reschedule") with one order.
  void handle(Turn& turn, std::string_view what, orders::Order order, const std::string& note);
  void ask_cancel(Turn& turn, const orders::Order& order, const std::string& note);
  void cancel(Turn& turn, const std::string& number, const std::string& note);
  void reschedule(Turn& turn, orders::Order order);
  // Moves it to the time that the message tells; false when it tells none.
  bool reschedule_as_told(Turn& turn, orders::Order& order);
  // Where it is in words that people understand, who comes and when.
  void tell(Turn& turn, const orders::Order& order);
  void refuse(Turn& turn, std::string_view phrase, const orders::Order& order);

  orders::Orders& orders_;
  const TalkWords& words_;
};

}  // namespace huiyin::status
