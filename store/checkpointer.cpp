#include "store/checkpointer.h"

#include <spdlog/spdlog.h>

namespace huiyin::store {
Checkpointer::Checkpointer(Database& database, Executor& executor, CheckpointOptions options)
    : writer_(database.writer()), own_(database.file(), false), options_(options) {
  writer_.on_commit([this](int pages) { on_commit(pages); });
  thread_ = executor.start("checkpoint", [this] { loop(); });
}

Checkpointer::~Checkpointer() {
  writer_.on_commit({});
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.reset();
}

void Checkpointer::on_commit(int pages) {
  {
    std::unique_lock lock(mutex_);
    if (pages < options_.pages) {
      // The thread left nothing behind, and the log has begun anew.
      if (state_ == State::nearly_done) state_ = State::resting;
      return;
    }
    if (state_ == State::resting) {
      state_ = State::copying;
      changed_.notify_all();
      return;
    }
    if (pages >= options_.pages_max) {
      changed_.wait(lock, [&] { return state_ != State::copying; });
    }
    if (state_ == State::copying) return;
    state_ = State::resting;
  }
  if (!writer_.checkpoint()) spdlog::warn("checkpoint: the log could not be copied; it grows");
}

void Checkpointer::loop() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopping_ || state_ == State::copying; });
      if (stopping_) break;
    }
    // When it fails (the disk is full), the writer's own attempt tells.
    own_.checkpoint();
    {
      const std::lock_guard lock(mutex_);
      state_ = State::nearly_done;
    }
    changed_.notify_all();
  }
}

}  // namespace huiyin::store
