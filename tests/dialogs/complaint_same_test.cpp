// Which complaints of one household are one matter (contract: the same matter told again makes no
// second live complaint, another one does), by the shipped words.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "dialogs/complaint/classes.h"

namespace huiyin::complaint {
namespace {

using Pair = std::array<std::string, 2>;

class SameMatter : public ::testing::Test {
 protected:
  bool same(const std::string& earlier, const std::string& later) const {
    return classes.matters().same({earlier, "1-1-102", "李四"}, {later, "1-1-102", "李四"});
  }
  const Classes classes =
      Classes::load(std::string(HUIYIN_SOURCE_DIR) + "/config/catalogue").value();
};

TEST_F(SameMatter, ToldAgainInOtherWordsIsOne) {
  const Pair table[] = {
      {"投诉，楼下烧烤店油烟熏得我家没法开窗。我是1栋1单元102的李四，电话13800138102",
       "我再投诉一次，楼下烧烤店油烟太大了"},
      {"隔壁装修电钻周末也在钻，吵", "隔壁装修周末电钻还在响"},
      {"垃圾三天没人收，臭死了", "楼下垃圾还是没人收"},
      {"楼上半夜拖桌子太吵", "昨晚还是吵！"},
      {"楼上每天半夜很吵", "楼上又在放音响，噪音太大"},
      {"隔壁的狗从早叫到晚没人管", "那只狗又叫了一下午，你们到底管不管"},
      {"保安当着孩子骂人", "你们保安态度恶劣，骂人"},
      {"电梯里很脏没人扫", "电梯还是那么脏"},
      {"有人天天占我的车位", "我的车位又被占了，投诉"},
      {"楼道里堆满鞋柜和杂物", "楼道的杂物堵着路，投诉"},
      {"中心花园广场舞音响震天响", "广场舞吵得孩子没法写作业"},
      {"邻居的狗咬人", "那条狗又咬人了"},
      {"大堂抽烟的人太多，烟味很大", "大堂里还是有人抽烟"},
      {"您好，麻烦你们尽快处理，谢谢：前台态度差，爱答不理", "前台态度恶劣，投诉"},
      {"The neighbour upstairs is too loud at night", "upstairs is still making noise"},
      {"Nobody has collected the rubbish for three days", "the garbage was not collected again"},
      {"快递柜坏了两周没人修", "快递柜坏了两周还没人修！！"},
  };
  for (const auto& [earlier, later] : table) {
    EXPECT_TRUE(same(earlier, later)) << earlier << " / " << later;
  }
}

TEST_F(SameMatter, AnotherMatterIsAnother) {
  const std::string opening =
      "您好，我是1栋1单元102的业主李四，我的电话是13800138102，我要投诉一下，麻烦你们尽快处理，谢谢"
      "：";
  const Pair table[] = {
      {opening + "垃圾没人收", opening + "保安骂人"},
      {"楼上太吵", "楼下太臭"},
      {"电梯脏", "大堂脏"},
      {"邻居的狗咬人", "邻居的猫乱叫"},
      {"保安骂人", "保安睡觉"},
      {"1栋垃圾没人收", "地下车库垃圾没人收"},
      {"有人占我车位", "有人堵住车库门口停车"},
      {"楼上太吵", "楼上漏水到我家"},
      {"保安态度恶劣", "前台态度恶劣"},
      {"东门的保安不在岗", "南门的保安不在岗"},
      {"1栋电梯太脏", "3栋电梯太脏"},
      {"隔壁装修太吵", "隔壁装修灰尘飘得满屋都是"},
      {"电梯里有人抽烟", "电梯又坏了没人修"},
      {"楼上拖桌子太吵", "我还要投诉小区垃圾三天没人收"},
      {"楼道里电动车充电", "电动车乱停在门口"},
      {"2栋1单元301半夜吵", "2栋1单元402半夜吵"},
      {"狗不牵绳到处跑", "狗在草坪上拉屎"},
      {"The dog next door barks all night", "The cat next door made a mess"},
      {"The lift is dirty", "The lobby is dirty"},
      {"物业费乱收", "停车费多收了我一个月，保安还骂人"},
  };
  for (const auto& [earlier, later] : table) {
    EXPECT_FALSE(same(earlier, later)) << earlier << " / " << later;
    EXPECT_FALSE(same(later, earlier)) << later << " / " << earlier;
  }
}

TEST_F(SameMatter, WhoComplainsSaysNothingOfTheMatter) {
  EXPECT_FALSE(same("我是1栋1单元102的李四，13800138102，投诉一下", "李四，1-1-102，又来投诉"));
  EXPECT_TRUE(same("我住1栋1单元102，3栋2单元501半夜很吵", "3-2-501半夜还是吵"));
}

TEST_F(SameMatter, WithoutTheWordsThereIsAFaultThatSaysWhere) {
  const auto none = Matters::read(Json(), "catalogue/complaints.json");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().front().pointer, "/same");
  const auto bad = Matters::read({{"aspects", Json::array({{{"id", "who"}}})},
                                  {"phone", "(1)"},
                                  {"home", "("},
                                  {"building", "(1)"}},
                                 "catalogue/complaints.json");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().size(), 2u);
}

}  // namespace
}  // namespace huiyin::complaint
