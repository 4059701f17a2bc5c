// How staff texts are read: commands, numbers of orders, money; and the faults of the words file.
#include "dialogs/desk/reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "tests/support/temp_dir.h"

namespace huiyin {
namespace {

desk::DeskWords shipped_words() {
  auto words = desk::DeskWords::load(std::string(HUIYIN_SOURCE_DIR) + "/config");
  if (!words) throw std::runtime_error(words.error().front().pointer);
  return std::move(*words);
}

class Reader : public ::testing::Test {
 protected:
  std::optional<desk::Command> read(const std::string& text,
                                    const std::string& role = "technician") {
    return desk::read_command(desk::Line(text, words), words, words.role(role));
  }
  std::string shown(const std::string& text, const std::string& role = "technician") {
    const auto command = read(text, role);
    if (!command) return "-";
    std::string out = command->name;
    for (const auto& ref : command->refs) out += " " + ref;
    if (command->everything) out += " *";
    return command->rest.empty() ? out : out + " | " + command->rest;
  }
  const desk::DeskWords words = shipped_words();
};

TEST_F(Reader, FindsTheCommandItsOrdersAndTheRest) {
  EXPECT_EQ(shown("接单 1"), "accept 1");
  EXPECT_EQ(shown("接单1"), "accept 1");
  EXPECT_EQ(shown("接单"), "accept");
  EXPECT_EQ(shown("1 接单"), "accept 1");
  EXPECT_EQ(shown("1号单接单"), "accept 1");
  EXPECT_EQ(shown("＃１　接单！"), "accept 1");
  EXPECT_EQ(shown("WX20261123-0001 接单"), "accept WX20261123-0001");
  EXPECT_EQ(shown("wx202611230001接单"), "accept WX20261123-0001");
  EXPECT_EQ(shown("完成了"), "complete");
  EXPECT_EQ(shown("完成啦。"), "complete");
  EXPECT_EQ(shown("完成 2 换了2个阀芯"), "complete 2 | 换了2个阀芯");
  EXPECT_EQ(shown("完成 2个龙头都换了"), "complete | 2个龙头都换了");
  EXPECT_EQ(shown("完成2换了阀芯"), "complete 2 | 换了阀芯");
  EXPECT_EQ(shown("返单 1,2，3、4"), "return 1 2 3 4");
  EXPECT_EQ(shown("送财务 全部", "front_desk"), "send_to_finance *");
  EXPECT_EQ(shown("报价 120", "engineering_supervisor"), "quote | 120");
  EXPECT_EQ(shown("报价 1 120", "engineering_supervisor"), "quote 1 | 120");
  EXPECT_EQ(shown("1 报价 120元", "engineering_supervisor"), "quote 1 | 120元");
  EXPECT_EQ(shown("报价120元", "engineering_supervisor"), "quote | 120元");
  EXPECT_EQ(shown("审核 1 能修 120元", "engineering_supervisor"), "review 1 | 能修 120元");
  EXPECT_EQ(shown("改约 3点"), "reschedule | 3点");
  EXPECT_EQ(shown("改约 1 明天下午3点"), "reschedule 1 | 明天下午3点");
  EXPECT_EQ(shown("进度 3天后到货"), "progress | 3天后到货");
  EXPECT_EQ(shown("客户不同意嫌贵"), "decline | 嫌贵");
  EXPECT_EQ(shown("换龙头80块"), "add_charge | 换龙头80块");
  EXPECT_EQ(shown("换角阀 30元、换软管 ¥20"), "add_charge | 换角阀 30元、换软管 ¥20");
  EXPECT_EQ(shown("accept 1"), "accept 1");
  EXPECT_EQ(shown("DONE 1 new tap"), "complete 1 | new tap");
  EXPECT_EQ(shown("2"), "show 2");
  EXPECT_EQ(shown("0001"), "show 0001");
  EXPECT_EQ(shown("查 WX20261123-0001"), "show WX20261123-0001");
  EXPECT_EQ(shown("開始"), "start");
  EXPECT_EQ(shown("派給 1 李師傅", "engineering_supervisor"), "assign 1 | 李師傅") << "as written";
}

TEST_F(Reader, LeavesOtherTextsAlone) {
  for (const char* text : {"", " ", "开始漏水了", "到处是水", "3-2-501漏水", "1号楼大堂灯坏了",
                           "13800138000", "120元太贵了吧", "0", "start leaking", "完成得怎么样",
                           "10:30", "3.5", "2个灯坏了", "通知大家一下"}) {
    EXPECT_EQ(shown(text), "-") << text;
  }
}

TEST_F(Reader, ReadsMoney) {
  const auto fen = [&](const char* text) {
    const auto amount = desk::find_amount(desk::Line(text, words).low(), words);
    return amount && amount->fault == desk::Amount::Fault::none ? amount->fen : -1;
  };
  EXPECT_EQ(fen("80元"), 8000);
  EXPECT_EQ(fen("80块"), 8000);
  EXPECT_EQ(fen("￥80"), 8000);
  EXPECT_EQ(fen("¥80.5"), 8050);
  EXPECT_EQ(fen("８０．５元"), 8050);
  EXPECT_EQ(fen("1,200元"), 120000);
  EXPECT_EQ(fen("换2个阀芯 80元"), 8000) << "the number with its unit";
  EXPECT_EQ(fen("龙头-80"), 8000) << "a dash";
  EXPECT_EQ(fen("80.50000"), 8050);
  for (const char* text : {"-80元", "负80元", "¥-80", "0", "0.00元", "0.001元", "50000.01元",
                           "99999999999999999999", "没有"}) {
    EXPECT_EQ(fen(text), -1) << text;
  }
}

TEST_F(Reader, R5_18_ReadsMoneyInChineseNumeralsAndWithMultipliers) {
  const auto fen = [&](const char* text) {
    const auto amount = desk::find_amount(desk::Line(text, words).low(), words);
    return amount && amount->fault == desk::Amount::Fault::none ? amount->fen : -1;
  };
  EXPECT_EQ(fen("5千"), 500'000);
  EXPECT_EQ(fen("1万"), 1'000'000);
  EXPECT_EQ(fen("1.5万元"), 1'500'000);
  EXPECT_EQ(fen("1万2"), 1'200'000);
  EXPECT_EQ(fen("1千2百元"), 120'000);
  EXPECT_EQ(fen("5k"), 500'000);
  EXPECT_EQ(fen("3百块"), 30'000);
  EXPECT_EQ(fen("八十五块"), 8'500);
  EXPECT_EQ(fen("八十块五"), 8'050);
  EXPECT_EQ(fen("80块5"), 8'050);
  EXPECT_EQ(fen("80元5角2分"), 8'052);
  EXPECT_EQ(fen("五毛"), 50);
  EXPECT_EQ(fen("二百六"), 26'000);
  EXPECT_EQ(fen("二百六 换了阀门"), 26'000);
  EXPECT_EQ(fen("两千块钱"), 200'000);
  EXPECT_EQ(fen("更换水龙头 八十块五"), 8'050);
  EXPECT_EQ(fen("换两个龙头80"), 8'000) << "two taps";
  EXPECT_EQ(fen("2块玻璃 80元"), 8'000) << "two panes";
  EXPECT_EQ(fen("DN20管 80"), 8'000);
  EXPECT_EQ(fen("3-2-501 80元"), 8'000);
}

TEST_F(Reader, R5_18_WhatIsNoExactAmountIsFoundWithItsFault) {
  using Fault = desk::Amount::Fault;
  const auto fault = [&](const char* text) {
    const auto amount = desk::find_amount(desk::Line(text, words).low(), words);
    return amount ? amount->fault : Fault::none;
  };
  for (const char* text : {"200-300元", "200到300", "两百到三百块", "八十多块", "几十块", "十几块",
                           "80左右", "大概80元", "80~90元"}) {
    EXPECT_EQ(fault(text), Fault::unclear) << text;
  }
  for (const char* text : {"负五块", "-5元", "龙头 -5", "减5元", "¥-80", "-¥80"}) {
    EXPECT_EQ(fault(text), Fault::negative) << text;
  }
  for (const char* text : {"十万元", "6万", "1亿", "100k"}) {
    EXPECT_EQ(fault(text), Fault::too_large) << text;
  }
  EXPECT_EQ(fault("100元 加人工50元"), Fault::several);
}

TEST(DeskWords, AFaultNamesItsPlaceAndWhatToDo) {
  test::TempDir dir;
  namespace fs = std::filesystem;
  const std::string source = std::string(HUIYIN_SOURCE_DIR) + "/config";
  for (const char* part : {"talk", "schema"}) fs::create_directories(dir.path() + "/" + part);
  fs::copy(source + "/schema/staff.schema.json", dir.path() + "/schema/staff.schema.json");
  std::ifstream in(source + "/talk/staff.json");
  const Json sound = Json::parse(in);
  const auto fault_of = [&](const std::function<void(Json&)>& change) {
    Json json = sound;
    change(json);
    std::ofstream(dir.path() + "/talk/staff.json") << json.dump();
    const auto loaded = desk::DeskWords::load(dir.path());
    return loaded ? std::string()
                  : loaded.error().front().pointer + ": " + loaded.error().front().remedy;
  };
  EXPECT_EQ(fault_of([](Json&) {}), "");
  EXPECT_EQ(fault_of([](Json& j) { j["commands"].erase("accept"); }),
            "/commands/accept: add \"accept\"");
  EXPECT_EQ(fault_of([](Json& j) { j["commands"]["acept"] = j["commands"]["accept"]; }),
            "/commands/acept: did you mean \"accept\"?");
  EXPECT_EQ(fault_of([](Json& j) { j["commands"]["accept"]["usage"]["zh"] = "接单"; }),
            "/commands/accept/usage/zh: write {n} where the number stands");
  EXPECT_EQ(
      fault_of([](Json& j) { j["commands"]["arrive"]["words"].push_back("接单"); }).substr(0, 23),
      "/roles/admin/commands: ");
  EXPECT_EQ(fault_of([](Json& j) { j["roles"]["technician"]["commands"].push_back("asign"); }),
            "/roles/technician/commands: did you mean \"assign\"?");
  EXPECT_NE(fault_of([](Json& j) { j["amount_yuan_max"] = "much"; }), "");
}

}  // namespace
}  // namespace huiyin
