// The running of the house: delivery (relay, workers), the scheduler, the operator API and the
// sandbox, around parts that the composition root made. Knows channels and subjects by their
// interfaces only.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/channel.h"
#include "bot/gateway/api_server.h"
#include "bot/gateway/front_desk.h"
#include "bot/gateway/metrics.h"
#include "bot/gateway/operations.h"
#include "bot/gateway/relay.h"
#include "bot/gateway/scheduler.h"
#include "bot/gateway/settings.h"
#include "bot/gateway/worker.h"

namespace huiyin {

// All of it outlives the gateway.
struct GatewayParts {
  const Settings& settings;
  store::Database& database;
  Lane& lane;
  const Clock& clock;
  const Clock& machine;
  SandboxClock* sandbox;  // null outside the sandbox
  Executor& executor;
  Random& random;
  const Directory& directory;
  const Understander& understander;
  FrontDesk& front;
  Post& post;
  std::vector<Dialog*> dialogs;
  std::vector<Channel*> channels;
  std::vector<Resource*> resources;
  TokenCheck staff_token;
  std::string admin_token;  // the operator's; empty: the kept one, or a new one, printed once
  std::string version;
  store::RedisAddress redis;
};

class Gateway {
 public:
  // Recovers what the last stop cut off; call before the doors open.
  explicit Gateway(GatewayParts parts);

  void mount(http::Routes& routes);
  // 401 before everything else on the operator API's paths.
  std::optional<http::Response> guard(const http::Request& request) const;
  void count(const std::string& method, const std::string& route, int status,
             std::chrono::microseconds took);

  void start();
  void poke() { relay_->poke(); }  // there is something to send
  // After the server has stopped: ends the threads, in the order of what needs what.
  void stop();

 private:
  void prepare_delivery();
  void prepare_scheduler();
  void prepare_api();
  std::string admin_token_hash();
  std::optional<Principal> check_token(std::string_view token) const;
  Json sent_list(store::Connection& db, std::int64_t after) const;

  GatewayParts parts_;
  std::string admin_hash_;
  Metrics metrics_;
  std::optional<Relay> relay_;
  std::optional<Workers> workers_;
  std::optional<Scheduler> scheduler_;
  std::optional<ApiServer> api_;
  std::vector<std::unique_ptr<Resource>> resources_;  // of the gateway itself
};

}  // namespace huiyin
