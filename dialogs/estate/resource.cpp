#include "dialogs/estate/resource.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>

#include "dialogs/estate/import.h"
#include "dialogs/estate/records.h"
#include "store/base/phone.h"
#include "store/base/secret.h"
#include "store/base/text.h"

namespace huiyin::estate {
namespace {

const std::set<std::string, std::less<>> relations{"owner", "tenant", "family"};

const Json text_schema{{"type", "string"}};
const Json csv_schema{{"type", "string"}, {"description", "text/csv with the exact header"}};

// A member of the body that must be a text; absent or null is "" when it may be left out.
Result<std::string> member(const Json& body, const char* name, bool required) {
  const auto it = body.find(name);
  if (it == body.end() || it->is_null()) {
    if (!required) return std::string();
    return fail(ErrorKind::invalid, std::string(name) + " is missing", name);
  }
  if (!it->is_string()) {
    return fail(ErrorKind::invalid, std::string(name) + " must be a string", name);
  }
  return std::string(trim(it->get<std::string>()));
}

std::optional<std::int64_t> id_of(const http::Request& request, const char* name) {
  const auto it = request.params.find(name);
  std::int64_t id = 0;
  if (it == request.params.end()) return std::nullopt;
  const auto& text = it->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id <= 0) return std::nullopt;
  return id;
}

http::Response refused(const ImportFaults& faults) {
  return http::Response::problem(400, "The file was not imported",
                                 "nothing was taken; each fault is listed in errors",
                                 {{"errors", to_json(faults)}});
}

http::Response missing(std::string message) {
  return http::Response::from(Error{ErrorKind::not_found, std::move(message), {}, std::nullopt});
}

Json staff_json(const StaffRecord& staff) {
  return {{"id", staff.id},          {"name", staff.name},   {"role", staff.role},
          {"estate", staff.estate},  {"phone", staff.phone}, {"channel", staff.channel},
          {"address", staff.address}};
}

Json person_json(const HouseholdMember& person) {
  return {{"id", person.id},
          {"name", person.name},
          {"phone", person.phone},
          {"relation", person.relation}};
}

}  // namespace

void import_demo(Transaction& tx, EstateDirectory& directory, std::string_view units_csv,
                 std::string_view staff_csv) {
  const UnitRows units = read_units(units_csv);
  const StaffRows staff = read_staff(staff_csv);
  for (const auto* faults : {&units.faults, &staff.faults}) {
    if (faults->empty()) continue;
    const auto& fault = faults->front();
    throw std::runtime_error("line " + std::to_string(fault.line) + ", " + fault.column + ": " +
                             fault.reason);
  }
  const auto profile_for = [&](std::string_view estate) { return directory.profile_for(estate); };
  take_units(tx.write(), units.rows, profile_for, tx.now());
  take_staff(tx.write(), staff.rows, profile_for, tx.now());
  directory.refresh_units(tx);
}

Result<UnitRecord> resolve_unit(const Directory& directory, store::Connection& db,
                                std::string_view unit, std::string_view estate) {
  const auto id = UnitId::from_canonical(unit);
  bool ambiguous = false;
  const auto found = id ? directory.find_unit(db, *id, estate, &ambiguous) : std::nullopt;
  if (ambiguous) {
    return fail(ErrorKind::invalid, "estate is needed: several estates have this unit", "estate");
  }
  if (!found) return fail(ErrorKind::not_found, "no such unit", "unit");
  return *found;
}

void EstateResource::add_to(Api& api) {
  add_imports(api);
  add_staff_routes(api);
  add_unit_routes(api);
}

void EstateResource::add_imports(Api& api) {
  const Json answer{{"type", "object"},
                    {"properties",
                     {{"imported", {{"type", "integer"}}},
                      {"created", {{"type", "integer"}}},
                      {"updated", {{"type", "integer"}}}}}};
  api.add({"POST",
           "/api/v1/import/units",
           admin_only,
           "Imports units and owners: estate,building,entrance,room,area_m2,owner,phone",
           csv_schema,
           answer,
           200,
           "text/csv",
           {}},
          [this](ApiCall& call) { return import_units(call); });
  api.add({"POST",
           "/api/v1/import/staff",
           admin_only,
           "Imports staff: estate,name,role,phone,channel,address",
           csv_schema,
           answer,
           200,
           "text/csv",
           {}},
          [this](ApiCall& call) { return import_staff(call); });
}

