#include "tests/bench/support/dialogue.h"

#include <array>

namespace huiyin::bench {
namespace {

std::string unit_of(long i) {
  i %= homes;
  const long building = i % buildings + 1;
  i /= buildings;
  const long entrance = i % 2 + 1;
  i /= 2;
  const long room = (i / rooms_per_floor + 1) * 100 + i % rooms_per_floor + 1;
  return std::to_string(building) + "栋" + std::to_string(entrance) + "单元" + std::to_string(room);
}

}  // namespace

std::string units_csv() {
  std::string out = "estate,building,entrance,room,area_m2,owner,phone\n";
  for (int b = 1; b <= buildings; ++b)
    for (int e = 1; e <= 2; ++e)
      for (int f = 1; f <= floors; ++f)
        for (int r = 1; r <= rooms_per_floor; ++r)
          out += "liyuan," + std::to_string(b) + "," + std::to_string(e) + "," +
                 std::to_string(f * 100 + r) + ",80,,\n";
  return out;
}

std::string words(long number, int step) {
  static constexpr std::array broken = {"厨房水龙头漏水",   "卫生间马桶堵了",   "客厅的灯不亮了",
                                        "阳台下水管堵住了", "卧室插座没有电",   "厨房水槽下面渗水",
                                        "洗手间花洒坏了",   "入户门锁打不开了", "客厅空调不制冷了",
                                        "主卧窗户关不上",   "热水器下面滴水",   "卫生间地漏返水"};
  static constexpr std::array names = {"王芳", "李先生", "陈女士", "赵建国", "刘洋", "我姓周"};
  static constexpr std::array times = {"明天上午十点", "明天下午三点", "后天上午九点",
                                       "明天下午两点半", "后天下午4点"};
  static constexpr std::array hellos = {"您好", "你好", "早上好"};
  const auto pick = [number](const auto& list) { return list[number % list.size()]; };
  switch (step) {
    case 0:
      return pick(hellos);
    case 1:
      return "我要报修";
    case 2:
      return pick(broken);
    case 3:
      return unit_of(number);
    case 4:
      return pick(names);
    case 5:
      return "13800" + std::to_string(100000 + number % 900000);
    case 6:
      return pick(times);
    default:
      return "对，提交";
  }
}

}  // namespace huiyin::bench
