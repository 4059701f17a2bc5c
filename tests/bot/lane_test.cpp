// The writer lane: group commit in which one job cannot hurt another (design of a turn's
// transaction).
#include "bot/gateway/lane.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "store/numbers.h"
#include "tests/support/temp_dir.h"

namespace huiyin {
namespace {

class LaneTest : public ::testing::Test {
 protected:
  LaneTest()
      : database_(
            store::Database::open(dir_ / "t.db",
                                  {{"t", 1,
                                    "CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT UNIQUE);"
                                    "CREATE TABLE numbers(prefix TEXT, day TEXT, last INTEGER,"
                                    " PRIMARY KEY(prefix, day))"}})
                .value()) {
    lane_ = make_lane(*database_, clock_, executor_, {.queue_max = 100, .batch_max = 50});
  }
  static void note(Transaction& tx, const std::string& text) {
    tx.write().exec("INSERT INTO notes(text) VALUES(:t)", text);
  }
  std::int64_t count() {
    return database_->read([](store::Connection& db) {
      return db.value<std::int64_t>("SELECT count(*) FROM notes").value();
    });
  }
  // Fills the lane's next batch: everything submitted while the first job waits is one batch.
  template <class F>
  void in_one_batch(F&& submit) {
    std::latch entered(1), go(1);
    ASSERT_TRUE(lane_->submit({[&](Transaction&) {
                                 entered.count_down();
                                 go.wait();
                               },
                               {}}));
    entered.wait();
    submit();
    go.count_down();
    ASSERT_TRUE(lane_->run([](Transaction&) {}));
  }

  test::TempDir dir_;
  SystemClock clock_;
  SystemExecutor executor_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Lane> lane_;
};

TEST_F(LaneTest, AStopWaitsForTheAnswersThatAreGivenElsewhere) {
  lane_.reset();
  std::latch stopping(1);
  std::vector<std::unique_ptr<RunningThread>> threads;
  std::atomic<int> answered = 0;
  lane_ = make_lane(*database_, clock_, executor_, {.answering = [&](std::function<void()> task) {
    threads.push_back(executor_.start("answering", [&stopping, task] {
      stopping.wait();
      // Long enough that a stop which does not wait is over.
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      task();
    }));
  }});
  std::latch ran(2);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(lane_->submit(
        {[&](Transaction&) { ran.count_down(); }, [&](const Result<void>&) { ++answered; }, true}));
  }
  ran.wait();
  stopping.count_down();
  lane_->stop();
  EXPECT_EQ(answered, 2);
}

TEST_F(LaneTest, AnswersOnlyWhatIsCommitted) {
  std::promise<std::int64_t> seen;
  ASSERT_TRUE(lane_->submit({[](Transaction& tx) { note(tx, "a"); },
                             [&](Result<void> done) { seen.set_value(done ? count() : -1); }}));
  EXPECT_EQ(seen.get_future().get(), 1);
}

TEST_F(LaneTest, AJobThatThrowsLeavesNoTraceAndHurtsNobodyInItsBatch) {
  Result<void> good1, bad, good2;
  in_one_batch([&] {
    ASSERT_TRUE(
        lane_->submit({[](Transaction& tx) { note(tx, "a"); }, [&](auto r) { good1 = r; }}));
    ASSERT_TRUE(lane_->submit({[](Transaction& tx) {
                                 note(tx, "b");
                                 throw std::runtime_error("broken");
                               },
                               [&](auto r) { bad = r; }}));
    ASSERT_TRUE(
        lane_->submit({[](Transaction& tx) { note(tx, "c"); }, [&](auto r) { good2 = r; }}));
  });
  EXPECT_TRUE(good1);
  EXPECT_TRUE(good2);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(count(), 2);
}

TEST_F(LaneTest, AStatementThatFailsTakesBackItsOwnJobOnly) {
  Result<void> twice;
  in_one_batch([&] {
    ASSERT_TRUE(lane_->submit({[](Transaction& tx) { note(tx, "same"); }, {}}));
    ASSERT_TRUE(lane_->submit({[](Transaction& tx) {
                                 note(tx, "other");
                                 note(tx, "same");
                               },
                               [&](auto r) { twice = r; }}));
  });
  EXPECT_FALSE(twice);
  EXPECT_EQ(count(), 1);
}

TEST_F(LaneTest, ALostTransactionReleasesNoAnswerAndRunsItsJobsAgainOneByOne) {
  int runs = 0, lost = 0;
  lane_->on_lost([&](store::Connection&) { ++lost; });
  Result<void> first, breaking, last;
  in_one_batch([&] {
    ASSERT_TRUE(lane_->submit({[&](Transaction& tx) {
                                 ++runs;
                                 note(tx, "a");
                               },
                               [&](auto r) { first = r; }}));
    ASSERT_TRUE(lane_->submit({[&](Transaction& tx) {
                                 note(tx, "b");
                                 // What a full disk does: savepoints and all are gone.
                                 tx.write().script("ROLLBACK");
                                 tx.write().exec("INSERT INTO nowhere VALUES(1)");
                               },
                               [&](auto r) { breaking = r; }}));
    ASSERT_TRUE(
        lane_->submit({[&](Transaction& tx) { note(tx, "c"); }, [&](auto r) { last = r; }}));
  });
  EXPECT_TRUE(first);
  EXPECT_FALSE(breaking);
  EXPECT_TRUE(last);
  EXPECT_EQ(runs, 2);
  EXPECT_GE(lost, 1);
  EXPECT_EQ(count(), 2);
}

TEST_F(LaneTest, AFailedJobGivesItsNumberBackSoThatNumbersStayGapless) {
  std::string second;
  ASSERT_FALSE(lane_->run([](Transaction& tx) {
    store::next_number(tx.write(), "WX", "20261123");
    throw std::runtime_error("broken");
  }));
  ASSERT_TRUE(lane_->run(
      [&](Transaction& tx) { second = store::next_number(tx.write(), "WX", "20261123"); }));
  EXPECT_EQ(second, "WX20261123-0001");
}

TEST_F(LaneTest, RefusesWhatDoesNotFitInTheQueue) {
  std::latch entered(1), go(1);
  ASSERT_TRUE(lane_->submit({[&](Transaction&) {
                               entered.count_down();
                               go.wait();
                             },
                             {}}));
  entered.wait();
  int taken = 0;
  while (taken < 1000 && lane_->submit({[](Transaction&) {}, {}})) ++taken;
  EXPECT_EQ(taken, 100);
  go.count_down();
  lane_->stop();  // the latches outlive the job that waits for them
}

TEST_F(LaneTest, StopRunsWhatWasAccepted) {
  int done = 0;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(lane_->submit({[i](Transaction& tx) { note(tx, std::to_string(i)); },
                               [&](auto r) { done += r ? 1 : 0; }}));
  }
  lane_->stop();
  EXPECT_EQ(done, 20);
  EXPECT_EQ(count(), 20);
  EXPECT_FALSE(lane_->submit({[](Transaction&) {}, {}}));
}

}  // namespace
}  // namespace huiyin
