// The composition root: the only place that knows every subject and every channel. It lists them,
// hands them to the gateway, and runs the command that was asked for.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "bot/gateway/command_line.h"
#include "bot/gateway/config_check.h"
#include "bot/gateway/data_folder.h"
#include "bot/gateway/derived_settings.h"
#include "bot/gateway/front_desk.h"
#include "bot/gateway/gateway.h"
#include "bot/gateway/listen.h"
#include "bot/gateway/post_office.h"
#include "bot/gateway/settings.h"
#include "bot/gateway/terminal.h"
#include "bot/gateway/verify.h"
#include "bot/talk/engine.h"
#include "bot/talk/talk_check.h"
#include "bot/understand/data_check.h"
#include "bot/understand/evaluate.h"
#include "channels/http/client.h"
#include "channels/http/server.h"
#include "channels/kannel/kannel_channel.h"
#include "channels/rest/rest_channel.h"
#include "channels/twilio/twilio_channel.h"
#include "dialogs/estate/resource.h"
#include "dialogs/subjects.h"
#include "store/base/text.h"
#include "store/outbox.h"

namespace huiyin {
namespace {

namespace fs = std::filesystem;
constexpr const char* version = HUIYIN_VERSION;
enum Exit { done = 0, failed = 1, wrong_usage = 2 };

// A command that cannot go on: said on stderr, with the exit code.
struct Quit {
  int code;
  std::vector<std::string> lines;
};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

template <class T>
T or_quit(Result<T> result, int code) {
  if (!result) throw Quit{code, {result.error().message}};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}
template <class T>
T or_quit(tl::expected<T, ConfigFaults> result) {
  if (result) return std::move(*result);
  Quit quit{wrong_usage, {}};
  for (const auto& fault : result.error()) quit.lines.push_back(to_line(fault));
  throw quit;
}

SettingsSource source_of(const Options& options) {
  SettingsSource source{options.config_dir, options.config_file, {}, options.sandbox};
  for (const auto& set : options.sets) {
    const auto equals = set.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw Quit{wrong_usage, {"--set takes PATH=VALUE"}};
    }
    source.sets.emplace_back(set.substr(0, equals), set.substr(equals + 1));
  }
  return source;
}

std::vector<store::Migration> migrations() {
  std::vector<store::Migration> all = store::store_migrations();
  for (const auto& part : {store::outbox_migrations(), subject_migrations()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

// Everything that talks, without the doors: used by serve and chat alike.
class House {
 public:
  House(Settings loaded, DataFolder folder, const std::string& model_file)
      : settings(std::move(loaded)),
        folder(std::move(folder)),
        database(
            or_quit(store::Database::open(this->folder.database_file(), migrations()), failed)),
        running(settings.flag("sandbox.run")),
        sandbox(make_sandbox()),
        speech(or_quit(load_speech(settings.config_dir() + "/phrases"))),
        understander(or_quit(load_understander(settings.config_dir(), model_file), wrong_usage)),
        forms(or_quit(FormBook::load(settings.config_dir() + "/forms"))),
        words(or_quit(TalkWords::load(settings.config_dir() + "/talk/words.json"))),
        rules(talk_rules(settings)),
        directory(or_quit(estate::load_profiles(settings.config_dir() + "/estates"))) {
    directory.load(database->writer());
    log.load(database->writer());
  }

  void open() {
    lane = make_lane(*database, clock(), executor, {.answering = http::run_later});
    lane->on_lost([this](store::Connection& db) { log.forget(db); });
    lane->before_commit([this](store::Connection& db) { log.fold(db); });
    post.emplace(
        PostParts{*speech, directory, log,
                  [this](Transaction& tx, const Outbound& out) { return enqueue(tx, out); },
                  [this] { return sms_channel(settings); }});
    subjects = or_quit(Subjects::open({settings, *database, *lane, random, directory, *speech,
                                       forms, words, rules, *post, *post}));
    engine.emplace(
        EngineParts{*speech, directory, forms, words, rules, *post, subjects->dialogs()});
    front.emplace(FrontParts{*lane, *database, log, *engine, *understander, clock(),
                             settings.sandbox(), [this](Transaction& tx, const Receipt& receipt) {
                               store::receive(tx.write(), receipt.outbound_id, receipt.state,
                                              receipt.provider, receipt.detail, tx.now());
                             }});
  }

  void close() {
    if (!lane) return;
    const auto folded = lane->run([this](Transaction& tx) { log.fold(tx.write(), true); });
    if (!folded)
      spdlog::error("the log of conversations was not folded: {}", folded.error().message);
    lane->stop();
  }

  const Clock& clock() const {
    return sandbox ? static_cast<const Clock&>(*sandbox) : static_cast<const Clock&>(machine);
  }

  Settings settings;
  DataFolder folder;
  std::unique_ptr<store::Database> database;
  SystemClock machine;
  SystemExecutor executor;
  SecureRandom random;
  const bool running;
  std::unique_ptr<SandboxClock> sandbox;
  std::unique_ptr<Speech> speech;
  std::unique_ptr<Understander> understander;
  FormBook forms;
  TalkWords words;
  TalkRules rules;
  estate::EstateDirectory directory;
  store::ConversationLog log;
  std::unique_ptr<Lane> lane;
  std::optional<PostOffice> post;
  std::unique_ptr<Subjects> subjects;
  std::optional<Engine> engine;
  std::optional<FrontDesk> front;
  std::function<void()> poke = [] {};  // the relay's, once there is one

 private:
  std::unique_ptr<SandboxClock> make_sandbox() {
    if (!settings.sandbox()) return nullptr;
    const std::string start = settings.text("sandbox.start");
    const Instant first =
        start.empty() ? machine.now() : or_quit(parse_rfc3339(start), wrong_usage);
    return std::make_unique<SandboxClock>(
        Scheduler::kept_time(database->writer(), first, running, machine), running, machine);
  }

  std::string enqueue(Transaction& tx, const Outbound& out) {
    const store::OutboxDraft draft{.channel = out.channel,
                                   .to = out.to,
                                   .text = out.text,
                                   .buttons = out.buttons,
                                   .template_id = out.template_id,
                                   .category = out.category,
                                   .order = out.order};
    auto made = store::enqueue(tx.write(), draft, random, tx.now());
    tx.after_commit([this] { poke(); });
    return std::move(made.id);
  }
};

// The doors: which channels there are.
std::vector<std::unique_ptr<Channel>> make_channels(const Settings& settings, Front& front,
                                                    http::Client& client) {
  std::vector<std::unique_ptr<Channel>> channels;
  if (settings.channel_enabled("rest")) {
    channels.push_back(make_rest_channel(rest_options(settings), front));
  }
  if (settings.channel_enabled("twilio")) {
    channels.push_back(make_twilio_channel(twilio_options(settings), front, client));
  }
  if (settings.channel_enabled("kannel")) {
    channels.push_back(make_kannel_channel(kannel_options(settings), front, client));
  }
  return channels;
}

template <class T>
std::vector<T*> borrow(const std::vector<std::unique_ptr<T>>& owned) {
  std::vector<T*> out;
  out.reserve(owned.size());
  for (const auto& one : owned) out.push_back(one.get());
  return out;
}

// SIGTERM and SIGINT are taken here alone; every other thread was started with them blocked.
void wait_for_signal() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGTERM);
  sigaddset(&wanted, SIGINT);
  int signal = 0;
  sigwait(&wanted, &signal);
}

int open_doors(House& house, const Options& options, const ListenAddress& listen) {
  const Settings& settings = house.settings;
  http::use_threads(static_cast<std::size_t>(settings.integer("http.threads")));
  http::ServerOptions doors;
  doors.body_bytes_max = static_cast<std::size_t>(settings.integer("http.max_body_bytes"));
  doors.allow_public = options.behind_proxy;
  http::HttpServer server(doors);
  house.open();
  const auto client = http::make_client();
  const auto channels = make_channels(settings, *house.front, *client);
  for (const auto& channel : channels) house.front->add_channel(*channel);
  Gateway gateway({settings, *house.database, *house.lane, house.clock(), house.machine,
                   house.sandbox.get(), house.executor, house.random, house.directory,
                   *house.understander, *house.front, *house.post, house.subjects->dialogs(),
                   borrow(channels), house.subjects->resources(),
                   [&](std::string_view token) { return house.directory.check_token(token); },
                   environment("HUIYIN_ADMIN_TOKEN"), version,
                   or_quit(store::parse_redis_url(options.redis), wrong_usage)});
  house.poke = [&] { gateway.poke(); };
  gateway.mount(server);
  house.subjects->add_routes(server);
  server.set_guard(
      [&](const http::Request& request, const http::RouteInfo&) { return gateway.guard(request); });
  server.set_access_log(
      [&](const std::string& method, const std::string& pattern, int status,
          std::chrono::microseconds took) { gateway.count(method, pattern, status, took); });
  gateway.start();
  const int port = or_quit(server.start(listen.host, listen.port), failed);
  std::cout << Json{{"listening", listen.host + ":" + std::to_string(port)}}.dump() << std::endl;
  wait_for_signal();
  spdlog::info("stopping");
  server.stop();
  gateway.stop();
  house.close();
  return done;
}

int serve(const Options& options) {
  const ListenAddress listen =
      or_quit(parse_listen(options.listen, options.behind_proxy), wrong_usage);
  or_quit(store::parse_redis_url(options.redis), wrong_usage);
  Settings settings = or_quit(Settings::load(source_of(options)));
  spdlog::set_level(spdlog::level::from_str(settings.text("log.level")));
  DataFolder folder =
      or_quit(DataFolder::open(options.data, environment("HUIYIN_DATABASE_URL")), wrong_usage);
  or_quit(folder.lock(), wrong_usage);
  House house(std::move(settings), std::move(folder), options.model);
  return open_doors(house, options, listen);
}

// A conversation in the terminal: the house without doors, in a folder of its own.
int chat(Options options) {
  char name[] = "/tmp/huiyin-chat-XXXXXX";
  if (mkdtemp(name) == nullptr) throw Quit{failed, {"cannot make a folder under /tmp"}};
  const std::unique_ptr<char, void (*)(char*)> gone(name,
                                                    [](char* folder) { fs::remove_all(folder); });
  options.sandbox = true;
  options.sets.push_back("sandbox.run=true");
  spdlog::set_level(spdlog::level::warn);
  House house(or_quit(Settings::load(source_of(options))), or_quit(DataFolder::open(name), failed),
              options.model);
  house.open();
  std::stringstream units, staff;
  units << std::ifstream(options.config_dir + "/demo/units.csv").rdbuf();
  staff << std::ifstream(options.config_dir + "/demo/staff.csv").rdbuf();
  or_quit(house.lane->run([&](Transaction& tx) {
    estate::import_demo(tx, house.directory, units.str(), staff.str());
  }),
          failed);
  talk_in_terminal(*house.front, *house.database);
  house.close();
  return done;
}

int check(const Options& options) {
  std::vector<ConfigCheck> checks{check_estates, check_catalogue, check_talk, check_training_data};
  for (auto& check : subject_checks()) checks.push_back(std::move(check));
  checks.push_back([&](const std::string& dir) {
    const auto loaded = load_understander(dir, options.model);
    return loaded ? ConfigFaults()
                  : ConfigFaults{{"understanding", "", loaded.error().message,
                                  "mend the file, then build again (./dev build)"}};
  });
  const auto faults = check_configuration(source_of(options), checks);
  for (const auto& fault : faults) std::cerr << to_line(fault) << "\n";
  if (faults.empty()) std::cout << "the configuration is sound\n";
  return faults.empty() ? done : wrong_usage;
}

int parse(const Options& options, const std::string& text) {
  const auto understander =
      or_quit(load_understander(options.config_dir, options.model), wrong_usage);
  const Zone zone = Zone::shanghai();
  const Understanding heard =
      understander->parse(to_valid_utf8(text), {SystemClock().now(), &zone});
  std::cout << dump_json(to_rasa(heard)) << "\n";
  return done;
}

int verify_command(const Options& options) {
  const auto folder =
      or_quit(DataFolder::open(options.data, environment("HUIYIN_DATABASE_URL")), wrong_usage);
  if (folder.empty()) throw Quit{wrong_usage, {"there is no database in " + options.data}};
  store::Connection db(folder.database_file(), true);
  const Json report = verify(db, subject_audits());
  std::cout << report.dump(2) << "\n";
  return report["ok"].get<bool>() ? done : failed;
}

int run(int argc, char** argv) {
  CommandLine line;
  if (const auto exit_code = line.read(argc, argv)) return *exit_code == 0 ? done : wrong_usage;
  const Options& options = line.options;
  const std::string& command = line.command;
  const bool configured = command != "verify" && command != "backup" && command != "restore";
  if (configured && !fs::is_directory(options.config_dir)) {
    throw Quit{
        wrong_usage,
        {"there is no configuration folder " + options.config_dir + "; --config-dir names it"}};
  }
  if (command == "serve") return serve(options);
  if (command == "chat") return chat(options);
  if (command == "parse") return parse(options, line.text);
  if (command == "evaluate") {
    Evaluation wanted = line.evaluation;
    if (!line.moment.empty()) wanted.now = or_quit(parse_rfc3339(line.moment), wrong_usage);
    std::cout << or_quit(evaluate(wanted), wrong_usage).dump(2) << "\n";
    return done;
  }
  if (command == "check") return check(options);
  if (command == "verify") return verify_command(options);
  const auto folder =
      or_quit(DataFolder::open(options.data, environment("HUIYIN_DATABASE_URL")), wrong_usage);
  if (command == "backup") or_quit(backup(folder, line.file), failed);
  if (command == "restore") or_quit(restore(line.file, folder, migrations()), failed);
  return done;
}

}  // namespace
}  // namespace huiyin

int main(int argc, char** argv) {
  // Blocked before any thread starts; serve() waits for them in one place.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  const bool serves = argc > 1 && std::string_view(argv[1]) == "serve";
  if (serves) pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  umask(077);  // what is written holds personal data
  spdlog::set_default_logger(spdlog::stderr_logger_mt("huiyin"));
  spdlog::set_pattern(R"({"at":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":"%v"})");
  try {
    return huiyin::run(argc, argv);
  } catch (const huiyin::Quit& quit) {
    for (const auto& line : quit.lines) std::cerr << line << "\n";
    return quit.code;
  } catch (const std::exception& e) {
    std::cerr << "huiyin: " << e.what() << "\n";
    return 1;
  }
}
