#include "store/streams.h"

#include <hiredis/hiredis.h>

#include <charconv>
#include <csignal>
#include <mutex>

namespace huiyin::store {
namespace {

timeval timeval_of(std::chrono::milliseconds ms) {
  return {static_cast<time_t>(ms.count() / 1000),
          static_cast<suseconds_t>(ms.count() % 1000 * 1000)};
}

// Appends one command in Redis' protocol; a whole pipeline is then handed over as one buffer.
void append(std::string& out, std::initializer_list<std::string_view> words) {
  out += '*' + std::to_string(words.size()) + "\r\n";
  for (const auto word : words) {
    out += '$' + std::to_string(word.size()) + "\r\n";
    out.append(word) += "\r\n";
  }
}

void append_list(std::string& out, std::initializer_list<std::string_view> words,
                 std::span<const std::string> more) {
  out += '*' + std::to_string(words.size() + more.size()) + "\r\n";
  for (const auto word : words) {
    out += '$' + std::to_string(word.size()) + "\r\n";
    out.append(word) += "\r\n";
  }
  for (const auto& word : more) {
    out += '$' + std::to_string(word.size()) + "\r\n";
    out.append(word) += "\r\n";
  }
}

std::string_view text_of(const redisReply& reply) {
  return reply.str == nullptr ? std::string_view() : std::string_view(reply.str, reply.len);
}

bool is_array(const redisReply& reply) {
  return reply.type == REDIS_REPLY_ARRAY;
}

// Redis' own error texts start with a word that says what kind it is.
Error error_of(std::string_view text) {
  const bool gone = text.starts_with("NOGROUP") || text.starts_with("UNBLOCKED") ||
                    text.find("no such key") != std::string_view::npos ||
                    text.find("no longer exists") != std::string_view::npos;
  return Error{gone ? ErrorKind::not_found : ErrorKind::transient,
               "redis: " + std::string(text),
               {},
               std::nullopt};
}

std::int64_t number_of(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// [[entry, [field, row]], ...]; an entry that was deleted has no fields and is skipped.
std::vector<Hint> hints_of(const redisReply& entries) {
  std::vector<Hint> out;
  if (!is_array(entries)) return out;
  out.reserve(entries.elements);
  for (std::size_t i = 0; i < entries.elements; ++i) {
    const redisReply& entry = *entries.element[i];
    if (!is_array(entry) || entry.elements != 2) continue;
    const redisReply& fields = *entry.element[1];
    if (!is_array(fields) || fields.elements < 2) continue;
    out.push_back(
        {std::string(text_of(*entry.element[0])), number_of(text_of(*fields.element[1]))});
  }
  return out;
}

// The value behind `key` in a flat [key, value, ...] array.
const redisReply* member(const redisReply& map, std::string_view key) {
  if (!is_array(map)) return nullptr;
  for (std::size_t i = 0; i + 1 < map.elements; i += 2) {
    if (text_of(*map.element[i]) == key) return map.element[i + 1];
  }
  return nullptr;
}

// XPENDING's short form: [count, first, last, consumers].
PendingSummary summary_of(const redisReply& reply) {
  PendingSummary out;
  if (!is_array(reply) || reply.elements < 2) return out;
  out.count = reply.element[0]->integer;
  out.first = text_of(*reply.element[1]);
  return out;
}

// The next entry id behind `entry` ("ms-seq").
std::string behind(std::string_view entry) {
  const auto dash = entry.find('-');
  if (dash == std::string_view::npos) return std::string(entry);
  return std::string(entry.substr(0, dash + 1)) +
         std::to_string(number_of(entry.substr(dash + 1)) + 1);
}

Result<int> number_in(std::string_view text, int low, int high, const char* what) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < low || value > high) {
    return fail(ErrorKind::invalid, std::string("the Redis URL's ") + what + " must be a number " +
                                        std::to_string(low) + ".." + std::to_string(high));
  }
  return value;
}

}  // namespace

Result<RedisAddress> parse_redis_url(std::string_view url) {
  constexpr std::string_view tcp = "redis://", local = "unix://";
  RedisAddress out;
  if (url.starts_with(local)) {
    out.path = url.substr(local.size());
    if (!out.path.starts_with('/')) {
      return fail(ErrorKind::invalid, "the Redis URL must be unix:///an/absolute/path");
    }
    return out;
  }
  if (!url.starts_with(tcp)) {
    return fail(ErrorKind::invalid, "the Redis URL must start with redis:// or unix:///");
  }
  url.remove_prefix(tcp.size());
  if (const auto at = url.rfind('@'); at != std::string_view::npos) {
    const auto login = url.substr(0, at);
    const auto colon = login.find(':');
    out.user = login.substr(0, colon == std::string_view::npos ? 0 : colon);
    out.password = login.substr(colon == std::string_view::npos ? 0 : colon + 1);
    url.remove_prefix(at + 1);
  }
  if (const auto slash = url.find('/'); slash != std::string_view::npos) {
    if (const auto database = url.substr(slash + 1); !database.empty()) {
      const auto value = number_in(database, 0, 1'000'000, "database");
      if (!value) return tl::unexpected(value.error());
      out.database = *value;
    }
    url = url.substr(0, slash);
  }
  if (const auto colon = url.rfind(':'); colon != std::string_view::npos && !url.ends_with(']')) {
    const auto value = number_in(url.substr(colon + 1), 1, 65535, "port");
    if (!value) return tl::unexpected(value.error());
    out.port = *value;
    url = url.substr(0, colon);
  }
  if (url.starts_with('[') && url.ends_with(']')) url = url.substr(1, url.size() - 2);
  if (url.empty()) return fail(ErrorKind::invalid, "the Redis URL names no host");
  out.host = url;
  return out;
}

