#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace huiyin::test {
namespace {

std::string small(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string_view strip(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::optional<std::size_t> number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

bool has_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

}  // namespace

std::string HttpAnswer::header(std::string_view small_name) const {
  const auto it = headers.find(std::string(small_name));
  return it == headers.end() ? "" : it->second;
}

Json HttpAnswer::json() const {
  return Json::parse(body, nullptr, false);
}

HttpConnection::HttpConnection(int port, std::chrono::milliseconds timeout)
    : port_(port), timeout_(timeout) {}

HttpConnection::~HttpConnection() {
  close();
}

bool HttpConnection::open() {
  close();
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return false;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{timeout_.count() / 1000, (timeout_.count() % 1000) * 1000};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  const int yes = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) return true;
  close();
  return false;
}

void HttpConnection::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  buffer_.clear();
}

HttpAnswer HttpConnection::call(std::string_view method, std::string_view target,
                                const HeaderList& headers, std::string_view body) {
  if (fd_ >= 0) {
    char probe;  // a kept connection that the server closed meanwhile shows an end of file
    const auto got = recv(fd_, &probe, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) close();
  }
  if (fd_ < 0 && !open()) return {};
  std::string request;
  request.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
  HeaderList all = headers;
  all.try_emplace("Host", "127.0.0.1:" + std::to_string(port_));
  if (!body.empty() || method == "POST" || method == "PUT") {
    all.try_emplace("Content-Length", std::to_string(body.size()));
  }
  for (const auto& [name, value] : all) request.append(name + ": " + value + "\r\n");
  request.append("\r\n").append(body);
  write_raw(request);  // the answer counts even when the server did not read all of it (413)
  HttpAnswer answer = read_answer(method == "HEAD");
  if (!answer.complete() || small(answer.header("connection")) == "close") close();
  return answer;
}

bool HttpConnection::write_raw(std::string_view bytes) {
  if (fd_ < 0 && !open()) return false;
  while (!bytes.empty()) {
    const auto sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool HttpConnection::fill() {
  char chunk[16384];
  const auto got = fd_ < 0 ? -1 : recv(fd_, chunk, sizeof(chunk), 0);
  if (got <= 0) return false;
  buffer_.append(chunk, static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string> HttpConnection::read_line() {
  for (;;) {
    const auto end = buffer_.find('\n');
    if (end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      return line;
    }
    if (!fill()) return std::nullopt;
  }
}

HttpAnswer HttpConnection::read_head() {
  HttpAnswer answer;
  const auto first = read_line();
  if (!first || !first->starts_with("HTTP/1.") || first->size() < 12) return {};
  const auto status = number(std::string_view(*first).substr(9, 3), 10);
  for (;;) {
    const auto line = read_line();
    if (!line) return {};
    if (line->empty()) break;
    const auto colon = line->find(':');
    if (colon == std::string::npos) return {};
    answer.headers.emplace(small(line->substr(0, colon)),
                           strip(std::string_view(*line).substr(colon + 1)));
  }
  answer.status = static_cast<int>(status.value_or(0));
  return answer;
}

HttpAnswer HttpConnection::read_answer(bool head_request) {
  HttpAnswer answer = read_head();
  while (answer.status == 100) answer = read_head();
  if (!answer.complete() || head_request || !has_body(answer.status)) return answer;
  const std::string length = answer.header("content-length");
  if (small(answer.header("transfer-encoding")) == "chunked") {
    for (;;) {
      const auto chunk = read_chunk();
      if (!chunk) return {};
      if (chunk->empty()) break;
      answer.body += *chunk;
    }
  } else if (!length.empty()) {
    const std::size_t wanted = number(length, 10).value_or(0);
    while (buffer_.size() < wanted) {
      if (!fill()) return {};
    }
    answer.body = buffer_.substr(0, wanted);
    buffer_.erase(0, wanted);
  } else {
    while (fill()) {
    }
    answer.body = std::move(buffer_);
    close();
  }
  return answer;
}

std::optional<std::string> HttpConnection::read_chunk() {
  const auto line = read_line();
  const auto size = line ? number(*line, 16) : std::nullopt;
  if (!size) return std::nullopt;
  while (buffer_.size() < *size + 2) {
    if (!fill()) return std::nullopt;
  }
  std::string chunk = buffer_.substr(0, *size);
  buffer_.erase(0, *size + 2);
  return chunk;
}

HttpAnswer http_call(int port, std::string_view method, std::string_view target,
                     const HeaderList& headers, std::string_view body) {
  HttpConnection connection(port);
  HeaderList all = headers;
  all.try_emplace("Connection", "close");
  return connection.call(method, target, all, body);
}

EventStream::EventStream(int port, std::string_view target, const HeaderList& headers,
                         std::chrono::milliseconds timeout)
    : connection_(port, timeout) {
  std::string request = "GET " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  request += "Accept: text/event-stream\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  if (connection_.write_raw(request + "\r\n")) head_ = connection_.read_head();
}

// A line of the body, across the borders of chunks.
std::optional<std::string> EventStream::body_line() {
  if (small(head_.header("transfer-encoding")) != "chunked") return connection_.read_line();
  for (;;) {
    const auto end = pending_.find('\n');
    if (end != std::string::npos) {
      std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      return line;
    }
    const auto chunk = connection_.read_chunk();
    if (!chunk || chunk->empty()) return std::nullopt;
    pending_ += *chunk;
  }
}

std::optional<SseEvent> EventStream::next() {
  SseEvent event;
  bool any = false;
  for (;;) {
    const auto line = body_line();
    if (!line) return std::nullopt;
    if (line->empty()) {
      if (any) return event;
      continue;
    }
    const auto colon = line->find(':');
    if (colon == 0 || colon == std::string::npos) continue;  // a comment keeps the line alive
    const std::string name = line->substr(0, colon);
    const std::string value(strip(std::string_view(*line).substr(colon + 1)));
    if (name == "id") event.id = value;
    if (name == "event") event.event = value;
    if (name == "data") event.data += (event.data.empty() ? "" : "\n") + value;
    any = any || name == "data";
  }
}

std::string form_body(const std::multimap<std::string, std::string>& fields) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  const auto encode = [&](const std::string& text) {
    for (const unsigned char c : text) {
      if (std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '~') {
        out += static_cast<char>(c);
      } else {
        out += '%';
        out += digits[c >> 4];
        out += digits[c & 15];
      }
    }
  };
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    encode(name);
    out += '=';
    encode(value);
  }
  return out;
}

}  // namespace huiyin::test
