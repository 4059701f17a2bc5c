#include "bot/gateway/config_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "bot/gateway/config_file.h"
#include "bot/talk/talk_check.h"
#include "bot/understand/data_check.h"
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
      check_configuration({.config_dir = shipped}, {check_estates, check_catalogue, check_talk});
  EXPECT_EQ(all_lines(faults), "");
}

TEST_F(ConfigCheckTest, NamesThePhraseThatAFormAsksForInVain) {
  const struct {
    const char* pointer;
    Json value;
    const char* faulty;
  } cases[] = {
      {"/slots/1/ask", "repair.ask.unti", "/slots/1/ask"},
      {"/slots/1/ask", "repair.summary", "/slots/1/ask"},  // takes what a question is not given
      {"/slots/1/explain", "form.explain.nothing", "/slots/1/explain"},
      {"/slots/1/prefill", "household_dog", "/slots/1/prefill"},
      {"/slots/1/name", "home", "/summary"},
      {"/summary", "repair.sumary", "/summary"},
  };
  for (const auto& spoilt : cases) {
    Json form = *read_config_file(shipped + "/forms/repair.json", "repair");
    form[Json::json_pointer(spoilt.pointer)] = spoilt.value;
    dir_.write("config/forms/repair.json", dump_json(form));
    const auto faults = check_talk(dir_ / "config");
    ASSERT_EQ(faults.size(), 1u) << spoilt.pointer << "\n" << all_lines(faults);
    EXPECT_EQ(faults[0].file, "forms/repair.json");
    EXPECT_EQ(faults[0].pointer, spoilt.faulty);
  }
}

// What is said of an answer that is not taken, and the questions by type.
TEST_F(ConfigCheckTest, NamesThePhraseThatATypeOfSlotNeedsInVain) {
  const struct {
    const char* file;
    const char* phrase;
    const char* form;  // one that needs it
    const char* pointer;
  } cases[] = {
      {"forms", "form.invalid_number", "forms/qms-pm-31318.json", "/slots/3/type"},
      {"forms", "form.invalid_date", "forms/qms-pm-31318.json", "/slots/5/type"},
      {"forms", "form.invalid_choice", "forms/qms-pm-31315.json", "/slots/4/type"},
      {"forms", "form.explain.text", "forms/qms-pm-31315.json", "/slots/5/type"},
      {"registers", "register.ask.date", "forms/qms-pm-31318.json", "/slots/5/ask"},
      {"registers", "register.ask.choice", "forms/qms-pm-31315.json", "/slots/4/ask"},
  };
  for (const auto& one : cases) {
    const std::string name = std::string("/phrases/") + one.file + ".json";
    Json file = *read_config_file(shipped + name, one.file);
    for (auto& phrase : file["phrases"]) {
      if (phrase["id"] == one.phrase) phrase["id"] = "form.of_no_use";
    }
    dir_.write("config" + name, dump_json(file));
    const auto faults = check_talk(dir_ / "config");
    dir_.write("config" + name, dump_json(*read_config_file(shipped + name, one.file)));
    EXPECT_THAT(all_lines(faults), HasSubstr(std::string(one.form) + " " + one.pointer + ":"));
    EXPECT_THAT(all_lines(faults), HasSubstr(one.phrase));
  }
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
      {"/service_hours/mon", {"18:00-08:30", "19:00-20:00"}, "/service_hours/mon/0"},
      {"/service_hours/mon", {"08:00-12:00", "11:00-18:00"}, "/service_hours/mon/1"},
      {"/service_hours/mon/0", "08:00-08:00", "/service_hours/mon/0"},
      {"/service_hours/mon/0", "8:00-12:00", "/service_hours/mon/0"},
      {"/service_hours/monday", Json::array(), "/service_hours/monday"},
      {"/holidays/0", "2026-02-30", "/holidays/0"},
      {"/repair_sheet/copies", 3, "/repair_sheet/holders"},
      {"/repair_sheet/holders/0", "resident", "/repair_sheet/holders/0"},
      {"/rules/R5.8", -1, "/rules/R5.8"},
      {"/rules/R5.88", 3, "/rules/R5.88"},
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
  EXPECT_EQ(liyuan["rules"]["R5.8"], 3);
  EXPECT_EQ(tower["repair_sheet"]["copies"], 3);
  EXPECT_TRUE(tower["rules"]["R5.8"].is_null());
}

TEST_F(ConfigCheckTest, TakesAnEstateThatIsStaffedOverNight) {
  EXPECT_EQ(all_lines(spoilt_estate("/service_hours/mon", {"08:00-12:00", "22:00-06:00"})), "");
}

TEST_F(ConfigCheckTest, NamesWhatIsWrongWithTheCatalogue) {
  dir_.write("config/catalogue/price_list.json",
             R"({"version": "1", "items": [{"id": "tap", "name": "x", "en": "x", "unit": "x",
                 "labour_fen": -1, "items": []}]})");
  dir_.write("config/catalogue/prices.json", "{}");
  const auto lines = all_lines(check_catalogue(dir_ / "config"));
  EXPECT_THAT(lines, HasSubstr("catalogue/price_list.json /items/0/labour_fen: a whole number"));
  EXPECT_THAT(lines, HasSubstr("catalogue/prices.json: only the files"));
}

TEST_F(ConfigCheckTest, R4_3_NamesAClassAndADepartmentThatAreNone) {
  const std::string name = "catalogue/complaints.json";
  Json complaints = *read_config_file(std::string(shipped) + "/" + name, name);
  complaints["topics"][0]["severity"] = "terrible";
  complaints["topics"][1]["department"] = "nobody";
  complaints["severities"][0].erase("words");
  dir_.write("config/" + name, dump_json(complaints));
  const auto lines = all_lines(check_catalogue(dir_ / "config"));
  EXPECT_THAT(lines, HasSubstr(name + " /topics/0/severity:"));
  EXPECT_THAT(lines, HasSubstr(name + " /topics/1/department:"));
  EXPECT_THAT(lines, HasSubstr(name + " /severities/0/words:"));
}

TEST_F(ConfigCheckTest, ExplainsWhatIsWrongWithTheTrainingData) {
  EXPECT_EQ(all_lines(check_training_data(shipped)), "");
  std::string many = "nlu:\n- intent: greet\n  examples: |\n";
  for (int i = 0; i < 30; ++i) many += "    - 你好啊" + std::to_string(i) + "\n";
  const struct {
    const char* more;
    const char* rule;
  } cases[] = {
      {"", ""},
      {"- intent: report_reapir\n  examples: |\n    - 灯坏了\n", "no such intent: report_reapir"},
      {"- intent: thank\n  examples: |\n    - 谢谢\n", "it has 1"},
      {"- intent: greet\n  examples: |\n    - [早](tiem)\n", "no such entity: tiem"},
      {"- intent: opt_in\n  examples: |\n    - 你好啊3\n", "stands under greet"},
      {"- intent: greet\n  examples: |\n    你好\n", "must begin with -"},
      {"- intent: [greet\n", "own.yml: "},
  };
  for (const auto& spoilt : cases) {
    std::filesystem::remove_all(dir_ / "config/understanding");
    dir_.write("config/understanding/own.yml", many + spoilt.more);
    const auto faults = check_training_data(dir_ / "config");
    if (std::string(spoilt.rule).empty()) {
      EXPECT_EQ(all_lines(faults), "");
      continue;
    }
    ASSERT_FALSE(faults.empty()) << spoilt.rule;
    EXPECT_THAT(all_lines(faults), HasSubstr(spoilt.rule));
  }
}

}  // namespace
}  // namespace huiyin
