#include "dialogs/repair/repair.h"

namespace huiyin::repair {
namespace {

constexpr orders::IntakeStyle style{orders::Kind::repair, "repair", "repair"};

}  // namespace

Outcome RepairDialog::answer(Turn& turn) {
  return orders::told_again(turn, orders_, style) ? Outcome::answered : Outcome::not_mine;
}

Outcome RepairDialog::complete(Turn& turn, const FormSpec&, const FormFrame& frame) {
  orders::record_or_join(turn, orders_, style, orders::order_of(turn, orders_, style.kind, frame));
  return Outcome::answered;
}

std::optional<Dialog::NamedRecord> RepairDialog::named_record(const Turn& turn) {
  return orders::named_record(turn, style);
}

bool RepairDialog::amend(Turn& turn, const Json& slots) {
  return orders::amend_last(turn, orders_, style, slots);
}

}  // namespace huiyin::repair
