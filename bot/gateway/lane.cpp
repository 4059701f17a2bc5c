#include "bot/gateway/lane.h"

#include <spdlog/spdlog.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "store/checkpointer.h"

namespace huiyin {
namespace {

using store::Connection;
using store::DatabaseError;

// A task of more keeps its last answer waiting while other threads are idle.
constexpr std::size_t answers_together_max = 16;

class LaneTransaction final : public Transaction {
 public:
  LaneTransaction(Connection& connection, const Clock& clock)
      : connection_(connection), now_(clock.now()) {}

  Connection& read() override { return connection_; }
  Connection& append() override { return connection_; }
  Connection& write() override {
    if (!saved_) {
      connection_.exec("SAVEPOINT job");
      saved_ = true;
    }
    return connection_;
  }
  Instant now() const override { return now_; }
  void after_commit(std::function<void()> hook) override { hooks_.push_back(std::move(hook)); }

  void keep() {
    if (saved_) connection_.exec("RELEASE job");
    saved_ = false;
  }
  // Takes back what the job wrote; false when the whole transaction is gone.
  bool undo() {
    hooks_.clear();
    if (!connection_.in_transaction()) return false;
    if (saved_) {
      connection_.exec("ROLLBACK TO job");
      connection_.exec("RELEASE job");
    }
    return true;
  }
  bool wrote() const { return saved_; }
  std::vector<std::function<void()>> take_hooks() { return std::move(hooks_); }

 private:
  Connection& connection_;
  const Instant now_;
  bool saved_ = false;
  std::vector<std::function<void()>> hooks_;
};

class WriterLane final : public Lane {
 public:
  WriterLane(store::Database& database, const Clock& clock, Executor& executor, LaneOptions options)
      : connection_(database.writer()),
        checkpointer_(database, executor),
        clock_(clock),
        options_(std::move(options)) {
    thread_ = executor.start("lane", [this] { loop(); });
  }
  ~WriterLane() override { stop(); }

