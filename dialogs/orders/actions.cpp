// Doing an action: may the actor, does the state allow it, is the body sound; then its effect, the
// history, the clocks and the copies. The order of the checks is part of the contract: an unknown
// action (400), the role (403), the order (404), whose it is (403), the state (409), members (400).
#include <algorithm>

#include "dialogs/orders/clocks.h"
#include "dialogs/orders/deed.h"
#include "store/base/text.h"
#include "store/personal.h"

namespace huiyin::orders {
namespace {

constexpr std::int64_t amount_fen_max = 1'000'000'000'00;  // a thousand million yuan
constexpr std::string_view severities = "general important major";
constexpr std::string_view staff_roles =
    "front_desk dispatcher technician engineering_supervisor property_assistant"
    " service_supervisor finance archivist quality centre_manager general_manager admin";

tl::unexpected<Refusal> refuse(int status, std::string detail, std::string field = {}) {
  return tl::unexpected<Refusal>({status, std::move(detail), std::move(field), {}});
}

bool has_charges(store::Connection& db, const Order& order) {
  return db.value<std::int64_t>("SELECT count(*) FROM order_charges WHERE order_id = :o", order.id)
             .value_or(0) > 0;
}

bool is_text(const Json& value) {
  return value.is_string() && !trim(value.get<std::string>()).empty();
}

bool is_signature(const Json& value) {
  return value.is_object() && is_text(value.value("by", Json())) &&
         is_text(value.value("role", Json())) && is_text(value.value("method", Json()));
}

// Why the value is none of its type; empty when it is.
std::string fault_of(const Member& member, const Json& value, const Directory& directory) {
  if (member.type == "flag") return value.is_boolean() ? "" : "must be true or false";
  if (member.type == "fen") {
    const bool whole = value.is_number_integer() && value.get<std::int64_t>() >= 0 &&
                       value.get<std::int64_t>() <= amount_fen_max;
    return whole ? "" : "must be a whole number of fen, 0 or more";
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
    return sound ? "" : "must be a list of {by, role, method}";
  }
  if (member.type == "who") {
    const bool staff =
        value.is_number_integer() && directory.staff_by_id(value.get<std::int64_t>());
    return is_text(value) || staff ? "" : "must be a name or the id of a staff member";
  }
  return is_text(value) ? "" : "must be a text that is not empty";
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

void add_charge(store::Connection& db, const Order& order, const Json& body, const Actor& actor,
                Instant at) {
  db.exec(
      "INSERT INTO order_charges(order_id, item, amount_fen, actor, at)"
      " VALUES(:o, :i, :f, :a, :t)",
      order.id, text_of(body, "item"), int_of(body, "amount_fen"), actor.id, to_millis(at));
}

std::string holder_of(const CopyMove& move, const EstateProfile& profile) {
  const auto sheet = profile.values.find("repair_sheet");
  if (move.stays && sheet != profile.values.end()) {
    const Json holders = sheet->value("holders", Json::array());
    const auto at = static_cast<std::size_t>(move.copy - 1);
    if (at < holders.size() && holders[at].is_string()) return holders[at].get<std::string>();
  }
  return std::string(move.holder);
}

}  // namespace

Acted<Order> Orders::act(Transaction& tx, std::string_view number, std::string_view name,
                         const Json& body, const Actor& actor) {
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
    return refuse(403, "only who holds the order, or a supervisor, may " + std::string(name));
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
  if (auto done = effect(deed); !done) return tl::unexpected(done.error());
  settle(deed);
  tell_done(deed);
  happened(tx, *order, deed.action, deed.entered, actor, body);
  return std::move(*order);
}

// What an action changes beside the state.
Acted<void> Orders::effect(Deed& deed) {
  Order& order = deed.order;
  const Json& body = deed.body;
  const std::string_view name = deed.action;
  if (name == "assign" || name == "transfer") {
    order.assignee = int_of(body, "assignee");
    deed.detail = {{"assignee", order.assignee}};
  } else if (name == "review") {
    deed.detail = {{"feasible", flag_of(body, "feasible")}};
  } else if (name == "quote") {
    return quote(deed);
  } else if (name == "agree") {
    order.agreed_at = deed.now();
    deed.detail = {{"amount_fen", order.quote_fen.value_or(0)}};
  } else if (name == "decline") {
    for (const auto& one : body.at("signatures")) {
      add_signature(deed.db(), order, one, deed.now());
    }
  } else if (name == "sign") {
    add_signature(deed.db(), order, body, deed.now());
    // The customer's signature ends the work (R5.19); one of the staff stands beside it.
    if (listed(staff_roles, text_of(body, "role"))) {
      deed.entered.clear();
      deed.moves_copies = false;
    }
    deed.detail = {{"role", text_of(body, "role")}, {"method", text_of(body, "method")}};
  } else if (name == "add_charge") {
    add_charge(deed.db(), order, body, deed.actor, deed.now());
    deed.detail = {{"item", text_of(body, "item")}, {"amount_fen", int_of(body, "amount_fen")}};
  } else if (name == "verify_material") {
    add_material(deed.db(), order, body, deed.now());
    deed.detail = {{"verdict", text_of(body, "verdict")}};
  } else if (name == "call_back") {
    order.called_back_at = deed.now();
    deed.detail = {{"method", text_of(body, "method")}};
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
  deed.order.merged_into = target->number;
  deed.detail = {{"into", target->number}};
  add_event(deed.db(), *target, deed.now(), deed.actor, "merged_in", {}, {},
            {{"from", deed.order.number}});
  return {};
}

Acted<void> Orders::already(const Deed& deed, std::string detail) {
  Refusal refusal{409, std::move(detail), {}, {}};
  refusal.allowed = allowed(deed.order, has_charges(deed.db(), deed.order), deed.actor);
  std::erase(refusal.allowed, std::string(deed.action));
  return tl::unexpected(std::move(refusal));
}

void Orders::settle(Deed& deed) {
  Order& order = deed.order;
  store::Connection& db = deed.db();
  if (!deed.entered.empty()) {
    order.state = deed.entered;
    order.live = !is_final(order.state);
  }
  add_event(db, order, deed.now(), deed.actor, deed.action, deed.entered,
            text_of(deed.body, "note"), deed.detail);
  const EstateProfile& profile = directory_.profile(order.estate);
  run_clocks(order, profile, deed.action, deed.now());
  if (!order.live) stop_all(order, deed.now());
  if (deed.moves_copies) {
    for (const auto& move : copy_moves()) {
      if (move.action != deed.action) continue;
      const auto copy = std::ranges::find(order.copies, move.copy, &CopyRecord::copy);
      if (copy == order.copies.end()) continue;
      copy->holder = holder_of(move, profile);
      copy->at = deed.now();
    }
  }
  save(db, order);
}

}  // namespace huiyin::orders
