#include "tests/support/private_redis.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

namespace huiyin::test {

PrivateRedis::PrivateRedis(Keeps keeps) : keeps_(keeps) {
  start();
}

PrivateRedis::~PrivateRedis() {
  kill_hard();
}

void PrivateRedis::start() {
  unlink(socket().c_str());  // a killed server leaves it behind
  const std::string log = dir_ / "redis.log";
  process_ = Process(Command{
      .argv = {"redis-server", "--port", "0", "--unixsocket", socket(), "--dir", dir_.path(),
               "--save", "", "--appendonly", keeps_ == Keeps::everything ? "yes" : "no",
               "--appendfsync", "always", "--maxmemory-policy", "noeviction"},
      .stdout_file = log,
      .stderr_file = log});
  if (!wait_until([&] { return answers() || !process_.running(); }) || !process_.running()) {
    throw std::runtime_error("redis-server does not start:\n" + read_file(log));
  }
}

void PrivateRedis::stop() {
  thaw();
  process_.signal(SIGTERM);
  process_.wait();
}

void PrivateRedis::kill_hard() {
  process_.kill_hard();
}

void PrivateRedis::restart() {
  kill_hard();
  start();
}

void PrivateRedis::freeze() {
  process_.signal(SIGSTOP);
}

void PrivateRedis::thaw() {
  process_.signal(SIGCONT);
}

std::string PrivateRedis::cli(const std::string& command) const {
  const TempDir out;
  const std::string file = out / "answer";
  run(Command{.argv = {"sh", "-c", "exec redis-cli -s \"$0\" " + command, socket()},
              .stdout_file = file,
              .stderr_file = file});
  std::string text = read_file(file);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

bool PrivateRedis::answers() const {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket().c_str(), sizeof(address.sun_path) - 1);
  char answer[5] = {};
  // "-LOADING" while an append-only file is read.
  const bool pong = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
                    send(fd, "PING\r\n", 6, MSG_NOSIGNAL) == 6 && recv(fd, answer, 5, 0) == 5 &&
                    std::string_view(answer, 5) == "+PONG";
  close(fd);
  return pong;
}

}  // namespace huiyin::test
