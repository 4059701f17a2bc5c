#include "store/base/phone.h"

#include <gtest/gtest.h>

#include <random>

namespace huiyin {
namespace {

TEST(PhoneTest, AMobileNumberIsWhatTheLibrarySaysOfItInEveryPrefix) {
  std::mt19937 random(86);
  for (int prefix = 13'000; prefix < 20'000; ++prefix) {
    for (int i = 0; i < 2; ++i) {  // the second is answered from what was learned with the first
      const std::string rest = std::to_string(random() % 1'000'000 + 1'000'000).substr(1);
      const std::string number = std::to_string(prefix) + rest;
      const auto quick = parse_phone(number, "CN");
      const auto asked = parse_phone("+86" + number, "CN");  // this form always asks the library
      ASSERT_EQ(quick.has_value(), asked.has_value()) << number;
      if (asked) {
        ASSERT_EQ(*quick, *asked);
      }
    }
  }
}

TEST(PhoneTest, FormsOfOneNumberAreOneNumber) {
  for (const char* text : {"13800138000", "+8613800138000", "138 0013 8000", "138-0013-8000"}) {
    EXPECT_EQ(parse_phone(text, "CN"), "+8613800138000") << text;
  }
  for (const char* text : {"12345678901", "1380013800", "138001380000", "1380013800a", ""}) {
    EXPECT_FALSE(parse_phone(text, "CN")) << text;
  }
}

}  // namespace
}  // namespace huiyin
