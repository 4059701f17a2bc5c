// The data folder: one database, its attachments, and the lock that keeps a second `serve` out.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "store/base/error.h"
#include "store/database.h"

namespace huiyin {

class DataFolder {
 public:
  // Makes the folder where needed. `database_url` ("sqlite:///path") overrides DIR/huiyin.db.
  static Result<DataFolder> open(const std::string& dir, const std::string& database_url = {});
  // One `serve` per folder and per database: `conflict` when another holds it. Held until the
  // object goes.
  Result<void> lock();

  const std::string& dir() const { return dir_; }
  const std::string& database_file() const { return database_file_; }
  std::string attachments() const { return dir_ + "/attachments"; }
  bool empty() const;  // no database yet

 private:
  Result<void> lock_file(const std::string& file);

  std::string dir_, database_file_;
  std::vector<std::shared_ptr<int>> locks_;
};

// A consistent copy beside a running `serve`: one SQLite file that also carries the attachments.
Result<void> backup(const DataFolder& from, const std::string& file);
// Into a folder without a database. Messages without a final state become `unknown` and are never
// sent again by themselves (they may have left after the copy was made).
Result<void> restore(const std::string& file, const DataFolder& to,
                     const std::vector<store::Migration>& migrations);

}  // namespace huiyin