void RedisStream::Free::operator()(redisContext* context) const {
  redisFree(context);
}
void RedisStream::Free::operator()(redisReply* reply) const {
  freeReplyObject(reply);
}

RedisStream::RedisStream(redisContext* context, StreamName name, std::chrono::milliseconds timeout)
    : context_(context), name_(std::move(name)), timeout_(timeout) {}

Result<std::unique_ptr<RedisStream>> RedisStream::connect(const RedisAddress& address,
                                                          StreamName name,
                                                          std::chrono::milliseconds timeout) {
  // hiredis writes without MSG_NOSIGNAL: a Redis that went away must be an error, not our end.
  static std::once_flag once;
  std::call_once(once, [] { std::signal(SIGPIPE, SIG_IGN); });
  redisContext* context =
      address.path.empty()
          ? redisConnectWithTimeout(address.host.c_str(), address.port, timeval_of(timeout))
          : redisConnectUnixWithTimeout(address.path.c_str(), timeval_of(timeout));
  if (context == nullptr) return fail(ErrorKind::transient, "redis: no memory to connect");
  std::unique_ptr<RedisStream> out(new RedisStream(context, std::move(name), timeout));
  if (context->err != 0)
    return fail(ErrorKind::transient, std::string("redis: ") + context->errstr);
  if (auto set = out->set_timeout(timeout); !set) return tl::unexpected(set.error());
  if (!address.password.empty()) {
    const auto answer = address.user.empty()
                            ? out->command({"AUTH", address.password})
                            : out->command({"AUTH", address.user, address.password});
    if (!answer) return tl::unexpected(answer.error());
  }
  if (address.database != 0) {
    const auto answer = out->command({"SELECT", std::to_string(address.database)});
    if (!answer) return tl::unexpected(answer.error());
  }
  return out;
}

Result<void> RedisStream::set_timeout(std::chrono::milliseconds timeout) {
  if (redisSetTimeout(context_.get(), timeval_of(timeout)) == REDIS_OK) return {};
  return fail(ErrorKind::transient, std::string("redis: ") + context_->errstr);
}

Result<RedisStream::Reply> RedisStream::next_reply() {
  void* raw = nullptr;
  if (redisGetReply(context_.get(), &raw) != REDIS_OK) {
    return fail(ErrorKind::transient, std::string("redis: ") + context_->errstr);
  }
  Reply reply(static_cast<redisReply*>(raw));
  if (reply->type == REDIS_REPLY_ERROR) return tl::unexpected(error_of(text_of(*reply)));
  return reply;
}

Result<RedisStream::Reply> RedisStream::command(std::initializer_list<std::string_view> words) {
  std::string out;
  append(out, words);
  if (redisAppendFormattedCommand(context_.get(), out.data(), out.size()) != REDIS_OK) {
    return fail(ErrorKind::transient, std::string("redis: ") + context_->errstr);
  }
  return next_reply();
}

// All answers are read, whatever they say: the next command's must not be mistaken for them.
Result<void> RedisStream::send(const std::string& commands, std::size_t replies) {
  if (redisAppendFormattedCommand(context_.get(), commands.data(), commands.size()) != REDIS_OK) {
    return fail(ErrorKind::transient, std::string("redis: ") + context_->errstr);
  }
  Result<void> out;
  for (std::size_t i = 0; i < replies; ++i) {
    const auto reply = next_reply();
    if (!reply && out) out = tl::unexpected(reply.error());
    if (context_->err != 0) break;
  }
  return out;
}

Result<void> RedisStream::ensure_group() {
  const auto made = command({"XGROUP", "CREATE", name_.key, name_.group, "0", "MKSTREAM"});
  if (made || made.error().message.find("BUSYGROUP") != std::string::npos) return {};
  return tl::unexpected(made.error());
}

Result<void> RedisStream::add(std::span<const std::int64_t> rows) {
  std::string out;
  out.reserve(rows.size() * (name_.key.size() + 56));
  for (const auto row : rows) append(out, {"XADD", name_.key, "*", "r", std::to_string(row)});
  return send(out, rows.size());
}

