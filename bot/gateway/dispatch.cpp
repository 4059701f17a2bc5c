#include "bot/gateway/dispatch.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>

namespace huiyin {
namespace {

std::string address_of(const Message& message) {
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

std::vector<Message> Dispatch::admit(std::vector<Message> messages) {
  std::vector<Message> free;
  free.reserve(messages.size());
  const std::lock_guard lock(mutex_);
  reserved_ -= messages.size();
  for (auto& message : messages) {
    const auto [known, fresh] = here_.try_emplace(message.row.row, message.entry);
    if (!fresh) {
      // The same hint again (taken over from ourselves) stays pending for the message it is of.
      if (known->second != message.entry) acks_.push_back(std::move(message.entry));
      continue;
    }
    ++in_flight_;
    auto [at, first] = busy_.try_emplace(address_of(message));
    if (first) {
      free.push_back(std::move(message));
    } else {
      at->second.push_back(std::move(message));
    }
  }
  return free;
}

void Dispatch::send(std::vector<Message> messages) {
  for (auto& message : messages) call(std::move(message));
}

void Dispatch::drop(std::vector<Message> messages) {
  if (messages.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    for (auto& message : messages) {
      next_.push_back(address_of(message));
      gone(message);
    }
    store_locked();
  }
  changed_.notify_all();
}

void Dispatch::leave(const std::vector<Message>& messages) {
  {
    const std::lock_guard lock(mutex_);
    in_flight_ -= messages.size();
    for (const auto& message : messages) here_.erase(message.row.row);
  }
  leave_waiting();
}

void Dispatch::leave_waiting() {
  {
    const std::lock_guard lock(mutex_);
    for (auto& [address, waiting] : busy_) {
      in_flight_ -= waiting.size();
      for (const auto& message : waiting) here_.erase(message.row.row);
      waiting.clear();
    }
  }
  changed_.notify_all();
}

void Dispatch::call(Message message) {
  if (parts_.on_claimed) parts_.on_claimed(message.row);
  if (message.channel == nullptr) {
    std::string missing = "there is no channel " + message.row.message.channel;
    finished(std::make_shared<Message>(std::move(message)),
             fail(ErrorKind::rejected, std::move(missing)));
    return;
  }
  // Captured in the sandbox: it counts as sent.
  if (!message.channel->can_send()) {
    finished(std::make_shared<Message>(std::move(message)), Accepted{});
    return;
  }
  // Shared: the answer may come while send() is still reading.
  const auto sent = std::make_shared<Message>(std::move(message));
  Outbound& out = sent->row.message;
  if (parts_.callback_url) out.callback_url = parts_.callback_url(*sent->channel, out);
  sent->channel->send(out, [self = shared_from_this(), sent](Result<Accepted> answer) {
    self->finished(sent, std::move(answer));
  });
}

void Dispatch::finished(std::shared_ptr<Message> message, Result<Accepted> answer) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  finished_.push_back({std::move(message), std::move(answer)});
  store_locked();
}

void Dispatch::store_locked() {
  if (storing_ || stopped_ || (finished_.empty() && next_.empty())) return;
  const auto batch = std::make_shared<Batch>();
  storing_ = parts_.lane.submit(
      {[self = shared_from_this(), batch](Transaction& tx) { self->store(tx, *batch); },
       [self = shared_from_this(), batch](const Result<void>& result) {
         self->stored(*batch, result);
       },
       true});  // it calls channels
}

// May run again with the same batch when the transaction was lost; takes what came meanwhile along.
void Dispatch::store(Transaction& tx, Batch& batch) {
  {
    const std::lock_guard lock(mutex_);
    for (auto& one : finished_) batch.addresses.push_back(address_of(*one.message));
    std::ranges::move(next_, std::back_inserter(batch.addresses));
    next_.clear();
    if (batch.finished.empty()) {
      batch.finished.swap(finished_);
    } else {
      std::ranges::move(finished_, std::back_inserter(batch.finished));
      finished_.clear();
    }
  }
  store::Connection& db = tx.write();
  for (const auto& [message, answer] : batch.finished) {
    const auto outcome =
        outcome_of(message->row, message->channel == nullptr ? "" : message->channel->name(),
                   answer, policy_, tx.now(), parts_.random);
    const auto& row = message->row;
    store::finish(db, row.row, row.message.attempt, outcome, tx.now());
    store::forget_code(db, row.row, row.message.category, outcome.state);
  }
  claim_next(tx, batch);
}

// Of every address that comes free with this batch, the one that waits in front.
void Dispatch::claim_next(Transaction& tx, Batch& batch) {
  {
    const std::lock_guard lock(mutex_);
    for (const auto& address : batch.addresses) {
      const auto known = std::ranges::find(batch.next, address, address_of);
      const auto at = busy_.find(address);
      if (known != batch.next.end() || at == busy_.end() || at->second.empty()) continue;
      batch.next.push_back(std::move(at->second.front()));
      at->second.pop_front();
    }
  }
  if (batch.next.empty()) return;
  std::vector<std::int64_t> rows;
  for (const auto& message : batch.next) rows.push_back(message.row.row);
  batch.claims = store::claim(tx.write(), rows, tx.now());
  rows.clear();
  for (const auto& claim : batch.claims) rows.push_back(claim.row);
  if (parts_.on_claim) parts_.on_claim(tx.write(), rows, tx.now());
}

void Dispatch::stored(Batch& batch, const Result<void>& result) {
  std::vector<Message> next;
  {
    const std::lock_guard lock(mutex_);
    storing_ = false;
    if (stopped_) return;
    if (result) {
      for (auto& one : batch.finished) gone(*one.message);
      next = settle(batch);
    } else {
      // The workers call retry_store(); nothing is sent again meanwhile.
      spdlog::error("dispatch: {} outcomes wait to be stored: {}", batch.finished.size(),
                    result.error().message);
      for (auto& message : batch.next) {
        busy_[address_of(message)].push_front(std::move(message));
      }
      // An outcome brings its address with it again.
      for (const auto& one : batch.finished) std::erase(batch.addresses, address_of(*one.message));
      std::ranges::move(batch.addresses, std::back_inserter(next_));
      std::ranges::move(batch.finished, std::back_inserter(finished_));
    }
  }
  changed_.notify_all();
  send(std::move(next));
}

// It has ended; its place is free and its hint has done its work.
void Dispatch::gone(Message& message) {
  --in_flight_;
  here_.erase(message.row.row);
  acks_.push_back(std::move(message.entry));
}

// Which of the next ones are to be sent. Those that were not claimed have ended elsewhere; an
// address with nobody behind is free.
std::vector<Message> Dispatch::settle(Batch& batch) {
  std::vector<Message> claimed;
  std::vector<std::int64_t> taken;
  for (const auto& address : batch.addresses) {
    const auto at = std::ranges::find(batch.next, address, address_of);
    if (at == batch.next.end()) {
      const auto waiting = busy_.find(address);
      if (waiting == busy_.end()) continue;
      if (waiting->second.empty())
        busy_.erase(waiting);
      else
        next_.push_back(address);  // it came meanwhile
      continue;
    }
    taken.push_back(at->row.row);
    const auto claim = std::ranges::find(batch.claims, at->row.row, &store::Claim::row);
    if (claim != batch.claims.end()) {
      at->row.message.attempt = claim->attempt;
      claimed.push_back(std::move(*at));
    } else {
      gone(*at);
      next_.push_back(address);
    }
  }
  if (!taken.empty() && parts_.on_taken) parts_.on_taken(std::move(taken));
  store_locked();
  return claimed;
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
  constexpr Millis slice{100};
  const auto end = std::chrono::steady_clock::now() + patience;
  std::unique_lock lock(mutex_);
  while (in_flight_ != 0 && std::chrono::steady_clock::now() < end) {
    store_locked();  // nobody else tries again what the lane did not take
    changed_.wait_for(lock, std::min(slice, patience));
  }
  stopped_ = true;
  lock.unlock();
  changed_.notify_all();
}

std::size_t Dispatch::in_flight() const {
  const std::lock_guard lock(mutex_);
  return in_flight_;
}

}  // namespace huiyin
