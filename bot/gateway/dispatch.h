// Sends messages and stores what came of them. Between the workers' threads, the channels'
// callbacks and the lane.
//
// Messages to one address leave one after the other, in the order in which they were admitted; a
// message is claimed only when it is its turn, in the lane job that stores the outcome of the one
// before it. So what a crash can leave `unknown` are the messages that were on their way: at most
// one an address, and `in_flight_max` in all. Outcomes that come while others are being stored are
// stored together, in the next lane job.
//
// Thread-safe. Callbacks of channels may come at any time, after stop() too: they then change
// nothing, and the message is found in `sending` by the next start.
#pragma once
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "bot/channel.h"
#include "bot/gateway/delivery.h"
#include "bot/gateway/lane.h"

namespace huiyin {

// A message that a worker read; `entry` is the hint to acknowledge when its outcome is stored.
struct Message {
  store::OutboxRow row;
  std::string entry;
  Channel* channel = nullptr;  // null: nobody carries it
};

struct DispatchParts {
  Lane& lane;
  Random& random;  // used on the lane's thread only
  // The address where the provider reports; may be empty.
  std::function<std::string(const Channel&, const Outbound&)> callback_url;
  // As WorkerParts has them; may be empty.
  std::function<void(store::Connection&, std::span<const std::int64_t>, Instant)> on_claim;
  std::function<void(const store::OutboxRow&)> on_claimed;
  // These rows were claimed or are needless: their hints have done their work. Called under the
  // lock; must not call back.
  std::function<void(std::vector<std::int64_t>)> on_taken;
};

class Dispatch : public std::enable_shared_from_this<Dispatch> {
 public:
  Dispatch(DispatchParts parts, DeliveryPolicy policy, std::size_t in_flight_max)
      : parts_(std::move(parts)), policy_(std::move(policy)), in_flight_max_(in_flight_max) {}

  // Takes up to `wanted` places, waiting up to `patience` for the first one. 0: none came free.
  std::size_t reserve(std::size_t wanted, Millis patience);
  void release(std::size_t places);
  // Takes messages over, each on a reserved place, in this order. Returns those whose address is
  // free: they are to be claimed now. The others wait behind what goes there. A second hint of a
  // message that is here already gives its place back and is acknowledged.
  std::vector<Message> admit(std::vector<Message> messages);
  // Sends what was admitted, returned and claimed.
  void send(std::vector<Message> messages);
  // What could not be claimed, since it ended elsewhere: its hint is dropped.
  void drop(std::vector<Message> messages);
  // Stopping: what is not claimed is left to the next start, and so are its hints.
  void leave(const std::vector<Message>& messages);
  void leave_waiting();

  // Entries whose outcome is stored. Give them back with put_acks() when Redis did not take them.
  std::vector<std::string> take_acks();
  void put_acks(std::vector<std::string> entries);
  // Stores what the lane did not take before.
  void retry_store();

  // Waits until something ends, at most `patience`.
  void wait_for_change(Millis patience);
  // After it no outcome is stored any more; waits up to `patience` for those still in flight.
  void stop(Millis patience);
  std::size_t in_flight() const;  // admitted, outcome not stored

 private:
  struct Finished {
    std::shared_ptr<Message> message;
    Result<Accepted> answer;
  };
  // One lane job: outcomes, the addresses that come free, and who goes there next.
  struct Batch {
    std::vector<Finished> finished;
    std::vector<std::string> addresses;
    std::vector<Message> next;
    std::vector<store::Claim> claims;  // of `next`, by the run that was committed
  };

  void call(Message message);
  void finished(std::shared_ptr<Message> message, Result<Accepted> answer);
  void store_locked();
  void store(Transaction& tx, Batch& batch);
  void claim_next(Transaction& tx, Batch& batch);
  void stored(Batch& batch, const Result<void>& result);
  std::vector<Message> settle(Batch& batch);
  void gone(Message& message);

  const DispatchParts parts_;
  const DeliveryPolicy policy_;
  const std::size_t in_flight_max_;

  mutable std::mutex mutex_;  // guards what follows; taken before the lane's and the relay's
  std::condition_variable changed_;
  std::size_t reserved_ = 0;   // places of those who are about to claim
  std::size_t in_flight_ = 0;  // places of admitted messages
  // Address → who waits behind it; nearly always nobody, which a list has without memory.
  std::unordered_map<std::string, std::list<Message>> busy_;
  std::unordered_map<std::int64_t, std::string> here_;  // row → entry of every admitted message
  std::vector<Finished> finished_;
  std::vector<std::string> next_;  // addresses that came free without an outcome
  std::vector<std::string> acks_;
  bool storing_ = false;
  bool stopped_ = false;
};

}  // namespace huiyin
