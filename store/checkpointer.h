// Checkpoints beside the writer. SQLite's own automatic checkpoint runs inside a commit: thousands
// of pages are copied while every turn waits, which is what the slowest answers are made of. Here a
// thread with a connection of its own copies most of them while the writer goes on appending, and
// the writer itself only the few that came meanwhile; with those the log begins anew at its front.
//
// The thread copies once, right after a commit whose pages nobody has copied yet, and the writer
// never while the thread does: a checkpoint that begins when the log is copied to its end may run
// into the commit that starts the log anew, and SQLite before 3.51.3 can then skip pages later
// (sqlite.org/wal.html, "the WAL-reset bug").
//
// Made before the writer is used and destroyed after its last commit; on_commit() runs on the
// writer's thread.
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>

#include "store/base/executor.h"
#include "store/database.h"

namespace huiyin::store {

struct CheckpointOptions {
  int pages = 4'000;       // 16 MiB of log: a checkpoint begins
  int pages_max = 32'000;  // the thread does not keep up: the writer waits for it
};

class Checkpointer {
 public:
  Checkpointer(Database& database, Executor& executor, CheckpointOptions options = {});
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

 private:
  enum class State { resting, copying, nearly_done };

  void on_commit(int pages);
  void loop();

  Connection& writer_;
  Connection own_;
  const CheckpointOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::resting;
  bool stopping_ = false;
  std::unique_ptr<RunningThread> thread_;
};

}  // namespace huiyin::store
