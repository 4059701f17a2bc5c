// Staff by chat and SMS: one message, one action on one order through Orders::act, or a look at a
// list (R5.9–R5.23, R8.7–R8.13). The words are those of config/talk/staff.json. Who may do what and
// when is said by the tables of dialogs/orders/life.h alone; a refusal tells what is allowed now.
//
// A question of the desk (which order? to whom? how much?) is kept in the session's memory under
// "desk": {"step": "which"|"more", "command", "refs", "rest", "implied"}; the next message answers
// it, or is a command of its own, which drops it. Texts that are no command are nobody's loss: the
// other subjects take them, for staff report what is broken as residents do.
#pragma once
#include "bot/talk/dialog.h"
#include "dialogs/desk/words.h"
#include "dialogs/orders/orders.h"

namespace huiyin::desk {

class Desk final : public Dialog {
 public:
  // `orders` must outlive it.
  Desk(orders::Orders& orders, DeskWords words) : orders_(orders), words_(std::move(words)) {}
  std::string_view id() const override { return "desk"; }
  Outcome intercept(Turn& turn) override;
  std::vector<Intent> intents() const override { return {Intent::help}; }
  Outcome answer(Turn& turn) override;
  bool lost(Turn& turn) override;

 private:
  orders::Orders& orders_;
  const DeskWords words_;
};

}  // namespace huiyin::desk
