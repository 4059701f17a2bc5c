// Penalties for HR: what a second person confirmed within the time and what stands now. It
// is told what was decided; nothing is deducted here.
#include "dialogs/orders/policy.h"
#include "dialogs/reports/report.h"
#include "store/personal.h"

namespace huiyin::reports {
namespace {

using Type = Column::Type;

Cell at_millis(const std::optional<std::int64_t>& millis) {
  return millis ? Cell(from_millis(*millis)) : Cell();
}
Cell or_nothing(std::string text) {
  return text.empty() ? Cell() : Cell(std::move(text));
}

// In the order of confirming. Who oversees nobody sees their own, as in the list of penalties.
Json penalties(const Question& question, TableWriter& out) {
  const bool all = orders::penalty_overseers.contains(question.who.role);
  std::int64_t count = 0, total = 0;
  for (const auto& [id, rule, offence, order, estate, staff, items, fen, note, proposed_at,
                    confirmer, confirmed_at, appealed_at, decided_at] :
       question.db
           .query<std::int64_t, std::string, std::string, std::string, std::string, std::int64_t,
                  std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                  std::int64_t, std::optional<std::int64_t>, std::optional<std::int64_t>>(
               "SELECT id, rule, offence, order_number, estate, staff, items, amount_fen, note,"
               " proposed_at, confirmer, confirmed_at, appealed_at, decided_at FROM penalties"
               " WHERE state = 'confirmed' AND confirmed_at >= :f AND confirmed_at < :u"
               " AND (:e = '' OR estate = :e2) AND (:a OR staff = :s) ORDER BY confirmed_at, id",
               to_millis(question.period.from), to_millis(question.period.until), question.estate,
               question.estate, std::int64_t{all}, question.who.staff)) {
    ++count;
    total += fen;
    const auto person = question.directory.staff_by_id(staff);
    out.row({id, rule, or_nothing(offence), or_nothing(order), estate, staff,
             question.labels.staff(staff), or_nothing(person ? person->role : std::string()), items,
             fen, from_millis(proposed_at), from_millis(confirmed_at),
             question.labels.staff(confirmer), at_millis(appealed_at), at_millis(decided_at),
             or_nothing(store::get_text(question.db, note))},
            question.zone(estate));
  }
  return {{"count", count}, {"total_fen", total}};
}

}  // namespace

Report penalties_report() {
  return {"penalties",
          "Penalties that were confirmed and stand, for HR (A-26); a technician sees own ones",
          Usual::month,
          {{"id", Type::number},
           {"rule"},
           {"offence", Type::word, "offence"},
           {"order"},
           {"estate"},
           {"staff", Type::number},
           {"name"},
           {"role", Type::word, "role"},
           {"items", Type::number},
           {"amount_fen", Type::fen},
           {"proposed_at", Type::time},
           {"confirmed_at", Type::time},
           {"confirmed_by"},
           {"appealed_at", Type::time},
           {"decided_at", Type::time},
           {"note"}},
          penalties};
}

}  // namespace huiyin::reports
