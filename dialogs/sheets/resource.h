// GET /api/v1/work-orders/{number}/sheet?copy=1[&form=3503]: the printable sheet of an order, one
// A4 page of HTML a copy (contract sections 5 and 8).
#pragma once
#include <functional>

#include "bot/gateway/api.h"
#include "bot/speech/speech.h"
#include "bot/talk/directory.h"
#include "dialogs/orders/labels.h"
#include "dialogs/sheets/sheet_book.h"

namespace huiyin::sheets {

// The PNG of each drawn signature of an order, by its index in the record's `signatures`; empty
// where it was given otherwise.
using DrawnSignatures =
    std::function<std::vector<std::string>(store::Connection&, const orders::Order&)>;

class SheetsResource final : public Resource {
 public:
  // `directory` and `speech` must outlive the API. Without `drawn` no signature is a picture.
  SheetsResource(const Directory& directory, const Speech& speech, SheetBook book,
                 DrawnSignatures drawn = {})
      : directory_(directory), speech_(speech), book_(std::move(book)), drawn_(std::move(drawn)) {}
  void add_to(Api& api) override;

 private:
  http::Response sheet(ApiCall& call);
  struct Copy {
    std::string holder;  // "customer" or a role
    std::string label;   // what it is for
  };
  // As many as there are.
  std::vector<Copy> copies_of(const Sheet& sheet, const Json& record, const EstateProfile& profile,
                              const orders::Labels& labels) const;

  const Directory& directory_;
  const Speech& speech_;
  const SheetBook book_;
  const DrawnSignatures drawn_;
};

}  // namespace huiyin::sheets
