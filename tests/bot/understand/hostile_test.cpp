// Whatever is sent is read without a crash, in time that grows with the text, with offsets inside
// it.
#include <random>

#include "bot/understand/normalizer.h"
#include "store/base/text.h"
#include "tests/bot/understand/support.h"

namespace huiyin::test {
namespace {

void expect_sound(const std::string& text) {
  Understanding read = parse(text);
  const int length = static_cast<int>(code_points(to_valid_utf8(text)));
  EXPECT_EQ(read.text, text);
  int before = 0;
  for (const Entity& entity : read.entities) {
    EXPECT_LE(0, entity.start);
    EXPECT_LT(entity.start, entity.end);
    EXPECT_LE(entity.end, length);
    EXPECT_LE(before, entity.start);
    before = entity.start;
  }
  EXPECT_GE(read.confidence, 0);
  EXPECT_LE(read.confidence, 1);
}

std::string repeated(std::string_view piece, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += piece;
  return text;
}

TEST(HostileText, of_every_kind_is_read) {
  using namespace std::string_literals;
  for (const std::string& text : {""s,
                                  " "s,
                                  "\n\n"s,
                                  "。"s,
                                  "\0"s,
                                  "3栋\0002单元501"s,
                                  "\xE2\x80\xAE"
                                  "3栋2单元501"s,
                                  "\xF0\x9F\x98\x80"s,
                                  "\xFF\xFE\x80"s,
                                  "e\xCC\x81\xCC\x81\xCC\x81"s,
                                  "'; DROP TABLE sessions; --"s,
                                  "<script>alert(1)</script>"s,
                                  "{{7*7}} ${x}"s,
                                  "﷽"s,
                                  "１２３４５６７８９０１２３４５６７８９０"s,
                                  "99999999999999999999元"s,
                                  "零零零零零零零零点"s,
                                  "2026年13月45日"s,
                                  "25点70分"s,
                                  "0-0-000"s,
                                  "百百百百块"s,
                                  "半半半半小时后"s,
                                  "到到到两点到到四点"s,
                                  "99999999天后"s,
                                  "一万万万万元"s}) {
    expect_sound(text);
  }
}

TEST(HostileText, a_nul_does_not_end_a_text) {
  using namespace std::string_literals;
  EXPECT_EQ(value_of(parse("你好\0我在3栋2单元501"s), "unit"), "3-2-501");
}

TEST(HostileText, bidi_controls_hide_nothing) {
  EXPECT_EQ(value_of(parse("3栋\xE2\x80\xAE"
                           "2单元\xE2\x81\xA6"
                           "501室"),
                     "unit"),
            "3-2-501");
}

TEST(HostileText, of_great_length_is_read) {
  for (const char* piece : {"啊",
                            "3栋2单元501",
                            "(",
                            "((((",
                            "明天上午十点到",
                            "1",
                            "一",
                            "13800138000 ",
                            "王",
                            "王芳，",
                            "¥1",
                            "着",
                            "。",
                            "à",
                            "e\xCC\x81",
                            "\xCC\x81",
                            "😀",
                            "flat ",
                            "building 3 ",
                            "my name is ",
                            "80块5",
                            "3-",
                            "a",
                            " ",
                            "from 2 to ",
                            "每",
                            "the 25th ",
                            "水龙头",
                            "12/f ",
                            "小周"}) {
    expect_sound(repeated(piece, 20000 / static_cast<int>(std::string_view(piece).size())));
  }
}

TEST(HostileText, work_grows_no_faster_than_the_text) {
  // Counted in steps of the canonical text, not in time: a run of marks folds to its own length.
  Normalizer normalizer;
  Normalized out;
  for (const char* piece : {"\xCC\x81", "e\xCC\x81\xCC\xA3", "㎡", "﷽"}) {
    normalizer.normalize(repeated(piece, 5000), out);
    EXPECT_LE(out.points.size(), 5000u * 20);
  }
}

TEST(HostileText, random_bytes_are_read) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string text(random() % 200, '\0');
    for (char& byte : text) byte = static_cast<char>(random());
    expect_sound(text);
  }
}

TEST(HostileText, random_shuffles_of_meaningful_pieces_are_read) {
  static const char* pieces[] = {
      "3栋",   "2单元",   "501",  "明天", "上午", "十点",    "到",    "-",  "，",
      "。",    "的",      "王",   "芳",   "女士", "1380013", "8000",  "块", "5",
      "分",    "星",      "号",   "楼",   "半",   "后",      "前",    "每", "周",
      "二",    "下",      "at ",  "10",   "am",   " ",       "flat ", "5b", "block ",
      "next ", "tuesday", "着火", "如果", "😀",    "\xCC\x81"};
  std::mt19937 random(11);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (unsigned i = 0, count = random() % 14; i < count; ++i) {
      text += pieces[random() % std::size(pieces)];
    }
    SCOPED_TRACE(text);
    expect_sound(text);
  }
}

TEST(Normalising, folds_width_case_script_and_runs) {
  Normalizer normalizer;
  Normalized out;
  normalizer.normalize("ＡＢＣ　　１２：３０！！！樓", out);
  EXPECT_EQ(out.text, "abc 12:30!楼");
  EXPECT_EQ(out.origin.size(), out.points.size());
  EXPECT_EQ(out.language, Language::zh_hant);
  EXPECT_EQ(out.origin[3].point_end, 5u);  // both blanks
}

// What looks at the next character must look whether there is one (a sanitizer build tells).
TEST(Hostile, every_beginning_of_a_message_is_read) {
  for (const char* whole :
       {"我是3栋2单元501的王芳，厨房水龙头漏水，明天上午十点来修，电话13800138000", "我姓周",
        "免贵姓李，叫我张三就行", "周五下午三点到四点",
        "my name is Tom, unit 3-2-501, tomorrow at 3pm", "非常满意，五星⭐⭐⭐⭐⭐"}) {
    const std::string text = whole;
    for (std::size_t points = 1; points <= code_points(text); ++points) {
      expect_sound(first_code_points(text, points));
    }
  }
}

}  // namespace
}  // namespace huiyin::test
