// Staff by chat and SMS: one message, one action on one order through Orders::act, or a look at a
// list (R5.9–R5.23, R8.7–R8.13). The words are those of config/talk/staff.json. Who may do what and
// when is said by the tables of dialogs/orders/life.h alone; a refusal tells what is allowed now.
//
// A question of the desk (which order? to whom? how much?) is kept in the session's memory under
// "desk": {"step": "which"|"more", "command", "refs", "rest", "implied"}; the next message answers
// it, or is a command of its own, which drops it. Texts that are no command go on: staff report
// what is broken as residents do. What is clearly no report stops at the Doorway.
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
  // Staff are residents only where a resident's form is open or they report something new;
  // everything else that no subject in front took is answered here.
  Outcome stop(Turn& turn);

 private:
  orders::Orders& orders_;
  const DeskWords words_;
};

// Stands behind the subjects that staff write to, in front of those of residents.
class Doorway final : public Dialog {
 public:
  // `desk` must outlive it.
  explicit Doorway(Desk& desk) : desk_(desk) {}
  std::string_view id() const override { return "doorway"; }
  Outcome intercept(Turn& turn) override { return desk_.stop(turn); }

 private:
  Desk& desk_;
};

}  // namespace huiyin::desk
