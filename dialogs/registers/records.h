// The registers of R1.10 as generic records: one row each, whose columns are the slots of the
// form's file. What a person told stands in the personal texts (store/personal.h), the row keeps
// its id.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/talk/directory.h"
#include "bot/talk/form.h"
#include "bot/talk/turn.h"
#include "store/database.h"

namespace huiyin::registers {

std::vector<store::Migration> migrations();  // owner "registers"

struct Record {
  std::int64_t id = 0;
  std::string form;    // "qms-pm-31315"
  std::string number;  // "31315-0001": one sequence a form, without gaps
  Instant at{};
  std::string by;  // "admin", "staff:12" or "resident"
  std::string estate;
  std::string unit;               // canonical; may be empty
  std::string order;              // number of the task that sees to it; may be empty
  Json columns = Json::object();  // slot → value
};

// Writes the record and gives it id and number. Lane's thread.
void add_record(store::Connection& db, Record& record);
// Puts other columns (with unit and estate) in place of those that stand there.
void change_record(store::Connection& db, const Record& record);
void set_order(store::Connection& db, std::int64_t id, std::string_view order);
std::optional<Record> find_record(store::Connection& db, std::int64_t id);

struct RecordFilter {
  std::string form, unit, estate;  // empty: any unit, any estate
  std::int64_t before = 0;         // id; 0: from the newest
  int limit = 50;
};
std::vector<Record> list_records(store::Connection& db, const RecordFilter& filter);

// JSON Schema (2020-12) of a record's columns.
Json schema_of(const FormSpec& form);
// Checks the columns of a call: `invalid` names the member. Unknown members are left out; phones
// become E.164, units canonical. `estate` and `unit` of the record are filled.
Result<void> check_columns(const FormSpec& form, const Json& body, const Directory& directory,
                           store::Connection& db, Record& record);
// The columns with what is sensitive made unreadable.
Json masked(const FormSpec& form, Json columns);

// opens the 特殊事件记录 (31304) of an emergency. `kind` is the emergency's, `place` as known
// (a canonical unit, words, or ""). Returns the record's number.
std::string record_emergency(Turn& turn, const std::string& estate, const std::string& kind,
                             const std::string& place);
// Puts the place that was told after into the record of that number; `estate` "": as it was.
void place_emergency(Turn& turn, const std::string& number, const std::string& estate,
                     const std::string& place);

}  // namespace huiyin::registers
