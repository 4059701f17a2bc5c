#include "tests/bench/support/load_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "tests/bench/support/measure.h"

namespace huiyin::bench {
namespace {

using std::chrono::steady_clock;

int connect_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    return -1;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// The size of the whole answer at the front of `bytes`; 0 while it is not complete.
std::size_t answer_size(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  static constexpr std::string_view name = "\r\nContent-Length: ";
  const auto at = bytes.substr(0, end).find(name);
  if (at == std::string_view::npos) return end + 4;
  const std::size_t length = std::strtoul(bytes.data() + at + name.size(), nullptr, 10);
  return bytes.size() >= end + 4 + length ? end + 4 + length : 0;
}

// One thread, keep-alive connections; each drives one dialogue after the other, every message
// only after the answer to the one before it.
class Client {
 public:
  explicit Client(const Load& load) : load_(load) {}

  Measured run() {
    poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    lines_.resize(static_cast<std::size_t>(load_.connections));
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      lines_[i].fd = connect_to(load_.port);
      if (lines_[i].fd < 0) give_up("nothing listens on port " + std::to_string(load_.port));
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      ::epoll_ctl(poll_, EPOLL_CTL_ADD, lines_[i].fd, &event);
    }
    measured_.latencies_ms.reserve(static_cast<std::size_t>(load_.dialogues * load_.steps));
    const auto start = steady_clock::now();
    for (auto& line : lines_) next_dialogue(line);
    std::array<epoll_event, 64> events;
    while (open_ > 0) {
      const int count = ::epoll_wait(poll_, events.data(), events.size(), 20'000);
      if (count == 0) give_up("no answer within 20 s");
      for (int i = 0; i < count; ++i) take(lines_[events[static_cast<std::size_t>(i)].data.u64]);
    }
    measured_.seconds = seconds_since(start);
    for (auto& line : lines_) ::close(line.fd);
    ::close(poll_);
    return std::move(measured_);
  }

 private:
  struct Line {
    int fd = -1;
    long dialogue = 0;
    int step = 0;
    std::string got;
    steady_clock::time_point sent;
  };

  void next_dialogue(Line& line) {
    if (begun_ == load_.dialogues) return;
    line.dialogue = begun_++;
    line.step = 0;
    ++open_;
    say(line);
  }

  void say(Line& line) {
    const std::string name = load_.run + std::to_string(line.dialogue);
    const int step = load_.first_step + line.step;
    const std::string body = R"({"sender":")" + name + R"(","message":")" +
                             words(load_.first_dialogue + line.dialogue, step) +
                             R"(","message_id":")" + name + '-' + std::to_string(step) + R"("})";
    const std::string request =
        "POST /webhooks/rest/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
        "application/json\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body;
    line.sent = steady_clock::now();
    if (!send_all(line.fd, request)) give_up("a connection broke");
  }

  void take(Line& line) {
    std::array<char, 16'384> buffer;
    const auto count = ::recv(line.fd, buffer.data(), buffer.size(), 0);
    if (count <= 0) give_up("a connection was closed");
    line.got.append(buffer.data(), static_cast<std::size_t>(count));
    const std::size_t size = answer_size(line.got);
    if (size == 0) return;
    const auto took = steady_clock::now() - line.sent;
    measured_.latencies_ms.push_back(std::chrono::duration<float, std::milli>(took).count());
    const bool good = line.got.starts_with("HTTP/1.1 2");
    ++(good ? measured_.answered : measured_.errors);
    ++line.step;
    if (line.step == load_.steps) {
      const bool done = line.got.find("WX2") != std::string::npos;
      if (done) ++measured_.finished;
      if (load_.check && !done) complain(line);
      line.got.erase(0, size);
      --open_;
      return next_dialogue(line);
    }
    line.got.erase(0, size);
    say(line);
  }

  void complain(const Line& line) {
    if (++complaints_ > 3) return;
    std::cerr << "bench_turn: dialogue " << line.dialogue
              << " ended without an order: " << line.got.substr(line.got.find("\r\n\r\n") + 4)
              << '\n';
  }

  const Load load_;
  int poll_ = -1;
  std::vector<Line> lines_;
  long begun_ = 0, open_ = 0;
  int complaints_ = 0;
  Measured measured_;
};

}  // namespace

Measured run_load(const Load& load) {
  return Client(load).run();
}

int call(int port, const std::string& method, const std::string& target, const std::string& type,
         const std::string& body) {
  const int fd = connect_to(port);
  if (fd < 0) return 0;
  send_all(fd, method + ' ' + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
                   operator_token + "\r\nContent-Type: " + type +
                   "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  std::string got;
  std::array<char, 4096> buffer;
  while (answer_size(got) == 0) {
    const auto count = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    got.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(fd);
  return got.size() > 12 ? std::atoi(got.c_str() + 9) : 0;
}

}  // namespace huiyin::bench
