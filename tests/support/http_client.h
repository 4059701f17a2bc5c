// A small synchronous HTTP/1.1 client over raw sockets, so that a test sees just what came over the
// wire: one call is one delivery, nothing is retried behind its back. Not thread-safe; one
// connection a thread.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "store/base/json.h"

namespace huiyin::test {

struct HttpAnswer {
  int status = 0;  // 0: no whole answer came (refused, closed or timed out)
  std::multimap<std::string, std::string> headers;  // names in small letters
  std::string body;

  bool complete() const { return status != 0; }
  std::string header(std::string_view small_name) const;  // "" when absent
  Json json() const;                                      // discarded value when it is none
};

using HeaderList = std::map<std::string, std::string>;

// Keeps its connection between calls; a connection that the server closed is opened anew, but a
// request that was written is never written twice.
class HttpConnection {
 public:
  explicit HttpConnection(int port, std::chrono::milliseconds timeout = std::chrono::seconds(30));
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  HttpAnswer call(std::string_view method, std::string_view target, const HeaderList& headers = {},
                  std::string_view body = {});
  // For requests that no client would write, and for streams.
  bool write_raw(std::string_view bytes);
  HttpAnswer read_answer(bool head_request = false);
  HttpAnswer read_head();                   // the body is left to read_line
  std::optional<std::string> read_line();   // without its end; none at the end of the stream
  std::optional<std::string> read_chunk();  // empty: the last one
  bool open();
  void close();

 private:
  bool fill();  // reads more into buffer_; false at the end, on an error and at the timeout

  const int port_;
  const std::chrono::milliseconds timeout_;
  int fd_ = -1;
  std::string buffer_;
};

// One call on a connection of its own, to 127.0.0.1.
HttpAnswer http_call(int port, std::string_view method, std::string_view target,
                     const HeaderList& headers = {}, std::string_view body = {});

// Server-Sent Events: connects and gives event after event.
struct SseEvent {
  std::string id;
  std::string event;
  std::string data;
};
class EventStream {
 public:
  EventStream(int port, std::string_view target, const HeaderList& headers = {},
              std::chrono::milliseconds timeout = std::chrono::seconds(30));
  const HttpAnswer& head() const { return head_; }
  // None at the end of the stream or when nothing came within the timeout. Comments are skipped.
  std::optional<SseEvent> next();

 private:
  std::optional<std::string> body_line();

  HttpConnection connection_;
  HttpAnswer head_;
  std::string pending_;  // decoded bytes of the body that no line has used yet
};

std::string form_body(const std::multimap<std::string, std::string>& fields);

}  // namespace huiyin::test
