// What a sheet can say of an order: every name that a template may use, with its value. From the
// record as the operator API shows it, so that paper and screen never differ. Pure.
//
// One value: number estate kind state unit place item category customer phone description quote
// total appointment channel severity assignee dispatcher requirement reply_by received_at
// sent_to_finance_at called_back_at merged_into printed_at copy copy_label copy_holder copy_at
// department responsible_department supervisor_title qr; for each action of the life (accept,
// arrive …) "<action>.at" ".by" ".note", of the last time it was done; and what is either so or not
// ("yes" or empty): is_priced is_unpriced is_free is_customer_copy is_<channel> is_<severity>.
// Lists: charges{charge.n charge.item charge.amount charge.at} materials{material.by
// material.verdict material.note material.at} customer_signatures staff_signatures
// technician_signatures supervisor_signatures receipt_signatures (of who took the order)
// {signature.by signature.role signature.method signature.at signature.image} events{event.at
// event.by event.channel event.action event.state event.note} remarks{remark.at remark.by
// remark.action remark.text} missed{missed.rule missed.name missed.due missed.met}
// copies{copy.label copy.holder copy.at}.
#pragma once
#include <string>
#include <vector>

#include "dialogs/orders/labels.h"
#include "dialogs/orders/order.h"
#include "dialogs/sheets/template.h"

namespace huiyin::sheets {

// The copy that is printed.
struct CopyOnPaper {
  int copy = 1;
  std::string ordinal;  // "第一联"
  std::string label;    // what it is for
  std::string holder;   // where it ends: "customer" or a role
};

struct SheetOrder {
  Json record;  // orders::to_json
  std::vector<std::string>
      drawn_images;  // PNG bytes by index of record["signatures"]; may be short
};

Fields fields_of(const SheetOrder& order, const CopyOnPaper& copy,
                 const std::vector<std::string>& copy_labels, const EstateProfile& profile,
                 const orders::Labels& labels, Instant now);
// One order that has everything once: what Template::check holds templates against.
Fields known_fields();

}  // namespace huiyin::sheets
