// Reading and writing the estate's tables. Free functions over a connection: the writers run in the
// lane, the readers anywhere. Rules of what may be written stand with the callers.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/talk/directory.h"
#include "store/base/time.h"

namespace huiyin::estate {

// Makes the estate when it does not exist.
void add_estate(store::Connection& db, std::string_view estate, std::string_view profile,
                Instant now);

// The unit's id, made or updated. `area_milli` in thousandths of a square metre.
std::int64_t put_unit(store::Connection& db, std::string_view estate, const UnitId& unit,
                      std::int64_t area_milli);
// The unit's owner as the import gives it, in place of the one that an earlier import gave. A
// person who stays keeps the id; one who goes is removed, which ends a verification.
void put_owner(store::Connection& db, std::int64_t unit, std::string_view name,
               std::string_view phone, Instant now);
// A person of a unit; the same phone of the same unit is updated. `source` is "import" or "desk".
// Returns the id.
std::int64_t put_person(store::Connection& db, const HouseholdMember& person,
                        std::string_view source, Instant now);
// False: no such person of that unit.
bool remove_person(store::Connection& db, std::int64_t unit, std::int64_t person);
std::vector<HouseholdMember> people_of(store::Connection& db, std::int64_t unit);

std::int64_t add_staff(store::Connection& db, const StaffRecord& staff, Instant now);
void update_staff(store::Connection& db, const StaffRecord& staff);
std::vector<StaffRecord> all_staff(store::Connection& db);
void add_token(store::Connection& db, std::string_view hash, std::int64_t staff, Instant now);

}  // namespace huiyin::estate
