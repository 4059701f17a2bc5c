// /api/v1/penalties (contract section 8): read, propose, confirm, appeal, decide, withdraw.
#include "dialogs/dispatch/answers.h"
#include "dialogs/dispatch/resource.h"
#include "dialogs/orders/policy.h"
#include "store/base/text.h"

namespace huiyin::dispatch {
namespace {

constexpr std::int64_t items_max = 100;
constexpr std::size_t note_code_points_max = 2'000;
constexpr std::string_view states = "proposed recorded confirmed appealed withdrawn";

// Who may propose: by hand, or by taking back a number book.
const Roles withdrawers{"dispatcher",     "engineering_supervisor", "service_supervisor",
                        "centre_manager", "general_manager",        "archivist",
                        "admin"};

Json penalty_schema() {
  return {{"type", "object"},
          {"required", {"id", "rule", "order", "staff", "amount_fen", "state"}},
          {"properties",
           {{"id", {{"type", "integer"}}},
            {"rule", {{"type", "string"}}},
            {"order", {{"type", Json::array({"string", "null"})}}},
            {"staff", {{"type", "integer"}}},
            {"amount_fen", {{"type", "integer"}}},
            {"state", {{"enum", {"proposed", "recorded", "confirmed", "appealed", "withdrawn"}}}},
            {"evidence", {{"type", "object"}}}}}};
}

Json proposal_schema() {
  return {{"type", "object"},
          {"required", {"rule", "staff", "note"}},
          {"properties",
           {{"rule", {{"enum", {"R8.8", "R8.10", "R8.14", "R8.17"}}}},
            {"offence", {{"enum", {"dispatch", "refusal", nullptr}}}},
            {"order", {{"type", Json::array({"string", "null"})}}},
            {"staff", {{"type", "integer"}}},
            {"items", {{"type", "integer"}, {"minimum", 1}, {"maximum", items_max}}},
            {"note", {{"type", "string"}}}}}};
}

Json note_schema(bool required) {
  Json schema = {{"type", "object"}, {"properties", {{"note", {{"type", "string"}}}}}};
  if (required) schema["required"] = {"note"};
  return schema;
}

// Reads what a person proposes; a fault names its member.
Result<Proposal> read_proposal(store::Connection& db, const Directory& directory,
                               const Principal& who, const Json& body) {
  const auto bad = [](const char* field, const std::string& why) {
    return fail(ErrorKind::invalid, std::string(field) + " " + why, field);
  };
  const auto member = [&](const char* name) { return body.value(name, Json()); };
  Proposal out;
  const Json rule = member("rule"), offence = member("offence");
  if (!rule.is_string()) return bad("rule", "must be R8.8, R8.10, R8.14 or R8.17");
  if (!offence.is_null() && !offence.is_string()) return bad("offence", "must be a text");
  out.rule = find_penalty_rule(rule.get<std::string>(), text_of(body, "offence"));
  if (rule == "R8.10" && out.rule == nullptr) return bad("offence", "must be dispatch or refusal");
  if (out.rule == nullptr || !out.rule->by_hand) {
    return bad("rule", "must be R8.8, R8.10, R8.14 or R8.17; R8.12 is decided by the clock");
  }
  const Json staff = member("staff");
  const auto concerned =
      staff.is_number_integer() ? directory.staff_by_id(staff.get<std::int64_t>()) : std::nullopt;
  if (!concerned) return bad("staff", "must be the id of a staff member");
  out.staff = concerned->id;
  out.estate = concerned->estate;
  const Json order = member("order");
  if (order.is_string()) {
    const auto found = orders::find(db, order.get<std::string>());
    if (!found) return bad("order", "must be the number of a work order");
    out.order = found->number;
    out.estate = found->estate;
  } else if (!order.is_null()) {
    return bad("order", "must be the number of a work order");
  } else if (out.rule->rule != "R8.17") {  // the pages of a book are of no order
    return bad("order", "is missing");
  }
  if (const Json items = member("items"); !items.is_null()) {
    if (!items.is_number_integer()) return bad("items", "must be a whole number");
    out.items = items.get<std::int64_t>();
    const std::int64_t most = out.rule->counted ? items_max : 1;
    if (out.items < 1 || out.items > most) {
      return bad("items", "must be 1 to " + std::to_string(most) + " for this rule");
    }
  }
  const Json note = member("note");
  if (!note.is_string() || trim(note.get<std::string>()).empty()) {
    return bad("note", "must say what happened: it is the evidence");
  }
  out.note = note.get<std::string>();
  if (code_points(out.note) > note_code_points_max) return bad("note", "is too long");
  out.by = {who.actor(), who.role, who.staff, "api"};
  return out;
}

}  // namespace

void DispatchResource::add_penalties(Api& api) {
  const Json item = penalty_schema();
  ApiRoute list{"GET",     "/api/v1/penalties",
                all_roles, "Proposed penalties, newest first; a technician sees own ones",
                nullptr,   page_schema(item)};
  list.query = {"state", "staff", "rule", "order", "limit", "cursor"};
  api.add(std::move(list), [this](ApiCall& call) { return penalty_page(call); });
  api.add({"GET", "/api/v1/penalties/{id}", all_roles, "One penalty", nullptr, item},
          [this](ApiCall& call) { return penalty(call); });
  api.add({"POST", "/api/v1/penalties", proposers,
           "Propose what a person must judge (R8.8, R8.10, R8.14, R8.17)", proposal_schema(), item,
           201},
          [this](ApiCall& call) { return propose(call); });
  const auto action = [&](std::string name, const Roles& roles, std::string summary, Json schema) {
    api.add({"POST", "/api/v1/penalties/{id}/" + name, roles, std::move(summary), std::move(schema),
             item},
            [this, name](ApiCall& call) { return act(call, name); });
  };
  Json decision = note_schema(true);
  decision["required"].push_back("uphold");
  decision["properties"]["uphold"] = {{"type", "boolean"}};
  action("confirm", deciders, "Confirm, by a second person", note_schema(false));
  action("appeal", all_roles, "Appeal, by the one concerned", note_schema(true));
  action("decide", deciders, "Decide an appeal, by another person", std::move(decision));
  action("withdraw", withdrawers, "Take a penalty back", note_schema(true));
}

http::Response DispatchResource::penalty_page(ApiCall& call) {
  const http::Request& request = call.request();
  PenaltyFilter filter{request.query_value("state"), request.query_value("rule"),
                       request.query_value("order"), 0};
  if (!filter.state.empty() && !orders::listed(states, filter.state)) {
    return http::bad_request("state", "must be one of: " + std::string(states));
  }
  if (const std::string staff = request.query_value("staff"); !staff.empty()) {
    const auto id = id_of(staff);
    if (!id) return http::bad_request("staff", "must be the id of a staff member");
    filter.staff = *id;
  }
  const bool own_only = !orders::penalty_overseers.contains(call.who().role);
  const bool others = own_only && filter.staff != 0 && filter.staff != call.who().staff;
  if (own_only) filter.staff = call.who().staff;
  return page(call, [&](store::Connection& db, std::int64_t before, int limit) {
    std::vector<std::pair<std::int64_t, Json>> out;
    if (others) return out;
    for (const auto& one : list_penalties(db, filter, before, limit)) {
      out.emplace_back(one.id, to_json(db, one, zone_of(one.estate)));
    }
    return out;
  });
}

http::Response DispatchResource::penalty(ApiCall& call) {
  const auto id = id_of(call.request().params.at("id"));
  return call.read([&](store::Connection& db) {
    const auto found = id ? find_penalty(db, *id) : std::nullopt;
    const bool shown = found && (orders::penalty_overseers.contains(call.who().role) ||
                                 (call.who().staff != 0 && found->staff == call.who().staff));
    if (!shown) return refused({404, "there is no such penalty", {}, {}});
    return http::Response::json(200, to_json(db, *found, zone_of(found->estate)));
  });
}

http::Response DispatchResource::propose(ApiCall& call) {
  return call.write([&](Transaction& tx) {
    const auto proposal =
        read_proposal(tx.read(), dispatch_.orders().directory(), call.who(), call.body());
    if (!proposal) return http::bad_request(proposal.error());
    const auto made = dispatch_.penalties().propose(tx, *proposal);
    if (!made) {
      return refused({409,
                      "this person has a penalty of this rule for this order already; withdraw it"
                      " first if it must be put right",
                      {},
                      {}});
    }
    return http::Response::json(201, to_json(tx.read(), *made, zone_of(made->estate)));
  });
}

http::Response DispatchResource::act(ApiCall& call, const std::string& action) {
  const auto id = id_of(call.request().params.at("id"));
  if (!id) return refused({404, "there is no such penalty", {}, {}});
  if (code_points(text_of(call.body(), "note")) > note_code_points_max) {
    return http::bad_request("note", "is too long");
  }
  return call.write([&](Transaction& tx) {
    const auto done = dispatch_.penalties().act(tx, *id, action, call.body(), actor_of(call));
    if (!done) return refused(done.error());
    return http::Response::json(200, to_json(tx.read(), *done, zone_of(done->estate)));
  });
}

}  // namespace huiyin::dispatch
