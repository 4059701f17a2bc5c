// The resident's yes or no to a price: a quote (R5.12), or what was found on site (R5.13, R5.14).
// By the buttons of the message that told it ("同意 WX20261123-0001") or in their own words; what
// is neither a plain yes nor a plain no is asked back, for it costs money. Who declines is asked
// why and reminded that they may think it over (R5.15).
//
// Questions of its own are kept in the session's memory under "consent": {"step":
// "reason"|"question"|"which", "number", "agree", "words", "depth"}; an answer that is none drops
// them. A reason that is never told is waited for half an hour.
#pragma once
#include "bot/talk/dialog.h"
#include "bot/talk/words.h"
#include "dialogs/orders/orders.h"

namespace huiyin::status {

ConfigFaults check_consent(const std::string& config_dir);  // config/talk/consent.json

class ConsentDialog final : public Dialog {
 public:
  // `lists`: of config/talk/consent.json; `skip`: words that leave out an answer.
  ConsentDialog(orders::Orders& orders, WordLists lists, std::vector<std::string> skip)
      : orders_(orders), lists_(std::move(lists)), skip_(std::move(skip)) {}
  static tl::expected<WordLists, ConfigFaults> load(const std::string& file) {
    return load_word_lists(
        file, {"agree", "refuse", "hesitate", "doubt", "price", "fees", "think", "question"});
  }
  std::string_view id() const override { return "consent"; }
  Outcome intercept(Turn& turn) override;
  void on_timer(Transaction& tx, Post& post, std::string_view kind, std::string_view key,
                const Json& payload) override;

 private:
  // price: they ask what it costs, or why so much; think: they want to think it over.
  enum class Word { none, agree, refuse, refuse_with_reason, unclear, price, think };
  Word word_of(const Turn& turn) const;
  bool is_other_matter(const Turn& turn, const orders::Order& order) const;
  // An answer to the question that stands in `pending`; not_mine when it is none.
  Outcome settle(Turn& turn, const Json& pending, Word word);
  Outcome answer_open(Turn& turn, Word word);
  void handle(Turn& turn, const orders::Order& order, Word word, const std::string& words);
  void agree(Turn& turn, const orders::Order& order, const orders::Offer& offer,
             const std::string& words);
  void refuse(Turn& turn, const orders::Order& order, const orders::Offer& offer, Word word,
              const std::string& words);
  void decline(Turn& turn, const orders::Order& order, const std::string& reason);
  // No price waits: one that is asked after, or found too high, is still to come, or the order may
  // be given up.
  Outcome without_offer(Turn& turn, const std::vector<orders::Order>& theirs, Word word);
  void ask(Turn& turn, std::string_view phrase, const orders::Order& order,
           const orders::Offer& offer, const std::string& words);
  // There is no open offer: which button was pressed too late, and what holds instead.
  void explain(Turn& turn, const orders::Order& order, bool agreed);

  orders::Orders& orders_;
  const WordLists lists_;
  const std::vector<std::string> skip_;
};

}  // namespace huiyin::status
