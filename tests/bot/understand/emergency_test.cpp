#include "tests/bot/understand/support.h"

namespace huiyin::test {
namespace {

void expect_alarms(std::initializer_list<const char*> rows) {
  for (const auto& row : rows) {
    EXPECT_EQ(parse(row).intent, Intent::report_emergency) << row;
  }
}
TEST(Alarms, chinese_are_emergencies) {
  expect_alarms({"着火了",
                 "3栋2单元着火了快来",
                 "厨房起火了！",
                 "楼道里冒浓烟",
                 "闻到一股煤气味",
                 "家里燃气泄漏了",
                 "有人被困在电梯里",
                 "电梯里关着两个孩子在哭",
                 "我被困电梯了",
                 "電梯困住人啦",
                 "屋企著火",
                 "我妈触电了",
                 "热水器漏电电到人",
                 "开关漏电，一摸就麻",
                 "水管爆了水止不住",
                 "家里被水淹了",
                 "爆管了喷水关不上阀门",
                 "小偷进屋了",
                 "有人在撬我家的门",
                 "地下车库淹水了",
                 "有人晕倒在大堂",
                 "救命",
                 "配电箱冒火花冒烟",
                 "电梯卡在11楼和12楼中间，门打不开，我被困了",
                 "水龙头一直漏水，另外楼道里着火了",
                 "你好，我家水管爆了，水一直喷出来"});
}
TEST(Alarms, english_are_emergencies) {
  expect_alarms({"fire!", "there is a fire in the kitchen", "my flat is on fire",
                 "I smell gas in my kitchen", "gas leak in block 3", "we are stuck in the lift",
                 "my mother is trapped in the elevator", "he got an electric shock",
                 "pipe burst and water is everywhere", "the basement is flooding",
                 "someone is breaking into my flat", "burglar!"});
}

void expect_nearmisses(std::initializer_list<const char*> rows) {
  for (const auto& row : rows) {
    EXPECT_NE(parse(row).intent, Intent::report_emergency) << row;
  }
}
TEST(NearMisses, both_are_no_emergencies) {
  expect_nearmisses({"电梯有点抖",
                     "水龙头滴水",
                     "烟雾报警器没电了",
                     "如果着火怎么办",
                     "万一有人困在电梯里找谁",
                     "消防演习是哪天",
                     "灭火器过期了",
                     "燃气灶打不着火",
                     "煤气费怎么交",
                     "去年着火的事处理好了吗",
                     "手机没电了",
                     "楼下烧烤烟味太大",
                     "电梯太慢了",
                     "马桶堵了",
                     "快递被偷了",
                     "楼上装修太吵，我很火大",
                     "昨天电梯困人的事有结果了吗",
                     "the smoke detector battery is low",
                     "what if there is a fire",
                     "when is the fire drill",
                     "the fire door does not close",
                     "gas bill question",
                     "the lift is slow"});
}

TEST(Emergencies, that_are_doubted_leave_the_ranking_in_order) {
  Understanding read = parse("如果着火怎么办");
  EXPECT_GE(read.ranking[0].second, read.ranking[1].second);
  EXPECT_NE(read.ranking[1].first, Intent::report_emergency);
}

TEST(Emergencies, win_among_several_matters) {
  Understanding read = parse("物业费怎么交？另外厨房着火了！");
  EXPECT_EQ(read.intent, Intent::report_emergency);
  EXPECT_GT(read.confidence, 0.9);
  EXPECT_EQ(read.ranking.front().first, Intent::report_emergency);
}

}  // namespace
}  // namespace huiyin::test
