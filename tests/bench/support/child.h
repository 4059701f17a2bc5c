// A program that a benchmark starts and ends, and a Redis of its own. One thread.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/bench/support/measure.h"

namespace huiyin::bench {

// Gets SIGTERM and is waited for when the object goes.
class Child {
 public:
  // What it says is appended to `log`.
  explicit Child(std::vector<std::string> argv, const std::string& log = "/dev/null");
  ~Child() { stop(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Its exit code; 128 + the signal that ended it.
  int wait();
  int stop();
  bool running() const;
  double resident_mb() const;

 private:
  pid_t pid_ = -1;
};

// Keeps nothing on disk, listens on a socket in the folder.
class OwnRedis {
 public:
  explicit OwnRedis(const Folder& folder);
  const std::string& socket() const { return socket_; }
  std::string url() const { return "unix://" + socket_; }

 private:
  std::string socket_;
  Child child_;
};

// Of the loopback address.
int free_port();

}  // namespace huiyin::bench
