// The sandbox's clock: stands still until told, or (sandbox.run) goes on at the normal pace from
// where it was put; forward only. Kept in the data folder by its owner. Thread-safe.
#pragma once
#include <atomic>

#include "store/base/time.h"

namespace huiyin {

class SandboxClock final : public Clock {
 public:
  // `running`: moves with the machine's clock from `start` on.
  SandboxClock(Instant start, bool running, const Clock& machine)
      : running_(running), machine_(machine) {
    set(start);
  }

  Instant now() const override {
    const Millis at{at_.load()};
    return running_ ? Instant{at + machine_.now().time_since_epoch()} : Instant{at};
  }
  // Forward only: an earlier time is ignored.
  void advance_to(Instant to) {
    if (to > now()) set(to);
  }

 private:
  void set(Instant at) {
    const Millis base = running_ ? at - machine_.now() : at.time_since_epoch();
    at_.store(base.count());
  }

  const bool running_;
  const Clock& machine_;
  std::atomic<std::int64_t> at_{0};  // the time itself, or its distance from the machine's
};

}  // namespace huiyin
