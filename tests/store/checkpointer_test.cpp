#include "store/checkpointer.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temp_dir.h"

namespace huiyin::store {
namespace {

constexpr std::uintmax_t page_bytes = 4'096;

class CheckpointerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Database::open(dir_ / "t.db", {{"t", 1, "CREATE TABLE rows(text TEXT);"}});
    ASSERT_TRUE(opened);
    database_ = std::move(*opened);
  }
  void write(int commits) {
    for (int i = 0; i < commits; ++i) {
      database_->writer().exec("INSERT INTO rows(text) VALUES(:t)", std::string(3'000, 'x'));
    }
  }
  std::uintmax_t log_pages() const {
    return std::filesystem::file_size(dir_ / "t.db-wal") / page_bytes;
  }

  test::TempDir dir_;
  std::unique_ptr<Database> database_;
  SystemExecutor executor_;
};

TEST_F(CheckpointerTest, TheLogStaysBoundedHoweverSlowTheThreadIs) {
  const CheckpointOptions options{.pages = 50, .pages_max = 200};
  const Checkpointer checkpointer(*database_, executor_, options);
  write(2'000);
  EXPECT_LT(log_pages(), 220u);  // two thousand commits wrote more than that many pages
  EXPECT_EQ(database_->read(
                [](Connection& db) { return db.value<std::int64_t>("SELECT count(*) FROM rows"); }),
            2'000);
}

TEST_F(CheckpointerTest, ACheckpointLetsTheLogBeginAnew) {
  {
    const Checkpointer checkpointer(*database_, executor_,
                                    {.pages = 1'000'000, .pages_max = 2'000'000});
    write(100);
  }
  EXPECT_GT(log_pages(), 100u);  // nobody had reason to begin
  write(10);
  EXPECT_GT(log_pages(), 110u);
  ASSERT_TRUE(database_->writer().checkpoint());
  const auto before = log_pages();
  write(10);  // begins at the front of the log again
  EXPECT_EQ(log_pages(), before);
}

}  // namespace
}  // namespace huiyin::store
