// Forms as files: choices in two languages, and which of them an answer means.
#include "bot/talk/form.h"

#include <gtest/gtest.h>

#include "bot/talk/choice.h"
#include "tests/support/temp_dir.h"

namespace huiyin {
namespace {

class FormFile : public testing::Test {
 protected:
  tl::expected<FormBook, ConfigFaults> load(const std::string& choices) {
    dir_.write("forms/pet.json", R"({"id": "pet", "title": {"zh": "宠物", "en": "Pet"},
      "slots": [{"name": "kind", "type": "choice", "label": {"zh": "种类", "en": "Kind"},
                 "choices": )" + choices +
                                     R"(}], "complete": {"action": "register"}})");
    return FormBook::load(dir_ / "forms");
  }
  std::string fault_at(const std::string& choices) {
    const auto book = load(choices);
    if (book) return "";
    EXPECT_EQ(book.error().size(), 1u);
    return book.error().front().pointer;
  }
  test::TempDir dir_;
};

TEST_F(FormFile, AChoiceIsATextOrOneInChineseAndEnglish) {
  const auto book = load(R"(["其他", {"zh": "猫", "en": "Cat", "also": ["Kitten"]}])");
  ASSERT_TRUE(book);
  const auto& choices = book->find("pet")->slot("kind")->choices;
  ASSERT_EQ(choices.size(), 2u);
  EXPECT_EQ(choices[0].shown(Language::en), "其他");
  EXPECT_EQ(choices[1].shown(Language::en), "Cat");
  EXPECT_EQ(choices[1].shown(Language::zh_hans), "猫");
  EXPECT_EQ(choices[1].shown(Language::zh_hant), "貓");
  EXPECT_EQ(choices[1].also, std::vector<std::string>{"kitten"});
}

TEST_F(FormFile, NamesTheChoiceThatIsAtFault) {
  EXPECT_EQ(fault_at(R"([])"), "/slots/0/choices");
  EXPECT_EQ(fault_at(R"("猫")"), "/slots/0/choices");
  EXPECT_EQ(fault_at(R"(["猫", {"zh": "狗"}])"), "/slots/0/choices/1");
  EXPECT_EQ(fault_at(R"(["猫", {"en": "Dog"}])"), "/slots/0/choices/1");
  EXPECT_EQ(fault_at(R"([5])"), "/slots/0/choices/0");
  EXPECT_EQ(fault_at(R"([{"zh": "猫", "en": "Cat", "also": "Kitten"}])"),
            "/slots/0/choices/0/also");
}

class SlotFile : public testing::Test {
 protected:
  tl::expected<FormBook, ConfigFaults> load(const std::string& slot) {
    dir_.write("forms/car.json", R"({"id": "car", "title": {"zh": "车", "en": "Car"}, "slots": [
      {"name": "day", "type": "date", "label": {"zh": "日子", "en": "Day"}},
      {"name": "it", "label": {"zh": "它", "en": "It"}, )" +
                                     slot + R"(}], "complete": {"action": "register"}})");
    return FormBook::load(dir_ / "forms");
  }
  std::string fault_at(const std::string& slot) {
    const auto book = load(slot);
    return book ? "" : book.error().front().pointer;
  }
  test::TempDir dir_;
};

TEST_F(SlotFile, APatternIsSearchedInCapitalsAndItsGroupKeptWithoutMarks) {
  const auto book =
      load(R"j("type": "text", "pattern": "(?:^|\\W)([A-Z][\\s·-]?[0-9]{3})", "invalid": "x")j");
  ASSERT_TRUE(book);
  const SlotSpec* slot = book->find("car")->slot("it");
  EXPECT_EQ(slot->matched("my plate is b·123").value_or(""), "B123");
  EXPECT_EQ(slot->matched("B 456").value_or(""), "B456");
  EXPECT_FALSE(slot->matched("b12"));
  EXPECT_EQ(refusal_of(*slot, "").phrase, "x");
}

TEST_F(SlotFile, NamesThePatternAndTheDayThatAreAtFault) {
  EXPECT_EQ(fault_at(R"j("type": "text", "pattern": "[", "invalid": "x")j"), "/slots/1/pattern");
  EXPECT_EQ(fault_at(R"j("type": "text", "pattern": "abc", "invalid": "x")j"), "/slots/1/pattern")
      << "without a group";
  EXPECT_EQ(fault_at(R"j("type": "text", "pattern": "(a)")j"), "/slots/1/invalid");
  EXPECT_EQ(fault_at(R"j("type": "date", "after": "day")j"), "");
  EXPECT_EQ(fault_at(R"j("type": "date", "after": "night")j"), "/slots/1/after");
  EXPECT_EQ(fault_at(R"j("type": "date", "after": "it")j"), "") << "itself a date: harmless";
}

TEST(ShippedForms, EveryChoiceHasEnglish) {
  const auto book = FormBook::load(HUIYIN_SOURCE_DIR "/config/forms");
  ASSERT_TRUE(book);
  int seen = 0;
  for (const auto& form : book->all()) {
    for (const auto& slot : form.slots) {
      for (const auto& choice : slot.choices) {
        ++seen;
        EXPECT_NE(choice.en, choice.zh) << form.id << " " << slot.name;
      }
    }
  }
  EXPECT_GT(seen, 20);
}

// ---- which one is meant

const std::vector<Choice>& deals() {
  static const auto book = FormBook::load(HUIYIN_SOURCE_DIR "/config/forms");
  return book->find("qms-pm-31305")->slot("deal")->choices;
}
std::string meant(std::string_view said, const std::vector<Choice>& choices = deals()) {
  const Choice* choice = choice_in(said, choices, [] {
    TalkWords words;
    words.negation = {"不是", "not "};
    return words;
  }());
  return choice == nullptr ? "" : choice->zh;
}

TEST(ChoiceAnswer, R1_10_05WhoeverLetsOrSellsASpaceCanSaySo) {
  EXPECT_EQ(meant("出租"), "出租");
  EXPECT_EQ(meant("我的车位想租出去"), "出租");
  EXPECT_EQ(meant("rent it out please"), "出租");
  EXPECT_EQ(meant("想卖掉"), "出售");
  EXPECT_EQ(meant("租"), "租用");
  EXPECT_EQ(meant("i want to rent one"), "租用");
  EXPECT_EQ(meant("买"), "购买");
}

TEST(ChoiceAnswer, TheLongestWordCountsAndANegatedOneDoesNot) {
  const std::vector<Choice> vehicles{{"自行车", "自行車", "Bicycle", {}},
                                     {"电动自行车", "電動自行車", "E-bike", {}}};
  EXPECT_EQ(meant("电动自行车", vehicles), "电动自行车");
  EXPECT_EQ(meant("電動自行車", vehicles), "电动自行车");
  EXPECT_EQ(meant("a bicycle", vehicles), "自行车");
  EXPECT_EQ(meant("不是出租，是出售"), "出售");
}

TEST(ChoiceAnswer, NothingIsGuessed) {
  EXPECT_EQ(meant("出租或者出售都行"), "") << "two of them";
  EXPECT_EQ(meant("the current one"), "") << "rent stands inside a word";
  EXPECT_EQ(meant("不知道"), "");
}

}  // namespace
}  // namespace huiyin
