// A fault of a public facility (R5.24): only what and where, nobody has to give a name.
#pragma once
#include "bot/talk/dialog.h"
#include "dialogs/orders/chat_intake.h"

namespace huiyin::public_fault {

class PublicFaultDialog final : public Dialog {
 public:
  explicit PublicFaultDialog(orders::Orders& orders) : orders_(orders) {}
  std::string_view id() const override { return "public_fault"; }
  std::vector<Intent> intents() const override { return {Intent::report_public_fault}; }
  // Only what was told before; a new matter is left to the form of the intent.
  Outcome answer(Turn& turn) override;
  std::vector<std::string> completions() const override { return {"work_order.public"}; }
  Outcome complete(Turn& turn, const FormSpec&, const FormFrame& frame) override;
  std::optional<NamedRecord> named_record(const Turn& turn) override;
  bool amend(Turn& turn, const Json& slots) override;

 private:
  orders::Orders& orders_;
};

}  // namespace huiyin::public_fault
