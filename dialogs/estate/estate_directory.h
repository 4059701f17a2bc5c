// The Directory: who lives and works where. Households are read from the database when
// asked; estates, staff and tokens are few and asked on every turn, so they stand in memory as one
// immutable snapshot that is swapped after the commit of whatever changed them.
//
// Threads: every method may be called from any thread; the ones that take a connection use only
// that. refresh() belongs to a lane job.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "bot/config_fault.h"
#include "bot/gateway/api.h"
#include "bot/talk/directory.h"

namespace huiyin::estate {

using Profiles = std::map<std::string, EstateProfile, std::less<>>;

// The residential profile: what an estate gets that an import names (section 8 of the contract).
inline constexpr std::string_view residential_profile = "liyuan";

// Reads every file of config/estates. All faults at once; without the residential one nothing runs.
tl::expected<Profiles, ConfigFaults> load_profiles(const std::string& estates_dir);

class EstateDirectory final : public Directory {
 public:
  explicit EstateDirectory(Profiles profiles);

  // Reads estates, units and staff; once before serving.
  void load(store::Connection& db);
  // To be called by every job that wrote estates, staff or tokens (refresh) or units as well
  // (refresh_units): takes a fresh look inside the job's transaction and puts it in place once that
  // is durable.
  void refresh(Transaction& tx);
  void refresh_units(Transaction& tx);

  // Which profile an estate of that name is made with: the one of the same id, else residential.
  std::string profile_for(std::string_view estate) const;
  // The principal of a staff token, by its hash (TokenCheck).
  std::optional<Principal> check_token(std::string_view token) const;
  std::vector<StaffRecord> everybody() const;

  std::vector<std::string> estates() const override;
  const EstateProfile& profile(std::string_view estate) const override;
  std::optional<UnitRecord> find_unit(store::Connection& db, const UnitId& unit,
                                      std::string_view estate,
                                      bool* ambiguous = nullptr) const override;
  std::optional<UnitRecord> near_unit(store::Connection& db, const UnitId& unit,
                                      std::string_view estate) const override;
  std::optional<UnitRecord> unit(store::Connection& db, std::int64_t id) const override;
  std::vector<HouseholdMember> household(store::Connection& db, std::int64_t unit) const override;
  std::vector<HouseholdMember> members_by_phone(store::Connection& db,
                                                std::string_view phone) const override;
  std::vector<StaffRecord> staff(std::string_view estate, std::string_view role) const override;
  std::optional<StaffRecord> staff_by_id(std::int64_t id) const override;
  std::optional<StaffRecord> staff_at(std::string_view space,
                                      std::string_view sender) const override;

 private:
  struct Snapshot;
  struct Units;
  static std::shared_ptr<const Units> read_units(store::Connection& db);
  std::shared_ptr<Snapshot> read(store::Connection& db, std::shared_ptr<const Units> units) const;
  std::shared_ptr<const Snapshot> snapshot() const;

  const Profiles profiles_;
  mutable std::shared_mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_;  // guarded by mutex_; what it points to never changes
};

}  // namespace huiyin::estate
