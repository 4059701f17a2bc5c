// A Front that keeps what it was handed and answers as told.
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "bot/channel.h"

namespace huiyin::test {

class FakeFront final : public Front {
 public:
  std::function<Result<TurnAnswer>(const Inbound&)> answer = [](const Inbound&) {
    return TurnAnswer{};
  };
  Result<void> receipt_answer{};
  Result<void> watch_answer{};

  void accept(Inbound message, std::function<void(Result<TurnAnswer>)> done) override {
    auto result = answer(message);
    {
      const std::lock_guard lock(mutex_);
      messages_.push_back(std::move(message));
    }
    done(std::move(result));
  }

  void receive(Receipt receipt, std::function<void(Result<void>)> done) override {
    {
      const std::lock_guard lock(mutex_);
      receipts_.push_back(std::move(receipt));
    }
    done(receipt_answer);
  }

  void watch(std::string sender, std::string token, std::int64_t after, StreamEvent event,
             std::function<void(Result<std::shared_ptr<Watch>>)> done) override {
    if (!watch_answer) return done(tl::unexpected(watch_answer.error()));
    {
      const std::lock_guard lock(mutex_);
      watched = {sender, token, after};
      event_ = std::move(event);
    }
    done(std::make_shared<Handle>(*this));
  }

  // What the bot says by itself, to the one who watches.
  void say(std::int64_t id, const Reply& reply) {
    StreamEvent event;
    {
      const std::lock_guard lock(mutex_);
      event = event_;
    }
    if (event) event(id, reply);
  }

  std::vector<Inbound> messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  std::vector<Receipt> receipts() const {
    const std::lock_guard lock(mutex_);
    return receipts_;
  }
  // Waits until the watch was given up; false after 20 s.
  bool wait_unwatched() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [this] { return ended_ > 0; });
  }

  struct {
    std::string sender, token;
    std::int64_t after = 0;
  } watched;

 private:
  struct Handle final : Watch {
    explicit Handle(FakeFront& front) : front(front) {}
    ~Handle() override {
      const std::lock_guard lock(front.mutex_);
      ++front.ended_;
      front.changed_.notify_all();
    }
    FakeFront& front;
  };

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Inbound> messages_;
  std::vector<Receipt> receipts_;
  StreamEvent event_;
  int ended_ = 0;
};

}  // namespace huiyin::test
