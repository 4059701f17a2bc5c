// The outgoing path beside what the same Redis and the same disk do bare, in the same run.
//
//   relay_and_workers  due rows → relay → stream → workers (claim, send to a channel that answers
//                      at once, outcome) against a bare loop on one connection: pipelined XADD,
//                      then XREADGROUP + XACK, in batches. It stores nothing.
//   notices            100,000 notices written to the outbox, relayed and taken, against bare
//                      INSERTs of a notice row and an outbox row by raw SQLite in the same batches
//                      with the same pragmas, plus bare XADD.
//
// One JSON object a figure: value and reference in messages a second, median of 5. The records are
// counted afterwards; a figure whose count is wrong ends the program with 1.
#include <hiredis/hiredis.h>
#include <sqlite3.h>

#include <iostream>

#include "bot/gateway/worker.h"
#include "tests/bench/support/child.h"
#include "tests/bench/support/measure.h"

namespace {

using namespace huiyin;
using namespace huiyin::bench;
using std::chrono::steady_clock;

constexpr int rounds = 5;
constexpr std::size_t messages = 100'000;
constexpr std::size_t insert_batch = 1'000;  // notices in one transaction, as a campaign writes
// In the field 48 are in flight, which is what a crash may leave unknown, and the provider sets
// the pace. Here the path itself is to be measured, not fsync: claims are as large as the lane
// can gain from.
constexpr std::size_t in_flight = 4'000;
constexpr std::size_t window = 8'000;
constexpr std::size_t redis_batch = 1'000;

double seconds_of(const std::function<void()>& work) {
  const auto start = steady_clock::now();
  work();
  return seconds_since(start);
}

class NullChannel final : public Channel {
 public:
  std::string_view name() const override { return "null"; }
  const Capabilities& capabilities() const override { return capabilities_; }
  bool can_send() const override { return true; }
  void add_routes(http::Routes&) override {}
  void send(const Outbound&, std::function<void(Result<Accepted>)> done) override {
    ++sent_;
    done(Accepted{"SM0123456789abcdef0123456789abcdef"});
  }
  std::size_t sent() const { return sent_; }

