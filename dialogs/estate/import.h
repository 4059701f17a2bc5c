// The imports of the operator API (contract, sections 5 and 8): all rows or none. Reading is pure
// and names every fault; taking writes what was read without one.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/talk/directory.h"
#include "dialogs/estate/csv.h"

namespace huiyin::estate {

struct UnitRow {
  std::string estate;
  UnitId unit;
  std::int64_t area_milli;  // thousandths of a square metre
  std::string owner;        // empty together with `phone`: the unit stands empty
  std::string phone;        // E.164
};
struct UnitRows {
  std::vector<UnitRow> rows;
  ImportFaults faults;  // empty: may be taken
};
// Columns estate,building,entrance,room,area_m2,owner,phone.
UnitRows read_units(std::string_view csv);

struct StaffRows {
  std::vector<StaffRecord> rows;  // without ids
  ImportFaults faults;
};
// Columns estate,name,role,phone,channel,address.
StaffRows read_staff(std::string_view csv);

// What is wrong with one member of a staff record.
struct StaffFault {
  std::string field;
  std::string reason;
};
// Checks role, phone, channel and address, and brings phones to E.164.
std::vector<StaffFault> check_staff(StaffRecord& staff);
// A name as it is stored: not empty, at most 100 code points, no control characters.
bool is_name(std::string_view text);

struct Taken {
  std::int64_t created = 0;
  std::int64_t updated = 0;
};
using ProfileFor = std::function<std::string(std::string_view estate)>;
Taken take_units(store::Connection& db, const std::vector<UnitRow>& rows,
                 const ProfileFor& profile_for, Instant now);
// A row is somebody known when estate, role and phone are the same, or estate, role and name of
// one whose phone no row of the file carries (a new phone).
Taken take_staff(store::Connection& db, const std::vector<StaffRecord>& rows,
                 const ProfileFor& profile_for, Instant now);

}  // namespace huiyin::estate
