// Dispatch: what section 8 asks beyond the life of a task. It listens to the orders (a task whose
// reply time passed without a word, one that is filed without signature or call back), fires the
// day's check, and answers staff who ask for penalties, appeal, confirm or decide by chat ("罚单",
// "申诉 3 原因", "核定 3", "维持 3 原因", "撤销 3 原因"; the words are in
// config/talk/dispatch.json). A reason that is asked for is the next message; which penalty it is
// about stands in the session's memory under "dispatch" {"id", "action"}.
#pragma once
#include "bot/config_fault.h"
#include "bot/talk/dialog.h"
#include "dialogs/dispatch/daily_check.h"
#include "dialogs/dispatch/number_books.h"
#include "dialogs/dispatch/penalties.h"

namespace huiyin::dispatch {

struct DispatchWords {
  std::vector<std::string> penalties, appeal, confirm, uphold, withdraw;  // small letters
};
tl::expected<DispatchWords, ConfigFaults> load_dispatch_words(const std::string& file);

class Dispatch final : public Dialog, public orders::Listener {
 public:
  // All borrowed but the words. The caller adds it to the orders' listeners.
  Dispatch(orders::Orders& orders, Post& post, DispatchWords words)
      : orders_(orders),
        penalties_(orders.directory(), orders.speech(), post),
        books_(orders.directory(), penalties_),
        daily_check_(orders.directory(), orders.speech(), post),
        words_(std::move(words)) {}

  std::string_view id() const override { return "dispatch"; }
  Outcome intercept(Turn& turn) override;
  void on_timer(Transaction& tx, Post&, std::string_view kind, std::string_view key,
                const Json& payload) override;

  void on_happening(const orders::Happening& happening) override;
  // R8.12: the reply time of a task ran out, and nobody had finished or reported.
  void on_clock(Transaction& tx, const orders::Order& order, const orders::ClockRecord& clock,
                bool missed) override;

  Penalties& penalties() { return penalties_; }
  NumberBooks& books() { return books_; }
  orders::Orders& orders() { return orders_; }

 private:
  void filed(Transaction& tx, const orders::Order& order);  // R8.13, R8.14
  void list_own(Turn& turn) const;
  // What waits for this person to confirm or decide; "" when nothing does.
  std::string waiting_lines(Turn& turn, std::vector<std::string>& buttons) const;
  // decisions.cpp
  bool decide(Turn& turn);
  bool take_reason(Turn& turn);
  void decide(Turn& turn, std::int64_t id, std::string_view how, std::string_view reason);
  void appeal(Turn& turn, std::string_view rest);

  orders::Orders& orders_;
  Penalties penalties_;
  NumberBooks books_;
  DailyCheck daily_check_;
  const DispatchWords words_;
};

}  // namespace huiyin::dispatch
