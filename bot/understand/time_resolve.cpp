#include "bot/understand/time_resolve.h"

#include <algorithm>
#include <cstdlib>

namespace huiyin {
namespace {

constexpr int hour = 60, day_minutes = 24 * hour;
// A bare hour is read between these (contract, section 4).
constexpr int waking_from = 7 * hour, waking_to = 22 * hour;

bool in_waking_hours(int minutes) {
  return minutes >= waking_from && minutes < waking_to;
}

std::chrono::year_month shifted(std::chrono::year_month_day day, int months) {
  return std::chrono::year_month(day.year(), day.month()) + std::chrono::months(months);
}

}  // namespace

TimeResolver::TimeResolver(const ParseContext& context, const Words& words)
    : zone_(*context.zone),
      dayparts_(words.dayparts),
      festivals_(words.festivals),
      now_(context.now) {
  LocalTime local = zone_.local(now_);
  today_ = std::chrono::year(local.year) / local.month / local.day;
  today_weekday_ = local.weekday;
}

Instant TimeResolver::at(Day day, int minutes) const {
  day += std::chrono::days(minutes / day_minutes);
  minutes %= day_minutes;
  std::chrono::year_month_day date(day);
  return zone_.instant(
      static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
      static_cast<int>(static_cast<unsigned>(date.day())), minutes / hour, minutes % hour);
}

TimeRange TimeResolver::on_clock(Day day, int minutes) const {
  return {at(day, minutes), std::nullopt, "minute"};
}

// With a daypart the reading nearest to it: 晚上12点 is the next midnight, 凌晨12点 the last.
int TimeResolver::reading(const ClockSaid& clock, int part) const {
  if (clock.half == ClockSaid::am) return (clock.hour % 12) * hour + clock.minute;
  if (clock.half == ClockSaid::pm) return (clock.hour % 12 + 12) * hour + clock.minute;
  if (part < 0 || clock.hour > 12) return clock.hour * hour + clock.minute;
  const Daypart& daypart = dayparts_[static_cast<std::size_t>(part)];
  int best = clock.hour, best_distance = 100;
  for (int candidate : {clock.hour, clock.hour + 12, clock.hour + 24, clock.hour - 12}) {
    if (candidate < 0) continue;
    int distance = candidate < daypart.from_hour ? daypart.from_hour - candidate
                   : candidate > daypart.to_hour ? candidate - daypart.to_hour
                                                 : 0;
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best * hour + clock.minute;
}

std::optional<TimeResolver::Span> TimeResolver::days(const DaySaid& said) const {
  using std::chrono::days;
  const Day monday = today_ - days(today_weekday_ - 1);
  const std::chrono::year_month_day today(today_);
  auto one = [](Day day) { return Span{day, day + std::chrono::days(1), "day"}; };
  switch (said.kind) {
    case DaySaid::none:
      return one(today_);
    case DaySaid::offset:
      return one(today_ + days(said.a));
    case DaySaid::weekday: {
      if (said.a != unsaid) return one(monday + days(7 * said.a + said.b - 1));
      int ahead = said.b - today_weekday_;
      return one(today_ + days(ahead < 0 ? ahead + 7 : ahead));
    }
    case DaySaid::weekend: {
      Day saturday = monday + days(5 + (said.a == unsaid ? 0 : 7 * said.a));
      return Span{saturday, saturday + days(2), "day"};
    }
    case DaySaid::week: {
      Day first = monday + days(7 * said.a);
      return Span{first, first + days(7), "week"};
    }
    case DaySaid::month: {
      std::chrono::year_month month = shifted(today, said.a);
      return Span{Day(month / 1), Day((month + std::chrono::months(1)) / 1), "month"};
    }
    case DaySaid::month_end:
      return one(Day(shifted(today, said.a) / std::chrono::last));
    case DaySaid::festival: {
      auto known = festival_days_.find(said.a);
      if (known == festival_days_.end()) {
        const auto day = next_festival(festivals_[static_cast<std::size_t>(said.a)], today_);
        known = festival_days_.emplace(said.a, day).first;
      }
      if (!known->second) return std::nullopt;
      return one(*known->second);
    }
    case DaySaid::end_of: {
      int ahead = (said.a - static_cast<int>(static_cast<unsigned>(today.month())) + 12) % 12;
      return one(Day(shifted(today, ahead) / std::chrono::last));
    }
    case DaySaid::month_day: {
      std::chrono::year_month_day date =
          shifted(today, said.a) / std::chrono::day(static_cast<unsigned>(said.c));
      if (!date.ok()) return std::nullopt;
      return one(Day(date));
    }
    case DaySaid::months: {
      std::chrono::year_month_day target = shifted(today, said.a) / today.day();
      if (!target.ok()) target = shifted(today, said.a) / std::chrono::last;
      return one(Day(target));
    }
    case DaySaid::date: {
      std::chrono::day day(static_cast<unsigned>(said.c));
      std::chrono::month month(static_cast<unsigned>(said.b));
      if (said.a != 0) {
        std::chrono::year_month_day date(std::chrono::year(said.a), month, day);
        if (!date.ok()) return std::nullopt;
        return one(Day(date));
      }
      if (said.b != 0) {  // the year that brings it nearest to today
        std::optional<Day> best;
        for (int shift : {0, 1, -1}) {
          std::chrono::year_month_day date(today.year() + std::chrono::years(shift), month, day);
          if (!date.ok()) continue;
          if (!best ||
              std::abs((Day(date) - today_).count()) < std::abs((*best - today_).count())) {
            best = Day(date);
          }
        }
        if (!best) return std::nullopt;
        return one(*best);
      }
      for (int shift = 0; shift <= 2; ++shift) {  // the next such day to come
        std::chrono::year_month_day date = shifted(today, shift) / day;
        if (date.ok() && Day(date) >= today_) return one(Day(date));
      }
      return std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<TimeRange> TimeResolver::moment(const MomentSaid& said) const {
  if (said.now) return TimeRange{now_, std::nullopt, "minute"};
  if (said.shift_minutes) {
    return TimeRange{now_ + std::chrono::minutes(*said.shift_minutes), std::nullopt, "minute"};
  }
  std::optional<Span> span = days(said.day);
  if (!span) return std::nullopt;
  // A weekday said alone means the next one, so what is over today is next week's.
  const bool may_move =
      said.day.kind == DaySaid::none || (said.day.kind == DaySaid::weekday && said.day.a == unsaid);
  const std::chrono::days step(said.day.kind == DaySaid::none ? 1 : 7);

  if (said.clock) {
    const ClockSaid& clock = *said.clock;
    const bool is_bare =
        clock.half == ClockSaid::bare && said.part < 0 && clock.hour >= 1 && clock.hour <= 12;
    if (!is_bare) {
      int minutes = reading(clock, said.part);
      Day day = span->from;
      if (may_move && at(day, minutes) < now_) day += step;
      return on_clock(day, minutes);
    }
    const int base = clock.hour * hour + clock.minute;
    Day day = span->from;
    std::optional<int> last;
    for (int round = 0; round < 2; ++round, day += step) {
      for (int minutes : {base, base + 12 * hour}) {
        if (!in_waking_hours(minutes)) continue;
        if (at(day, minutes) >= now_) return on_clock(day, minutes);
        if (!last) last = minutes;
      }
      if (!may_move) break;
    }
    // All readings of that day are past: a past expression stays past.
    return on_clock(span->from, last.value_or(base));
  }
  const bool one_day = span->to - span->from == std::chrono::days(1);
  if (said.part >= 0 && one_day) {
    const Daypart& part = dayparts_[static_cast<std::size_t>(said.part)];
    Day day = span->from;
    if (may_move && at(day, part.to_hour * hour) <= now_) day += step;
    return TimeRange{at(day, part.from_hour * hour), at(day, part.to_hour * hour), "daypart"};
  }
  return TimeRange{at(span->from, 0), at(span->to, 0), span->grain};
}

// Both ends are clock times and the second names no day of its own.
std::optional<TimeRange> TimeResolver::clock_range(MomentSaid first,
                                                   const MomentSaid& second) const {
  ClockSaid& from = *first.clock;
  const ClockSaid& to = *second.clock;
  auto is_bare = [](const ClockSaid& clock, int part) {
    return clock.half == ClockSaid::bare && part < 0 && clock.hour >= 1 && clock.hour <= 12;
  };
  const bool from_bare = is_bare(from, first.part), to_bare = is_bare(to, second.part);
  if (from_bare && !to_bare) {  // "2-4pm": the last reading before the end
    int end = reading(to, second.part);
    int start = from.hour * hour + from.minute;
    if (start + 12 * hour < end) start += 12 * hour;
    from = {ClockSaid::exact, start / hour, start % hour};
  } else if (from_bare) {  // the first reading whose end lies in waking hours too
    int length = (to.hour * hour + to.minute - from.hour * hour - from.minute) % (12 * hour);
    if (length <= 0) length += 12 * hour;
    std::optional<TimeRange> start = moment(first);
    if (!start) return std::nullopt;
    LocalTime local = zone_.local(start->from);
    if (local.hour * hour + local.minute + length > waking_to && local.hour >= 12 &&
        in_waking_hours((local.hour - 12) * hour + local.minute)) {
      from = {ClockSaid::exact, local.hour - 12, local.minute};
    }
  }
  std::optional<TimeRange> start = moment(first);
  if (!start) return std::nullopt;
  LocalTime local = zone_.local(start->from);
  const Day day = std::chrono::year(local.year) / local.month / local.day;
  const int start_minutes = local.hour * hour + local.minute;
  int end = reading(to, second.part >= 0 ? second.part : -1);
  const int step = to_bare ? 12 * hour : day_minutes;
  while (end <= start_minutes) end += step;
  return TimeRange{start->from, at(day, end), "minute"};
}

std::optional<TimeRange> TimeResolver::range(const MomentSaid& first,
                                             const MomentSaid& second) const {
  if (first.clock && second.clock && second.day.kind == DaySaid::none) {
    return clock_range(first, second);
  }
  std::optional<TimeRange> start = moment(first);
  if (!start) return std::nullopt;
  MomentSaid last = second;
  LocalTime local = zone_.local(start->from);
  const Day start_day = std::chrono::year(local.year) / local.month / local.day;
  if (last.day.kind == DaySaid::none && !last.now && !last.shift_minutes) {
    // 明天上午到下午: the day carries over.
    last.day = {DaySaid::offset, static_cast<int>((start_day - today_).count())};
  } else if (last.day.kind == DaySaid::weekday && last.day.a == unsaid) {
    int ahead = last.day.b - local.weekday;
    int days_ahead =
        static_cast<int>((start_day - today_).count()) + (ahead < 0 ? ahead + 7 : ahead);
    last.day = {DaySaid::offset, days_ahead};
  } else if (last.day.kind == DaySaid::date && last.day.a == 0 && last.day.b == 0) {
    last.day.a = local.year;
    last.day.b = local.month;
    if (last.day.c < local.day && ++last.day.b > 12) {
      last.day.b = 1;
      ++last.day.a;
    }
  }
  std::optional<TimeRange> end = moment(last);
  if (!end) return std::nullopt;
  Instant to = end->to.value_or(end->from);
  if (to <= start->from) return std::nullopt;
  return TimeRange{start->from, to, last.clock ? end->grain : start->grain};
}

std::optional<TimeRange> TimeResolver::resolve(const MomentSaid& first, const MomentSaid* second,
                                               Bound bound) const {
  std::optional<TimeRange> found = second != nullptr ? range(first, *second) : moment(first);
  if (!found && second != nullptr) found = moment(first);
  if (!found) return std::nullopt;
  switch (bound) {
    case Bound::exactly:
      break;
    case Bound::after:
      found->to.reset();
      break;
    case Bound::within:
      found = TimeRange{now_, found->to.value_or(found->from), found->grain};
      break;
    case Bound::before:
    case Bound::by: {
      Instant limit = bound == Bound::by && found->to ? *found->to : found->from;
      LocalTime local = zone_.local(limit);
      Instant midnight = zone_.instant(local.year, local.month, local.day);
      bool own_day = first.clock && first.day.kind != DaySaid::none && midnight > now_;
      Instant from = own_day ? midnight : now_;
      if (from > limit) from = midnight;
      found = TimeRange{from, limit, found->grain};
      break;
    }
  }
  if (found->to && *found->to < found->from) return std::nullopt;
  return found;
}

}  // namespace huiyin
