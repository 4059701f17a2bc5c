// Doing an action: may the actor, does the state allow it, is the body sound; then its effect, the
// history, the clocks and the copies. The order of the checks is part of the contract: an unknown
// action (400), the role (403), the order (404), whose it is (403), the state (409), members (400).
#include <algorithm>
#include <cmath>

#include "dialogs/orders/clocks.h"
#include "dialogs/orders/deed.h"
#include "dialogs/orders/policy.h"
#include "store/base/text.h"
#include "store/personal.h"

namespace huiyin::orders {
namespace {

constexpr std::int64_t amount_fen_max = 1'000'000'000'00;  // a thousand million yuan
constexpr std::size_t short_code_points_max = 200;  // of a name, an item, a way of signing …
constexpr std::size_t signatures_max = 10;          // that one action brings
constexpr const char* unknown_signer =
    "must be customer, owner, tenant, family, resident, receiver, client or a role of the staff";
constexpr std::string_view severities = "general important major";

tl::unexpected<Refusal> refuse(int status, std::string detail, std::string field = {}) {
  return tl::unexpected<Refusal>({status, std::move(detail), std::move(field), {}});
}

bool has_charges(store::Connection& db, const Order& order) {
  return charged(db, order.id).count > 0;
}

bool is_text(const Json& value) {
  return value.is_string() && !trim(value.get<std::string>()).empty();
}

bool is_signature(const Json& value) {
  return value.is_object() && is_text(value.value("by", Json())) &&
         is_text(value.value("role", Json())) && is_text(value.value("method", Json()));
}

bool is_quantity(const Json& value) {
  constexpr double quantity_max = 10'000;
  if (!value.is_number()) return false;
  const double quantity = value.get<double>(), hundredths = quantity * 100;
  return quantity > 0 && quantity <= quantity_max &&
         std::abs(hundredths - std::round(hundredths)) < 1e-6;
}

std::string too_long(const char* name) {
  return std::string("has a ") + name + " of more than " + std::to_string(short_code_points_max) +
         " characters";
}

// Why the value is none of its type; empty when it is.
std::string fault_of(const Member& member, const Json& value, const Directory& directory) {
  if (member.type == "flag") return value.is_boolean() ? "" : "must be true or false";
  if (member.type == "fen") {
    const bool whole = value.is_number_integer() && value.get<std::int64_t>() >= 0 &&
                       value.get<std::int64_t>() <= amount_fen_max;
    return whole ? "" : "must be a whole number of fen, 0 to " + std::to_string(amount_fen_max);
  }
  if (member.type == "quantity") {
    return is_quantity(value) ? "" : "must be a number above 0 with at most two decimals";
  }
  if (member.type == "staff") {
    if (!value.is_number_integer()) return "must be the id of a staff member";
    return directory.staff_by_id(value.get<std::int64_t>()) ? "" : "no staff member has this id";
  }
  if (member.type == "severity") {
    const bool known = value.is_string() && listed(severities, value.get<std::string>());
    return known ? "" : "must be general, important or major";
  }
  if (member.type == "signatures") {
    const bool sound =
        value.is_array() && !value.empty() && std::all_of(value.begin(), value.end(), is_signature);
    if (!sound) return "must be a list of {by, role, method}";
    if (value.size() > signatures_max) return "must be no more than 10";
    for (const auto& one : value) {
      for (const char* name : {"by", "method"}) {
        if (code_points(text_of(one, name)) > short_code_points_max) return too_long(name);
      }
      if (signer_of(text_of(one, "role")).empty()) return unknown_signer;
    }
    return "";
  }
  if (member.type == "signer") {
    return value.is_string() && !signer_of(value.get<std::string>()).empty() ? "" : unknown_signer;
  }
  if (member.type == "who") {
    const bool staff =
        value.is_number_integer() && directory.staff_by_id(value.get<std::int64_t>());
    if (!is_text(value)) return staff ? "" : "must be a name or the id of a staff member";
  }
  if (!is_text(value)) return "must be a text that is not empty";
  const std::size_t max = member.name == "note" ? words_kept_max : short_code_points_max;
  if (code_points(value.get<std::string>()) <= max) return "";
  return "is longer than " + std::to_string(max) + " characters";
}

Acted<void> check_members(const Action& action, const Json& body, const Directory& directory) {
  for (const auto& member : action.members) {
    const std::string name(member.name);
    const auto it = body.find(name);
    if (it == body.end() || it->is_null()) {
      if (member.required) return refuse(400, name + " is missing", name);
      continue;
    }
    // An empty note is no note.
    if (!member.required && member.type == "text" && it->is_string() &&
        trim(it->get<std::string>()).empty())
      continue;
    if (const std::string why = fault_of(member, *it, directory); !why.empty()) {
      return refuse(400, name + " " + why, name);
    }
  }
  return {};
}

void add_signature(store::Connection& db, const Order& order, const Json& signature, Instant at) {
  const std::int64_t signer =
      store::put_text(db, text_subject(order.number), text_of(signature, "by"));
  db.exec(
      "INSERT INTO order_signatures(order_id, signer, role, method, at)"
      " VALUES(:o, :s, :r, :m, :t)",
      order.id, signer, text_of(signature, "role"), text_of(signature, "method"), to_millis(at));
}

void add_material(store::Connection& db, const Order& order, const Json& body, Instant at) {
  const std::string subject = text_subject(order.number);
  const std::string note = text_of(body, "note");
  db.exec(
      "INSERT INTO order_materials(order_id, supplier, verdict, note, at)"
      " VALUES(:o, :s, :v, :n, :t)",
      order.id, store::put_text(db, subject, text_of(body, "by")), text_of(body, "verdict"),
      note.empty() ? std::int64_t{0} : store::put_text(db, subject, note), to_millis(at));
}

// R5.15: on site both the technician and the supervisor sign; of a quote that is not taken the
// supervisor alone, for nobody was there.
std::vector<std::string_view> signers_of_a_decline(const Order& order) {
  if (order.assignee == 0) return {"engineering_supervisor"};
  return {"technician", "engineering_supervisor"};
}

Json missing_signatures(store::Connection& db, const Order& order) {
  Json missing = Json::array();
  for (const auto role : signers_of_a_decline(order)) {
    const auto signed_by = db.value<std::int64_t>(
        "SELECT count(*) FROM order_signatures WHERE order_id = :o AND role = :r", order.id, role);
    if (signed_by.value_or(0) == 0) missing.push_back(role);
  }
  return missing;
}

std::string holder_of(const CopyMove& move, const Order& order, const EstateProfile& profile,
                      const Directory& directory) {
  if (move.holder == "assignee") {
    const auto staff = directory.staff_by_id(order.assignee);
    return staff ? staff->role : "technician";
  }
  const auto sheet = profile.values.find("repair_sheet");
  if (move.stays && sheet != profile.values.end()) {
    const Json holders = sheet->value("holders", Json::array());
    const auto at = static_cast<std::size_t>(move.copy - 1);
    if (at < holders.size() && holders[at].is_string()) return holders[at].get<std::string>();
  }
  return std::string(move.holder);
}

// R8.9, level by level: to whom the one above the actor is; a task that was reported upwards goes a
// level higher each time, until it is given to somebody else.
std::string next_level(store::Connection& db, const Order& order, const Actor& actor) {
  static const std::vector<std::string> levels{"", "supervisor", "centre_manager",
                                               "general_manager"};
  const auto level_of = [](const std::string& role) {
    const auto at = std::ranges::find(levels, role);
    if (at != levels.end()) return static_cast<std::size_t>(at - levels.begin());
    return role.ends_with("_supervisor") ? std::size_t{1} : std::size_t{0};
  };
  std::size_t level = level_of(actor.role);
  if (order.kind == Kind::task) {
    const auto last = db.first<std::string, std::string>(
        "SELECT action, detail FROM order_events WHERE order_id = :o"
        " AND action IN ('escalate', 'assign', 'transfer') ORDER BY n DESC LIMIT 1",
        order.id);
    if (last && std::get<0>(*last) == "escalate") {
      const Json detail = Json::parse(std::get<1>(*last), nullptr, false);
      level = std::max(level, level_of(text_of(detail, "to")));
    }
  }
  return levels[std::min(level + 1, levels.size() - 1)];
}

}  // namespace

Actor Orders::placed(Actor actor) const {
  const auto staff = actor.staff == 0 ? std::nullopt : directory_.staff_by_id(actor.staff);
  if (staff) actor.estate = staff->estate;
  return actor;
}

Acted<Order> Orders::act(Transaction& tx, std::string_view number, std::string_view name,
                         const Json& body, const Actor& told, bool more_follows) {
  const Actor actor = placed(told);
  const Action* action = find_action(name);
  if (action == nullptr) {
    return refuse(400, "there is no action " + first_code_points(name, 40), "action");
  }
  if (!role_may(*action, actor.role)) {
    return refuse(403, "the role " + actor.role + " may not " + std::string(name));
  }
  auto order = find(tx.read(), number);
  if (!order) return refuse(404, "there is no such work order");
  if (!may(*action, actor, *order)) {
    return refuse(403, works_at(actor.estate, *order)
                           ? "only who holds the order, or a supervisor, may " + std::string(name)
                           : "the order is of another estate");
  }
  const bool charges = has_charges(tx.read(), *order);
  const Move* move = find_move(*order, charges, name);
  if (move == nullptr) {
    Refusal refusal{
        409,
        "the order is " + order->state + ": " + std::string(name) + " is not allowed now",
        {},
        allowed(*order, charges, actor)};
    return tl::unexpected(std::move(refusal));
  }
  if (auto sound = check_members(*action, body, directory_); !sound) {
    return tl::unexpected(sound.error());
  }
  Deed deed{tx, *order, action->name, body, actor};
  deed.entered = move->to;
  deed.more_follows = more_follows;
  if (auto done = effect(deed); !done) return tl::unexpected(done.error());
  const auto missed = settle(deed);
  tell_done(deed);
  if (listed("notify agree", deed.action)) watch_for_assignment(tx, *order);
  tell_missed(tx, *order, missed);
  happened(tx, *order, deed.action, deed.entered, actor, body);
  return std::move(*order);
}

// What an action changes beside the state.
Acted<void> Orders::effect(Deed& deed) {
  Order& order = deed.order;
  const Json& body = deed.body;
  const std::string_view name = deed.action;
  if (name == "assign" || name == "transfer") {
    const std::int64_t assignee = int_of(body, "assignee");
    const auto staff = directory_.staff_by_id(assignee);
    if (staff && !may_receive(order.kind, staff->role)) {  // R8.5
      return refuse(400,
                    "assignee is of the role " + staff->role +
                        ", which takes no order of the kind " + std::string(to_string(order.kind)),
                    "assignee");
    }
    if (staff && !works_at(staff->estate, order)) {
      return refuse(400, "assignee works on another estate", "assignee");
    }
    order.assignee = assignee;
    deed.detail = {{"assignee", order.assignee}};
  } else if (name == "accept") {
    sign_for(deed);
  } else if (name == "arrive" || name == "start") {
    correct_item(deed);
  } else if (name == "review") {
    deed.detail = {{"feasible", flag_of(body, "feasible")}};
  } else if (name == "quote") {
    return quote(deed);
  } else if (name == "agree") {
    order.agreed_at = deed.now();
    if (order.quote_fen) deed.detail = {{"amount_fen", *order.quote_fen}};
  } else if (name == "decline") {
    for (const auto& one : body.at("signatures")) {
      add_signature(deed.db(), order, one, deed.now());
    }
    deed.detail = {{"missing_signatures", missing_signatures(deed.db(), order)}};
  } else if (name == "sign") {
    add_signature(deed.db(), order, body, deed.now());
    // The customer's signature ends the work (R5.19); one of the staff stands beside it.
    if (signer_of(text_of(body, "role")) == "staff") deed.entered.clear();
    deed.moves_copies = !deed.entered.empty();
    deed.detail = {{"role", text_of(body, "role")}, {"method", text_of(body, "method")}};
    if (order.state == "declined") {
      deed.detail["missing_signatures"] = missing_signatures(deed.db(), order);
    }
  } else if (name == "add_charge") {
    return charge(deed);
  } else if (name == "correct_charge") {
    return correct_charge(deed);
  } else if (name == "put_off") {
    order.appointment.reset();
    const std::string because = text_of(body, "because");
    if (!because.empty()) deed.detail = {{"because", because}};
  } else if (name == "verify_material") {
    add_material(deed.db(), order, body, deed.now());
    const std::string verdict = text_of(body, "verdict");
    deed.detail = {{"verdict", verdict}};
    // whoever wrote another word than the estate's meant it; it stands, and is marked.
    const auto usual = material_verdicts(directory_.profile(order.estate));
    if (std::ranges::find(usual, verdict) == usual.end()) deed.detail["own_word"] = true;
  } else if (name == "call_back") {
    order.called_back_at = deed.now();
    deed.detail = {{"method", text_of(body, "method")}};
  } else if (name == "escalate") {
    deed.detail = {{"to", next_level(deed.db(), order, deed.actor)}};
  } else if (name == "send_to_finance") {
    if (order.finance_at) return already(deed, "the sheet is with finance already");
    order.finance_at = deed.now();
  } else if (name == "classify") {
    order.severity = text_of(body, "severity");
    deed.detail = {{"severity", order.severity}};
  } else if (name == "merge") {
    return merge_into(deed);
  }
  return {};
}

Acted<void> Orders::quote(Deed& deed) {
  const bool feasible = flag_of(deed.body, "feasible");
  deed.detail = {{"feasible", feasible}};
  if (!feasible) {
    deed.entered = "cancelled";
    return {};
  }
  if (!deed.body.contains("amount_fen") || deed.body["amount_fen"].is_null()) {
    return refuse(400, "amount_fen is missing", "amount_fen");
  }
  deed.order.quote_fen = int_of(deed.body, "amount_fen");
  deed.detail["amount_fen"] = *deed.order.quote_fen;
  return {};
}

Acted<void> Orders::merge_into(Deed& deed) {
  const std::string into = text_of(deed.body, "into");
  auto target = find(deed.db(), into);
  if (!target || target->kind != deed.order.kind || target->number == deed.order.number ||
      listed("merged cancelled", target->state)) {
    return refuse(400, "into must be the number of another complaint that was not given up",
                  "into");
  }
  if (target->estate != deed.order.estate) {
    return refuse(400, "into is a complaint of another estate", "into");
  }
  deed.order.merged_into = target->number;
  deed.detail = {{"into", target->number}};
  add_event(deed.db(), *target, deed.now(), deed.actor, "merged_in", {}, {},
            {{"from", deed.order.number}});
  return {};
}

// The receiver's signature with the time of taking the sheet: of a task to the minute (R8.7), of
// the patrol form (R5.25), and of a repair where the estate has it so (R9.8, R9.9). By chat the
// acceptance itself is that signature.
void Orders::sign_for(Deed& deed) {
  const Order& order = deed.order;
  const bool signs = order.kind == Kind::task || order.kind == Kind::public_fault ||
                     receiver_signs(directory_.profile(order.estate));
  if (!signs) return;
  const auto staff = directory_.staff_by_id(deed.actor.staff);
  const bool typed = deed.actor.channel.empty() || deed.actor.channel == "api";
  add_signature(deed.db(), order,
                {{"by", text_of(deed.body, "by", staff ? staff->name : deed.actor.id)},
                 {"role", deed.actor.role},
                 {"method", text_of(deed.body, "method", typed ? "api" : "chat")}},
                deed.now());
}

// R5.13: what it is on site, where that differs from what was reported.
void Orders::correct_item(Deed& deed) {
  const std::string told = text_of(deed.body, "item");
  if (trim(told).empty()) return;
  const auto* known = catalogue_.find(told);
  const std::string item = known == nullptr ? told : known->name;
  if (item == deed.order.item) return;
  deed.detail = {{"item", item}, {"reported", deed.order.item}};
  deed.order.item = deed.order.category = item;
}

Acted<void> Orders::already(const Deed& deed, std::string detail) {
  Refusal refusal{409, std::move(detail), {}, {}};
  refusal.allowed = allowed(deed.order, has_charges(deed.db(), deed.order), deed.actor);
  std::erase(refusal.allowed, std::string(deed.action));
  return tl::unexpected(std::move(refusal));
}

std::vector<std::string> Orders::settle(Deed& deed) {
  Order& order = deed.order;
  store::Connection& db = deed.db();
  if (!deed.entered.empty()) {
    order.state = deed.entered;
    order.live = !is_final(order.state);
  }
  add_event(db, order, deed.now(), deed.actor, deed.action, deed.entered,
            text_of(deed.body, "note"), deed.detail);
  const EstateProfile& profile = directory_.profile(order.estate);
  Missed missed = run_clocks(order, profile, deed.action, deed.now(), deed.actor);
  if (!order.live) {
    for (auto& rule : stop_all(order, deed.now())) missed.push_back(std::move(rule));
  }
  if (deed.moves_copies) {
    for (const auto& move : copy_moves()) {
      if (move.action != deed.action || !listed(move.kinds, to_string(order.kind))) continue;
      const auto copy = std::ranges::find(order.copies, move.copy, &CopyRecord::copy);
      if (copy == order.copies.end()) continue;
      copy->holder = holder_of(move, order, profile, directory_);
      copy->at = deed.now();
    }
  }
  save(db, order);
  return missed;
}

}  // namespace huiyin::orders
