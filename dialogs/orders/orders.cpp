#include "dialogs/orders/orders.h"

#include "dialogs/contacts/contacts_log.h"
#include "dialogs/orders/clocks.h"
#include "dialogs/orders/deed.h"
#include "store/base/text.h"
#include "store/numbers.h"
#include "store/personal.h"

namespace huiyin::orders {
namespace {

// Where each copy of a new sheet lies: with the clerk who filled it. How many there are is the
// estate's ("repair_sheet": {"copies": 4}; R5.7 four, R9.7 three, A-6); a task has two (R8.2), and
// so has the patrol form of a public fault (R5.25).
int copies_of(Kind kind, const EstateProfile& profile) {
  if (kind == Kind::task || kind == Kind::public_fault) return 2;
  if (kind != Kind::repair) return 0;
  const auto sheet = profile.values.find("repair_sheet");
  const std::int64_t told = sheet == profile.values.end() ? 4 : int_of(*sheet, "copies", 4);
  return static_cast<int>(std::clamp<std::int64_t>(told, 1, 9));
}

}  // namespace

// R5.10 against R5.12: whether the price list has the item told, or the first one in the
// description. What the catalogue does not know counts as listed: the repairer compares on site
// (R5.13).
bool Orders::needs_no_review(const NewOrder& order, const EstateProfile& profile) const {
  if (order.priced) return *order.priced;
  if (order.kind != Kind::repair) return true;
  const PriceList* list = prices_.of(profile);
  if (list == nullptr) return true;
  for (const std::string* text : {&order.item, &order.category, &order.description}) {
    if (const auto* item = catalogue_.find(*text)) return list->covers(item->name);
  }
  return true;
}

std::string Orders::record(Transaction& tx, const NewOrder& order) {
  store::Connection& db = tx.write();
  const Instant now = tx.now();
  const EstateProfile& profile = directory_.profile(order.estate);
  std::string number = store::next_number(db, prefix_of(order.kind), profile.zone.yyyymmdd(now));
  Order recorded = opened(number, order, needs_no_review(order, profile), now);
  for (int copy = 1; copy <= copies_of(order.kind, profile); ++copy) {
    recorded.copies.push_back({copy, order.kind == Kind::task ? "dispatcher" : "front_desk", now});
  }
  Missed missed = start_at_intake(recorded, profile, now, anchor_filled_, order.actor);
  // By chat the product notifies by itself, in the same breath.
  const bool notified = !order.conversation.empty() &&
                        (order.kind == Kind::repair || order.kind == Kind::public_fault);
  if (notified) {
    recorded.state = "notified";
    for (auto& rule : run_clocks(recorded, profile, "notify", now, Actor::system())) {
      missed.push_back(std::move(rule));
    }
  }
  insert(db, recorded, order);
  add_event(db, recorded, now, order.actor, "record", first_state(order.kind), {},
            {{"channel", order.channel}});
  if (notified) add_event(db, recorded, now, Actor::system(), "notify", recorded.state);
  if (order.kind == Kind::complaint) {
    contacts::add(db,
                  {0, now, order.channel, order.name, order.phone, order.unit, order.description,
                   number, order.estate},
                  text_subject(number));
  }
  if (notified || order.kind == Kind::complaint) tell_new(tx, recorded);
  if (order.conversation.empty()) keep_posted(tx, recorded, "record", Json(), order.actor);
  if (notified) watch_for_assignment(tx, recorded);
  tell_missed(tx, recorded, missed);
  happened(tx, recorded, "record", recorded.state, order.actor, Json());
  return number;
}

Acted<void> Orders::reschedule(Transaction& tx, Order& order,
                               const std::optional<Appointment>& appointment, const Actor& told,
                               const Json& why) {
  const Actor actor = placed(told);
  if (!may_reschedule(actor, order)) {
    return tl::unexpected(
        Refusal{403, "only who holds the order, or its desk, may give it another time", {}, {}});
  }
  if (!can_reschedule(order)) {
    Refusal refusal{409, "the order is " + order.state + ": no visit is to come", {}, {}};
    return tl::unexpected(std::move(refusal));
  }
  store::Connection& db = tx.write();
  if (listed("arrived in_progress", order.state)) {
    Json body = why;
    if (text_of(body, "note").empty()) body["note"] = text_of(why, "because", "reschedule");
    body["moved"] = true;  // one message tells both
    auto back = act(tx, order.number, "put_off", body, actor);
    if (!back) return tl::unexpected(back.error());
    order = std::move(*back);
  }
  const EstateProfile& profile = directory_.profile(order.estate);
  order.appointment = appointment;
  const auto missed = move_appointment(db, order, profile, tx.now());
  Json detail = nullptr;
  if (appointment) {
    detail = {{"from", profile.zone.rfc3339(appointment->from)}};
    if (appointment->to) detail["to"] = profile.zone.rfc3339(*appointment->to);
  }
  add_event(db, order, tx.now(), actor, "reschedule", {}, {}, detail);
  save(db, order);
  const bool holder_did = actor.staff != 0 && actor.staff == order.assignee;
  // Who supervises it needs no word of what they did themselves.
  const bool supervisor_did = order.assignee == 0 && actor.role == supervisor_of(order.kind);
  if (!holder_did && !supervisor_did) {
    tell_holder(tx, order, staff_notice(db, order, "status.reschedule_staff", tx.now()));
  }
  keep_posted(tx, order, "reschedule", why, actor);
  tell_missed(tx, order, missed);
  happened(tx, order, "reschedule", {}, actor, Json());
  return {};
}

bool Orders::said_lately(Transaction& tx, const Order& order, std::string_view event) {
  constexpr auto repeats_within = std::chrono::minutes(10);
  return tx.read()
             .value<std::int64_t>(
                 "SELECT count(*) FROM order_events e WHERE order_id = :o AND action = :a"
                 " AND at > :s AND NOT EXISTS(SELECT 1 FROM order_events l WHERE l.order_id = :o2"
                 " AND l.n > e.n AND l.state <> '')",
                 order.id, event, to_millis(tx.now() - repeats_within), order.id)
             .value_or(0) > 0;
}

void Orders::urge(Transaction& tx, const Order& order, const Actor& actor, std::string_view words) {
  if (said_lately(tx, order, "urge")) return;
  add_event(tx.write(), order, tx.now(), actor, "urge", {},
            first_code_points(words, words_kept_max));
  tell_holder(tx, order, staff_notice(tx.write(), order, "status.urge_staff", tx.now()));
  happened(tx, order, "urge", {}, actor, Json());
}

void Orders::told_again(Transaction& tx, const Order& order, const Actor& actor,
                        std::string_view words) {
  add_event(tx.write(), order, tx.now(), actor, "told_again", {}, words);
  happened(tx, order, "told_again", {}, actor, Json());
}

void Orders::amend(Transaction& tx, Order& order, const Amendment& change, const Actor& actor,
                   const std::vector<std::pair<std::string, std::string>>& shown) {
  store::Connection& db = tx.write();
  const EstateProfile& profile = directory_.profile(order.estate);
  Json fields = Json::array();
  Missed missed;
  if (change.unit) {
    order.unit_id = change.unit->id;
    order.unit = change.unit->unit.canonical();
    fields.push_back("unit");
  }
  if (change.name) {
    order.name = *change.name;
    fields.push_back("name");
  }
  if (change.phone) {
    order.phone = *change.phone;
    fields.push_back("phone");
  }
  if (change.place) {
    order.place = *change.place;
    fields.push_back("place");
  }
  if (change.description) {
    order.description = store::put_text(db, text_subject(order.number), *change.description);
    fields.push_back("description");
  }
  if (change.appointment) {
    order.appointment = *change.appointment;
    missed = move_appointment(db, order, profile, tx.now());
    fields.push_back("appointment");
  }
  add_event(db, order, tx.now(), actor, "amend", {}, {}, {{"fields", fields}});
  save(db, order);
  if (order.kind == Kind::complaint) {  // R4.2: the register says what the sheet says
    contacts::change_of_order(db,
                              {.name = order.name,
                               .phone = order.phone,
                               .unit = order.unit,
                               .content = store::get_text(db, order.description),
                               .order = order.number,
                               .estate = order.estate},
                              text_subject(order.number));
  }
  tell_missed(tx, order, missed);
  happened(tx, order, "amend", {}, actor, Json());
  if (order.kind != Kind::repair && order.kind != Kind::public_fault) return;
  for (const auto& [field, value] : shown) {
    Notice notice = staff_notice(db, order, "repair.notify_changed", tx.now());
    notice.args["field"] = field;
    notice.args["value"] = shortened(value);
    tell_holder(tx, order, std::move(notice));
  }
}

void Orders::happened(Transaction& tx, const Order& order, std::string_view action,
                      std::string_view entered, const Actor& actor, const Json& body) const {
  for (Listener* listener : listeners_) {
    listener->on_happening({tx, order, action, entered, actor, body});
  }
}

Moment Orders::moment(const Order& order, Instant now) const {
  return {now, &directory_.profile(order.estate).zone};
}

std::string Orders::time_for_people(const Order& order, Language language, Instant now) const {
  if (!order.appointment) return speech_.say("repair.asap", language, {}, moment(order, now));
  const TimeRange range{order.appointment->from, order.appointment->to,
                        order.appointment->to ? "daypart" : "minute"};
  return human_time(range, language, moment(order, now));
}

}  // namespace huiyin::orders
