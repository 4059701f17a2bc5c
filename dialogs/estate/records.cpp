#include "dialogs/estate/records.h"

namespace huiyin::estate {

using store::Connection;

void add_estate(Connection& db, std::string_view estate, std::string_view profile, Instant now) {
  db.exec(
      "INSERT INTO estates(id, profile, seq, created_at)"
      " VALUES(:e, :p, (SELECT coalesce(max(seq), 0) + 1 FROM estates), :t)"
      " ON CONFLICT(id) DO NOTHING",
      estate, profile, to_millis(now));
}

std::int64_t put_unit(Connection& db, std::string_view estate, const UnitId& unit,
                      std::int64_t area_milli) {
  return *db.value<std::int64_t>(
      "INSERT INTO units(estate, address, building, entrance, room, area_milli)"
      " VALUES(:e, :a, :b, :n, :r, :m)"
      " ON CONFLICT(estate, address) DO UPDATE SET area_milli = excluded.area_milli RETURNING id",
      estate, unit.canonical(), unit.building, unit.entrance, unit.room, area_milli);
}

void put_owner(Connection& db, std::int64_t unit, std::string_view name, std::string_view phone,
               Instant now) {
  db.exec("DELETE FROM unit_people WHERE unit = :u AND source = 'import' AND phone <> :p", unit,
          phone);
  if (!phone.empty()) {
    put_person(db, {0, unit, std::string(name), std::string(phone), "owner"}, "import", now);
  }
}

std::int64_t put_person(Connection& db, const HouseholdMember& person, std::string_view source,
                        Instant now) {
  if (const auto id = db.value<std::int64_t>(
          "SELECT id FROM unit_people WHERE unit = :u AND phone = :p", person.unit, person.phone)) {
    db.exec("UPDATE unit_people SET name = :n, relation = :r, source = :s WHERE id = :i",
            person.name, person.relation, source, *id);
    return *id;
  }
  db.exec(
      "INSERT INTO unit_people(unit, name, phone, relation, source, created_at)"
      " VALUES(:u, :n, :p, :r, :s, :t)",
      person.unit, person.name, person.phone, person.relation, source, to_millis(now));
  return db.last_insert_id();
}

bool remove_person(Connection& db, std::int64_t unit, std::int64_t person) {
  return db.exec("DELETE FROM unit_people WHERE unit = :u AND id = :i", unit, person) > 0;
}

std::vector<HouseholdMember> people_of(Connection& db, std::int64_t unit) {
  std::vector<HouseholdMember> people;
  for (auto& [id, of, name, phone, relation] :
       db.query<std::int64_t, std::int64_t, std::string, std::string, std::string>(
           "SELECT id, unit, name, phone, relation FROM unit_people WHERE unit = :u"
           " ORDER BY relation <> 'owner', id",
           unit)) {
    people.push_back({id, of, name, phone, relation});
  }
  return people;
}

std::int64_t add_staff(Connection& db, const StaffRecord& staff, Instant now) {
  db.exec(
      "INSERT INTO staff(estate, name, role, phone, channel, address, created_at)"
      " VALUES(:e, :n, :r, :p, :c, :a, :t)",
      staff.estate, staff.name, staff.role, staff.phone, staff.channel, staff.address,
      to_millis(now));
  return db.last_insert_id();
}

void update_staff(Connection& db, const StaffRecord& staff) {
  db.exec("UPDATE staff SET name = :n, phone = :p, channel = :c, address = :a WHERE id = :i",
          staff.name, staff.phone, staff.channel, staff.address, staff.id);
}

std::vector<StaffRecord> all_staff(Connection& db) {
  std::vector<StaffRecord> staff;
  for (auto& [id, name, role, estate, phone, channel, address] :
       db.query<std::int64_t, std::string, std::string, std::string, std::string, std::string,
                std::string>(
           "SELECT id, name, role, estate, phone, channel, address FROM staff ORDER BY id")) {
    staff.push_back({id, name, role, estate, phone, channel, address});
  }
  return staff;
}

void add_token(Connection& db, std::string_view hash, std::int64_t staff, Instant now) {
  db.exec("INSERT INTO staff_tokens(hash, staff, created_at) VALUES(:h, :s, :t)", hash, staff,
          to_millis(now));
}

}  // namespace huiyin::estate
