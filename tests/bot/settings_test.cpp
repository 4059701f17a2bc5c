// Settings as contract section 8 ("Starting and sandbox") promises them.
#include "bot/gateway/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "bot/gateway/config_file.h"
#include "tests/support/temp_dir.h"

namespace huiyin {
namespace {

using test::TempDir;
using testing::HasSubstr;
using testing::Not;

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() {
    source_.config_dir = HUIYIN_SOURCE_DIR "/config";
    source_.sandbox = true;
  }
  ~SettingsTest() override { unsetenv("HUIYIN_TEST_SECRET"); }

  Settings good() {
    auto settings = Settings::load(source_);
    if (settings) return *settings;
    for (const auto& fault : settings.error()) ADD_FAILURE() << fault.pointer << ": " << fault.rule;
    throw std::runtime_error("the settings should have loaded");
  }
  ConfigFaults faults() {
    auto settings = Settings::load(source_);
    if (settings) ADD_FAILURE() << "a fault was expected";
    return settings ? ConfigFaults{} : settings.error();
  }
  ConfigFault fault() {
    const auto all = faults();
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? ConfigFault{} : all.front();
  }
  void set(std::string path, std::string value) {
    source_.sets.emplace_back(std::move(path), std::move(value));
  }
  void file(std::string_view text) { source_.file = dir_.write("mine.json", text); }

