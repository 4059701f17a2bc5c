#include "bot/gateway/config_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "bot/gateway/config_file.h"
#include "tests/support/temp_dir.h"

namespace huiyin {
namespace {

using testing::HasSubstr;

const std::string shipped = HUIYIN_SOURCE_DIR "/config";

std::string all_lines(const ConfigFaults& faults) {
  std::string lines;
  for (const auto& fault : faults) lines += to_line(fault) + "\n";
  return lines;
}

// A copy of the shipped configuration in which one file may be spoilt.
class ConfigCheckTest : public testing::Test {
 protected:
  ConfigCheckTest() {
    std::filesystem::copy(shipped, dir_ / "config", std::filesystem::copy_options::recursive);
  }
  ConfigFaults spoilt_estate(const std::string& pointer, const Json& value) {
    const auto read = read_config_file(shipped + "/estates/liyuan.json", "liyuan");
    Json estate = *read;
    estate[Json::json_pointer(pointer)] = value;
    dir_.write("config/estates/liyuan.json", dump_json(estate));
    return check_estates(dir_ / "config");
  }

  test::TempDir dir_;
};

TEST_F(ConfigCheckTest, PassesWhatIsShipped) {
  const auto faults =
      check_configuration({.config_dir = shipped}, {check_estates, check_catalogue});
  EXPECT_EQ(all_lines(faults), "");
}

TEST_F(ConfigCheckTest, CollectsTheFaultsOfEveryPart) {
  const ConfigCheck broken = [](const std::string&) {
    return ConfigFaults{{"phrases/x.json", "/a", "rule", "remedy"}};
  };
  const auto faults = check_configuration(
      {.config_dir = shipped, .sets = {{"http.threads", "0"}}, .sandbox = true}, {broken, broken});
  EXPECT_EQ(faults.size(), 3u);
}

TEST_F(ConfigCheckTest, NamesWhatIsWrongWithAnEstate) {
  const struct {
    const char* pointer;
    Json value;
    const char* faulty;
  } cases[] = {
      {"/zone", "Asia/Shanghi", "/zone"},
      {"/duty_phones", Json::array(), "/duty_phones"},
      {"/duty_phones/0", "13800138000", "/duty_phones/0"},
      {"/duty_phones/0", "+86138", "/duty_phones/0"},
      {"/front_desk_phone", "+861380013800000", "/front_desk_phone"},
      {"/service_hours/mon", Json::parse(R"([["18:00", "08:30"]])"), "/service_hours/mon/0"},
      {"/service_hours/mon", Json::parse(R"([["08:00", "12:00"], ["11:00", "18:00"]])"),
       "/service_hours/mon/1"},
      {"/service_hours/mon", Json::parse(R"([["8:00", "12:00"]])"), "/service_hours/mon/0/0"},
      {"/service_hours/monday", Json::array(), "/service_hours/monday"},
      {"/holidays/0", "2026-02-30", "/holidays/0"},
      {"/repair_sheet/copies", 3, "/repair_sheet/holders"},
      {"/repair_sheet/holders/0", "resident", "/repair_sheet/holders/0"},
      {"/rules/repair.notify_max", -1, "/rules/repair.notify_max"},
      {"/rules/repair.notify_mx", 3, "/rules/repair.notify_mx"},
      {"/id", "other", "/id"},
      {"/roles/manager", "boss", "/roles/manager"},
  };
  for (const auto& one : cases) {
    const auto faults = spoilt_estate(one.pointer, one.value);
    ASSERT_EQ(faults.size(), 1u) << one.pointer << "\n" << all_lines(faults);
    EXPECT_EQ(faults[0].file, "estates/liyuan.json");
    EXPECT_EQ(faults[0].pointer, one.faulty) << all_lines(faults);
    EXPECT_NE(faults[0].rule, "");
    EXPECT_NE(faults[0].remedy, "");
  }
}

TEST_F(ConfigCheckTest, NamesAMissingMemberOfAnEstate) {
  dir_.write("config/estates/tower.json", R"({"id": "tower"})");
  const auto faults = check_estates(dir_ / "config");
  EXPECT_THAT(all_lines(faults), HasSubstr("estates/tower.json /duty_phones: this is required"));
}

TEST_F(ConfigCheckTest, NamesTheLineOfAnEstateThatIsNoJson) {
  dir_.write("config/estates/tower.json", "{\n\"id\": tower\n}");
  EXPECT_THAT(all_lines(check_estates(dir_ / "config")), HasSubstr("line 2"));
}

TEST_F(ConfigCheckTest, WantsAtLeastOneEstateProfile) {
  std::filesystem::remove_all(dir_ / "config/estates");
  EXPECT_EQ(check_estates(dir_ / "config").size(), 1u);
}

// R5.7, R9.7, A-30: what the two shipped profiles stand for.
TEST_F(ConfigCheckTest, ShipsFourCopiesWithMinuteLimitsForLiyuanAndThreeWithoutForTheTower) {
  const Json liyuan = *read_config_file(shipped + "/estates/liyuan.json", "");
  const Json tower = *read_config_file(shipped + "/estates/tower.json", "");
  EXPECT_EQ(liyuan["repair_sheet"]["copies"], 4);
  EXPECT_EQ(liyuan["rules"]["minute_limits"], true);
  EXPECT_EQ(tower["repair_sheet"]["copies"], 3);
  EXPECT_EQ(tower["rules"]["minute_limits"], false);
}

}  // namespace
}  // namespace huiyin
