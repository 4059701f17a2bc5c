// Who lives and works where, as the engine and every subject may ask: units, their people, staff
// and the estate's profile. Implemented by dialogs/estate. Called on the lane's thread or with a
// reader's connection; profiles are immutable.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/json.h"
#include "store/base/time.h"
#include "store/base/unit_id.h"
#include "store/connection.h"

namespace huiyin {

// A span in which the desk is staffed; `to` is exclusive.
struct OpenSpan {
  Instant from, to;
};

// One file of config/estates: minute limits, copies, service hours, duty phones.
struct EstateProfile {
  std::string id;
  Json values;  // the whole file, checked against its schema
  Zone zone = Zone::shanghai();
  std::vector<std::string> duty_phones;  // E.164, first is told to residents
  std::string front_desk_phone;

  // When the work of the local day of `day` ends: the end of its last span of service, which may
  // lie on the next day. None on a closed day, and without service_hours.
  std::optional<Instant> end_of_work(Instant day) const;

  // Within service hours. In `values`: "service_hours": {"mon": ["08:30-12:00",
  // "14:00-18:00"], …, "sun": []} in the estate's zone, ends exclusive, "22:00-06:00" ends on the
  // next day; "holidays": ["2026-10-01", …] are closed; "workdays": ["2026-10-10", …] (a weekend
  // swapped) have Monday's hours. Without service_hours it is always.
  bool in_service(Instant at) const;
  // The first span of service that ends after `at`; it may have begun before. Without service_hours
  // it never ends; none when the estate is not staffed within the year to come.
  std::optional<OpenSpan> next_open(Instant at) const;
  // Whether the local day of `at` has service hours: no holiday, no closed weekday.
  bool working_day(Instant at) const;
  // Who does the work of a role or title here: the profile's "roles", else the role itself.
  std::string role_for(std::string_view title) const;
};

struct UnitRecord {
  std::int64_t id;
  std::string estate;
  UnitId unit;
};
struct StaffRecord {
  std::int64_t id;
  std::string name;
  std::string role;
  std::string estate;
  std::string phone;    // E.164
  std::string channel;  // where to reach by chat; "twilio" means SMS; may be empty
  std::string address;
};
struct HouseholdMember {
  std::int64_t id;
  std::int64_t unit;  // UnitRecord::id
  std::string name;
  std::string phone;
  std::string relation;  // owner tenant family
};

class Directory {
 public:
  virtual ~Directory() = default;

  // Estates that exist, by id; the first is the default when there is only one.
  virtual std::vector<std::string> estates() const = 0;
  // The profile of an estate; the residential one for an unknown or empty id.
  virtual const EstateProfile& profile(std::string_view estate) const = 0;

  // The unit of that address. `estate` empty: whichever estate has it; several have: none, and
  // `ambiguous` is set.
  virtual std::optional<UnitRecord> find_unit(store::Connection& db, const UnitId& unit,
                                              std::string_view estate,
                                              bool* ambiguous = nullptr) const = 0;
  // An address that exists and is one slip away ("3-2-510" → "3-2-501"); none when not clear.
  virtual std::optional<UnitRecord> near_unit(store::Connection& db, const UnitId& unit,
                                              std::string_view estate) const = 0;
  virtual std::optional<UnitRecord> unit(store::Connection& db, std::int64_t id) const = 0;
  virtual std::vector<HouseholdMember> household(store::Connection& db,
                                                 std::int64_t unit) const = 0;
  // The households that a phone belongs to (guarantee 6).
  virtual std::vector<HouseholdMember> members_by_phone(store::Connection& db,
                                                        std::string_view phone) const = 0;

  virtual std::vector<StaffRecord> staff(std::string_view estate, std::string_view role) const = 0;
  virtual std::optional<StaffRecord> staff_by_id(std::int64_t id) const = 0;
  // Who hears what is told to a role or title there: the first of those who do its work;
  // none: nobody, and it goes to the duty phone.
  std::optional<StaffRecord> hearer(std::string_view estate, std::string_view role) const;
  // A staff member's chat address: `space` is the conversation space ("sms", "rest", ...).
  virtual std::optional<StaffRecord> staff_at(std::string_view space,
                                              std::string_view sender) const = 0;
};

}  // namespace huiyin
