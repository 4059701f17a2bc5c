// The shared life of work orders, as other subjects use it: record one, act on it, correct it.
// Every change goes through the tables of life.h and clocks.h, writes its line of history and tells
// whom it concerns. Lane's thread; all effects are in the transaction at hand.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/gateway/lane.h"
#include "bot/speech/speech.h"
#include "bot/talk/directory.h"
#include "bot/talk/post.h"
#include "dialogs/orders/catalogue.h"
#include "dialogs/orders/life.h"
#include "dialogs/orders/order.h"
#include "dialogs/orders/price_list.h"

namespace huiyin::orders {

// Why an action was not done: the status the operator API answers with, and for a state that does
// not allow it (409) the actions that this actor may do now.
struct Refusal {
  int status = 409;  // 400 403 404 409
  std::string detail;
  std::string field;  // of a 400
  std::vector<std::string> allowed;
};
template <class T>
using Acted = tl::expected<T, Refusal>;

// What may be corrected right after recording; what is not set stays.
struct Amendment {
  std::optional<UnitRecord> unit;  // of the order's estate: number, copies and clocks are of it
  std::optional<std::string> name, phone, place, description;
  std::optional<std::optional<Appointment>> appointment;  // inner none: as soon as possible
};

// A price that the resident has not answered yet: the quote of an item that is not listed (R5.12),
// or what the repairer wrote on site before starting (R5.13, R5.14).
struct Offer {
  bool on_site = false;
  std::int64_t amount_fen = 0;
  Instant told_at{};
};
std::optional<Offer> open_offer(store::Connection& db, const Order& order);

// Counts up with what the customer signs (the work that was done, charges, materials, whose home it
// is), and with nothing else.
std::int64_t sheet_version(store::Connection& db, const Order& order);

// What happened to an order: in the transaction that did it, after the row was written.
struct Happening {
  Transaction& tx;
  const Order& order;        // as it is now
  std::string_view action;   // of life.h, or "record" "amend" "reschedule" "urge" "told_again"
                             // "consent" "dissatisfied"
  std::string_view entered;  // the state, empty when it stayed
  const Actor& actor;
  const Json& body;  // the action's
};

// A subject that builds on orders (dispatch, signing, desk …) and acts when something happens to
// one. Called on the lane's thread, in the order of subjects.cpp.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void on_happening(const Happening&) {}
  // A clock of the order is about to run out (`missed` false) or has just run out.
  virtual void on_clock(Transaction&, const Order&, const ClockRecord&, bool /*missed*/) {}
};

class Orders {
 public:
  // `notify_anchor`: setting rules.notify_anchor, "received" or "filled"; an estate's profile
  // may differ.
  Orders(const Directory& directory, const Speech& speech, Post& post,
         std::string_view notify_anchor = "received", Catalogue catalogue = {},
         PriceLists prices = {})
      : directory_(directory),
        speech_(speech),
        post_(post),
        anchor_filled_(notify_anchor == "filled"),
        catalogue_(std::move(catalogue)),
        prices_(std::move(prices)) {}

  // Takes a number, writes the sheet with its clocks and copies. By chat (NewOrder::conversation
  // set) engineering is told by itself, at once (R5.8, R5.24); from the desk `notify` does that. A
  // complaint is told to the customer service supervisor and entered in the contact log (R4.2,
  // R4.3) in either case.
  std::string record(Transaction& tx, const NewOrder& order);

  // One action of the contract. `body` holds its members. `more_follows`: the same is done again in
  // this transaction, and the one who reported it hears of all of it with the last.
  Acted<Order> act(Transaction& tx, std::string_view number, std::string_view action,
                   const Json& body, const Actor& actor, bool more_follows = false);

  // Another time for a repair (R5.11): history, clocks, and who goes there is told. Where somebody
  // has been there already `why` says why they come again, as the action `put_off` takes it
  // ({"note", "because": "absent" | "material"}); that action is part of it. Refused as an action
  // is: 403 whom it is not for, 409 when it is too late. That a resident may see the order is the
  // caller's to know.
  Acted<void> reschedule(Transaction& tx, Order& order,
                         const std::optional<Appointment>& appointment, const Actor& actor,
                         const Json& why = Json::object());
  // Someone asks for haste: history, and a word to whoever holds the order or supervises it. Said
  // again within minutes of an order that stands as it stood, it is neither noted nor passed on.
  void urge(Transaction& tx, const Order& order, const Actor& actor, std::string_view words);
  // The same matter was told again (R7.17): a line of history.
  void told_again(Transaction& tx, const Order& order, const Actor& actor, std::string_view words);
  // The resident's word on an open offer. What was said yes or no to (text, amount), their words,
  // the time and the channel stay in the history as "consent". To a quote, yes is the action
  // `agree`; no is kept only, `decline` follows when the reason is known (R5.15). On site it is
  // kept and told to the repairer, who starts or declines (R5.14).
  Acted<void> consent(Transaction& tx, const Order& order, const Offer& offer, bool agreed,
                      const Actor& actor, std::string_view words);
  // Not content with what was done: history, and a word to the supervisor; it stays completed. Said
  // again within minutes it is neither noted nor passed on.
  void dissatisfied(Transaction& tx, const Order& order, const Actor& actor,
                    std::string_view words);
  // What a resident is told of the work and its price: "number", "done", "charges", "total" and
  // "link" (each "none" when there is none), for phrases and pages.
  Args bill(store::Connection& db, const Order& order, Instant now) const;
  // A correction of what was recorded; `shown` is each change for people, field and new value.
  // Engineering hears of it.
  void amend(Transaction& tx, Order& order, const Amendment& change, const Actor& actor,
             const std::vector<std::pair<std::string, std::string>>& shown);