void EstateResource::add_staff_routes(Api& api) {
  Json roles = Json::array();
  for (const auto& role : all_roles) roles.push_back(role);
  const Json request{{"type", "object"},
                     {"required", {"name", "role", "phone"}},
                     {"properties",
                      {{"name", text_schema},
                       {"role", {{"type", "string"}, {"enum", roles}}},
                       {"estate", text_schema},
                       {"phone", text_schema},
                       {"channel", text_schema},
                       {"address", text_schema}}}};
  api.add({"GET",
           "/api/v1/staff",
           all_roles,
           "Lists staff",
           nullptr,
           nullptr,
           200,
           "application/json",
           {"estate", "role", "limit", "cursor"}},
          [this](ApiCall& call) { return list_staff(call); });
  api.add({"POST", "/api/v1/staff", admin_only, "Adds a staff member", request, nullptr, 201},
          [this](ApiCall& call) { return post_staff(call); });
  api.add({"POST",
           "/api/v1/staff/{id}/tokens",
           admin_only,
           "Makes a token with that person's rights; shown once",
           nullptr,
           {{"type", "object"}, {"properties", {{"token", text_schema}}}},
           201},
          [this](ApiCall& call) { return make_token(call); });
}

void EstateResource::add_unit_routes(Api& api) {
  const Json request{{"type", "object"},
                     {"required", {"name", "phone", "relation"}},
                     {"properties",
                      {{"name", text_schema},
                       {"phone", text_schema},
                       {"relation", {{"type", "string"}, {"enum", {"owner", "tenant", "family"}}}},
                       {"estate", text_schema}}}};
  api.add({"GET",
           "/api/v1/units",
           all_roles,
           "Lists units with their people",
           nullptr,
           nullptr,
           200,
           "application/json",
           {"estate", "unit", "building", "limit", "cursor"}},
          [this](ApiCall& call) { return list_units(call); });
  api.add({"POST",
           "/api/v1/units/{unit}/people",
           admin_only,
           "Adds a person to a unit",
           request,
           nullptr,
           201,
           "application/json",
           {"estate"}},
          [this](ApiCall& call) { return post_person(call); });
  api.add({"DELETE",
           "/api/v1/units/{unit}/people/{id}",
           admin_only,
           "Removes a person of a unit; ends their verification at once",
           nullptr,
           nullptr,
           200,
           "application/json",
           {"estate"}},
          [this](ApiCall& call) { return delete_person(call); });
}

http::Response EstateResource::import_units(ApiCall& call) {
  const UnitRows units = read_units(call.request().body);
  if (!units.faults.empty()) return refused(units.faults);
  return call.write([&](Transaction& tx) {
    const Taken taken = take_units(
        tx.write(), units.rows, [this](auto estate) { return directory_.profile_for(estate); },
        tx.now());
    directory_.refresh_units(tx);
    return http::Response::json(
        200,
        {{"imported", units.rows.size()}, {"created", taken.created}, {"updated", taken.updated}});
  });
}

http::Response EstateResource::import_staff(ApiCall& call) {
  const StaffRows staff = read_staff(call.request().body);
  if (!staff.faults.empty()) return refused(staff.faults);
  return call.write([&](Transaction& tx) {
    const Taken taken = take_staff(
        tx.write(), staff.rows, [this](auto estate) { return directory_.profile_for(estate); },
        tx.now());
    directory_.refresh(tx);
    return http::Response::json(
        200,
        {{"imported", staff.rows.size()}, {"created", taken.created}, {"updated", taken.updated}});
  });
}

http::Response EstateResource::list_staff(ApiCall& call) {
  const auto limit = call.limit();
  const auto cursor = call.cursor();
  if (!limit) return http::Response::from(limit.error());
  if (!cursor) return http::Response::from(cursor.error());
  const std::string estate = call.request().query_value("estate");
  const std::string role = call.request().query_value("role");
  Json items = Json::array();
  Json next = nullptr;
  for (const auto& one : directory_.everybody()) {
    if (one.id <= *cursor || (!estate.empty() && one.estate != estate) ||
        (!role.empty() && one.role != role)) {
      continue;
    }
    if (items.size() == static_cast<std::size_t>(*limit)) {
      next = items.back()["id"];
      break;
    }
    items.push_back(staff_json(one));
  }
  return http::Response::json(200, {{"items", items}, {"next", next}});
}

Result<std::string> EstateResource::estate_of_staff(const Json& body) const {
  auto estate = member(body, "estate", false);
  if (!estate) return estate;
  const auto known = directory_.estates();
  if (estate->empty()) return known.size() == 1 ? known.front() : std::string();
  const bool exists = std::find(known.begin(), known.end(), *estate) != known.end();
  // A new house starts with whichever comes first, its units or its staff.
  if (exists || known.empty() || directory_.profile_for(*estate) == *estate) return estate;
  return fail(ErrorKind::invalid, "estate: no such estate", "estate");
}

