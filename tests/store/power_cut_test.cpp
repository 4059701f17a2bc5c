// Pulls the plug: writes that no finished sync covers are destroyed, then the database is opened
// again. What COMMIT returned must be there (guarantee 1). The same run with synchronous=NORMAL
// loses commits, which shows that the test can fail.
#include <gtest/gtest.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <cstring>

#include "store/database.h"
#include "tests/support/temp_dir.h"

namespace huiyin::store {
namespace {

using namespace sqlite_api;

// A VFS over the default one. It remembers the bytes that each write since the file's last sync
// replaced; cut() puts them back, newest first.
struct Undo {
  sqlite3_int64 offset;
  std::string before;
  sqlite3_int64 size_before;
};
std::map<std::string, std::vector<Undo>> unsynced;

struct PlugFile {
  sqlite3_file base;
  sqlite3_file* real;
  const char* name;
};

sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<PlugFile*>(file)->real;
}
const char* name_of(sqlite3_file* file) {
  return reinterpret_cast<PlugFile*>(file)->name;
}

void note_before(sqlite3_file* file, sqlite3_int64 offset, int amount) {
  if (name_of(file) == nullptr) return;
  Undo undo{offset, {}, 0};
  real(file)->pMethods->xFileSize(real(file), &undo.size_before);
  const auto have = std::clamp<sqlite3_int64>(undo.size_before - offset, 0, amount);
  undo.before.resize(static_cast<std::size_t>(have));
  if (have > 0) {
    real(file)->pMethods->xRead(real(file), undo.before.data(), static_cast<int>(have), offset);
  }
  unsynced[name_of(file)].push_back(std::move(undo));
}

int plug_close(sqlite3_file* f) {
  const int rc = real(f)->pMethods->xClose(real(f));
  sqlite3_free(real(f));
  return rc;
}
int plug_read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
  return real(f)->pMethods->xRead(real(f), to, n, at);
}
int plug_write(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
  note_before(f, at, n);
  return real(f)->pMethods->xWrite(real(f), from, n, at);
}
int plug_truncate(sqlite3_file* f, sqlite3_int64 size) {
  sqlite3_int64 now = 0;
  real(f)->pMethods->xFileSize(real(f), &now);
  if (now > size) note_before(f, size, static_cast<int>(now - size));
  return real(f)->pMethods->xTruncate(real(f), size);
}
int plug_sync(sqlite3_file* f, int flags) {
  const int rc = real(f)->pMethods->xSync(real(f), flags);
  if (rc == SQLITE_OK && name_of(f) != nullptr) unsynced[name_of(f)].clear();
  return rc;
}
int plug_size(sqlite3_file* f, sqlite3_int64* out) {
  return real(f)->pMethods->xFileSize(real(f), out);
}
int plug_lock(sqlite3_file* f, int l) {
  return real(f)->pMethods->xLock(real(f), l);
}
int plug_unlock(sqlite3_file* f, int l) {
  return real(f)->pMethods->xUnlock(real(f), l);
}
int plug_reserved(sqlite3_file* f, int* out) {
  return real(f)->pMethods->xCheckReservedLock(real(f), out);
}
int plug_control(sqlite3_file* f, int op, void* arg) {
  return real(f)->pMethods->xFileControl(real(f), op, arg);
}
int plug_sector(sqlite3_file* f) {
  return real(f)->pMethods->xSectorSize(real(f));
}
int plug_traits(sqlite3_file* f) {
  return real(f)->pMethods->xDeviceCharacteristics(real(f));
}
int plug_shm_map(sqlite3_file* f, int p, int n, int e, void volatile** out) {
  return real(f)->pMethods->xShmMap(real(f), p, n, e, out);
}
int plug_shm_lock(sqlite3_file* f, int o, int n, int flags) {
  return real(f)->pMethods->xShmLock(real(f), o, n, flags);
}
void plug_shm_barrier(sqlite3_file* f) {
  real(f)->pMethods->xShmBarrier(real(f));
}
int plug_shm_unmap(sqlite3_file* f, int d) {
  return real(f)->pMethods->xShmUnmap(real(f), d);
}

const sqlite3_io_methods plug_methods{
    2,           plug_close,   plug_read,     plug_write,       plug_truncate,  plug_sync,
    plug_size,   plug_lock,    plug_unlock,   plug_reserved,    plug_control,   plug_sector,
    plug_traits, plug_shm_map, plug_shm_lock, plug_shm_barrier, plug_shm_unmap, nullptr,
    nullptr};

sqlite3_vfs* default_vfs = nullptr;

