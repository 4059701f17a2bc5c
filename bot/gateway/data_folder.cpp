#include "bot/gateway/data_folder.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "store/outbox.h"

namespace huiyin {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:///";

std::string to_base64(const std::string& bytes) {
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  out.resize(out.find('\0'));
  return out;
}

Result<std::string> from_base64(const std::string& text) {
  std::string out(text.size(), '\0');
  std::size_t length = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                        text.size(), nullptr, &length, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0) {
    return fail(ErrorKind::corrupt, "an attachment of the backup cannot be read");
  }
  out.resize(length);
  return out;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

// SQL takes the file name as a literal.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

void add_attachments(store::Connection& copy, const fs::path& folder) {
  copy.script("CREATE TABLE backup_files(name TEXT PRIMARY KEY, base64 TEXT NOT NULL)");
  std::error_code missing;
  for (const auto& entry : fs::recursive_directory_iterator(folder, missing)) {
    if (!entry.is_regular_file()) continue;
    copy.exec("INSERT INTO backup_files(name, base64) VALUES(:n, :b)",
              fs::relative(entry.path(), folder).string(), to_base64(read_file(entry.path())));
  }
}

Result<void> unpack_attachments(store::Connection& db, const fs::path& folder) {
  for (const auto& [name, base64] :
       db.query<std::string, std::string>("SELECT name, base64 FROM backup_files")) {
    const fs::path relative(name);
    if (relative.is_absolute() || name.find("..") != std::string::npos) {
      return fail(ErrorKind::corrupt, "the backup names a file outside its folder");
    }
    auto bytes = from_base64(base64);
    if (!bytes) return tl::unexpected(bytes.error());
    fs::create_directories((folder / relative).parent_path());
    std::ofstream(folder / relative, std::ios::binary) << *bytes;
  }
  db.script("DROP TABLE backup_files");
  return {};
}

}  // namespace

Result<DataFolder> DataFolder::open(const std::string& dir, const std::string& database_url) {
  DataFolder folder;
  folder.dir_ = dir;
  folder.database_file_ = dir + "/huiyin.db";
  if (!database_url.empty()) {
    if (!database_url.starts_with(sqlite_scheme)) {
      return fail(ErrorKind::invalid, "HUIYIN_DATABASE_URL must start with sqlite:///");
    }
    // sqlite:///relative and sqlite:////absolute, as SQLAlchemy writes them.
    folder.database_file_ = database_url.substr(sqlite_scheme.size());
  }
  std::error_code error;
  fs::create_directories(dir, error);
  if (error) return fail(ErrorKind::invalid, "cannot make the data folder: " + error.message());
  return folder;
}

// The folder, and the database too when it lies elsewhere: two folders may name the same one.
Result<void> DataFolder::lock() {
  if (auto held = lock_file(dir_ + "/lock"); !held) return held;
  const fs::path database = fs::absolute(database_file_).lexically_normal();
  if (database.parent_path() == fs::absolute(dir_).lexically_normal()) return {};
  return lock_file(database.string() + ".lock");
}

Result<void> DataFolder::lock_file(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0) return fail(ErrorKind::invalid, "cannot write to the data folder");
  locks_.emplace_back(new int(descriptor), [](int* held) {
    ::close(*held);
    delete held;
  });
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorKind::conflict, "another huiyin serves this data");
  }
  return {};
}

bool DataFolder::empty() const {
  return !fs::exists(database_file_);
}

Result<void> backup(const DataFolder& from, const std::string& file) {
  if (from.empty()) return fail(ErrorKind::not_found, "there is no database in " + from.dir());
  const std::string part = file + ".part";
  try {
    fs::remove(part);
    {
      store::Connection source(from.database_file(), true);
      source.script("PRAGMA query_only=OFF");  // it writes the copy, not the source
      source.script("VACUUM INTO " + quoted(part));
    }
    {
      store::Connection copy(part, false);
      add_attachments(copy, from.attachments());
      copy.script("PRAGMA journal_mode=DELETE");  // one file, no -wal beside it
    }
    fs::rename(part, file);
    return {};
  } catch (const std::exception& e) {
    std::error_code ignored;
    fs::remove(part, ignored);
    return fail(ErrorKind::transient, std::string("the backup was not made: ") + e.what());
  }
}

Result<void> restore(const std::string& file, const DataFolder& to,
                     const std::vector<store::Migration>& migrations) {
  if (!fs::exists(file)) return fail(ErrorKind::not_found, "there is no such file: " + file);
  if (!to.empty()) return fail(ErrorKind::conflict, "the data folder is not empty: " + to.dir());
  const std::string part = to.database_file() + ".part";
  try {
    fs::remove(part);
    fs::copy_file(file, part);
    {
      auto database = store::Database::open(part, migrations, 0);
      if (!database) return tl::unexpected(database.error());
      store::Connection& db = (*database)->writer();
      if (auto done = unpack_attachments(db, to.attachments()); !done) return done;
      store::stop_unfinished(db, SystemClock().now());
      // The copy has a stream of its own in Redis.
      db.script("DELETE FROM meta WHERE key = 'queue'");
      db.script("PRAGMA journal_mode=DELETE");
    }
    fs::rename(part, to.database_file());
    return {};
  } catch (const std::exception& e) {
    std::error_code ignored;
    fs::remove(part, ignored);
    return fail(ErrorKind::corrupt, std::string("the backup cannot be restored: ") + e.what());
  }
}

}  // namespace huiyin
