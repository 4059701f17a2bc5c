#include "dialogs/estate/estate_directory.h"

#include <algorithm>
#include <span>
#include <stdexcept>

#include "dialogs/estate/address.h"
#include "dialogs/estate/records.h"
#include "store/base/secret.h"

namespace huiyin::estate {
namespace {

using store::Connection;

// Senders of channels with the same space are the same person (bot/channel.h).
std::string_view space_of(std::string_view channel) {
  const bool sms =
      channel.empty() || channel == "twilio" || channel == "kannel" || channel == "aliyun";
  return sms ? "sms" : channel;
}

std::string address_key(std::string_view space, std::string_view sender) {
  std::string key;
  key.reserve(space.size() + 1 + sender.size());
  return key.append(space).append("/").append(sender);
}

using UnitRow = std::tuple<std::int64_t, std::string, std::string, std::string, std::string>;
UnitRecord record(const UnitRow& row) {
  const auto& [id, estate, building, entrance, room] = row;
  return {id, estate, {building, entrance, room}};
}

}  // namespace

// Every unit by its address, sorted; 24,000 of them take about a megabyte.
struct EstateDirectory::Units {
  struct One {
    std::string address;
    std::int64_t id;
    std::uint32_t estate;  // index in estates
  };
  std::vector<One> by_address;  // then by id
  std::vector<std::string> estates;

  std::span<const One> at(const std::string& address) const {
    return std::ranges::equal_range(by_address, address, {}, &One::address);
  }
};

struct EstateDirectory::Snapshot {
  std::shared_ptr<const Units> units;
  std::vector<std::string> estates;
  std::unordered_map<std::string, const EstateProfile*> profiles;
  std::vector<StaffRecord> staff;  // by id
  std::unordered_map<std::int64_t, std::size_t> by_id;
  std::unordered_map<std::string, std::size_t> by_address;
  std::unordered_map<std::string, std::int64_t> tokens;  // hash → staff id

