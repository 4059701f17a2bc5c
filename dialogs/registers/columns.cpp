// The columns of a register as JSON Schema, and the checking of what the desk enters.
#include <cstdio>

#include "dialogs/registers/records.h"
#include "store/base/phone.h"
#include "store/base/text.h"

namespace huiyin::registers {
namespace {

constexpr std::size_t text_code_points_max = 5000;

std::string label_of(const std::map<std::string, std::string>& labels, const char* language) {
  const auto it = labels.find(language);
  return it == labels.end() ? std::string() : it->second;
}

// Money is integer fen in columns that end so.
bool is_money(const SlotSpec& slot) {
  return slot.type == "number" && slot.name.ends_with("_fen");
}

Json column_schema(const SlotSpec& slot) {
  Json schema{{"title", label_of(slot.label, "zh")}, {"description", label_of(slot.label, "en")}};
  const Json instant{{"type", "string"}, {"format", "date-time"}};
  if (slot.type == "time") {
    const Json range{
        {"type", "object"},
        {"required", {"from"}},
        {"properties",
         {{"from", instant}, {"to", {{"type", {"string", "null"}}, {"format", "date-time"}}}}}};
    schema["oneOf"] = Json::array({instant, range});
  } else if (is_money(slot)) {
    schema["type"] = "integer";
    schema["minimum"] = 0;
  } else if (slot.type == "number") {
    schema["type"] = "number";
  } else {
    schema["type"] = "string";
    if (slot.type == "date") {
      schema["format"] = "date";
    } else if (slot.type == "choice") {
      schema["enum"] = Json::array();
      for (const auto& choice : slot.choices) schema["enum"].push_back(choice.zh);
    } else if (slot.type == "unit") {
      schema["pattern"] = "^[^-]+(-[^-]+)?-[^-]+$";
      schema["examples"] = {"3-2-501"};
    } else if (slot.type == "phone") {
      schema["pattern"] = "^\\+?[0-9 -]{5,24}$";
      schema["examples"] = {"+8613800138000"};
    } else {
      schema["maxLength"] = text_code_points_max;
      if (slot.required) schema["minLength"] = 1;
    }
  }
  if (slot.sensitive) schema["x-sensitive"] = true;
  return schema;
}

// "2026-11-23", a day that exists.
bool is_date(const std::string& text) {
  return text.size() == 10 && parse_rfc3339(text + "T00:00:00Z").has_value();
}

tl::unexpected<Error> bad(const SlotSpec& slot, const std::string& rule) {
  return fail(ErrorKind::invalid, slot.name + " " + rule, slot.name);
}

Result<Json> time_column(const SlotSpec& slot, const Json& value) {
  const std::string rule = "must be an RFC 3339 time with a zone, or {from, to}";
  if (value.is_string()) {
    if (!parse_rfc3339(value.get<std::string>())) return bad(slot, rule);
    return value;
  }
  const auto from = parse_rfc3339(text_of(value, "from"));
  if (!from) return bad(slot, rule);
  Json out{{"from", text_of(value, "from")}, {"to", nullptr}};
  if (const auto it = value.find("to"); it != value.end() && !it->is_null()) {
    const auto to = parse_rfc3339(text_of(value, "to"));
    if (!to || *to < *from) return bad(slot, "must not end before it begins");
    out["to"] = *it;
  }
  return out;
}

Result<Json> column(const SlotSpec& slot, const Json& value) {
  if (slot.type == "time") return time_column(slot, value);
  if (slot.type == "number") {
    if (!value.is_number()) return bad(slot, "must be a number");
    const bool whole =
        value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
    if (is_money(slot) && !whole) return bad(slot, "must be an integer of at least 0 (fen)");
    return value;
  }
  if (!value.is_string()) return bad(slot, "must be a string");
  const std::string text(trim(value.get<std::string>()));
  if (text.empty()) return bad(slot, "must not be empty");
  if (code_points(text) > text_code_points_max) return bad(slot, "has more than 5000 characters");
  if (slot.type == "date" && !is_date(text)) return bad(slot, "must be a date, YYYY-MM-DD");
  if (slot.type == "choice" &&
      std::none_of(slot.choices.begin(), slot.choices.end(),
                   [&](const Choice& choice) { return choice.zh == text; })) {
    return bad(slot, "is none of the choices");
  }
  if (slot.pattern) {
    auto found = slot.matched(text);
    if (!found) return bad(slot, "does not look as it must");
    return Json(*found);
  }
  if (slot.type == "phone") {
    auto phone = parse_phone(text);
    if (!phone) return bad(slot, "must be a valid phone number");
    return Json(*phone);
  }
  return Json(text);
}

Result<Json> unit_column(const SlotSpec& slot, const Json& value, const Directory& directory,
                         store::Connection& db, Record& record) {
  const auto id =
      value.is_string() ? UnitId::from_canonical(value.get<std::string>()) : std::nullopt;
  bool ambiguous = false;
  const auto found = id ? directory.find_unit(db, *id, record.estate, &ambiguous) : std::nullopt;
  if (ambiguous) {
    return fail(ErrorKind::invalid, "estate is needed: several estates have this unit", "estate");
  }
  if (!found) return bad(slot, "is no known unit");
  record.estate = found->estate;
  record.unit = found->unit.canonical();
  return Json(record.unit);
}

}  // namespace

namespace {

// A day is not before the one that it follows; who refused the consent is not registered.
Result<void> check_days_and_consent(const FormSpec& form, const Json& columns) {
  for (const auto& slot : form.slots) {
    const std::string value = text_of(columns, slot.name);
    const std::string other = text_of(columns, slot.after);
    if (!slot.after.empty() && !value.empty() && value < other) {
      return bad(slot, "must not be before " + slot.after);
    }
    for (const auto& choice : slot.choices) {
      if (!choice.ends.empty() && value == choice.zh) {
        return bad(slot, "was refused: nothing may be registered");
      }
    }
  }
  return {};
}

}  // namespace

Json schema_of(const FormSpec& form) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto& slot : form.slots) {
    properties[slot.name] = column_schema(slot);
    if (slot.required) required.push_back(slot.name);
  }
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"$id", "/api/v1/forms/" + form.id + "/schema"},
          {"title", label_of(form.title, "zh")},
          {"description", label_of(form.title, "en")},
          {"type", "object"},
          {"properties", properties},
          {"required", required}};
}

