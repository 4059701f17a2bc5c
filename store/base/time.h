// Points in time and how they are written. Stored and compared as milliseconds since the epoch
// (UTC); shown in the estate's zone. Durations are measured with steady_clock, never with these.
#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "store/base/error.h"

namespace huiyin {

using Millis = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Millis>;

// The product's clock: the machine's, or the sandbox's that stands still until told. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

// A calendar reading in one zone. month 1..12, day 1..31, weekday 1 (Monday) .. 7.
struct LocalTime {
  int year, month, day, hour, minute, second, weekday;
};

// An IANA zone ("Asia/Shanghai"). Cheap to copy; thread-safe.
class Zone {
 public:
  static Result<Zone> find(std::string_view name);
  static Zone shanghai();

  LocalTime local(Instant at) const;
  // The instant of a local reading; fields out of range are carried (day 0 = last of the month
  // before, hour 24 = next midnight). A reading in a gap or overlap gives the earlier instant.
  Instant instant(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) const;
  // "2026-11-23T10:00:00+08:00"; milliseconds are dropped.
  std::string rfc3339(Instant at) const;
  // "20261123", for the number of a record.
  std::string yyyymmdd(Instant at) const;
  const std::string& name() const { return *name_; }

 private:
  Zone(const void* zone, const std::string* name) : zone_(zone), name_(name) {}
  const void* zone_;  // a date::time_zone, which lives as long as the process
  const std::string* name_;
};

// RFC 3339 with a zone ("Z" or an offset); a reading without one, or an impossible date, is
// `invalid`.
Result<Instant> parse_rfc3339(std::string_view text);
// ISO 8601 duration of weeks, days, hours, minutes, seconds ("PT3M", "P1DT2H"); not negative.
Result<Millis> parse_duration(std::string_view text);

inline std::int64_t to_millis(Instant at) {
  return at.time_since_epoch().count();
}
inline Instant from_millis(std::int64_t ms) {
  return Instant{Millis{ms}};
}

}  // namespace huiyin
