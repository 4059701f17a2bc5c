// What was said of a time → the time meant. Private to the time grammar.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include "bot/understand/understanding.h"
#include "bot/understand/words.h"

namespace huiyin {

struct DaySaid {
  enum Kind : std::uint8_t {
    none,
    offset,     // a: days from today
    weekday,    // a: weeks from this one or `unsaid`, b: 1..7
    weekend,    // a: weeks from this one or `unsaid`
    week,       // a: weeks from this one
    month,      // a: months from this one
    month_end,  // a: months from this one
    festival,   // a: index of Words::festivals; the next one
    end_of,     // a: month 1..12, its last day
    month_day,  // a: months from this one, c: day of the month
    date,       // a: year or 0, b: month or 0, c: day of the month
    months,     // a: months from today, the same day of the month
  } kind = none;
  int a = 0, b = 0, c = 0;
};

struct ClockSaid {
  enum Half : std::uint8_t { bare, exact, am, pm } half = bare;
  int hour = 0, minute = 0;
};

// One moment or span as said; at least one member is set.
struct MomentSaid {
  DaySaid day;
  int part = -1;  // index of the daypart
  std::optional<ClockSaid> clock;
  std::optional<long> shift_minutes;  // 半小时后: from now
  bool now = false;

  bool empty() const {
    return day.kind == DaySaid::none && part < 0 && !clock && !shift_minutes && !now;
  }
};

// How the whole expression bounds its moment.
enum class Bound : std::uint8_t { exactly, after, before, by, within };

class TimeResolver {
 public:
  TimeResolver(const ParseContext& context, const Words& words);
  // `second` is the end of a range ("两点到四点"). None for dates that do not exist.
  std::optional<TimeRange> resolve(const MomentSaid& first, const MomentSaid* second,
                                   Bound bound) const;

 private:
  using Day = std::chrono::sys_days;
  struct Span {
    Day from, to;
    const char* grain;
  };

  Instant at(Day day, int minutes) const;
  std::optional<Span> days(const DaySaid& said) const;
  std::optional<TimeRange> moment(const MomentSaid& said) const;
  std::optional<TimeRange> range(const MomentSaid& first, const MomentSaid& second) const;
  std::optional<TimeRange> clock_range(MomentSaid first, const MomentSaid& second) const;
  int reading(const ClockSaid& clock, int part) const;  // minutes of the day; may pass 24 h
  TimeRange on_clock(Day day, int minutes) const;

  const Zone& zone_;
  const std::vector<Daypart>& dayparts_;
  const std::vector<Festival>& festivals_;
  mutable std::map<int, std::optional<Day>> festival_days_;  // found in this message already
  Instant now_;
  Day today_;
  int today_weekday_;  // 1..7
};

}  // namespace huiyin
