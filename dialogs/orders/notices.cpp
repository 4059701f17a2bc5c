// Which of the staff hear of what happens to an order: engineering or customer service of a new
// one, the person it was given to, who supervises it. What the resident hears is in posted.cpp.
#include <algorithm>

#include "dialogs/orders/deed.h"
#include "dialogs/orders/short_numbers.h"
#include "store/base/phone.h"
#include "store/base/text.h"
#include "store/personal.h"

namespace huiyin::orders {
namespace {

std::string_view new_phrase_of(const Order& order) {
  switch (order.kind) {
    case Kind::repair:  // R5.12: what is not in the price list is assessed first
      return order.priced ? "repair.notify_supervisor" : "repair.notify_unlisted";
    case Kind::public_fault:
      return "public.notify_supervisor";
    case Kind::complaint:
      return "complaint.notify";
    case Kind::task:
      break;
  }
  return "staff.order_line";
}

// A task that is recorded by the product itself, for a call back, has no time to reply by.
std::string_view assigned_phrase_of(const Order& order) {
  if (order.kind == Kind::complaint) return "staff.assigned_complaint";
  return order.kind == Kind::task && order.reply_by ? "staff.assigned_task" : "staff.assigned";
}

// Letters and figures of a text, parted wherever something else stands: "3栋2单元501" → "3 2 501 ".
std::string figures_of(std::string_view text) {
  std::string out;
  bool inside = false;
  for (const char c : text) {
    const bool figure = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (inside && !figure) out += ' ';
    if (figure) out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    inside = figure;
  }
  return inside ? out + " " : out;
}

// The clause tells the order's home and nothing else.
bool is_address(std::string_view clause, std::string_view unit) {
  const auto figure = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  clause = trim(clause);
  return !unit.empty() && !clause.empty() && figure(clause.front()) && figure(clause.back()) &&
         figures_of(clause) == figures_of(unit);
}

// The description as staff need it: home, name and telephone stand beside it and are not said
// twice, and the sentence it is put into has its own full stop.
std::string matter_of(const std::string& description, const Order& order) {
  static const std::vector<std::string> marks{"，", ",", "。", ".",  "；", ";",
                                              "！", "!", "、", "\n", "\r", " "};
  const std::string phone = order.phone.empty() ? "" : national_phone(order.phone);
  std::string out, clause, gap;
  const auto end_clause = [&](const std::string& mark) {
    std::string rest = clause;
    const auto drop = [&](const std::string& part) {
      const auto at = part.empty() ? std::string::npos : rest.find(part);
      if (at != std::string::npos) rest.erase(at, part.size());
    };
    drop(phone);
    drop(order.name);
    const bool home = is_address(rest, order.unit);
    const bool said_beside = home || (rest != clause && code_points(rest) <= 2);
    if (!clause.empty() && !said_beside) {
      if (!out.empty()) out += gap;
      out += clause;
      gap.clear();
    }
    if (gap.empty()) gap = mark;
    clause.clear();
  };
  for (std::size_t at = 0; at < description.size();) {
    const auto mark = std::ranges::find_if(marks, [&](const std::string& one) {
      return description.compare(at, one.size(), one) == 0;
    });
    // A point or a comma between figures is part of a number.
    const bool inside = mark != marks.end() && (*mark == "." || *mark == ",") && at > 0 &&
                        std::isdigit(static_cast<unsigned char>(description[at - 1])) != 0 &&
                        at + 1 < description.size() &&
                        std::isdigit(static_cast<unsigned char>(description[at + 1])) != 0;
    if (mark == marks.end() || inside) {
      clause += description[at++];
      continue;
    }
    end_clause(*mark);
    at += mark->size();
  }
  end_clause("");
  return out.empty() ? description : out;
}

// By which the person knows the order in messages; the full number where they know none.
std::string number_for(store::Connection& db, std::int64_t staff, const Order& order) {
  const std::int64_t n = staff == 0 ? 0 : short_number(db, staff, order);
  return n > 0 ? std::to_string(n) : order.number;
}

// Who hears what is told to the role; 0: nobody on the estate holds it.
std::int64_t holder_of(const Directory& directory, const Order& order, std::string_view role) {
  const auto hearer = directory.hearer(order.estate, role);
  return hearer ? hearer->id : 0;
}

// R4.5: the manager hears that it is a major one, and why.
constexpr std::string_view major_phrase = "complaint.notify_major";
Notice about_major(Notice notice, store::Connection& db, const Directory& directory,
                   const Order& order, const std::string& reason) {
  notice.args["n"] = number_for(db, holder_of(directory, order, "centre_manager"), order);
  notice.args["reason"] = reason.empty() ? std::string("none") : shortened(reason);
  return notice;
}

}  // namespace

Notice Orders::staff_notice(store::Connection& db, const Order& order, std::string_view phrase,
                            Instant now) const {
  constexpr Language language = Language::zh_hans;  // the staff's
  const auto label = [&](std::string_view id) {
    return speech_.say(id, language, {}, moment(order, now));
  };
  const auto or_unknown = [](const std::string& text) {
    return text.empty() ? std::string("—") : shortened(text);
  };
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
      {"description", shortened(matter_of(store::get_text(db, order.description), order))},
      {"time", time_for_people(order, language, now)},
      {"state", label("state." + order.state)},
  };
  return notice;
}

