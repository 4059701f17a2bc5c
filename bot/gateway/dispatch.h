// Sends claimed messages and stores what came of them. Between the workers' threads, the channels'
// callbacks and the lane.
//
// At most `in_flight_max` messages are claimed and without a stored outcome at any time: that many
// a crash can leave `unknown`. Messages to one address leave one after the other, in the order in
// which they were handed over. Outcomes that come while others are being stored are stored
// together, in the next lane job.
//
// Thread-safe. Callbacks of channels may come at any time, after stop() too: they then change
// nothing, and the message is found in `sending` by the next start.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "bot/channel.h"
#include "bot/gateway/delivery.h"
#include "bot/gateway/lane.h"

namespace huiyin {

// A message that a worker claimed; `entry` is the hint to acknowledge when its outcome is stored.
struct Claimed {
  store::OutboxRow row;
  std::string entry;
  Channel* channel = nullptr;  // null: nobody carries it
};

struct DispatchParts {
  Lane& lane;
  Random& random;  // used on the lane's thread only
  // The address where the provider reports; may be empty.
  std::function<std::string(const Channel&, const Outbound&)> callback_url;
};

class Dispatch : public std::enable_shared_from_this<Dispatch> {
 public:
  Dispatch(DispatchParts parts, DeliveryPolicy policy, std::size_t in_flight_max)
      : parts_(std::move(parts)), policy_(std::move(policy)), in_flight_max_(in_flight_max) {}

  // Takes up to `wanted` places, waiting up to `patience` for the first one. 0: none came free.
  std::size_t reserve(std::size_t wanted, Millis patience);
  void release(std::size_t places);
  // Sends; each takes over a reserved place until its outcome is stored.
  void send(std::vector<Claimed> messages);

  // Entries whose outcome is stored. Give them back with put_acks() when Redis did not take them.
  std::vector<std::string> take_acks();
  void put_acks(std::vector<std::string> entries);
  // Stores what the lane did not take before.
  void retry_store();

  // Waits until something ends, at most `patience`.
  void wait_for_change(Millis patience);
  // After it no outcome is stored any more; waits up to `patience` for those still in flight.
  void stop(Millis patience);
  std::size_t in_flight() const;  // claimed, outcome not stored

 private:
  struct Finished {
    Claimed message;
    Result<Accepted> answer;
  };
  using Batch = std::vector<Finished>;

  void call(Claimed message);
  void finished(Claimed message, Result<Accepted> answer);
  void store_locked();
  void store(Transaction& tx, Batch& batch);
  void stored(Batch& batch, const Result<void>& result);

  const DispatchParts parts_;
  const DeliveryPolicy policy_;
  const std::size_t in_flight_max_;

  mutable std::mutex mutex_;  // guards what follows; taken before the lane's and the relay's
  std::condition_variable changed_;
  std::size_t reserved_ = 0;   // places of those who are about to claim
  std::size_t in_flight_ = 0;  // places of claimed messages
  std::unordered_map<std::string, std::deque<Claimed>> busy_;  // address → who waits behind it
  Batch finished_;
  std::vector<std::string> acks_;
  bool storing_ = false;
  bool stopped_ = false;
};

}  // namespace huiyin
