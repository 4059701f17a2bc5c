// HTTP as values, so that only channels/http knows the library behind it. Used by channels
// (webhooks, providers) and by subjects (resources of the operator API).
#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/error.h"
#include "store/base/json.h"

namespace huiyin::http {

// Header names compare without case.
struct CaseLess {
  bool operator()(std::string_view a, std::string_view b) const;
  using is_transparent = void;
};
using Headers = std::map<std::string, std::string, CaseLess>;
// Decoded name → values in the order they came (`application/x-www-form-urlencoded` or a query).
using Fields = std::multimap<std::string, std::string, std::less<>>;

struct Request {
  std::string method;  // upper case
  std::string path;    // decoded, without query
  std::string target;  // path and query as they came, for signatures; never logged
  std::string query;   // raw, without '?'
  Headers headers;
  std::string body;
  // Values of {name} parts of the route, decoded.
  std::map<std::string, std::string, std::less<>> params;

  std::string_view header(std::string_view name) const;  // empty when absent
  Fields query_fields() const;
  std::string query_value(std::string_view name) const;  // first value; empty when absent
  std::string_view bearer_token() const;  // of "Authorization: Bearer TOKEN"; empty for all else
};

// Decodes a form or query; `invalid` on a broken percent escape. '+' is a space.
Result<Fields> parse_form(std::string_view text);
std::string percent_encode(std::string_view text);  // RFC 3986 unreserved kept
// Decodes a part of a path ('+' stands for itself); `invalid` on a broken escape.
Result<std::string> percent_decode(std::string_view text);

// A response whose body grows: Server-Sent Events. The server calls `start` once with a sink;
// the sink answers false when the client has gone, and is safe to call from any thread. The server
// keeps `start` until the stream has ended and then destroys it, so what it captures (the handle of
// a watch) lives exactly as long as the client listens. Hold the sink itself weakly elsewhere. Each
// write must be one or more whole events: the server puts comments in between to keep the line
// open.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual bool write(std::string_view bytes) = 0;
  virtual void close() = 0;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  std::function<void(std::shared_ptr<EventSink>)> start;  // set: a stream, `body` is unused

  static Response json(int status, const Json& body);
  static Response text(int status, std::string body,
                       std::string type = "text/plain; charset=utf-8");
  // RFC 9457. `extra` members are merged in (for example "field", "allowed", "errors").
  static Response problem(int status, std::string_view title, std::string_view detail,
                          const Json& extra = Json::object());
  static Response from(const Error& error);  // the kind decides the status
};

// 400 that names the member or query parameter at fault; an Error's whatever its kind.
Response bad_request(std::string_view field, std::string_view why);  // "<field> <why>"
Response bad_request(const Error& error);

using Responder = std::function<void(Response)>;
// Runs on a server thread and must not block: it may answer later, from any thread, exactly once.
using Handler = std::function<void(const Request&, Responder)>;

// The routes of the house. A pattern is a path whose parts may be {name}. Filled before serving.
class Routes {
 public:
  virtual ~Routes() = default;
  virtual void add(std::string_view method, std::string_view pattern, Handler handler) = 0;
};

// The client side. One call is one delivery or one error: never repeated behind our back.
struct ClientRequest {
  std::string method = "GET";
  std::string url;
  Headers headers;
  std::string body;
  std::chrono::milliseconds timeout{10'000};
};
struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
};
class Client {
 public:
  virtual ~Client() = default;
  // Calls `done` exactly once, from any thread. Errors: `transient` when the connection was
  // refused or no byte was written, `ambiguous` when there is no answer after that.
  virtual void call(ClientRequest request, std::function<void(Result<ClientResponse>)> done) = 0;
};

}  // namespace huiyin::http
