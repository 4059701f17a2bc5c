#include "store/database.h"

#include <map>

namespace huiyin::store {
namespace {

void apply(Connection& writer, const Migration& migration) {
  writer.script("BEGIN IMMEDIATE");
  try {
    writer.script(migration.sql);
    writer.exec("INSERT INTO migrations(owner, number) VALUES(:o, :n)", migration.owner,
                migration.number);
    writer.script("COMMIT");
  } catch (const DatabaseError&) {
    if (writer.in_transaction()) writer.script("ROLLBACK");
    throw;
  }
}

// Applies what is missing; an owner's newest number below what the file has means a newer product.
Result<void> migrate(Connection& writer, const std::vector<Migration>& migrations) {
  writer.script(
      "CREATE TABLE IF NOT EXISTS migrations(owner TEXT NOT NULL, number INTEGER NOT NULL,"
      " PRIMARY KEY(owner, number)) WITHOUT ROWID");
  std::map<std::string, std::int64_t> done;
  for (const auto& [owner, number] : writer.query<std::string, std::int64_t>(
           "SELECT owner, max(number) FROM migrations GROUP BY owner")) {
    done[owner] = number;
  }
  std::map<std::string, std::int64_t> known;
  for (const auto& m : migrations)
    known[m.owner] = std::max<std::int64_t>(known[m.owner], m.number);
  for (const auto& [owner, number] : done) {
    if (number > known[owner]) {
      return fail(ErrorKind::corrupt, "the database was written by a newer version (" + owner +
                                          " has schema " + std::to_string(number) + ")");
    }
  }
  for (const auto& m : migrations) {
    if (m.number > done[m.owner]) apply(writer, m);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& file,
                                                 const std::vector<Migration>& migrations,
                                                 int readers) {
  try {
    std::unique_ptr<Database> database(new Database());
    database->file_ = file;
    database->writer_ = std::make_unique<Connection>(file, false);
    if (auto done = migrate(*database->writer_, migrations); !done) {
      return tl::unexpected(done.error());
    }
    for (int i = 0; i < readers; ++i) {
      database->idle_.push_back(std::make_unique<Connection>(file, true));
    }
    return database;
  } catch (const DatabaseError& e) {
    return fail(ErrorKind::corrupt, e.what());
  }
}

Database::Borrowed::Borrowed(Database& database) : owner(database) {
  std::unique_lock lock(owner.mutex_);
  owner.freed_.wait(lock, [&] { return !owner.idle_.empty(); });
  connection = std::move(owner.idle_.back());
  owner.idle_.pop_back();
}

Database::Borrowed::~Borrowed() {
  {
    const std::lock_guard lock(owner.mutex_);
    owner.idle_.push_back(std::move(connection));
  }
  owner.freed_.notify_one();
}

}  // namespace huiyin::store
