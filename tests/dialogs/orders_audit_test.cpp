// Each check of the audit finds what it is there for, and says just that.
#include "tests/dialogs/orders_support.h"

namespace huiyin::orders_test {
namespace {

using namespace std::chrono_literals;

// What is broken, by which statement on an order in which state, and the complaint about it.
struct Break {
  const char* name;
  const char* state;  // completed, accepted, breached, cancelled
  const char* sql;    // of the order ":n"
  const char* complaint;
};

class OrdersAudit : public OrdersHouse, public ::testing::WithParamInterface<Break> {
 protected:
  std::string made(std::string_view state) {
    const std::string number = record(chat_repair());
    EXPECT_EQ(status(number, "assign", {{"assignee", 2}}), 200);
    EXPECT_EQ(status(number, "accept"), 200);
    if (state == "accepted") return number;
    if (state == "breached") advance(11min);
    if (state == "cancelled") EXPECT_EQ(status(number, "cancel"), 200);
    if (state == "breached" || state == "cancelled") return number;
    for (const char* action : {"arrive", "start", "complete"}) {
      EXPECT_EQ(status(number, action), 200);
    }
    if (state == "completed") return number;
    EXPECT_EQ(status(number, "sign", {{"by", "王芳"}, {"role", "customer"}, {"method", "paper"}}),
              200);
    return number;
  }
};

TEST_P(OrdersAudit, FindsIt) {
  const Break& one = GetParam();
  const std::string number = made(one.state);
  ASSERT_EQ(orders::verify_orders(db()), std::vector<std::string>{});
  std::string sql = one.sql;
  for (auto at = sql.find(":n"); at != std::string::npos; at = sql.find(":n")) {
    sql.replace(at, 2, "'" + number + "'");
  }
  db().script(sql);
  const auto faults = orders::verify_orders(db());
  ASSERT_EQ(faults.size(), 1u) << (faults.empty() ? "nothing found" : faults.back());
  EXPECT_NE(faults.front().find(one.complaint), std::string::npos) << faults.front();
}

#define CLOCK(change)                                                                             \
  "UPDATE work_orders SET clocks = (SELECT json_group_array(CASE WHEN value ->> 'rule' = " change \
  " ELSE json(value) END) FROM json_each(clocks)) WHERE number = :n;"

constexpr Break breaks[] = {
    {"AnOrderIsGone", "accepted",
     "UPDATE work_orders SET number = 'WX20261123-0002' WHERE number = :n;"
     "UPDATE timers SET key = replace(key, :n, 'WX20261123-0002');"
     "UPDATE numbers SET last = 2;",
     "1 orders, the highest is 2"},
    {"TheSequenceRanAhead", "accepted", "UPDATE numbers SET last = 2;",
     "the sequence has given out 2, the highest order is 1"},
    {"ItWasNeverRecorded", "accepted", "DELETE FROM order_events WHERE action = 'record';",
     "does not hold exactly one recording"},
    {"TheStateIsNotOfItsHistory", "accepted",
     "UPDATE work_orders SET state = 'arrived' WHERE number = :n;",
     "its state is not the last one of its history"},
    {"ItIsLiveAndEnded", "cancelled", "UPDATE work_orders SET live = 1 WHERE number = :n;",
     "its state and its being live do not agree"},
    {"SignedBeforeCompleted", "signed",
     "UPDATE order_events SET at = at - 60000 WHERE state = 'signed';",
     "it was signed before it was completed"},
    {"MetAndStopped", "completed",
     CLOCK("'R5.10' THEN json_set(value, '$.stopped_at', value ->> 'met_at')"),
     "clock R5.10 is met and stopped"},
    {"MetLateAndNotCounted", "completed",
     CLOCK("'R5.10' THEN json_set(value, '$.met_at', (value ->> 'due_at') + 1)"),
     "clock R5.10 was met late and not counted missed"},
    {"MetInTimeAndCounted", "completed", CLOCK("'R5.10' THEN json_set(value, '$.breached', 1)"),
     "clock R5.10 was met in time and counted missed"},
    {"ItOutlivesItsOrder", "cancelled",
     CLOCK(
         "'R5.10' THEN json_set(json_remove(value, '$.stopped_at'), '$.breached', 1)") "UPDATE "
                                                                                       "work_"
                                                                                       "orders SET "
                                                                                       "overdue = "
                                                                                       "1 WHERE "
                                                                                       "number = "
                                                                                       ":n;",
     "clock R5.10 outlives its order"},
    {"ItRunsWithoutATimer", "accepted", "DELETE FROM timers WHERE kind = 'orders.clock';",
     "clock R5.10 runs without a timer"},
    {"TheClockOfATimerIsLost", "accepted",
     "UPDATE work_orders SET clocks = (SELECT json_group_array(json(value)) FROM json_each(clocks)"
     " WHERE value ->> 'rule' <> 'R5.10') WHERE number = :n;",
     "R5.10: no such clock runs"},
    {"TheCountOfMissedClocks", "breached", "UPDATE work_orders SET overdue = 0 WHERE number = :n;",
     "the count of its missed clocks is wrong"},
    {"ACopyWithoutHolder", "accepted",
     "UPDATE work_orders SET copies = json_set(copies, '$[1].holder', '') WHERE number = :n;",
     "a copy of its sheet has no holder"},
    {"ACopyIsMissing", "accepted",
     "UPDATE work_orders SET copies = json_remove(copies, '$[1]') WHERE number = :n;",
     "copies of its sheet are missing"},
};

INSTANTIATE_TEST_SUITE_P(Each, OrdersAudit, ::testing::ValuesIn(breaks),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace huiyin::orders_test