  const StaffRecord* find(std::int64_t id) const {
    const auto it = by_id.find(id);
    return it == by_id.end() ? nullptr : &staff[it->second];
  }
};

EstateDirectory::EstateDirectory(Profiles profiles)
    : profiles_(std::move(profiles)),
      snapshot_(std::make_shared<Snapshot>(Snapshot{std::make_shared<Units>()})) {
  if (!profiles_.contains(residential_profile)) {
    throw std::logic_error("the residential profile is missing");
  }
}

std::shared_ptr<const EstateDirectory::Units> EstateDirectory::read_units(Connection& db) {
  auto fresh = std::make_shared<Units>();
  for (auto& [id, estate, address] : db.query<std::int64_t, std::string, std::string>(
           "SELECT id, estate, address FROM units ORDER BY address, id")) {
    auto& estates = fresh->estates;
    const auto known = std::ranges::find(estates, estate);
    const auto index = static_cast<std::uint32_t>(known - estates.begin());
    if (known == estates.end()) estates.push_back(std::move(estate));
    fresh->by_address.push_back({std::move(address), id, index});
  }
  return fresh;
}

std::shared_ptr<EstateDirectory::Snapshot> EstateDirectory::read(
    Connection& db, std::shared_ptr<const Units> units) const {
  auto fresh = std::make_shared<Snapshot>();
  fresh->units = std::move(units);
  for (auto& [id, profile] :
       db.query<std::string, std::string>("SELECT id, profile FROM estates ORDER BY seq")) {
    const auto it = profiles_.find(profile);
    fresh->profiles[id] =
        &(it == profiles_.end() ? profiles_.find(residential_profile) : it)->second;
    fresh->estates.push_back(id);
  }
  fresh->staff = all_staff(db);
  for (std::size_t i = 0; i < fresh->staff.size(); ++i) {
    const auto& one = fresh->staff[i];
    fresh->by_id[one.id] = i;
    const auto& address = one.address.empty() ? one.phone : one.address;
    // Of several rows of one person the first stands for them.
    fresh->by_address.emplace(address_key(space_of(one.channel), address), i);
  }
  for (auto& [hash, staff] :
       db.query<std::string, std::int64_t>("SELECT hash, staff FROM staff_tokens")) {
    fresh->tokens[hash] = staff;
  }
  return fresh;
}

std::shared_ptr<const EstateDirectory::Snapshot> EstateDirectory::snapshot() const {
  const std::shared_lock lock(mutex_);
  return snapshot_;
}

void EstateDirectory::load(Connection& db) {
  auto fresh = read(db, read_units(db));
  const std::unique_lock lock(mutex_);
  snapshot_ = std::move(fresh);
}

void EstateDirectory::refresh(Transaction& tx) {
  // The units are those that stand when it is put in place: an import may be just before us.
  tx.after_commit([this, fresh = read(tx.read(), nullptr)] {
    const std::unique_lock lock(mutex_);
    fresh->units = snapshot_->units;
    snapshot_ = fresh;
  });
}

void EstateDirectory::refresh_units(Transaction& tx) {
  tx.after_commit([this, fresh = read(tx.read(), read_units(tx.read()))] {
    const std::unique_lock lock(mutex_);
    snapshot_ = fresh;
  });
}

std::string EstateDirectory::profile_for(std::string_view estate) const {
  return std::string(profiles_.contains(estate) ? estate : residential_profile);
}

std::optional<Principal> EstateDirectory::check_token(std::string_view token) const {
  if (token.empty()) return std::nullopt;
  const auto now = snapshot();
  const auto it = now->tokens.find(hash_secret(token));
  const StaffRecord* staff = it == now->tokens.end() ? nullptr : now->find(it->second);
  if (staff == nullptr) return std::nullopt;
  return Principal{staff->role, staff->id, staff->estate};
}

std::vector<StaffRecord> EstateDirectory::everybody() const {
  return snapshot()->staff;
}

std::vector<std::string> EstateDirectory::estates() const {
  return snapshot()->estates;
}

const EstateProfile& EstateDirectory::profile(std::string_view estate) const {
  const auto now = snapshot();
  const auto it = now->profiles.find(std::string(estate));
  if (it != now->profiles.end()) return *it->second;
  return profiles_.find(residential_profile)->second;
}

std::optional<UnitRecord> EstateDirectory::find_unit(Connection&, const UnitId& unit,
                                                     std::string_view estate,
                                                     bool* ambiguous) const {
  if (ambiguous != nullptr) *ambiguous = false;
  const auto now = snapshot();
  const UnitId said = normalised(unit);
  const Units::One* found = nullptr;
  for (const auto& one : now->units->at(said.canonical())) {
    if (!estate.empty() && now->units->estates[one.estate] != estate) continue;
    if (found != nullptr) {
      if (ambiguous != nullptr) *ambiguous = true;
      return std::nullopt;
    }
    found = &one;
  }
  if (found == nullptr) return std::nullopt;
  return UnitRecord{found->id, now->units->estates[found->estate], said};
}

std::optional<UnitRecord> EstateDirectory::near_unit(Connection& db, const UnitId& unit,
                                                     std::string_view estate) const {
  const UnitId said = normalised(unit);
  // The building's own units and the same room elsewhere: all that one slip can reach.
  const auto rows = db.query<std::int64_t, std::string, std::string, std::string, std::string>(
      "SELECT id, estate, building, entrance, room FROM units"
      " WHERE (building = :b OR (room = :r AND entrance = :n)) AND (:e = '' OR estate = :f)",
      said.building, said.room, said.entrance, estate, estate);
  std::vector<UnitId> known;
  for (const auto& row : rows) known.push_back(record(row).unit);
  const auto found = one_slip_away(said, known);
  if (!found) return std::nullopt;
  for (const auto& row : rows) {
    if (record(row).unit == *found) return record(row);
  }
  return std::nullopt;
}

std::optional<UnitRecord> EstateDirectory::unit(Connection& db, std::int64_t id) const {
  const auto row = db.first<std::int64_t, std::string, std::string, std::string, std::string>(
      "SELECT id, estate, building, entrance, room FROM units WHERE id = :i", id);
  if (!row) return std::nullopt;
  return record(*row);
}

std::vector<HouseholdMember> EstateDirectory::household(Connection& db, std::int64_t unit) const {
  return people_of(db, unit);
}

std::vector<HouseholdMember> EstateDirectory::members_by_phone(Connection& db,
                                                               std::string_view phone) const {
  std::vector<HouseholdMember> people;
  for (auto& [id, unit, name, of, relation] :
       db.query<std::int64_t, std::int64_t, std::string, std::string, std::string>(
           "SELECT id, unit, name, phone, relation FROM unit_people WHERE phone = :p ORDER BY id",
           phone)) {
    people.push_back({id, unit, name, of, relation});
  }
  return people;
}

std::vector<StaffRecord> EstateDirectory::staff(std::string_view estate,
                                                std::string_view role) const {
  std::vector<StaffRecord> own;
  std::vector<StaffRecord> everywhere;
  const auto now = snapshot();
  for (const auto& one : now->staff) {
    if (one.role != role) continue;
    if (estate.empty() || one.estate == estate)
      own.push_back(one);
    else if (one.estate.empty())
      everywhere.push_back(one);
  }
  own.insert(own.end(), everywhere.begin(), everywhere.end());
  return own;
}

std::optional<StaffRecord> EstateDirectory::staff_by_id(std::int64_t id) const {
  const auto now = snapshot();
  const StaffRecord* found = now->find(id);
  if (found == nullptr) return std::nullopt;
  return *found;
}

std::optional<StaffRecord> EstateDirectory::staff_at(std::string_view space,
                                                     std::string_view sender) const {
  const auto now = snapshot();
  const auto it = now->by_address.find(address_key(space, sender));
  if (it == now->by_address.end()) return std::nullopt;
  return now->staff[it->second];
}

}  // namespace huiyin::estate
