// The operator API at work: authenticates, checks roles and bodies, runs handlers on its own
// threads, keeps idempotency keys, and describes itself (openapi.json).
#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "bot/gateway/api.h"
#include "store/base/executor.h"

namespace huiyin {

struct ApiParts {
  store::Database& database;
  Lane& lane;
  const Clock& clock;
  Executor& executor;
  TokenCheck check_token;
  std::string version;
  int threads = 2;
  std::size_t queue_max = 1'000;  // calls that wait for a thread; above it 503
};

class ApiServer final : public Api {
 public:
  explicit ApiServer(ApiParts parts);
  ~ApiServer() override;

  void add(ApiRoute route, std::function<http::Response(ApiCall&)> handler) override;
  // Puts everything added so far, and openapi.json, on the routes.
  void mount(http::Routes& routes);
  // 401 before 404, 405 and 400 for paths of the operator API: an answer when the caller may not
  // even know whether the path exists.
  std::optional<http::Response> guard(const http::Request& request) const;
  Json openapi() const;
  void stop();

 private:
  struct Entry {
    ApiRoute route;
    std::function<http::Response(ApiCall&)> handler;
  };
  struct Work {
    const Entry* entry;
    http::Request request;
    Principal who;
    http::Responder respond;
  };
  class Call;

  void take(const Entry& entry, const http::Request& request, http::Responder respond);
  http::Response run(const Entry& entry, const http::Request& request, const Principal& who);
  void work_loop();

  ApiParts parts_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Work> queue_;
  bool stopping_ = false;
  std::vector<std::unique_ptr<RunningThread>> threads_;
};

}  // namespace huiyin
