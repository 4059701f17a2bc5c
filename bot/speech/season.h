// When a phrase of the moment is said: the part of the day and the days of the year (R10.1, R10.3,
// R10.4), by the Gregorian or the Chinese calendar, in the estate's zone.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/json.h"
#include "store/base/time.h"

namespace huiyin {

// Hours of a day, `to` exclusive; from > to runs over midnight.
struct Hours {
  int from = 0;
  int to = 24;
  bool contains(int hour) const;
};
// night 22–5, morning 5–11, noon 11–13, afternoon 13–18, evening 18–22.
std::optional<Hours> daypart_hours(std::string_view name);

struct MonthDay {
  int month = 0;
  int day = 0;
  // NOLINTNEXTLINE(modernize-use-nullptr): the 0 is the compiler's
  friend auto operator<=>(const MonthDay&, const MonthDay&) = default;
};
// "02-06" → {2, 6}; none for anything else.
std::optional<MonthDay> month_day(std::string_view text);

// A date in both calendars. A day of a leap month of the Chinese calendar has no `lunar`, for no
// feast lies in one.
struct CalendarDay {
  MonthDay gregorian;
  MonthDay lunar;  // {0, 0} in a leap month
};
CalendarDay calendar_day(const LocalTime& date, int days_later = 0);

struct Days {
  bool lunar = false;
  MonthDay from, to;    // both included; from > to runs over the new year
  int days_before = 0;  // as many days before `from` count too (the eve of the lunar new year)
};

struct When {
  std::vector<Hours> hours;  // empty: at any hour
  std::optional<Days> days;  // none: on any day

  bool fits_hour(int hour) const;
  // `days` holds the calendar days of today and of the days_before_max following ones.
  bool fits_day(const std::vector<CalendarDay>& days_from_today) const;
};
inline constexpr int days_before_max = 3;

}  // namespace huiyin
