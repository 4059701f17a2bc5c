#include "store/connection.h"

#include <soci/sqlite3/soci-sqlite3.h>

#include <mutex>

namespace huiyin::store {

using namespace sqlite_api;  // SOCI includes sqlite3.h inside this namespace

namespace {

// What was measured to pay: a large cache, sorted runs in memory, checkpoints every 4000 pages
// (about 16 MiB) instead of 1000, which a serving gateway makes beside the writer (checkpointer.h).
// Group commit makes synchronous=FULL affordable.
constexpr const char* writer_pragmas =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=4000;"
    "PRAGMA busy_timeout=5000;";
constexpr const char* reader_pragmas =
    "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-4096;"
    "PRAGMA busy_timeout=5000;";

sqlite3* handle_of(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

// A connection is used by one thread at a time, so SQLite's own locks (one on every column read)
// and its memory statistics (one on every allocation) only cost: a tenth of the lane's time.
void configure_once() {
  static std::once_flag once;
  std::call_once(once, [] {
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  });
}

}  // namespace

Connection::Connection(const std::string& sqlite_file, bool read_only) {
  configure_once();
  try {
    session_.open(soci::sqlite3, "dbname=\"" + sqlite_file + "\" timeout=5");
    handle_ = handle_of(session_);
    script(read_only ? reader_pragmas : writer_pragmas);
  } catch (const soci::soci_error& e) {
    throw DatabaseError(std::string("cannot open the database: ") + e.what(), false);
  }
}

Connection::~Connection() {
  statements_.clear();
}

void Connection::script(const std::string& sql) {
  char* message = nullptr;
  if (sqlite3_exec(static_cast<sqlite3*>(handle_), sql.c_str(), nullptr, nullptr, &message) !=
      SQLITE_OK) {
    const std::string what = message != nullptr ? message : "unknown";
    sqlite3_free(message);
    throw DatabaseError(what, false);
  }
}

void Connection::on_commit(std::function<void(int)> hook) {
  on_commit_ = std::move(hook);
  const auto call = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<Connection*>(self)->on_commit_(pages);
    return SQLITE_OK;
  };
  auto* handle = static_cast<sqlite3*>(handle_);
  if (on_commit_)
    sqlite3_wal_hook(handle, call, this);
  else
    sqlite3_wal_hook(handle, nullptr, nullptr);
}

std::optional<Connection::Checkpointed> Connection::checkpoint() {
  Checkpointed done{};
  if (sqlite3_wal_checkpoint_v2(static_cast<sqlite3*>(handle_), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                &done.pages, &done.copied) != SQLITE_OK) {
    return std::nullopt;
  }
  return done;
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(static_cast<sqlite3*>(handle_)) == 0;
}

std::int64_t Connection::last_insert_id() const {
  return sqlite3_last_insert_rowid(static_cast<sqlite3*>(handle_));
}

void Connection::translate(const char* sql, const std::exception& e) {
  // A statement left half-run would block the COMMIT of everybody else.
  auto* handle = static_cast<sqlite3*>(handle_);
  for (sqlite3_stmt* s = sqlite3_next_stmt(handle, nullptr); s != nullptr;
       s = sqlite3_next_stmt(handle, s)) {
    sqlite3_reset(s);
  }
  throw DatabaseError(std::string(e.what()) + " in: " + sql, !in_transaction());
}

}  // namespace huiyin::store
