#include "store/base/time.h"

#include <date/tz.h>

#include <cstdio>

namespace huiyin {
namespace {

const date::time_zone& zone_of(const void* zone) {
  return *static_cast<const date::time_zone*>(zone);
}

date::local_time<Millis> local_reading(const void* zone, Instant at) {
  return zone_of(zone).to_local(date::sys_time<Millis>(at.time_since_epoch()));
}

// Reads `digits` decimal digits at `at`; -1 when they are not all digits.
int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
}

Result<Zone> Zone::find(std::string_view name) {
  try {
    const date::time_zone* zone = date::locate_zone(std::string(name));
    return Zone(zone, &zone->name());
  } catch (const std::exception&) {
    return fail(ErrorKind::invalid, "no such time zone: " + std::string(name), "zone");
  }
}

Zone Zone::shanghai() {
  static const Zone zone = find("Asia/Shanghai").value();
  return zone;
}

LocalTime Zone::local(Instant at) const {
  const auto local = local_reading(zone_, at);
  const auto days = date::floor<date::days>(local);
  const date::year_month_day ymd(days);
  const date::hh_mm_ss time(local - days);
  return {int(ymd.year()),
          int(unsigned(ymd.month())),
          int(unsigned(ymd.day())),
          int(time.hours().count()),
          int(time.minutes().count()),
          int(time.seconds().count()),
          int(date::weekday(days).iso_encoding())};
}

Instant Zone::instant(int year, int month, int day, int hour, int minute, int second) const {
  // Months are carried into years by hand, days and hours by adding to the first of the month.
  const int months = year * 12 + (month - 1);
  const auto first = date::local_days(date::year(months / 12) / date::month(months % 12 + 1) / 1);
  const auto local = first + date::days(day - 1) + std::chrono::hours(hour) +
                     std::chrono::minutes(minute) + std::chrono::seconds(second);
  const auto sys = zone_of(zone_).to_sys(local, date::choose::earliest);
  return Instant{std::chrono::duration_cast<Millis>(sys.time_since_epoch())};
}

std::string Zone::rfc3339(Instant at) const {
  const LocalTime t = local(at);
  const auto info = zone_of(zone_).get_info(date::sys_time<Millis>(at.time_since_epoch()));
  const int offset_min = int(std::chrono::duration_cast<std::chrono::minutes>(info.offset).count());
  char out[40];
  std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", t.year, t.month, t.day,
                t.hour, t.minute, t.second, offset_min < 0 ? '-' : '+', std::abs(offset_min) / 60,
                std::abs(offset_min) % 60);
  return out;
}

std::string Zone::yyyymmdd(Instant at) const {
  const LocalTime t = local(at);
  char out[16];
  std::snprintf(out, sizeof out, "%04d%02d%02d", t.year, t.month, t.day);
  return out;
}

Result<Instant> parse_rfc3339(std::string_view text) {
  const auto bad = [&](const char* why) {
    return fail(ErrorKind::invalid, std::string("not an RFC 3339 time (") + why + ")");
  };
  const int year = number_at(text, 0, 4), month = number_at(text, 5, 2),
            day = number_at(text, 8, 2), hour = number_at(text, 11, 2),
            minute = number_at(text, 14, 2), second = number_at(text, 17, 2);
  if (text.size() < 20 || text.size() > 40 || year < 0 || month < 0 || day < 0 || hour < 0 ||
      minute < 0 || second < 0 || text[4] != '-' || text[7] != '-' ||
      (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':') {
    return bad("expected YYYY-MM-DDThh:mm:ss and a zone");
  }
  const date::year_month_day ymd = date::year(year) / month / day;
  if (!ymd.ok()) return bad("no such date");
  if (hour > 23 || minute > 59 || second > 60) return bad("no such time of day");
  std::size_t at = 19;
  int millis = 0;
  if (text[at] == '.') {
    int scale = 100;
    const std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
      millis += (text[at] - '0') * scale;
    }
    if (at == first) return bad("a fraction needs digits");
  }
  std::chrono::minutes offset{0};
  if (at < text.size() && (text[at] == 'Z' || text[at] == 'z') && at + 1 == text.size()) {
  } else if (at + 6 == text.size() && (text[at] == '+' || text[at] == '-') && text[at + 3] == ':') {
    const int h = number_at(text, at + 1, 2), m = number_at(text, at + 4, 2);
    if (h < 0 || m < 0 || h > 23 || m > 59) return bad("no such offset");
    offset = std::chrono::minutes((h * 60 + m) * (text[at] == '-' ? -1 : 1));
  } else {
    return bad("a zone is needed: Z or +08:00");
  }
  const auto sys = date::sys_days(ymd) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                   std::chrono::seconds(second) + Millis(millis) - offset;
  return Instant{std::chrono::duration_cast<Millis>(sys.time_since_epoch())};
}

Result<Millis> parse_duration(std::string_view text) {
  const auto bad = [] {
    return fail(ErrorKind::invalid, "not an ISO 8601 duration such as PT3M or P1DT2H");
  };
  if (text.size() < 3 || text.size() > 30 || text[0] != 'P') return bad();
  std::int64_t seconds = 0;
  bool time = false, any = false;
  for (std::size_t at = 1; at < text.size();) {
    if (text[at] == 'T' && !time) {
      time = true;
      ++at;
      continue;
    }
    std::int64_t count = 0;
    const std::size_t first = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && at - first < 9; ++at) {
      count = count * 10 + (text[at] - '0');
    }
    if (at == first || at == text.size()) return bad();
    const char unit = text[at++];
    if (!time && unit == 'W')
      seconds += count * 7 * 86'400;
    else if (!time && unit == 'D')
      seconds += count * 86'400;
    else if (time && unit == 'H')
      seconds += count * 3'600;
    else if (time && unit == 'M')
      seconds += count * 60;
    else if (time && unit == 'S')
      seconds += count;
    else
      return bad();
    any = true;
  }
  if (!any) return bad();
  return Millis{std::chrono::seconds(seconds)};
}

}  // namespace huiyin
