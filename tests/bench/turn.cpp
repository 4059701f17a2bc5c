// A durable conversation turn beside a bare cpprestsdk listener that parses the same JSON and
// answers as much, in the same run under the same client.
//
//   turn at 16 and 64 connections   requests/s and p99: `huiyin serve` (a whole repair told piece
//                                   by piece, eight messages, committed with synchronous=FULL)
//                                   against the bare listener at its own best thread count;
//                                   five interleaved pairs, medians
//   ready                           from the start of the process to the first 200 of /readyz, on
//                                   the folder that the load left
//   memory                          resident, with 10,000 conversations in the middle of a form
//
// One JSON object a figure. Afterwards the records are counted and `huiyin verify` is asked; a
// figure whose count is wrong ends the program with 1.
//
//   bench_turn [--binary FILE] [--requests N] [--rounds N]
//   bench_turn --listener PORT THREADS     the bare listener: a child process of the above
//   bench_turn --load PORT CONNECTIONS REQUESTS   the client alone, e.g. under a profiler; the
//                                   gateway there must have the units of `--units`
//   bench_turn --units              the CSV for POST /api/v1/import/units
#include <arpa/inet.h>
#include <cpprest/http_listener.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pplx/threadpool.h>
#include <spawn.h>
#include <sqlite3.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

extern char** environ;

namespace {

using Json = nlohmann::json;
using std::chrono::steady_clock;

constexpr const char* operator_token = "operator-token-of-the-bench";
constexpr int messages_per_dialogue = 8;
constexpr int live_conversations = 10'000;
// A home for every dialogue: a second report of the same matter from one home joins the first.
constexpr int buildings = 200, floors = 30, rooms_per_floor = 2;  // times two entrances
constexpr long homes = buildings * 2L * floors * rooms_per_floor;

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << "bench_turn: " << why << '\n';
  std::exit(1);
}

double seconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double percentile(std::vector<float>& values, double share) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * (values.size() - 1));
  std::ranges::nth_element(values, at);
  return *at;
}

// --- what is said ---------------------------------------------------------------------------

std::string unit_of(long i) {
  i %= homes;
  const long building = i % buildings + 1;
  i /= buildings;
  const long entrance = i % 2 + 1;
  i /= 2;
  const long room = (i / rooms_per_floor + 1) * 100 + i % rooms_per_floor + 1;
  return std::to_string(building) + "栋" + std::to_string(entrance) + "单元" + std::to_string(room);
}

std::string units_csv() {
  std::string out = "estate,building,entrance,room,area_m2,owner,phone\n";
  for (int b = 1; b <= buildings; ++b)
    for (int e = 1; e <= 2; ++e)
      for (int f = 1; f <= floors; ++f)
        for (int r = 1; r <= rooms_per_floor; ++r)
          out += "liyuan," + std::to_string(b) + "," + std::to_string(e) + "," +
                 std::to_string(f * 100 + r) + ",80,,\n";
  return out;
}

// One repair told piece by piece: the words of message `step` of dialogue `number`.
std::string words(long number, int step) {
  static constexpr std::array broken = {
      "厨房水龙头漏水",     "卫生间马桶堵了",   "客厅的灯不亮了", "阳台下水管堵住了",
      "卧室插座没有电",     "厨房水槽下面渗水", "洗手间花洒坏了", "入户门锁打不开了",
      "客厅空调不制冷了", "主卧窗户关不上",   "热水器下面滴水", "卫生间地漏返水"};
  static constexpr std::array names = {"王芳", "李先生", "陈女士", "赵建国", "刘洋", "我姓周"};
  static constexpr std::array times = {"明天上午十点", "明天下午三点", "后天上午九点",
                                       "明天下午两点半", "后天下午4点"};
  static constexpr std::array hellos = {"您好", "你好", "早上好"};
  const auto pick = [number](const auto& list) { return list[number % list.size()]; };
  switch (step) {
    case 0:
      return pick(hellos);
    case 1:
      return "我要报修";
    case 2:
      return pick(broken);
    case 3:
      return unit_of(number);
    case 4:
      return pick(names);
    case 5:
      return "13800" + std::to_string(100000 + number % 900000);
    case 6:
      return pick(times);
    default:
      return "对，提交";
  }
}

