#include "channels/http/server.h"

#include <arpa/inet.h>
#include <cpprest/http_listener.h>
#include <cpprest/producerconsumerstream.h>
#include <netinet/in.h>
#include <pplx/threadpool.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "channels/http/router.h"
#include "channels/http/sockets.h"

namespace huiyin::http {
namespace {

using Raw = web::http::http_request;
using Pipe = concurrency::streams::producer_consumer_buffer<std::uint8_t>;
using SteadyClock = std::chrono::steady_clock;

constexpr int port_tries_max = 20;
constexpr std::chrono::milliseconds poll_every{1};
constexpr std::string_view heartbeat_comment = ": still here\n\n";

// An open event stream: what is written goes into a pipe that the library sends from.
class Stream final : public EventSink {
 public:
  explicit Stream(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  bool write(std::string_view bytes) override {
    const std::lock_guard lock(mutex_);
    if (gone_) return false;
    if (pipe_.in_avail() + bytes.size() > bytes_max_) {
      end();
      return false;
    }
    // Both finish at once on this kind of buffer; sync lets out less than a full chunk.
    pipe_.putn_nocopy(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    pipe_.sync();
    return true;
  }

  void close() override {
    const std::lock_guard lock(mutex_);
    end();
  }

  concurrency::streams::istream reader() { return pipe_.create_istream(); }

 private:
  void end() {
    if (gone_) return;
    gone_ = true;
    pipe_.close(std::ios_base::out);
  }

  const std::size_t bytes_max_;
  std::mutex mutex_;
  Pipe pipe_;
  bool gone_ = false;
};

std::optional<std::uint64_t> content_length(const Raw& raw) {
  const auto it = raw.headers().find("Content-Length");
  if (it == raw.headers().end()) return std::nullopt;
  std::uint64_t value = 0;
  const std::string& text = it->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return UINT64_MAX;
  return value;
}

// A port that is free now. Somebody else may take it before we listen, so the caller tries again.
int free_port(const std::string& host) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return 0;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  socklen_t size = sizeof address;
  int port = 0;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    port = ntohs(address.sin_port);
  }
  ::close(fd);
  return port;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host == "[::1]" || host.starts_with("127.");
}

}  // namespace

// Shared with every request in flight, so that a late answer finds it alive.
struct HttpServer::Core : std::enable_shared_from_this<HttpServer::Core> {
  class Exchange;

  explicit Core(ServerOptions chosen) : options(chosen) {}

  void take(const Raw& raw);
  void read_body(const std::shared_ptr<Exchange>& exchange);
  void call(const std::shared_ptr<Exchange>& exchange);
  void beat();
  void finished();
  void stop();
  void end_connections();

  const ServerOptions options;
  int port = 0;  // once it listens
  Router router;
  Guard guard;
  AccessLog access_log;
  std::unique_ptr<web::http::experimental::listener::http_listener> listener;
  std::unique_ptr<boost::asio::steady_timer> timer;

  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> in_flight{0};  // taken and not yet written, streams included
  std::mutex mutex;
  std::condition_variable idle;
  std::set<std::shared_ptr<Stream>> streams;  // open ones
};

// One request and the duty to answer it exactly once.
class HttpServer::Core::Exchange {
 public:
  Exchange(std::shared_ptr<Core> core, const Raw& raw) : core_(std::move(core)), raw_(raw) {}
  ~Exchange() {
    if (!answered_.load(std::memory_order_acquire))
      answer(Response::problem(500, "Internal Server Error", ""));
  }

  void answer(Response response) {
    if (answered_.exchange(true, std::memory_order_acq_rel)) return;
    if (core_->access_log) {
      const auto took = SteadyClock::now() - begun_;
      core_->access_log(request.method, target ? target->pattern : "-", response.status,
                        std::chrono::duration_cast<std::chrono::microseconds>(took));
    }
    try {
      if (response.start && request.method != "HEAD") {
        answer_stream(response);
      } else {
        answer_whole(response);
      }
    } catch (const std::exception&) {
      // The library refuses an answer only when the connection is gone already.
      core_->finished();
    }
  }

  Raw& raw() { return raw_; }

  Request request;
  const Router::Target* target = nullptr;

 private:
  web::http::http_response head_of(const Response& response) const {
    web::http::http_response out(static_cast<web::http::status_code>(response.status));
    auto& headers = out.headers();
    for (const auto& [name, value] : response.headers) headers[name] = value;
    headers["X-Content-Type-Options"] = "nosniff";
    if (!response.headers.contains("Cache-Control")) headers["Cache-Control"] = "no-store";
    if (core_->stopping.load(std::memory_order_relaxed)) headers["Connection"] = "close";
    return out;
  }

