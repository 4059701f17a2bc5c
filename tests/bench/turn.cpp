// A durable conversation turn beside a bare cpprestsdk listener that parses the same JSON and
// answers as much, in the same run under the same client.
//
//   turn at 16 and 64 connections   requests/s and p99: `huiyin serve` (a whole repair told piece
//                                   by piece, eight messages, committed with synchronous=FULL)
//                                   against the bare listener at its own best thread count;
//                                   five interleaved pairs, medians
//   turn against the same turn      `huiyin serve` against the same listener, understanding, forms
//                                   and wording with nothing stored, at 16 connections
//   ready                           from the start of the process to the first 200 of /readyz, on
//                                   the folder that the load left
//   memory                          resident, with 10,000 conversations in the middle of a form
//
// One JSON object a figure. Afterwards the records are counted and `huiyin verify` is asked; a
// figure whose count is wrong ends the program with 1.
//
//   bench_turn [--binary FILE] [--config DIR] [--requests N] [--rounds N]
//   bench_turn --listener PORT THREADS     the bare listener: a child process of the above
//   bench_turn --load PORT CONNECTIONS REQUESTS   the client alone, e.g. under a profiler; the
//                                   gateway there must have the units of `--units`
//   bench_turn --forgetful PORT CONFIG DATABASE   a gateway that stores nothing: likewise
//   bench_turn --units              the CSV for POST /api/v1/import/units
#include <cpprest/http_listener.h>
#include <pplx/threadpool.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/bench/support/child.h"
#include "tests/bench/support/dialogue.h"
#include "tests/bench/support/forgetful.h"
#include "tests/bench/support/load_client.h"
#include "tests/bench/support/measure.h"

namespace {

using namespace huiyin::bench;
using Json = nlohmann::json;
using std::chrono::steady_clock;

constexpr int live_conversations = 10'000;

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

// This program in another role.
class Other {
 public:
  Other(int port, std::vector<std::string> argv, const std::string& alive)
      : port(port), child_(std::move(argv)) {
    wait_ready(port, alive, child_);
  }
  const int port;

 private:
  Child child_;
};

Other bare(const std::string& self, int threads) {
  const int port = free_port();
  return Other(port, {self, "--listener", std::to_string(port), std::to_string(threads)}, "/");
}

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
  std::string database_file() const {
    for (const auto& entry : std::filesystem::directory_iterator(data_)) {
      if (entry.path().extension() == ".db") return entry.path();
    }
    give_up("there is no database in " + data_);
  }
  long count(const char* sql) const {
    sqlite3* db = nullptr;
    sqlite3_stmt* statement = nullptr;
    const std::string file = database_file();
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

// --- the figures ----------------------------------------------------------------------------

struct Chosen {
  std::string binary, config = "config";
  long requests = 16'000;
  int rounds = 5;
};

int best_threads(const std::string& self, int connections, long dialogues) {
  int best = 0;
  double best_rate = 0;
  for (const int threads : {2, 3, 4}) {
    const Other listener = bare(self, threads);
    Load load{.port = listener.port, .connections = connections, .dialogues = dialogues / 4};
    load.check = false;
    run_load(load);  // warm
    const double rate = run_load(load).rate();
    if (rate > best_rate) {
      best_rate = rate;
      best = threads;
    }
  }
  return best;
}

// Returns the dialogues held.
long compare(const Chosen& chosen, const std::string& self, const Folder& folder, Gateway& gateway,
             int connections, double goal, long first) {
  const long dialogues = chosen.requests / messages_per_dialogue;
  const int threads = best_threads(self, connections, dialogues);
  const Other listener = bare(self, threads);
  std::vector<double> rates, bare_rates, ratios, p50, p99, bare_p99;
  long held = 0;
  for (int round = -1; round < chosen.rounds; ++round) {  // the first is a warm-up
    Load load{.port = listener.port,
              .connections = connections,
              .dialogues = round < 0 ? dialogues / 8 : dialogues};
    load.run = "c" + std::to_string(connections) + "r" + std::to_string(round + 1) + "d";
    load.first_dialogue = first + held;
    load.check = false;
    Measured reference = run_load(load);
    load.port = gateway.port;
    load.check = true;
    Measured turn = run_load(load);
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

// Returns the dialogues held with the gateway.
long compare_unstored(const Chosen& chosen, const std::string& self, Gateway& gateway, long first) {
  const int port = free_port();
  const Other forgetful(
      port, {self, "--forgetful", std::to_string(port), chosen.config, gateway.database_file()},
      "/webhooks/rest/");
  const long dialogues = chosen.requests / messages_per_dialogue;
  std::vector<double> rates, unstored_rates, ratios;
  long held = 0;
  for (int round = -1; round < chosen.rounds; ++round) {  // the first is a warm-up
    Load load{.port = forgetful.port,
              .connections = 16,
              .dialogues = round < 0 ? dialogues / 8 : dialogues};
    load.run = "u" + std::to_string(round + 1) + "d";
    load.first_dialogue = first + held;
    const Measured unstored = run_load(load);
    load.port = gateway.port;
    const Measured stored = run_load(load);
    held += load.dialogues;
    for (const auto* one : {&unstored, &stored}) {
      expect(one->errors == 0 && one->finished == load.dialogues, "not every dialogue ended well");
    }
    if (round < 0) continue;
    rates.push_back(stored.rate());
    unstored_rates.push_back(unstored.rate());
    ratios.push_back(stored.rate() / unstored.rate());
  }
  std::cout << Json{{"name", "turn_against_same_turn_without_store"},
                    {"value", std::round(median(rates))},
                    {"unit", "requests/s"},
                    {"reference", std::round(median(unstored_rates))},
                    {"ratio", rounded(median(ratios))},
                    {"goal", 0.6},
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
  expect(run_load(load).errors == 0, "an answer was not 2xx");
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
  const OwnRedis redis(folder);
  Gateway gateway(chosen.binary, folder, "data");
  long held = compare(chosen, self, folder, gateway, 16, 0.40, 0);
  held += compare(chosen, self, folder, gateway, 64, 0.45, held);
  held += compare_unstored(chosen, self, gateway, held);
  check_records(gateway, held);
  measure_ready(gateway);
  measure_memory(chosen, folder);
  return 0;
}

int load_alone(int port, int connections, long requests) {
  Load load{
      .port = port, .connections = connections, .dialogues = requests / messages_per_dialogue};
  load.run = "load" + std::to_string(getpid()) + "d";
  Measured got = run_load(load);
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
    if (args[i] == "--forgetful" && args.size() == 4) {
      serve_forgetful(static_cast<int>(number(1)), args[2], args[3], folder);
    }
    if (args[i] == "--units") {
      std::cout << units_csv();
      return 0;
    }
    if (args[i] == "--binary" && i + 1 < args.size())
      chosen.binary = args[++i];
    else if (args[i] == "--config" && i + 1 < args.size())
      chosen.config = args[++i];
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
