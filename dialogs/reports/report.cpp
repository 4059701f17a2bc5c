#include "dialogs/reports/report.h"

#include <algorithm>

#include "store/personal.h"

namespace huiyin::reports {

std::span<const Report> all_reports() {
  static const std::vector<Report> reports{
      work_orders_report(), day_end_report(),         to_finance_report(),   paid_services_report(),
      late_report(),        repair_register_report(), free_repairs_report(), penalties_report()};
  return reports;
}

void each_recorded(const Question& question, const std::function<void(orders::Order&)>& f) {
  // Numbers carry the day in the estate's zone, which no zone on earth puts further off than this.
  constexpr std::chrono::hours widest(26);
  const Zone utc = Zone::find("Etc/UTC").value_or(Zone::shanghai());
  const std::string first =
      utc.yyyymmdd(std::max(question.period.from, Instant{} + widest) - widest);
  const std::string last = utc.yyyymmdd(question.period.until + widest);
  std::vector<std::int64_t> ids;
  for (const auto kind : {orders::Kind::repair, orders::Kind::public_fault, orders::Kind::complaint,
                          orders::Kind::task}) {
    const std::string prefix(orders::prefix_of(kind));
    // '.' is the character behind '-'.
    for (const auto& [id] : question.db.query<std::int64_t>(
             "SELECT id FROM work_orders WHERE number >= :a AND number < :b AND recorded_at >= :f"
             " AND recorded_at < :u",
             prefix + first, prefix + last + ".", to_millis(question.period.from),
             to_millis(question.period.until))) {
      ids.push_back(id);
    }
  }
  std::ranges::sort(ids);
  for (const auto id : ids) {
    auto order = orders::load(question.db, id);
    if (order && question.wants(*order)) f(*order);
  }
}

std::vector<Event> events_of(store::Connection& db, std::int64_t order) {
  std::vector<Event> events;
  for (auto& [at, actor, action, state, note] :
       db.query<std::int64_t, std::string, std::string, std::string, std::int64_t>(
           "SELECT at, actor, action, state, note FROM order_events WHERE order_id = :o ORDER BY n",
           order)) {
    events.push_back(
        {from_millis(at), std::move(actor), std::move(action), std::move(state), note});
  }
  return events;
}

namespace {

const Event* last_with(const std::vector<Event>& events, std::string Event::*member,
                       std::string_view value) {
  const auto it = std::find_if(events.rbegin(), events.rend(),
                               [&](const Event& event) { return event.*member == value; });
  return it == events.rend() ? nullptr : &*it;
}

}  // namespace

const Event* last(const std::vector<Event>& events, std::string_view action) {
  return last_with(events, &Event::action, action);
}
const Event* entered(const std::vector<Event>& events, std::string_view state) {
  return last_with(events, &Event::state, state);
}

Cell at(std::optional<Instant> time) {
  return time ? Cell(*time) : Cell();
}
Cell at(const Event* event) {
  return event == nullptr ? Cell() : Cell(event->at);
}

std::string description_of(store::Connection& db, const orders::Order& order) {
  return store::get_text(db, order.description);
}

}  // namespace huiyin::reports
