// The only maker of threads, injected, so that a simulator can take its place.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace huiyin {

// A running thread; the destructor joins it. Whoever starts one must first make its function end.
class RunningThread {
 public:
  virtual ~RunningThread() = default;
};

class Executor {
 public:
  virtual ~Executor() = default;
  // `name` (at most 15 characters) is what a debugger and `top -H` show.
  virtual std::unique_ptr<RunningThread> start(const std::string& name,
                                               std::function<void()> body) = 0;
};

class SystemExecutor final : public Executor {
 public:
  std::unique_ptr<RunningThread> start(const std::string& name,
                                       std::function<void()> body) override;
};

}  // namespace huiyin