  TempDir dir_;
  SettingsSource source_;
};

TEST_F(SettingsTest, LoadsTheDefaultsWithoutAFile) {
  const auto settings = good();
  EXPECT_EQ(settings.integer("http.max_body_bytes"), 1048576);
  EXPECT_FALSE(settings.flag("sandbox.run"));
  EXPECT_EQ(settings.text("channels.twilio.api_base"), "");
  EXPECT_TRUE(settings.at("channels.twilio.api_base").is_null());
  EXPECT_EQ(settings.number("channels.twilio.rate_per_second"), 10.0);
  EXPECT_EQ(settings.at("sms.providers"), Json({"twilio", "kannel"}));
  EXPECT_EQ(settings.text("notices.quiet_hours.from"), "22:00");
}

TEST_F(SettingsTest, HaveADefaultForEverySettingOfTheSchema) {
  const auto settings = good();
  const auto schema = read_config_file(source_.config_dir + "/schema/huiyin.schema.json", "schema");
  ASSERT_TRUE(schema);
  int leaves = 0;
  const std::function<void(const Json&, const std::string&)> walk = [&](const Json& node,
                                                                        const std::string& path) {
    if (!node.contains("properties")) {
      EXPECT_NO_THROW((void)settings.at(path)) << path;
      EXPECT_TRUE(node.contains("description")) << path << " tells no rule for its faults";
      ++leaves;
      return;
    }
    for (const auto& [name, below] : node["properties"].items()) {
      walk(below, path.empty() ? name : path + "." + name);
    }
  };
  walk(*schema, "");
  EXPECT_GT(leaves, 30);
}

TEST_F(SettingsTest, ThrowForAPathThatTheSchemaDoesNotKnow) {
  EXPECT_THROW((void)good().text("channels.twilio.api_bas"), std::logic_error);
}

TEST_F(SettingsTest, AreOverlaidByAFileThatHoldsOnlyWhatDiffers) {
  file(R"({"channels": {"twilio": {"api_base": "http://127.0.0.1:9001"}}})");
  const auto settings = good();
  EXPECT_EQ(settings.text("channels.twilio.api_base"), "http://127.0.0.1:9001");
  EXPECT_EQ(settings.integer("http.threads"), 3);
}

TEST_F(SettingsTest, AreOverlaidBySetAfterTheFileAndInOrder) {
  file(R"({"http": {"threads": 5}})");
  set("http.threads", "6");
  set("http.threads", "7");
  EXPECT_EQ(good().integer("http.threads"), 7);
}

TEST_F(SettingsTest, TakeASetValueAsJsonWhereItParsesElseAsText) {
  set("sandbox.run", "true");
  set("sms.providers", R"(["kannel"])");
  set("channels.twilio.from", "+15005550006");
  set("notices.quiet_hours", "null");
  const auto settings = good();
  EXPECT_TRUE(settings.flag("sandbox.run"));
  EXPECT_EQ(settings.at("sms.providers"), Json({"kannel"}));
  EXPECT_EQ(settings.text("channels.twilio.from"), "+15005550006");
  EXPECT_TRUE(settings.at("notices.quiet_hours").is_null());
  EXPECT_TRUE(settings.at("notices.quiet_hours.from").is_null());
}

TEST_F(SettingsTest, KeepATextOfDigitsAsItWasTyped) {
  set("channels.kannel.from", "95588");
  EXPECT_EQ(good().text("channels.kannel.from"), "95588");
}

TEST_F(SettingsTest, NameAnUnknownSettingAndTheNearestKnownOne) {
  file(R"({"channels": {"twilio": {"api_bsae": "http://127.0.0.1:9001"}}})");
  const auto found = fault();
  EXPECT_EQ(found.file, source_.file);
  EXPECT_EQ(found.pointer, "/channels/twilio/api_bsae");
  EXPECT_THAT(found.remedy, HasSubstr("\"api_base\""));
}

TEST_F(SettingsTest, NameAnUnknownSettingOfSet) {
  set("channels.twillio.from", "x");
  const auto found = fault();
  EXPECT_EQ(found.file, "--set");
  EXPECT_EQ(found.pointer, "/channels/twillio");
  EXPECT_THAT(found.remedy, HasSubstr("\"twilio\""));
}

TEST_F(SettingsTest, RefuseAPathWithAnEmptyNameAndOddSigns) {
  set("channels..from", "x");
  set("", "x");
  set("a~b/c", "x");
  EXPECT_EQ(faults().size(), 3u);
}

TEST_F(SettingsTest, TellTypeRangeAndEnumOfAWrongValue) {
  set("http.threads", "\"many\"");
  set("http.max_body_bytes", "1");
  set("log.level", "loud");
  const auto found = faults();
  ASSERT_EQ(found.size(), 3u);
  for (const auto& one : found) {
    EXPECT_EQ(one.file, "--set");
    if (one.pointer == "/http/threads") {
      EXPECT_THAT(one.rule, HasSubstr("a whole number, 1 to 64"));
    }
    if (one.pointer == "/http/max_body_bytes") {
      EXPECT_THAT(one.rule, HasSubstr("1024 to"));
    }
    if (one.pointer == "/log/level") {
      EXPECT_THAT(one.rule, HasSubstr("\"debug\""));
    }
  }
}

TEST_F(SettingsTest, TellAllFaultsAtOnce) {
  file(R"({"http": {"threads": "x", "thread": 1}, "nonsense": true,
           "channels": {"kannel": {"secret": {"env": "HUIYIN_TEST_SECRET"}}}})");
  EXPECT_EQ(faults().size(), 4u);
}

TEST_F(SettingsTest, NameFileAndLineOfWhatIsNoJson) {
  file("{\n  \"http\": {\n    \"threads\": 3,,\n  }\n}\n");
  const auto found = fault();
  EXPECT_EQ(found.file, source_.file);
  EXPECT_THAT(found.rule, HasSubstr("line 3"));
}

TEST_F(SettingsTest, NameAFileThatIsNotThere) {
  source_.file = dir_ / "absent.json";
  EXPECT_EQ(fault().file, source_.file);
}

TEST_F(SettingsTest, ResolveASecretFromTheEnvironment) {
  setenv("HUIYIN_TEST_SECRET", "geheim", 1);
  set("channels.twilio.auth_token", R"({"env":"HUIYIN_TEST_SECRET"})");
  EXPECT_EQ(good().text("channels.twilio.auth_token"), "geheim");
}

TEST_F(SettingsTest, ResolveASecretFromAFileBesideTheConfigFile) {
  dir_.write("token", "geheim\n");
  file(R"({"channels": {"twilio": {"auth_token": {"file": "token"}}}})");
  EXPECT_EQ(good().text("channels.twilio.auth_token"), "geheim");
}

TEST_F(SettingsTest, ResolveAnyOtherSettingFromTheEnvironmentToo) {
  setenv("HUIYIN_TEST_SECRET", "9", 1);
  set("http.threads", R"({"env":"HUIYIN_TEST_SECRET"})");
  EXPECT_EQ(good().integer("http.threads"), 9);
}

TEST_F(SettingsTest, NameThePointerOfAnUnsetEnvironmentVariableOnce) {
  set("http.threads", R"({"env":"HUIYIN_TEST_SECRET"})");
  const auto found = fault();
  EXPECT_EQ(found.pointer, "/http/threads");
  EXPECT_THAT(found.rule, HasSubstr("HUIYIN_TEST_SECRET"));
}

TEST_F(SettingsTest, NameThePointerOfAnUnreadableSecretFile) {
  file(R"({"channels": {"kannel": {"password": {"file": "/nonexistent/secret"}}}})");
  const auto found = fault();
  EXPECT_EQ(found.file, source_.file);
  EXPECT_EQ(found.pointer, "/channels/kannel/password");
}

TEST_F(SettingsTest, RefuseASecretInPlainBySetAndNeverRepeatIt) {
  set("channels.twilio.auth_token", "hunter2-plain");
  set("channels.kannel", R"({"secret":"hunter2-plain"})");
  set("channels.kannel.password", R"({"env":"HUNTER)");  // broken JSON is a plain text
  const auto found = faults();
  ASSERT_EQ(found.size(), 3u);
  for (const auto& one : found) {
    EXPECT_THAT(one.pointer + one.rule + one.remedy, Not(HasSubstr("hunter2")));
    EXPECT_THAT(one.pointer + one.rule + one.remedy, Not(HasSubstr("HUNTER")));
  }
}

TEST_F(SettingsTest, NeverRepeatAWrongValueOfASecret) {
  file(R"({"channels": {"twilio": {"auth_token": ["hunter2"]}}})");
  const auto found = fault();
  EXPECT_EQ(found.pointer, "/channels/twilio/auth_token");
  EXPECT_THAT(found.rule + found.remedy, Not(HasSubstr("hunter2")));
}

TEST_F(SettingsTest, EnableChannelsByThemselvesInTheSandbox) {
  EXPECT_TRUE(good().channel_enabled("twilio"));
  set("channels.twilio.enabled", "false");
  EXPECT_FALSE(good().channel_enabled("twilio"));
}

TEST_F(SettingsTest, EnableAChannelOutsideTheSandboxWhenItsSecretIsSet) {
  source_.sandbox = false;
  setenv("HUIYIN_TEST_SECRET", "geheim", 1);
  set("channels.kannel.secret", R"({"env":"HUIYIN_TEST_SECRET"})");
  const auto settings = good();
  EXPECT_TRUE(settings.channel_enabled("rest"));
  EXPECT_TRUE(settings.channel_enabled("kannel"));
  EXPECT_FALSE(settings.channel_enabled("twilio"));
}

TEST_F(SettingsTest, RefuseAnEnabledChannelWithoutItsSecretOutsideTheSandboxOnly) {
  set("channels.twilio.enabled", "true");
  EXPECT_TRUE(good().channel_enabled("twilio"));
  source_.sandbox = false;
  const auto found = fault();
  EXPECT_EQ(found.pointer, "/channels/twilio/auth_token");
  EXPECT_THAT(found.remedy, HasSubstr("env"));
}

TEST_F(SettingsTest, CheckTheStartOfTheSandboxClock) {
  set("sandbox.start", "2026-11-23T10:00:00+08:00");
  EXPECT_EQ(good().text("sandbox.start"), "2026-11-23T10:00:00+08:00");
  set("sandbox.start", "2026-13-23T10:00:00+08:00");
  EXPECT_EQ(fault().pointer, "/sandbox/start");
}

}  // namespace
}  // namespace huiyin