Result<std::vector<Hint>> RedisStream::read_group(std::string_view consumer, std::size_t count,
                                                  std::chrono::milliseconds block) {
  const std::string limit = std::to_string(count);
  if (block.count() <= 0) {
    auto reply = command(
        {"XREADGROUP", "GROUP", name_.group, consumer, "COUNT", limit, "STREAMS", name_.key, ">"});
    if (!reply) return tl::unexpected(reply.error());
    const redisReply& streams = **reply;
    if (!is_array(streams) || streams.elements == 0) return std::vector<Hint>();
    return hints_of(*streams.element[0]->element[1]);
  }
  if (auto set = set_timeout(timeout_ + block); !set) return tl::unexpected(set.error());
  auto reply = command({"XREADGROUP", "GROUP", name_.group, consumer, "COUNT", limit, "BLOCK",
                        std::to_string(block.count()), "STREAMS", name_.key, ">"});
  if (!reply) return tl::unexpected(reply.error());
  if (auto set = set_timeout(timeout_); !set) return tl::unexpected(set.error());
  const redisReply& streams = **reply;
  if (!is_array(streams) || streams.elements == 0) return std::vector<Hint>();
  return hints_of(*streams.element[0]->element[1]);
}

Result<void> RedisStream::ack(std::span<const std::string> entries) {
  if (entries.empty()) return {};
  std::string out;
  out.reserve(entries.size() * 32 + 128);
  append_list(out, {"XACK", name_.key, name_.group}, entries);
  return send(out, 1);
}

Result<std::vector<Hint>> RedisStream::autoclaim(std::string_view consumer,
                                                 std::chrono::milliseconds min_idle,
                                                 std::size_t count, std::string& cursor) {
  auto reply = command({"XAUTOCLAIM", name_.key, name_.group, consumer,
                        std::to_string(min_idle.count()), cursor, "COUNT", std::to_string(count)});
  if (!reply) return tl::unexpected(reply.error());
  const redisReply& answer = **reply;
  if (!is_array(answer) || answer.elements < 2) {
    return fail(ErrorKind::transient, "redis: XAUTOCLAIM gave no list");
  }
  cursor = text_of(*answer.element[0]);
  return hints_of(*answer.element[1]);
}

Result<PendingSummary> RedisStream::pending() {
  auto reply = command({"XPENDING", name_.key, name_.group});
  if (!reply) return tl::unexpected(reply.error());
  return summary_of(**reply);
}

Result<std::vector<Consumer>> RedisStream::consumers() {
  auto reply = command({"XINFO", "CONSUMERS", name_.key, name_.group});
  if (!reply) return tl::unexpected(reply.error());
  std::vector<Consumer> out;
  for (std::size_t i = 0; is_array(**reply) && i < (*reply)->elements; ++i) {
    const redisReply& map = *(*reply)->element[i];
    const auto* name = member(map, "name");
    const auto* pending = member(map, "pending");
    const auto* idle = member(map, "idle");
    if (name == nullptr || pending == nullptr || idle == nullptr) continue;
    out.push_back(
        {std::string(text_of(*name)), pending->integer, std::chrono::milliseconds(idle->integer)});
  }
  return out;
}

Result<void> RedisStream::remove_consumer(std::string_view consumer) {
  auto reply = command({"XGROUP", "DELCONSUMER", name_.key, name_.group, consumer});
  if (!reply) return tl::unexpected(reply.error());
  return {};
}

Result<std::int64_t> RedisStream::length() {
  auto reply = command({"XLEN", name_.key});
  if (!reply) return tl::unexpected(reply.error());
  return (*reply)->integer;
}

Result<void> RedisStream::trim() {
  // Both answers of one moment: an entry that is delivered between them would be neither pending
  // in the one nor undelivered in the other.
  std::string both;
  append(both, {"MULTI"});
  append(both, {"XPENDING", name_.key, name_.group});
  append(both, {"XINFO", "GROUPS", name_.key});
  if (auto queued = send(both, 3); !queued) return queued;
  auto answers = command({"EXEC"});
  if (!answers) return tl::unexpected(answers.error());
  if (!is_array(**answers) || (*answers)->elements != 2) {
    return fail(ErrorKind::transient, "redis: EXEC gave no two answers");
  }
  const redisReply& waiting = *(*answers)->element[0];
  const redisReply& groups = *(*answers)->element[1];
  for (const auto* one : {&waiting, &groups}) {
    if (one->type == REDIS_REPLY_ERROR) return tl::unexpected(error_of(text_of(*one)));
  }
  for (std::size_t i = 0; is_array(groups) && i < groups.elements; ++i) {
    const redisReply& map = *groups.element[i];
    const auto* name = member(map, "name");
    const auto* last = member(map, "last-delivered-id");
    if (name == nullptr || last == nullptr || text_of(*name) != name_.group) continue;
    const auto first = summary_of(waiting).first;
    auto trimmed =
        command({"XTRIM", name_.key, "MINID", first.empty() ? behind(text_of(*last)) : first});
    if (!trimmed) return tl::unexpected(trimmed.error());
  }
  return {};
}

Result<std::string> RedisStream::eviction_policy() {
  auto reply = command({"INFO", "memory"});
  if (!reply) return tl::unexpected(reply.error());
  constexpr std::string_view label = "maxmemory_policy:";
  const auto text = text_of(**reply);
  const auto at = text.find(label);
  if (at == std::string_view::npos) return std::string();
  const auto rest = text.substr(at + label.size());
  return std::string(rest.substr(0, rest.find_first_of("\r\n")));
}

}  // namespace huiyin::store
