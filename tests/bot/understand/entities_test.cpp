#include "tests/bot/understand/support.h"

namespace huiyin::test {
namespace {

struct Row {
  const char* said;
  const char* kind;
  const char* value;
};

void expect_entities(std::initializer_list<Row> rows) {
  for (const auto& row : rows) {
    EXPECT_EQ(value_of(parse(row.said), row.kind), row.value) << row.said;
  }
}

TEST(Entities, phones_have_their_canonical_value) {
  expect_entities({Row{"13800138000", "phone", "+8613800138000"},
                   Row{"电话是138 0013 8000", "phone", "+8613800138000"},
                   Row{"138-0013-8000", "phone", "+8613800138000"},
                   Row{"+86 138 0013 8000", "phone", "+8613800138000"},
                   Row{"+8613800138000", "phone", "+8613800138000"},
                   Row{"8613800138000", "phone", "+8613800138000"},
                   Row{"１３８００１３８０００", "phone", "+8613800138000"},
                   Row{"幺三八零零一三八零零零", "phone", "+8613800138000"},
                   Row{"一三八〇〇一三八〇〇〇", "phone", "+8613800138000"},
                   Row{"1 3 8 0 0 1 3 8 0 0 0", "phone", "+8613800138000"},
                   Row{"0755-86541234", "phone", "+8675586541234"},
                   Row{"(010)65529988", "phone", "+861065529988"},
                   Row{"my number is 138 0013 8000, unit 3-2-501", "phone", "+8613800138000"},
                   Row{"王芳13800138000", "phone", "+8613800138000"},
                   Row{"+852 9123 4567", "phone", "+85291234567"}, Row{"12345", "phone", "-"},
                   Row{"23800138000", "phone", "-"}, Row{"6222021234567890123", "phone", "-"},
                   Row{"WX20261123-0001", "phone", "-"}});
}

TEST(Entities, people_have_their_canonical_value) {
  expect_entities({Row{"我是王芳", "person", "王芳"},
                   Row{"我叫李小明", "person", "李小明"},
                   Row{"我叫周九", "person", "周九"},
                   Row{"我是郑一", "person", "郑一"},
                   Row{"我叫吴十，电话13800138107", "person", "吴十"},
                   Row{"我是3-2-601的周九", "person", "周九"},
                   Row{"我是12栋1203的郑一", "person", "郑一"},
                   Row{"3-2-602的吴十", "person", "吴十"},
                   Row{"我是3栋2单元501的王芳", "person", "王芳"},
                   Row{"我是王女士", "person", "王女士"},
                   Row{"找李师傅", "person", "李师傅"},
                   Row{"李师傅手艺不错", "person", "李师傅"},
                   Row{"我是小周", "person", "小周"},
                   Row{"我係陳太", "person", "陳太"},
                   Row{"联系人：欧阳雪", "person", "欧阳雪"},
                   Row{"王芳，13800138000", "person", "王芳"},
                   Row{"王芳", "person", "王芳"},
                   Row{"我姓陈", "person", "陈"},
                   Row{"我姓王，叫王芳", "person", "王芳"},
                   Row{"我叫王芳我家水管漏了", "person", "王芳"},
                   Row{"姓名赵大海，电话13800138000", "person", "赵大海"},
                   Row{"张先生家里漏水", "person", "张先生"},
                   Row{"刘阿姨很热情", "person", "刘阿姨"},
                   Row{"my name is Wang Fang", "person", "Wang Fang"},
                   Row{"I'm Li Wei from building 3", "person", "Li Wei"},
                   Row{"this is Mr. Wang", "person", "Mr. Wang"},
                   Row{"Mrs Chen speaking", "person", "Mrs Chen"},
                   Row{"my name is john smith", "person", "john smith"},
                   Row{"马桶堵了", "person", "-"},
                   Row{"水龙头漏水", "person", "-"},
                   Row{"我是业主", "person", "-"},
                   Row{"方便的话明天来", "person", "-"},
                   Row{"I'm waiting for the plumber", "person", "-"},
                   Row{"周末来吧", "person", "-"},
                   Row{"高层水压低", "person", "-"},
                   Row{"马上来", "person", "-"},
                   Row{"好的谢谢", "person", "-"}});
}

TEST(Entities, numbers_have_their_canonical_value) {
  expect_entities({Row{"五星", "rating", "5"},
                   Row{"5星好评", "rating", "5"},
                   Row{"4分", "rating", "4"},
                   Row{"给师傅打3分", "rating", "3"},
                   Row{"two stars", "rating", "2"},
                   Row{"⭐⭐⭐", "rating", "3"},
                   Row{"⭐️⭐️⭐️⭐️", "rating", "4"},
                   Row{"★★", "rating", "2"},
                   Row{"I'd rate it 4", "rating", "4"},
                   Row{"4 out of 5", "rating", "4"},
                   Row{"5/5", "rating", "5"},
                   Row{"四颗星", "rating", "4"},
                   Row{"5分钟", "rating", "-"},
                   Row{"三星冰箱坏了", "rating", "-"},
                   Row{"10分", "rating", "-"},
                   Row{"五分之一", "rating", "-"},
                   Row{"十点五分", "rating", "-"},
                   Row{"满意", "rating", "-"},
                   Row{"WX20261123-0001", "order", "WX20261123-0001"},
                   Row{"工单wx20261123-0001好了吗", "order", "WX20261123-0001"},
                   Row{"ＧＧ２０２６１１２３－００１２", "order", "GG20261123-0012"},
                   Row{"TS20261123-12345", "order", "TS20261123-12345"},
                   Row{"GZ202611230001", "order", "GZ20261123-0001"},
                   Row{"AB20261123-0001", "order", "-"},
                   Row{"80元", "amount", "8000"},
                   Row{"80块5", "amount", "8050"},
                   Row{"八十块", "amount", "8000"},
                   Row{"¥80", "amount", "8000"},
                   Row{"￥80.50", "amount", "8050"},
                   Row{"80 yuan", "amount", "8000"},
                   Row{"1,200.50元", "amount", "120050"},
                   Row{"一千二百元", "amount", "120000"},
                   Row{"1.2万元", "amount", "1200000"},
                   Row{"80元5角", "amount", "8050"},
                   Row{"五毛", "amount", "50"},
                   Row{"三百五十块钱", "amount", "35000"},
                   Row{"RMB 300", "amount", "30000"},
                   Row{"已交256.8元", "amount", "25680"},
                   Row{"两块玻璃碎了", "amount", "-"},
                   Row{"这块地砖", "amount", "-"},
                   Row{"单元门坏了", "amount", "-"}});
}

TEST(Entities, things_have_their_canonical_value) {
  expect_entities({Row{"厨房水龙头漏水", "item", "水龙头"}, Row{"厨房水龙头漏水", "place", "厨房"},
                   Row{"廚房水龍頭漏水", "item", "水龍頭"}, Row{"我家马桶堵了", "item", "马桶"},
                   Row{"我想申请一个车位", "form", "qms-pm-31315"},
                   Row{"I'd like to apply for a parking space", "form", "qms-pm-31315"},
                   Row{"我要办停车证", "form", "qms-pm-31306"},
                   Row{"车位被别人占了，我要投诉", "form", "-"}});
}

TEST(EntityOffsets, count_code_points_of_the_text_as_it_came) {
  Understanding read = parse(
      "😀👍🏽  "
      "我是Ａ座１５０２的王芳，电话１３８００１３８０００❗");
  const Entity* unit = read.first("unit");
  ASSERT_NE(unit, nullptr);
  EXPECT_EQ(unit->start, 7);
  EXPECT_EQ(unit->end, 13);
  EXPECT_EQ(unit->text, "Ａ座１５０２");
  EXPECT_EQ(unit->value, "A-1502");
  const Entity* person = read.first("person");
  ASSERT_NE(person, nullptr);
  EXPECT_EQ(person->start, 14);
  EXPECT_EQ(person->end, 16);
  const Entity* phone = read.first("phone");
  ASSERT_NE(phone, nullptr);
  EXPECT_EQ(phone->start, 19);
  EXPECT_EQ(phone->end, 30);
}

TEST(EntityOffsets, survive_folding_that_changes_lengths) {
  // ㎡ folds to two letters, the accent joins its letter, the space run becomes one space.
  Understanding read = parse("80㎡ cafe\xCC\x81    明天上午");
  const Entity* time = read.first("time");
  ASSERT_NE(time, nullptr);
  EXPECT_EQ(time->start, 13);
  EXPECT_EQ(time->end, 17);
  EXPECT_EQ(time->text, "明天上午");
}

TEST(OneSentence, fills_the_whole_repair_sheet) {  // R5.6
  Understanding read =
      parse("我是3栋2单元501的王芳，厨房水龙头漏水，明天上午十点来修，电话13800138000");
  EXPECT_EQ(read.intent, Intent::report_repair);
  EXPECT_EQ(value_of(read, "unit"), "3-2-501");
  EXPECT_EQ(value_of(read, "person"), "王芳");
  EXPECT_EQ(value_of(read, "item"), "水龙头");
  EXPECT_EQ(value_of(read, "place"), "厨房");
  EXPECT_EQ(value_of(read, "phone"), "+8613800138000");
  ASSERT_NE(read.first("time"), nullptr);
  EXPECT_EQ(read.first("time")->value["from"], "2026-11-24T10:00:00+08:00");
  EXPECT_TRUE(read.first("time")->value["to"].is_null());
}

}  // namespace
}  // namespace huiyin::test
