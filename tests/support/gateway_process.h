// The built gateway as an operator runs it: its own data folder, an ephemeral loopback port, a
// fixed operator token. Killed, stopped and started again on the same folder and port.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tests/support/http_client.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace huiyin::test {

struct GatewayOptions {
  bool sandbox = true;
  std::string redis_url;            // HUIYIN_REDIS_URL; empty: none is configured
  std::vector<std::string> args{};  // after `serve`, e.g. {"--set", "sandbox.run=true"}
  std::map<std::string, std::string> env{};
  std::string data_dir{};  // empty: a fresh one, gone with the object
  int port = 0;            // 0: one that is free, kept over restarts
  std::string binary = HUIYIN_BINARY;
};

class GatewayProcess {
 public:
  // Started and listening when made; throws std::runtime_error with its log when it is not.
  explicit GatewayProcess(GatewayOptions options);
  ~GatewayProcess() = default;

  static constexpr const char* admin_token = "operator-token-of-the-tests";

  int port() const { return options_.port; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
  const std::string& data_dir() const { return options_.data_dir; }
  bool running() { return process_.running(); }
  Process& process() { return process_; }

  void start();
  void kill_hard();  // SIGKILL and wait
  int terminate();   // SIGTERM; its exit code, -1 when it did not end within 20 s
  void restart();    // kill_hard and start
  std::string log() const { return read_file(log_); }
  std::string printed() const { return read_file(stdout_); }

  // Calls without credentials.
  HttpAnswer get(std::string_view target, const HeaderList& headers = {}) const;
  HttpAnswer post_form(std::string_view target, const std::multimap<std::string, std::string>& form,
                       const HeaderList& headers = {}) const;
  // One message on the web chat; the answers' texts are in json()[i]["text"].
  HttpAnswer say(const std::string& sender, const std::string& text,
                 const std::string& message_id = {}) const;

  // Calls with the operator token.
  HttpAnswer admin(std::string_view method, std::string_view target, const Json& body = nullptr,
                   const HeaderList& headers = {}) const;
  HttpAnswer import_csv(std::string_view what, std::string_view csv) const;  // "units", "staff"
  HttpAnswer advance(std::string_view duration) const;                       // "PT3M"

  // Another command of the binary on the same data folder: command({"verify"}). `out` gets stdout.
  int command(const std::vector<std::string>& args, std::string* out = nullptr) const;

 private:
  GatewayOptions options_;
  std::unique_ptr<TempDir> own_dir_;
  TempDir logs_;
  std::string stdout_;
  std::string log_;
  Process process_;
};

}  // namespace huiyin::test
