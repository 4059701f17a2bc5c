// What repairs cost: the sheets that go to finance, the record of paid services, and the repairs
// that cost nothing.
#include <map>

#include "dialogs/orders/life.h"
#include "dialogs/reports/report.h"
#include "store/base/money.h"

namespace huiyin::reports {
namespace {

using Type = Column::Type;
using orders::Order;

constexpr int finance_copy = 3;  // R5.22

// "更换水龙头 80.00; …", as it stands on the sheet.
std::string charges_in_words(store::Connection& db, std::int64_t order) {
  std::string out;
  for (const auto& [item, fen] : db.query<std::string, std::int64_t>(
           "SELECT item, amount_fen FROM order_charges WHERE order_id = :o ORDER BY id", order)) {
    out += (out.empty() ? "" : "; ") + item + " " + yuan(fen);
  }
  return out;
}

// Handed over within the time, or returned before its end and still waiting: what the clerk has to
// bring by the 25th.
std::vector<std::int64_t> sheets_for_finance(const Question& question) {
  std::vector<std::int64_t> ids;
  for (const auto& [id] : question.db.query<std::int64_t>(
           "SELECT id FROM work_orders WHERE finance_at >= :f AND finance_at < :u"
           " UNION SELECT id FROM work_orders WHERE state = 'returned' AND finance_at IS NULL"
           " AND recorded_at < :u2 ORDER BY id",
           to_millis(question.period.from), to_millis(question.period.until),
           to_millis(question.period.until))) {
    ids.push_back(id);
  }
  return ids;
}

Json to_finance(const Question& question, TableWriter& out) {
  std::int64_t count = 0, waiting = 0, total = 0;
  for (const auto id : sheets_for_finance(question)) {
    const auto order = orders::load(question.db, id);
    if (!order || !question.wants(*order)) continue;
    const Charged charges = charged(question.db, id);
    const auto events = events_of(question.db, id);
    const Event* returned = last(events, "return");
    const bool later = returned != nullptr && returned->at >= question.period.until;
    // Without charges there is nothing to collect; what came back later is next month's.
    if (charges.count == 0 || (!order->finance_at && later)) continue;
    std::string holder;
    for (const auto& copy : order->copies) {
      if (copy.copy == finance_copy) holder = copy.holder;
    }
    ++count;
    waiting += !order->finance_at;
    total += charges.fen;
    out.row(
        {order->number, std::string(to_string(order->kind)), order->estate, order->unit,
         order->name, order->phone, charges_in_words(question.db, id), charges.fen,
         at(last(events, "complete")), at(entered(events, "signed")), at(returned),
         std::int64_t{finance_copy}, holder, order->finance_at.has_value(), at(order->finance_at)},
        question.zone(order->estate));
  }
  return {{"count", count}, {"waiting", waiting}, {"total_fen", total}};
}

Json paid_services(const Question& question, TableWriter& out) {
  constexpr int page = 1000;
  std::int64_t count = 0, total = 0, after = 0;
  for (;;) {
    const auto lines = question.db.query<std::int64_t, std::int64_t, std::string, std::int64_t,
                                         std::string, std::int64_t>(
        "SELECT id, order_id, item, amount_fen, actor, at FROM order_charges WHERE id > :a"
        " AND at >= :f AND at < :u ORDER BY id LIMIT :l",
        after, to_millis(question.period.from), to_millis(question.period.until), page);
    for (const auto& [id, order_id, item, fen, actor, when] : lines) {
      after = id;
      const auto order = orders::load(question.db, order_id);
      if (!order || !question.wants(*order)) continue;
      ++count;
      total += fen;
      const auto events = events_of(question.db, order_id);
      out.row({order->number, order->estate, from_millis(when),
               order->unit.empty() ? order->place : order->unit, order->name, order->phone, item,
               fen, question.labels.staff(order->assignee), question.labels.actor(actor),
               at(entered(events, "signed")), at(order->finance_at)},
              question.zone(order->estate));
    }
    if (lines.size() < static_cast<std::size_t>(page)) break;
  }
  return {{"count", count}, {"total_fen", total}};
}

std::string month_of(const Zone& zone, Instant at) {
  return zone.rfc3339(at).substr(0, 7);
}

// By the month in which they were told, and by what was repaired.
Json free_repairs(const Question& question, TableWriter& out) {
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> counts;
  std::int64_t total = 0;
  each_recorded(question, [&](const Order& order) {
    const bool done = orders::listed("completed signed returned archived", order.state);
    if (order.kind != orders::Kind::repair || !done) return;
    if (charged(question.db, order.id).count != 0) return;
    const std::string what = order.item.empty() ? order.category : order.item;
    ++counts[{month_of(question.zone(order.estate), order.recorded_at), order.estate, what}];
    ++total;
  });
  for (const auto& [key, count] : counts) {
    const auto& [month, estate, item] = key;
    out.row({month, estate, item, count}, question.zone(estate));
  }
  return {{"count", total}};
}

}  // namespace

Report to_finance_report() {
  return {"to-finance",
          "Sheets with charges that go to finance, from the 26th to the 25th (R5.22, R5.29)",
          Usual::finance_month,
          {{"number"},
           {"kind", Type::word, "kind"},
           {"estate"},
           {"unit"},
           {"customer.name"},
           {"customer.phone"},
           {"charges"},
           {"total_fen", Type::fen},
           {"completed_at", Type::time},
           {"signed_at", Type::time},
           {"returned_at", Type::time},
           {"copy", Type::number},
           {"holder", Type::word, "role"},
           {"handed_over", Type::flag},
           {"sent_to_finance_at", Type::time}},
          to_finance};
}

Report paid_services_report() {
  return {"paid-services",
          "The record of paid services, a line each charge (R5.30)",
          Usual::month,
          {{"number"},
           {"estate"},
           {"at", Type::time},
           {"unit"},
           {"customer.name"},
           {"customer.phone"},
           {"service"},
           {"amount_fen", Type::fen},
           {"assignee"},
           {"recorded_by"},
           {"signed_at", Type::time},
           {"sent_to_finance_at", Type::time}},
          paid_services};
}

Report free_repairs_report() {
  return {"free-repairs",
          "Repairs without charges, by month and item (R9.17, form qms-pm-3504)",
          Usual::all,
          {{"month"}, {"estate"}, {"item"}, {"count", Type::number}},
          free_repairs};
}

}  // namespace huiyin::reports
