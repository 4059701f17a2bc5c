// Who hears of what happens to an order: engineering or customer service of a new one, the person
// it was given to, and the one who reported it (guarantee 5).
#include "dialogs/orders/deed.h"
#include "store/base/money.h"
#include "store/base/phone.h"
#include "store/base/text.h"
#include "store/personal.h"

namespace huiyin::orders {
namespace {

constexpr std::size_t words_in_message_max = 200;  // code points of a description in a message

std::string shortened(const std::string& text) {
  if (code_points(text) <= words_in_message_max) return text;
  return first_code_points(text, words_in_message_max) + "…";
}

std::string_view supervisor_of(Kind kind) {
  return kind == Kind::complaint ? "service_supervisor" : "engineering_supervisor";
}

std::string_view new_phrase_of(Kind kind) {
  switch (kind) {
    case Kind::repair:
      return "repair.notify_supervisor";
    case Kind::public_fault:
      return "public.notify_supervisor";
    case Kind::complaint:
      return "complaint.notify";
    case Kind::task:
      break;
  }
  return "staff.order_line";
}

}  // namespace

Notice Orders::staff_notice(store::Connection& db, const Order& order, std::string_view phrase,
                            Instant now) const {
  constexpr Language language = Language::zh_hans;  // the staff's
  const auto label = [&](std::string_view id) {
    return speech_.say(id, language, {}, moment(order, now));
  };
  const auto or_unknown = [](std::string text) { return text.empty() ? "—" : std::move(text); };
  const bool complaint = order.kind == Kind::complaint;
  Notice notice;
  notice.template_id = phrase;
  notice.category = "staff";
  notice.order = order.number;
  notice.estate = order.estate;
  notice.language = language;
  notice.args = {
      {"number", order.number},
      {"unit", or_unknown(order.unit.empty() ? order.place : order.unit)},
      {"place", or_unknown(order.place.empty() ? order.unit : order.place)},
      {"name",
       order.name.empty() && complaint ? label("complaint.anonymous") : or_unknown(order.name)},
      {"phone", or_unknown(order.phone.empty() ? "" : national_phone(order.phone))},
      {"description", shortened(store::get_text(db, order.description))},
      {"time", time_for_people(order, language, now)},
      {"state", label("state." + order.state)},
  };
  return notice;
}

void Orders::tell_new(Transaction& tx, const Order& order) {
  const Notice notice = staff_notice(tx.write(), order, new_phrase_of(order.kind), tx.now());
  post_.to_role(tx, supervisor_of(order.kind), notice);
  if (order.kind == Kind::complaint && order.severity == "major") {  // R4.5
    post_.to_role(tx, "centre_manager", notice);
  }
}

void Orders::tell_holder(Transaction& tx, const Order& order, Notice notice) {
  const auto holder = order.assignee != 0 ? directory_.staff_by_id(order.assignee) : std::nullopt;
  if (holder) {
    post_.to_staff(tx, *holder, std::move(notice));
  } else {
    post_.to_role(tx, supervisor_of(order.kind), std::move(notice));
  }
}

void Orders::tell_done(const Deed& deed) {
  const Order& order = deed.order;
  const std::string_view name = deed.action;
  store::Connection& db = deed.db();
  const std::string note = text_of(deed.body, "note");
  if (name == "notify") {
    tell_new(deed.tx, order);
  } else if (name == "agree") {
    tell_holder(deed.tx, order, staff_notice(db, order, "repair.agreed_staff", deed.now()));
  } else if (name == "assign" || name == "transfer") {
    tell_holder(deed.tx, order, staff_notice(db, order, "staff.order_line", deed.now()));
  } else if (name == "escalate") {
    // R8.9: the level is the effect's to say.
    const std::string level = text_of(deed.detail, "to");
    const std::string_view to = level == "supervisor" ? supervisor_of(order.kind) : level;
    post_.to_role(deed.tx, to, staff_notice(db, order, "staff.order_line", deed.now()));
  } else if (name == "classify" && order.severity == "major") {
    post_.to_role(deed.tx, "centre_manager",
                  staff_notice(db, order, "complaint.notify", deed.now()));
  } else if (name == "quote" && deed.entered == "quoted") {
    tell_reporter(deed, "order.quoted", {{"amount", yuan(order.quote_fen.value_or(0))}});
  } else if (name == "quote") {
    tell_reporter(deed, note.empty() ? "order.state_changed" : "order.not_feasible",
                  {{"reason", note}});
  } else if (name == "cancel") {
    tell_reporter(deed, note.empty() ? "order.state_changed" : "order.cancelled",
                  {{"reason", note}});
    if (deed.actor.role == "resident") {
      tell_holder(deed.tx, order, staff_notice(db, order, "status.cancel_staff", deed.now()));
    }
  } else if (name == "complete") {
    tell_reporter(deed, "order.done", {});
  } else if (name == "reply") {
    tell_reporter(deed, "plain", {{"text", note}});
  } else if (name == "decline") {  // a merge is told by dialogs/complaint
    tell_reporter(deed, "order.state_changed", {});
  }
}

void Orders::tell_reporter(const Deed& deed, std::string_view phrase, Args args) {
  const Order& order = deed.order;
  // A resident who acts hears the answer in the conversation itself.
  if (deed.actor.role == "resident") return;
  if (order.conversation.empty() && order.phone.empty()) return;
  Notice notice;
  notice.template_id = phrase;
  notice.args = std::move(args);
  notice.args["number"] = order.number;
  if (!order.state.empty()) {
    notice.args["state"] =
        speech_.say("state." + order.state, order.language, {}, moment(order, deed.now()));
  }
  notice.order = order.number;
  notice.estate = order.estate;
  notice.language = order.language;
  if (order.conversation.empty())
    notice.phone = order.phone;
  else
    notice.conversation = order.conversation;
  post_.send(deed.tx, notice);
}

}  // namespace huiyin::orders
