// The composition root: the only place that knows every subject and every channel. It lists them,
// hands them to the gateway, and runs the command that was asked for.
#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <sstream>

#include "bot/gateway/api_server.h"
#include "bot/gateway/config_check.h"
#include "bot/gateway/data_folder.h"
#include "bot/gateway/front_desk.h"
#include "bot/gateway/metrics.h"
#include "bot/gateway/operations.h"
#include "bot/gateway/post_office.h"
#include "bot/gateway/relay.h"
#include "bot/gateway/scheduler.h"
#include "bot/gateway/settings.h"
#include "bot/gateway/verify.h"
#include "bot/gateway/worker.h"
#include "bot/talk/engine.h"
#include "bot/talk/talk_check.h"
#include "bot/understand/evaluate.h"
#include "channels/http/client.h"
#include "channels/http/server.h"
#include "channels/kannel/kannel_channel.h"
#include "channels/rest/rest_channel.h"
#include "channels/twilio/twilio_channel.h"
#include "dialogs/complaint/complaint.h"
#include "dialogs/contacts/contacts.h"
#include "dialogs/emergency/emergency.h"
#include "dialogs/estate/estate_directory.h"
#include "dialogs/estate/import.h"
#include "dialogs/estate/resource.h"
#include "dialogs/estate/schema.h"
#include "dialogs/handover/handover.h"
#include "dialogs/identity/identity.h"
#include "dialogs/orders/orders_dialog.h"
#include "dialogs/orders/resource.h"
#include "dialogs/orders/schema.h"
#include "dialogs/orders/verify.h"
#include "dialogs/public_fault/public_fault.h"
#include "dialogs/registers/registers.h"
#include "dialogs/repair/repair.h"
#include "dialogs/smalltalk/smalltalk.h"
#include "dialogs/status/status.h"
#include "store/base/secret.h"
#include "store/base/text.h"
#include "store/meta.h"
#include "store/outbox.h"