// --- the client -----------------------------------------------------------------------------

struct Load {
  int port = 0;
  int connections = 16;
  long dialogues = 0;
  int steps = messages_per_dialogue;  // of each dialogue
  int first_step = 0;
  std::string run{};        // makes the senders of this run new ones
  long first_dialogue = 0;  // so that no home reports twice
  bool check = true;        // whether a dialogue must end in the number of an order
};

struct Measured {
  double seconds = 0;
  long answered = 0, errors = 0, finished = 0;
  std::vector<float> latencies_ms;
  double rate() const { return answered / seconds; }
};

int connect_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    return -1;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// The size of the whole answer at the front of `bytes`; 0 while it is not complete.
std::size_t answer_size(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  static constexpr std::string_view name = "\r\nContent-Length: ";
  const auto at = bytes.substr(0, end).find(name);
  if (at == std::string_view::npos) return end + 4;
  const std::size_t length = std::strtoul(bytes.data() + at + name.size(), nullptr, 10);
  return bytes.size() >= end + 4 + length ? end + 4 + length : 0;
}

// One thread, keep-alive connections; each drives one dialogue after the other, every message
// only after the answer to the one before it.
class Client {
 public:
  explicit Client(const Load& load) : load_(load) {}

  Measured run() {
    poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    lines_.resize(static_cast<std::size_t>(load_.connections));
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      lines_[i].fd = connect_to(load_.port);
      if (lines_[i].fd < 0) give_up("nothing listens on port " + std::to_string(load_.port));
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      ::epoll_ctl(poll_, EPOLL_CTL_ADD, lines_[i].fd, &event);
    }
    measured_.latencies_ms.reserve(static_cast<std::size_t>(load_.dialogues * load_.steps));
    const auto start = steady_clock::now();
    for (auto& line : lines_) next_dialogue(line);
    std::array<epoll_event, 64> events;
    while (open_ > 0) {
      const int count = ::epoll_wait(poll_, events.data(), events.size(), 20'000);
      if (count == 0) give_up("no answer within 20 s");
      for (int i = 0; i < count; ++i) take(lines_[events[static_cast<std::size_t>(i)].data.u64]);
    }
    measured_.seconds = seconds_since(start);
    for (auto& line : lines_) ::close(line.fd);
    ::close(poll_);
    return std::move(measured_);
  }

 private:
  struct Line {
    int fd = -1;
    long dialogue = 0;
    int step = 0;
    std::string got;
    steady_clock::time_point sent;
  };

  void next_dialogue(Line& line) {
    if (begun_ == load_.dialogues) return;
    line.dialogue = begun_++;
    line.step = 0;
    ++open_;
    say(line);
  }

  void say(Line& line) {
    const std::string name = load_.run + std::to_string(line.dialogue);
    const int step = load_.first_step + line.step;
    const std::string body = R"({"sender":")" + name + R"(","message":")" +
                             words(load_.first_dialogue + line.dialogue, step) +
                             R"(","message_id":")" + name + '-' + std::to_string(step) + R"("})";
    const std::string request =
        "POST /webhooks/rest/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
        "application/json\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body;
    line.sent = steady_clock::now();
    if (!send_all(line.fd, request)) give_up("a connection broke");
  }

  void take(Line& line) {
    std::array<char, 16'384> buffer;
    const auto count = ::recv(line.fd, buffer.data(), buffer.size(), 0);
    if (count <= 0) give_up("a connection was closed");
    line.got.append(buffer.data(), static_cast<std::size_t>(count));
    const std::size_t size = answer_size(line.got);
    if (size == 0) return;
    const auto took = steady_clock::now() - line.sent;
    measured_.latencies_ms.push_back(std::chrono::duration<float, std::milli>(took).count());
    const bool good = line.got.starts_with("HTTP/1.1 2");
    ++(good ? measured_.answered : measured_.errors);
    ++line.step;
    if (line.step == load_.steps) {
      const bool done = line.got.find("WX2") != std::string::npos;
      if (done) ++measured_.finished;
      if (load_.check && !done) complain(line);
      line.got.erase(0, size);
      --open_;
      return next_dialogue(line);
    }
    line.got.erase(0, size);
    say(line);
  }

  void complain(const Line& line) {
    if (++complaints_ > 3) return;
    std::cerr << "bench_turn: dialogue " << line.dialogue
              << " ended without an order: " << line.got.substr(line.got.find("\r\n\r\n") + 4)
              << '\n';
  }

  const Load load_;
  int poll_ = -1;
  std::vector<Line> lines_;
  long begun_ = 0, open_ = 0;
  int complaints_ = 0;
  Measured measured_;
};