  bool submit(LaneJob job) override {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || queue_.size() >= options_.queue_max) return false;
      queue_.push_back(std::move(job));
      if (!waiting_) return true;  // it will look again before it waits
    }
    ready_.notify_one();
    return true;
  }
  void on_lost(std::function<void(Connection&)> hook) override {
    const std::lock_guard lock(mutex_);
    lost_hooks_.push_back(std::move(hook));
  }
  void before_commit(std::function<void(Connection&)> hook) override {
    const std::lock_guard lock(mutex_);
    commit_hooks_.push_back(std::move(hook));
  }
  void stop() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    ready_.notify_all();
    thread_.reset();
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return giving_ == 0; });
  }

 private:
  struct Ran {
    LaneJob job;
    Result<void> result;
    std::vector<std::function<void()>> hooks;
  };

  void loop() {
    std::vector<LaneJob> batch;
    while (take(batch)) {
      run_batch(batch);
      batch.clear();
    }
  }

  // Takes what waits, up to batch_max. False: stopping, and nothing is left.
  bool take(std::vector<LaneJob>& batch) {
    std::unique_lock lock(mutex_);
    waiting_ = true;
    ready_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    waiting_ = false;
    if (queue_.empty()) return false;
    const std::size_t count = std::min(queue_.size(), options_.batch_max);
    for (std::size_t i = 0; i < count; ++i) {
      batch.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    return true;
  }

  void run_batch(std::vector<LaneJob>& batch) {
    std::vector<Ran> ran;
    ran.reserve(batch.size());
    for (auto& job : batch) ran.push_back({std::move(job), {}, {}});
    if (!commit_together(ran)) {
      for (auto& one : ran) commit_alone(one);
    }
    Answers answers;
    for (auto& one : ran) {
      if (one.result) {
        for (auto& hook : one.hooks) hook();
      }
      if (!one.job.done) continue;
      if (one.job.answers && options_.answering) {
        answers.emplace_back(std::move(one.job.done), std::move(one.result));
        if (answers.size() == answers_together_max) give(std::exchange(answers, {}));
      } else {
        one.job.done(std::move(one.result));
      }
    }
    if (!answers.empty()) give(std::move(answers));
  }

  using Answers = std::vector<std::pair<std::function<void(Result<void>)>, Result<void>>>;
  void give(Answers answers) {
    {
      const std::lock_guard lock(mutex_);
      ++giving_;
    }
    options_.answering([this, answers = std::make_shared<Answers>(std::move(answers))] {
      for (auto& [done, result] : *answers) done(std::move(result));
      answers->clear();
      const std::lock_guard lock(mutex_);
      if (--giving_ == 0) ready_.notify_all();
    });
  }

  // All jobs in one transaction. False: it was lost, nothing of it stands.
  bool commit_together(std::vector<Ran>& ran) {
    try {
      connection_.exec("BEGIN IMMEDIATE");
      for (auto& one : ran) {
        if (!run_one(one)) return lost();
      }
      for (auto& hook : commit_hooks_) hook(connection_);
      connection_.exec("COMMIT");
      return true;
    } catch (const DatabaseError& e) {
      spdlog::error("lane: the transaction failed: {}", e.what());
      return lost();
    }
  }

  void commit_alone(Ran& one) {
    try {
      connection_.exec("BEGIN IMMEDIATE");
      one.hooks.clear();
      if (run_one(one)) {
        connection_.exec("COMMIT");
        return;
      }
      lost();
      if (one.result) one.result = fail(ErrorKind::transient, "the database did not take it");
    } catch (const DatabaseError& e) {
      spdlog::error("lane: a job could not be committed: {}", e.what());
      lost();
      one.result = fail(ErrorKind::transient, "the database did not take it");
    }
  }

  // False: the transaction is gone.
  bool run_one(Ran& one) {
    LaneTransaction transaction(connection_, clock_);
    try {
      one.job.run(transaction);
      transaction.keep();
      one.result = {};
      one.hooks = transaction.take_hooks();
      return true;
    } catch (const TakeBack& e) {
      one.result = fail(ErrorKind::conflict, e.what());
    } catch (const DatabaseError& e) {
      spdlog::error("lane: a job failed: {}", e.what());
      one.result = fail(ErrorKind::transient, "the database did not take it");
    } catch (const std::exception& e) {
      spdlog::error("lane: a job failed: {}", e.what());
      one.result = fail(ErrorKind::corrupt, e.what());
    }
    if (!transaction.undo()) return false;
    // What a cache learned from the rows that were taken back is wrong now.
    if (transaction.wrote()) forget();
    return true;
  }

  void forget() {
    for (auto& hook : lost_hooks_) hook(connection_);
  }

  bool lost() {
    try {
      if (connection_.in_transaction()) connection_.exec("ROLLBACK");
    } catch (const DatabaseError& e) {
      spdlog::error("lane: rollback failed: {}", e.what());
    }
    forget();
    return false;
  }

  Connection& connection_;
  store::Checkpointer checkpointer_;
  const Clock& clock_;
  const LaneOptions options_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<LaneJob> queue_;
  bool stopping_ = false;
  bool waiting_ = false;
  std::size_t giving_ = 0;  // tasks of answers that have not ended
  std::vector<std::function<void(Connection&)>> lost_hooks_;
  std::vector<std::function<void(Connection&)>> commit_hooks_;
  std::unique_ptr<RunningThread> thread_;
};

}  // namespace

Result<void> Lane::run(std::function<void(Transaction&)> job) {
  std::mutex mutex;
  std::condition_variable ended;
  std::optional<Result<void>> result;
  const bool taken = submit({std::move(job), [&](Result<void> r) {
                               const std::lock_guard lock(mutex);
                               result = std::move(r);
                               ended.notify_one();
                             }});
  if (!taken) return fail(ErrorKind::transient, "the house is overloaded or stopping");
  std::unique_lock lock(mutex);
  ended.wait(lock, [&] { return result.has_value(); });
  return std::move(*result);
}

std::unique_ptr<Lane> make_lane(store::Database& database, const Clock& clock, Executor& executor,
                                LaneOptions options) {
  return std::make_unique<WriterLane>(database, clock, executor, std::move(options));
}

}  // namespace huiyin
