#include "bot/gateway/worker.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <unordered_map>

#include "store/outbox_id.h"

namespace huiyin {

using std::chrono::steady_clock;
using store::Hint;
using store::OutboxRow;
using store::RedisStream;

namespace {

// Redis may restart under a waiting caller; that long it is not called away.
constexpr Millis away_grace{500};
// Acknowledged entries that may stand in the stream under load.
constexpr std::size_t trim_after = 1'000;

}  // namespace

std::uint64_t Turns::draw() {
  const std::lock_guard lock(mutex_);
  return drawn_++;
}

void Turns::wait(std::uint64_t number) {
  std::unique_lock lock(mutex_);
  passed_.wait(lock, [&] { return serving_ == number; });
}

void Turns::pass() {
  {
    const std::lock_guard lock(mutex_);
    ++serving_;
  }
  passed_.notify_all();
}

Workers::Workers(WorkerParts parts, DeliveryPolicy policy, WorkerOptions options)
    : parts_(std::move(parts)),
      options_(options),
      process_("p" + store::base32(parts_.random.next(), 13)),
      dispatch_(std::make_shared<Dispatch>(
          DispatchParts{parts_.lane, parts_.random, parts_.callback_url, parts_.on_claim,
                        parts_.on_claimed,
                        [&relay = parts_.relay](std::vector<std::int64_t> rows) {
                          relay.taken(std::move(rows));
                        }},
          std::move(policy), options.in_flight_max)) {}

Workers::~Workers() {
  stop(Millis{0});
}

void Workers::start() {
  for (std::size_t i = 0; i < options_.threads; ++i) {
    threads_.push_back(parts_.executor.start("worker" + std::to_string(i), [this, i] { loop(i); }));
  }
}

void Workers::stop(Millis patience) {
  if (stopping_.exchange(true)) return;
  threads_.clear();  // what they have claimed is handed over to be sent
  dispatch_->leave_waiting();
  dispatch_->stop(patience);
  auto stream = RedisStream::connect(parts_.redis, parts_.stream);
  Result<void> told = stream ? flush_acks(**stream) : tl::unexpected(stream.error());
  if (!told) spdlog::info("worker: the last hints stay pending: {}", told.error().message);
}

void Workers::pause() {
  const auto until = steady_clock::now() + options_.pause;
  while (!stopping_ && steady_clock::now() < until) dispatch_->wait_for_change(Millis{50});
}

std::unique_ptr<RedisStream> Workers::open() {
  auto stream = RedisStream::connect(parts_.redis, parts_.stream);
  if (!stream || !(*stream)->ensure_group()) return nullptr;
  return std::move(*stream);
}

void Workers::loop(std::size_t number) {
  const std::string consumer = process_ + "-" + std::to_string(number);
  std::unique_ptr<RedisStream> stream;
  auto adopt_at = steady_clock::now();
  while (!stopping_) {
    dispatch_->retry_store();
    if (!stream) {
      stream = open();
      if (!stream) {
        pause();
        continue;
      }
    }
    Result<void> sound;
    if (steady_clock::now() >= adopt_at) {
      sound = adopt(*stream, consumer);
      adopt_at = steady_clock::now() + options_.adopt_every;
    }
    if (sound) sound = round(*stream, consumer);
    if (sound) continue;
    if (sound.error().kind == ErrorKind::not_found && stream->ensure_group()) {
      spdlog::warn("worker: the stream was gone, everything unsent is published again");
      parts_.relay.republish();
      continue;
    }
    stream.reset();
    pause();
  }
}

Result<void> Workers::round(RedisStream& stream, const std::string& consumer) {
  if (auto done = flush_acks(stream); !done) return done;
  const std::size_t share = std::max<std::size_t>(1, options_.in_flight_max / options_.threads);
  std::unique_lock one(reading_);
  const std::size_t places = dispatch_->reserve(share, options_.block);
  if (places == 0) return {};
  auto hints = stream.read_group(consumer, places, options_.block);
  if (!hints || hints->empty()) {
    dispatch_->release(places);
    return hints ? Result<void>() : tl::unexpected(hints.error());
  }
  const auto turn = turns_.draw();
  one.unlock();
  take(std::move(*hints), places, turn);
  return {};
}

Result<void> Workers::flush_acks(RedisStream& stream) {
  auto acks = dispatch_->take_acks();
  if (acks.empty()) return {};
  const std::size_t count = acks.size();
  auto done = stream.ack(acks);
  if (!done) {
    // After a flush there is nothing to acknowledge.
    if (done.error().kind != ErrorKind::not_found) dispatch_->put_acks(std::move(acks));
    return done;
  }
  // At rest always, so that an idle stream is an empty one.
  if ((acked_ += count) < trim_after && dispatch_->in_flight() > 0) return {};
  acked_ = 0;
  return stream.trim();
}

// Takes over what dead workers left pending, and forgets those that have nothing pending.
Result<void> Workers::adopt(RedisStream& stream, const std::string& consumer) {
  const std::lock_guard one(reading_);
  std::string cursor = "0-0";
  do {
    const std::size_t places = dispatch_->reserve(options_.in_flight_max, options_.block);
    if (places == 0) return {};
    auto hints = stream.autoclaim(consumer, options_.adopt_idle, places, cursor);
    if (!hints) {
      dispatch_->release(places);
      return tl::unexpected(hints.error());
    }
    if (hints->empty()) {
      dispatch_->release(places);
    } else {
      take(std::move(*hints), places, turns_.draw());
    }
  } while (cursor != "0-0" && !stopping_);
  const auto consumers = stream.consumers();
  if (!consumers) return tl::unexpected(consumers.error());
  for (const auto& other : *consumers) {
    if (other.name.starts_with(process_) || other.pending > 0 || other.idle < options_.adopt_idle) {
      continue;
    }
    if (auto gone = stream.remove_consumer(other.name); !gone) return gone;
  }
  return {};
}

void Workers::take(std::vector<Hint> hints, std::size_t places, std::uint64_t turn) {
  std::vector<OutboxRow> rows;
  const bool known = read(hints, rows);
  turns_.wait(turn);
  std::vector<Message> free;
  if (known) free = admit(std::move(hints), std::move(rows), places);
  turns_.pass();
  if (!known) dispatch_->release(places);  // stopping: the hints stay pending, the rows wait
  if (!free.empty()) claim(std::move(free));
}

// What waits is admitted; the hints of all else are dropped.
std::vector<Message> Workers::admit(std::vector<Hint> hints, std::vector<OutboxRow> rows,
                                    std::size_t places) {
  std::unordered_map<std::int64_t, OutboxRow*> waiting;
  for (auto& row : rows) {
    if (row.state == SendState::queued || row.state == SendState::scheduled) {
      waiting.emplace(row.row, &row);
    }
  }
  std::vector<Message> messages;
  messages.reserve(hints.size());
  std::vector<std::string> needless;
  std::vector<std::int64_t> taken;
  for (auto& hint : hints) {
    const auto at = waiting.find(hint.row);
    if (at == waiting.end()) {
      needless.push_back(std::move(hint.entry));
      taken.push_back(hint.row);
      continue;
    }
    Channel* channel = parts_.route(*at->second);
    messages.push_back({std::move(*at->second), std::move(hint.entry), channel});
    waiting.erase(at);
  }
  dispatch_->release(places - messages.size());
  dispatch_->put_acks(std::move(needless));
  if (!taken.empty()) parts_.relay.taken(std::move(taken));
  return dispatch_->admit(std::move(messages));
}

// False: stopping, nothing was read.
bool Workers::read(const std::vector<Hint>& hints, std::vector<OutboxRow>& rows) {
  std::vector<std::int64_t> ids;
  ids.reserve(hints.size());
  for (const auto& hint : hints) ids.push_back(hint.row);
  while (!stopping_) {
    try {
      // Here and not in the lane, which everybody waits for.
      rows =
          parts_.database.read([&](store::Connection& db) { return store::read_outbox(db, ids); });
      return true;
    } catch (const store::DatabaseError& e) {
      spdlog::error("worker: cannot read what is to be sent: {}", e.what());
      pause();
    }
  }
  return false;
}

void Workers::claim(std::vector<Message> messages) {
  std::vector<std::int64_t> ids;
  ids.reserve(messages.size());
  for (const auto& message : messages) ids.push_back(message.row.row);
  std::unordered_map<std::int64_t, int> attempts;
  attempts.reserve(ids.size());
  for (;;) {
    const auto done = parts_.lane.run([&](Transaction& tx) {
      attempts.clear();
      std::vector<std::int64_t> claimed;
      for (const auto& one : store::claim(tx.write(), ids, tx.now())) {
        attempts.emplace(one.row, one.attempt);
        claimed.push_back(one.row);
      }
      if (parts_.on_claim) parts_.on_claim(tx.write(), claimed, tx.now());
    });
    if (done) break;
    if (stopping_) return dispatch_->leave(messages);
    spdlog::warn("worker: a claim waits: {}", done.error().message);
    pause();
  }
  std::vector<Message> claimed, ended;
  claimed.reserve(messages.size());
  for (auto& message : messages) {
    const auto at = attempts.find(message.row.row);
    if (at != attempts.end()) message.row.message.attempt = at->second;
    (at != attempts.end() ? claimed : ended).push_back(std::move(message));
  }
  parts_.relay.taken(std::move(ids));
  dispatch_->drop(std::move(ended));
  dispatch_->send(std::move(claimed));
}

bool Workers::drained(Instant until, Millis patience) {
  const auto end = steady_clock::now() + patience;
  for (;;) {
    const bool done =
        parts_.database.read([&](store::Connection& db) { return store::nothing_due(db, until); });
    if (done) return true;
    if (parts_.relay.away_for() > away_grace || steady_clock::now() >= end || stopping_) {
      return false;
    }
    dispatch_->wait_for_change(Millis{20});
  }
}

}  // namespace huiyin