Result<void> check_columns(const FormSpec& form, const Json& body, const Directory& directory,
                           store::Connection& db, Record& record) {
  if (const auto it = body.find("estate"); it != body.end() && !it->is_null()) {
    const auto known = directory.estates();
    if (!it->is_string() || std::find(known.begin(), known.end(), *it) == known.end()) {
      return fail(ErrorKind::invalid, "estate is none of the estates", "estate");
    }
    record.estate = it->get<std::string>();
  }
  for (const auto& slot : form.slots) {
    const auto it = body.find(slot.name);
    if (it == body.end() || it->is_null()) {
      if (slot.required) return bad(slot, "is missing");
      continue;
    }
    auto value =
        slot.type == "unit" ? unit_column(slot, *it, directory, db, record) : column(slot, *it);
    if (!value) return tl::unexpected(value.error());
    record.columns[slot.name] = std::move(*value);
  }
  return check_days_and_consent(form, record.columns);
}

Json masked(const FormSpec& form, Json columns) {
  for (const auto& slot : form.slots) {
    const auto it = columns.find(slot.name);
    if (!slot.sensitive || it == columns.end() || it->is_null()) continue;
    *it = slot.type == "phone" && it->is_string() ? mask_phone(it->get<std::string>()) : "****";
  }
  return columns;
}

}  // namespace huiyin::registers
