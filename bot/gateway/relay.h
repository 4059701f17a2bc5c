// The relay: tells Redis which rows of the outbox are due. It reads their ids from committed data
// and adds them to the stream in batches; the messages stay in SQL. An entry is a hint, so a
// double one does no harm, and whatever Redis loses is published again.
//
//  1. Woken by poke() (after a commit that enqueued, when the clock moved), by taken() when the
//     stream had been full, or when the next waiting row becomes due. After a poke it waits a few
//     milliseconds more.
//  2. Reads what is due, from where it stopped reading, adds it, remembers it until a worker took
//     it; each tick it reads from the start, passing over what it remembers. At most `window` are
//     out at a time, so that the stream stays small; the rest waits in SQL.
//  3. Redis away, flushed, or shorter than what should be in it: all that was published counts as
//     lost; as soon as Redis answers, every waiting row that is due is published again.
//
// Has its own thread and connection. All public functions are thread-safe and none blocks but
// stop().
#pragma once
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "store/base/executor.h"
#include "store/base/time.h"
#include "store/database.h"
#include "store/outbox.h"
#include "store/streams.h"

namespace huiyin {

struct RelayParts {
  store::Database& database;
  const Clock& clock;
  Executor& executor;
  store::RedisAddress redis;
  store::StreamName stream;
};

// Real time, not the product's clock: this is about sockets.
struct RelayOptions {
  std::size_t window = 2'000;  // ids in the stream at most; a batch of workers' claims is far less
  std::size_t batch = 500;     // ids in one pipeline
  Millis gather{5};            // between a poke and the reading: what comes with it goes with it
  Millis reconnect_pause{300};
  Millis tick{1'000};  // looks after Redis and for rows that nobody announced
};

class Relay {
 public:
  explicit Relay(RelayParts parts, RelayOptions options = {});
  ~Relay();
  void start();
  void stop();

  void poke();
  // Workers tell which hints they took (claimed, or found needless).
  void taken(std::vector<std::int64_t> rows);
  // The group was gone: everything unsent must be published again.
  void republish();

  bool connected() const { return connected_; }
  // How long Redis has been away; zero while connected.
  Millis away_for() const;

 private:
  enum class Step { more, rest, full };

  void loop();
  void serve(store::RedisStream& stream);
  std::unique_ptr<store::RedisStream> open();
  Result<Step> publish(store::RedisStream& stream);
  Result<void> look_after(store::RedisStream& stream);
  void wait(Step last);
  void pause();
  bool stopping() const;
  void away(const Error& error);

  const RelayParts parts_;
  const RelayOptions options_;
  void forget_published();

  // The relay's thread only.
  std::unordered_set<std::int64_t> published_;
  store::DuePlace read_up_to_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable woken_;
  bool poked_ = false;
  bool republish_ = false;
  bool stopping_ = false;
  std::vector<std::int64_t> taken_;
  std::chrono::steady_clock::time_point away_since_;

  std::atomic<bool> connected_{false};
  bool told_away_ = false;  // one line in the log each time, the relay's thread only
  std::unique_ptr<RunningThread> thread_;
};

}  // namespace huiyin