  // At start, before any other call; borrowed.
  void listen(Listener& listener) { listeners_.push_back(&listener); }

  // Makes the link to the page where the customer signs; without one there is none. At start.
  // `version`: of the sheet that is signed, see sheet_version().
  using SignLink = std::function<std::string(const Order&, std::int64_t version, Instant now)>;
  void link_with(SignLink link) { sign_link_ = std::move(link); }
  // Sends that link once more; once for each `key`. False: it was sent before.
  bool send_link(Transaction& tx, const Order& order, std::string_view key);
  // Timers (orders_dialog.h): a clock is about to run out or has; nobody was sent yet (R5.9).
  void clock_fired(Transaction& tx, std::string_view timer_key);
  void assignment_overdue(Transaction& tx, std::string_view number, std::int64_t minutes);

  const Catalogue& catalogue() const { return catalogue_; }
  // The estate's price list; null when it has none.
  const PriceList* prices(std::string_view estate) const {
    return prices_.of(directory_.profile(estate));
  }

  const Directory& directory() const { return directory_; }
  const Speech& speech() const { return speech_; }
  Moment moment(const Order& order, Instant now) const;
  // The appointment for people of that language; "as soon as possible" without one.
  std::string time_for_people(const Order& order, Language language, Instant now) const;

 private:
  struct Deed;
  // The same was said within the last minutes, and nothing happened to the order since.
  static bool said_lately(Transaction& tx, const Order& order, std::string_view event);
  // With the estate that a member of the staff works on.
  Actor placed(Actor actor) const;
  Acted<void> effect(Deed& deed);
  Acted<void> quote(Deed& deed);
  Acted<void> merge_into(Deed& deed);
  Acted<void> charge(Deed& deed);
  Acted<void> correct_charge(Deed& deed);
  void sign_for(Deed& deed);
  void correct_item(Deed& deed);
  Acted<void> already(const Deed& deed, std::string detail);
  // Answers the rules of clocks that were found missed.
  std::vector<std::string> settle(Deed& deed);
  bool needs_no_review(const NewOrder& order, const EstateProfile& profile) const;
  // clock_notices.cpp
  Notice clock_notice(store::Connection& db, const Order& order, const ClockRecord& clock,
                      std::string_view phrase, Instant now) const;
  void remind(Transaction& tx, const Order& order, const ClockRecord& clock);
  void tell_missed(Transaction& tx, const Order& order, const ClockRecord& clock);
  void tell_missed(Transaction& tx, const Order& order, const std::vector<std::string>& rules);
  void watch_for_assignment(Transaction& tx, const Order& order);
  // Who hears of it (notices.cpp).
  void tell_new(Transaction& tx, const Order& order);
  void happened(Transaction& tx, const Order& order, std::string_view action,
                std::string_view entered, const Actor& actor, const Json& body) const;
  void tell_done(const Deed& deed);
  // What the one who reported it hears of an action (posted.cpp): R3.5, guarantee 5.
  void keep_posted(Transaction& tx, const Order& order, std::string_view action, const Json& body,
                   const Actor& actor);
  Args facts(store::Connection& db, const Order& order, const Json& body, Instant now) const;
  void tell_reporter(Transaction& tx, const Order& order, std::string_view phrase, Args args);
  std::string offer_text(store::Connection& db, const Order& order, const Offer& offer,
                         Instant now) const;
  // To whoever holds the order, else to the role that supervises its kind.
  void tell_holder(Transaction& tx, const Order& order, Notice notice);
  // A message to staff about the order, with the arguments that staff phrases take.
  Notice staff_notice(store::Connection& db, const Order& order, std::string_view phrase,
                      Instant now) const;

  const Directory& directory_;
  const Speech& speech_;
  Post& post_;
  const bool anchor_filled_;
  const Catalogue catalogue_;
  const PriceLists prices_;
  std::vector<Listener*> listeners_;
  SignLink sign_link_;
};

}  // namespace huiyin::orders
