#include "dialogs/orders/clock_limits.h"

#include <algorithm>
#include <cstdio>

#include "dialogs/orders/policy.h"

namespace huiyin::orders {
namespace {

using std::chrono::minutes;
constexpr int days_looked_at_max = 366;

// So many minutes of service: the time in between is a pause.
Due in_service_hours(const EstateProfile& profile, Instant at, Millis left) {
  Due due{at, {}};
  while (left > Millis(0)) {
    const auto open = profile.next_open(due.at);
    if (!open) return {at + left, {}};  // never staffed: nothing to wait for
    if (open->from > due.at) {
      due.pauses.push_back({due.at, open->from});
      due.at = open->from;
    }
    const Millis taken = std::min(left, open->to - due.at);
    due.at += taken;
    left -= taken;
  }
  return due;
}

bool working(const EstateProfile& profile, const LocalTime& month, int day) {
  return profile.working_day(profile.zone.instant(month.year, month.month, day, 12));
}

// 17:00 of the day; what is done from then on belongs to the next day, or to the next working day
//
Instant next_cutoff(const EstateProfile& profile, Instant at, const std::string& time_of_day,
                    int fallback_hour) {
  int hour = fallback_hour, minute = 0;
  std::sscanf(time_of_day.c_str(), "%d:%d", &hour, &minute);
  const Zone& zone = profile.zone;
  const LocalTime t = zone.local(at);
  const auto cutoff = [&](int day) { return zone.instant(t.year, t.month, day, hour, minute); };
  int day = at < cutoff(t.day) ? t.day : t.day + 1;
  if (cutoff_policy(profile, "daily") == "next_working_day") {
    const int last = day + days_looked_at_max;
    while (day < last && !working(profile, t, day)) ++day;
  }
  return cutoff(day);
}

// The last moment of that day of the month, or of the working day beside it; later sheets go to the
// next month.
Instant end_of_day_of_month(const EstateProfile& profile, Instant at, int day_of_month) {
  const Zone& zone = profile.zone;
  const std::string policy = cutoff_policy(profile, "monthly");
  const LocalTime t = zone.local(at);
  for (int ahead = -1;; ++ahead) {
    const LocalTime month = zone.local(zone.instant(t.year, t.month + ahead, 1, 12));
    int day = day_of_month;
    if (policy == "working_day_before") {
      while (day > day_of_month - days_looked_at_max && !working(profile, month, day)) --day;
    } else if (policy == "working_day_after") {
      while (day < day_of_month + days_looked_at_max && !working(profile, month, day)) ++day;
    }
    const Instant due = zone.instant(month.year, month.month, day + 1) - Millis(1);
    if (due >= at) return due;
  }
}

// An appointment for a whole day or more is kept by coming on any moment of it.
Instant appointed(const Appointment& appointment, minutes before) {
  const bool whole_days = appointment.to && *appointment.to - appointment.from >= minutes(24 * 60);
  return whole_days ? *appointment.to : appointment.from - before;
}

}  // namespace

std::optional<Due> due_of(const ClockRule& rule, const Order& order, const EstateProfile& profile,
                          Instant at) {
  if (rule.unit == LimitUnit::told) {
    return order.reply_by ? std::optional<Due>({*order.reply_by, {}}) : std::nullopt;
  }
  const Json limit = limit_in(profile, rule.rule).value_or(Json(rule.limit));
  if (limit.is_null()) return std::nullopt;
  if (rule.unit == LimitUnit::time_of_day) {
    const std::string told = limit.is_string() ? limit.get<std::string>() : std::string();
    return Due{next_cutoff(profile, at, told, rule.limit), {}};
  }
  const int count = limit.is_number_integer() ? limit.get<int>() : rule.limit;
  switch (rule.unit) {
    case LimitUnit::day_of_month:
      return Due{end_of_day_of_month(profile, at, count), {}};
    case LimitUnit::before_appointment:
      if (!order.appointment) return std::nullopt;
      return Due{appointed(*order.appointment, minutes(count)), {}};
    default:
      if (clocks_pause(profile)) return in_service_hours(profile, at, minutes(count));
      return Due{at + minutes(count), {}};
  }
}

}  // namespace huiyin::orders
