// Times as people read them, in the three languages.
#include <gtest/gtest.h>

#include "bot/speech/speech.h"

namespace huiyin {
namespace {

class HumanTimeTest : public ::testing::Test {
 protected:
  Instant at(int month, int day, int hour = 0, int minute = 0) const {
    return zone_.instant(2026, month, day, hour, minute);
  }
  void expect(const TimeRange& range, const char* hans, const char* hant, const char* en) const {
    EXPECT_EQ(human_time(range, Language::zh_hans, moment_), hans);
    EXPECT_EQ(human_time(range, Language::zh_hant, moment_), hant);
    EXPECT_EQ(human_time(range, Language::en, moment_), en);
  }

  const Zone zone_ = Zone::shanghai();
  const Moment moment_{zone_.instant(2026, 11, 23, 10), &zone_};
};

TEST_F(HumanTimeTest, AMinute) {
  expect({at(11, 24, 10), std::nullopt, "minute"}, "11月24日（周二）10:00", "11月24日（週二）10:00",
         "Tue 24 Nov, 10:00");
  expect({at(11, 29, 9, 5), std::nullopt, "minute"}, "11月29日（周日）09:05",
         "11月29日（週日）09:05", "Sun 29 Nov, 09:05");
}

TEST_F(HumanTimeTest, EveryPartOfTheDay) {
  struct Case {
    int from, to;
    const char *hans, *en;
  };
  for (const Case& part : {Case{0, 5, "凌晨", "before dawn"}, Case{6, 9, "早上", "early morning"},
                           Case{8, 12, "上午", "morning"}, Case{11, 13, "中午", "noon"},
                           Case{13, 18, "下午", "afternoon"}, Case{17, 19, "傍晚", "early evening"},
                           Case{18, 22, "晚上", "evening"}}) {
    const std::string zh = part.hans;
    expect({at(11, 24, part.from), at(11, 24, part.to), "daypart"},
           ("11月24日（周二）" + zh).c_str(), ("11月24日（週二）" + zh).c_str(),
           (std::string("Tue 24 Nov, ") + part.en).c_str());
  }
}

TEST_F(HumanTimeTest, APartOfTheDayWithOtherHoursShowsThem) {
  expect({at(11, 24, 9), at(11, 24, 12), "daypart"}, "11月24日（周二）09:00–12:00",
         "11月24日（週二）09:00–12:00", "Tue 24 Nov, 09:00–12:00");
}

TEST_F(HumanTimeTest, ADay) {
  expect({at(11, 24), at(11, 25), "day"}, "11月24日（周二）", "11月24日（週二）", "Tue 24 Nov");
}

TEST_F(HumanTimeTest, SeveralDays) {
  expect({at(11, 28), at(11, 30), "day"}, "11月28日（周六）–11月29日（周日）",
         "11月28日（週六）–11月29日（週日）", "Sat 28 Nov – Sun 29 Nov");
  expect({at(11, 30), at(12, 7), "week"}, "11月30日（周一）–12月6日（周日）",
         "11月30日（週一）–12月6日（週日）", "Mon 30 Nov – Sun 6 Dec");
}

TEST_F(HumanTimeTest, AMonth) {
  expect({at(12, 1), zone_.instant(2027, 1, 1), "month"}, "12月", "12月", "December");
  expect({zone_.instant(2027, 1, 1), zone_.instant(2027, 2, 1), "month"}, "2027年1月", "2027年1月",
         "January 2027");
}

TEST_F(HumanTimeTest, ARangeOfHours) {
  expect({at(11, 24, 14), at(11, 24, 16), "minute"}, "11月24日（周二）14:00–16:00",
         "11月24日（週二）14:00–16:00", "Tue 24 Nov, 14:00–16:00");
  expect({at(11, 24, 22), at(11, 25), "minute"}, "11月24日（周二）22:00–24:00",
         "11月24日（週二）22:00–24:00", "Tue 24 Nov, 22:00–24:00");
  expect({at(11, 24, 22), at(11, 25, 2), "minute"}, "11月24日（周二）22:00–11月25日（周三）02:00",
         "11月24日（週二）22:00–11月25日（週三）02:00", "Tue 24 Nov, 22:00 – Wed 25 Nov, 02:00");
}

TEST_F(HumanTimeTest, AnOpenEnd) {
  expect({at(11, 24, 15), std::nullopt, "daypart"}, "11月24日（周二）15:00以后",
         "11月24日（週二）15:00以後", "after Tue 24 Nov, 15:00");
}

TEST_F(HumanTimeTest, AnotherYearIsTold) {
  expect({zone_.instant(2027, 1, 3, 10), std::nullopt, "minute"}, "2027年1月3日（周日）10:00",
         "2027年1月3日（週日）10:00", "Sun 3 Jan 2027, 10:00");
}

TEST_F(HumanTimeTest, TheZoneIsThatOfTheMoment) {
  const Zone london = Zone::find("Europe/London").value();
  EXPECT_EQ(human_time({at(11, 24, 10), std::nullopt, "minute"}, Language::zh_hans,
                       {moment_.now, &london}),
            "11月24日（周二）02:00");
}

}  // namespace
}  // namespace huiyin
