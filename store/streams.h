// A Redis stream with one consumer group, over hiredis: the queue of work. An entry holds a number
// (a row id) and is only a hint: the truth is in SQL, so losing all of Redis loses nothing.
//
// One RedisStream is one connection; not thread-safe: each thread has its own. No call blocks for
// ever: every one ends within its timeout. After any error other than `not_found` throw the
// connection away and make a new one. Redis 7.0 commands only. The first connect() makes the
// process ignore SIGPIPE.
//
// Errors: `transient` when Redis is away or does not take it (loading, out of memory), `not_found`
// when the stream or its group is gone (FLUSHALL): ensure_group(), then publish everything anew.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/error.h"

struct redisContext;
struct redisReply;

namespace huiyin::store {

struct RedisAddress {
  std::string host;  // empty for a Unix socket
  int port = 6379;
  std::string path;
  int database = 0;
  std::string user, password;
};
// "redis://[[user]:password@]host[:port][/db]" or "unix:///path". `invalid` otherwise; the message
// never holds the password.
Result<RedisAddress> parse_redis_url(std::string_view url);

struct StreamName {
  std::string key;
  std::string group;
};

// One entry, delivered to one consumer and pending until it is acknowledged.
struct Hint {
  std::string entry;  // Redis' id
  std::int64_t row = 0;
};

struct PendingSummary {
  std::int64_t count = 0;
  std::string first;  // the lowest entry; empty when there is none
};

struct Consumer {
  std::string name;
  std::int64_t pending = 0;
  std::chrono::milliseconds idle{};
};

class RedisStream {
 public:
  // `timeout` bounds connecting and every answer (a blocking read: beyond its block time).
  static Result<std::unique_ptr<RedisStream>> connect(
      const RedisAddress& address, StreamName name,
      std::chrono::milliseconds timeout = std::chrono::seconds(2));

  // Makes stream and group if they are missing; the group sees all entries.
  Result<void> ensure_group();
  // One entry a row, pipelined. After an error some may stand.
  Result<void> add(std::span<const std::int64_t> rows);
  // Entries that nobody got yet, at most `count`; empty after `block` without any (0: at once).
  Result<std::vector<Hint>> read_group(std::string_view consumer, std::size_t count,
                                       std::chrono::milliseconds block);
  // Done with: they leave the pending list, and the stream at the next trim().
  Result<void> ack(std::span<const std::string> entries);
  // Takes over entries that have been pending for `min_idle`, at most `count`, from `cursor` (use
  // "0-0" first; it is moved on, and "0-0" again at the end).
  Result<std::vector<Hint>> autoclaim(std::string_view consumer, std::chrono::milliseconds min_idle,
                                      std::size_t count, std::string& cursor);
  Result<PendingSummary> pending();
  Result<std::vector<Consumer>> consumers();
  // Only when nothing is pending for it: deleting it would lose that.
  Result<void> remove_consumer(std::string_view consumer);
  Result<std::int64_t> length();
  // Drops what is acknowledged, up to the first entry that is pending or undelivered. Costs the
  // same for one as for thousands, so call it now and then and not with every ack().
  Result<void> trim();
  // `noeviction` is what a queue needs; anything else may drop entries when memory is short.
  Result<std::string> eviction_policy();

 private:
  struct Free {
    void operator()(redisContext* context) const;
    void operator()(redisReply* reply) const;
  };
  using Reply = std::unique_ptr<redisReply, Free>;

  RedisStream(redisContext* context, StreamName name, std::chrono::milliseconds timeout);
  Result<Reply> command(std::initializer_list<std::string_view> words);
  Result<Reply> next_reply();
  Result<void> send(const std::string& commands, std::size_t replies);
  Result<void> set_timeout(std::chrono::milliseconds timeout);

  std::unique_ptr<redisContext, Free> context_;
  const StreamName name_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace huiyin::store