void Orders::tell_new(Transaction& tx, const Order& order) {
  const auto tell = [&](std::string_view role) {
    Notice notice = staff_notice(tx.write(), order, new_phrase_of(order), tx.now());
    notice.args["n"] = number_for(tx.write(), holder_of(directory_, order, role), order);
    post_.to_role(tx, role, std::move(notice));
  };
  tell(supervisor_of(order.kind));
  if (order.kind == Kind::complaint && order.severity == "major") {
    post_.to_role(tx, "centre_manager",
                  about_major(staff_notice(tx.write(), order, major_phrase, tx.now()), tx.write(),
                              directory_, order, {}));
  }
}

void Orders::tell_holder(Transaction& tx, const Order& order, Notice notice) {
  const auto holder = order.assignee != 0 ? directory_.staff_by_id(order.assignee) : std::nullopt;
  notice.args.try_emplace(
      "n", number_for(tx.write(),
                      holder ? holder->id : holder_of(directory_, order, supervisor_of(order.kind)),
                      order));
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
    Notice notice = staff_notice(db, order, "repair.agreed_staff", deed.now());
    const std::int64_t supervisor = holder_of(directory_, order, supervisor_of(order.kind));
    notice.args["n"] = number_for(db, order.assignee != 0 ? order.assignee : supervisor, order);
    tell_holder(deed.tx, order, std::move(notice));
  } else if (name == "assign" || name == "transfer") {
    Notice notice = staff_notice(db, order, assigned_phrase_of(order), deed.now());
    notice.args["requirement"] = shortened(store::get_text(db, order.requirement));
    if (order.reply_by) {
      notice.args["due"] = human_time({*order.reply_by, std::nullopt, "minute"}, notice.language,
                                      moment(order, deed.now()));
    }
    notice.args["n"] = number_for(db, order.assignee, order);
    tell_holder(deed.tx, order, std::move(notice));
  } else if (name == "escalate") {
    // R8.9: the level is the effect's to say.
    const std::string level = text_of(deed.detail, "to");
    const std::string_view to = level == "supervisor" ? supervisor_of(order.kind) : level;
    const auto who = directory_.staff_by_id(deed.actor.staff);
    Notice notice = staff_notice(db, order, "staff.escalated", deed.now());
    notice.args["n"] = number_for(db, holder_of(directory_, order, to), order);
    notice.args["who"] = who ? who->name : std::string("—");
    notice.args["reason"] = note.empty() ? std::string("—") : shortened(note);
    post_.to_role(deed.tx, to, std::move(notice));
  } else if (name == "classify" && order.severity == "major") {
    post_.to_role(deed.tx, "centre_manager",
                  about_major(staff_notice(db, order, major_phrase, deed.now()), db, directory_,
                              order, note));
  } else if (name == "cancel" && deed.actor.role == "resident") {
    tell_holder(deed.tx, order, staff_notice(db, order, "status.cancel_staff", deed.now()));
  } else if (name == "decline" && deed.actor.role == "resident") {  // R5.15: both note and sign it
    Notice notice = staff_notice(db, order, "repair.declined_staff", deed.now());
    notice.args["reason"] = shortened(text_of(deed.body, "note"));
    notice.args["n"] =
        number_for(db, holder_of(directory_, order, supervisor_of(order.kind)), order);
    post_.to_role(deed.tx, supervisor_of(order.kind), std::move(notice));
  } else if (name == "sign" && deed.actor.role == "resident") {
    tell_holder(deed.tx, order, staff_notice(db, order, "signing.signed_staff", deed.now()));
  }
  if (!deed.more_follows) keep_posted(deed.tx, order, name, deed.body, deed.actor);
}

void Orders::dissatisfied(Transaction& tx, const Order& order, const Actor& actor,
                          std::string_view words) {
  if (said_lately(tx, order, "dissatisfied")) return;
  add_event(tx.write(), order, tx.now(), actor, "dissatisfied", {},
            first_code_points(words, words_kept_max));
  const bool complaint = order.kind == Kind::complaint;
  Notice notice = staff_notice(
      tx.write(), order, complaint ? "complaint.unhappy_staff" : "signing.unhappy_staff", tx.now());
  notice.args["words"] = shortened(words);
  notice.args["n"] =
      number_for(tx.write(), holder_of(directory_, order, supervisor_of(order.kind)), order);
  post_.to_role(tx, supervisor_of(order.kind), std::move(notice));
  happened(tx, order, "dissatisfied", {}, actor, Json());
}

}  // namespace huiyin::orders
