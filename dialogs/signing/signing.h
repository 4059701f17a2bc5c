// The customer signs by chat (R5.19, R8.13, R9.15; guarantee 6): "签字 王芳" and a confirmation of
// what is signed, from the conversation that reported it or from its verified household. What
// changed meanwhile is shown again. Whoever is not content signs nothing: the supervisor hears of
// it and the order stays completed.
//
// Questions of its own are kept in the session's memory under "signing": {"step":
// "name"|"confirm"|"unhappy", "number", "version", "name", "words"}; an answer that is none drops
// them.
#pragma once
#include "bot/talk/dialog.h"
#include "bot/talk/words.h"
#include "dialogs/orders/orders.h"

namespace huiyin::signing {

class SigningDialog final : public Dialog {
 public:
  // `lists`: of config/talk/signing.json.
  SigningDialog(orders::Orders& orders, WordLists lists)
      : orders_(orders), lists_(std::move(lists)) {}
  static tl::expected<WordLists, ConfigFaults> load(const std::string& file) {
    return load_word_lists(file, {"sign", "confirm", "not_yet", "unhappy"});
  }
  std::string_view id() const override { return "signing"; }
  Outcome intercept(Turn& turn) override;

 private:
  const std::vector<std::string>& list(const char* name) const { return lists_.find(name)->second; }
  // What stands behind a word for signing, without the order's number; none: no such word leads
  // the message.
  std::optional<std::string> signed_with(const Turn& turn) const;
  Outcome settle(Turn& turn, const Json& pending);
  void begin(Turn& turn, const orders::Order& order, const std::string& name);
  void ask_confirmation(Turn& turn, const orders::Order& order, const std::string& name);
  void sign(Turn& turn, const orders::Order& order, const std::string& name);
  Outcome thanked(Turn& turn);
  Outcome too_late(Turn& turn, const orders::Order& order);
  void object(Turn& turn, const orders::Order& order, const std::string& words);
  Outcome settle_which(Turn& turn, const Json& pending);
  // What waits for a signature of theirs.
  std::vector<orders::Order> waiting(const Turn& turn) const;

  orders::Orders& orders_;
  const WordLists lists_;
};

}  // namespace huiyin::signing