 private:
  const Capabilities capabilities_;
  std::atomic<std::size_t> sent_{0};
};

redisReply* must(redisContext* redis, void* reply) {
  auto* answer = static_cast<redisReply*>(reply);
  if (answer == nullptr) give_up(redis->errstr);
  if (answer->type == REDIS_REPLY_ERROR) give_up(answer->str);
  return answer;
}

void bare_add(redisContext* redis, const char* key, std::size_t first) {
  for (std::size_t i = 0; i < redis_batch; ++i) {
    redisAppendCommand(redis, "XADD %s * r %lld", key, static_cast<long long>(first + i));
  }
  for (std::size_t i = 0; i < redis_batch; ++i) {
    void* reply = nullptr;
    redisGetReply(redis, &reply);
    freeReplyObject(must(redis, reply));
  }
}

void bare_read(redisContext* redis, const char* key) {
  auto* reply = must(redis, redisCommand(redis, "XREADGROUP GROUP g c COUNT %d STREAMS %s >",
                                         static_cast<int>(redis_batch), key));
  if (reply->type != REDIS_REPLY_ARRAY) give_up("the bare loop's entries did not come");
  const redisReply* entries = reply->element[0]->element[1];
  if (entries->elements != redis_batch) give_up("the bare loop lost entries");
  std::vector<const char*> argv = {"XACK", key, "g"};
  for (std::size_t i = 0; i < entries->elements; ++i) {
    argv.push_back(entries->element[i]->element[0]->str);
  }
  freeReplyObject(
      must(redis, redisCommandArgv(redis, static_cast<int>(argv.size()), argv.data(), nullptr)));
  freeReplyObject(reply);
}

double bare_redis(const OwnRedis& own) {
  redisContext* redis = redisConnectUnix(own.socket().c_str());
  freeReplyObject(must(redis, redisCommand(redis, "DEL bare")));
  freeReplyObject(must(redis, redisCommand(redis, "XGROUP CREATE bare g 0 MKSTREAM")));
  const double took = seconds_of([&] {
    for (std::size_t done = 0; done < messages; done += redis_batch) {
      bare_add(redis, "bare", done);
      bare_read(redis, "bare");
    }
  });
  freeReplyObject(must(redis, redisCommand(redis, "DEL bare")));
  redisFree(redis);
  return messages / took;
}

std::vector<store::OutboxDraft> drafts() {
  std::vector<store::OutboxDraft> out(messages);
  for (std::size_t i = 0; i < messages; ++i) {
    out[i].channel = "null";
    out[i].to = "+86138" + std::to_string(10'000'000 + i);
    out[i].text =
        "【荔园】尊敬的业主，您好！3栋将于明天上午九点至十一点停水检修，请您提前储水，谢谢。";
    out[i].template_id = "notice.water";
  }
  return out;
}

// What any system would have to write for the same: a notice and its outbox row.
double bare_inserts(const Folder& folder, const OwnRedis& own,
                    const std::vector<store::OutboxDraft>& all, int round) {
  sqlite3* db = nullptr;
  if (sqlite3_open((folder / ("bare" + std::to_string(round))).c_str(), &db) != SQLITE_OK) {
    give_up("cannot open the bare database");
  }
  sqlite3_exec(db,
               "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;"
               "PRAGMA wal_autocheckpoint=4000;"
               "CREATE TABLE notices(id INTEGER PRIMARY KEY, phone TEXT, text TEXT, template TEXT,"
               " category TEXT, created_at INTEGER);"
               "CREATE TABLE outbox(id INTEGER PRIMARY KEY, notice INTEGER, state TEXT,"
               " channel TEXT, address TEXT, due_at INTEGER, attempt INTEGER);",
               nullptr, nullptr, nullptr);
  sqlite3_stmt *notice = nullptr, *outbox = nullptr;
  sqlite3_prepare_v2(db, "INSERT INTO notices VALUES(?,?,?,?,?,?)", -1, &notice, nullptr);
  sqlite3_prepare_v2(db, "INSERT INTO outbox VALUES(?,?,?,?,?,?,?)", -1, &outbox, nullptr);
  redisContext* redis = redisConnectUnix(own.socket().c_str());
  const auto text = [](sqlite3_stmt* s, int at, const std::string& value) {
    sqlite3_bind_text(s, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
  };
  const double took = seconds_of([&] {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i % insert_batch == 0) sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
      const auto id = static_cast<sqlite3_int64>(i + 1);
      sqlite3_bind_int64(notice, 1, id);
      text(notice, 2, all[i].to);
      text(notice, 3, all[i].text);
      text(notice, 4, all[i].template_id);
      text(notice, 5, all[i].category);
      sqlite3_bind_int64(notice, 6, 1'795'000'000'000);
      sqlite3_step(notice);
      sqlite3_reset(notice);
      sqlite3_bind_int64(outbox, 1, id);
      sqlite3_bind_int64(outbox, 2, id);
      text(outbox, 3, "queued");
      text(outbox, 4, all[i].channel);
      text(outbox, 5, all[i].to);
      sqlite3_bind_int64(outbox, 6, 1'795'000'000'000);
      sqlite3_bind_int64(outbox, 7, 0);
      sqlite3_step(outbox);
      sqlite3_reset(outbox);
      if ((i + 1) % insert_batch == 0) sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
    }
    for (std::size_t done = 0; done < messages; done += redis_batch) bare_add(redis, "bare", done);
  });
  freeReplyObject(must(redis, redisCommand(redis, "DEL bare")));
  redisFree(redis);
  sqlite3_finalize(notice);
  sqlite3_finalize(outbox);
  sqlite3_close(db);
  return messages / took;
}

