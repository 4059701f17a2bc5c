// The data folder's database: one writer for the lane, a pool of readers for everybody else, and
// the numbered migrations. SQLite in WAL mode with synchronous=FULL: what COMMIT returned survives
// the loss of power.
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/base/error.h"
#include "store/connection.h"

namespace huiyin::store {

// A step of the schema. Each owner (store, a subject) numbers its own from 1; applied once, in
// order, each in a transaction; a later product never changes one that was released.
struct Migration {
  std::string owner;
  int number;
  std::string sql;
};

class Database {
 public:
  // Opens or makes `file` and applies what is missing of `migrations`. `corrupt` when the file is
  // of a newer product or no database.
  static Result<std::unique_ptr<Database>> open(const std::string& file,
                                                const std::vector<Migration>& migrations,
                                                int readers = 3);

  Connection& writer() { return *writer_; }  // the lane's thread only

  // Borrows a reader for the call; waits for a free one. Sees what was committed before.
  template <class F>
  auto read(F&& f) {
    Borrowed borrowed(*this);
    return f(*borrowed.connection);
  }
  const std::string& file() const { return file_; }

 private:
  Database() = default;
  struct Borrowed {
    explicit Borrowed(Database& database);
    ~Borrowed();
    Database& owner;
    std::unique_ptr<Connection> connection;
  };

  std::string file_;
  std::unique_ptr<Connection> writer_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

// The schema of store/ itself: meta, conversations, turns, outbox, timers, numbers, personal data.
std::vector<Migration> store_migrations();

}  // namespace huiyin::store
