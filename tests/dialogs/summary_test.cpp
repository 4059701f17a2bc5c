// What a form reads back before it records.
#include <gtest/gtest.h>

#include "tests/dialogs/talk_support.h"

namespace huiyin {
namespace {

using testing::entity;

class SummaryTest : public testing::TalkTest {
 protected:
  SummaryTest() : TalkTest(estate::migrations()) {
    import_units("荔园,3,2,501,89.5,王芳,13800138000\n");
  }
  // A repair that lacks nothing; what is read back.
  std::string summary_of(const std::string& description) {
    tell("web-1", description, Intent::report_repair);
    tell("web-1", "3栋2单元501", Intent::inform, {entity("unit", "3-2-501", "3栋2单元501")});
    tell("web-1", "王芳", Intent::inform, {entity("person", "王芳", "王芳")});
    tell("web-1", "13800138000", Intent::inform,
         {entity("phone", "+8613800138000", "13800138000")});
    const Json when{{"from", "2026-11-24T10:00:00+08:00"},
                    {"to", "2026-11-24T11:00:00+08:00"},
                    {"grain", "hour"}};
    const auto said = tell("web-1", "明天10点", Intent::inform, {entity("time", when, "明天10点")});
    EXPECT_TRUE(sessions_["web-1"].stack.back().confirming) << said;
    return said;
  }
  const Json& kept() { return *sessions_["web-1"].stack.back().value("description"); }
};

TEST_F(SummaryTest, ALongDescriptionIsReadBackByItsBeginningAndKeptWhole) {
  std::string description = "厨房水龙头漏水";  // seven characters
  while (description.size() < 3 * 1'000) description += "漏";
  const std::string begins = description.substr(0, 3 * std::size_t{100});
  const auto said = summary_of(description);
  EXPECT_TRUE(holds(said, "：" + begins + "…\n")) << said;
  EXPECT_EQ(kept(), description);
}

TEST_F(SummaryTest, WhatIsShortEnoughIsReadBackWhole) {
  std::string description = "厨房水龙头漏水";
  while (description.size() < 3 * 100) description += "漏";
  const auto said = summary_of(description);
  EXPECT_TRUE(holds(said, "：" + description + "\n")) << said;
  EXPECT_FALSE(holds(said, "…"));
}

}  // namespace
}  // namespace huiyin
