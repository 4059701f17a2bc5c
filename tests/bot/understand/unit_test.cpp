#include "tests/bot/understand/support.h"

namespace huiyin::test {
namespace {

struct Row {
  const char* said;
  const char* unit;
};

void expect_unitnotations(std::initializer_list<Row> rows) {
  for (const auto& row : rows) {
    EXPECT_EQ(value_of(parse(row.said), "unit"), row.unit) << row.said;
  }
}

TEST(UnitNotations, chinese_are_read_as_the_canonical_address) {
  expect_unitnotations({Row{"3栋2单元501室", "3-2-501"},
                        Row{"3栋2单元501", "3-2-501"},
                        Row{"三栋二单元五零一", "3-2-501"},
                        Row{"三栋二单元五〇一室", "3-2-501"},
                        Row{"三栋二单元五百零一", "3-2-501"},
                        Row{"3-2-501", "3-2-501"},
                        Row{"３－２－５０１", "3-2-501"},
                        Row{"3 - 2 - 501", "3-2-501"},
                        Row{"3—2—501", "3-2-501"},
                        Row{"3/2/501", "3-2-501"},
                        Row{"12号楼1203", "12-1203"},
                        Row{"十二号楼一二零三", "12-1203"},
                        Row{"12号楼1203室", "12-1203"},
                        Row{"12-1203", "12-1203"},
                        Row{"A座1502", "A-1502"},
                        Row{"A座15楼02", "A-1502"},
                        Row{"a座15层1502室", "A-1502"},
                        Row{"A-1502", "A-1502"},
                        Row{"2#301", "2-301"},
                        Row{"2#楼301", "2-301"},
                        Row{"2#2单元301", "2-2-301"},
                        Row{"2＃301室", "2-301"},
                        Row{"03栋2单元501", "3-2-501"},
                        Row{"3栋02单元0501", "3-2-0501"},
                        Row{"3栋2-501", "3-2-501"},
                        Row{"3栋-2-501", "3-2-501"},
                        Row{"3幢二单元501", "3-2-501"},
                        Row{"3 栋 2 单元 501 室", "3-2-501"},
                        Row{"我住3栋，2单元，501", "3-2-501"},
                        Row{"3号楼2门501", "3-2-501"},
                        Row{"5号302室", "5-302"},
                        Row{"3号2单元501", "3-2-501"},
                        Row{"3座12樓05", "3-1205"},
                        Row{"第3座12樓B室", "3-12B"},
                        Row{"12樓05", "1205"},
                        Row{"3棟2單元501室", "3-2-501"},
                        Row{"10栋一单元十楼1002", "10-1-1002"},
                        Row{"二十一栋三单元1104", "21-3-1104"},
                        Row{"A1栋1203", "A1-1203"},
                        Row{"我是7栋1单元302的业主", "7-1-302"}});
}

TEST(UnitNotations, english_are_read_as_the_canonical_address) {
  expect_unitnotations(
      {Row{"Flat 5B Block 3", "3-5B"}, Row{"Block 3, Flat 5B", "3-5B"},
       Row{"Building 3 Unit 2 Room 501", "3-2-501"}, Row{"room 501, unit 2, building 3", "3-2-501"},
       Row{"Room 1203 of Building 12", "12-1203"}, Row{"Tower A, 15/F, Flat 02", "A-1502"},
       Row{"Flat B, 12/F, Block 3", "3-12B"}, Row{"12/F Flat B Block 3", "3-12B"},
       Row{"bldg 12 apt 1203", "12-1203"}, Row{"I live in building 3, 501", "3-501"},
       Row{"Unit 501, Building 3", "3-501"}, Row{"my flat is A-1502", "A-1502"}});
}

TEST(UnitNotations, no_unit_are_read_as_the_canonical_address) {
  expect_unitnotations({Row{"3栋", "-"}, Row{"12号楼", "-"}, Row{"3栋2单元", "-"},
                        Row{"三栋五楼的灯坏了", "-"}, Row{"3栋楼道灯坏了", "-"},
                        Row{"Block 3 lobby light is out", "-"}, Row{"11月25号", "-"},
                        Row{"25号上午", "-"}, Row{"2026-11-25", "-"}, Row{"13800138000", "-"},
                        Row{"3栋 13800138000", "-"}, Row{"0755-86541234", "-"}, Row{"10-12点", "-"},
                        Row{"物业费100-200元", "-"}, Row{"3栋2单元10点来", "-"},
                        Row{"WX20261123-0001", "-"}, Row{"电梯5楼", "-"}, Row{"一共3个灯", "-"}});
}

TEST(UnitSpans, cover_what_was_said_and_nothing_more) {
  Understanding read = parse("12号楼1203 王女士");
  ASSERT_NE(read.first("unit"), nullptr);
  EXPECT_EQ(read.first("unit")->text, "12号楼1203");
  EXPECT_EQ(read.first("unit")->start, 0);
  EXPECT_EQ(read.first("unit")->end, 8);
}

}  // namespace
}  // namespace huiyin::test
