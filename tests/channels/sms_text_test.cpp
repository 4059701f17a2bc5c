#include "bot/sms_text.h"

#include <gtest/gtest.h>

#include "bot/degrade.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

std::string times(int count, const std::string& text) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

TEST(SmsText, CountsSeptetsUnitsAndSegments) {
  struct Case {
    std::string text;
    bool gsm7;
    std::size_t length;
    std::size_t segments;
  };
  const Case cases[] = {
      {"", true, 0, 1},
      {times(160, "a"), true, 160, 1},
      {times(161, "a"), true, 161, 2},
      {times(306, "a"), true, 306, 2},
      {times(307, "a"), true, 307, 3},
      {"^{}\\[~]|€", true, 18, 1},
      {times(80, "€"), true, 160, 1},
      {times(81, "€"), true, 162, 2},
      {"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ ¡ÄÖÑÜ§¿äöñüà", true, 44, 1},
      {"`", false, 1, 1},
      {"ç", false, 1, 1},
      {"\x1b", false, 1, 1},
      {times(70, "水"), false, 70, 1},
      {times(71, "水"), false, 71, 2},
      {times(134, "水"), false, 134, 2},
      {times(135, "水"), false, 135, 3},
      {"😀", false, 2, 1},
      {times(35, "😀"), false, 70, 1},
      {times(100, "a") + "水", false, 101, 2},
  };
  for (const auto& c : cases) {
    const SmsSize size = measure_sms(c.text);
    EXPECT_EQ(size.gsm7, c.gsm7) << c.text;
    EXPECT_EQ(size.length, c.length) << c.text;
    EXPECT_EQ(size.segments, c.segments) << c.text;
  }
}

TEST(SmsText, TheSignatureStandsInFrontOnce) {
  EXPECT_EQ(with_signature("您好", ""), "您好");
  EXPECT_EQ(with_signature("您好", "丽园"), "【丽园】您好");
  EXPECT_EQ(with_signature("【丽园】您好", "丽园"), "【丽园】您好");
}

TEST(SmsText, ASenderIsANumber) {
  EXPECT_EQ(sms_sender("+8613800138000")->id, "+8613800138000");
  EXPECT_EQ(sms_sender(" 008613800138000")->id, "+8613800138000");
  EXPECT_EQ(sms_sender("12345")->phone, "");
  for (const auto* wrong : {"", "+", "12", "whatsapp:+8613800138000", "1380013800a",
                            "1234567890123456", "＋8613800138000"}) {
    EXPECT_FALSE(sms_sender(wrong)) << wrong;
  }
}

TEST(Degrade, ButtonsBecomeALastLine) {
  EXPECT_EQ(with_buttons_as_text("对吗？", {{"是", "是的"}, {"否", "不是"}}), "对吗？\n是 / 否");
  EXPECT_EQ(with_buttons_as_text("对吗？", {}), "对吗？");
  EXPECT_EQ(with_buttons_as_text("", {{"是", "是的"}}), "是");
}

TEST(Degrade, SplittingLosesNothingAndKeepsTheBound) {
  const std::string text = times(10, "第一句话。第二句") + times(50, "字");
  for (const std::size_t bound : {1u, 7u, 20u, 1000u}) {
    std::string joined;
    for (const auto& part : split_text(text, bound)) {
      EXPECT_LE(code_points(part), bound);
      EXPECT_TRUE(is_valid_utf8(part));
      joined += part;
    }
    EXPECT_EQ(joined, text);
  }
  EXPECT_EQ(split_text("一二三。四五六", 6), (std::vector<std::string>{"一二三。", "四五六"}));
  EXPECT_TRUE(split_text("", 5).empty());
}

}  // namespace
}  // namespace huiyin
