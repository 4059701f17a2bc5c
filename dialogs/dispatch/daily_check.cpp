#include "dialogs/dispatch/daily_check.h"

#include "dialogs/orders/order_list.h"
#include "store/timers.h"

namespace huiyin::dispatch {
namespace {

constexpr int minutes_before_default = 10;
constexpr int days_ahead_max = 366;
constexpr int page_orders = 100;
constexpr std::size_t orders_max = 1'000;  // looked at for one check
constexpr std::size_t lines_in_message_max = 10;
constexpr Language staff_language = Language::zh_hans;

std::chrono::minutes minutes_before(const EstateProfile& profile) {
  const auto dispatch = profile.values.find("dispatch");
  const bool set = dispatch != profile.values.end() && dispatch->is_object();
  return std::chrono::minutes(set ? int_of(*dispatch, "daily_check_minutes", minutes_before_default)
                                  : minutes_before_default);
}

// Orders of the estate that pass, newest first; `stop` ends the search.
template <class Stop>
std::vector<orders::Order> search(store::Connection& db, const orders::OrderFilter& filter,
                                  Stop stop) {
  std::vector<orders::Order> out;
  std::int64_t before = 0;
  for (std::size_t seen = 0; seen < orders_max;) {
    auto page = orders::list(db, filter, before, page_orders);
    for (auto& order : page) {
      if (stop(order)) return out;
      if (unfinished(order.state)) out.push_back(std::move(order));
    }
    seen += page.size();
    if (static_cast<int>(page.size()) < page_orders) return out;
    before = page.back().id;
  }
  return out;
}

}  // namespace

std::optional<CheckTime> next_check(const EstateProfile& profile, Instant now) {
  const LocalTime today = profile.zone.local(now);
  for (int ahead = -1; ahead <= days_ahead_max; ++ahead) {  // a night shift ends on the next day
    const Instant noon = profile.zone.instant(today.year, today.month, today.day + ahead, 12);
    const auto end = profile.end_of_work(noon);
    if (!end || *end - minutes_before(profile) <= now) continue;
    return CheckTime{*end - minutes_before(profile), noon};
  }
  return std::nullopt;
}

void DailyCheck::plan(Transaction& tx, const std::string& estate) {
  const auto next_at =
      tx.read().value<std::int64_t>("SELECT next_at FROM daily_checks WHERE estate = :e", estate);
  // What is past and still stands here is about to fire.
  if (!next_at) set(tx, estate, next_check(directory_.profile(estate), tx.now()));
}

void DailyCheck::set(Transaction& tx, const std::string& estate,
                     const std::optional<CheckTime>& next) {
  store::Connection& db = tx.write();
  if (!next) {
    db.exec("DELETE FROM daily_checks WHERE estate = :e", estate);
    return;
  }
  db.exec(
      "INSERT INTO daily_checks(estate, next_at) VALUES(:e, :n)"
      " ON CONFLICT(estate) DO UPDATE SET next_at = excluded.next_at",
      estate, to_millis(next->at));
  store::set_timer(db, next->at, daily_check_timer, estate, {{"day", to_millis(next->day)}});
}

void DailyCheck::on_timer(Transaction& tx, const std::string& estate, const Json& payload) {
  const EstateProfile& profile = directory_.profile(estate);
  const auto end = profile.end_of_work(from_millis(int_of(payload, "day")));
  const bool later = end && *end - minutes_before(profile) > tx.now();
  if (end && !later) check(tx, estate);
  set(tx, estate, next_check(profile, tx.now()));
}

void DailyCheck::check(Transaction& tx, const std::string& estate) {
  store::Connection& db = tx.write();
  const Zone& zone = directory_.profile(estate).zone;
  const LocalTime today = zone.local(tx.now());
  // The day's: what came since the last check, so that nothing falls between two days.
  const auto last = db.value<std::optional<std::int64_t>>(
      "SELECT last_at FROM daily_checks WHERE estate = :e", estate);
  const Instant since =
      last && *last ? from_millis(**last) : zone.instant(today.year, today.month, today.day);
  const auto of_today =
      search(db, {.kind = {}, .state = {}, .unit = {}, .estate = estate, .overdue = {}},
             [&](const orders::Order& order) { return order.recorded_at <= since; });
  const auto late =
      search(db, {.kind = {}, .state = {}, .unit = {}, .estate = estate, .overdue = true},
             [](const orders::Order&) { return false; });
  std::vector<Unfinished> open;
  for (auto order = of_today.rbegin(); order != of_today.rend(); ++order) {
    open.push_back({static_cast<std::int64_t>(open.size()) + 1, order->number, order->state,
                    order->overdue > 0});
  }
  std::vector<std::string> late_numbers;
  for (auto order = late.rbegin(); order != late.rend(); ++order) {
    late_numbers.push_back(order->number);
  }
  const auto missing = missing_reasons(db, estate);
  db.exec("UPDATE daily_checks SET last_at = :t WHERE estate = :e", to_millis(tx.now()), estate);
  if (open.empty() && late_numbers.empty() && missing.empty()) return;
  if (!open.empty()) open_check(db, estate, tx.now(), open);
  tell(tx, estate, open, late_numbers, missing);
}

void DailyCheck::tell(Transaction& tx, const std::string& estate,
                      const std::vector<Unfinished>& unfinished,
                      const std::vector<std::string>& late,
                      const std::vector<std::string>& missing) {
  const Moment moment{tx.now(), &directory_.profile(estate).zone};
  const auto say = [&](std::string_view id, const Args& args) {
    return speech_.say(id, staff_language, args, moment);
  };
  std::string lines;
  for (const auto& one : unfinished) {
    if (static_cast<std::size_t>(one.n) > lines_in_message_max) break;
    lines += "\n" + say(one.late ? "shift.line_late" : "shift.line",
                        {{"n", std::to_string(one.n)},
                         {"number", one.order},
                         {"state", say("state." + one.state, {})}});
  }
  if (unfinished.size() > lines_in_message_max) lines += "\n…";
  const auto some = [](const std::vector<std::string>& numbers) {
    std::string out;
    for (std::size_t i = 0; i < numbers.size() && i < lines_in_message_max; ++i) {
      out += (i == 0 ? "" : " ") + numbers[i];
    }
    return numbers.size() > lines_in_message_max ? out + " …" : out;
  };
  std::string text =
      say("shift.daily_check",
          {{"count", static_cast<std::int64_t>(unfinished.size())}, {"lines", lines}});
  const auto add = [&](std::string_view id, const std::vector<std::string>& numbers) {
    if (numbers.empty()) return;
    text += "\n" + say(id, {{"count", static_cast<std::int64_t>(numbers.size())},
                            {"numbers", some(numbers)}});
  };
  add("shift.late", late);
  add("shift.missing_reasons", missing);
  Notice notice;
  notice.template_id = "shift.check";
  notice.category = "staff";
  notice.estate = estate;
  notice.args = {{"text", std::move(text)}};
  const bool dispatched = !directory_.staff(estate, "dispatcher").empty();
  post_.to_role(tx, dispatched ? "dispatcher" : "front_desk", std::move(notice));
}

}  // namespace huiyin::dispatch
