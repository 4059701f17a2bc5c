// GET /api/v1/reports/<name>?from=&to=&month=&estate=&lang=zh|en&format=json|csv|xlsx: lists and
// statistics of work orders (contract sections 5 and 8).
#pragma once
#include "bot/gateway/api.h"
#include "dialogs/reports/report.h"

namespace huiyin::reports {

class ReportsResource final : public Resource {
 public:
  // Both must outlive the API.
  ReportsResource(const Directory& directory, const Speech& speech)
      : directory_(directory), speech_(speech) {}
  void add_to(Api& api) override;

 private:
  http::Response answer(ApiCall& call, const Report& report);

  const Directory& directory_;
  const Speech& speech_;
};

// For `huiyin check`: every column has its heading in the phrases.
ConfigFaults check_headings(const std::string& config_dir);

}  // namespace huiyin::reports
