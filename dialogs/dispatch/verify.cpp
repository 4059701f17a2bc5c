#include "dialogs/dispatch/verify.h"

namespace huiyin::dispatch {

std::vector<std::string> verify_dispatch(store::Connection& db) {
  std::vector<std::string> faults;
  const auto report = [&](const std::vector<std::tuple<std::int64_t>>& ids, const char* subject,
                          const char* what) {
    for (const auto& [id] : ids) {
      faults.push_back(std::string(subject) + " " + std::to_string(id) + ": " + what);
    }
  };
  report(db.query<std::int64_t>("SELECT id FROM penalties p WHERE state <> coalesce((SELECT e.state"
                                " FROM penalty_events e WHERE e.penalty = p.id"
                                " ORDER BY e.n DESC LIMIT 1), '')"),
         "penalty", "its state is not the last one of its history");
  report(db.query<std::int64_t>(
             "SELECT id FROM penalties WHERE state = 'confirmed' AND (confirmed_at IS NULL"
             " OR confirmer = 0 OR confirmer = staff OR confirmer = proposer)"),
         "penalty", "it was not confirmed by a second person");
  report(db.query<std::int64_t>("SELECT id FROM penalties WHERE amount_fen < 0 OR items < 1"),
         "penalty", "its amount makes no sense");
  report(db.query<std::int64_t>("SELECT min(id) FROM penalties WHERE rule = 'R8.12'"
                                " GROUP BY order_number HAVING count(*) > 1"),
         "penalty", "its order has more than one of rule R8.12");
  report(db.query<std::int64_t>("SELECT max(id) FROM number_books WHERE returned_at IS NULL"
                                " GROUP BY dispatcher HAVING count(*) > 1"),
         "number book", "it was issued while another was out");
  report(db.query<std::int64_t>(
             "SELECT a.id FROM number_books a JOIN number_books b ON b.estate = a.estate"
             " AND b.kind = a.kind AND b.id < a.id AND b.first <= a.last AND b.last >= a.first"),
         "number book", "it holds numbers of another");
  return faults;
}

}  // namespace huiyin::dispatch
