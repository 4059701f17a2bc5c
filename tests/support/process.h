// A child process of a test: started with an environment, its output in a file, ended by any
// signal. The destructor kills what still runs, so no test leaves a server behind.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace huiyin::test {

// Waits until `ready` holds; false when it did not within `limit`. The limit bounds a broken run
// and decides nothing else.
template <class F>
bool wait_until(F&& ready, std::chrono::milliseconds limit = std::chrono::seconds(20));
void pause_briefly();  // 2 ms, between two looks

struct Command {
  std::vector<std::string> argv;             // argv[0] is looked up in PATH
  std::map<std::string, std::string> env{};  // added to the test's own; "" takes a name away
  std::string stdout_file = "/dev/null";     // appended to
  std::string stderr_file = "/dev/null";
  std::string dir{};  // working folder; empty: the test's own
};

class Process {
 public:
  Process() = default;
  // Throws std::system_error when it cannot be started.
  explicit Process(const Command& command);
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  bool running();
  pid_t pid() const { return pid_; }
  void signal(int number) const;  // nothing when it has ended
  // The exit status (128 + signal when killed); none when it still runs after `limit`.
  std::optional<int> wait(std::chrono::milliseconds limit = std::chrono::seconds(20));
  void kill_hard();  // SIGKILL and wait

 private:
  pid_t pid_ = -1;
  std::optional<int> status_;
};

// Runs to its end; none when it took longer than `limit` (it is killed then).
std::optional<int> run(const Command& command,
                       std::chrono::milliseconds limit = std::chrono::seconds(60));

template <class F>
bool wait_until(F&& ready, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!ready()) {
    if (std::chrono::steady_clock::now() > end) return false;
    pause_briefly();
  }
  return true;
}

}  // namespace huiyin::test
