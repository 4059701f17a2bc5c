#include "tests/bench/support/forgetful.h"

#include <unistd.h>

#include <array>
#include <mutex>
#include <unordered_map>

#include "bot/gateway/derived_settings.h"
#include "bot/gateway/settings.h"
#include "bot/talk/engine.h"
#include "channels/http/server.h"
#include "channels/http/threads.h"
#include "channels/rest/rest_channel.h"
#include "dialogs/estate/estate_directory.h"
#include "dialogs/smalltalk/smalltalk.h"
#include "store/base/secret.h"
#include "store/base/text.h"
#include "tests/bench/support/measure.h"

namespace huiyin::bench {
namespace {

template <class T>
T or_give_up(T loaded, const std::string& what) {
  if (!loaded) give_up(what + " cannot be read");
  return loaded;
}

class ReadOnly final : public Transaction {
 public:
  ReadOnly(store::Connection& db, Instant now) : db_(db), now_(now) {}
  store::Connection& read() override { return db_; }
  store::Connection& write() override { throw std::logic_error("nothing is written here"); }
  store::Connection& append() override { return write(); }
  Instant now() const override { return now_; }
  void after_commit(std::function<void()>) override {}

 private:
  store::Connection& db_;
  const Instant now_;
};

class NoPost final : public Post {
 public:
  std::string send(Transaction&, const Notice&) override { return {}; }
  std::string send_text(Transaction&, std::string_view, std::string_view,
                        std::string_view) override {
    return {};
  }
  std::string to_staff(Transaction&, const StaffRecord&, Notice) override { return {}; }
  std::string to_role(Transaction&, std::string_view, Notice) override { return {}; }
};

// Says what the repair desk says.
class Saying final : public Dialog {
 public:
  std::string_view id() const override { return "repair"; }
  std::vector<std::string> completions() const override { return {"work_order.repair"}; }
  Outcome complete(Turn& turn, const FormSpec&, const FormFrame& frame) override {
    const Json* time = frame.value("time");
    const auto range = time == nullptr ? std::nullopt : time_range(*time);
    turn.say(
        "repair.recorded",
        {{"number", "WX20261123-0001"},
         {"soon", std::string(range ? "no" : "yes")},
         {"time", range ? human_time(*range, turn.language(), {turn.now(), &turn.profile().zone})
                        : std::string()}});
    return Outcome::answered;
  }
};

class ForgetfulFront final : public Front {
 public:
  ForgetfulFront(const Settings& settings, const std::string& database, const std::string& model)
      : db_(database, true),
        speech_(*or_give_up(load_speech(settings.config_dir() + "/phrases"), "phrases")),
        understander_(*or_give_up(load_understander(settings.config_dir(), model), "the model")),
        forms_(*or_give_up(FormBook::load(settings.config_dir() + "/forms"), "forms")),
        words_(*or_give_up(TalkWords::load(settings.config_dir() + "/talk/words.json"), "words")),
        rules_(talk_rules(settings)),
        directory_(
            *or_give_up(estate::load_profiles(settings.config_dir() + "/estates"), "estates")),
        engine_({*speech_, directory_, forms_, words_, rules_, post_, {&saying_, &smalltalk_}}) {
    directory_.load(db_);
  }

  void accept(Inbound message, std::function<void(Result<TurnAnswer>)> done) override {
    const Zone zone = directory_.profile(message.estate).zone;
    const Instant now = clock_.now();
    const Understanding heard = understander_->parse(message.text, {now, &zone});
    TurnAnswer answer;
    {
      Shelf& shelf = shelves_[std::hash<std::string>()(message.sender) % shelves_.size()];
      const std::lock_guard lock(shelf.mutex);
      auto [at, first] = shelf.sessions.try_emplace(message.sender);
      if (first) answer.session_token = new_token();
      ReadOnly tx(db_, now);
      answer.replies = engine_.run(message, heard, at->second, tx, "rest", true).replies;
    }
    for (auto& reply : answer.replies) reply.text = safe_for_display(reply.text);
    done(std::move(answer));
  }
  void receive(Receipt, std::function<void(Result<void>)> done) override { done({}); }
  void watch(std::string, std::string, std::int64_t, StreamEvent,
             std::function<void(Result<std::shared_ptr<Watch>>)> done) override {
    done(fail(ErrorKind::not_found, "there is nothing to watch"));
  }

 private:
  SystemClock clock_;
  store::Connection db_;
  std::unique_ptr<Speech> speech_;
  std::unique_ptr<Understander> understander_;
  FormBook forms_;
  TalkWords words_;
  TalkRules rules_;
  estate::EstateDirectory directory_;
  NoPost post_;
  Saying saying_;
  Smalltalk smalltalk_;
  Engine engine_;
  struct Shelf {  // so that no thread waits for another one's sender
    std::mutex mutex;
    std::unordered_map<std::string, Session> sessions;
  };
  std::array<Shelf, 64> shelves_;
};

}  // namespace

void serve_forgetful(int port, const std::string& config, const std::string& database,
                     const std::string& binary_folder) {
  const auto settings =
      or_give_up(Settings::load({config, {}, {}, true}), "the settings of " + config);
  http::use_threads(static_cast<std::size_t>(settings->integer("http.threads")));
  ForgetfulFront front(*settings, database, binary_folder + "/intent.model");
  const auto channel = make_rest_channel(rest_options(*settings), front);
  http::HttpServer server;
  channel->add_routes(server);
  if (!server.start("127.0.0.1", port)) give_up("cannot listen");
  for (;;) ::pause();
}

}  // namespace huiyin::bench
