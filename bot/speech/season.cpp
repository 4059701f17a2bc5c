#include "bot/speech/season.h"

#include <algorithm>

#include "store/base/lunar_calendar.h"

namespace huiyin {
namespace {

bool between(const MonthDay& day, const MonthDay& from, const MonthDay& to) {
  return from <= to ? from <= day && day <= to : day >= from || day <= to;
}

}  // namespace

bool Hours::contains(int hour) const {
  return from <= to ? from <= hour && hour < to : hour >= from || hour < to;
}

std::optional<Hours> daypart_hours(std::string_view name) {
  if (name == "morning") return Hours{5, 11};
  if (name == "noon") return Hours{11, 13};
  if (name == "afternoon") return Hours{13, 18};
  if (name == "evening") return Hours{18, 22};
  if (name == "night") return Hours{22, 5};
  return std::nullopt;
}

std::optional<MonthDay> month_day(std::string_view text) {
  if (text.size() != 5 || text[2] != '-') return std::nullopt;
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (!digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const MonthDay out{(text[0] - '0') * 10 + text[1] - '0', (text[3] - '0') * 10 + text[4] - '0'};
  static constexpr int last[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (out.month < 1 || out.month > 12 || out.day < 1 || out.day > last[out.month - 1]) {
    return std::nullopt;
  }
  return out;
}

CalendarDay calendar_day(const LocalTime& date, int days_later) {
  using namespace std::chrono;
  const sys_days day = sys_days(year(date.year) / date.month / date.day) + days(days_later);
  const year_month_day ymd(day);
  const LunarDate lunar = lunar_date(day);
  return {{int(unsigned(ymd.month())), int(unsigned(ymd.day()))},
          lunar.leap ? MonthDay{} : MonthDay{lunar.month, lunar.day}};
}

bool When::fits_hour(int hour) const {
  return hours.empty() || std::any_of(hours.begin(), hours.end(),
                                      [&](const Hours& part) { return part.contains(hour); });
}

bool When::fits_day(const std::vector<CalendarDay>& days_from_today) const {
  if (!days) return true;
  const auto date = [&](const CalendarDay& day) { return days->lunar ? day.lunar : day.gregorian; };
  if (between(date(days_from_today.front()), days->from, days->to) &&
      date(days_from_today.front()).month != 0) {
    return true;
  }
  for (int later = 1; later <= days->days_before; ++later) {
    if (date(days_from_today[static_cast<std::size_t>(later)]) == days->from) return true;
  }
  return false;
}

}  // namespace huiyin