namespace huiyin {
namespace {

namespace fs = std::filesystem;
constexpr const char* version = HUIYIN_VERSION;
enum Exit { done = 0, failed = 1, wrong_usage = 2 };

struct Options {
  std::string config_dir, config_file, data = "data", listen = "127.0.0.1:5005", redis;
  std::vector<std::string> sets;
  bool sandbox = false, behind_proxy = false;
};

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
  for (auto part : {store::outbox_migrations(), estate::migrations(), orders::migrations(),
                    contacts::migrations(), registers::migrations(), identity::migrations(),
                    handover_migrations(), consent_migrations()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

std::vector<Audit> audits() { return {orders::verify_orders}; }

TalkRules talk_rules(const Settings& s) {
  const auto number = [&](const char* path) { return static_cast<int>(s.integer(path)); };
  return {.expire_hours = number("conversation.expire_hours"),
          .handover_silence_minutes = number("conversation.handover_silence_minutes"),
          .misunderstood_max = number("conversation.misunderstood_max"),
          .amend_minutes = number("conversation.amend_minutes"),
          .code_minutes = number("identity.code_minutes"),
          .code_tries = number("identity.code_tries"),
          .codes_per_minute = number("identity.codes_per_minute"),
          .codes_per_hour = number("identity.codes_per_hour"),
          .verified_minutes = number("identity.verified_minutes"),
          .notify_anchor = s.text("rules.notify_anchor")};
}

// The SMS provider in use: the first of sms.providers that is set up; in the sandbox, when none is,
// the first that takes part (its messages are captured).
std::string sms_channel(const Settings& settings) {
  std::string first;
  for (const auto& entry : settings.at("sms.providers")) {
    const std::string name = entry.get<std::string>();
    if (!settings.channel_enabled(name)) continue;
    if (!settings.sandbox() || !settings.text("channels." + name + ".api_base").empty()) return name;
    if (first.empty()) first = name;
  }
  return first.empty() ? "twilio" : first;
}

// Everything that talks, without the doors: used by serve and chat alike.
class House {
 public:
  House(Settings loaded, DataFolder folder, const std::string& model_file)
      : settings(std::move(loaded)),
        folder(std::move(folder)),
        database(or_quit(store::Database::open(this->folder.database_file(), migrations()), failed)),
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
    lane = make_lane(*database, clock(), executor);
    lane->on_lost([this](store::Connection& db) { log.forget(db); });
    lane->before_commit([this](store::Connection& db) { log.fold(db); });
    post.emplace(PostParts{*speech, directory, log,
                           [this](Transaction& tx, const Outbound& out) { return enqueue(tx, out); },
                           [this] { return sms_channel(settings); }});
    add_dialogs();
    std::vector<Dialog*> spoken;
    for (const auto& dialog : dialogs) spoken.push_back(dialog.get());
    engine.emplace(EngineParts{*speech, directory, forms, words, rules, *post, std::move(spoken)});
    front.emplace(FrontParts{*lane, *database, log, *engine, *understander, clock(),
                             settings.sandbox(), [this](Transaction& tx, const Receipt& receipt) {
                               store::receive(tx.write(), receipt.outbound_id, receipt.state,
                                              receipt.provider, receipt.detail, tx.now());
                             }});
  }

  void close() {
    if (!lane) return;
    const auto folded = lane->run([this](Transaction& tx) { log.fold(tx.write(), true); });
    if (!folded) spdlog::error("the log of conversations was not folded: {}", folded.error().message);
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
  std::optional<orders::Orders> orders;
  std::vector<std::unique_ptr<Dialog>> dialogs;
  std::vector<Resource*> resources;  // of subjects that are dialogs as well
  std::optional<Engine> engine;
  std::optional<FrontDesk> front;
  std::function<void()> poke = [] {};  // the relay's, once there is one

 private:
  std::unique_ptr<SandboxClock> make_sandbox() {
    if (!settings.sandbox()) return nullptr;
    const std::string start = settings.text("sandbox.start");
    const Instant first = start.empty() ? machine.now() : or_quit(parse_rfc3339(start), wrong_usage);
    return std::make_unique<SandboxClock>(
        Scheduler::kept_time(database->writer(), first, running, machine), running, machine);
  }

  std::string enqueue(Transaction& tx, const Outbound& out) {
    const store::OutboxDraft draft{.channel = out.channel, .to = out.to, .text = out.text,
                                   .buttons = out.buttons, .template_id = out.template_id,
                                   .category = out.category, .order = out.order};
    auto made = store::enqueue(tx.write(), draft, random, tx.now());
    tx.after_commit([this] { poke(); });
    return std::move(made.id);
  }

  // The subjects, in the order in which they are asked first (emergencies before everything).
  void add_dialogs() {
    orders.emplace(directory, *speech, *post, rules.notify_anchor,
                   or_quit(orders::Catalogue::load(settings.config_dir() + "/catalogue")));
    const auto task = [this](Turn& turn, const std::string& estate, const std::string& unit,
                             const std::string& description) {
      return orders->record(turn.tx, task_of(turn, estate, unit, description));
    };
    const std::string talk = settings.config_dir() + "/talk/";
    add(std::make_unique<Emergency>(EmergencyParts{
        or_quit(load_emergency_kinds(talk + "emergency.json")), registers::record_emergency}));
    add(std::make_unique<identity::Identity>(identity::IdentityParts{
        random, or_quit(identity::load_resend_words(talk + "identity.json")), task}));
    auto staff = or_quit(load_staff_words(talk + "staff.json"));
    auto handover = std::make_unique<Handover>(
        HandoverParts{*post, *post, rules, std::move(staff.reply), std::move(staff.back),
                      [task](Turn& turn, const std::string& description) {
                        return task(turn, turn.session.estate, "", description);
                      }});
    resources.push_back(handover.get());
    add(std::move(handover));
    add(std::make_unique<status::StatusDialog>(*orders));
    add(std::make_unique<repair::RepairDialog>(*orders));
    add(std::make_unique<public_fault::PublicFaultDialog>(*orders));
    add(std::make_unique<complaint::ComplaintDialog>(*orders));
    auto registers = std::make_unique<registers::Registers>(forms, directory, task);
    resources.push_back(registers.get());
    add(std::move(registers));
    add(std::make_unique<contacts::ContactsDialog>());
    add(std::make_unique<orders::OrdersDialog>());
    add(std::make_unique<Smalltalk>());
  }
  // A resident's request that a person must see to.
  static orders::NewOrder task_of(const Turn& turn, const std::string& estate,
                                  const std::string& unit, const std::string& description) {
    orders::NewOrder task;
    task.kind = orders::Kind::task;
    task.estate = estate;
    task.unit = unit;
    task.description = description;
    task.phone = turn.message.proven_phone;
    task.conversation = turn.conversation();
    task.language = turn.language();
    task.received_at = turn.now();
    return task;
  }
  void add(std::unique_ptr<Dialog> dialog) { dialogs.push_back(std::move(dialog)); }
};

// The doors and the delivery, around a house.
class Gateway {
 public:
  Gateway(House& house, const Options& options);
  int run();

 private:
  void add_channels();
  void add_resources();
  void start_delivery(const std::string& redis_url);
  bool settle();
  std::string admin_token_hash();
  std::optional<Principal> check_token(std::string_view token) const;
  Json sent_list(store::Connection& db, std::int64_t after) const;

  House& house_;
  std::string host_;
  int port_ = 0;
  std::string admin_hash_;
  Metrics metrics_;
  http::HttpServer server_;
  std::unique_ptr<http::Client> client_ = http::make_client();
  std::vector<std::unique_ptr<Channel>> channels_;
  std::optional<Relay> relay_;
  std::optional<Workers> workers_;
  std::optional<Scheduler> scheduler_;
  std::optional<ApiServer> api_;
  std::vector<std::unique_ptr<Resource>> resources_;
};

http::ServerOptions server_options(const Settings& settings, bool behind_proxy) {
  http::use_threads(static_cast<std::size_t>(settings.integer("http.threads")));
  http::ServerOptions options;
  options.threads = static_cast<std::size_t>(settings.integer("http.threads"));
  options.body_bytes_max = static_cast<std::size_t>(settings.integer("http.max_body_bytes"));
  options.allow_public = behind_proxy;
  return options;
}

Gateway::Gateway(House& house, const Options& options)
    : house_(house), server_(server_options(house.settings, options.behind_proxy)) {
  const auto colon = options.listen.rfind(':');
  host_ = options.listen.substr(0, colon);
  port_ = std::stoi(options.listen.substr(colon + 1));
  admin_hash_ = admin_token_hash();
  house_.open();
  add_channels();
  start_delivery(options.redis);
  add_resources();
}

void Gateway::add_channels() {
  const Settings& settings = house_.settings;
  if (settings.channel_enabled("rest")) {
    channels_.push_back(make_rest_channel(rest_options(settings), *house_.front));
  }
  if (settings.channel_enabled("twilio")) {
    channels_.push_back(make_twilio_channel(twilio_options(settings), *house_.front, *client_));
  }
  if (settings.channel_enabled("kannel")) {
    channels_.push_back(make_kannel_channel(kannel_options(settings), *house_.front, *client_));
  }
  for (const auto& channel : channels_) {
    house_.front->add_channel(*channel);
    channel->add_routes(server_);
  }
}

void Gateway::start_delivery(const std::string& redis_url) {
  const Settings& settings = house_.settings;
  store::Connection& db = house_.database->writer();
  DeliveryPolicy policy;
  policy.resend = settings.at("delivery.resend_unknown").get<std::vector<std::string>>();
  db.script("BEGIN IMMEDIATE");
  const auto recovered = store::recover_sending(db, policy.resend, policy.resend_attempts_max,
                                                house_.clock().now());
  const std::string queue = store::queue_name(db, house_.random);
  db.script("COMMIT");
  if (recovered.unknown + recovered.queued > 0) {
    spdlog::warn("a stop cut off {} messages: now unknown; {} are sent again", recovered.unknown,
                 recovered.queued);
  }
  const auto redis = or_quit(store::parse_redis_url(redis_url), wrong_usage);
  const store::StreamName stream{queue, settings.text("redis.group")};
  relay_.emplace(RelayParts{*house_.database, house_.clock(), house_.executor, redis, stream});
  workers_.emplace(
      WorkerParts{*house_.lane, *house_.database, house_.executor, house_.random, *relay_, redis,
                  stream,
                  [this](const store::OutboxRow& row) -> Channel* {
                    for (const auto& channel : channels_) {
                      if (channel->name() == row.message.channel) return channel.get();
                    }
                    return nullptr;
                  },
                  {},
                  [this](store::Connection& db, const store::OutboxRow& row,
                         std::string_view provider, Instant now) {
                    if (house_.sandbox) store::record_sent(db, row, provider, now);
                    if (row.message.channel == "rest") house_.front->publish(row.message.to);
                  }},
      policy);
  house_.poke = [this] { relay_->poke(); };
  scheduler_.emplace(SchedulerParts{
      *house_.lane, *house_.database, house_.clock(), house_.executor,
      [this](Transaction& tx, const store::Timer& timer) {
        for (const auto& dialog : house_.dialogs) {
          if (timer.kind.starts_with(std::string(dialog->id()) + ".")) {
            dialog->on_timer(tx, *house_.post, timer.kind, timer.key, timer.payload);
          }
        }
      },
      [this](store::Connection& db) { return store::next_outbox_due(db, Instant::min()); },
      [this] { relay_->poke(); }, [this] { return settle(); },
      [this] {
        return house_.lane->run([this](Transaction& tx) {
          Scheduler::keep_time(tx.write(), house_.clock().now(), house_.running, house_.machine);
        });
      }});
}

// What is due now has had its first attempt, or Redis is away.
bool Gateway::settle() {
  constexpr Millis patience{10'000};
  return workers_->drained(house_.clock().now(), patience);
}

std::string Gateway::admin_token_hash() {
  const std::string given = environment("HUIYIN_ADMIN_TOKEN");
  if (!given.empty()) return hash_secret(given);
  store::Connection& db = house_.database->writer();
  if (const auto kept = store::get_meta(db, "admin_token_hash")) return *kept;
  const std::string token = new_token();
  store::set_meta(db, "admin_token_hash", hash_secret(token));
  std::cout << Json{{"admin_token", token}}.dump() << std::endl;  // this once; only its hash is kept
  return hash_secret(token);
}

std::optional<Principal> Gateway::check_token(std::string_view token) const {
  if (equal_constant_time(hash_secret(token), admin_hash_)) return Principal{"admin", 0, ""};
  return house_.directory.check_token(token);
}

Json Gateway::sent_list(store::Connection& db, std::int64_t after) const {
  constexpr std::int64_t lines_max = 100'000;
  const Zone zone = house_.directory.profile("").zone;
  Json items = Json::array();
  for (const auto& line : store::sent_after(db, after, lines_max)) {
    Json buttons = Json::array();
    for (const auto& button : line.buttons) {
      buttons.push_back({{"title", button.title}, {"payload", button.payload}});
    }
    items.push_back({{"seq", line.seq}, {"at", zone.rfc3339(line.at)}, {"channel", line.channel},
                     {"to", line.to}, {"text", line.text}, {"template", line.template_id},
                     {"category", line.category}, {"buttons", buttons},
                     {"provider", line.provider}});
  }
  return {{"items", items}};
}

void Gateway::add_resources() {
  api_.emplace(ApiParts{*house_.database, *house_.lane, house_.clock(), house_.executor,
                        [this](std::string_view token) { return check_token(token); }, version,
                        static_cast<int>(house_.settings.integer("http.api_threads"))});
  resources_.push_back(std::make_unique<estate::EstateResource>(house_.directory));
  resources_.push_back(std::make_unique<orders::OrdersResource>(*house_.orders));
  resources_.push_back(std::make_unique<contacts::ContactsResource>(house_.directory));
  resources_.push_back(std::make_unique<TrackerResource>(*house_.front));
  if (house_.sandbox) {
    resources_.push_back(std::make_unique<SandboxResource>(SandboxParts{
        *house_.sandbox, *scheduler_, house_.directory.profile("").zone,
        [this](store::Connection& db, std::int64_t after) { return sent_list(db, after); }}));
  }
  for (const auto& resource : resources_) resource->add_to(*api_);
  for (Resource* resource : house_.resources) resource->add_to(*api_);
  api_->mount(server_);
  add_operations(server_, {*house_.database, *house_.lane, house_.clock(), *house_.front,
                           *house_.understander, house_.directory, metrics_, version,
                           "intent.model", [this] { return relay_->connected(); }});
  server_.set_guard([this](const http::Request& request, const http::RouteInfo&) {
    return api_->guard(request);
  });
  server_.set_access_log([this](const std::string& method, const std::string& pattern, int status,
                                std::chrono::microseconds took) {
    metrics_.request(method, pattern, status, took);
    spdlog::debug("{} {} {} {}us", method, pattern, status, took.count());
  });
}

int Gateway::run() {
  // Signals are taken by this thread alone; every other was started with them blocked.
  relay_->start();
  workers_->start();
  scheduler_->start();
  const int port = or_quit(server_.start(host_, port_), failed);
  std::cout << Json{{"listening", host_ + ":" + std::to_string(port)}}.dump() << std::endl;
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGTERM);
  sigaddset(&wanted, SIGINT);
  int signal = 0;
  sigwait(&wanted, &signal);
  spdlog::info("stopping");
  server_.stop();
  api_->stop();
  scheduler_->stop();
  workers_->stop();
  relay_->stop();
  house_.close();
  return done;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

int serve(const Options& options, const std::string& model) {
  const auto colon = options.listen.rfind(':');
  const std::string port = colon == std::string::npos ? "" : options.listen.substr(colon + 1);
  if (colon == std::string::npos || colon == 0 || port.empty() || port.size() > 5 ||
      port.find_first_not_of("0123456789") != std::string::npos || std::stoi(port) > 65535) {
    throw Quit{wrong_usage, {"--listen takes HOST:PORT, not " + options.listen}};
  }
  if (!is_loopback(options.listen.substr(0, colon)) && !options.behind_proxy) {
    throw Quit{wrong_usage,
               {"--listen " + options.listen + " is not a loopback address: put a proxy in front "
                "(config/nginx) and say so with --behind-proxy"}};
  }
  or_quit(store::parse_redis_url(options.redis), wrong_usage);
  Settings settings = or_quit(Settings::load(source_of(options)));
  spdlog::set_level(spdlog::level::from_str(settings.text("log.level")));
  DataFolder folder = or_quit(DataFolder::open(options.data, environment("HUIYIN_DATABASE_URL")),
                              wrong_usage);
  or_quit(folder.lock(), wrong_usage);
  House house(std::move(settings), std::move(folder), model);
  Gateway gateway(house, options);
  return gateway.run();
}

// A conversation in the terminal: the house without doors, in a folder of its own.
int chat(Options options, const std::string& model) {
  char name[] = "/tmp/huiyin-chat-XXXXXX";
  if (mkdtemp(name) == nullptr) throw Quit{failed, {"cannot make a folder under /tmp"}};
  const std::unique_ptr<char, void (*)(char*)> gone(name, [](char* folder) { fs::remove_all(folder); });
  options.sandbox = true;
  options.sets.push_back("sandbox.run=true");
  spdlog::set_level(spdlog::level::warn);
  House house(or_quit(Settings::load(source_of(options))), or_quit(DataFolder::open(name), failed),
              model);
  house.open();
  std::stringstream units, staff;
  units << std::ifstream(options.config_dir + "/demo/units.csv").rdbuf();
  staff << std::ifstream(options.config_dir + "/demo/staff.csv").rdbuf();
  or_quit(house.lane->run([&](Transaction& tx) {
    estate::import_demo(tx, house.directory, units.str(), staff.str());
  }), failed);
  std::int64_t sent = 0;
  for (std::string line; std::cout << "> " << std::flush, std::getline(std::cin, line);) {
    Inbound message;
    message.channel = "rest";
    message.sender = "terminal";
    message.text = to_valid_utf8(line);
    message.proven = true;
    std::promise<Result<TurnAnswer>> answer;
    house.front->accept(message, [&](Result<TurnAnswer> r) { answer.set_value(std::move(r)); });
    const auto said = answer.get_future().get();
    if (!said) std::cout << said.error().message << "\n";
    else for (const auto& reply : said->replies) {
      std::cout << reply.text << "\n";
      for (const auto& button : reply.buttons) std::cout << "  [" << button.title << "]";
      if (!reply.buttons.empty()) std::cout << "\n";
    }
    house.database->read([&](store::Connection& db) {
      for (const auto& [id, to, text] : db.query<std::int64_t, std::string, std::string>(
               "SELECT id, address, text FROM outbox WHERE id > :i ORDER BY id", sent)) {
        std::cout << "  → " << to << ": " << text << "\n";
        sent = id;
      }
    });
  }
  std::cout << "\n";
  house.close();
  return done;
}

int check(const Options& options, const std::string& model) {
  const auto faults = check_configuration(
      source_of(options),
      {check_estates, check_catalogue, check_talk,
       [](const std::string& dir) {
         const auto speech = load_speech(dir + "/phrases");
         return speech ? ConfigFaults() : speech.error();
       },
       [](const std::string& dir) {
         const auto kinds = load_emergency_kinds(dir + "/talk/emergency.json");
         return kinds ? ConfigFaults() : kinds.error();
       },
       [&](const std::string& dir) {
         const auto loaded = load_understander(dir, model);
         return loaded ? ConfigFaults()
                       : ConfigFaults{{"understanding", "", loaded.error().message,
                                       "mend the file, then build again (./dev build)"}};
       }});
  for (const auto& fault : faults) std::cerr << to_line(fault) << "\n";
  if (faults.empty()) std::cout << "the configuration is sound\n";
  return faults.empty() ? done : wrong_usage;
}

int parse(const Options& options, const std::string& model, const std::string& text) {
  const auto understander = or_quit(load_understander(options.config_dir, model), wrong_usage);
  const Zone zone = Zone::shanghai();
  const Understanding heard =
      understander->parse(to_valid_utf8(text), {SystemClock().now(), &zone});
  std::cout << dump_json(to_rasa(heard)) << "\n";
  return done;
}

int verify_command(const Options& options) {
  const auto folder = or_quit(DataFolder::open(options.data, environment("HUIYIN_DATABASE_URL")),
                              wrong_usage);
  if (folder.empty()) throw Quit{wrong_usage, {"there is no database in " + options.data}};
  store::Connection db(folder.database_file(), true);
  const Json report = verify(db, audits());
  std::cout << report.dump(2) << "\n";
  return report["ok"].get<bool>() ? done : failed;
}

int run(int argc, char** argv) {
  Options options;
  const fs::path here = fs::canonical("/proc/self/exe").parent_path();
  options.config_dir = (here.parent_path() / "config").string();
  if (!fs::exists(options.config_dir)) options.config_dir = (here.parent_path() / "share/huiyin/config").string();
  options.redis = environment("HUIYIN_REDIS_URL");
  if (options.redis.empty()) options.redis = "redis://127.0.0.1:6379/0";
  std::string text, test, train, validation, file, model = (here / "intent.model").string();

  CLI::App app{"Huiyin: a messaging chatbot and notification gateway for property management"};
  app.require_subcommand(1);
  const auto configured = [&](CLI::App* command) {
    command->add_option("--config", options.config_file, "JSON laid over the defaults")->check(CLI::ExistingFile);
    command->add_option("--config-dir", options.config_dir, "the configuration folder")->check(CLI::ExistingDirectory);
    command->add_option("--set", options.sets, "PATH=VALUE, overrides one setting")->allow_extra_args(false);
    return command;
  };
  const auto with_data = [&](CLI::App* command) {
    command->add_option("--data", options.data, "the data folder");
    return command;
  };
  auto* serve_it = with_data(configured(app.add_subcommand("serve", "run the gateway")));
  serve_it->add_option("--listen", options.listen, "HOST:PORT");
  serve_it->add_option("--redis", options.redis, "redis://HOST:PORT/DB or unix:///PATH");
  serve_it->add_flag("--sandbox", options.sandbox, "a clock that is told, nothing leaves");
  serve_it->add_flag("--behind-proxy", options.behind_proxy, "allow a public --listen");
  auto* chat_it = configured(app.add_subcommand("chat", "talk to the bot in the terminal"));
  auto* parse_it = configured(app.add_subcommand("parse", "what /model/parse answers"));
  parse_it->add_option("text", text)->required();
  auto* evaluate_it = configured(app.add_subcommand("evaluate", "how well it understands a data file"));
  evaluate_it->add_option("test", test)->required()->check(CLI::ExistingFile);
  evaluate_it->add_option("--train", train)->check(CLI::ExistingFile);
  evaluate_it->add_option("--validation", validation)->check(CLI::ExistingFile);
  auto* check_it = configured(app.add_subcommand("check", "validate the whole configuration"));
  check_it->add_flag("--sandbox", options.sandbox);
  auto* verify_it = with_data(app.add_subcommand("verify", "audit the data folder"));
  auto* backup_it = with_data(app.add_subcommand("backup", "a consistent copy, also while serving"));
  backup_it->add_option("file", file)->required();
  auto* restore_it = with_data(app.add_subcommand("restore", "into an empty data folder"));
  restore_it->add_option("file", file)->required()->check(CLI::ExistingFile);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? done : wrong_usage;
  }
  if (*serve_it) return serve(options, model);
  if (*chat_it) return chat(options, model);
  if (*parse_it) return parse(options, model, text);
  if (*evaluate_it) {
    const auto given = [](const std::string& name) {
      return name.empty() ? std::nullopt : std::optional<std::string>(name);
    };
    std::cout << or_quit(evaluate({test, given(train), given(validation), options.config_dir, model}),
                         wrong_usage).dump(2) << "\n";
    return done;
  }
  if (*check_it) return check(options, model);
  if (*verify_it) return verify_command(options);
  const auto folder = or_quit(DataFolder::open(options.data, environment("HUIYIN_DATABASE_URL")), wrong_usage);
  if (*backup_it) or_quit(backup(folder, file), failed);
  if (*restore_it) or_quit(restore(file, folder, migrations()), failed);
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
