// Lists of orders: all that were recorded, the register of repairs, and the limits that were
// missed.
#include <algorithm>

#include "dialogs/reports/report.h"

namespace huiyin::reports {
namespace {

using Type = Column::Type;
using orders::Order;

Json work_orders(const Question& question, TableWriter& out) {
  std::int64_t count = 0;
  each_recorded(question, [&](const Order& order) {
    const Charged charges = charged(question.db, order.id);
    ++count;
    out.row({order.number,
             std::string(to_string(order.kind)),
             order.estate,
             order.state,
             order.unit,
             order.place,
             order.item,
             order.name,
             order.phone,
             description_of(question.db, order),
             order.category,
             order.channel,
             order.severity,
             question.labels.staff(order.assignee),
             order.received_at,
             order.recorded_at,
             order.appointment ? Cell(order.appointment->from) : Cell(),
             order.overdue > 0,
             charges.count == 0 ? Cell() : Cell(charges.fen),
             at(order.finance_at)},
            question.zone(order.estate));
  });
  return {{"count", count}};
}

// What the repairer said of the customer's own material, the last word.
std::string verdict_of(store::Connection& db, const Order& order) {
  return db
      .value<std::string>(
          "SELECT verdict FROM order_materials WHERE order_id = :o ORDER BY id DESC LIMIT 1",
          order.id)
      .value_or("");
}

Json repair_register(const Question& question, TableWriter& out) {
  std::int64_t count = 0;
  each_recorded(question, [&](const Order& order) {
    if (order.kind != orders::Kind::repair) return;
    const auto events = events_of(question.db, order.id);
    const Event* accepted = last(events, "accept");
    const Event* recorded = last(events, "record");
    const Charged charges = charged(question.db, order.id);
    const auto who = [&](const Event* event) {
      return event == nullptr ? std::string() : question.labels.actor(event->actor);
    };
    ++count;
    out.row({order.number, order.estate, order.received_at, order.unit, order.name, order.phone,
             description_of(question.db, order),
             order.appointment ? Cell(order.appointment->from) : Cell(), who(recorded),
             at(last(events, "notify")), who(accepted), at(accepted),
             question.labels.staff(order.assignee), at(last(events, "arrive")),
             at(last(events, "complete")), verdict_of(question.db, order),
             charges.count == 0 ? Cell() : Cell(charges.fen), at(entered(events, "signed")),
             order.state},
            question.zone(order.estate));
  });
  return {{"count", count}};
}

// Whose lateness it is: who met it in the end, else who holds the order, else who took it in.
std::string who_missed(const Question& question, const Order& order,
                       const orders::ClockRecord& clock) {
  if (!clock.met_by.empty()) return question.labels.actor(clock.met_by);
  if (order.assignee != 0) return question.labels.staff(order.assignee);
  const auto events = events_of(question.db, order.id);
  return events.empty() ? std::string() : question.labels.actor(events.front().actor);
}

Json late(const Question& question, TableWriter& out) {
  std::int64_t count = 0;
  // Lateness was decided when it happened and stands in the order; nothing is judged here.
  for (const auto& [id] : question.db.query<std::int64_t>(
           "SELECT id FROM work_orders WHERE recorded_at < :u AND EXISTS (SELECT 1 FROM"
           " json_each(clocks) WHERE json_extract(value, '$.breached') = 1 AND"
           " json_extract(value, '$.due_at') >= :f AND json_extract(value, '$.due_at') < :u2)"
           " ORDER BY id",
           to_millis(question.period.until), to_millis(question.period.from),
           to_millis(question.period.until))) {
    const auto order = orders::load(question.db, id);
    if (!order || !question.wants(*order)) continue;
    for (const auto& clock : order->clocks) {
      if (!clock.breached || clock.due_at < question.period.from ||
          clock.due_at >= question.period.until) {
        continue;
      }
      ++count;
      out.row({clock.rule, clock.rule, order->number, std::string(to_string(order->kind)),
               order->estate, order->unit.empty() ? order->place : order->unit, clock.due_at,
               at(clock.met_at), who_missed(question, *order, clock), order->state},
              question.zone(order->estate));
    }
  }
  return {{"count", count}};
}

}  // namespace

Report work_orders_report() {
  return {"work-orders",
          "Work orders recorded in a time, oldest first",
          Usual::all,
          {{"number"},
           {"kind", Type::word, "kind"},
           {"estate"},
           {"state", Type::word, "state"},
           {"unit"},
           {"place"},
           {"item"},
           {"customer.name"},
           {"customer.phone"},
           {"description"},
           {"category"},
           {"channel", Type::word, "channel"},
           {"severity", Type::word, "severity"},
           {"assignee"},
           {"received_at", Type::time},
           {"recorded_at", Type::time},
           {"appointment_from", Type::time},
           {"overdue", Type::flag},
           {"total_fen", Type::fen},
           {"sent_to_finance_at", Type::time}},
          work_orders};
}

Report repair_register_report() {
  return {"repair-register",
          "The register of repairs (R9.6, form qms-pm-3502)",
          Usual::month,
          {{"number"},
           {"estate"},
           {"received_at", Type::time},
           {"unit"},
           {"customer.name"},
           {"customer.phone"},
           {"description"},
           {"appointment_from", Type::time},
           {"recorded_by"},
           {"notified_at", Type::time},
           {"receiver"},
           {"accepted_at", Type::time},
           {"assignee"},
           {"arrived_at", Type::time},
           {"completed_at", Type::time},
           {"material_verdict"},
           {"total_fen", Type::fen},
           {"signed_at", Type::time},
           {"state", Type::word, "state"}},
          repair_register};
}

Report late_report() {
  return {"late",
          "Limits that were missed: rule, order, due, met, who",
          Usual::month,
          {{"rule"},
           {"limit", Type::word, "clock"},
           {"number"},
           {"kind", Type::word, "kind"},
           {"estate"},
           {"unit"},
           {"due_at", Type::time},
           {"met_at", Type::time},
           {"who"},
           {"state", Type::word, "state"}},
          late};
}

}  // namespace huiyin::reports