int plug_open(sqlite3_vfs*, const char* name, sqlite3_file* out, int flags, int* out_flags) {
  auto* file = reinterpret_cast<PlugFile*>(out);
  std::memset(file, 0, sizeof *file);
  file->real = static_cast<sqlite3_file*>(sqlite3_malloc(default_vfs->szOsFile));
  std::memset(file->real, 0, static_cast<std::size_t>(default_vfs->szOsFile));
  file->name = name;
  const int rc = default_vfs->xOpen(default_vfs, name, file->real, flags, out_flags);
  if (rc == SQLITE_OK)
    file->base.pMethods = &plug_methods;
  else
    sqlite3_free(file->real);
  return rc;
}

class PlugVfs {
 public:
  PlugVfs() {
    default_vfs = sqlite3_vfs_find(nullptr);
    vfs_ = *default_vfs;
    vfs_.zName = "plug";
    vfs_.szOsFile = sizeof(PlugFile);
    vfs_.xOpen = plug_open;
    sqlite3_vfs_register(&vfs_, 1);
    unsynced.clear();
  }
  ~PlugVfs() {
    sqlite3_vfs_register(default_vfs, 1);
    sqlite3_vfs_unregister(&vfs_);
  }

 private:
  sqlite3_vfs vfs_{};
};

std::string read_all(const std::string& path) {
  std::string bytes;
  if (FILE* in = std::fopen(path.c_str(), "rb")) {
    char part[65536];
    for (std::size_t n; (n = std::fread(part, 1, sizeof part, in)) > 0;) bytes.append(part, n);
    std::fclose(in);
  }
  return bytes;
}

// The disk as it would be found after a power cut now, as files of another folder.
void cut_into(const std::string& from, const std::string& to) {
  for (const char* suffix : {"", "-wal"}) {
    std::string bytes = read_all(from + suffix);
    const auto it = unsynced.find(from + suffix);
    if (it != unsynced.end()) {
      for (auto undo = it->second.rbegin(); undo != it->second.rend(); ++undo) {
        bytes.replace(
            static_cast<std::size_t>(undo->offset),
            std::min(undo->before.size(), bytes.size() - static_cast<std::size_t>(undo->offset)),
            undo->before);
        bytes.resize(static_cast<std::size_t>(undo->size_before));
      }
    }
    FILE* out = std::fopen((to + suffix).c_str(), "wb");
    std::fwrite(bytes.data(), 1, bytes.size(), out);
    std::fclose(out);
  }
}

// Commits rows, cutting the power after every one; how many commits were lost at worst.
// `beside`: another connection makes the checkpoints, as in a serving gateway.
int worst_loss(const char* synchronous, bool beside = false) {
  const test::TempDir dir;
  int worst = 0;
  const PlugVfs plug;
  Connection db(dir / "t.db", false);
  db.script(std::string("PRAGMA synchronous=") + synchronous + "; PRAGMA wal_autocheckpoint=20;");
  Connection other(dir / "t.db", false);
  if (beside) {
    db.on_commit([&](int pages) {
      if (pages >= 20) other.checkpoint();
    });
  }
  db.script("CREATE TABLE rows(id INTEGER PRIMARY KEY, text TEXT)");
  for (int i = 1; i <= 150; ++i) {
    db.exec("INSERT INTO rows(id, text) VALUES(:i, :t)", i, std::string(700, 'x'));
    const std::string after = dir / ("cut" + std::to_string(i) + ".db");
    cut_into(dir / "t.db", after);
    Connection found(after, false);
    int have = 0;
    try {
      have = static_cast<int>(found.value<std::int64_t>("SELECT count(*) FROM rows").value());
    } catch (const DatabaseError&) {  // not even the table survived
    }
    worst = std::max(worst, i - have);
  }
  return worst;
}

TEST(PowerCut, LosesNoCommitWithSynchronousFull) {
  EXPECT_EQ(worst_loss("FULL"), 0);
}

TEST(PowerCut, LosesNoCommitWhileAnotherConnectionMakesTheCheckpoints) {
  EXPECT_EQ(worst_loss("FULL", true), 0);
}

TEST(PowerCut, LosesCommitsWithSynchronousNormalSoThisTestCanFail) {
  EXPECT_GT(worst_loss("NORMAL"), 0);
}

TEST(PowerCut, TheWriterConnectionIsFull) {
  const test::TempDir dir;
  Connection db(dir / "t.db", false);
  EXPECT_EQ(db.value<std::int64_t>("PRAGMA synchronous"), 2);
}

}  // namespace
}  // namespace huiyin::store
