// /api/v1/number-books (R8.3, R8.16, R8.17).
#include "dialogs/dispatch/answers.h"
#include "dialogs/dispatch/resource.h"

namespace huiyin::dispatch {
namespace {

const Roles archivists{"archivist", "admin"};

Json book_schema() {
  return {{"type", "object"},
          {"required", {"id", "kind", "from", "to", "dispatcher", "state"}},
          {"properties",
           {{"id", {{"type", "integer"}}},
            {"kind", {{"enum", {"repair", "public", "complaint", "task"}}}},
            {"from", {{"type", "integer"}}},
            {"to", {{"type", "integer"}}},
            {"dispatcher", {{"type", "integer"}}},
            {"state", {{"enum", {"issued", "returned"}}}},
            {"stubs", {{"type", Json::array({"integer", "null"})}}}}}};
}

Json issue_schema() {
  return {{"type", "object"},
          {"required", {"kind", "from", "to", "dispatcher"}},
          {"properties",
           {{"kind", {{"enum", {"repair", "public", "complaint", "task"}}}},
            {"from", {{"type", "integer"}, {"minimum", 1}}},
            {"to", {{"type", "integer"}, {"minimum", 1}}},
            {"dispatcher", {{"type", "integer"}, {"description", "id of a staff member"}}}}}};
}

Json return_schema() {
  const Json pages = {{"type", "array"}, {"items", {{"type", "integer"}}}};
  return {{"type", "object"},
          {"required", {"stubs"}},
          {"properties",
           {{"stubs",
             {{"type", "integer"}, {"minimum", 0}, {"description", "handed in, damaged included"}}},
            {"missing", pages},
            {"damaged", pages}}}};
}

}  // namespace

void DispatchResource::add_books(Api& api) {
  const Json item = book_schema();
  ApiRoute list{"GET",   "/api/v1/number-books", all_roles, "Stub books of paper work orders",
                nullptr, page_schema(item)};
  list.query = {"dispatcher", "limit", "cursor"};
  api.add(std::move(list), [this](ApiCall& call) { return book_page(call); });
  api.add({"POST", "/api/v1/number-books", archivists,
           "Issue a book; 409 while the dispatcher's last one is out", issue_schema(), item, 201},
          [this](ApiCall& call) { return issue(call); });
  api.add(
      {"POST", "/api/v1/number-books/{id}/return", archivists,
       "Take the stubs back; each page at fault proposes a penalty (R8.17)", return_schema(), item},
      [this](ApiCall& call) { return take_back(call); });
}

http::Response DispatchResource::book_page(ApiCall& call) {
  std::int64_t dispatcher = 0;
  if (const std::string text = call.request().query_value("dispatcher"); !text.empty()) {
    const auto id = id_of(text);
    if (!id) return http::bad_request("dispatcher", "must be the id of a staff member");
    dispatcher = *id;
  }
  return page(call, [&](store::Connection& db, std::int64_t before, int limit) {
    std::vector<std::pair<std::int64_t, Json>> out;
    for (const auto& one : list_books(db, dispatcher, before, limit)) {
      out.emplace_back(one.id, to_json(db, one, zone_of(one.estate)));
    }
    return out;
  });
}

http::Response DispatchResource::issue(ApiCall& call) {
  return call.write([&](Transaction& tx) {
    const auto book = dispatch_.books().issue(tx, call.body(), actor_of(call), call.who().estate);
    if (!book) return refused(book.error());
    return http::Response::json(201, to_json(tx.read(), *book, zone_of(book->estate)));
  });
}

http::Response DispatchResource::take_back(ApiCall& call) {
  const auto id = id_of(call.request().params.at("id"));
  if (!id) return refused({404, "there is no such book", {}, {}});
  return call.write([&](Transaction& tx) {
    const auto book = dispatch_.books().take_back(tx, *id, call.body(), actor_of(call));
    if (!book) return refused(book.error());
    return http::Response::json(200, to_json(tx.read(), *book, zone_of(book->estate)));
  });
}

}  // namespace huiyin::dispatch
