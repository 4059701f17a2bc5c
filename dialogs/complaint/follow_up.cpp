// What follows of itself when something happened to a complaint: listener of dialogs/orders.
#include "dialogs/complaint/complaint.h"
#include "dialogs/orders/life.h"
#include "store/base/phone.h"
#include "store/base/text.h"
#include "store/personal.h"

namespace huiyin::complaint {
namespace {

using orders::Kind;
using orders::Order;

constexpr std::size_t words_in_message_max = 200;  // code points
constexpr std::size_t merged_max = 200;            // orders in one, told one by one
constexpr Language staff_language = Language::zh_hans;

std::string or_dash(std::string text) {
  return text.empty() ? "—" : std::move(text);
}

// The orders that were merged into this one, and into those.
std::vector<Order> merged_orders(store::Connection& db, const Order& target) {
  std::vector<Order> found;
  std::vector<std::int64_t> open{target.id};
  while (!open.empty() && found.size() < merged_max) {
    const std::int64_t id = open.back();
    open.pop_back();
    for (const auto& [detail] : db.query<std::string>(
             "SELECT detail FROM order_events WHERE order_id = :o AND action = 'merged_in'", id)) {
      auto one = orders::find(db, text_of(Json::parse(detail, nullptr, false), "from"));
      if (!one) continue;
      open.push_back(one->id);
      found.push_back(std::move(*one));
    }
  }
  return found;
}

// The note of the last such action in the history.
std::string last_note(store::Connection& db, const Order& order, std::string_view action) {
  return store::get_text(db, db.value<std::int64_t>("SELECT note FROM order_events WHERE"
                                                    " order_id = :o AND action = :a"
                                                    " ORDER BY n DESC LIMIT 1",
                                                    order.id, action)
                                 .value_or(0));
}

bool same_reporter(const Order& a, const Order& b) {
  if (!a.conversation.empty()) return a.conversation == b.conversation;
  return !a.phone.empty() && b.conversation.empty() && a.phone == b.phone;
}

}  // namespace

void ComplaintDialog::on_happening(const orders::Happening& happening) {
  const Order& order = happening.order;
  const bool complaint = order.kind == Kind::complaint;
  if (!complaint && order.kind != Kind::public_fault) return;
  if (happening.action == "record") {
    if (complaint) recorded(happening);
    suggest(happening);
  }
  if (!complaint) return;
  const std::string note = text_of(happening.body, "note");
  if (happening.action == "complete") {
    resolved(happening);
    tell_merged(happening, "complaint.merged_done",
                {{"note", note.empty() ? std::string("none") : note}});
  } else if (happening.action == "cancel") {
    tell_merged(happening, "complaint.merged_cancelled", {});
  } else if (happening.action == "reply") {
    tell_merged(happening, "complaint.merged_reply", {{"note", note}});
  } else if (happening.action == "merge") {
    merged(happening);
  }
}

// R4.3, R4.5: a class with its reason and a department. The class that a person gave stands.
void ComplaintDialog::recorded(const orders::Happening& happening) {
  Transaction& tx = happening.tx;
  const Order& order = happening.order;
  const Judgement judgement =
      classes_.judge(store::get_text(tx.read(), order.description), order.category);
  if (order.severity.empty()) {
    const auto done = orders_.act(tx, order.number, "classify",
                                  {{"severity", judgement.severity}, {"note", judgement.reason}},
                                  orders::Actor::system());
    if (!done) throw std::runtime_error("classify " + order.number + ": " + done.error().detail);
  }
  give_to_department(happening, judgement);
}

void ComplaintDialog::give_to_department(const orders::Happening& happening,
                                         const Judgement& judgement) {
  Transaction& tx = happening.tx;
  const Order& order = happening.order;
  orders::add_event(tx.write(), order, tx.now(), orders::Actor::system(), "route", {}, {},
                    {{"department", judgement.department},
                     {"topic", judgement.topic.empty() ? Json(nullptr) : Json(judgement.topic)}});
  // The supervisor of customer service has the sheet anyhow, the centre manager a major one.
  const std::string severity =
      order.severity.empty() ? judgement.severity : std::string(Classes::known(order.severity));
  const bool told = judgement.department == "service_supervisor" ||
                    (judgement.department == "centre_manager" && severity == "major");
  if (told) return;
  Notice notice = to_staff(tx.write(), order, "complaint.department");
  notice.args["class"] = orders_.speech().say("label.severity." + severity, staff_language, {}, {});
  post_.to_role(tx, judgement.department, std::move(notice));
}

// R7.17: the best one only, to who may decide it.
void ComplaintDialog::suggest(const orders::Happening& happening) {
  Transaction& tx = happening.tx;
  const Order& order = happening.order;
  const auto candidates = similar(tx.read(), order, classes_);
  if (candidates.empty() || candidates.front().score < classes_.likeness().suggest) return;
  const bool complaint = order.kind == Kind::complaint;
  Notice notice =
      to_staff(tx.write(), order, complaint ? "complaint.maybe_same" : "public.maybe_same");
  notice.args["other"] = candidates.front().number;
  post_.to_role(tx, complaint ? "service_supervisor" : "engineering_supervisor", std::move(notice));
}

// R4.4: the sheet is back, customer service calls whoever left a phone.
void ComplaintDialog::resolved(const orders::Happening& happening) {
  const Order& order = happening.order;
  if (order.phone.empty()) return;
  post_.to_role(happening.tx, "front_desk",
                to_staff(happening.tx.write(), order, "complaint.call_back"));
}

void ComplaintDialog::merged(const orders::Happening& happening) {
  Transaction& tx = happening.tx;
  const Order& order = happening.order;
  tell(tx, order, "complaint.merged", {{"into", order.merged_into}});
  const auto target = orders::find(tx.read(), order.merged_into);
  // What was handled before hears of it at once.
  if (!target || !orders::listed("resolved revisited archived", target->state)) return;
  const std::string result = last_note(tx.write(), *target, "complete");
  const Args args{{"into", order.merged_into},
                  {"note", result.empty() ? std::string("none") : result}};
  tell(tx, order, "complaint.merged_done", args);
  for (const auto& earlier : merged_orders(tx.read(), order)) {
    tell(tx, earlier, "complaint.merged_done", args);
  }
}

void ComplaintDialog::tell_merged(const orders::Happening& happening, std::string_view phrase,
                                  const Args& args) {
  for (const auto& one : merged_orders(happening.tx.read(), happening.order)) {
    if (same_reporter(one, happening.order)) continue;
    Args own = args;
    own["into"] = happening.order.number;
    tell(happening.tx, one, phrase, std::move(own));
  }
}

void ComplaintDialog::tell(Transaction& tx, const Order& order, std::string_view phrase,
                           Args args) {
  if (order.conversation.empty() && order.phone.empty()) return;
  Notice notice;
  notice.template_id = phrase;
  notice.args = std::move(args);
  notice.args["number"] = order.number;
  notice.order = order.number;
  notice.estate = order.estate;
  notice.language = order.language;
  if (order.conversation.empty())
    notice.phone = order.phone;
  else
    notice.conversation = order.conversation;
  post_.send(tx, notice);
}

Notice ComplaintDialog::to_staff(store::Connection& db, const Order& order,
                                 std::string_view phrase) const {
  const std::string words = store::get_text(db, order.description);
  const std::string where = order.unit.empty() ? order.place : order.unit;
  Notice notice;
  notice.template_id = phrase;
  notice.category = "staff";
  notice.order = order.number;
  notice.estate = order.estate;
  notice.language = staff_language;
  notice.args = {{"number", order.number},
                 {"unit", or_dash(where)},
                 {"name", or_dash(order.name)},
                 {"phone", or_dash(order.phone.empty() ? "" : national_phone(order.phone))},
                 {"description", code_points(words) <= words_in_message_max
                                     ? words
                                     : first_code_points(words, words_in_message_max) + "…"}};
  return notice;
}

}  // namespace huiyin::complaint
