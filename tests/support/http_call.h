// HTTP over a plain blocking socket, byte for byte, for tests of the server edge and of stubs.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "bot/http.h"

namespace huiyin::test {

struct HttpMessage {
  std::string first_line;
  http::Headers headers;
  std::string body;
  int status() const;  // of an answer
  Json json() const;   // of the body; null when it is none
};

// Reads one message: Content-Length and chunked. Nothing when the other side closed before its end.
// `buffer` keeps what came beyond it. `no_body`: the answer to a HEAD.
std::optional<HttpMessage> read_message(int fd, std::string& buffer, bool no_body = false);
bool send_all(int fd, std::string_view bytes);

// One connection to loopback; reads give up after 20 s.
class Connection {
 public:
  explicit Connection(int port);
  ~Connection();
  Connection(const Connection&) = delete;

  bool send(std::string_view bytes) { return send_all(fd_, bytes); }
  // A whole request with Host and Content-Length, then its answer.
  std::optional<HttpMessage> call(std::string_view method, std::string_view target,
                                  const http::Headers& headers = {}, std::string_view body = {});
  std::optional<HttpMessage> read() { return read_message(fd_, buffer_); }
  // Reads on until `text` has been seen; everything read so far. Empty when the line closed before.
  std::string read_until(std::string_view text);
  // True when the other side closes without another byte.
  bool closed();

 private:
  int fd_ = -1;
  std::string buffer_;
};

// The same on a connection of its own.
HttpMessage http_call(int port, std::string_view method, std::string_view target,
                      const http::Headers& headers = {}, std::string_view body = {});
HttpMessage post_json(int port, std::string_view target, const Json& body,
                      http::Headers headers = {});
HttpMessage post_form(int port, std::string_view target,
                      const std::vector<std::pair<std::string, std::string>>& fields,
                      http::Headers headers = {});

}  // namespace huiyin::test
