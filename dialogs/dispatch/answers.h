// Answers that the resources of dispatch share. Internal to dialogs/dispatch.
#pragma once
#include <charconv>

#include "bot/gateway/api.h"
#include "dialogs/orders/resource.h"

namespace huiyin::dispatch {

using orders::refused;

// A number of a path or a query; none for what is no positive number.
inline std::optional<std::int64_t> id_of(std::string_view text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id <= 0) return std::nullopt;
  return id;
}

inline orders::Actor actor_of(const ApiCall& call) {
  return {call.who().actor(), call.who().role, call.who().staff, "api"};
}

inline Json page_schema(const Json& item) {
  return {{"type", "object"},
          {"required", {"items", "next"}},
          {"properties",
           {{"items", {{"type", "array"}, {"items", item}}},
            {"next", {{"type", Json::array({"integer", "null"})}}}}}};
}

// A page by ?limit= and ?cursor=. `read(db, before, limit)` gives pairs of id and JSON, newest
// first; it is asked for one more than a page holds, which tells whether there is a next one.
template <class Read>
http::Response page(ApiCall& call, Read read) {
  const auto limit = call.limit();
  if (!limit) return http::bad_request(limit.error());
  const auto cursor = call.cursor();
  if (!cursor) return http::bad_request(cursor.error());
  return call.read([&](store::Connection& db) {
    auto rows = read(db, *cursor, *limit + 1);
    const bool more = static_cast<int>(rows.size()) > *limit;
    if (more) rows.pop_back();
    const Json next = more ? Json(rows.back().first) : Json(nullptr);
    Json items = Json::array();
    for (auto& [id, item] : rows) items.push_back(std::move(item));
    return http::Response::json(200, {{"items", std::move(items)}, {"next", next}});
  });
}

}  // namespace huiyin::dispatch
