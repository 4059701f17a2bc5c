// What a report is: its columns and how its rows are found. Rows are handed on as they are read,
// so that a report over all there ever was keeps few of them in memory; it runs on a reader's
// connection and holds up nobody who writes.
#pragma once
#include <functional>
#include <span>

#include "bot/gateway/api.h"
#include "dialogs/orders/order.h"
#include "dialogs/reports/period.h"
#include "dialogs/reports/table.h"

namespace huiyin::reports {

using orders::charged, orders::Charged;

struct Question {
  store::Connection& db;
  const Directory& directory;
  const orders::Labels& labels;
  Period period;
  std::string estate;  // empty: all
  Instant now;
  const Principal& who;  // asks
  const Zone& zone(std::string_view estate) const { return directory.profile(estate).zone; }
  bool wants(const orders::Order& order) const { return estate.empty() || order.estate == estate; }
};

struct Report {
  std::string_view name;     // GET /api/v1/reports/<name>
  std::string_view summary;  // for openapi.json
  Usual usual;
  Columns columns;
  Json (*run)(const Question&, TableWriter&);  // answers the totals, or null
};

// All of them. orders.cpp: work-orders, repair-register (R9.6, form 3502), late (missed clocks).
// day_end.cpp: day-end (R5.21, R8.15). money.cpp: to-finance (R5.22, R5.29), paid-services (R5.30),
// free-repairs (R9.17, form 3504). penalties.cpp: penalties.
std::span<const Report> all_reports();
Report work_orders_report();
Report repair_register_report();
Report late_report();
Report day_end_report();
Report to_finance_report();
Report paid_services_report();
Report free_repairs_report();
Report penalties_report();

// Orders recorded in the period, oldest first, loaded one by one. Their numbers carry the day, and
// numbers have an index: other days' orders are not read.
void each_recorded(const Question& question, const std::function<void(orders::Order&)>& f);

// One line of an order's history.
struct Event {
  Instant at;
  std::string actor, action, state;
  std::int64_t note;  // store/personal.h
};
std::vector<Event> events_of(store::Connection& db, std::int64_t order);
// The last time that it was done; null when never.
const Event* last(const std::vector<Event>& events, std::string_view action);
// The last time that this state was entered, as "<state>_at" of the order says; null when never. A
// sheet is signed when the customer's signature makes it so (R5.19): a supervisor's before it, and
// the one that confirms the returned sheet (R5.21), are `sign` too and enter no such state.
const Event* entered(const std::vector<Event>& events, std::string_view state);

Cell at(std::optional<Instant> time);
Cell at(const Event* event);  // when
// What the order is about, for a list; the line breaks of the resident stay.
std::string description_of(store::Connection& db, const orders::Order& order);

}  // namespace huiyin::reports
