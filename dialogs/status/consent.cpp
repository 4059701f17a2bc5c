#include "dialogs/status/consent.h"

#include "dialogs/orders/theirs.h"
#include "store/base/money.h"
#include "store/base/text.h"
#include "store/timers.h"

namespace huiyin::status {
namespace {

using orders::Order;

constexpr const char* memory_key = "consent";
constexpr std::string_view silence_timer = "consent.silence";  // key: the order's number
constexpr double sure_of_matter = 0.7;                         // of an intent
constexpr std::size_t reason_code_points_max = 2'000;
constexpr auto reason_awaited = std::chrono::minutes(30);

// The message as word lists see it, without the number of an order.
std::string words_alone(const Turn& turn) {
  std::string text = reading(turn.heard);
  const Entity* named = turn.heard.first("order");
  if (named == nullptr || !named->value.is_string()) return text;
  for (const auto& number :
       {lower_ascii(named->value.get<std::string>()), lower_ascii(named->text)}) {
    const auto at = number.empty() ? std::string::npos : text.find(number);
    if (at != std::string::npos) text.erase(at, number.size());
  }
  return std::string(trim(text));
}

std::optional<bool> plain_answer(const Turn& turn) {
  if (turn.heard.yes_no) return turn.heard.yes_no;
  if (turn.heard.intent == Intent::affirm) return true;
  if (turn.heard.intent == Intent::deny) return false;
  return std::nullopt;
}

Args told(const Order& order, std::int64_t amount_fen) {
  return {{"number", order.number}, {"amount", yuan(amount_fen)}};
}

// The resident's own signature to what they declined (R5.15).
Json declined(const Order& order, const std::string& unnamed, const std::string& reason) {
  const Json signature = {
      {"by", order.name.empty() ? unnamed : order.name}, {"role", "customer"}, {"method", "chat"}};
  return {{"note", first_code_points(reason, reason_code_points_max)},
          {"signatures", Json::array({signature})}};
}

}  // namespace

ConfigFaults check_consent(const std::string& config_dir) {
  const auto words = ConsentDialog::load(config_dir + "/talk/consent.json");
  return words ? ConfigFaults() : words.error();
}

ConsentDialog::Word ConsentDialog::word_of(const Turn& turn) const {
  const auto list = [&](const char* name) -> const std::vector<std::string>& {
    return lists_.find(name)->second;
  };
  const std::string words = words_alone(turn);
  const bool refuses = contains_any(words, list("refuse"));
  const bool hesitates = contains_any(words, list("hesitate"));
  if (refuses) {
    if (!hesitates && is_just(words, list("refuse"))) return Word::refuse;
    // A no at either end of what they say; in the middle it may be part of another thought.
    const bool at_an_end = std::any_of(
        list("refuse").begin(), list("refuse").end(),
        [&](const std::string& one) { return words.starts_with(one) || words.ends_with(one); });
    return hesitates || at_an_end ? Word::refuse_with_reason : Word::unclear;
  }
  if (contains_any(words, list("agree"))) {
    const bool plain = is_just(words, list("agree")) && !contains_any(words, list("doubt"));
    return plain && !hesitates ? Word::agree : Word::unclear;
  }
  if (!contains_any(words, list("fees"))) {
    if (contains_any(words, list("price"))) return Word::price;
    if (is_just(words, list("think"))) return Word::think;
  }
  return hesitates ? Word::unclear : Word::none;
}

Outcome ConsentDialog::intercept(Turn& turn) {
  if (turn.staff) return Outcome::not_mine;
  const Word word = word_of(turn);
  if (const auto memory = turn.session.memory.find(memory_key);
      memory != turn.session.memory.end()) {
    const Json pending = *memory;
    turn.session.memory.erase(memory_key);
    const Outcome outcome = settle(turn, pending, word);
    if (outcome != Outcome::not_mine) return outcome;
  }
  bool named = false;
  const auto order = orders::named_theirs(turn, named);
  const bool asks = word == Word::price || word == Word::think;
  const bool nothing_to_ask = asks && order && !orders::open_offer(turn.tx.read(), *order);
  if (named && word != Word::none && !nothing_to_ask) {
    if (order)
      handle(turn, *order, word, turn.kept_text());
    else
      turn.say("status.not_yours");
    return Outcome::answered;
  }
  // In a form, and where another question is open, words without a number answer that.
  if (named || !turn.session.stack.empty()) return Outcome::not_mine;
  return answer_open(turn, word);
}

// Another report, a complaint, or a question: no reason for not taking the price, and not to be
// lost in one.
bool ConsentDialog::is_other_matter(const Turn& turn, const Order& order) const {
  const std::string words = reading(turn.heard);
  const auto list = [&](const char* name) -> const std::vector<std::string>& {
    return lists_.find(name)->second;
  };
  if (contains_any(words, list("refuse")) || contains_any(words, list("hesitate"))) return false;
  if (contains_any(words, list("question"))) return true;
  if (turn.heard.confidence < sure_of_matter) return false;
  if (turn.heard.intent == Intent::file_complaint) return true;
  const Entity* item = turn.heard.first("item");
  const auto* known = item == nullptr ? nullptr : orders_.catalogue().find(item->text);
  const std::string thing = known != nullptr ? known->name : item != nullptr ? item->text : "";
  return turn.forms.by_intent(turn.heard.intent) != nullptr && !thing.empty() &&
         thing != order.item;
}

Outcome ConsentDialog::settle(Turn& turn, const Json& pending, Word word) {
  const std::string step = text_of(pending, "step");
  auto order = orders::find(turn.tx.read(), text_of(pending, "number"));
  if (order && !orders::may_see(turn, *order)) order.reset();
  const auto yes = plain_answer(turn);
  if (step == "which") {
    bool named = false;
    const auto meant = orders::named_theirs(turn, named);
    if (!named || word != Word::none) return Outcome::not_mine;
    if (meant)
      handle(turn, *meant, flag_of(pending, "agree") ? Word::agree : Word::refuse,
             text_of(pending, "words"));
    else
      turn.say("status.not_yours");
    return Outcome::answered;
  }
  if (!order) return Outcome::not_mine;
  bool other = false;
  if (orders::named_theirs(turn, other); other) {
    // Another order's button: that one first; a reason that is waited for comes by the timer.
    return Outcome::not_mine;
  }
  if (step == "question") {
    const bool no = word == Word::refuse || word == Word::refuse_with_reason || yes == false;
    if (!no && word != Word::agree && yes != true) return Outcome::not_mine;
    const std::string reason =
        word == Word::refuse_with_reason ? turn.kept_text() : text_of(pending, "words");
    const auto offer = orders::open_offer(turn.tx.read(), *order);
    if (!offer)
      explain(turn, *order, !no);
    else if (no)
      refuse(turn, *order, *offer, reason.empty() ? Word::refuse : Word::refuse_with_reason,
             reason);
    else
      agree(turn, *order, *offer, turn.kept_text());
    return Outcome::answered;
  }
  // The reason: whatever they say, unless they changed their mind or told of something else.
  const bool aside = turn.session.stack.size() > static_cast<std::size_t>(int_of(pending, "depth"));
  if (aside || is_other_matter(turn, *order)) {
    turn.memory(memory_key) = pending;  // still asked; who never answers has declined
    return Outcome::not_mine;
  }
  store::clear_timer(turn.tx.write(), silence_timer, order->number);
  const auto offer = orders::open_offer(turn.tx.read(), *order);
  if (!offer) return Outcome::not_mine;
  if (word == Word::agree) {
    agree(turn, *order, *offer, turn.kept_text());
    return Outcome::answered;
  }
  if (word == Word::price) {  // a question, no reason
    store::set_timer(turn.tx.write(), turn.now() + reason_awaited, silence_timer, order->number,
                     {{"channel", turn.message.channel}});
    ask(turn, "consent.ask", *order, *offer, {});
    return Outcome::answered;
  }
  const std::string said(trim(turn.kept_text()));
  const bool left_out = said.empty() || is_just(reading(turn.heard), skip_);
  decline(turn, *order, left_out ? turn.phrase("consent.no_reason") : said);
  return Outcome::answered;
}

Outcome ConsentDialog::answer_open(Turn& turn, Word word) {
  const auto yes = plain_answer(turn);
  const bool asked_elsewhere =
      turn.session.memory.contains("status") || turn.session.memory.contains("signing");
  if (word == Word::none && (!yes || asked_elsewhere)) return Outcome::not_mine;
  std::vector<std::pair<Order, orders::Offer>> open;
  auto theirs = orders::open_theirs(turn);
  for (auto& order : theirs) {
    const auto offer = orders::open_offer(turn.tx.read(), order);
    // A mere "好的" counts as the first word after the price was told; later it may answer
    // something else.
    const bool direct = word != Word::none || (offer && offer->told_at >= turn.session.last_at);
    if (offer && direct) open.emplace_back(order, *offer);
  }
  if (open.empty()) {
    const auto settled = std::ranges::find_if(
        theirs, [](const Order& one) { return one.agreed_at && one.state == "quoted"; });
    if (word != Word::agree) return without_offer(turn, theirs, word);
    if (settled == theirs.end()) return Outcome::not_mine;
    explain(turn, *settled, true);
    return Outcome::answered;
  }
  if (word == Word::none) word = *yes ? Word::agree : Word::refuse;
  if (open.size() == 1) {
    handle(turn, open.front().first, word, turn.kept_text());
    return Outcome::answered;
  }
  turn.say("consent.which");
  for (const auto& [order, offer] : open) turn.say("consent.one", told(order, offer.amount_fen));
  if (word == Word::agree || word == Word::refuse || word == Word::refuse_with_reason) {
    turn.memory(memory_key) = {
        {"step", "which"}, {"agree", word == Word::agree}, {"words", turn.kept_text()}};
  }
  return Outcome::answered;
}

void ConsentDialog::handle(Turn& turn, const Order& order, Word word, const std::string& words) {
  const auto offer = orders::open_offer(turn.tx.read(), order);
  if (!offer) return explain(turn, order, word == Word::agree);
  if (word == Word::agree) return agree(turn, order, *offer, words);
  if (word == Word::think) return ask(turn, "consent.think", order, *offer, {});
  if (word == Word::price) return ask(turn, "consent.ask", order, *offer, {});
  if (word == Word::unclear) return ask(turn, "consent.ask", order, *offer, words);
  refuse(turn, order, *offer, word, words);
}

// `words`: what they said of it may be their reason, when the answer is no.
void ConsentDialog::ask(Turn& turn, std::string_view phrase, const Order& order,
                        const orders::Offer& offer, const std::string& words) {
  turn.say(phrase, told(order, offer.amount_fen));
  turn.memory(memory_key) = {{"step", "question"}, {"number", order.number}, {"words", words}};
}

Outcome ConsentDialog::without_offer(Turn& turn, const std::vector<Order>& theirs, Word word) {
  std::vector<Order> repairs;
  std::ranges::copy_if(theirs, std::back_inserter(repairs), [](const Order& one) {
    return one.kind == orders::Kind::repair &&
           orders::listed("recorded notified reviewing assigned accepted", one.state);
  });
  if (repairs.size() != 1) return Outcome::not_mine;
  const Order& order = repairs.front();
  const std::string words = words_alone(turn);
  if (word == Word::price && is_just(words, lists_.find("price")->second)) {
    turn.say("consent.no_price_yet", {{"number", order.number}});
    return Outcome::answered;
  }
  const bool gives_up = word == Word::refuse || word == Word::refuse_with_reason;
  if (!gives_up || turn.heard.intent == Intent::cancel) return Outcome::not_mine;
  turn.say("status.cancel_confirm", {{"number", order.number}});
  turn.memory("status") = {
      {"step", "confirm"}, {"number", order.number}, {"note", turn.kept_text()}};
  return Outcome::answered;
}

void ConsentDialog::agree(Turn& turn, const Order& order, const orders::Offer& offer,
                          const std::string& words) {
  if (!orders_.consent(turn.tx, order, offer, true, orders::actor_of(turn), words)) {
    return explain(turn, order, true);
  }
  turn.say(offer.on_site ? "consent.onsite_agreed" : "repair.agreed", {{"number", order.number}});
}

void ConsentDialog::refuse(Turn& turn, const Order& order, const orders::Offer& offer, Word word,
                           const std::string& words) {
  if (offer.on_site) {
    if (!orders_.consent(turn.tx, order, offer, false, orders::actor_of(turn), words)) {
      return explain(turn, order, false);
    }
    return turn.say("consent.onsite_refused", {{"number", order.number}});
  }
  if (word == Word::refuse_with_reason) return decline(turn, order, words);
  turn.say("consent.reason", {{"number", order.number}});
  turn.memory(memory_key) = {{"step", "reason"},
                             {"number", order.number},
                             {"depth", static_cast<std::int64_t>(turn.session.stack.size())}};
  store::set_timer(turn.tx.write(), turn.now() + reason_awaited, silence_timer, order.number,
                   {{"channel", turn.message.channel}});
}

void ConsentDialog::decline(Turn& turn, const Order& order, const std::string& reason) {
  const orders::Actor actor = orders::actor_of(turn);
  const auto offer = orders::open_offer(turn.tx.read(), order);
  if (!offer || !orders_.consent(turn.tx, order, *offer, false, actor, turn.kept_text()) ||
      !orders_.act(turn.tx, order.number, "decline",
                   declined(order, turn.phrase("signing.unnamed"), reason), actor)) {
    return explain(turn, order, false);
  }
  turn.say("consent.declined", {{"number", order.number}});
}

void ConsentDialog::on_timer(Transaction& tx, Post&, std::string_view, std::string_view key,
                             const Json& payload) {
  const auto order = orders::find(tx.read(), key);
  const auto offer = order ? orders::open_offer(tx.read(), *order) : std::nullopt;
  if (!offer || offer->on_site) return;
  const auto label = [&](std::string_view id) {
    return orders_.speech().say(id, order->language, {}, orders_.moment(*order, tx.now()));
  };
  // Not in a turn of theirs, so that they hear of it (no conversation in the actor).
  const auto actor = orders::Actor::resident(text_of(payload, "channel"));
  const std::string reason = label("consent.no_reason");
  if (orders_.consent(tx, *order, *offer, false, actor, reason)) {
    orders_.act(tx, key, "decline", declined(*order, label("signing.unnamed"), reason), actor);
  }
}

void ConsentDialog::explain(Turn& turn, const Order& found, bool agreed) {
  const Order order = orders::find(turn.tx.read(), found.number).value_or(found);
  if (order.state == "declined") {
    turn.say("consent.was_declined", {{"number", order.number}});
  } else if (order.agreed_at && agreed) {
    turn.say("consent.already", told(order, order.quote_fen.value_or(0)));
  } else {
    turn.say("consent.nothing",
             {{"number", order.number}, {"state", turn.phrase("state." + order.state)}});
  }
}

}  // namespace huiyin::status
