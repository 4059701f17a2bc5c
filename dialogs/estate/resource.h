// The operator API of the estate: imports, units and their people, staff and their tokens
// (contract, sections 5 and 8). Writing is admin's alone; every role may read.
#pragma once
#include "bot/gateway/api.h"
#include "dialogs/estate/estate_directory.h"

namespace huiyin::estate {

class EstateResource final : public Resource {
 public:
  explicit EstateResource(EstateDirectory& directory) : directory_(directory) {}
  void add_to(Api& api) override;

 private:
  void add_imports(Api& api);
  void add_staff_routes(Api& api);
  void add_unit_routes(Api& api);

  http::Response import_units(ApiCall& call);
  http::Response import_staff(ApiCall& call);
  http::Response list_staff(ApiCall& call);
  http::Response post_staff(ApiCall& call);
  http::Response make_token(ApiCall& call);
  http::Response list_units(ApiCall& call);
  http::Response post_person(ApiCall& call);
  http::Response delete_person(ApiCall& call);
  // The estate that a new staff member belongs to; `invalid` for a name that nobody knows.
  Result<std::string> estate_of_staff(const Json& body) const;

  EstateDirectory& directory_;
};

// Imports both files in the job at hand, for a house without doors (`huiyin chat`, the demo).
// Throws std::runtime_error with the first fault of a file that cannot be taken.
void import_demo(Transaction& tx, EstateDirectory& directory, std::string_view units_csv,
                 std::string_view staff_csv);

// The unit that a path or a member `unit` names: `not_found` when there is none, `invalid` on field
// `estate` when several estates have the address and none was given.
Result<UnitRecord> resolve_unit(const Directory& directory, store::Connection& db,
                                std::string_view unit, std::string_view estate);

}  // namespace huiyin::estate
