// Numbers as residents write them when a form asks for one (R1.10.18 and others).
#include "bot/understand/number_answer.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

// The number as JSON text, "none" when there is none.
std::string heard(std::string_view text, const std::vector<std::string>& labels = {},
                  const std::vector<std::pair<int, int>>& taken = {}) {
  const auto number = number_in(text, labels, taken);
  return number ? number->dump() : "none";
}

TEST(NumberAnswer, R1_10_18AReadingKeepsItsFraction) {
  EXPECT_EQ(heard("123.45"), "123.45");
  EXPECT_EQ(heard("水表现在是0.5"), "0.5");
  EXPECT_EQ(heard(".5"), "0.5");
  EXPECT_EQ(heard("１２３．４"), "123.4");
  EXPECT_EQ(heard("123。"), "123") << "the sentence ends";
  EXPECT_EQ(heard("123."), "123");
}

TEST(NumberAnswer, R1_10_18OneThatWasNotAskedForStandsBesideItsLabel) {
  const auto beside = [](std::string_view text, const std::vector<std::string>& labels) {
    const auto number = number_beside(text, labels);
    return number ? number->dump() : std::string("none");
  };
  const std::vector<std::string> electricity = {"电表底数", "Electricity meter reading"};
  EXPECT_EQ(beside("水表123，电表4567", electricity), "4567");
  EXPECT_EQ(beside("水123 电4567.5", electricity), "4567.5");
  EXPECT_EQ(beside("water 123 and electricity 4567", electricity), "4567");
  EXPECT_EQ(beside("水表123", electricity), "none");
  EXPECT_EQ(beside("我的电话留过了，水表123", electricity), "none");
  EXPECT_EQ(beside("123和4567", electricity), "none") << "which is which was not said";
}

TEST(NumberAnswer, ThousandsMayBePartedByCommas) {
  EXPECT_EQ(heard("12,345"), "12345");
  EXPECT_EQ(heard("1,234,567.8"), "1234567.8");
  EXPECT_EQ(heard("１２，３４５"), "12345");
  EXPECT_EQ(heard("12,34"), "12") << "no group of three: two numbers";
  EXPECT_EQ(heard("123，456"), "123") << "a comma of the sentence: two numbers";
}

TEST(NumberAnswer, FullWidthAndChineseNumeralsCount) {
  EXPECT_EQ(heard("１２３"), "123");
  EXPECT_EQ(heard("两部"), "2");
  EXPECT_EQ(heard("兩部"), "2");
  EXPECT_EQ(heard("三个人"), "3");
  EXPECT_EQ(heard("十二"), "12");
  EXPECT_EQ(heard("一共住一百二十五个"), "125");
  EXPECT_EQ(heard("三点五"), "3.5");
  EXPECT_EQ(heard("两萬"), "20000");
  EXPECT_EQ(heard("1.2万"), "12000");
  EXPECT_EQ(heard("two lines please"), "2");
}

TEST(NumberAnswer, WhatOnlyLooksLikeANumberIsNone) {
  EXPECT_EQ(heard("都一样"), "none");
  EXPECT_EQ(heard("万一不够呢"), "none");
  EXPECT_EQ(heard("千万别"), "none");
  EXPECT_EQ(heard("粤B12345"), "none");
  EXPECT_EQ(heard("12月1日"), "none");
  EXPECT_EQ(heard("2026.12.1"), "none");
  EXPECT_EQ(heard("1234567890123456"), "none") << "more digits than are kept exactly";
  EXPECT_EQ(heard(""), "none");
  EXPECT_EQ(heard("我住3-2-501，三个人", {}, {{2, 9}}), "3") << "an address is told there";
}

TEST(NumberAnswer, ANegativeOneIsNeverTaken) {
  for (const char* text : {"-5", "－5", "−5", "负五", "負12", "minus 5", "- 5"}) {
    EXPECT_EQ(heard(text), "none") << text;
  }
  EXPECT_EQ(heard("3-5"), "3") << "a range";
}

TEST(NumberAnswer, OfSeveralTheOneNextToTheLabelIsMeantElseTheFirst) {
  const std::vector<std::string> water{"水表底数", "Water meter reading"};
  const std::vector<std::string> power{"电表底数", "Electricity meter reading"};
  for (const char* text : {"水表123.5，电表456", "电表456，水表123.5", "123.5是水表，456是电表",
                           "水表是123.5电表是456", "水123.5 电456"}) {
    EXPECT_EQ(heard(text, water), "123.5") << text;
    EXPECT_EQ(heard(text, power), "456") << text;
  }
  EXPECT_EQ(heard("electricity 456, water 123", water), "123");
  EXPECT_EQ(heard("7和8", water), "7");
}

TEST(NumberAnswer, BareNumbersAreToldFromTimes) {
  EXPECT_TRUE(is_bare_number("12.5"));
  EXPECT_TRUE(is_bare_number("三点五"));
  EXPECT_FALSE(is_bare_number("12:05"));
  EXPECT_FALSE(is_bare_number("今天"));
  EXPECT_FALSE(is_bare_number(""));
}

}  // namespace
}  // namespace huiyin
