// A complaint (R4.2, R4.3): listened to, entered in the contact log and on a complaint sheet. Name
// and phone are offered, never demanded (R7.18).
#pragma once
#include "bot/talk/dialog.h"
#include "dialogs/orders/chat_intake.h"

namespace huiyin::complaint {

class ComplaintDialog final : public Dialog {
 public:
  explicit ComplaintDialog(orders::Orders& orders) : orders_(orders) {}
  std::string_view id() const override { return "complaint"; }
  std::vector<std::string> completions() const override { return {"work_order.complaint"}; }
  Outcome complete(Turn& turn, const FormSpec& form, const FormFrame& frame) override;
  bool amend(Turn& turn, const Json& slots) override;

 private:
  orders::Orders& orders_;
};

}  // namespace huiyin::complaint
