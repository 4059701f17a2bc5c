#include "store/checkpointer.h"

#include <spdlog/spdlog.h>

namespace huiyin::store {
namespace {

constexpr int rounds_max = 8;  // each round leaves what was appended during it

}  // namespace

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
  if (pages < options_.pages) return;
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::copying && pages < options_.pages_max) return;
    if (state_ == State::resting) {
      state_ = State::copying;
      changed_.notify_all();
      return;
    }
    if (state_ == State::nearly_done) state_ = State::resting;
  }
  writer_.checkpoint();
}

void Checkpointer::loop() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopping_ || state_ == State::copying; });
      if (stopping_) return;
    }
    copy();
    const std::lock_guard lock(mutex_);
    state_ = State::nearly_done;
  }
}

void Checkpointer::copy() {
  int copied = 0;
  for (int round = 0; round < rounds_max; ++round) {
    const auto done = own_.checkpoint();
    if (!done) {
      // The writer has it, or the disk is full: the writer's own attempt will tell.
      spdlog::debug("checkpoint: not now");
      return;
    }
    if (done->copied - copied <= options_.rest_pages) return;
    copied = done->copied;
  }
}

}  // namespace huiyin::store