http::Response EstateResource::post_staff(ApiCall& call) {
  StaffRecord staff{};
  const std::pair<const char*, std::string StaffRecord::*> members[] = {
      {"name", &StaffRecord::name},       {"role", &StaffRecord::role},
      {"phone", &StaffRecord::phone},     {"channel", &StaffRecord::channel},
      {"address", &StaffRecord::address},
  };
  for (const auto& [name, field] : members) {
    const bool optional = field == &StaffRecord::channel || field == &StaffRecord::address;
    auto value = member(call.body(), name, !optional);
    if (!value) return http::Response::from(value.error());
    staff.*field = std::move(*value);
  }
  auto estate = estate_of_staff(call.body());
  if (!estate) return http::Response::from(estate.error());
  staff.estate = std::move(*estate);
  if (const auto faults = check_staff(staff); !faults.empty()) {
    const auto& fault = faults.front();
    return http::Response::from(
        Error{ErrorKind::invalid, fault.field + " " + fault.reason, fault.field, std::nullopt});
  }
  return call.write([&](Transaction& tx) {
    auto& db = tx.write();
    if (!staff.estate.empty()) {
      add_estate(db, staff.estate, directory_.profile_for(staff.estate), tx.now());
    }
    staff.id = add_staff(db, staff, tx.now());
    directory_.refresh(tx);
    return http::Response::json(201, staff_json(staff));
  });
}

http::Response EstateResource::make_token(ApiCall& call) {
  const auto id = id_of(call.request(), "id");
  if (!id || !directory_.staff_by_id(*id)) return missing("no such staff member");
  return call.write([&](Transaction& tx) {
    const std::string token = new_token();
    add_token(tx.write(), hash_secret(token), *id, tx.now());
    directory_.refresh(tx);
    return http::Response::json(201, {{"token", token}});
  });
}

http::Response EstateResource::list_units(ApiCall& call) {
  const auto limit = call.limit();
  const auto cursor = call.cursor();
  if (!limit) return http::Response::from(limit.error());
  if (!cursor) return http::Response::from(cursor.error());
  const auto& request = call.request();
  const std::string estate = request.query_value("estate");
  const std::string unit = request.query_value("unit");
  const std::string building = request.query_value("building");
  return call.read([&](store::Connection& db) {
    Json items = Json::array();
    Json next = nullptr;
    for (const auto& [id, of, address, area] :
         db.query<std::int64_t, std::string, std::string, std::int64_t>(
             "SELECT id, estate, address, coalesce(area_milli, 0) FROM units WHERE id > :c"
             " AND (:e = '' OR estate = :e2) AND (:u = '' OR address = :u2)"
             " AND (:b = '' OR building = :b2) ORDER BY id LIMIT :l",
             *cursor, estate, estate, unit, unit, building, building, *limit + 1)) {
      if (items.size() == static_cast<std::size_t>(*limit)) {
        next = items.back()["id"];
        break;
      }
      Json people = Json::array();
      for (const auto& person : people_of(db, id)) people.push_back(person_json(person));
      items.push_back({{"id", id},
                       {"estate", of},
                       {"unit", address},
                       {"area_m2", static_cast<double>(area) / 1000},
                       {"people", people}});
    }
    return http::Response::json(200, {{"items", items}, {"next", next}});
  });
}

http::Response EstateResource::post_person(ApiCall& call) {
  HouseholdMember person{};
  const std::pair<const char*, std::string HouseholdMember::*> members[] = {
      {"name", &HouseholdMember::name},
      {"phone", &HouseholdMember::phone},
      {"relation", &HouseholdMember::relation},
  };
  for (const auto& [name, field] : members) {
    auto value = member(call.body(), name, true);
    if (!value) return http::Response::from(value.error());
    person.*field = std::move(*value);
  }
  auto estate = member(call.body(), "estate", false);
  if (!estate) return http::Response::from(estate.error());
  if (estate->empty()) *estate = call.request().query_value("estate");
  const auto bad = [](const char* field, const char* rule) {
    return http::Response::from(
        Error{ErrorKind::invalid, std::string(field) + " " + rule, field, std::nullopt});
  };
  if (!is_name(person.name)) return bad("name", "must not be empty, at most 100 characters");
  auto phone = parse_phone(person.phone);
  if (!phone) return bad("phone", "must be a valid phone number");
  person.phone = std::move(*phone);
  if (!relations.contains(person.relation)) {
    return bad("relation", "must be owner, tenant or family");
  }
  return call.write([&](Transaction& tx) {
    const auto unit =
        resolve_unit(directory_, tx.read(), call.request().params.find("unit")->second, *estate);
    if (!unit) return http::Response::from(unit.error());
    person.unit = unit->id;
    person.id = put_person(tx.write(), person, "desk", tx.now());
    Json answer = person_json(person);
    answer["unit"] = unit->unit.canonical();
    answer["estate"] = unit->estate;
    return http::Response::json(201, answer);
  });
}

http::Response EstateResource::delete_person(ApiCall& call) {
  const auto id = id_of(call.request(), "id");
  const std::string estate = call.request().query_value("estate");
  return call.write([&](Transaction& tx) {
    const auto unit =
        resolve_unit(directory_, tx.read(), call.request().params.find("unit")->second, estate);
    if (!unit) return http::Response::from(unit.error());
    if (!id || !remove_person(tx.write(), unit->id, *id)) return missing("no such person");
    return http::Response::json(200, {{"id", *id}, {"deleted", true}});
  });
}

}  // namespace huiyin::estate
