// The list before going home (R5.21, R8.15): of a day, what is open, late, done, returned, and done
// but not returned. As it was at the end of the day, or now when it is not over.
#include <algorithm>
#include <set>

#include "dialogs/orders/life.h"
#include "dialogs/reports/report.h"
#include "store/personal.h"

namespace huiyin::reports {
namespace {

using Type = Column::Type;
using orders::Order;

// All that live, and what something happened to since the day began: nothing else can have changed
// on it.
std::set<std::int64_t> candidates(const Question& question) {
  std::set<std::int64_t> ids;
  std::set<std::string, std::less<>> states;
  for (const auto& move : orders::moves()) states.emplace(move.to);
  for (const char* first : {"recorded", "registered"}) states.emplace(first);
  for (const auto& state : states) {
    if (state.empty() || orders::is_final(state)) continue;
    for (const auto& [id] :
         question.db.query<std::int64_t>("SELECT id FROM work_orders WHERE state = :s", state)) {
      ids.insert(id);
    }
  }
  for (const auto& [id] :
       question.db.query<std::int64_t>("SELECT DISTINCT order_id FROM order_events WHERE at >= :f",
                                       to_millis(question.period.from))) {
    ids.insert(id);
  }
  return ids;
}

struct Day {
  std::string state;  // at its end
  bool done = false, returned = false;
  std::string reason;  // what was said last, for what is not done (R8.15)
  std::string missed;  // rules whose limit had run out unmet
};

Day look(const Question& question, const Order& order, Instant end) {
  Day day;
  std::int64_t note = 0;
  for (const auto& event : events_of(question.db, order.id)) {
    if (event.at >= end) break;
    if (!event.state.empty()) day.state = event.state;
    if (event.note != 0 &&
        orders::listed("progress escalate transfer start arrive", event.action)) {
      note = event.note;
    }
    if (event.at < question.period.from) continue;
    day.done |= event.action == "complete";
    day.returned |= event.action == "return";
  }
  day.reason = store::get_text(question.db, note);
  for (const auto& clock : order.clocks) {
    const bool met = clock.met_at && *clock.met_at < end;
    if (!clock.breached || met || clock.due_at >= end) continue;
    day.missed += (day.missed.empty() ? "" : " ") + clock.rule;
  }
  return day;
}

Json day_end(const Question& question, TableWriter& out) {
  const Instant end = std::min(question.period.until, question.now + Millis(1));
  std::int64_t open = 0, late = 0, done = 0, returned = 0, not_returned = 0;
  for (const auto id : candidates(question)) {
    const auto order = orders::load(question.db, id);
    if (!order || !question.wants(*order) || order->recorded_at >= end) continue;
    const Day day = look(question, *order, end);
    const bool sheet = order->kind != orders::Kind::complaint;  // that a technician brings back
    const bool at_work = !orders::is_final(day.state) &&
                         !orders::listed("completed signed returned resolved revisited", day.state);
    const bool is_late = !day.missed.empty() && !orders::is_final(day.state);
    const bool missing = sheet && orders::listed("completed signed", day.state);
    if (!at_work && !is_late && !day.done && !day.returned && !missing) continue;
    open += at_work;
    late += is_late;
    done += day.done;
    returned += day.returned;
    not_returned += missing;
    out.row({order->number, std::string(to_string(order->kind)), order->estate,
             order->unit.empty() ? order->place : order->unit, order->name,
             description_of(question.db, *order), day.state, question.labels.staff(order->assignee),
             at_work, is_late, day.missed, day.done, day.returned, missing, day.reason},
            question.zone(order->estate));
  }
  return {{"open", open},
          {"late", late},
          {"done", done},
          {"returned", returned},
          {"not_returned", not_returned}};
}

}  // namespace

Report day_end_report() {
  return {"day-end",
          "Of a day: what is open, late, done, returned and not returned (R5.21, R8.15)",
          Usual::day,
          {{"number"},
           {"kind", Type::word, "kind"},
           {"estate"},
           {"unit"},
           {"customer.name"},
           {"description"},
           {"state", Type::word, "state"},
           {"assignee"},
           {"open", Type::flag},
           {"late", Type::flag},
           {"missed"},
           {"done", Type::flag},
           {"returned", Type::flag},
           {"not_returned", Type::flag},
           {"reason"}},
          day_end};
}

}  // namespace huiyin::reports
