// What is broken and where (contract, section 4): spans as said, and not every noun.
#include "tests/bot/understand/support.h"

namespace huiyin::test {
namespace {

struct Row {
  const char* said;
  const char* values;  // of all entities of the kind, "|" between, "-" for none
};

void expect_all(const char* kind, std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(values_of(parse(row.said), kind), row.values) << row.said;
  }
}

TEST(Items, are_what_is_broken_as_said) {
  expect_all("item", {{"厨房水龙头一直滴水", "水龙头"},
                      {"主卧空调不制冷了，师傅能来看看吗", "空调"},
                      {"卫生间马桶堵了冲不下去", "马桶"},
                      {"热水器的插头烧黑了，麻烦来看一下", "热水器的插头"},
                      {"电表箱里面嗞嗞响", "电表箱"},
                      {"我家煤气管子松了想换一根", "煤气管子"},
                      {"下水倒堵了水往上翻", "下水倒"},
                      {"橱柜吊柜铰链断了关不上门", "橱柜吊柜铰链"},
                      {"吊柜铰链断了", "吊柜铰链"},
                      {"洗衣机龙头接头那里渗水", "洗衣机龙头接头"},
                      {"空调外机支架锈了要掉", "空调外机支架"},
                      {"马桶水箱漏水", "马桶水箱"},
                      {"油烟机的灯不亮", "油烟机的灯"},
                      {"浴霸开关失灵了", "浴霸开关"},
                      {"窗户锁不上，风呼呼往里灌", "窗户"},
                      {"防盗门门锁拧不动", "防盗门门锁"},
                      {"客厅吊灯闪个不停", "吊灯"},
                      {"阳台推拉门轨道变形，推不动", "推拉门轨道"},
                      {"消防栓玻璃被人砸碎了", "消防栓玻璃"},
                      {"电梯按钮按不动", "电梯按钮"},
                      {"儿童滑梯断了一块板", "儿童滑梯"},
                      {"小区北门道闸抬不起来", "道闸"},
                      {"楼道灯不亮，声控开关也坏了", "楼道灯|声控开关"},
                      {"路灯坏了一排，晚上黑灯瞎火的", "路灯"},
                      {"廚房水喉漏水", "水喉"},
                      {"浴室抽氣扇壞咗", "抽氣扇"},
                      {"冷氣機滴水", "冷氣機"},
                      {"電燈開關冇反應", "電燈開關"},
                      {"kitchen tap is dripping all night", "tap"},
                      {"the toilet seat is cracked", "toilet seat"},
                      {"my water heater won't start", "water heater"},
                      {"The lock on my balcony door is jammed", "lock"},
                      {"lift B keeps jerking", "lift B"},
                      {"wardrobe door fell off", "wardrobe door"},
                      {"sprinkler pipe in car park level 2 is leaking", "sprinkler pipe"},
                      {"the shower hose burst, please send someone", "shower hose"},
                      {"热水器底下漏水，插座离得近我拔了电", "热水器"},
                      {"花洒出水小，龙头我自己换过了", "花洒"},
                      {"门锁坏了，只能用钥匙开", "门锁"},
                      {"换个水龙头多少钱", "水龙头"},
                      {"通马桶怎么收费", "马桶"},
                      {"空调修好没有", "空调"},
                      {"电梯卡在11楼了，里面有人", "电梯"},
                      {"可视对讲机看不见人", "可视对讲机"},
                      {"单元门的门禁刷卡没反应，在5栋1单元", "门禁"},
                      {"单元门禁刷卡没反应", "单元门禁"},
                      {"3号楼楼顶水箱溢水", "水箱"},
                      {"厨房抽油烟机和燃气灶都坏了", "抽油烟机|燃气灶"},
                      {"主卫马桶旁边地砖空鼓", "地砖"},
                      {"催一下，电梯到底哪天修", "电梯"}});
}

TEST(Items, are_not_every_noun) {
  expect_all("item", {{"家里跳闸了，推不上去", "-"},
                      {"我儿子把自己反锁在屋里了", "-"},
                      {"请问电梯困人该怎么办，给孩子普及一下", "-"},
                      {"暖气费多少钱", "-"},
                      {"建议在电梯里装个扶手", "-"},
                      {"电梯擦得真干净，表扬保洁阿姨", "-"},
                      {"楼上半夜拖椅子，我要投诉", "-"},
                      {"我想办个停车证", "-"},
                      {"代保管钥匙的表给我一张", "-"},
                      {"今天电影里电梯坠落的镜头太吓人了", "-"},
                      {"门禁卡的申请批了没", "-"},
                      {"my husband got a shock and is on the floor", "-"},
                      {"Fire on the 3rd floor!", "-"},
                      {"有人在撬我家门锁快来人", "-"}});
}

TEST(Places, are_where_as_said) {
  expect_all("place", {{"厨房水龙头漏水", "厨房"},
                       {"卫生间顶上渗水", "卫生间顶上"},
                       {"3栋门口井盖松了", "3栋门口"},
                       {"电梯卡在11楼和12楼中间", "11楼和12楼中间"},
                       {"四楼到五楼摸黑，楼道灯不亮", "四楼到五楼"},
                       {"地下二层进水了好多", "地下二层"},
                       {"配电间冒黑烟了", "配电间"},
                       {"负一楼的灯坏了好几盏", "负一楼"},
                       {"电梯停在1楼不动了", "1楼"},
                       {"7楼电梯厅的灯不亮", "7楼电梯厅"},
                       {"小区北门的门禁刷不开", "小区北门"},
                       {"车库顶上管子滴水", "车库顶上"},
                       {"游泳池边的淋浴头不出水", "游泳池边"},
                       {"西侧围墙那个监控歪了", "西侧围墙"},
                       {"井盖松了，东门进来左拐", "东门进来左拐"},
                       {"路灯坏了，从岗亭到幼儿园那段全黑", "从岗亭到幼儿园那段"},
                       {"电梯一直抖，2栋右边那部", "2栋右边那部"},
                       {"南边小卧室墙皮鼓包了", "南边小卧室"},
                       {"单元门口地砖翘起来了", "单元门口"},
                       {"5号楼大堂的玻璃门关不上", "5号楼大堂"},
                       {"3号楼2单元楼道灯坏了", "3号楼2单元楼道"},
                       {"天台去水位塞咗", "天台"},
                       {"停車場B2層燈管閃", "停車場B2層"},
                       {"後樓梯盞燈壞咗", "後樓梯"},
                       {"睡房窗框鬆咗", "睡房"},
                       {"垃圾房的感应门关不上", "垃圾房"},
                       {"健身房跑步机坏了", "健身房"},
                       {"阳台地漏返臭", "阳台"},
                       {"主卫花洒不出水", "主卫"},
                       {"Fire in the bin room on the 3rd floor, smoke everywhere", "bin room"},
                       {"I can smell gas in the stairwell of block 4", "stairwell of block 4"},
                       {"fire door on 9/F doesn't close", "9/F"},
                       {"gate on the south side won't latch", "south side"},
                       {"pipe leaking in car park level 2", "car park level 2"},
                       {"the lock on my balcony door is jammed", "balcony door"},
                       {"AC in the master bedroom blows hot air", "master bedroom"},
                       {"kitchen sink is blocked", "kitchen"},
                       {"the lobby light of tower B is out", "lobby|tower B"},
                       {"light in the block 2 lobby flickers", "block 2 lobby"},
                       {"2楼楼道里灯不亮", "2楼楼道"},
                       {"2栋和3栋之间的路灯不亮", "2栋和3栋之间"},
                       {"主卫马桶旁边地砖空鼓", "主卫马桶旁边"},
                       {"地库B区12号车位上面管子滴水", "地库B区12号车位"},
                       {"3号楼楼顶水箱溢水", "3号楼楼顶"}});
}

TEST(Places, are_not_every_noun) {
  expect_all("place", {{"楼上半夜剁肉吵死了我要投诉", "-"},
                       {"前台那个女的态度太差，我要投诉", "-"},
                       {"建议大堂放个沙发", "-"},
                       {"我想申请一个车位", "-"},
                       {"3栋2单元501室水管漏水", "-"},
                       {"新来的保洁把楼道打扫得真干净，表扬一下", "-"}});
}

}  // namespace
}  // namespace huiyin::test
