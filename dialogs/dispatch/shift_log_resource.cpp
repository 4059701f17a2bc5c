// /api/v1/shift-log (R8.15).
#include "dialogs/dispatch/answers.h"
#include "dialogs/dispatch/resource.h"
#include "store/base/text.h"

namespace huiyin::dispatch {
namespace {

constexpr std::size_t note_code_points_max = 20'000;
const Roles writers{"front_desk",         "dispatcher",     "property_assistant",
                    "service_supervisor", "centre_manager", "engineering_supervisor",
                    "general_manager",    "admin"};

Json entry_schema() {
  return {{"type", "object"},
          {"required", {"id", "estate", "at", "kind", "author", "unfinished"}},
          {"properties",
           {{"id", {{"type", "integer"}}},
            {"estate", {{"type", "string"}}},
            {"at", {{"type", "string"}, {"format", "date-time"}}},
            {"kind", {{"enum", {"note", "daily_check"}}}},
            {"author", {{"type", "string"}}},
            {"note", {{"type", Json::array({"string", "null"})}}},
            {"order", {{"type", Json::array({"string", "null"})}}},
            {"unfinished", {{"type", "array"}, {"items", {{"type", "object"}}}}}}}};
}

Json note_schema() {
  return {{"type", "object"},
          {"required", {"note"}},
          {"properties",
           {{"estate", {{"type", Json::array({"string", "null"})}}},
            {"note", {{"type", "string"}}},
            {"order", {{"type", Json::array({"string", "null"})}}}}}};
}

Json reason_schema() {
  return {{"type", "object"},
          {"required", {"order", "reason"}},
          {"properties", {{"order", {{"type", "string"}}}, {"reason", {{"type", "string"}}}}}};
}

// The estate named, else the writer's own, else the only one.
Result<std::string> estate_of(const Directory& directory, const Principal& who, const Json& body) {
  const Json named = body.value("estate", Json());
  const auto known = directory.estates();
  if (!named.is_null()) {
    const bool exists =
        named.is_string() && std::ranges::find(known, named.get<std::string>()) != known.end();
    if (!exists) return fail(ErrorKind::invalid, "estate is not known", "estate");
    return named.get<std::string>();
  }
  if (!who.estate.empty()) return who.estate;
  if (known.size() == 1) return known.front();
  return fail(ErrorKind::invalid, "estate is missing", "estate");
}

}  // namespace

void DispatchResource::add_shift_log(Api& api) {
  const Json item = entry_schema();
  ApiRoute list{"GET",   "/api/v1/shift-log", all_roles, "The shift log, newest first",
                nullptr, page_schema(item)};
  list.query = {"estate", "limit", "cursor"};
  api.add(std::move(list), [this](ApiCall& call) { return log_page(call); });
  api.add({"POST", "/api/v1/shift-log", writers, "Write a note into the shift log", note_schema(),
           item, 201},
          [this](ApiCall& call) { return write_note(call); });
  api.add({"POST", "/api/v1/shift-log/{id}/reasons", writers,
           "Why an order of a day's check was not finished", reason_schema(), item},
          [this](ApiCall& call) { return write_reason(call); });
}

http::Response DispatchResource::log_page(ApiCall& call) {
  const std::string estate = call.request().query_value("estate");
  return page(call, [&](store::Connection& db, std::int64_t before, int limit) {
    std::vector<std::pair<std::int64_t, Json>> out;
    for (const auto& one : list_log(db, estate, before, limit)) {
      out.emplace_back(one.id, to_json(db, one, zone_of(one.estate)));
    }
    return out;
  });
}

http::Response DispatchResource::write_note(ApiCall& call) {
  const Json note = call.body().value("note", Json());
  if (!note.is_string() || trim(note.get<std::string>()).empty()) {
    return http::bad_request("note", "must be a text that is not empty");
  }
  if (code_points(note.get<std::string>()) > note_code_points_max) {
    return http::bad_request("note", "is too long");
  }
  const Json order = call.body().value("order", Json());
  if (!order.is_null() && !order.is_string()) {
    return http::bad_request("order", "must be the number of a work order");
  }
  const auto estate = estate_of(dispatch_.orders().directory(), call.who(), call.body());
  if (!estate) return http::bad_request(estate.error());
  return call.write([&](Transaction& tx) {
    std::string number;
    if (order.is_string()) {
      const auto found = orders::find(tx.read(), order.get<std::string>());
      if (!found) return http::bad_request("order", "must be the number of a work order");
      number = found->number;
    }
    const auto id = dispatch::write_note(tx.write(), *estate, tx.now(), actor_of(call),
                                         note.get<std::string>(), number);
    return http::Response::json(
        201, to_json(tx.read(), find_entry(tx.read(), id).value(), zone_of(*estate)));
  });
}

http::Response DispatchResource::write_reason(ApiCall& call) {
  const auto id = id_of(call.request().params.at("id"));
  if (!id) return refused({404, "there is no such entry", {}, {}});
  for (const char* name : {"order", "reason"}) {
    if (!call.body().value(name, Json()).is_string()) return http::bad_request(name, "is missing");
  }
  return call.write([&](Transaction& tx) {
    const auto done =
        dispatch::write_reason(tx.write(), *id, text_of(call.body(), "order"),
                               text_of(call.body(), "reason"), actor_of(call), tx.now());
    if (!done) return refused(done.error());
    const auto entry = find_entry(tx.read(), *id).value();
    return http::Response::json(200, to_json(tx.read(), entry, zone_of(entry.estate)));
  });
}

}  // namespace huiyin::dispatch
