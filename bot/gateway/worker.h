// The workers: take hints from the stream, claim the messages in SQL, and see them sent.
//
// The life of an outgoing message:
//  1. enqueue() writes its row in the transaction that decided to send it: `queued`, or `scheduled`
//     until its time. The commit pokes the relay; from here on no crash loses it.
//  2. When it is due, the relay adds its row id to the stream. That is a hint, not a right.
//  3. A worker reads a batch of hints and the rows they are about. A row that is not waiting any
//     more (a double hint, a cancelled message) is passed over and its hint dropped. Of those for
//     one address only the first may go; the others wait behind it. Workers admit in the order in
//     which they read: else two parts of one answer, read by two workers, could overtake.
//  4. What may go is claimed in a lane job: queued → sending, with the next attempt number,
//     committed (past its not_after → expired). Dispatch calls the channel.
//  5. The answer becomes an outcome (delivery.h) and is stored, if the attempt number still stands:
//     sent; queued again with a later due time; unknown; failed for good. The same lane job claims
//     who is next at that address.
//  6. Only then is the hint acknowledged. Every thousand, and when nothing is on its way, the
//  stream
//     is trimmed to its first pending or undelivered entry.
//  7. Receipts come by our id in the callback address, in any order, also before step 5; they move
//     the state forward only.
// What may go wrong: a crash before 3 leaves the row queued: published again at the next start. A
// crash after 4 leaves it `sending`: the start makes it `unknown`, since it may have left (but
// sends emergencies and codes again). A crash between 5 and 6, or a Redis that lost its data, gives
// double hints, which end at 3 or 4. A worker that died leaves pending hints: XAUTOCLAIM finds
// them, and they end there or are carried out.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bot/gateway/dispatch.h"
#include "bot/gateway/relay.h"

namespace huiyin {

struct WorkerParts {
  Lane& lane;
  store::Database& database;
  Executor& executor;
  Random& random;  // used on the lane's thread once started
  Relay& relay;
  store::RedisAddress redis;
  store::StreamName stream;
  // The channel that carries a message now, null when there is none. Thread-safe. (The place where
  // another provider can be chosen by what the row went through.)
  std::function<Channel*(const store::OutboxRow&)> route;
  std::function<std::string(const Channel&, const Outbound&)> callback_url;  // may be empty
  // Called in the claim's transaction with the rows that were claimed: the sandbox's sent list.
  std::function<void(store::Connection&, std::span<const std::int64_t>, Instant)>
      on_claim;  // may be empty
  // Called with each claimed message, durably so, before it is sent. Any worker's thread.
  std::function<void(const store::OutboxRow&)> on_claimed;  // may be empty
};

struct WorkerOptions {
  std::size_t threads = 2;
  std::size_t in_flight_max = 48;  // after a kill at most these are unknown
  Millis block{200};               // a read waits so long; bounds stop() and late acknowledgements
  Millis pause{300};               // before Redis is tried again
  Millis adopt_every{15'000};      // looks for hints of dead workers
  Millis adopt_idle{60'000};       // pending for so long: its worker is dead (a send ends in 10 s)
};

// Lets those who drew a number go on in the order of the numbers. Every number drawn must be
// served.
class Turns {
 public:
  std::uint64_t draw();
  void wait(std::uint64_t number);
  void pass();  // the next one, please

 private:
  std::mutex mutex_;  // guards what follows
  std::condition_variable passed_;
  std::uint64_t drawn_ = 0;
  std::uint64_t serving_ = 0;
};

class Workers {
 public:
  Workers(WorkerParts parts, DeliveryPolicy policy = {}, WorkerOptions options = {});
  ~Workers();
  void start();
  // Reads no more; waits up to `patience` of real time for what is being sent.
  void stop(Millis patience = Millis{5'000});

  // Waits until everything due by `until` has had its attempt and none is being sent. False: Redis
  // is away, or `patience` of real time passed. Not from the lane's thread.
  bool drained(Instant until, Millis patience);
  std::size_t in_flight() const { return dispatch_->in_flight(); }

 private:
  void loop(std::size_t number);
  std::unique_ptr<store::RedisStream> open();
  // One round of work; an error that makes the connection useless.
  Result<void> round(store::RedisStream& stream, const std::string& consumer);
  Result<void> flush_acks(store::RedisStream& stream);
  Result<void> adopt(store::RedisStream& stream, const std::string& consumer);
  // Reads what the hints are about, admits it in its turn, claims what may go at once.
  void take(std::vector<store::Hint> hints, std::size_t places, std::uint64_t turn);
  std::vector<Message> admit(std::vector<store::Hint> hints, std::vector<store::OutboxRow> rows,
                             std::size_t places);
  bool read(const std::vector<store::Hint>& hints, std::vector<store::OutboxRow>& rows);
  void claim(std::vector<Message> messages);
  void pause();

  const WorkerParts parts_;
  const WorkerOptions options_;
  const std::string process_;  // prefix of our consumers, of this start only
  const std::shared_ptr<Dispatch> dispatch_;
  std::mutex reading_;  // one reads at a time and draws a number for what it got
  Turns turns_;
  std::atomic<std::size_t> acked_{0};  // since the stream was trimmed
  std::atomic<bool> stopping_{false};
  std::vector<std::unique_ptr<RunningThread>> threads_;
};

}  // namespace huiyin
