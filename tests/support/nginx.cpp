#include "tests/support/nginx.h"

#include <stdexcept>

#include "tests/support/http_client.h"
#include "tests/support/stub_provider.h"

namespace huiyin::test {
namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

Nginx::Nginx(int gateway_port) : port_(StubProvider::closed_port()) {
  const std::string source = HUIYIN_SOURCE_DIR "/config/nginx";
  std::string config = read_file(source + "/loopback.conf");
  replace_all(config, "LISTEN_PORT", std::to_string(port_));
  replace_all(config, "GATEWAY_PORT", std::to_string(gateway_port));
  replace_all(config, "CONFIG_DIR", source);
  replace_all(config, "WORK_DIR", folder_.path());
  const std::string path = folder_.write("nginx.conf", config);
  const std::string log = folder_ / "error.log";
  process_ = Process({.argv = {"/usr/sbin/nginx", "-p", folder_.path(), "-c", path, "-e", log},
                      .stdout_file = log,
                      .stderr_file = log,
                      .dir = folder_.path()});
  if (!wait_until([this] { return HttpConnection(port_).open() || !process_.running(); }) ||
      !process_.running()) {
    throw std::runtime_error("nginx did not start: " + read_file(log));
  }
}

}  // namespace huiyin::test
