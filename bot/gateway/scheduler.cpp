#include "bot/gateway/scheduler.h"

#include <spdlog/spdlog.h>

#include "store/meta.h"

namespace huiyin {
namespace {

// How often the machine's clock is looked at; the sandbox's standing clock needs no looking.
constexpr std::chrono::milliseconds look_every{200};
// A timer whose work fails is tried again after this pause, and given up after so many tries.
constexpr std::chrono::minutes retry_pause{1};
constexpr int tries_max = 10;

}  // namespace

Scheduler::Scheduler(SchedulerParts parts) : parts_(std::move(parts)) {}

Scheduler::~Scheduler() { stop(); }

void Scheduler::start() {
  thread_ = parts_.executor.start("scheduler", [this] { loop(); });
}

void Scheduler::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  thread_.reset();
}

void Scheduler::poke() {
  {
    const std::lock_guard lock(mutex_);
    poked_ = true;
  }
  woken_.notify_all();
}

void Scheduler::loop() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      woken_.wait_for(lock, look_every, [&] { return poked_ || stopping_; });
      if (stopping_) return;
      poked_ = false;
    }
    const std::lock_guard one(firing_);
    fire_due(parts_.clock.now());
  }
}

bool Scheduler::fire_due(Instant until) {
  for (;;) {
    const auto timer = parts_.database.read(
        [&](store::Connection& db) { return store::first_due(db, until); });
    if (!timer) return true;
    const auto done = parts_.lane.run([&](Transaction& tx) {
      // It may have been moved or cleared since it was read.
      const auto now = store::first_due(tx.read(), until);
      if (!now || now->id != timer->id) return;
      store::remove_timer(tx.write(), timer->id);
      parts_.fire(tx, *now);
    });
    if (done) continue;
    if (done.error().kind != ErrorKind::corrupt) return false;
    put_off(*timer);
  }
}

void Scheduler::put_off(const store::Timer& timer) {
  const auto done = parts_.lane.run([&](Transaction& tx) {
    Json payload = timer.payload;
    const int tries = static_cast<int>(int_of(payload, "_tries")) + 1;
    if (tries >= tries_max) {
      spdlog::error("timer {} was given up after {} tries", timer.kind, tries);
      store::remove_timer(tx.write(), timer.id);
      return;
    }
    payload["_tries"] = tries;
    store::set_timer(tx.write(), tx.now() + retry_pause, timer.kind, timer.key, payload);
  });
  if (!done) spdlog::error("timer {} could not be put off: {}", timer.kind, done.error().message);
}

Result<void> Scheduler::advance(SandboxClock& clock, Instant to) {
  const std::lock_guard one(firing_);
  for (;;) {
    const auto due = parts_.database.read([&](store::Connection& db) {
      auto first = store::next_due(db);
      const auto send = parts_.next_send(db);
      if (send && (!first || *send < *first)) first = send;
      return first;
    });
    const bool last = !due || *due > to;
    clock.advance_to(last ? to : *due);
    if (!fire_due(clock.now())) return fail(ErrorKind::transient, "the lane does not take it now");
    parts_.poke_send();
    const bool settled = parts_.settle();
    if (last) return {};
    // Without Redis what is due stays due: go on in time, it leaves when Redis is back.
    if (!settled) {
      const auto next = parts_.database.read(
          [&](store::Connection& db) { return store::next_due(db); });
      clock.advance_to(next && *next < to ? *next : to);
      if (!fire_due(clock.now())) return fail(ErrorKind::transient, "the lane does not take it now");
      if (clock.now() >= to) return {};
    }
  }
}

Instant Scheduler::kept_time(store::Connection& db, Instant start, bool running,
                             const Clock& machine) {
  if (const auto kept = store::get_meta(db, running ? "sandbox_offset" : "sandbox_now")) {
    const Millis value{std::stoll(*kept)};
    return running ? machine.now() + value : Instant{value};
  }
  return start;
}

Result<void> Scheduler::keep_time(const SandboxClock& clock, bool running, const Clock& machine) {
  return parts_.lane.run([&](Transaction& tx) {
    const Instant now = clock.now();
    store::set_meta(tx.write(), "sandbox_now", std::to_string(to_millis(now)));
    if (running) {
      store::set_meta(tx.write(), "sandbox_offset", std::to_string((now - machine.now()).count()));
    }
  });
}

}  // namespace huiyin