  void answer_whole(Response& response) {
    auto out = head_of(response);
    if (!response.body.empty() && request.method != "HEAD") {
      const auto type = response.headers.find("Content-Type");
      const bool typed = type != response.headers.end();
      out.set_body(std::move(response.body), typed ? type->second : "application/octet-stream");
    }
    raw_.reply(out).then([core = core_](const pplx::task<void>& sent) {
      settle(sent);
      core->finished();
    });
  }

  void answer_stream(Response& response) {
    auto stream = std::make_shared<Stream>(core_->options.stream_bytes_max);
    {
      const std::lock_guard lock(core_->mutex);
      if (core_->stopping || core_->streams.size() >= core_->options.streams_max) {
        stream.reset();
      } else {
        core_->streams.insert(stream);
      }
    }
    if (!stream) {
      Response busy = Response::problem(503, "Service Unavailable", "too many event streams");
      busy.headers.emplace("Retry-After", "5");
      return answer_whole(busy);
    }
    auto out = head_of(response);
    out.set_body(stream->reader(), "text/event-stream");
    auto start = std::make_shared<std::function<void(std::shared_ptr<EventSink>)>>(
        std::move(response.start));
    try {
      (*start)(stream);  // what it writes waits in the pipe
    } catch (const std::exception&) {
      stream->close();
    }
    const auto ended = [core = core_, stream, start] {
      stream->close();
      {
        const std::lock_guard lock(core->mutex);
        core->streams.erase(stream);
      }
      *start = nullptr;  // ends the watch
    };
    try {
      raw_.reply(out).then([ended, core = core_](const pplx::task<void>& sent) {
        settle(sent);
        ended();
        core->finished();
      });
    } catch (const std::exception&) {
      ended();
      throw;
    }
  }

  // A client that went away before it had its answer is no fault of ours; nothing can be told.
  static void settle(const pplx::task<void>& sent) {
    try {
      sent.get();
    } catch (const std::exception&) {
    }
  }

  std::shared_ptr<Core> core_;
  Raw raw_;
  SteadyClock::time_point begun_ = SteadyClock::now();
  std::atomic<bool> answered_{false};
};

void HttpServer::Core::finished() {
  if (in_flight.fetch_sub(1, std::memory_order_acq_rel) == 1 && stopping) {
    const std::lock_guard lock(mutex);
    idle.notify_all();
  }
}

void HttpServer::Core::take(const Raw& raw) {
  const std::size_t busy = in_flight.fetch_add(1, std::memory_order_acq_rel);
  auto exchange = std::make_shared<Exchange>(shared_from_this(), raw);
  Request& request = exchange->request;
  request.method = raw.method();
  request.query = raw.request_uri().query();
  const std::string& path = raw.request_uri().path();
  request.target = request.query.empty() ? path : path + "?" + request.query;
  for (const auto& [name, value] : raw.headers()) request.headers.emplace(name, value);
  auto decoded = percent_decode(path);
  if (!decoded || !percent_decode(request.query)) {
    return exchange->answer(
        Response::problem(400, "Bad Request", "the address has a broken percent escape"));
  }
  request.path = std::move(*decoded);
  if (stopping || busy >= options.requests_max) {
    Response away = Response::problem(503, "Service Unavailable", "");
    away.headers.emplace("Retry-After", "1");
    return exchange->answer(std::move(away));
  }

  Router::Match match = router.find(request.method, path);
  exchange->target = match.target;
  if (guard) {
    const RouteInfo info{match.target ? std::string_view(match.target->pattern) : "",
                         match.path_known};
    if (auto refusal = guard(request, info)) return exchange->answer(std::move(*refusal));
  }
  if (!match.path_known) return exchange->answer(Response::problem(404, "Not Found", ""));
  if (!match.target) {
    Response no = request.method == "OPTIONS"
                      ? Response{.status = 204, .headers = {}, .body = {}, .start = {}}
                      : Response::problem(405, "Method Not Allowed", "");
    no.headers.emplace("Allow", match.allow);
    return exchange->answer(std::move(no));
  }
  for (std::size_t i = 0; i < match.values.size(); ++i) {
    request.params.emplace(match.target->names[i], std::move(match.values[i]));
  }
  read_body(exchange);
}

namespace {
Response too_large(std::size_t bytes_max) {
  return Response::problem(413, "Content Too Large",
                           "a body holds at most " + std::to_string(bytes_max) + " bytes");
}
}  // namespace

void HttpServer::Core::read_body(const std::shared_ptr<Exchange>& exchange) {
  const auto length = content_length(exchange->raw());
  const bool chunked = exchange->raw().headers().has("Transfer-Encoding");
  if (length.value_or(0) > options.body_bytes_max) {
    return exchange->answer(too_large(options.body_bytes_max));
  }
  if (length.value_or(0) == 0 && !chunked) return call(exchange);
  exchange->raw().content_ready().then(
      [self = shared_from_this(), exchange](const pplx::task<Raw>& ready) {
        try {
          auto buffer = ready.get().body().streambuf();
          const std::size_t size = buffer.in_avail();
          if (size > self->options.body_bytes_max) {
            return exchange->answer(too_large(self->options.body_bytes_max));
          }
          std::string& body = exchange->request.body;
          body.resize(size);
          if (size > 0) buffer.scopy(reinterpret_cast<std::uint8_t*>(body.data()), size);
        } catch (const std::exception&) {
          return exchange->answer(Response::problem(400, "Bad Request", "the body broke off"));
        }
        self->call(exchange);
      });
}

void HttpServer::Core::call(const std::shared_ptr<Exchange>& exchange) {
  try {
    exchange->target->handler(exchange->request, [exchange](Response response) {
      exchange->answer(std::move(response));
    });
  } catch (const std::exception&) {
    exchange->answer(Response::problem(500, "Internal Server Error", ""));
  }
}

void HttpServer::Core::beat() {
  timer->expires_after(options.heartbeat);
  timer->async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || self->stopping) return;
    std::set<std::shared_ptr<Stream>> open;
    {
      const std::lock_guard lock(self->mutex);
      open = self->streams;
    }
    for (const auto& stream : open) stream->write(heartbeat_comment);
    const std::lock_guard lock(self->mutex);
    if (!self->stopping) self->beat();
  });
}

