#include "store/base/lunar_calendar.h"

#include <unicode/calendar.h>
#include <unicode/timezone.h>

#include <cmath>
#include <memory>
#include <numbers>

namespace huiyin {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr double month_days = 29.530588861;
constexpr double first_new_moon_jde = 2451550.09766;  // of lunation 0
constexpr double unix_epoch_jd = 2440587.5;

double sine(double degrees) {
  return std::sin(degrees * std::numbers::pi / 180.0);
}

// The argument of a periodic term: multiples of the Sun's and the Moon's mean anomaly and of the
// Moon's argument of latitude; `e` counts the factors of the eccentricity of the Earth's orbit.
struct Term {
  double days;
  int sun, moon, latitude, e;
};
constexpr Term periodic_terms[] = {
    {-0.40720, 0, 1, 0, 0},   {0.17241, 1, 0, 0, 1},   {0.01608, 0, 2, 0, 0},
    {0.01039, 0, 0, 2, 0},    {0.00739, -1, 1, 0, 1},  {-0.00514, 1, 1, 0, 1},
    {0.00208, 2, 0, 0, 2},    {-0.00111, 0, 1, -2, 0}, {-0.00057, 0, 1, 2, 0},
    {0.00056, 1, 2, 0, 1},    {-0.00042, 0, 3, 0, 0},  {0.00042, 1, 0, 2, 1},
    {0.00038, 1, 0, -2, 1},   {-0.00024, -1, 2, 0, 1}, {-0.00007, 2, 1, 0, 0},
    {0.00004, 0, 2, -2, 0},   {0.00004, 3, 0, 0, 0},   {0.00003, 1, 1, -2, 0},
    {0.00003, 0, 2, 2, 0},    {-0.00003, 1, 1, 2, 0},  {0.00003, -1, 1, 2, 0},
    {-0.00002, -1, 1, -2, 0}, {-0.00002, 1, 3, 0, 0},  {0.00002, 0, 4, 0, 0}};

struct Planetary {
  double days, at_zero, per_lunation;  // degrees
};
constexpr Planetary planetary_terms[] = {
    {0.000325, 299.77, 0.107408},  {0.000165, 251.88, 0.016321}, {0.000164, 251.83, 26.651886},
    {0.000126, 349.42, 36.412478}, {0.000110, 84.66, 18.206239}, {0.000062, 141.74, 53.303771},
    {0.000060, 207.14, 2.453732},  {0.000056, 154.84, 7.306860}, {0.000047, 34.52, 27.261239},
    {0.000042, 207.19, 0.121824},  {0.000040, 291.34, 1.844379}, {0.000037, 161.72, 24.198154},
    {0.000035, 239.56, 25.513099}, {0.000023, 331.55, 3.592518}};

// Seconds that terrestrial time is ahead of UTC; in this century a minute and some.
constexpr double delta_t_s = 70.0;

double new_moon_jd(int lunation) {
  const double k = lunation;
  const double t = k / 1236.85;
  const double e = 1 - 0.002516 * t - 0.0000074 * t * t;
  const double sun = 2.5534 + 29.10535670 * k - 0.0000014 * t * t;
  const double moon = 201.5643 + 385.81693528 * k + 0.0107582 * t * t;
  const double latitude = 160.7108 + 390.67050284 * k - 0.0016118 * t * t;
  const double node = 124.7746 - 1.56375588 * k + 0.0020672 * t * t;
  double jde = first_new_moon_jde + month_days * k + 0.00015437 * t * t;
  for (const Term& term : periodic_terms) {
    jde += term.days * std::pow(e, term.e) *
           sine(term.sun * sun + term.moon * moon + term.latitude * latitude);
  }
  jde -= 0.00017 * sine(node);
  for (const Planetary& term : planetary_terms) {
    jde += term.days * sine(term.at_zero + term.per_lunation * k);
  }
  return jde - delta_t_s / 86'400.0;
}

// The last new moon on or before that date.
sys_days month_start(sys_days date) {
  const double since =
      static_cast<double>(date.time_since_epoch().count()) + unix_epoch_jd - first_new_moon_jde;
  int lunation = static_cast<int>(std::floor(since / month_days)) + 1;
  while (new_moon_date(lunation) > date) --lunation;
  return new_moon_date(lunation);
}

}  // namespace

sys_days new_moon_date(int lunation) {
  const double china = new_moon_jd(lunation) - unix_epoch_jd + 8.0 / 24.0;
  return sys_days(days(static_cast<int>(std::floor(china))));
}

LunarDate lunar_date(sys_days date) {
  const sys_days start = month_start(date);
  // ICU is asked in the middle of the month, where being a day off does not matter.
  const sys_days middle = start + days(14);
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Calendar> calendar(icu::Calendar::createInstance(
      icu::TimeZone::getGMT()->clone(), icu::Locale("zh@calendar=chinese"), status));
  if (U_FAILURE(status)) return {};
  calendar->setTime((static_cast<UDate>(middle.time_since_epoch().count()) + 0.5) * 86'400'000.0,
                    status);
  const LunarDate out{calendar->get(UCAL_MONTH, status) + 1,
                      static_cast<int>((date - start).count()) + 1,
                      calendar->get(UCAL_IS_LEAP_MONTH, status) != 0};
  return U_SUCCESS(status) ? out : LunarDate{};
}

}  // namespace huiyin
