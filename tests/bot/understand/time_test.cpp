// The conventions of section 4 of the contract; the moment is Monday 2026-11-23 10:00 in Shanghai.
#include "tests/bot/understand/support.h"

namespace huiyin::test {
namespace {

struct Row {
  const char* said;
  const char* time;
};

void expect_times(std::initializer_list<Row> rows) {
  for (const auto& row : rows) {
    EXPECT_EQ(time_of(row.said), row.time) << row.said;
  }
}

TEST(Times, clock_times_are_resolved_against_the_clock) {
  expect_times({Row{"明天上午十点半", "11-24T10:30 - minute"},
                Row{"下午三点", "11-23T15:00 - minute"},
                Row{"明天10点", "11-24T10:00 - minute"},
                Row{"明天3点", "11-24T15:00 - minute"},
                Row{"明天6点", "11-24T18:00 - minute"},
                Row{"三点", "11-23T15:00 - minute"},
                Row{"九点", "11-23T21:00 - minute"},
                Row{"十一点", "11-23T11:00 - minute"},
                Row{"上午九点", "11-24T09:00 - minute"},
                Row{"今天上午九点", "11-23T09:00 - minute"},
                Row{"晚上八点", "11-23T20:00 - minute"},
                Row{"晚上12点", "11-24T00:00 - minute"},
                Row{"明晚8点", "11-24T20:00 - minute"},
                Row{"明早八点", "11-24T08:00 - minute"},
                Row{"中午12点", "11-23T12:00 - minute"},
                Row{"中午一点", "11-23T13:00 - minute"},
                Row{"明天凌晨两点", "11-24T02:00 - minute"},
                Row{"14:30", "11-23T14:30 - minute"},
                Row{"明天14：30", "11-24T14:30 - minute"},
                Row{"08:30", "11-24T08:30 - minute"},
                Row{"10:30", "11-23T10:30 - minute"},
                Row{"三点一刻", "11-23T15:15 - minute"},
                Row{"下午3点20", "11-23T15:20 - minute"},
                Row{"下午两点零五分", "11-23T14:05 - minute"},
                Row{"明天上午10点45分", "11-24T10:45 - minute"},
                Row{"后天十五点", "11-25T15:00 - minute"},
                Row{"下周二上午十点", "12-01T10:00 - minute"},
                Row{"周三下午4点", "11-25T16:00 - minute"},
                Row{"聽日朝早十點", "11-24T10:00 - minute"},
                Row{"听日下昼三点", "11-24T15:00 - minute"},
                Row{"傍晚六点", "11-23T18:00 - minute"},
                Row{"今晚七点半", "11-23T19:30 - minute"},
                Row{"半小时后", "11-23T10:30 - minute"},
                Row{"两个小时后", "11-23T12:00 - minute"},
                Row{"20分钟后", "11-23T10:20 - minute"},
                Row{"一个半小时以后", "11-23T11:30 - minute"},
                Row{"现在", "11-23T10:00 - minute"},
                Row{"马上", "11-23T10:00 - minute"},
                Row{"昨晚八点", "11-22T20:00 - minute"},
                Row{"上周五下午三点", "11-20T15:00 - minute"},
                Row{"11月25日上午9点", "11-25T09:00 - minute"}});
}

TEST(Times, days_and_more_are_resolved_against_the_clock) {
  expect_times({Row{"明天", "11-24T00:00 11-25T00:00 day"},
                Row{"今天", "11-23T00:00 11-24T00:00 day"},
                Row{"后天", "11-25T00:00 11-26T00:00 day"},
                Row{"大后天", "11-26T00:00 11-27T00:00 day"},
                Row{"昨天", "11-22T00:00 11-23T00:00 day"},
                Row{"前天", "11-21T00:00 11-22T00:00 day"},
                Row{"明天上午", "11-24T08:00 11-24T12:00 daypart"},
                Row{"今天下午", "11-23T13:00 11-23T18:00 daypart"},
                Row{"下午", "11-23T13:00 11-23T18:00 daypart"},
                Row{"早上", "11-24T06:00 11-24T09:00 daypart"},
                Row{"今晚", "11-23T18:00 11-23T22:00 daypart"},
                Row{"明早", "11-24T06:00 11-24T09:00 daypart"},
                Row{"昨晚", "11-22T18:00 11-22T22:00 daypart"},
                Row{"中午", "11-23T11:00 11-23T13:00 daypart"},
                Row{"傍晚", "11-23T17:00 11-23T19:00 daypart"},
                Row{"明天凌晨", "11-24T00:00 11-24T05:00 daypart"},
                Row{"聽日朝早", "11-24T06:00 11-24T09:00 daypart"},
                Row{"下周二", "12-01T00:00 12-02T00:00 day"},
                Row{"下个礼拜二", "12-01T00:00 12-02T00:00 day"},
                Row{"这周六", "11-28T00:00 11-29T00:00 day"},
                Row{"本周日", "11-29T00:00 11-30T00:00 day"},
                Row{"周二", "11-24T00:00 11-25T00:00 day"},
                Row{"星期天", "11-29T00:00 11-30T00:00 day"},
                Row{"周一", "11-23T00:00 11-24T00:00 day"},
                Row{"下周一", "11-30T00:00 12-01T00:00 day"},
                Row{"上周五", "11-20T00:00 11-21T00:00 day"},
                Row{"下周", "11-30T00:00 12-07T00:00 week"},
                Row{"这周", "11-23T00:00 11-30T00:00 week"},
                Row{"下个月", "12-01T00:00 01-01T00:00 month"},
                Row{"本月", "11-01T00:00 12-01T00:00 month"},
                Row{"上个月", "10-01T00:00 11-01T00:00 month"},
                Row{"月底", "11-30T00:00 12-01T00:00 day"},
                Row{"下个月底", "12-31T00:00 01-01T00:00 day"},
                Row{"12月底", "12-31T00:00 01-01T00:00 day"},
                Row{"end of next month", "12-31T00:00 01-01T00:00 day"},
                Row{"月初", "12-01T00:00 12-02T00:00 day"},
                Row{"这个月初", "11-01T00:00 11-02T00:00 day"},
                Row{"下月初", "12-01T00:00 12-02T00:00 day"},
                Row{"下个月初上午", "12-01T08:00 12-01T12:00 daypart"},
                Row{"12月初", "12-01T00:00 12-02T00:00 day"},
                Row{"12月初上午十点", "12-01T10:00 - minute"},
                Row{"beginning of next month", "12-01T00:00 12-02T00:00 day"},
                Row{"月中", "12-15T00:00 12-16T00:00 day"},
                Row{"下月中旬", "12-15T00:00 12-16T00:00 day"},
                Row{"12月中", "12-15T00:00 12-16T00:00 day"},
                Row{"三个月中坏了两次", "-"},
                Row{"the dog barks all night", "-"},
                Row{"狗整夜地叫", "-"},
                Row{"周末", "11-28T00:00 11-30T00:00 day"},
                Row{"下周末", "12-05T00:00 12-07T00:00 day"},
                Row{"11月25日", "11-25T00:00 11-26T00:00 day"},
                Row{"2026年12月1日", "12-01T00:00 12-02T00:00 day"},
                Row{"2026-12-01", "12-01T00:00 12-02T00:00 day"},
                Row{"25号", "11-25T00:00 11-26T00:00 day"},
                Row{"5号", "12-05T00:00 12-06T00:00 day"},
                Row{"下个月5号", "12-05T00:00 12-06T00:00 day"},
                Row{"三天后", "11-26T00:00 11-27T00:00 day"},
                Row{"两天前", "11-21T00:00 11-22T00:00 day"},
                Row{"一周后", "11-30T00:00 12-01T00:00 day"},
                Row{"周五上午", "11-27T08:00 11-27T12:00 daypart"},
                Row{"下周三下午", "12-02T13:00 12-02T18:00 daypart"},
                Row{"1月5日", "01-05T00:00 01-06T00:00 day"}});
}

TEST(Times, ranges_are_resolved_against_the_clock) {
  expect_times(
      {Row{"两点到四点", "11-23T14:00 11-23T16:00 minute"},
       Row{"明天下午两点到四点", "11-24T14:00 11-24T16:00 minute"},
       Row{"明天下午2-4点", "11-24T14:00 11-24T16:00 minute"},
       Row{"2-4点", "11-23T14:00 11-23T16:00 minute"},
       Row{"上午9点到11点半", "11-24T09:00 11-24T11:30 minute"},
       Row{"明天10:00-12:00", "11-24T10:00 11-24T12:00 minute"},
       Row{"明天上午十点到下午两点", "11-24T10:00 11-24T14:00 minute"},
       Row{"十一点到一点", "11-23T11:00 11-23T13:00 minute"},
       Row{"明天9点～11点", "11-24T09:00 11-24T11:00 minute"},
       Row{"周一到周三", "11-23T00:00 11-26T00:00 day"},
       Row{"明天到后天", "11-24T00:00 11-26T00:00 day"},
       Row{"11月25日至27日", "11-25T00:00 11-28T00:00 day"},
       Row{"明天上午到下午", "11-24T08:00 11-24T18:00 daypart"},
       Row{"三点以后", "11-23T15:00 - minute"}, Row{"明天下午三点之后", "11-24T15:00 - minute"},
       Row{"三点后", "11-23T15:00 - minute"}, Row{"下午五点前", "11-23T10:00 11-23T17:00 minute"},
       Row{"下午两三点", "11-23T14:00 11-23T15:00 minute"},
       Row{"半小时内", "11-23T10:00 11-23T10:30 minute"}});
}

TEST(Times, english_are_resolved_against_the_clock) {
  expect_times({Row{"tomorrow at 10am", "11-24T10:00 - minute"},
                Row{"at 10:30 am tomorrow", "11-24T10:30 - minute"},
                Row{"next Tuesday afternoon", "12-01T13:00 12-01T18:00 daypart"},
                Row{"next Tuesday", "12-01T00:00 12-02T00:00 day"},
                Row{"this Saturday", "11-28T00:00 11-29T00:00 day"},
                Row{"tomorrow morning", "11-24T08:00 11-24T12:00 daypart"},
                Row{"tonight", "11-23T18:00 11-23T22:00 daypart"},
                Row{"tomorrow evening", "11-24T18:00 11-24T22:00 daypart"},
                Row{"tomorrow night", "11-24T18:00 11-24T22:00 daypart"},
                Row{"tomorrow at noon", "11-24T11:00 11-24T13:00 daypart"},
                Row{"3pm", "11-23T15:00 - minute"},
                Row{"at 3 p.m. please", "11-23T15:00 - minute"},
                Row{"Friday at 2", "11-27T14:00 - minute"},
                Row{"from 2 to 4 pm tomorrow", "11-24T14:00 11-24T16:00 minute"},
                Row{"tomorrow from 2 to 4pm", "11-24T14:00 11-24T16:00 minute"},
                Row{"tomorrow between 2 and 4 pm", "11-24T14:00 11-24T16:00 minute"},
                Row{"tomorrow 2-4pm", "11-24T14:00 11-24T16:00 minute"},
                Row{"after 3pm", "11-23T15:00 - minute"},
                Row{"in two hours", "11-23T12:00 - minute"},
                Row{"in 30 minutes", "11-23T10:30 - minute"},
                Row{"now", "11-23T10:00 - minute"},
                Row{"yesterday", "11-22T00:00 11-23T00:00 day"},
                Row{"last Friday", "11-20T00:00 11-21T00:00 day"},
                Row{"next week", "11-30T00:00 12-07T00:00 week"},
                Row{"the day after tomorrow", "11-25T00:00 11-26T00:00 day"},
                Row{"this weekend", "11-28T00:00 11-30T00:00 day"},
                Row{"end of the month", "11-30T00:00 12-01T00:00 day"},
                Row{"November 25th at 9am", "11-25T09:00 - minute"},
                Row{"25 Nov", "11-25T00:00 11-26T00:00 day"},
                Row{"half past ten tomorrow", "11-24T10:30 - minute"},
                Row{"at 10 o'clock", "11-23T10:00 - minute"},
                Row{"on Wednesday afternoon", "11-25T13:00 11-25T18:00 daypart"}});
}

TEST(Times, no_time_are_resolved_against_the_clock) {
  expect_times({Row{"每天晚上", "-"},
                Row{"每天晚上楼上都很吵", "-"},
                Row{"每周二上午", "-"},
                Row{"天天半夜装修", "-"},
                Row{"every night", "-"},
                Row{"every Tuesday at 10", "-"},
                Row{"晚上总是很吵", "-"},
                Row{"尽快", "-"},
                Row{"快一点", "-"},
                Row{"有点漏水", "-"},
                Row{"我有两点建议", "-"},
                Row{"一点都不热", "-"},
                Row{"等了三天", "-"},
                Row{"漏了两个小时了", "-"},
                Row{"3-2-501", "-"},
                Row{"13800138000", "-"},
                Row{"3栋2单元501", "-"},
                Row{"as soon as possible", "-"},
                Row{"the sun is too strong", "-"},
                Row{"80块5", "-"}});
}

TEST(TimesLater, a_bare_clock_time_that_is_past_means_the_next_one_to_come) {
  const char* evening = "2026-11-23T20:30:00+08:00";
  EXPECT_EQ(time_of("下午三点", evening), "11-24T15:00 - minute");
  EXPECT_EQ(time_of("三点", evening), "11-24T15:00 - minute");
  EXPECT_EQ(time_of("九点", evening), "11-23T21:00 - minute");
  EXPECT_EQ(time_of("下午", evening), "11-24T13:00 11-24T18:00 daypart");
  EXPECT_EQ(time_of("周一下午三点", evening), "11-30T15:00 - minute");
}

TEST(TimesLater, weeks_begin_on_monday) {
  const char* sunday = "2026-11-29T10:00:00+08:00";
  EXPECT_EQ(time_of("下周二", sunday), "12-01T00:00 12-02T00:00 day");
  EXPECT_EQ(time_of("这周二", sunday), "11-24T00:00 11-25T00:00 day");
  EXPECT_EQ(time_of("周二", sunday), "12-01T00:00 12-02T00:00 day");
  EXPECT_EQ(time_of("周末", sunday), "11-28T00:00 11-30T00:00 day");
}

TEST(TimesLater, the_end_of_the_year_is_crossed) {
  const char* last_day = "2026-12-31T15:00:00+08:00";
  EXPECT_EQ(time_of("明天上午十点", last_day), "01-01T10:00 - minute");
  EXPECT_EQ(time_of("下个月", last_day), "01-01T00:00 02-01T00:00 month");
  EXPECT_EQ(time_of("5号", last_day), "01-05T00:00 01-06T00:00 day");
}

TEST(TimeValues, survive_the_way_to_json_and_back) {
  const Zone zone = Zone::shanghai();
  TimeRange range{*parse_rfc3339("2026-11-24T14:00:00+08:00"),
                  *parse_rfc3339("2026-11-24T16:00:00+08:00"), "minute"};
  EXPECT_EQ(time_range(to_json(range, zone)), range);
  range.to.reset();
  EXPECT_EQ(time_range(to_json(range, zone)), range);
  EXPECT_FALSE(time_range(Json("tomorrow")).has_value());
  EXPECT_FALSE(time_range(Json{{"from", "2026-11-24"}, {"grain", "day"}}).has_value());
}

TEST(Festivals, are_the_next_to_come) {
  const struct {
    const char* said;
    const char* from;
  } rows[] = {
      {"国庆节来修", "2027-10-01"},
      {"元旦那天", "2027-01-01"},
      {"圣诞节", "2026-12-25"},
      {"清明节", "2027-04-05"},
      {"春节", "2027-02-06"},
      {"除夕", "2027-02-05"},
      {"元宵节", "2027-02-20"},
      {"端午节", "2027-06-09"},
      {"中秋节", "2027-09-15"},
      {"重阳节", "2027-10-08"},
      {"农历八月十五", "2027-09-15"},
      {"大年初三", "2027-02-08"},
      {"端午節", "2027-06-09"},
      {"come on Christmas", "2026-12-25"},
      {"Mid-Autumn Festival", "2027-09-15"},
  };
  for (const auto& row : rows) {
    const Understanding read = parse(row.said);
    const Entity* time = read.first("time");
    ASSERT_NE(time, nullptr) << row.said;
    EXPECT_EQ(time->value["from"], std::string(row.from) + "T00:00:00+08:00") << row.said;
    EXPECT_EQ(time->value["grain"], "day") << row.said;
  }
  EXPECT_EQ(time_of("除夕上午十点"), "02-05T10:00 - minute");
  EXPECT_EQ(time_of("国庆节下午来", "2026-10-01T08:00:00+08:00"),
            "10-01T13:00 10-01T18:00 daypart");
}

}  // namespace
}  // namespace huiyin::test