// The product's outgoing side over a fresh database.
class Path {
 public:
  Path(const Folder& folder, const OwnRedis& own, const std::string& name) {
    auto migrations = store::store_migrations();
    for (auto& m : store::outbox_migrations()) {
      const auto same = [&](const auto& k) { return k.owner == m.owner && k.number == m.number; };
      if (std::ranges::none_of(migrations, same)) migrations.push_back(m);
    }
    auto opened = store::Database::open(folder / name, migrations);
    if (!opened) give_up(opened.error().message);
    database_ = std::move(*opened);
    lane_ = make_lane(*database_, clock_, executor_);
    const auto redis = *store::parse_redis_url(own.url());
    const store::StreamName stream{"huiyin:" + name, "workers"};
    RelayOptions relay;
    relay.window = window;
    relay.batch = 4'000;
    relay_ =
        std::make_unique<Relay>(RelayParts{*database_, clock_, executor_, redis, stream}, relay);
    WorkerOptions workers;
    workers.in_flight_max = in_flight;
    workers_ =
        std::make_unique<Workers>(WorkerParts{*lane_,
                                              *database_,
                                              executor_,
                                              random_,
                                              *relay_,
                                              redis,
                                              stream,
                                              [this](const store::OutboxRow&) { return &channel_; },
                                              {},
                                              {}},
                                  DeliveryPolicy{}, workers);
  }
  ~Path() {
    workers_->stop();
    relay_->stop();
    lane_->stop();
  }
  void write(const std::vector<store::OutboxDraft>& all) {
    for (std::size_t i = 0; i < all.size(); i += insert_batch) {
      const auto done = lane_->run([&](Transaction& tx) {
        store::enqueue_all(tx.write(), std::span(all).subspan(i, insert_batch), random_, tx.now());
        tx.after_commit([this] { relay_->poke(); });
      });
      if (!done) give_up(done.error().message);
    }
  }
  void start() {
    relay_->start();
    workers_->start();
  }
  void finish() {
    if (!workers_->drained(clock_.now(), std::chrono::minutes(5))) give_up("not drained");
  }
  void check() {
    const auto sent = database_->read([](store::Connection& db) {
      return db.value<std::int64_t>("SELECT count(*) FROM deliveries WHERE state = 3");
    });
    if (sent != messages || channel_.sent() != messages) {
      give_up("of " + std::to_string(messages) + " messages " + std::to_string(*sent) +
              " are sent, by " + std::to_string(channel_.sent()) + " calls");
    }
  }

 private:
  SystemClock clock_;
  SystemExecutor executor_;
  SecureRandom random_;
  NullChannel channel_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Lane> lane_;
  std::unique_ptr<Relay> relay_;
  std::unique_ptr<Workers> workers_;
};

void print(const char* name, double value, double reference, double goal, double fsync) {
  const Json line = {{"name", name},
                     {"value", std::round(value)},
                     {"unit", "messages/s"},
                     {"reference", std::round(reference)},
                     {"ratio", std::round(value / reference * 1'000) / 1'000},
                     {"goal", goal},
                     {"in_flight", in_flight},
                     {"fsync_us", std::round(fsync)}};
  std::cout << line.dump() << std::endl;
}

}  // namespace

int main() {
  const Folder folder;
  const OwnRedis redis(folder);
  const auto all = drafts();
  std::vector<double> bare, path, bare_rows, notices;
  const double fsync = fsync_us(folder);
  for (int round = 0; round < rounds; ++round) {
    bare.push_back(bare_redis(redis));
    {
      Path outgoing(folder, redis, "relay" + std::to_string(round));
      outgoing.write(all);
      path.push_back(messages / seconds_of([&] {
                       outgoing.start();
                       outgoing.finish();
                     }));
      outgoing.check();
    }
    bare_rows.push_back(bare_inserts(folder, redis, all, round));
    {
      Path outgoing(folder, redis, "notices" + std::to_string(round));
      notices.push_back(messages / seconds_of([&] {
                          outgoing.start();
                          outgoing.write(all);
                          outgoing.finish();
                        }));
      outgoing.check();
    }
    std::cerr << "round " << round + 1 << ": bare " << bare.back() << " path " << path.back()
              << " bare rows " << bare_rows.back() << " notices " << notices.back() << '\n';
  }
  print("relay_and_workers", median(path), median(bare), 0.5, fsync);
  print("notices_expanded_relayed_taken", median(notices), median(bare_rows), 0.4, fsync);
  return 0;
}
