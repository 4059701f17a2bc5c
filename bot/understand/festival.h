// The days that a festival falls on: fixed in the civil calendar, in the Chinese one, or Qingming.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

namespace huiyin {

// One entry of `festivals` in lexicon/time.json.
struct Festival {
  enum Calendar : std::uint8_t { civil, lunar, qingming } calendar = civil;
  int month = 1, day = 1;  // civil or lunar; 除夕 is the day before 1/1
  int days_before = 0;
};

// The first such day on or after `from`; none when the calendar cannot tell. A lunar one costs some
// hundred microseconds.
std::optional<std::chrono::sys_days> next_festival(const Festival& festival,
                                                   std::chrono::sys_days from);

}  // namespace huiyin
