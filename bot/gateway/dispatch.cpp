#include "bot/gateway/dispatch.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>

namespace huiyin {
namespace {

std::string address_of(const Claimed& message) {
  return message.row.message.channel + '\n' + message.row.message.to;
}

}  // namespace

std::size_t Dispatch::reserve(std::size_t wanted, Millis patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience,
                    [&] { return stopped_ || reserved_ + in_flight_ < in_flight_max_; });
  if (stopped_) return 0;
  const std::size_t places = std::min(wanted, in_flight_max_ - reserved_ - in_flight_);
  reserved_ += places;
  return places;
}

void Dispatch::release(std::size_t places) {
  if (places == 0) return;
  {
    const std::lock_guard lock(mutex_);
    reserved_ -= places;
  }
  changed_.notify_all();
}

void Dispatch::send(std::vector<Claimed> messages) {
  std::vector<Claimed> ready;
  {
    const std::lock_guard lock(mutex_);
    reserved_ -= messages.size();
    in_flight_ += messages.size();
    for (auto& message : messages) {
      auto [at, first] = busy_.try_emplace(address_of(message));
      if (first) {
        ready.push_back(std::move(message));
      } else {
        at->second.push_back(std::move(message));
      }
    }
  }
  for (auto& message : ready) call(std::move(message));
}

void Dispatch::call(Claimed message) {
  if (message.channel == nullptr) {
    std::string missing = "there is no channel " + message.row.message.channel;
    finished(std::move(message), fail(ErrorKind::rejected, std::move(missing)));
    return;
  }
  // Captured in the sandbox: it counts as sent.
  if (!message.channel->can_send()) {
    finished(std::move(message), Accepted{});
    return;
  }
  Outbound out = message.row.message;
  if (parts_.callback_url) out.callback_url = parts_.callback_url(*message.channel, out);
  Channel& channel = *message.channel;
  channel.send(out, [self = shared_from_this(),
                     message = std::move(message)](Result<Accepted> answer) mutable {
    self->finished(std::move(message), std::move(answer));
  });
}

void Dispatch::finished(Claimed message, Result<Accepted> answer) {
  std::optional<Claimed> next;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    const auto waiting = busy_.find(address_of(message));
    if (waiting->second.empty()) {
      busy_.erase(waiting);
    } else {
      next = std::move(waiting->second.front());
      waiting->second.pop_front();
    }
    finished_.push_back({std::move(message), std::move(answer)});
    store_locked();
  }
  if (next) call(std::move(*next));
}

void Dispatch::store_locked() {
  if (storing_ || stopped_ || finished_.empty()) return;
  const auto batch = std::make_shared<Batch>();
  storing_ = parts_.lane.submit(
      {[self = shared_from_this(), batch](Transaction& tx) { self->store(tx, *batch); },
       [self = shared_from_this(), batch](const Result<void>& result) {
         self->stored(*batch, result);
       }});
}

// May run again with the same batch when the transaction was lost; takes what came meanwhile along.
void Dispatch::store(Transaction& tx, Batch& batch) {
  {
    const std::lock_guard lock(mutex_);
    std::ranges::move(finished_, std::back_inserter(batch));
    finished_.clear();
  }
  store::Connection& db = tx.write();
  for (const auto& [message, answer] : batch) {
    const auto outcome =
        outcome_of(message.row, message.channel == nullptr ? "" : message.channel->name(), answer,
                   policy_, tx.now(), parts_.random);
    store::finish(db, message.row.row, message.row.message.attempt, outcome, tx.now());
    store::forget_code(db, message.row.row, message.row.message.category, outcome.state);
  }
}

void Dispatch::stored(Batch& batch, const Result<void>& result) {
  {
    const std::lock_guard lock(mutex_);
    storing_ = false;
    if (result) {
      in_flight_ -= batch.size();
      for (auto& [message, answer] : batch) acks_.push_back(std::move(message.entry));
      store_locked();
    } else {
      // The workers call retry_store(); nothing is sent again meanwhile.
      spdlog::error("dispatch: {} outcomes wait to be stored: {}", batch.size(),
                    result.error().message);
      std::ranges::move(batch, std::back_inserter(finished_));
    }
  }
  changed_.notify_all();
}

std::vector<std::string> Dispatch::take_acks() {
  const std::lock_guard lock(mutex_);
  return std::exchange(acks_, {});
}

void Dispatch::put_acks(std::vector<std::string> entries) {
  const std::lock_guard lock(mutex_);
  std::ranges::move(entries, std::back_inserter(acks_));
}

void Dispatch::retry_store() {
  const std::lock_guard lock(mutex_);
  store_locked();
}

void Dispatch::wait_for_change(Millis patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience);
}

void Dispatch::stop(Millis patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [&] { return in_flight_ == 0; });
  stopped_ = true;
  lock.unlock();
  changed_.notify_all();
}

std::size_t Dispatch::in_flight() const {
  const std::lock_guard lock(mutex_);
  return in_flight_;
}

}  // namespace huiyin
