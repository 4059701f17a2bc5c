#include "tests/support/http_call.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "store/base/text.h"

namespace huiyin::test {
namespace {

bool read_some(int fd, std::string& buffer) {
  char bytes[16384];
  const ssize_t got = ::recv(fd, bytes, sizeof bytes, 0);
  if (got <= 0) return false;
  buffer.append(bytes, static_cast<std::size_t>(got));
  return true;
}

// Takes `count` bytes off the front of the buffer, reading as needed.
bool take(int fd, std::string& buffer, std::size_t count, std::string& out) {
  while (buffer.size() < count) {
    if (!read_some(fd, buffer)) return false;
  }
  out.append(buffer, 0, count);
  buffer.erase(0, count);
  return true;
}

bool take_line(int fd, std::string& buffer, std::string& line) {
  std::size_t end;
  while ((end = buffer.find("\r\n")) == std::string::npos) {
    if (!read_some(fd, buffer)) return false;
  }
  line = buffer.substr(0, end);
  buffer.erase(0, end + 2);
  return true;
}

}  // namespace

int HttpMessage::status() const {
  const auto space = first_line.find(' ');
  return space == std::string::npos ? 0 : std::atoi(first_line.c_str() + space + 1);
}

Json HttpMessage::json() const {
  Json value = Json::parse(body, nullptr, false);
  return value.is_discarded() ? Json() : value;
}

std::optional<HttpMessage> read_message(int fd, std::string& buffer, bool no_body) {
  HttpMessage message;
  std::string line;
  if (!take_line(fd, buffer, message.first_line)) return std::nullopt;
  for (;;) {
    if (!take_line(fd, buffer, line)) return std::nullopt;
    if (line.empty()) break;
    const auto colon = std::min(line.find(':'), line.size());
    message.headers[line.substr(0, colon)] =
        std::string(trim(std::string_view(line).substr(std::min(colon + 1, line.size()))));
  }
  if (no_body) return message;
  if (message.headers.contains("Transfer-Encoding")) {
    for (;;) {
      if (!take_line(fd, buffer, line)) return std::nullopt;
      const std::size_t size = std::stoul(line, nullptr, 16);
      std::string end;
      if (!take(fd, buffer, size, message.body) || !take(fd, buffer, 2, end)) return std::nullopt;
      if (size == 0) return message;
    }
  }
  const auto length = message.headers.find("Content-Length");
  if (length == message.headers.end()) return message;
  if (!take(fd, buffer, std::stoul(length->second), message.body)) return std::nullopt;
  return message;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

Connection::Connection(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{20, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd_);
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
}

Connection::~Connection() {
  ::close(fd_);
}

std::optional<HttpMessage> Connection::call(std::string_view method, std::string_view target,
                                            const http::Headers& headers, std::string_view body) {
  std::string out = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
  if (!headers.contains("Host")) out += "Host: 127.0.0.1\r\n";
  for (const auto& [name, value] : headers) out += name + ": " + value + "\r\n";
  if (!body.empty() || method == "POST" || method == "PUT") {
    out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  out += "\r\n";
  out += body;
  if (!send(out)) return std::nullopt;
  return read_message(fd_, buffer_, method == "HEAD");
}

std::string Connection::read_until(std::string_view text) {
  while (buffer_.find(text) == std::string::npos) {
    if (!read_some(fd_, buffer_)) return {};
  }
  return buffer_;
}

bool Connection::closed() {
  return buffer_.empty() && !read_some(fd_, buffer_);
}

HttpMessage http_call(int port, std::string_view method, std::string_view target,
                      const http::Headers& headers, std::string_view body) {
  auto answer = Connection(port).call(method, target, headers, body);
  if (!answer) throw std::runtime_error("the connection closed without an answer");
  return std::move(*answer);
}

HttpMessage post_json(int port, std::string_view target, const Json& body, http::Headers headers) {
  headers.emplace("Content-Type", "application/json");
  return http_call(port, "POST", target, headers, body.dump());
}

HttpMessage post_form(int port, std::string_view target,
                      const std::vector<std::pair<std::string, std::string>>& fields,
                      http::Headers headers) {
  std::string body;
  for (const auto& [name, value] : fields) {
    if (!body.empty()) body += '&';
    body += http::percent_encode(name) + "=" + http::percent_encode(value);
  }
  headers.emplace("Content-Type", "application/x-www-form-urlencoded");
  return http_call(port, "POST", target, headers, body);
}

}  // namespace huiyin::test
