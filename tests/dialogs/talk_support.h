// A conversation by hand for the tests of subjects: the shipped phrases, forms and words, a real
// database, messages whose understanding the test states, and a post that keeps what it is given.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bot/speech/speech.h"
#include "bot/talk/engine.h"
#include "bot/talk/words.h"
#include "tests/dialogs/estate_support.h"

namespace huiyin::testing {

class TestPost final : public Post {
 public:
  std::string send(Transaction&, const Notice& notice) override {
    notices.push_back(notice);
    return "ob_" + std::to_string(notices.size());
  }
  std::string send_text(Transaction&, std::string_view, std::string_view,
                        std::string_view) override {
    return "ob_text";
  }
  std::string to_staff(Transaction& tx, const StaffRecord& staff, Notice notice) override {
    notice.phone = staff.phone;
    return send(tx, notice);
  }
  std::string to_role(Transaction& tx, std::string_view role, Notice notice) override {
    notice.address = "role:" + std::string(role);
    return send(tx, notice);
  }
  std::vector<Notice> notices;
};

inline Entity entity(std::string kind, Json value, std::string text, int start = 0) {
  Entity out;
  out.kind = std::move(kind);
  out.value = std::move(value);
  out.start = start;
  int length = 0;
  for (const char c : text) length += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  out.end = start + length;
  out.text = std::move(text);
  return out;
}

inline std::unique_ptr<Speech> shipped_speech() {
  auto speech = load_speech(HUIYIN_SOURCE_DIR "/config/phrases");
  if (!speech) throw std::runtime_error("phrases: " + speech.error().front().rule);
  return std::move(*speech);
}
inline FormBook shipped_forms() {
  auto forms = FormBook::load(HUIYIN_SOURCE_DIR "/config/forms");
  if (!forms) throw std::runtime_error("forms: " + forms.error().front().rule);
  return std::move(*forms);
}
inline TalkWords shipped_words() {
  auto words = TalkWords::load(HUIYIN_SOURCE_DIR "/config/talk/words.json");
  if (!words) throw std::runtime_error("words: " + words.error().front().rule);
  return std::move(*words);
}

// Several conversations of one house. The clock stands until the test moves it.
class TalkTest : public ::testing::Test {
 protected:
  explicit TalkTest(std::vector<store::Migration> migrations)
      : folder_(std::move(migrations)),
        directory_(test_profiles()),
        speech_(shipped_speech()),
        forms_(shipped_forms()),
        words_(shipped_words()) {
    directory_.load(db());
  }

  store::Connection& db() { return folder_.database->writer(); }
  void import_units(const std::string& rows) {
    const auto units =
        estate::read_units("estate,building,entrance,room,area_m2,owner,phone\n" + rows);
    ASSERT_TRUE(units.faults.empty());
    TestTransaction tx(*folder_.database, now_);
    estate::take_units(
        tx.write(), units.rows, [](auto) { return "liyuan"; }, now_);
    directory_.refresh_units(tx);
    tx.commit();
  }
  void pass(Millis span) { now_ += span; }

  // One message; the answers stand in `replies`, joined.
  std::string tell(const std::string& sender, const std::string& text, Intent intent,
                   std::vector<Entity> entities = {}) {
    Understanding heard;
    heard.text = text;
    heard.intent = intent;
    heard.confidence = 0.95;
    heard.entities = std::move(entities);
    heard.language = language_;
    heard.yes_no = std::exchange(yes_no_, std::nullopt);
    return tell(sender, heard);
  }
  // One message as it was understood, ranking and all.
  std::string tell(const std::string& sender, const Understanding& heard) {
    Inbound message;
    message.channel = proven_phone_.empty() ? "rest" : "twilio";
    message.sender = sender;
    message.text = heard.text;
    message.proven_phone = proven_phone_;
    Engine engine({*speech_, directory_, forms_, words_, rules_, post_, dialogs_});
    TestTransaction tx(*folder_.database, now_);
    result_ = engine.run(message, heard, sessions_[sender], tx, message.channel, true);
    tx.commit();
    // As the gateway keeps it: nothing lives on that is not in the stored form.
    sessions_[sender] = *Session::from_json(Json::parse(sessions_[sender].to_text()));
    std::string said;
    for (const auto& reply : result_.replies) said += (said.empty() ? "" : "\n") + reply.text;
    return said;
  }
  // What the phrase says, for comparing with an answer that holds it.
  std::string phrase(std::string_view id, const Args& args = {}) const {
    const Zone zone = Zone::shanghai();
    return speech_->say(id, Language::zh_hans, args, {now_, &zone});
  }
  static bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  Instant now_ = *parse_rfc3339("2026-11-23T10:00:00+08:00");
  DataFolder folder_;
  estate::EstateDirectory directory_;
  std::unique_ptr<Speech> speech_;
  const FormBook forms_;
  const TalkWords words_;
  TalkRules rules_;
  TestPost post_;
  std::vector<Dialog*> dialogs_;
  std::map<std::string, Session> sessions_;
  std::string proven_phone_;  // set: the channel proves it
  Language language_ = Language::zh_hans;
  std::optional<bool> yes_no_;  // of the next message
  TurnResult result_;
};

inline std::vector<store::Migration> joined(std::vector<std::vector<store::Migration>> lists) {
  std::vector<store::Migration> all;
  for (auto& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

}  // namespace huiyin::testing
