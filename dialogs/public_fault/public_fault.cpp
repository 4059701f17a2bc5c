#include "dialogs/public_fault/public_fault.h"

namespace huiyin::public_fault {
namespace {

constexpr orders::IntakeStyle style{orders::Kind::public_fault, "public", "public"};

}  // namespace

Outcome PublicFaultDialog::answer(Turn& turn) {
  return orders::told_again(turn, orders_, style) ? Outcome::answered : Outcome::not_mine;
}

Outcome PublicFaultDialog::complete(Turn& turn, const FormSpec&, const FormFrame& frame) {
  auto order = orders::order_of(turn, orders_, style.kind, frame);
  // Whoever writes by SMS can be answered; nobody is asked for it.
  if (order.phone.empty()) order.phone = turn.message.proven_phone;
  orders::record_or_join(turn, orders_, style, order);
  return Outcome::answered;
}

std::optional<Dialog::NamedRecord> PublicFaultDialog::named_record(const Turn& turn) {
  return orders::named_record(turn, style);
}

bool PublicFaultDialog::amend(Turn& turn, const Json& slots) {
  return orders::amend_last(turn, orders_, style, slots);
}

}  // namespace huiyin::public_fault
