// A complaint (R4.2, R4.3): listened to, entered in the contact log and on a complaint sheet. Name
// and phone are offered, never demanded (R7.18). What follows of itself is here, too: its class and
// the department that answers for it (R4.3, R4.5), the call back when it was handled (R4.4), and
// the suggestion that two orders may be the same matter (R7.17).
#pragma once
#include "bot/gateway/api.h"
#include "bot/talk/dialog.h"
#include "dialogs/complaint/classes.h"
#include "dialogs/complaint/similar.h"
#include "dialogs/orders/chat_intake.h"

namespace huiyin::complaint {

// Ids of complaints that were handled, left a phone, and were not called back (R4.4): newest first,
// below `before` (0: from the newest). For lists and reports; any connection.
std::vector<std::int64_t> uncalled(store::Connection& db, const std::vector<std::string>& estates,
                                   std::int64_t before, int limit);

class ComplaintDialog final : public Dialog, public Resource, public orders::Listener {
 public:
  ComplaintDialog(orders::Orders& orders, Post& post, Classes classes = {})
      : orders_(orders), post_(post), classes_(std::move(classes)) {}
  std::string_view id() const override { return "complaint"; }
  // Only what was told before and is told again, or was not handled to their content; a new matter
  // is left to the form of the intent.
  std::vector<Intent> intents() const override { return {Intent::file_complaint}; }
  Outcome intercept(Turn& turn) override;
  Outcome answer(Turn& turn) override;
  // "昨晚还是吵！": little by itself, but of a matter that is known.
  bool lost(Turn& turn) override { return answer(turn) == Outcome::answered; }
  std::vector<std::string> completions() const override { return {"work_order.complaint"}; }
  Outcome complete(Turn& turn, const FormSpec& form, const FormFrame& frame) override;
  std::optional<NamedRecord> named_record(const Turn& turn) override;
  bool amend(Turn& turn, const Json& slots) override;

  // Follow-up (follow_up.cpp): of complaints, and the suggestion for public faults as well.
  void on_happening(const orders::Happening& happening) override;

  // GET /work-orders/{number}/similar and GET /closing-calls (resource.cpp).
  void add_to(Api& api) override;

 private:
  // Adds it to that complaint; one that was handled already goes to the supervisor once more.
  void told_again(Turn& turn, const orders::Order& order);
  bool same(const orders::Order& order, const std::string& words,
            const orders::NewOrder& told) const;
  void recorded(const orders::Happening& happening);
  void give_to_department(const orders::Happening& happening, const Judgement& judgement);
  void suggest(const orders::Happening& happening);
  void resolved(const orders::Happening& happening);
  void merged(const orders::Happening& happening);
  // To those whose complaint was merged into this one, what its own reporter hears.
  void tell_merged(const orders::Happening& happening, std::string_view phrase, const Args& args);
  void tell(Transaction& tx, const orders::Order& order, std::string_view phrase, Args args);
  Notice to_staff(store::Connection& db, const orders::Order& order, std::string_view phrase) const;
  http::Response similar_to(ApiCall& call) const;
  http::Response closing_calls(ApiCall& call) const;

  orders::Orders& orders_;
  Post& post_;
  const Classes classes_;
};

}  // namespace huiyin::complaint
