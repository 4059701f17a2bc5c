#include "dialogs/identity/identity.h"

#include <gtest/gtest.h>

#include "dialogs/identity/typed.h"
#include "tests/dialogs/talk_support.h"

namespace huiyin::identity {
namespace {

using huiyin::testing::entity;
using huiyin::testing::joined;
using huiyin::testing::TalkTest;

// ---- finding and hiding a code

std::string code_in(const std::string& text, std::vector<Entity> entities = {},
                    bool exact = false) {
  Understanding heard;
  heard.text = text;
  heard.entities = std::move(entities);
  const auto typed = typed_code(heard, exact);
  return typed ? typed->code + "|" + typed->masked : "none";
}

TEST(IdentityTyped, FindsACodeAndHidesItsDigits) {
  EXPECT_EQ("123456|••••••", code_in("123456"));
  EXPECT_EQ("123456|验证码是••••••，对吗", code_in("验证码是123456，对吗"));
  EXPECT_EQ("123456|••••••", code_in("１２３４５６")) << "full-width";
  EXPECT_EQ("123456|••• •••", code_in("123 456"));
  EXPECT_EQ("1234|••••", code_in("1234"));
  EXPECT_EQ("12345678|••••••••", code_in("12345678"));
}

TEST(IdentityTyped, LeavesOtherNumbersAlone) {
  EXPECT_EQ("none", code_in("123"));
  EXPECT_EQ("none", code_in("13800138000"));
  EXPECT_EQ("none", code_in("你好"));
  EXPECT_EQ("none", code_in("3栋2单元1203", {entity("unit", "3-2-1203", "3栋2单元1203")}));
  EXPECT_EQ("none", code_in("1203", {}, true)) << "a room, while a form asks for one";
  EXPECT_EQ("123456|••••••", code_in("123456", {entity("phone", "+86123456", "123456")}))
      << "digits alone are the answer to the code";
}

// ---- the dialogue

class Counter final : public Random {
 public:
  std::uint64_t next() override { return 123456 + 1111 * calls++; }
  std::uint64_t calls = 0;
};

class IdentityDialogue : public TalkTest {
 protected:
  IdentityDialogue() : TalkTest(joined({estate::migrations(), migrations()})) {
    auto words = load_resend_words(HUIYIN_SOURCE_DIR "/config/talk/identity.json");
    if (!words) throw std::runtime_error(words.error().front().rule);
    subject_ = std::make_unique<Identity>(IdentityParts{
        random_, *words,
        [this](Turn&, const std::string& estate, const std::string& unit, const std::string& text) {
          tasks_.push_back(estate + " " + unit + " " + text);
          return "GZ20261123-000" + std::to_string(tasks_.size());
        }});
    dialogs_ = {subject_.get()};
    import_units("荔园,3,2,501,89.5,王芳,13800138000\n荔园,3,2,502,89.5,李强,13800138001\n");
  }

  std::string ask(const std::string& sender, const std::string& unit) {
    return tell(sender, unit + "的物业费是多少", Intent::ask_fee, {entity("unit", unit, unit)});
  }
  std::string answer(const std::string& sender, const std::string& code) {
    return tell(sender, code, Intent::inform);
  }
  // The codes that were sent, newest last.
  std::vector<std::string> codes() const {
    std::vector<std::string> out;
    for (const auto& notice : post_.notices) {
      if (notice.category != "code") continue;
      out.push_back(std::get<std::string>(notice.args.find("code")->second));
    }
    return out;
  }
  bool verified(const std::string& sender) { return sessions_[sender].verified.has_value(); }

