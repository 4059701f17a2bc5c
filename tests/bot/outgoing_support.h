// Verbs for the tests of the outgoing path: a database, the lane, a Redis of the test's own, a
// clock that stands still until told, and a channel that answers as it is told.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>

#include "bot/gateway/worker.h"
#include "tests/support/private_redis.h"
#include "tests/support/temp_dir.h"

namespace huiyin::testing {

class ManualClock final : public Clock {
 public:
  Instant now() const override { return from_millis(at_); }
  void advance(Millis by) { at_ += by.count(); }

 private:
  std::atomic<std::int64_t> at_{1'795'000'000'000};
};

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override {  // splitmix64
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }

 private:
  std::atomic<std::uint64_t> state_;
};

// Records what it was given. Answers at once with `answer`, or keeps the callbacks while holding.
class FakeChannel final : public Channel {
 public:
  explicit FakeChannel(std::string name = "twilio") : name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  const Capabilities& capabilities() const override { return capabilities_; }
  bool can_send() const override { return can_send_; }
  void add_routes(http::Routes&) override {}
  void send(const Outbound& message, std::function<void(Result<Accepted>)> done) override {
    Result<Accepted> answer = Accepted{"SM" + message.id};
    {
      const std::lock_guard lock(mutex_);
      sent_.push_back(message);
      changed_.notify_all();
      if (holding_) {
        held_.push_back(std::move(done));
        return;
      }
      if (!answers_.empty()) {
        answer = answers_.front();
        if (answers_.size() > 1) answers_.pop_front();
      }
    }
    done(std::move(answer));
  }
  // One after the other; the last one stands for all that follow.
  void answer(std::deque<Result<Accepted>> answers) {
    const std::lock_guard lock(mutex_);
    answers_ = std::move(answers);
  }
  void hold() {
    const std::lock_guard lock(mutex_);
    holding_ = true;
  }
  // Answers the oldest held call.
  void let_go(Result<Accepted> answer = Accepted{"SM1"}) {
    std::function<void(Result<Accepted>)> done;
    {
      const std::lock_guard lock(mutex_);
      done = std::move(held_.front());
      held_.pop_front();
    }
    done(std::move(answer));
  }
  void capture_only() { can_send_ = false; }
  // Waits for that many calls in all.
  bool called(std::size_t times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return sent_.size() >= times; });
  }
  std::vector<Outbound> sent() {
    const std::lock_guard lock(mutex_);
    return sent_;
  }

 private:
  const std::string name_;
  const Capabilities capabilities_;
  std::atomic<bool> can_send_{true};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool holding_ = false;
  std::vector<Outbound> sent_;
  std::deque<Result<Accepted>> answers_;
  std::deque<std::function<void(Result<Accepted>)>> held_;
};

class OutgoingTest : public ::testing::Test {
 protected:
  OutgoingTest() {
    auto migrations = store::store_migrations();
    for (auto& m : store::outbox_migrations()) {
      const auto same = [&](const store::Migration& k) {
        return k.owner == m.owner && k.number == m.number;
      };
      if (std::ranges::none_of(migrations, same)) migrations.push_back(m);
    }
    auto opened = store::Database::open(dir_ / "test.db", migrations);
    if (!opened) throw std::runtime_error(opened.error().message);
    database_ = std::move(*opened);
    lane_ = make_lane(*database_, clock_, executor_);
  }
  ~OutgoingTest() override { stop(); }

  void start(WorkerOptions options = {}) {
    start_relay();
    start_workers(options);
  }
  void start_relay(RelayOptions options = {}) {
    relay_ = std::make_unique<Relay>(
        RelayParts{*database_, clock_, executor_, *store::parse_redis_url(redis_.url()), name_},
        options);
    relay_->start();
  }
  void start_workers(WorkerOptions options = {}) {
    if (options.block == Millis{200}) options.block = Millis{20};
    workers_ = std::make_unique<Workers>(
        WorkerParts{*lane_,
                    *database_,
                    executor_,
                    random_,
                    *relay_,
                    *store::parse_redis_url(redis_.url()),
                    name_,
                    [this](const store::OutboxRow& row) -> Channel* {
                      return row.message.channel == channel_.name() ? &channel_ : nullptr;
                    },
                    [](const Channel& channel, const Outbound& message) {
                      return "https://example.com/" + std::string(channel.name()) + "/" +
                             message.id;
                    },
                    store::record_sent,
                    {}},
        DeliveryPolicy{}, options);
    workers_->start();
  }
  // As a crash would, at any moment: nothing in flight is waited for.
  void crash() {
    if (workers_) workers_->stop(Millis{0});
    workers_.reset();
    relay_.reset();
  }
  void stop() {
    if (workers_) workers_->stop(std::chrono::seconds(5));
    workers_.reset();
    relay_.reset();
    if (lane_) lane_->stop();
  }

  store::OutboxRef put(std::string to = "+8613800138000", std::string category = "service",
                       std::string text = "师傅已出发") {
    store::OutboxDraft draft;
    draft.channel = "twilio";
    draft.to = std::move(to);
    draft.category = std::move(category);
    draft.text = std::move(text);
    store::OutboxRef ref;
    const auto done = lane_->run([&](Transaction& tx) {
      ref = store::enqueue(tx.write(), draft, random_, tx.now());
      tx.after_commit([this] {
        if (relay_) relay_->poke();
      });
    });
    if (!done) throw std::runtime_error(done.error().message);
    return ref;
  }
  std::vector<store::OutboxRef> put_many(int count) {
    std::vector<store::OutboxDraft> drafts(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      drafts[i].channel = "twilio";
      drafts[i].to = "+86138" + std::to_string(10'000'000 + i);
      drafts[i].text = "停水通知";
    }
    std::vector<store::OutboxRef> refs;
    const auto done = lane_->run([&](Transaction& tx) {
      refs = store::enqueue_all(tx.write(), drafts, random_, tx.now());
      tx.after_commit([this] {
        if (relay_) relay_->poke();
      });
    });
    if (!done) throw std::runtime_error(done.error().message);
    return refs;
  }
  store::OutboxRow row(const store::OutboxRef& ref) {
    return *database_->read([&](store::Connection& db) { return store::find_outbox(db, ref.id); });
  }
  SendState state(const store::OutboxRef& ref) { return row(ref).state; }
  void advance(Millis by) {
    clock_.advance(by);
    relay_->poke();
  }
  bool drained() { return workers_->drained(clock_.now(), std::chrono::seconds(30)); }
  // Waits for something that has to come; its coming, not the time, decides.
  static bool comes(const std::function<bool()>& what) {
    for (int i = 0; i < 2'000; ++i) {
      if (what()) return true;
      std::this_thread::sleep_for(Millis{10});
    }
    return false;
  }
  std::int64_t stream_length() { return std::stoll(redis_.cli("XLEN " + name_.key)); }
  std::map<std::string, int> calls_by_id() {
    std::map<std::string, int> out;
    for (const auto& message : channel_.sent()) ++out[message.id];
    return out;
  }

  test::TempDir dir_;
  test::PrivateRedis redis_;
  ManualClock clock_;
  SeededRandom random_{42};
  SystemExecutor executor_;
  FakeChannel channel_;
  const store::StreamName name_{"huiyin:test", "workers"};
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Lane> lane_;
  std::unique_ptr<Relay> relay_;
  std::unique_ptr<Workers> workers_;
};

}  // namespace huiyin::testing
