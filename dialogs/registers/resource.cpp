// /api/v1/forms: the registers, their columns and records (contract, section 5).
#include "dialogs/registers/registers.h"

namespace huiyin::registers {
namespace {

const Roles writers{
    "admin",         "front_desk", "archivist", "service_supervisor", "property_assistant",
    "centre_manager"};
// Who may read what is marked sensitive; others see it masked.
const Roles trusted{"admin", "service_supervisor", "archivist"};

http::Response no_such_form() {
  return http::Response::from(Error{ErrorKind::not_found, "no such form", {}, std::nullopt});
}

// The columns stand beside the record's own members; names of columns never are one of these.
Json record_json(const FormSpec& form, const Record& record, const Directory& directory,
                 const std::string& role) {
  Json out = trusted.contains(role) ? record.columns : masked(form, record.columns);
  out["id"] = record.id;
  out["form"] = record.form;
  out["number"] = record.number;
  out["at"] = directory.profile(record.estate).zone.rfc3339(record.at);
  out["by"] = record.by;
  out["estate"] = record.estate;
  out["order"] = record.order.empty() ? Json(nullptr) : Json(record.order);
  return out;
}

}  // namespace

void Registers::add_to(Api& api) {
  api.add({"GET", "/api/v1/forms", all_roles, "Lists the registers", nullptr, nullptr},
          [this](ApiCall& call) { return list_forms(call); });
  api.add({"GET", "/api/v1/forms/{id}/schema", all_roles, "The JSON Schema of a register's records",
           nullptr, nullptr},
          [this](ApiCall& call) {
            const FormSpec* form = form_of(call);
            return form == nullptr ? no_such_form() : http::Response::json(200, schema_of(*form));
          });
  api.add({"GET",
           "/api/v1/forms/{id}/records",
           all_roles,
           "Lists a register's records, newest first",
           nullptr,
           nullptr,
           200,
           "application/json",
           {"unit", "estate", "limit", "cursor"}},
          [this](ApiCall& call) { return list(call); });
  api.add({"POST",
           "/api/v1/forms/{id}/records",
           writers,
           "Adds a record to a register",
           {{"type", "object"},
            {"description", "the columns, as GET /api/v1/forms/{id}/schema describes them"}},
           nullptr,
           201},
          [this](ApiCall& call) { return post(call); });
}

const FormSpec* Registers::form_of(const ApiCall& call) const {
  const auto it = call.request().params.find("id");
  const FormSpec* form = it == call.request().params.end() ? nullptr : forms_.find(it->second);
  return form != nullptr && form->register_form ? form : nullptr;
}

http::Response Registers::list_forms(ApiCall&) const {
  Json items = Json::array();
  for (const auto& form : forms_.all()) {
    if (!form.register_form) continue;
    items.push_back({{"id", form.id},
                     {"title", form.title},
                     {"schema", "/api/v1/forms/" + form.id + "/schema"},
                     {"records", "/api/v1/forms/" + form.id + "/records"}});
  }
  return http::Response::json(200, {{"items", items}, {"next", nullptr}});
}

http::Response Registers::list(ApiCall& call) const {
  const FormSpec* form = form_of(call);
  if (form == nullptr) return no_such_form();
  const auto limit = call.limit();
  const auto cursor = call.cursor();
  if (!limit) return http::Response::from(limit.error());
  if (!cursor) return http::Response::from(cursor.error());
  const RecordFilter filter{form->id, call.request().query_value("unit"),
                            call.request().query_value("estate"), *cursor, *limit + 1};
  return call.read([&](store::Connection& db) {
    Json items = Json::array();
    Json next = nullptr;
    for (const auto& record : list_records(db, filter)) {
      if (items.size() == static_cast<std::size_t>(*limit)) {
        next = items.back()["id"];
        break;
      }
      items.push_back(record_json(*form, record, directory_, call.who().role));
    }
    return http::Response::json(200, {{"items", items}, {"next", next}});
  });
}

http::Response Registers::post(ApiCall& call) const {
  const FormSpec* form = form_of(call);
  if (form == nullptr) return no_such_form();
  return call.write([&](Transaction& tx) {
    Record record;
    record.form = form->id;
    record.at = tx.now();
    record.by = call.who().actor();
    if (const auto known = directory_.estates(); known.size() == 1) record.estate = known.front();
    if (const auto sound = check_columns(*form, call.body(), directory_, tx.read(), record);
        !sound) {
      return http::Response::from(sound.error());
    }
    add_record(tx.write(), record);
    return http::Response::json(201, record_json(*form, record, directory_, call.who().role));
  });
}

}  // namespace huiyin::registers
