#include "bot/talk/directory.h"

#include <algorithm>
#include <cstdio>

namespace huiyin {
namespace {

constexpr const char* days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr int day_minutes = 24 * 60;

std::string date_of(const LocalTime& at) {
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", at.year, at.month, at.day);
  return text;
}

bool lists(const Json& values, const char* name, const std::string& date) {
  const auto it = values.find(name);
  return it != values.end() && it->is_array() &&
         std::find(it->begin(), it->end(), date) != it->end();
}

struct Interval {
  int from, to;  // minutes of the day; `to` beyond 24:00 when it ends on the next day
};

// "08:30-12:00"; "22:00-06:00" ends on the next day. The schema has checked the form.
std::optional<Interval> interval(const Json& text) {
  int h1, m1, h2, m2;
  if (!text.is_string() || std::sscanf(text.get_ref<const std::string&>().c_str(), "%d:%d-%d:%d",
                                       &h1, &m1, &h2, &m2) != 4) {
    return std::nullopt;
  }
  Interval out{h1 * 60 + m1, h2 * 60 + m2};
  if (out.to <= out.from) out.to += day_minutes;
  return out;
}

// The hours of a calendar day: none on a holiday, Monday's on a working day that a weekend was
// swapped for.
std::vector<Interval> hours_of(const Json& values, const Json& hours, const LocalTime& day) {
  std::vector<Interval> out;
  const std::string date = date_of(day);
  if (lists(values, "holidays", date)) return out;
  const auto it = hours.find(lists(values, "workdays", date) ? days[0] : days[day.weekday - 1]);
  if (it == hours.end() || !it->is_array()) return out;
  for (const auto& text : *it) {
    if (const auto one = interval(text)) out.push_back(*one);
  }
  return out;
}

bool covers(const std::vector<Interval>& intervals, int minute) {
  return std::any_of(intervals.begin(), intervals.end(),
                     [&](const Interval& one) { return one.from <= minute && minute < one.to; });
}

}  // namespace

std::optional<Instant> EstateProfile::end_of_work(Instant day) const {
  const auto hours = values.find("service_hours");
  if (hours == values.end() || !hours->is_object()) return std::nullopt;
  const LocalTime local = zone.local(day);
  int last = 0;
  for (const auto& one : hours_of(values, *hours, local)) last = std::max(last, one.to);
  if (last == 0) return std::nullopt;
  return zone.instant(local.year, local.month, local.day, 0, last);
}

bool EstateProfile::in_service(Instant at) const {
  const auto hours = values.find("service_hours");
  if (hours == values.end() || !hours->is_object()) return true;  // day and night
  const LocalTime now = zone.local(at);
  const int minute = now.hour * 60 + now.minute;
  if (covers(hours_of(values, *hours, now), minute)) return true;
  const LocalTime before = zone.local(zone.instant(now.year, now.month, now.day - 1, 12));
  return covers(hours_of(values, *hours, before), minute + day_minutes);
}

std::optional<OpenSpan> EstateProfile::next_open(Instant at) const {
  constexpr int days_looked_ahead_max = 366;
  const auto hours = values.find("service_hours");
  if (hours == values.end() || !hours->is_object()) return OpenSpan{at, Instant::max()};
  const LocalTime now = zone.local(at);
  for (int ahead = -1; ahead <= days_looked_ahead_max; ++ahead) {  // a night may last till today
    const int day = now.day + ahead;
    const LocalTime noon = zone.local(zone.instant(now.year, now.month, day, 12));
    for (const auto& one : hours_of(values, *hours, noon)) {
      const OpenSpan span{zone.instant(now.year, now.month, day, 0, one.from),
                          zone.instant(now.year, now.month, day, 0, one.to)};
      if (span.to > at) return span;
    }
  }
  return std::nullopt;
}

bool EstateProfile::working_day(Instant at) const {
  const auto hours = values.find("service_hours");
  if (hours == values.end() || !hours->is_object()) return true;
  return !hours_of(values, *hours, zone.local(at)).empty();
}

std::string EstateProfile::role_for(std::string_view title) const {
  std::string role(title);
  const auto roles = values.find("roles");
  if (roles == values.end() || !roles->is_object()) return role;
  return text_of(*roles, role.c_str(), role);
}

std::optional<StaffRecord> Directory::hearer(std::string_view estate, std::string_view role) const {
  const auto people = staff(estate, profile(estate).role_for(role));
  if (people.empty()) return std::nullopt;
  return people.front();
}

}  // namespace huiyin
