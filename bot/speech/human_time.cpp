// Times for people. The words here are those of the calendar (as a locale's data holds them), not
// of the script.
#include <array>
#include <cstdio>

#include "bot/speech/speech.h"

namespace huiyin {
namespace {

using Names = std::array<std::string_view, 3>;  // by Language

constexpr std::array<Names, 7> weekdays = {{{"周一", "週一", "Mon"},
                                            {"周二", "週二", "Tue"},
                                            {"周三", "週三", "Wed"},
                                            {"周四", "週四", "Thu"},
                                            {"周五", "週五", "Fri"},
                                            {"周六", "週六", "Sat"},
                                            {"周日", "週日", "Sun"}}};
constexpr std::array<std::string_view, 12> months = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

// A part of the day as understanding gives it, known by its hours.
struct Daypart {
  int from_hour, to_hour;
  Names name;
};
constexpr std::array<Daypart, 7> dayparts = {{{0, 5, {"凌晨", "凌晨", "before dawn"}},
                                              {6, 9, {"早上", "早上", "early morning"}},
                                              {8, 12, {"上午", "上午", "morning"}},
                                              {11, 13, {"中午", "中午", "noon"}},
                                              {13, 18, {"下午", "下午", "afternoon"}},
                                              {17, 19, {"傍晚", "傍晚", "early evening"}},
                                              {18, 22, {"晚上", "晚上", "evening"}}}};

class Teller {
 public:
  Teller(Language language, const Moment& moment)
      : at_(static_cast<std::size_t>(language)),
        english_(language == Language::en),
        zone_(moment.zone != nullptr ? *moment.zone : Zone::shanghai()),
        year_(zone_.local(moment.now).year) {}

  std::string tell(const TimeRange& range) const {
    const LocalTime from = zone_.local(range.from);
    if (range.grain == "month") return month(from);
    if (!range.to) {
      const std::string minute = date(from) + clock(from, true);
      return range.grain == "minute" ? minute : after(minute);
    }
    const LocalTime to = zone_.local(*range.to);
    if (is_midnight(from) && is_midnight(to)) return days(from, *range.to);
    if (range.grain == "daypart" && from.day == to.day) {
      if (const auto name = daypart(from, to); !name.empty()) {
        return date(from) + (english_ ? ", " : "") + std::string(name);
      }
    }
    const bool one_day = from.day == to.day && from.month == to.month && from.year == to.year;
    if (one_day) return date(from) + clock(from, true) + "–" + clock(to, false);
    // Until midnight is still that day: 22:00–24:00.
    const LocalTime last = zone_.local(*range.to - Millis(1));
    if (is_midnight(to) && last.day == from.day && last.month == from.month) {
      return date(from) + clock(from, true) + "–24:00";
    }
    return date(from) + clock(from, true) + (english_ ? " – " : "–") + date(to) + clock(to, true);
  }

 private:
  static bool is_midnight(const LocalTime& t) {
    return t.hour == 0 && t.minute == 0 && t.second == 0;
  }

  static std::string_view month_name(const LocalTime& t) {
    return months[static_cast<std::size_t>(t.month - 1)];
  }

  std::string date(const LocalTime& t) const {
    const std::string_view weekday = weekdays[static_cast<std::size_t>(t.weekday - 1)][at_];
    std::string out;
    if (english_) {
      out.append(weekday).append(" ").append(std::to_string(t.day)).append(" ");
      out.append(month_name(t).substr(0, 3));
      if (t.year != year_) out.append(" ").append(std::to_string(t.year));
      return out;
    }
    if (t.year != year_) out.append(std::to_string(t.year)).append("年");
    out.append(std::to_string(t.month)).append("月").append(std::to_string(t.day)).append("日");
    return out.append("（").append(weekday).append("）");
  }

  std::string month(const LocalTime& t) const {
    std::string out;
    if (english_) {
      out.append(month_name(t));
      if (t.year != year_) out.append(" ").append(std::to_string(t.year));
      return out;
    }
    if (t.year != year_) out.append(std::to_string(t.year)).append("年");
    return out.append(std::to_string(t.month)).append("月");
  }

  std::string clock(const LocalTime& t, bool after_date) const {
    char text[16];
    std::snprintf(text, sizeof text, "%s%02d:%02d", after_date && english_ ? ", " : "", t.hour,
                  t.minute);
    return text;
  }

  // One day, or the first and the last.
  std::string days(const LocalTime& from, Instant to) const {
    const LocalTime last = zone_.local(to - Millis(1));
    std::string first_date = date(from);
    const std::string last_date = date(last);
    if (first_date == last_date) return first_date;
    return first_date + (english_ ? " – " : "–") + last_date;
  }

  std::string_view daypart(const LocalTime& from, const LocalTime& to) const {
    if (from.minute != 0 || to.minute != 0) return {};
    for (const Daypart& part : dayparts) {
      if (part.from_hour == from.hour && part.to_hour == to.hour) return part.name[at_];
    }
    return {};
  }

  std::string after(const std::string& minute) const {
    if (english_) return "after " + minute;
    return minute + (at_ == static_cast<std::size_t>(Language::zh_hant) ? "以後" : "以后");
  }

  const std::size_t at_;
  const bool english_;
  const Zone zone_;
  const int year_;
};

}  // namespace

std::string human_time(const TimeRange& range, Language language, const Moment& moment) {
  return Teller(language, moment).tell(range);
}

}  // namespace huiyin
