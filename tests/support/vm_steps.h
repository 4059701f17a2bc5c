// How much work the database does, in steps of SQLite's machine: the same on every computer, so
// that a test can tell a look-up from a scan.
#pragma once
#include <soci/sqlite3/soci-sqlite3.h>

#include <cstdint>

#include "store/connection.h"

namespace huiyin::test {

// Of what `work` does on that connection.
template <class Work>
std::int64_t vm_steps(store::Connection& db, Work work) {
  auto* backend = static_cast<soci::sqlite3_session_backend*>(db.session().get_backend());
  std::int64_t steps = 0;
  const auto count = [](void* counter) {
    ++*static_cast<std::int64_t*>(counter);
    return 0;
  };
  sqlite_api::sqlite3_progress_handler(backend->conn_, 1, count, &steps);
  work();
  sqlite_api::sqlite3_progress_handler(backend->conn_, 0, nullptr, nullptr);
  return steps;
}

}  // namespace huiyin::test
