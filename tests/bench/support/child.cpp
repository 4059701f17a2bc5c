#include "tests/bench/support/child.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <set>

extern char** environ;

namespace huiyin::bench {

namespace {

// give_up() ends the program without destructors: no child may outlive it.
std::set<pid_t>& alive() {
  static auto* pids = [] {
    std::atexit([] {
      for (const pid_t pid : alive()) kill(pid, SIGTERM);
    });
    return new std::set<pid_t>();
  }();
  return *pids;
}

}  // namespace

Child::Child(std::vector<std::string> argv, const std::string& log) {
  std::vector<char*> raw;
  for (auto& one : argv) raw.push_back(one.data());
  raw.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int fd : {1, 2}) {
    posix_spawn_file_actions_addopen(&actions, fd, log.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0644);
  }
  if (posix_spawnp(&pid_, raw[0], &actions, nullptr, raw.data(), environ) != 0) {
    give_up(argv[0] + " does not start");
  }
  posix_spawn_file_actions_destroy(&actions);
  alive().insert(pid_);
}

int Child::wait() {
  int status = 0;
  if (pid_ > 0) waitpid(pid_, &status, 0);
  alive().erase(pid_);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int Child::stop() {
  if (pid_ > 0) kill(pid_, SIGTERM);
  return wait();
}

bool Child::running() const {
  return pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == 0;
}

double Child::resident_mb() const {
  std::unique_ptr<FILE, int (*)(FILE*)> file(
      std::fopen(("/proc/" + std::to_string(pid_) + "/status").c_str(), "r"), std::fclose);
  std::array<char, 256> line;
  long kb = 0;
  while (file && std::fgets(line.data(), line.size(), file.get()) != nullptr) {
    if (std::sscanf(line.data(), "VmRSS: %ld", &kb) == 1) break;
  }
  return kb / 1024.0;
}

OwnRedis::OwnRedis(const Folder& folder)
    : socket_(folder / "s"),
      child_({"redis-server", "--port", "0", "--unixsocket", socket_, "--save", "", "--appendonly",
              "no", "--maxmemory-policy", "noeviction"}) {
  for (int i = 0; i < 500 && access(socket_.c_str(), F_OK) != 0; ++i) usleep(10'000);
}

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0) give_up("no free port");
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

}  // namespace huiyin::bench
