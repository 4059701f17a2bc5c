// The writer lane: the one thread that writes. It takes whatever jobs are waiting, runs each inside
// one transaction, commits once (synchronous=FULL) and then releases all their answers.
//
// The life of a job:
//  1. submit() puts it in the queue (bounded; a full queue is a `transient` error at once);
//  2. run() is called on the lane's thread. It reads through the transaction, and writes through
//     Transaction::write(), which opens a savepoint on first use: a job that throws has written
//     nothing and hurts nobody else;
//  3. COMMIT. If the transaction is lost (disk full, I/O), no answer is released, on_lost hooks
//     throw away what caches learned in it, and the jobs are run again one by one: run() must be
//     repeatable;
//  4. done() is called once, outside any transaction, with success or the reason: on the lane's
//     thread, or, for a job that `answers`, wherever LaneOptions::answering runs it, together with
//     the other answers of its batch. Answers of two batches may pass each other.
#pragma once
#include <exception>
#include <functional>
#include <memory>

#include "store/base/error.h"
#include "store/base/executor.h"
#include "store/base/time.h"
#include "store/database.h"

namespace huiyin {

class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual store::Connection& read() = 0;   // sees what earlier jobs of the batch wrote
  virtual store::Connection& write() = 0;  // opens the job's savepoint
  // As read(), for a single append that cannot fail for this job alone: no savepoint.
  virtual store::Connection& append() = 0;
  virtual Instant now() const = 0;
  // Called on the lane's thread once the commit is durable, before done().
  virtual void after_commit(std::function<void()> hook) = 0;
};

// Thrown by a job that wants its writes taken back and has told its caller why already: no fault.
struct TakeBack : std::exception {
  const char* what() const noexcept override { return "taken back"; }
};

struct LaneJob {
  std::function<void(Transaction&)> run;
  std::function<void(Result<void>)> done;  // may be empty
  bool answers = false;  // done() writes an answer: work that must not hold up the next batch
};

class Lane {
 public:
  virtual ~Lane() = default;
  // Thread-safe, never blocks. False: the queue is full or the lane is stopping; done() is not
  // called then.
  [[nodiscard]] virtual bool submit(LaneJob job) = 0;
  // Submits and waits; not from the lane's own thread. Errors thrown by `run` come back.
  Result<void> run(std::function<void(Transaction&)> job);
  // Hooks of caches: told on the lane's thread when written rows were taken back (a job that threw
  // after writing, or a lost transaction), to learn again from what the database holds.
  virtual void on_lost(std::function<void(store::Connection&)> hook) = 0;
  // Hooks run at the end of every batch's transaction, before its COMMIT: slices of background
  // writing that ride on a commit that is paid for anyway. They must be cheap when idle.
  virtual void before_commit(std::function<void(store::Connection&)> hook) = 0;
  virtual void stop() = 0;  // runs what was accepted, waits until all of it is answered, ends
};

struct LaneOptions {
  std::size_t queue_max = 20'000;  // above it the house is overloaded: 503 at the edge
  std::size_t batch_max = 256;     // bounds the time to the first answer of a batch
  // Runs a task that gives answers, on a thread that may work for a while; empty: at once.
  std::function<void(std::function<void()>)> answering;
};

std::unique_ptr<Lane> make_lane(store::Database& database, const Clock& clock, Executor& executor,
                                LaneOptions options = {});

}  // namespace huiyin
