#include "tests/support/stub_provider.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <stdexcept>

#include "store/base/text.h"

namespace huiyin::test {
namespace {

int listen_on_loopback(int& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no free port on loopback");
  }
  port = ntohs(address.sin_port);
  return fd;
}

struct Heard {
  std::string first_line;
  http::Headers headers;
  std::string body;
};

bool read_some(int fd, std::string& buffer) {
  char bytes[16384];
  const ssize_t got = ::recv(fd, bytes, sizeof bytes, 0);
  if (got > 0) buffer.append(bytes, static_cast<std::size_t>(got));
  return got > 0;
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

// One request with Content-Length; nothing when the caller closed before its end. `buffer` keeps
// what came beyond it.
std::optional<Heard> read_request(int fd, std::string& buffer) {
  Heard heard;
  std::string line;
  if (!take_line(fd, buffer, heard.first_line)) return std::nullopt;
  for (;;) {
    if (!take_line(fd, buffer, line)) return std::nullopt;
    if (line.empty()) break;
    const auto colon = std::min(line.find(':'), line.size());
    heard.headers[line.substr(0, colon)] =
        trim(std::string_view(line).substr(std::min(colon + 1, line.size())));
  }
  const auto length = heard.headers.find("Content-Length");
  if (length == heard.headers.end()) return heard;
  const std::size_t size = std::stoul(length->second);
  while (buffer.size() < size) {
    if (!read_some(fd, buffer)) return std::nullopt;
  }
  heard.body = buffer.substr(0, size);
  buffer.erase(0, size);
  return heard;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool same_header(std::string_view value, std::string_view word) {
  constexpr http::CaseLess less;
  return !less(value, word) && !less(word, value);
}

}  // namespace

void Gate::release() {
  const std::lock_guard lock(mutex_);
  released_ = true;
  changed_.notify_all();
}

void Gate::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return released_; });
}

std::string StubProvider::Seen::path() const {
  return target.substr(0, target.find('?'));
}

http::Fields StubProvider::Seen::query() const {
  const auto mark = target.find('?');
  if (mark == std::string::npos) return {};
  return http::parse_form(std::string_view(target).substr(mark + 1)).value();
}

http::Fields StubProvider::Seen::form() const {
  return http::parse_form(body).value();
}

StubProvider::StubProvider() : StubProvider([](const Seen&) { return Answer{}; }) {}

StubProvider::StubProvider(Script script) : script_(std::move(script)) {
  listen_fd_ = listen_on_loopback(port_);
  if (::listen(listen_fd_, 256) != 0) throw std::runtime_error("cannot listen");
  acceptor_ = std::thread([this] { accept_loop(); });
}

StubProvider::~StubProvider() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ::shutdown(listen_fd_, SHUT_RDWR);
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
    for (const auto& gate : gates_) gate->release();
  }
  acceptor_.join();
  for (auto& thread : threads_) thread.join();
  ::close(listen_fd_);
}

std::string StubProvider::url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

void StubProvider::always(Answer answer) {
  script([answer = std::move(answer)](const Seen&) { return answer; });
}

void StubProvider::next(Answer answer) {
  const std::lock_guard lock(mutex_);
  next_.push_back(std::move(answer));
}

void StubProvider::script(Script script) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(script);
}

std::vector<StubProvider::Seen> StubProvider::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

std::size_t StubProvider::count() const {
  const std::lock_guard lock(mutex_);
  return seen_.size();
}

bool StubProvider::wait_for(std::size_t count, std::chrono::milliseconds timeout) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return seen_.size() >= count; });
}

void StubProvider::forget() {
  const std::lock_guard lock(mutex_);
  seen_.clear();
}

int StubProvider::closed_port() {
  int port = 0;
  ::close(listen_on_loopback(port));
  return port;
}

void StubProvider::accept_loop() {
  for (;;) {
    const int fd = ::accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (fd < 0 || stopping_) {
      if (fd >= 0) ::close(fd);
      return;
    }
    open_.push_back(fd);
    threads_.emplace_back([this, fd] { serve(fd); });
  }
}

StubProvider::Answer StubProvider::decide(const Seen& seen) {
  Script script;
  {
    const std::lock_guard lock(mutex_);
    if (!next_.empty()) {
      Answer answer = std::move(next_.front());
      next_.pop_front();
      return answer;
    }
    script = script_;
  }
  return script(seen);
}

void StubProvider::serve(int fd) {
  std::string buffer;
  while (auto heard = read_request(fd, buffer)) {
    Seen seen;
    const std::string& line = heard->first_line;
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string::npos || last <= first) break;
    seen.method = line.substr(0, first);
    seen.target = line.substr(first + 1, last - first - 1);
    seen.headers = heard->headers;
    seen.body = heard->body;
    const Answer answer = decide(seen);
    const auto connection = seen.headers.find("Connection");
    const bool close = connection != seen.headers.end() && same_header(connection->second, "close");
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(std::move(seen));
      if (answer.gate) gates_.push_back(answer.gate);
      if (stopping_ && answer.gate) answer.gate->release();
      changed_.notify_all();
    }
    if (answer.gate) answer.gate->wait();
    if (answer.drop) break;
    std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n";
    for (const auto& [name, value] : answer.headers) out += name + ": " + value + "\r\n";
    out += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
    if (close) out += "Connection: close\r\n";
    out += "\r\n" + (answer.cut ? answer.body.substr(0, answer.body.size() / 2) : answer.body);
    if (!send_all(fd, out) || close || answer.cut) break;
  }
  const std::lock_guard lock(mutex_);
  std::erase(open_, fd);
  ::close(fd);
}

}  // namespace huiyin::test