void HttpServer::Core::stop() {
  std::set<std::shared_ptr<Stream>> open;
  {
    const std::lock_guard lock(mutex);
    if (stopping.exchange(true)) return;
    if (timer) timer->cancel();
    open = streams;
  }
  // close() of the listener hangs while a stream is open, so they end first.
  for (const auto& stream : open) stream->close();
  open.clear();
  {
    std::unique_lock lock(mutex);
    idle.wait_for(lock, options.stop_wait, [this] { return in_flight == 0; });
  }
  if (!listener) return;
  end_connections();
  try {
    const auto closing = listener->close();
    while (!closing.is_done()) {
      wind_down(port);
      std::this_thread::sleep_for(poll_every);
    }
    closing.get();
  } catch (const std::exception&) {
    // Closing is the last thing done with it: a listener that is broken is closed.
  }
}

// close() takes the listener away first and then closes the connections. In between the library
// answers 404 by itself to what they read, and a client that believes a 4xx does not try again.
// Worse, a connection that was being accepted is overlooked, and close() waits until its client
// leaves. So none may be left when the listener goes.
void HttpServer::Core::end_connections() {
  const auto end = SteadyClock::now() + options.close_wait;
  while (wind_down(port) > 0 && SteadyClock::now() < end) std::this_thread::sleep_for(poll_every);
}

HttpServer::HttpServer(ServerOptions options) : core_(std::make_shared<Core>(options)) {}

HttpServer::~HttpServer() {
  stop();
}

void HttpServer::add(std::string_view method, std::string_view pattern, Handler handler) {
  core_->router.add(method, pattern, std::move(handler));
}

void HttpServer::set_guard(Guard guard) {
  core_->guard = std::move(guard);
}

void HttpServer::set_access_log(AccessLog log) {
  core_->access_log = std::move(log);
}

Result<int> HttpServer::start(const std::string& host, int port) {
  if (!core_->options.allow_public && !is_loopback(host)) {
    return fail(ErrorKind::invalid, "the server listens on loopback only, not on " + host,
                "listen");
  }
  use_threads(core_->options.threads);
  std::string why = "no free port";
  for (int tries = port == 0 ? port_tries_max : 1; tries > 0; --tries) {
    const int chosen = port == 0 ? free_port(host) : port;
    try {
      web::uri_builder address;
      address.set_scheme("http").set_host(host).set_port(chosen).set_path("/");
      auto listener =
          std::make_unique<web::http::experimental::listener::http_listener>(address.to_uri());
      const auto take = [core = core_.get()](const Raw& raw) { core->take(raw); };
      listener->support(take);
      // These two the library would answer by itself, before our guard.
      listener->support(web::http::methods::OPTIONS, take);
      listener->support(web::http::methods::TRCE, take);
      {
        // The library accepts before it knows the listener, and answers 404 to who comes in
        // between: so nobody is let in until it is open.
        const OneThread alone;
        listener->open().wait();
      }
      core_->listener = std::move(listener);
      core_->port = chosen;
      core_->timer = std::make_unique<boost::asio::steady_timer>(
          crossplat::threadpool::shared_instance().service());
      core_->beat();
      return chosen;
    } catch (const std::exception& error) {
      why = error.what();
    }
  }
  return fail(ErrorKind::conflict,
              "cannot listen on " + host + ":" + std::to_string(port) + ": " + why, "listen");
}

void HttpServer::stop() {
  core_->stop();
}

}  // namespace huiyin::http
