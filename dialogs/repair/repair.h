// A repair at home (R5.5, R5.6): the form of config/forms/repair.json, recorded or joined to the
// live order about the same matter, and its corrections.
#pragma once
#include "bot/talk/dialog.h"
#include "dialogs/orders/chat_intake.h"

namespace huiyin::repair {

class RepairDialog final : public Dialog {
 public:
  explicit RepairDialog(orders::Orders& orders) : orders_(orders) {}
  std::string_view id() const override { return "repair"; }
  std::vector<Intent> intents() const override { return {Intent::report_repair}; }
  // Only what was told before; a new matter is left to the form of the intent.
  Outcome answer(Turn& turn) override;
  std::vector<std::string> completions() const override { return {"work_order.repair"}; }
  Outcome complete(Turn& turn, const FormSpec&, const FormFrame& frame) override;
  std::optional<NamedRecord> named_record(const Turn& turn) override;
  bool amend(Turn& turn, const Json& slots) override;

 private:
  orders::Orders& orders_;
};

}  // namespace huiyin::repair
