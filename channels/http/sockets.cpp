#include "channels/http/sockets.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <functional>
#include <string>

namespace huiyin::http {
namespace {

int option(int fd, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

bool serves(int fd, int port) {
  if (option(fd, SO_PROTOCOL) != IPPROTO_TCP) return false;
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return false;
  const in_port_t own = address.ss_family == AF_INET
                            ? reinterpret_cast<const sockaddr_in&>(address).sin_port
                            : reinterpret_cast<const sockaddr_in6&>(address).sin6_port;
  return ntohs(own) == port;
}

void each_socket(int port, const std::function<void(int fd)>& see) {
  std::error_code error;
  for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename();
    int number = -1;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (!serves(number, port)) continue;
    // The library may close it and the number be another's while we look: a duplicate stays what
    // it is.
    const int fd = ::fcntl(number, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) continue;
    if (serves(fd, port)) see(fd);
    ::close(fd);
  }
}

// The kernel drops what comes for it. shutdown() would make the library's accept() fail, which it
// repeats without an end.
void lock(int listening) {
  sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
  const sock_fprog program{1, &drop};
  ::setsockopt(listening, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

// How many are connected and not yet accepted.
std::size_t waiting(int listening) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(listening, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_unacked;
}

}  // namespace

std::size_t wind_down(int port) {
  std::size_t open = 0;
  // First, so that who is accepted in between is counted twice, not missed.
  each_socket(port, [&](int fd) {
    if (option(fd, SO_ACCEPTCONN) != 1) return;
    lock(fd);
    open += waiting(fd);
  });
  each_socket(port, [&](int fd) {
    if (option(fd, SO_ACCEPTCONN) != 0) return;
    ::shutdown(fd, SHUT_RD);
    ++open;
  });
  return open;
}

}  // namespace huiyin::http
