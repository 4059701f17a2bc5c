// /api/v1/work-orders/{number}/similar (R7.17) and /api/v1/closing-calls (R4.4).
#include <algorithm>
#include <cmath>
#include <limits>

#include "dialogs/complaint/complaint.h"

namespace huiyin::complaint {
namespace {

Json list_schema(Json properties, Json required) {
  const Json item = {
      {"type", "object"}, {"required", std::move(required)}, {"properties", std::move(properties)}};
  return {{"type", "object"},
          {"required", {"items", "next"}},
          {"properties",
           {{"items", {{"type", "array"}, {"items", item}}},
            {"next", {{"type", Json::array({"integer", "null"})}}}}}};
}

const Json text_type = {{"type", "string"}};

}  // namespace

void ComplaintDialog::add_to(Api& api) {
  api.add({"GET", "/api/v1/work-orders/{number}/similar", all_roles,
           "Live complaints or public faults that may be the same matter, best first", nullptr,
           list_schema({{"number", text_type}, {"score", {{"type", "number"}}}},
                       Json::array({"number", "score", "reasons"}))},
          [this](ApiCall& call) { return similar_to(call); });
  ApiRoute calls{
      "GET",
      "/api/v1/closing-calls",
      all_roles,
      "Handled complaints with a phone and no closing call yet, newest first (R4.4)",
      nullptr,
      list_schema({{"number", text_type}, {"state", text_type}}, Json::array({"number", "state"}))};
  calls.query = {"estate", "limit", "cursor"};
  api.add(std::move(calls), [this](ApiCall& call) { return closing_calls(call); });
}

http::Response ComplaintDialog::similar_to(ApiCall& call) const {
  const std::string number = call.request().params.at("number");
  return call.read([&](store::Connection& db) {
    const auto order = orders::find(db, number);
    if (!order) {
      return http::Response::problem(404, "Not Found", "there is no such work order");
    }
    const Zone& zone = orders_.directory().profile(order->estate).zone;
    Json items = Json::array();
    for (const auto& one : similar(db, *order, classes_)) {
      items.push_back({{"number", one.number},
                       {"score", std::round(one.score * 100) / 100},
                       {"reasons", one.reasons},
                       {"state", one.state},
                       {"unit", or_null(one.unit)},
                       {"place", or_null(one.place)},
                       {"description", one.description},
                       {"recorded_at", zone.rfc3339(one.recorded_at)}});
    }
    return http::Response::json(200, {{"items", std::move(items)}, {"next", nullptr}});
  });
}

http::Response ComplaintDialog::closing_calls(ApiCall& call) const {
  const auto limit = call.limit();
  if (!limit) return http::bad_request(limit.error());
  const auto cursor = call.cursor();
  if (!cursor) return http::bad_request(cursor.error());
  const std::string estate = call.request().query_value("estate");
  return call.read([&](store::Connection& db) {
    const auto known = orders_.directory().estates();
    Json items = Json::array();
    Json next = nullptr;
    for (const std::int64_t id :
         uncalled(db, estate.empty() ? known : std::vector{estate}, *cursor, *limit + 1)) {
      if (items.size() == static_cast<std::size_t>(*limit)) {
        next = items.back()["id"];
        break;
      }
      const auto order = orders::load(db, id);
      if (!order) continue;
      items.push_back({{"id", order->id},
                       {"number", order->number},
                       {"estate", order->estate},
                       {"state", order->state},
                       {"unit", or_null(order->unit)},
                       {"severity", or_null(order->severity)},
                       {"name", or_null(order->name)},
                       {"phone", order->phone}});
    }
    return http::Response::json(200, {{"items", std::move(items)}, {"next", next}});
  });
}

std::vector<std::int64_t> uncalled(store::Connection& db, const std::vector<std::string>& estates,
                                   std::int64_t before, int limit) {
  const std::int64_t bound = before > 0 ? before : std::numeric_limits<std::int64_t>::max();
  std::vector<std::int64_t> ids;
  for (const auto& estate : estates) {
    for (const char* state : {"resolved", "revisited", "archived"}) {
      for (const auto& [id] : db.query<std::int64_t>(
               "SELECT id FROM work_orders WHERE estate = :e AND kind = 'complaint' AND state = :s"
               " AND id < :b AND called_back_at IS NULL AND phone <> '' ORDER BY id DESC LIMIT :l",
               estate, state, bound, limit)) {
        ids.push_back(id);
      }
    }
  }
  std::ranges::sort(ids, std::greater<>());
  if (ids.size() > static_cast<std::size_t>(limit)) ids.resize(static_cast<std::size_t>(limit));
  return ids;
}

}  // namespace huiyin::complaint
