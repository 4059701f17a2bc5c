#include "bot/understand/festival.h"

#include <cmath>

#include "store/base/lunar_calendar.h"

namespace huiyin {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

// The solar term of 4, 5 or 6 April; the usual formula of this century.
sys_days qingming_of(year of) {
  const int two_digits = static_cast<int>(of) % 100;
  const int day = static_cast<int>(std::floor(two_digits * 0.2422 + 4.81)) - two_digits / 4;
  return of / std::chrono::April / std::chrono::day(static_cast<unsigned>(day));
}

std::optional<sys_days> next_lunar(const Festival& festival, sys_days from) {
  constexpr int months_to_look_at = 15;
  constexpr double month_days = 29.530588;
  const sys_days first_moon = std::chrono::January / 6 / 2000;
  const int near = static_cast<int>(static_cast<double>((from - first_moon).count()) / month_days);
  for (int lunation = near - 2; lunation < near + months_to_look_at; ++lunation) {
    const sys_days begin = new_moon_date(lunation);
    const sys_days day = begin + days(festival.day - 1 - festival.days_before);
    if (day < from) continue;
    const LunarDate date = lunar_date(begin);
    if (date.month == 0) return std::nullopt;
    if (date.month == festival.month && !date.leap) return day;
  }
  return std::nullopt;
}

}  // namespace

std::optional<sys_days> next_festival(const Festival& festival, sys_days from) {
  if (festival.calendar == Festival::lunar) return next_lunar(festival, from);
  const year now = year_month_day(from).year();
  for (const year of : {now, now + std::chrono::years(1)}) {
    const sys_days day =
        festival.calendar == Festival::qingming
            ? qingming_of(of)
            : sys_days(of / std::chrono::month(static_cast<unsigned>(festival.month)) /
                       std::chrono::day(static_cast<unsigned>(festival.day)));
    if (day - days(festival.days_before) >= from) return day - days(festival.days_before);
  }
  return std::nullopt;
}

}  // namespace huiyin
