// A real nginx in front of a listener, from config/nginx/loopback.conf, on a free port.
#pragma once
#include <string>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace huiyin::test {

class Nginx {
 public:
  // Throws std::runtime_error with its error log when it does not come up.
  explicit Nginx(int gateway_port);
  int port() const { return port_; }

 private:
  TempDir folder_;
  int port_;
  Process process_;
};

}  // namespace huiyin::test
