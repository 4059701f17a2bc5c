// A redis-server of the test's own on a unix socket, with the policy that the product asks for. It
// can be killed, started again on the same socket, and made to stand still.
#pragma once
#include <string>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace huiyin::test {

class PrivateRedis {
 public:
  enum class Keeps { nothing, everything };  // after a kill: an empty server, or an fsynced AOF

  // Ready when made. Throws std::runtime_error with the server's log when it does not come up.
  explicit PrivateRedis(Keeps keeps = Keeps::nothing);
  ~PrivateRedis();

  std::string url() const { return "unix://" + socket(); }
  std::string socket() const { return dir_ / "redis.sock"; }

  void start();      // after stop or kill_hard
  void stop();       // SIGTERM and wait
  void kill_hard();  // SIGKILL and wait
  void restart();    // kill_hard and start
  void freeze();     // SIGSTOP: connections stay open and nothing answers
  void thaw();       // SIGCONT

  // One command by redis-cli, as a person types it: cli("XLEN work"). Its output, trimmed.
  std::string cli(const std::string& command) const;

 private:
  bool answers() const;

  TempDir dir_;
  Keeps keeps_;
  Process process_;
};

}  // namespace huiyin::test
