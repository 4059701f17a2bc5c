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

Scheduler::~Scheduler() {
  stop();
}

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
    const auto timer =
        parts_.database.read([&](store::Connection& db) { return store::first_due(db, until); });
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
    if (auto done = step(clock, last ? to : *due); !done) return done;
    const bool settled = parts_.settle();
    if (last) return {};
    if (settled) continue;
    // Without Redis what is due to leave stays due; time goes on, it leaves when Redis is back.
    const auto next =
        parts_.database.read([&](store::Connection& db) { return store::next_due(db); });
    const Instant until = next && *next < to ? *next : to;
    if (auto done = step(clock, until); !done) return done;
    if (until == to) return {};
  }
}

Result<void> Scheduler::step(SandboxClock& clock, Instant to) {
  clock.advance_to(to);
  if (auto kept = parts_.moved(); !kept) return kept;
  if (!fire_due(clock.now())) return fail(ErrorKind::transient, "the lane does not take it now");
  parts_.poke_send();
  return {};
}

Instant Scheduler::kept_time(store::Connection& db, Instant start, bool running,
                             const Clock& machine) {
  if (const auto kept = store::get_meta(db, running ? "sandbox_offset" : "sandbox_now")) {
    const Millis value{std::stoll(*kept)};
    return running ? machine.now() + value : Instant{value};
  }
  return start;
}

void Scheduler::keep_time(store::Connection& db, Instant now, bool running, const Clock& machine) {
  store::set_meta(db, "sandbox_now", std::to_string(to_millis(now)));
  if (running) {
    store::set_meta(db, "sandbox_offset", std::to_string((now - machine.now()).count()));
  }
}

}  // namespace huiyin
