// Lists of work orders cost the same however many orders there are.
#include "dialogs/orders/order_list.h"

#include "tests/dialogs/orders_support.h"
#include "tests/support/vm_steps.h"

namespace huiyin::orders_test {
namespace {

class OrderList : public OrdersHouse {
 protected:
  // Copies of one order as rows, of that estate.
  void fill(const std::string& estate, int count, bool overdue) {
    const std::string number = record(desk_repair());
    db().exec("UPDATE work_orders SET estate = :e, overdue = :o WHERE number = :n", estate,
              std::int64_t{overdue}, number);
    const auto columns =
        "kind, estate, state, description, channel, received_at, recorded_at, overdue";
    db().script("INSERT INTO work_orders(number, " + std::string(columns) +
                ") WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                std::to_string(count - 1) + ") SELECT '" + number + "/' || i, " + columns +
                " FROM n, work_orders WHERE number = '" + number + "'");
  }
  std::int64_t steps_of(const orders::OrderFilter& filter) {
    return test::vm_steps(db(), [&] { orders::list(db(), filter, 0, 10); });
  }
};

TEST_F(OrderList, OverdueOrdersOfASmallEstateAreFoundBehindThoseOfABigOne) {
  fill("tower", 3, true);
  const orders::OrderFilter rare{
      .kind = {}, .state = {}, .unit = {}, .estate = "tower", .overdue = true};
  const orders::OrderFilter rarer{
      .kind = "repair", .state = "recorded", .unit = {}, .estate = "tower", .overdue = true};
  const auto before = steps_of(rare), before_rarer = steps_of(rarer);
  fill("liyuan", 3'000, true);
  EXPECT_EQ(orders::list(db(), rare, 0, 10).size(), 3u);
  EXPECT_EQ(orders::list(db(), rarer, 0, 10).size(), 3u);
  EXPECT_LT(steps_of(rare), before + 500);
  EXPECT_LT(steps_of(rarer), before_rarer + 500);
  // All estates' together are newest first, a page at a time.
  const orders::OrderFilter any{.kind = {}, .state = {}, .unit = {}, .estate = {}, .overdue = true};
  const auto page = orders::list(db(), any, 0, 10);
  ASSERT_EQ(page.size(), 10u);
  for (std::size_t i = 1; i < page.size(); ++i) EXPECT_EQ(page[i].id, page[i - 1].id - 1);
  EXPECT_EQ(orders::list(db(), any, 5, 10).size(), 4u);
}

}  // namespace
}  // namespace huiyin::orders_test
