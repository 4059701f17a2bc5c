// The server edge: one listener on loopback for webhooks, the operator API and everything else.
//
// It answers what no handler has to think about: 404 and 405 (with Allow), 413, HEAD and OPTIONS, a
// handler that throws or forgets to answer (500), too much work (503). Handlers run on the threads
// of the pool and must not block. What a hostile network sends is kept away by nginx in front
// (config/nginx): the listener has no timeouts and takes a body in before it can be refused.
//
// Thread-safe after start(). stop() is called from outside the pool's threads.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bot/http.h"
#include "channels/http/threads.h"

namespace huiyin::http {

struct ServerOptions {
  std::size_t threads = threads_default;
  std::size_t body_bytes_max = 1'048'576;       // a body of exactly this size is taken
  std::size_t requests_max = 20'000;            // in flight; above it 503
  std::size_t streams_max = 2'000;              // open event streams; above it 503
  std::size_t stream_bytes_max = 1'048'576;     // unsent to one slow reader; above it he is dropped
  std::chrono::milliseconds heartbeat{15'000};  // a comment on every stream finds who has gone
  std::chrono::milliseconds stop_wait{8'000};   // for what is in flight when stopping
  std::chrono::milliseconds close_wait{1'000};  // then for the connections to end
  bool allow_public = false;                    // may listen elsewhere than on loopback
};

// What the table says of a request's path, before its body is read.
struct RouteInfo {
  std::string_view pattern;  // empty when there is no handler for this method and path
  bool path_known = false;
};

class HttpServer final : public Routes {
 public:
  // Looks at a request before the table's own 404, 405 and 413 do; the body is not there yet. An
  // answer ends the request. Must not block.
  using Guard = std::function<std::optional<Response>(const Request&, const RouteInfo&)>;
  // One call per answer; `pattern` holds no secret or personal part, "-" when no route matched.
  using AccessLog = std::function<void(const std::string& method, const std::string& pattern,
                                       int status, std::chrono::microseconds took)>;

  explicit HttpServer(ServerOptions options = {});
  ~HttpServer() override;  // stops

  // Before start(). A second handler for a method and path throws std::logic_error.
  void add(std::string_view method, std::string_view pattern, Handler handler) override;
  void set_guard(Guard guard);
  void set_access_log(AccessLog log);

  // Listens; `port` 0 takes a free one. Gives the port. Errors: `invalid` (not a loopback address),
  // `conflict` (cannot listen there).
  Result<int> start(const std::string& host, int port);
  // Answers 503 to what comes now, ends event streams, waits for what is in flight (at most
  // stop_wait), takes no further connection and lets those that are kept end (at most close_wait),
  // then closes. Repeated calls do nothing.
  void stop();

 private:
  struct Core;
  std::shared_ptr<Core> core_;
};

}  // namespace huiyin::http
