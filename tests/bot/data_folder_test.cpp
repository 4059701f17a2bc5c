// backup and restore: a consistent copy with its attachments, in which nothing unfinished leaves by
// itself, and whose number sequences go on.
#include "bot/gateway/data_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "store/numbers.h"
#include "store/outbox.h"
#include "tests/support/temp_dir.h"

namespace huiyin {
namespace {

std::vector<store::Migration> schema() {
  auto all = store::store_migrations();
  for (const auto& one : store::outbox_migrations()) all.push_back(one);
  return all;
}

class DataFolderTest : public ::testing::Test {
 protected:
  DataFolderTest() {
    database_ = store::Database::open(from_.database_file(), schema()).value();
    store::Connection& db = database_->writer();
    store::next_number(db, "WX", "20261123");
    SecureRandom random;
    store::OutboxDraft draft;
    draft.channel = "twilio";
    draft.to = "+8613800138000";
    draft.text = "您好";
    id_ = store::enqueue(db, draft, random, SystemClock().now()).id;
    dir_.write("from/attachments/a/photo.jpg", "picture");
  }

  test::TempDir dir_;
  DataFolder from_ = DataFolder::open(dir_ / "from").value();
  DataFolder to_ = DataFolder::open(dir_ / "to").value();
  std::unique_ptr<store::Database> database_;  // open all the while, as beside a serve
  std::string id_;
};

TEST_F(DataFolderTest, ACopyBesideAnOpenDatabaseHoldsEverythingAndSendsNothingByItself) {
  ASSERT_TRUE(backup(from_, dir_ / "copy"));
  const auto done = restore(dir_ / "copy", to_, schema());
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(test::read_file(to_.attachments() + "/a/photo.jpg"), "picture");
  auto restored = store::Database::open(to_.database_file(), schema()).value();
  EXPECT_EQ(store::find_outbox(restored->writer(), id_)->state, SendState::unknown);
  EXPECT_EQ(store::next_number(restored->writer(), "WX", "20261123"), "WX20261123-0002");
}

TEST_F(DataFolderTest, RestoreRefusesAFolderThatHoldsADatabase) {
  ASSERT_TRUE(backup(from_, dir_ / "copy"));
  const auto done = restore(dir_ / "copy", from_, schema());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::conflict);
}

TEST_F(DataFolderTest, OneHolderOfTheLockAtATime) {
  DataFolder second = DataFolder::open(dir_ / "from").value();
  ASSERT_TRUE(from_.lock());
  EXPECT_FALSE(second.lock());
}

TEST_F(DataFolderTest, TwoFoldersOnOneDatabaseAreOneToo) {
  const std::string url = "sqlite:///" + (dir_ / "shared.db");
  DataFolder first = DataFolder::open(dir_ / "a", url).value();
  DataFolder second = DataFolder::open(dir_ / "b", url).value();
  ASSERT_TRUE(first.lock());
  const auto refused = second.lock();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
}

}  // namespace
}  // namespace huiyin
