// The Chinese calendar against dates as published: the almanac decides, not the formula.
#include <gtest/gtest.h>

#include "store/base/lunar_calendar.h"

namespace huiyin {
namespace {

using namespace std::chrono;

void expect_lunar(year_month_day date, int month, int day) {
  const LunarDate lunar = lunar_date(sys_days(date));
  EXPECT_EQ(lunar.month, month) << int(date.year()) << "-" << unsigned(date.month());
  EXPECT_EQ(lunar.day, day) << int(date.year()) << "-" << unsigned(date.month());
  EXPECT_FALSE(lunar.leap);
}

TEST(LunarCalendarTest, R10_3TheLunarNewYearsOf2020To2050AreThoseOfTheAlmanac) {
  for (const auto date :
       {2020y / 1 / 25, 2021y / 2 / 12, 2022y / 2 / 1,  2023y / 1 / 22, 2024y / 2 / 10,
        2025y / 1 / 29, 2026y / 2 / 17, 2027y / 2 / 6,  2028y / 1 / 26, 2029y / 2 / 13,
        2030y / 2 / 3,  2031y / 1 / 23, 2032y / 2 / 11, 2033y / 1 / 31, 2034y / 2 / 19,
        2035y / 2 / 8,  2036y / 1 / 28, 2037y / 2 / 15, 2038y / 2 / 4,  2039y / 1 / 24,
        2040y / 2 / 12, 2041y / 2 / 1,  2042y / 1 / 22, 2043y / 2 / 10, 2044y / 1 / 30,
        2045y / 2 / 17, 2046y / 2 / 6,  2047y / 1 / 26, 2048y / 2 / 14, 2049y / 2 / 2,
        2050y / 1 / 23}) {
    expect_lunar(date, 1, 1);
  }
}

TEST(LunarCalendarTest, R10_3TheMidAutumnAndDragonBoatFeastsAreThoseOfTheAlmanac) {
  for (const auto date : {2024y / 9 / 17, 2025y / 10 / 6, 2026y / 9 / 25, 2027y / 9 / 15,
                          2028y / 10 / 3, 2029y / 9 / 22, 2030y / 9 / 12}) {
    expect_lunar(date, 8, 15);
  }
  for (const auto date : {2024y / 6 / 10, 2025y / 5 / 31, 2026y / 6 / 19, 2027y / 6 / 9,
                          2028y / 5 / 28, 2029y / 6 / 16, 2030y / 6 / 5}) {
    expect_lunar(date, 5, 5);
  }
}

TEST(LunarCalendarTest, ALeapMonthIsTold) {
  EXPECT_TRUE(lunar_date(sys_days(2025y / 8 / 1)).leap);  // the second sixth month of 2025
  EXPECT_EQ(lunar_date(sys_days(2025y / 8 / 1)).month, 6);
  EXPECT_FALSE(lunar_date(sys_days(2025y / 7 / 1)).leap);
}

TEST(LunarCalendarTest, EveryMonthHas29Or30Days) {
  sys_days start = new_moon_date(200);
  for (int lunation = 201; lunation < 1200; ++lunation) {
    const sys_days next = new_moon_date(lunation);
    EXPECT_GE((next - start).count(), 29);
    EXPECT_LE((next - start).count(), 30);
    start = next;
  }
}

}  // namespace
}  // namespace huiyin
