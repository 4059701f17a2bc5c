#include "dialogs/contacts/contacts.h"
#include "store/base/phone.h"
#include "store/base/text.h"

namespace huiyin::contacts {
namespace {

const Roles desk_roles{"front_desk",         "dispatcher",     "property_assistant",
                       "service_supervisor", "centre_manager", "engineering_supervisor",
                       "general_manager",    "admin"};
constexpr std::size_t text_code_points_max = 20'000;

Json contact_schema() {
  const Json maybe_text = {{"type", Json::array({"string", "null"})}};
  return {{"type", "object"},
          {"required", {"content"}},
          {"properties",
           {{"channel", {{"enum", {"call", "letter", "visit", "chat", "other"}}}},
            {"name", maybe_text},
            {"phone", maybe_text},
            {"unit", maybe_text},
            {"content", {{"type", "string"}}},
            {"order", maybe_text}}}};
}

const Roles channels{"call", "letter", "visit", "chat", "other"};
constexpr const char* channel_rule = "channel must be call, letter, visit, chat or other";

Result<ContactFilter> filter_of(const http::Request& request) {
  ContactFilter filter{request.query_value("channel"),
                       request.query_value("estate"),
                       request.query_value("unit"),
                       request.query_value("order"),
                       std::nullopt,
                       std::nullopt};
  if (!filter.channel.empty() && !channels.contains(filter.channel)) {
    return fail(ErrorKind::invalid, channel_rule, "channel");
  }
  for (const auto& [name, bound] : {std::pair{"from", &filter.from}, std::pair{"to", &filter.to}}) {
    const std::string text = request.query_value(name);
    if (text.empty()) continue;
    const auto at = parse_rfc3339(text);
    if (!at) return fail(ErrorKind::invalid, std::string(name) + " is " + at.error().message, name);
    *bound = *at;
  }
  return filter;
}

// The named members as texts; the first one of another type is the fault.
std::optional<std::string> wrong_type(const Json& body) {
  for (const char* name :
       {"channel", "name", "phone", "unit", "content", "order", "at", "estate"}) {
    const auto it = body.find(name);
    if (it != body.end() && !it->is_null() && !it->is_string()) return name;
  }
  return std::nullopt;
}

}  // namespace

void ContactsResource::add_to(Api& api) {
  ApiRoute list{"GET",     "/api/v1/contacts-log",
                all_roles, "The register of calls, letters and visits, newest first",
                nullptr,   nullptr};
  list.query = {"channel", "estate", "unit", "order", "from", "to", "limit", "cursor"};
  api.add(std::move(list), [this](ApiCall& call) { return page(call); });
  api.add({"POST", "/api/v1/contacts-log", desk_roles, "Enter a call, letter or visit",
           contact_schema(), nullptr, 201},
          [this](ApiCall& call) { return take(call); });
}

http::Response ContactsResource::page(ApiCall& call) {
  const auto limit = call.limit();
  if (!limit) return http::bad_request(limit.error());
  const auto cursor = call.cursor();
  if (!cursor) return http::bad_request(cursor.error());
  const auto filter = filter_of(call.request());
  if (!filter) return http::bad_request(filter.error());
  return call.read([&](store::Connection& db) {
    auto contacts = list(db, *cursor, *limit + 1, *filter);
    const bool more = static_cast<int>(contacts.size()) > *limit;
    if (more) contacts.pop_back();
    Json items = Json::array();
    for (const auto& one : contacts) items.push_back(to_json(one));
    const Json next = more ? Json(contacts.back().id) : Json(nullptr);
    Json answer = {{"items", std::move(items)}, {"next", next}};
    if (!title_.empty()) answer["title"] = title_;
    return http::Response::json(200, answer);
  });
}

http::Response ContactsResource::take(ApiCall& call) {
  const Json& body = call.body();
  if (const auto name = wrong_type(body)) return http::bad_request(*name, "must be a text");
  Contact contact;
  contact.channel = text_of(body, "channel", "other");
  contact.content = text_of(body, "content");
  contact.name = text_of(body, "name");
  contact.order = text_of(body, "order");
  contact.estate = text_of(body, "estate", call.who().estate);
  if (trim(contact.content).empty()) return http::bad_request("content", "is missing");
  if (code_points(contact.content) > text_code_points_max)
    return http::bad_request("content", "is too long");
  if (!channels.contains(contact.channel))
    return http::bad_request(Error{ErrorKind::invalid, channel_rule, "channel", std::nullopt});
  if (const std::string phone = text_of(body, "phone"); !phone.empty()) {
    const auto e164 = parse_phone(phone);
    if (!e164) return http::bad_request("phone", "must be a phone number, best in E.164");
    contact.phone = *e164;
  }
  if (const std::string at = text_of(body, "at"); !at.empty()) {
    const auto when = parse_rfc3339(at);
    if (!when) return http::bad_request("at", "is " + when.error().message);
    contact.at = *when;
  }
  return call.write([&](Transaction& tx) {
    if (contact.at == Instant{}) contact.at = tx.now();
    if (const std::string unit = text_of(body, "unit"); !unit.empty()) {
      const auto id = UnitId::from_canonical(unit);
      const auto home = id ? directory_.find_unit(tx.read(), *id, contact.estate) : std::nullopt;
      if (!home) return http::bad_request("unit", "does not exist");
      contact.unit = home->unit.canonical();
      contact.estate = home->estate;
    }
    contact.id =
        add(tx.write(), contact, contact.phone.empty() ? "contact" : "contact:" + contact.phone);
    return http::Response::json(201, to_json(contact));
  });
}

Json ContactsResource::to_json(const Contact& contact) const {
  return {{"id", contact.id},
          {"at", directory_.profile(contact.estate).zone.rfc3339(contact.at)},
          {"channel", contact.channel},
          {"name", or_null(contact.name)},
          {"phone", or_null(contact.phone)},
          {"unit", or_null(contact.unit)},
          {"content", contact.content},
          {"order", or_null(contact.order)}};
}

}  // namespace huiyin::contacts
