// Fires timers when they are due on the product's clock, in due order, each in a lane job together
// with its removal. In the sandbox it also moves the clock: everything due on the way happens, at
// its own time, before the call returns.
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>

#include "bot/gateway/lane.h"
#include "bot/gateway/sandbox_clock.h"
#include "store/timers.h"

namespace huiyin {

struct SchedulerParts {
  Lane& lane;
  store::Database& database;
  const Clock& clock;
  Executor& executor;
  std::function<void(Transaction&, const store::Timer&)> fire;
  // The outgoing side: when its next waiting message is due; told that time has passed; waits until
  // what is due now had its first attempt (false: Redis is away, it will happen later).
  std::function<std::optional<Instant>(store::Connection&)> next_send;
  std::function<void()> poke_send;
  std::function<bool()> settle;
  std::function<Result<void>()> moved;  // the sandbox clock was moved: keeps it in the data folder
};

class Scheduler {
 public:
  explicit Scheduler(SchedulerParts parts);
  ~Scheduler();
  void start();
  void stop();
  void poke();  // a timer was set or time has moved

  // Sandbox: moves `clock` to `to` (not back), through everything that is due up to then.
  Result<void> advance(SandboxClock& clock, Instant to);
  // The clock of a data folder: where it was left, else `start`.
  static Instant kept_time(store::Connection& db, Instant start, bool running,
                           const Clock& machine);
  static void keep_time(store::Connection& db, Instant now, bool running, const Clock& machine);

 private:
  void loop();
  // Moves the clock, keeps it, fires what is due then.
  Result<void> step(SandboxClock& clock, Instant to);
  // Fires everything due up to `until`. False: the lane does not take it now.
  bool fire_due(Instant until);
  void put_off(const store::Timer& timer);

  SchedulerParts parts_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool poked_ = false;
  bool stopping_ = false;
  std::mutex firing_;  // one at a time: the loop or an advance
  std::unique_ptr<RunningThread> thread_;
};

}  // namespace huiyin
