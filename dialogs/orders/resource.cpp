#include "dialogs/orders/resource.h"

#include "dialogs/orders/intake.h"
#include "dialogs/orders/order_json.h"
#include "dialogs/orders/order_list.h"

namespace huiyin::orders {
namespace {

// R3.4: customer service takes in, and those who lead it.
const Roles intake_roles{"front_desk",         "dispatcher",     "property_assistant",
                         "service_supervisor", "centre_manager", "engineering_supervisor",
                         "general_manager",    "admin"};

Json text_type() {
  return {{"type", "string"}};
}
Json maybe(const char* type) {
  return {{"type", Json::array({type, "null"})}};
}

Json intake_schema() {
  const Json appointment = {
      {"type", Json::array({"object", "null"})},
      {"properties",
       {{"from", {{"type", "string"}, {"format", "date-time"}}}, {"to", maybe("string")}}}};
  const Json customer = {{"type", Json::array({"object", "null"})},
                         {"description", "name and phone are required for a repair (R5.6)"},
                         {"properties", {{"name", maybe("string")}, {"phone", maybe("string")}}}};
  return {{"type", "object"},
          {"required", {"kind", "description"}},
          {"properties",
           {{"kind", {{"type", "string"}, {"enum", {"repair", "public", "complaint", "task"}}}},
            {"estate", maybe("string")},
            {"unit", maybe("string")},
            {"place", maybe("string")},
            {"customer", customer},
            {"description", text_type()},
            {"category", maybe("string")},
            {"priced", maybe("boolean")},
            {"appointment", appointment},
            {"channel", {{"enum", {"call", "letter", "visit", "chat", "other"}}}},
            {"severity", {{"enum", {"general", "important", "major", nullptr}}}},
            {"received_at", maybe("string")},
            {"dispatcher", maybe("integer")},
            {"requirement", maybe("string")},
            {"reply_by", maybe("string")}}}};
}

Json order_schema() {
  return {{"type", "object"},
          {"required", {"number", "kind", "estate", "state", "description", "customer", "history"}},
          {"properties",
           {{"number", text_type()},
            {"kind", text_type()},
            {"estate", text_type()},
            {"state", text_type()},
            {"unit", maybe("string")},
            {"description", text_type()},
            {"customer", {{"type", "object"}}},
            {"clocks", {{"type", "array"}, {"items", {{"type", "object"}}}}},
            {"history", {{"type", "array"}, {"items", {{"type", "object"}}}}}}}};
}

Json action_schema() {
  Json names = Json::array();
  for (const auto& action : actions()) names.push_back(action.name);
  return {{"type", "object"},
          {"required", Json::array({"action"})},
          {"properties",
           {{"action", {{"type", "string"}, {"enum", names}}}, {"note", maybe("string")}}}};
}

Result<OrderFilter> filter_of(const http::Request& request) {
  OrderFilter filter{request.query_value("kind"), request.query_value("state"),
                     request.query_value("unit"), request.query_value("estate"), std::nullopt};
  if (!filter.kind.empty() && !kind_of(filter.kind)) {
    return fail(ErrorKind::invalid, "kind must be repair, public, complaint or task", "kind");
  }
  const std::string overdue = request.query_value("overdue");
  if (overdue == "true" || overdue == "1")
    filter.overdue = true;
  else if (overdue == "false" || overdue == "0")
    filter.overdue = false;
  else if (!overdue.empty()) {
    return fail(ErrorKind::invalid, "overdue must be true or false", "overdue");
  }
  return filter;
}

}  // namespace

http::Response refused(const Refusal& refusal) {
  Json extra = Json::object();
  if (!refusal.field.empty()) extra["field"] = refusal.field;
  if (refusal.status == 409) extra["allowed"] = refusal.allowed;
  const char* title = refusal.status == 400   ? "Bad Request"
                      : refusal.status == 403 ? "Forbidden"
                      : refusal.status == 404 ? "Not Found"
                                              : "Conflict";
  return http::Response::problem(refusal.status, title, refusal.detail, extra);
}

void OrdersResource::add_to(Api& api) {
  const Json page_schema = {
      {"type", "object"},
      {"required", {"items", "next"}},
      {"properties",
       {{"items", {{"type", "array"}, {"items", order_schema()}}}, {"next", maybe("integer")}}}};
  ApiRoute list{"GET",      "/api/v1/work-orders", all_roles, "Work orders, newest first", nullptr,
                page_schema};
  list.query = {"kind", "state", "unit", "estate", "overdue", "limit", "cursor"};
  api.add(std::move(list), [this](ApiCall& call) { return page(call); });
  api.add(
      {"GET", "/api/v1/work-orders/{number}", all_roles, "One work order", nullptr, order_schema()},
      [this](ApiCall& call) { return one(call); });
  api.add({"POST", "/api/v1/work-orders", intake_roles, "Intake at the desk", intake_schema(),
           order_schema(), 201},
          [this](ApiCall& call) { return take(call); });
  api.add(
      {"POST", "/api/v1/work-orders/{number}/actions", all_roles,
       "An action on a work order; 409 names those allowed now", action_schema(), order_schema()},
      [this](ApiCall& call) { return act(call); });
}

http::Response OrdersResource::page(ApiCall& call) {
  const auto filter = filter_of(call.request());
  if (!filter) return http::bad_request(filter.error());
  const auto limit = call.limit();
  if (!limit) return http::bad_request(limit.error());
  const auto cursor = call.cursor();
  if (!cursor) return http::bad_request(cursor.error());
  return call.read([&](store::Connection& db) {
    // One more than asked for tells whether there is a next page.
    auto orders = orders::list(db, *filter, *cursor, *limit + 1);
    const bool more = static_cast<int>(orders.size()) > *limit;
    if (more) orders.pop_back();
    Json items = to_json(db, orders, orders_.directory());
    const Json next = more ? Json(orders.back().id) : Json(nullptr);
    return http::Response::json(200, {{"items", std::move(items)}, {"next", next}});
  });
}

http::Response OrdersResource::one(ApiCall& call) {
  const std::string number = call.request().params.at("number");
  return call.read([&](store::Connection& db) {
    const auto order = find(db, number);
    if (!order) {
      return http::Response::problem(404, "Not Found", "there is no such work order");
    }
    return http::Response::json(200,
                                to_json(db, *order, orders_.directory().profile(order->estate)));
  });
}

http::Response OrdersResource::take(ApiCall& call) {
  return call.write([&](Transaction& tx) {
    const auto order =
        read_intake(tx.read(), orders_.directory(), call.who(), call.body(), tx.now());
    if (!order) return http::bad_request(order.error());
    const std::string number = orders_.record(tx, *order);
    const Order recorded = find(tx.read(), number).value();
    return http::Response::json(
        201, to_json(tx.read(), recorded, orders_.directory().profile(recorded.estate)));
  });
}

http::Response OrdersResource::act(ApiCall& call) {
  const std::string number = call.request().params.at("number");
  const Json name = call.body().value("action", Json());
  if (!name.is_string()) {
    return http::bad_request("action", "must be the name of an action");
  }
  const Actor actor{call.who().actor(), call.who().role, call.who().staff, "api"};
  return call.write([&](Transaction& tx) {
    const auto done = orders_.act(tx, number, name.get<std::string>(), call.body(), actor);
    if (!done) return refused(done.error());
    return http::Response::json(
        200, to_json(tx.read(), *done, orders_.directory().profile(done->estate)));
  });
}

}  // namespace huiyin::orders