  Counter random_;
  std::unique_ptr<Identity> subject_;
  std::vector<std::string> tasks_;
};

TEST_F(IdentityDialogue, AskingByTheAddressSendsTheCodeToTheRegisteredPhoneAtOnce) {
  const auto said = ask("web-1", "3-2-501");
  EXPECT_TRUE(holds(said, phrase("identity.code_sent"))) << said;
  ASSERT_EQ(1u, post_.notices.size());
  EXPECT_EQ("identity.code_sms", post_.notices[0].template_id);
  EXPECT_EQ("code", post_.notices[0].category);
  EXPECT_EQ("+8613800138000", post_.notices[0].phone);
  EXPECT_EQ(6u, codes()[0].size());
  EXPECT_FALSE(verified("web-1"));
  EXPECT_TRUE(tasks_.empty());
}

TEST_F(IdentityDialogue, TheRightCodeVerifiesForThirtyMinutesAndGoesOnWithWhatWasWanted) {
  ask("web-1", "3-2-501");
  const auto said = answer("web-1", codes()[0]);
  EXPECT_TRUE(holds(said, phrase("identity.verified"))) << said;
  EXPECT_TRUE(holds(said, phrase("fees.request_recorded", {{"number", "GZ20261123-0001"}})));
  ASSERT_EQ(1u, tasks_.size());
  EXPECT_EQ("荔园 3-2-501 3-2-501的物业费是多少", tasks_[0]);
  EXPECT_EQ("fees.staff", post_.notices.back().template_id);
  EXPECT_EQ("role:finance", post_.notices.back().address);
  tell("web-1", "上个月的呢", Intent::ask_fee);
  EXPECT_EQ(2u, tasks_.size()) << "still verified";
  EXPECT_EQ(1u, codes().size());
  pass(std::chrono::minutes(30));
  tell("web-1", "上个月的呢", Intent::ask_fee);
  EXPECT_EQ(2u, tasks_.size()) << "30 minutes of silence end it";
}

TEST_F(IdentityDialogue, TheAnswerIsTheSameWhetherOrNotTheUnitExists) {
  const auto known = ask("web-1", "3-2-501");
  const auto unknown = ask("web-2", "9-9-909");
  EXPECT_EQ(known, unknown);
  EXPECT_EQ(1u, codes().size());
  EXPECT_EQ(ask("web-1", "3-2-501"), ask("web-2", "9-9-909")) << "too soon, for both";
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(answer("web-1", "000000"), answer("web-2", "000000")) << "try " << i + 1;
  }
}

TEST_F(IdentityDialogue, TheFifthTryMayStillBeRightAndASixthIsNotTaken) {
  ask("web-1", "3-2-501");
  for (int left = 4; left >= 1; --left) {
    EXPECT_TRUE(holds(answer("web-1", "000000"),
                      phrase("identity.wrong_code", {{"left", std::int64_t{left}}})));
  }
  answer("web-1", codes()[0]);
  EXPECT_TRUE(verified("web-1"));

  ask("web-2", "3-2-502");
  for (int i = 0; i < 4; ++i) answer("web-2", "000000");
  EXPECT_TRUE(holds(answer("web-2", "000000"), phrase("identity.too_many")));
  answer("web-2", codes()[1]);
  EXPECT_FALSE(verified("web-2")) << "void after five tries";
}

TEST_F(IdentityDialogue, ACodeLivesFiveMinutesAndIsUsedOnce) {
  ask("web-1", "3-2-501");
  pass(std::chrono::minutes(5) - Millis(1));
  answer("web-1", codes()[0]);
  EXPECT_TRUE(verified("web-1"));
  sessions_["web-1"].verified.reset();
  answer("web-1", codes()[0]);
  EXPECT_FALSE(verified("web-1")) << "one use";

  ask("web-2", "3-2-502");
  pass(std::chrono::minutes(5));
  EXPECT_TRUE(holds(answer("web-2", codes()[1]), phrase("identity.expired")));
  EXPECT_FALSE(verified("web-2"));
}

TEST_F(IdentityDialogue, ACodeCountsOnlyForTheConversationThatAskedForIt) {
  ask("web-1", "3-2-501");
  ask("web-2", "9-9-909");
  answer("web-2", codes()[0]);
  EXPECT_FALSE(verified("web-2"));
  tell("web-3", codes()[0], Intent::inform);
  EXPECT_FALSE(verified("web-3"));
  answer("web-1", codes()[0]);
  EXPECT_TRUE(verified("web-1"));
}

TEST_F(IdentityDialogue, APhoneGetsOneCodeAMinuteAndFiveAnHourFromWhateverConversations) {
  ask("web-1", "3-2-501");
  EXPECT_TRUE(holds(ask("web-2", "3-2-501"), phrase("identity.too_soon")));
  EXPECT_EQ(1u, codes().size());
  for (int i = 0; i < 8; ++i) {
    pass(std::chrono::minutes(1));
    ask("web-" + std::to_string(i), "3-2-501");
  }
  EXPECT_EQ(5u, codes().size());
  pass(std::chrono::minutes(52));
  ask("web-1", "3-2-501");
  EXPECT_EQ(6u, codes().size()) << "the first is an hour old";
}

TEST_F(IdentityDialogue, APhoneOfTwoUnitsKeepsItsLimitWithoutTellingSo) {
  import_units("荔园,5,1,101,89.5,王芳,13800138000\n");
  const auto first = ask("web-1", "3-2-501");
  EXPECT_EQ(first, ask("web-2", "5-1-101")) << "the same words";
  EXPECT_EQ(1u, codes().size());
}

TEST_F(IdentityDialogue, EveryRegisteredPhoneOfTheUnitGetsACodeOfItsOwn) {
  {
    huiyin::testing::TestTransaction tx(*folder_.database, now_);
    const auto unit = directory_.find_unit(tx.read(), {"3", "2", "501"}, "");
    tx.write().exec(
        "INSERT INTO unit_people(unit, name, phone, relation, source, created_at)"
        " VALUES(:u, '王小明', '+8613800138005', 'family', 'desk', 0)",
        unit->id);
    tx.commit();
  }
  ask("web-1", "3-2-501");
  ASSERT_EQ(2u, codes().size());
  EXPECT_NE(codes()[0], codes()[1]);
  answer("web-1", codes()[1]);
  ASSERT_TRUE(verified("web-1"));
  db().exec("DELETE FROM unit_people WHERE phone = '+8613800138005'");
  tell("web-1", "物业费多少", Intent::ask_fee);
  EXPECT_EQ(1u, tasks_.size()) << "whoever is taken off the household is verified no more";
}

TEST_F(IdentityDialogue, TheUnitIsAskedForWhenItWasNotNamed) {
  const auto said = tell("web-1", "我要查物业费", Intent::ask_fee);
  EXPECT_TRUE(holds(said, phrase("identity.ask_unit"))) << said;
  EXPECT_TRUE(codes().empty());
  tell("web-1", "3栋2单元501", Intent::inform, {entity("unit", "3-2-501", "3栋2单元501")});
  ASSERT_EQ(1u, codes().size());
  answer("web-1", codes()[0]);
  ASSERT_EQ(1u, tasks_.size());
  EXPECT_EQ("荔园 3-2-501 我要查物业费", tasks_[0]);
}

TEST_F(IdentityDialogue, AnotherCodeIsSentOnDemandAndTheFirstIsVoid) {
  ask("web-1", "3-2-501");
  pass(std::chrono::minutes(1));
  tell("web-1", "再发一个验证码", Intent::out_of_scope);
  ASSERT_EQ(2u, codes().size());
  answer("web-1", codes()[0]);
  EXPECT_FALSE(verified("web-1"));
  answer("web-1", codes()[1]);
  EXPECT_TRUE(verified("web-1"));
}

TEST_F(IdentityDialogue, ATypedCodeIsMaskedInWhatIsKeptAndStoredOnlyAsAHash) {
  ask("web-1", "3-2-501");
  answer("web-1", "验证码" + codes()[0]);
  EXPECT_EQ("验证码••••••", result_.masked_text);
  EXPECT_FALSE(holds(sessions_["web-1"].to_text(), codes()[0]));
  answer("web-1", codes()[0]);
  EXPECT_EQ("••••••", result_.masked_text) << "typed once more after its use";
  for (const auto& [hash, salt] :
       db().query<std::string, std::string>("SELECT hash, salt FROM identity_codes")) {
    EXPECT_FALSE(holds(hash + salt, codes()[0]));
  }
  tell("web-9", "123456", Intent::inform);
  EXPECT_EQ("", result_.masked_text) << "nobody asked for a code there";
}

TEST_F(IdentityDialogue, AProvenPhoneOfTheHouseholdNeedsNoCode) {
  proven_phone_ = "+8613800138000";
  tell("+8613800138000", "物业费多少", Intent::ask_fee);
  EXPECT_EQ(1u, tasks_.size());
  EXPECT_TRUE(codes().empty());
  ask("+8613800138000", "3-2-502");
  EXPECT_EQ(1u, tasks_.size()) << "another household's fees need its code";
  ASSERT_EQ(1u, codes().size());
  EXPECT_EQ("+8613800138001", post_.notices.back().phone);
}

}  // namespace
}  // namespace huiyin::identity