// One call on a connection of its own; the answer's status, 0 when nothing listens.
int call(int port, const std::string& method, const std::string& target, const std::string& type,
         const std::string& body) {
  const int fd = connect_to(port);
  if (fd < 0) return 0;
  send_all(fd, method + ' ' + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
                   operator_token + "\r\nContent-Type: " + type +
                   "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  std::string got;
  std::array<char, 4096> buffer;
  while (answer_size(got) == 0) {
    const auto count = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    got.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(fd);
  return got.size() > 12 ? std::atoi(got.c_str() + 9) : 0;
}

// --- what is measured -----------------------------------------------------------------------

// The reference: parses the same JSON and answers an array as long as the mean answer of a turn.
int listen_bare(int port, int threads) {
  using namespace web::http;
  crossplat::threadpool::initialize_with_threads(static_cast<std::size_t>(threads));
  experimental::listener::http_listener listener("http://127.0.0.1:" + std::to_string(port) + "/");
  listener.support([](http_request request) {
    request.extract_string(true).then([request](const pplx::task<std::string>& body) {
      Json parsed = Json::parse(body.get(), nullptr, false);
      if (!parsed.is_object()) parsed = Json::object();  // the look whether it listens
      Json answer = Json::array();
      answer.push_back({{"recipient_id", parsed.value("sender", "")},
                        {"text", "好的，我来为您登记报修。请您说说是什么坏了、什么情况，好吗？" +
                                     parsed.value("message", "")},
                        {"buttons", {{{"title", "对，提交"}, {"payload", "对，提交"}}}}});
      request.reply(status_codes::OK, answer.dump(), "application/json");
    });
  });
  listener.open().wait();
  for (;;) ::pause();
}

class Child {
 public:
  explicit Child(std::vector<std::string> argv, const std::string& log = "/dev/null") {
    std::vector<char*> raw;
    for (auto& one : argv) raw.push_back(one.data());
    raw.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const int fd : {1, 2}) {
      posix_spawn_file_actions_addopen(&actions, fd, log.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                       0644);
    }
    if (posix_spawnp(&pid_, raw[0], &actions, nullptr, raw.data(), environ) != 0) {
      give_up(argv[0] + " does not start");
    }
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Child() { stop(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int wait() {
    int status = 0;
    if (pid_ > 0) waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  int stop() {
    if (pid_ > 0) kill(pid_, SIGTERM);
    return wait();
  }
  bool running() const { return pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == 0; }
  double resident_mb() const {
    std::unique_ptr<FILE, int (*)(FILE*)> file(
        std::fopen(("/proc/" + std::to_string(pid_) + "/status").c_str(), "r"), std::fclose);
    std::array<char, 256> line;
    long kb = 0;
    while (file && std::fgets(line.data(), line.size(), file.get()) != nullptr) {
      if (std::sscanf(line.data(), "VmRSS: %ld", &kb) == 1) break;
    }
    return kb / 1024.0;
  }

 private:
  pid_t pid_ = -1;
};

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0) give_up("no free port");
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

// Until `target` answers 200; the seconds it took.
double wait_ready(int port, const std::string& target, const Child& child) {
  const auto start = steady_clock::now();
  while (call(port, "GET", target, "text/plain", "") != 200) {
    if (!child.running()) give_up("a server ended at its start");
    if (seconds_since(start) > 20) give_up("a server does not become ready");
    usleep(1'000);
  }
  return seconds_since(start);
}

class Bare {
 public:
  Bare(const std::string& self, int threads)
      : port(free_port()),
        child_({self, "--listener", std::to_string(port), std::to_string(threads)}) {
    wait_ready(port, "/", child_);
  }
  const int port;

 private:
  Child child_;
};

// A folder on the disk of the working directory: /tmp may be memory.
class Folder {
 public:
  Folder() {
    std::string name = "bench_turn.XXXXXX";
    if (mkdtemp(name.data()) == nullptr) give_up("cannot make a folder here");
    path_ = std::filesystem::absolute(name).string();
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class Gateway {
 public:
  Gateway(std::string binary, const Folder& folder, const std::string& name)
      : binary_(std::move(binary)),
        data_(folder / name),
        log_(folder / (name + ".log")),
        redis_("unix://" + (folder / "s")) {
    start();
    if (call(port, "POST", "/api/v1/import/units", "text/csv", units_csv()) / 100 != 2 ||
        call(port, "POST", "/api/v1/import/staff", "text/csv",
             "estate,name,role,phone,channel,address\n"
             "liyuan,工程主管,engineering_supervisor,+8613800138001,twilio,+8613800138001\n"
             "liyuan,前台,front_desk,+8613800138008,twilio,+8613800138008\n") /
                100 !=
            2) {
      give_up("the import was refused");
    }
  }
  // The seconds until it was ready to serve.
  double start() {
    port = free_port();
    const auto begun = steady_clock::now();
    child_ = std::make_unique<Child>(
        std::vector<std::string>{binary_, "serve", "--sandbox", "--data", data_, "--listen",
                                 "127.0.0.1:" + std::to_string(port), "--redis", redis_},
        log_);
    wait_ready(port, "/readyz", *child_);
    return seconds_since(begun);
  }
  void stop() {
    if (child_->stop() != 0) give_up("serve ended badly; its log is " + log_);
  }
  double resident_mb() const { return child_->resident_mb(); }
  bool verify() const { return Child({binary_, "verify", "--data", data_}).wait() == 0; }
  long count(const char* sql) const {
    sqlite3* db = nullptr;
    sqlite3_stmt* statement = nullptr;
    std::string file;
    for (const auto& entry : std::filesystem::directory_iterator(data_)) {
      if (entry.path().extension() == ".db" || entry.path().extension() == ".sqlite") {
        file = entry.path();
      }
    }
    if (sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK ||
        sqlite3_prepare_v2(db, sql, -1, &statement, nullptr) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
      give_up(std::string("cannot count: ") + sqlite3_errmsg(db));
    }
    const long found = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return found;
  }
  int port = 0;

 private:
  std::string binary_, data_, log_, redis_;
  std::unique_ptr<Child> child_;
};

double fsync_us(const Folder& folder) {
  const int fd = ::open((folder / "fsync").c_str(), O_CREAT | O_WRONLY, 0600);
  const std::string block(4096, 'x');
  std::vector<double> times;
  for (int i = 0; i < 100; ++i) {
    const auto start = steady_clock::now();
    if (::write(fd, block.data(), block.size()) < 0 || ::fdatasync(fd) != 0) give_up("no disk");
    times.push_back(seconds_since(start) * 1e6);
  }
  ::close(fd);
  return median(times);
}

double machine_load() {
  double load = 0;
  return getloadavg(&load, 1) == 1 ? load : 0;
}

// --- the figures ----------------------------------------------------------------------------

struct Chosen {
  std::string binary;
  long requests = 16'000;
  int rounds = 5;
};

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

int best_threads(const std::string& self, int connections, long dialogues) {
  int best = 0;
  double best_rate = 0;
  for (const int threads : {2, 3, 4}) {
    const Bare bare(self, threads);
    Load load{.port = bare.port, .connections = connections, .dialogues = dialogues / 4};
    load.check = false;
    Client(load).run();  // warm
    const double rate = Client(load).run().rate();
    if (rate > best_rate) {
      best_rate = rate;
      best = threads;
    }
  }
  return best;
}

void expect(bool holds, const std::string& what) {
  if (!holds) give_up(what);
}

// Returns the dialogues held.
long compare(const Chosen& chosen, const std::string& self, const Folder& folder, Gateway& gateway,
             int connections, double goal, long first) {
  const long dialogues = chosen.requests / messages_per_dialogue;
  const int threads = best_threads(self, connections, dialogues);
  const Bare bare(self, threads);
  std::vector<double> rates, bare_rates, ratios, p50, p99, bare_p99;
  long held = 0;
  for (int round = -1; round < chosen.rounds; ++round) {  // the first is a warm-up
    Load load{.port = bare.port,
              .connections = connections,
              .dialogues = round < 0 ? dialogues / 8 : dialogues};
    load.run = "c" + std::to_string(connections) + "r" + std::to_string(round + 1) + "d";
    load.first_dialogue = first + held;
    load.check = false;
    Measured reference = Client(load).run();
    load.port = gateway.port;
    load.check = true;
    Measured turn = Client(load).run();
    held += load.dialogues;
    expect(turn.errors == 0 && reference.errors == 0, "an answer was not 2xx");
    expect(turn.finished == load.dialogues,
           std::to_string(load.dialogues - turn.finished) + " dialogues ended without an order");
    if (round < 0) continue;
    rates.push_back(turn.rate());
    bare_rates.push_back(reference.rate());
    ratios.push_back(turn.rate() / reference.rate());
    p50.push_back(percentile(turn.latencies_ms, 0.5));
    p99.push_back(percentile(turn.latencies_ms, 0.99));
    bare_p99.push_back(percentile(reference.latencies_ms, 0.99));
  }
  const double p99_goal = connections == 16 ? 20 : 4 * median(bare_p99);
  std::cout << Json{{"name", "turn_" + std::to_string(connections) + "_connections"},
                    {"value", std::round(median(rates))},
                    {"unit", "requests/s"},
                    {"reference", std::round(median(bare_rates))},
                    {"reference_threads", threads},
                    {"ratio", rounded(median(ratios))},
                    {"goal", goal},
                    {"p50_ms", rounded(median(p50))},
                    {"p99_ms", rounded(median(p99))},
                    {"p99_goal_ms", rounded(p99_goal)},
                    {"reference_p99_ms", rounded(median(bare_p99))},
                    {"messages_per_dialogue", messages_per_dialogue},
                    {"fsync_us", std::round(fsync_us(folder))},
                    {"load_average", machine_load()}}
                   .dump()
            << std::endl;
  return held;
}

void check_records(Gateway& gateway, long dialogues) {
  gateway.stop();
  const long orders = gateway.count("SELECT count(*) FROM work_orders WHERE kind = 'repair'");
  const long turns = gateway.count("SELECT count(*) FROM turns WHERE kind = 1");
  const long sealed = gateway.count("SELECT count(DISTINCT number) FROM work_orders");
  expect(orders == dialogues && sealed == dialogues,
         std::to_string(orders) + " orders of " + std::to_string(dialogues) + " dialogues");
  expect(turns == dialogues * messages_per_dialogue,
         std::to_string(turns) + " turns of " + std::to_string(dialogues) + " dialogues");
  expect(gateway.verify(), "huiyin verify finds a violation");
  std::cout << Json{{"name", "records"},      {"value", orders}, {"unit", "orders"},
                    {"reference", dialogues}, {"ratio", 1},      {"goal", 1},
                    {"turns", turns},         {"verified", true}}
                   .dump()
            << std::endl;
}

void measure_ready(Gateway& gateway) {
  std::vector<double> seconds;
  for (int i = 0; i < 5; ++i) {
    seconds.push_back(gateway.start());
    gateway.stop();
  }
  std::cout << Json{{"name", "ready_to_serve"},
                    {"value", rounded(median(seconds))},
                    {"unit", "s"},
                    {"goal", 1},
                    {"load_average", machine_load()}}
                   .dump()
            << std::endl;
}

void measure_memory(const Chosen& chosen, const Folder& folder) {
  Gateway gateway(chosen.binary, folder, "memory");
  gateway.stop();
  gateway.start();  // what the import took is not what conversations take
  const double before = gateway.resident_mb();
  Load load{.port = gateway.port, .connections = 16, .dialogues = live_conversations};
  load.first_step = 1;
  load.steps = 3;  // the unit is known, the name is asked
  load.run = "live";
  load.check = false;
  expect(Client(load).run().errors == 0, "an answer was not 2xx");
  std::cout << Json{{"name", "resident_memory_10000_conversations"},
                    {"value", rounded(gateway.resident_mb())},
                    {"unit", "MB"},
                    {"goal", 80},
                    {"homes", homes},
                    {"before", rounded(before)}}
                   .dump()
            << std::endl;
  gateway.stop();
}

int measure(const Chosen& chosen, const std::string& self) {
  setenv("HUIYIN_ADMIN_TOKEN", operator_token, 1);
  unsetenv("HUIYIN_REDIS_URL");
  unsetenv("HUIYIN_DATABASE_URL");
  const Folder folder;
  Child redis({"redis-server", "--port", "0", "--unixsocket", folder / "s", "--save", "",
               "--appendonly", "no", "--maxmemory-policy", "noeviction"});
  for (int i = 0; i < 500 && access((folder / "s").c_str(), F_OK) != 0; ++i) usleep(10'000);
  Gateway gateway(chosen.binary, folder, "data");
  long held = compare(chosen, self, folder, gateway, 16, 0.40, 0);
  held += compare(chosen, self, folder, gateway, 64, 0.45, held);
  check_records(gateway, held);
  measure_ready(gateway);
  measure_memory(chosen, folder);
  std::cout << Json{{"name", "turn_against_same_turn_without_store"},
                    {"value", nullptr},
                    {"unit", "not measured"},
                    {"goal", 0.6},
                    {"why", "no way to answer a turn without storing it"}}
                   .dump()
            << std::endl;
  return 0;
}

int load_alone(int port, int connections, long requests) {
  Load load{
      .port = port, .connections = connections, .dialogues = requests / messages_per_dialogue};
  load.run = "load" + std::to_string(getpid()) + "d";
  Measured got = Client(load).run();
  std::cout << Json{{"rate", std::round(got.rate())},
                    {"errors", got.errors},
                    {"dialogues", load.dialogues},
                    {"orders", got.finished},
                    {"p50_ms", rounded(percentile(got.latencies_ms, 0.5))},
                    {"p99_ms", rounded(percentile(got.latencies_ms, 0.99))}}
                   .dump()
            << std::endl;
  return got.errors == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  const std::string self = std::filesystem::read_symlink("/proc/self/exe");
  Chosen chosen;
  const auto folder = std::filesystem::path(self).parent_path();
  for (const auto& place : {folder / "huiyin", folder.parent_path() / "huiyin"}) {
    if (std::filesystem::exists(place)) chosen.binary = place;
  }
  const auto number = [&](std::size_t i) {
    if (i >= args.size()) give_up("a number is missing");
    return std::stol(args[i]);
  };
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--listener") {
      return listen_bare(static_cast<int>(number(1)), static_cast<int>(number(2)));
    }
    if (args[i] == "--load") {
      return load_alone(static_cast<int>(number(1)), static_cast<int>(number(2)), number(3));
    }
    if (args[i] == "--units") {
      std::cout << units_csv();
      return 0;
    }
    if (args[i] == "--binary" && i + 1 < args.size())
      chosen.binary = args[++i];
    else if (args[i] == "--requests")
      chosen.requests = number(++i);
    else if (args[i] == "--rounds")
      chosen.rounds = static_cast<int>(number(++i));
    else
      give_up("unknown argument " + args[i]);
  }
  if (chosen.binary.empty()) give_up("no huiyin beside this program; --binary FILE names it");
  return measure(chosen, self);
}
