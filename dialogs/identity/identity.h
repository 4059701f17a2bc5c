// Who may see a household's records (guarantee 6). On a channel that proves the phone the household
// is known; elsewhere a one-time code to the registered phone proves it for 30 minutes. What the
// resident wanted waits meanwhile and is gone on with.
//
// 1. A question about fees by somebody unproven: the unit is asked for unless it was named.
// 2. The code leaves at once. The answer is the same whether or not the unit exists.
// 3. The next digits of this conversation are a try; they are masked in what is kept.
// 4. Right: session.verified is set, and the question is answered.
//
// In this step what is wanted about fees becomes a task for finance.
#pragma once
#include <functional>

#include "bot/talk/dialog.h"
#include "dialogs/identity/codes.h"

namespace huiyin::identity {

struct IdentityParts {
  Random& random;
  std::vector<std::string> resend;  // config/talk/identity.json, lower case
  // Makes a task out of what was said: (turn, estate, unit or "", description) → its number.
  std::function<std::string(Turn&, const std::string& estate, const std::string& unit,
                            const std::string& description)>
      make_task;
};

class Identity final : public Dialog {
 public:
  explicit Identity(IdentityParts parts) : parts_(std::move(parts)) {}

  std::string_view id() const override { return "identity"; }
  Outcome intercept(Turn& turn) override;
  std::vector<Intent> intents() const override {
    return {Intent::ask_fee, Intent::dispute_fee, Intent::request_deferral, Intent::report_payment};
  }
  Outcome answer(Turn& turn) override;

 private:
  Outcome send_code(Turn& turn, const UnitId& unit);
  Outcome take_code(Turn& turn, const std::string& code);
  Outcome go_on(Turn& turn, const UnitRecord& home, const std::string& text);

  const IdentityParts parts_;
};

tl::expected<std::vector<std::string>, ConfigFaults> load_resend_words(const std::string& file);

}  // namespace huiyin::identity
