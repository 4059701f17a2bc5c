// Dates of the Chinese calendar. The months (and which one is leap) are ICU's; the day a month
// begins is that of the true new moon at Beijing, for ICU's own moon is minutes off: ICU 72 puts
// the lunar new year of 2027 (new moon at 23:56 on 6 February) on the 7th.
#pragma once
#include <chrono>

namespace huiyin {

struct LunarDate {
  int month = 0;  // 1..12; 0 when ICU's calendar cannot be had
  int day = 0;    // 1..30
  bool leap = false;
};

// Of a civil date. Thread-safe; tens of microseconds.
LunarDate lunar_date(std::chrono::sys_days date);

// The civil date in China (UTC+8) of the new moon number `lunation`, 0 being that of 6 January
// 2000. Meeus, Astronomical Algorithms, chapter 49: good to some seconds in this century.
std::chrono::sys_days new_moon_date(int lunation);

}  // namespace huiyin
