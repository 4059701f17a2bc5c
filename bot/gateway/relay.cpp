#include "bot/gateway/relay.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "store/outbox.h"

namespace huiyin {
namespace {

constexpr Millis shortest_wait{20};

}  // namespace

using store::RedisStream;

Relay::Relay(RelayParts parts, RelayOptions options)
    : parts_(std::move(parts)), options_(options), away_since_(std::chrono::steady_clock::now()) {}

Relay::~Relay() {
  stop();
}

void Relay::start() {
  away_since_ = std::chrono::steady_clock::now();
  thread_ = parts_.executor.start("relay", [this] { loop(); });
}

void Relay::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  thread_.reset();
}

void Relay::poke() {
  {
    const std::lock_guard lock(mutex_);
    if (poked_) return;
    poked_ = true;
  }
  woken_.notify_one();
}

void Relay::taken(std::vector<std::int64_t> rows) {
  bool enough;
  {
    const std::lock_guard lock(mutex_);
    taken_.insert(taken_.end(), rows.begin(), rows.end());
    enough = taken_.size() >= options_.window / 2;
  }
  if (enough) woken_.notify_one();
}

void Relay::republish() {
  {
    const std::lock_guard lock(mutex_);
    republish_ = true;
  }
  woken_.notify_one();
}

Millis Relay::away_for() const {
  if (connected_) return Millis{0};
  const std::lock_guard lock(mutex_);
  return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - away_since_);
}

bool Relay::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Relay::away(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    if (connected_) away_since_ = std::chrono::steady_clock::now();
    connected_ = false;
  }
  if (!told_away_)
    spdlog::warn("relay: Redis is away, messages wait in the outbox: {}", error.message);
  told_away_ = true;
}

void Relay::pause() {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, options_.reconnect_pause, [&] { return stopping_; });
}

std::unique_ptr<RedisStream> Relay::open() {
  auto stream = RedisStream::connect(parts_.redis, parts_.stream);
  Result<void> ready;
  if (!stream) {
    ready = tl::unexpected(stream.error());
  } else {
    ready = (*stream)->ensure_group();
    if (ready) ready = (*stream)->trim();
  }
  if (!ready) {
    away(ready.error());
    return nullptr;
  }
  if (const auto policy = (*stream)->eviction_policy();
      policy && !policy->empty() && *policy != "noeviction") {
    spdlog::warn(
        "relay: Redis has maxmemory-policy {}; set it to noeviction, or work may be "
        "dropped when memory is short",
        *policy);
  }
  if (told_away_) spdlog::info("relay: Redis is back");
  told_away_ = false;
  connected_ = true;
  return std::move(*stream);
}

void Relay::loop() {
  while (!stopping()) {
    if (const auto stream = open()) serve(*stream);
    if (!stopping()) pause();
  }
  connected_ = false;
}

// Publishes until the connection fails or the relay stops.
void Relay::serve(RedisStream& stream) {
  forget_published();
  auto looked_at = std::chrono::steady_clock::now();
  while (!stopping()) {
    try {
      const auto step = publish(stream);
      Result<void> sound = step ? Result<void>() : tl::unexpected(step.error());
      if (step && *step != Step::more) wait(*step);
      if (sound && std::chrono::steady_clock::now() - looked_at >= options_.tick) {
        sound = look_after(stream);
        looked_at = std::chrono::steady_clock::now();
      }
      if (sound) continue;
      // Flushed: the connection is as good as ever.
      if (sound.error().kind == ErrorKind::not_found && stream.ensure_group()) {
        forget_published();
        continue;
      }
      away(sound.error());
      return;
    } catch (const store::DatabaseError& e) {
      spdlog::error("relay: cannot read the outbox: {}", e.what());
      pause();
    }
  }
}

Result<Relay::Step> Relay::publish(RedisStream& stream) {
  {
    const std::lock_guard lock(mutex_);
    poked_ = false;
    // Before the rows are read: what was taken by now is not among them.
    for (const auto row : taken_) published_.erase(row);
    taken_.clear();
    if (republish_) forget_published();
    republish_ = false;
  }
  if (published_.size() >= options_.window) return Step::full;
  const std::size_t room = std::min(options_.batch, options_.window - published_.size());
  const auto due = parts_.database.read([&](store::Connection& db) {
    return store::due_rows(db, parts_.clock.now(), read_up_to_, static_cast<std::int64_t>(room));
  });
  std::vector<std::int64_t> fresh;
  fresh.reserve(due.size());
  for (const auto& [due_at, row] : due) {
    if (!published_.contains(row)) fresh.push_back(row);
  }
  if (!fresh.empty()) {
    if (auto added = stream.add(fresh); !added) return tl::unexpected(added.error());
    published_.insert(fresh.begin(), fresh.end());
  }
  if (!due.empty()) read_up_to_ = due.back();
  return due.size() == room ? Step::more : Step::rest;
}

// The stream holds at least what was published and not taken (an entry leaves it after taken());
// when it holds less, hints were lost (somebody trimmed it) and nobody would hear of these rows.
// And reads from the start again: a row may have come in before the place where reading stands
// (the clock was set back, a job that began earlier was committed later).
Result<void> Relay::look_after(RedisStream& stream) {
  const auto length = stream.length();
  if (!length) return tl::unexpected(length.error());
  const std::lock_guard lock(mutex_);
  for (const auto row : taken_) published_.erase(row);
  taken_.clear();
  if (static_cast<std::size_t>(*length) < published_.size()) published_.clear();
  read_up_to_ = {};
  return {};
}

void Relay::forget_published() {
  published_.clear();
  read_up_to_ = {};
}

void Relay::wait(Step last) {
  Millis longest = options_.tick;
  const Instant now = parts_.clock.now();
  const auto due =
      parts_.database.read([&](store::Connection& db) { return store::next_outbox_due(db, now); });
  // A clock that stands still just before the time must not make this spin.
  if (due) longest = std::clamp(*due - now, shortest_wait, longest);
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, longest, [&] {
    return stopping_ || republish_ ||
           (last == Step::full ? taken_.size() >= options_.window / 2 : poked_);
  });
  // Under load the next ones are a moment behind, and take the same way for little more.
  if (poked_) woken_.wait_for(lock, options_.gather, [&] { return stopping_; });
}

}  // namespace huiyin
