#include "tests/bot/understand/support.h"

namespace huiyin::test {
namespace {

struct Row {
  const char* said;
  Intent intent;
};
void expect_intents(std::initializer_list<Row> rows) {
  for (const auto& row : rows) {
    EXPECT_EQ(to_string(parse(row.said).intent), to_string(row.intent)) << row.said;
  }
}
TEST(Intents, both_are_told_from_words) {
  expect_intents({Row{"你好", Intent::greet},
                  Row{"再见！", Intent::goodbye},
                  Row{"谢谢您", Intent::thank},
                  Row{"好的", Intent::affirm},
                  Row{"好好好", Intent::affirm},
                  Row{"不用了，谢谢", Intent::deny},
                  Row{"ＴＤ", Intent::opt_out},
                  Row{"退订。", Intent::opt_out},
                  Row{"STOP", Intent::opt_out},
                  Row{"恢复订阅", Intent::opt_in},
                  Row{"转人工", Intent::ask_human},
                  Row{"我家卫生间水龙头漏水了", Intent::report_repair},
                  Row{"3栋2单元楼道的灯不亮了", Intent::report_public_fault},
                  Row{"我要投诉保安态度恶劣", Intent::file_complaint},
                  Row{"师傅什么时候来", Intent::ask_status},
                  Row{"催一下", Intent::urge},
                  Row{"怎么还不来", Intent::urge},
                  Row{"我想申请一个车位", Intent::request_form},
                  Row{"3栋2单元501", Intent::inform},
                  Row{"13800138000", Intent::inform},
                  Row{"五星", Intent::rate},
                  Row{"hello", Intent::greet},
                  Row{"my kitchen tap is leaking", Intent::report_repair},
                  Row{"I want to talk to a human", Intent::ask_human}});
}

// Consent is asked for in so many words, or not at all.
TEST(Intents, opt_in_needs_a_word_of_messages) {
  for (const char* said : {"继续", "继续吧", "我改变主意了，还是修吧", "我改变主意了", "go on"}) {
    EXPECT_NE(parse(said).intent, Intent::opt_in) << said;
  }
  expect_intents({Row{"继续", Intent::affirm}, Row{"我改变主意了，还是修吧", Intent::report_repair},
                  Row{"重新给我推送活动消息吧", Intent::opt_in},
                  Row{"subscribe me again please", Intent::opt_in}});
}

TEST(Intents, who_begins_with_a_complaint_complains) {
  expect_intents(
      {Row{"投诉：1栋门口垃圾桶三天没人倒了，我是1栋1单元101张三", Intent::file_complaint},
       Row{"我要投诉，电梯坏了三天没人修", Intent::file_complaint},
       Row{"投诉：电梯里有人被困了，快来", Intent::report_emergency}});
}

TEST(Ranking, names_every_intent_once_best_first) {
  Understanding read = parse("我家马桶堵了");
  ASSERT_EQ(read.ranking.size(), static_cast<std::size_t>(intent_count));
  EXPECT_EQ(read.ranking.front().first, read.intent);
  EXPECT_DOUBLE_EQ(read.ranking.front().second, read.confidence);
  double sum = 0;
  std::set<Intent> names;
  for (std::size_t i = 0; i < read.ranking.size(); ++i) {
    names.insert(read.ranking[i].first);
    sum += read.ranking[i].second;
    if (i > 1) {
      EXPECT_LE(read.ranking[i].second, read.ranking[i - 1].second);
    }
  }
  EXPECT_EQ(names.size(), read.ranking.size());
  EXPECT_NEAR(sum, 1, 1e-3);
}

TEST(SeveralMatters, the_first_request_leads_and_the_others_follow_in_order) {
  Understanding read = parse("我家马桶堵了，麻烦来修。另外我要投诉楼上半夜装修太吵");
  EXPECT_EQ(read.intent, Intent::report_repair);
  ASSERT_FALSE(read.further.empty());
  EXPECT_EQ(read.further[0], Intent::file_complaint);
}

TEST(SeveralMatters, a_fault_of_the_house_beside_one_at_home_is_a_matter_of_its_own) {
  for (const char* both : {"厨房漏水；楼道灯也坏了", "我家厨房水龙头漏水，楼道灯也坏了",
                           "马桶堵了\n大堂的灯不亮", "厨房水龙头漏水，还有大堂的门关不上",
                           "my kitchen tap is leaking; the lobby light is out too"}) {
    const Understanding read = parse(both);
    EXPECT_EQ(read.intent, Intent::report_repair) << both;
    ASSERT_EQ(read.further.size(), 1u) << both;
    EXPECT_EQ(read.further[0], Intent::report_public_fault) << both;
  }
  const Understanding read = parse("电梯坏了；我家马桶也堵了");
  EXPECT_EQ(read.intent, Intent::report_public_fault);
  ASSERT_EQ(read.further.size(), 1u);
  EXPECT_EQ(read.further[0], Intent::report_repair);
}

TEST(SeveralMatters, each_is_told_where_its_clauses_stand) {
  const Understanding read = parse("厨房漏水，水槽下面。楼道灯也坏了。");
  ASSERT_EQ(read.told.size(), 2u);
  EXPECT_EQ(read.told[0].start, 0);
  EXPECT_EQ(read.told[0].end, read.told[1].start);
  EXPECT_EQ(read.told[1].start, 10);
  EXPECT_EQ(read.told[1].end, 17);
}

TEST(SeveralMatters, a_burst_about_one_thing_stays_one) {
  for (const char* one :
       {"厨房水管漏水了！漏得满地都是！已经漏了两天了！你们到底管不管！",
        "我家漏水！天花板都湿了！", "楼道漏水。天花板都滴水了。",
        "马桶堵了，水也漫出来了，卫生间没法用了", "电梯坏了。灯一闪一闪的。老人下不了楼。"}) {
    EXPECT_TRUE(parse(one).further.empty()) << one;
  }
}

TEST(SeveralMatters, a_greeting_before_a_request_is_none) {
  Understanding read = parse("你好！我家马桶堵了。谢谢！");
  EXPECT_EQ(read.intent, Intent::report_repair);
  EXPECT_TRUE(read.further.empty());
}

TEST(Answers, yes_and_no_are_read_whatever_the_classifier_says) {
  for (const char* yes : {"好的", "是", "对", "行", "可以", "嗯嗯", "没问题", "好的，谢谢", "確認",
                          "ok", "Yes", "yes please", "sure", "ＯＫ", "好滴～", "好的👌"}) {
    EXPECT_EQ(parse(yes).yes_no, true) << yes;
  }
  for (const char* no : {"不用了", "不是", "不对，是502", "算了", "不要", "不用了谢谢", "no thanks",
                         "No", "nope", "唔使", "不需要"}) {
    EXPECT_EQ(parse(no).yes_no, false) << no;
  }
  for (const char* neither :
       {"厨房漏水", "没有热水", "3栋2单元501", "明天上午", "好像漏水了", "不制冷", "norway"}) {
    EXPECT_FALSE(parse(neither).yes_no.has_value()) << neither;
  }
}

TEST(Answers, a_rating_is_read_from_words_when_it_was_asked_for) {
  const std::pair<const char*, int> rows[] = {{"5", 5},          {"４", 4},
                                              {"三", 3},         {"五星", 5},
                                              {"非常满意", 5},   {"满意", 4},
                                              {"一般", 3},       {"不满意", 2},
                                              {"非常不满意", 1}, {"師傅很好，非常滿意", 5},
                                              {"⭐⭐", 2},         {"very satisfied", 5},
                                              {"两分", 2}};
  for (auto [said, stars] : rows) EXPECT_EQ(parse(said).bare_rating, stars) << said;
  for (const char* none : {"6", "厨房漏水", "10"}) {
    EXPECT_FALSE(parse(none).bare_rating.has_value()) << none;
  }
}

TEST(Languages, are_told_by_script) {
  EXPECT_EQ(parse("水龙头漏水").language, Language::zh_hans);
  EXPECT_EQ(parse("水龍頭漏水").language, Language::zh_hant);
  EXPECT_EQ(parse("聽日得唔得").language, Language::zh_hant);
  EXPECT_EQ(parse("the tap leaks").language, Language::en);
  EXPECT_EQ(parse("13800138000").language, Language::zh_hans);
  EXPECT_EQ(parse("WiFi坏了 router offline").language, Language::zh_hans);
  EXPECT_EQ(parse("TD").language, Language::zh_hans);
  for (Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
    EXPECT_EQ(language_of(to_string(language)), language);
  }
}

TEST(Rasa, shape_is_kept) {
  Json json = to_rasa(parse("3栋2单元501水龙头漏水"));
  EXPECT_EQ(json["text"], "3栋2单元501水龙头漏水");
  EXPECT_TRUE(json["intent"]["name"].is_string());
  EXPECT_TRUE(json["intent"]["confidence"].is_number());
  EXPECT_EQ(json["intent_ranking"].size(), static_cast<std::size_t>(intent_count));
  const Json& unit = json["entities"][0];
  EXPECT_EQ(unit["entity"], "unit");
  EXPECT_EQ(unit["value"], "3-2-501");
  EXPECT_EQ(unit["start"], 0);
  EXPECT_EQ(unit["end"], 8);
  EXPECT_EQ(unit["text"], "3栋2单元501");
  EXPECT_TRUE(unit["extractor"].is_string());
}

TEST(IntentNames, are_the_contracts_and_read_back) {
  for (int i = 0; i < intent_count; ++i) {
    auto intent = static_cast<Intent>(i);
    EXPECT_EQ(intent_of(to_string(intent)), intent);
  }
  EXPECT_FALSE(intent_of("nothing").has_value());
}

}  // namespace
}  // namespace huiyin::test
