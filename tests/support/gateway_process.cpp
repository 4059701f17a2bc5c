#include "tests/support/gateway_process.h"

#include <signal.h>

#include <stdexcept>

namespace huiyin::test {
namespace {

// The port of the line {"listening":"127.0.0.1:PORT"}; 0 while it has not been printed.
int listening_port(const std::string& printed) {
  const auto at = printed.rfind("{\"listening\"");
  if (at == std::string::npos) return 0;
  const auto end = printed.find('\n', at);
  if (end == std::string::npos) return 0;
  const std::string address =
      text_of(Json::parse(printed.substr(at, end - at), nullptr, false), "listening");
  const auto colon = address.rfind(':');
  return colon == std::string::npos ? 0 : std::stoi(address.substr(colon + 1));
}

}  // namespace

GatewayProcess::GatewayProcess(GatewayOptions options)
    : options_(std::move(options)), stdout_(logs_ / "stdout"), log_(logs_ / "stderr") {
  if (options_.data_dir.empty()) {
    own_dir_ = std::make_unique<TempDir>();
    options_.data_dir = *own_dir_ / "data";
  }
  options_.env.try_emplace("HUIYIN_ADMIN_TOKEN", admin_token);
  options_.env.try_emplace("HUIYIN_REDIS_URL", options_.redis_url);
  options_.env.try_emplace("HUIYIN_DATABASE_URL", "");
  start();
}

void GatewayProcess::start() {
  std::vector<std::string> argv{options_.binary, "serve",
                                "--data",        options_.data_dir,
                                "--listen",      "127.0.0.1:" + std::to_string(options_.port)};
  if (options_.sandbox) argv.push_back("--sandbox");
  argv.insert(argv.end(), options_.args.begin(), options_.args.end());
  const std::size_t before = printed().size();
  process_ = Process(Command{.argv = argv,
                             .env = options_.env,
                             .stdout_file = stdout_,
                             .stderr_file = log_,
                             .dir = HUIYIN_SOURCE_DIR});
  int port = 0;
  wait_until([&] {
    port = listening_port(printed().substr(before));
    return port != 0 || !process_.running();
  });
  if (port == 0) {
    const auto status = process_.wait(std::chrono::milliseconds(0));
    throw std::runtime_error(
        "the gateway does not listen (" +
        (status ? "exit " + std::to_string(*status) : std::string("still running")) + "):\n" +
        printed() + log());
  }
  options_.port = port;
}

void GatewayProcess::kill_hard() {
  process_.kill_hard();
}

int GatewayProcess::terminate() {
  process_.signal(SIGTERM);
  return process_.wait().value_or(-1);
}

void GatewayProcess::restart() {
  kill_hard();
  start();
}

HttpAnswer GatewayProcess::get(std::string_view target, const HeaderList& headers) const {
  return http_call(port(), "GET", target, headers);
}

HttpAnswer GatewayProcess::post_form(std::string_view target,
                                     const std::multimap<std::string, std::string>& form,
                                     const HeaderList& headers) const {
  HeaderList all = headers;
  all.try_emplace("Content-Type", "application/x-www-form-urlencoded");
  return http_call(port(), "POST", target, all, form_body(form));
}

HttpAnswer GatewayProcess::say(const std::string& sender, const std::string& text,
                               const std::string& message_id) const {
  Json body{{"sender", sender}, {"message", text}};
  if (!message_id.empty()) body["message_id"] = message_id;
  return http_call(port(), "POST", "/webhooks/rest/webhook", {{"Content-Type", "application/json"}},
                   dump_json(body));
}

HttpAnswer GatewayProcess::admin(std::string_view method, std::string_view target, const Json& body,
                                 const HeaderList& headers) const {
  HeaderList all = headers;
  all.try_emplace("Authorization", std::string("Bearer ") + admin_token);
  if (!body.is_null()) all.try_emplace("Content-Type", "application/json");
  return http_call(port(), method, target, all, body.is_null() ? "" : dump_json(body));
}

HttpAnswer GatewayProcess::import_csv(std::string_view what, std::string_view csv) const {
  return http_call(port(), "POST", "/api/v1/import/" + std::string(what),
                   {{"Authorization", std::string("Bearer ") + admin_token},
                    {"Content-Type", "text/csv; charset=utf-8"}},
                   csv);
}

HttpAnswer GatewayProcess::advance(std::string_view duration) const {
  return admin("PUT", "/api/v1/sandbox/clock", Json{{"advance", duration}});
}

int GatewayProcess::command(const std::vector<std::string>& args, std::string* out) const {
  std::vector<std::string> argv{options_.binary};
  argv.insert(argv.end(), args.begin(), args.end());
  argv.insert(argv.end(), {"--data", options_.data_dir});
  const TempDir dir;
  const std::string file = dir / "stdout";
  const auto status = run(Command{.argv = argv,
                                  .env = options_.env,
                                  .stdout_file = file,
                                  .stderr_file = log_,
                                  .dir = HUIYIN_SOURCE_DIR});
  if (out != nullptr) *out = read_file(file);
  return status.value_or(-1);
}

}  // namespace huiyin::test
