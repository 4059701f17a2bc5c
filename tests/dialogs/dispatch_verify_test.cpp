// `huiyin verify` of what dispatch keeps: each check finds the one fault that it is for.
#include "tests/dialogs/dispatch_support.h"

namespace huiyin::orders_test {
namespace {

struct Damage {
  const char* what;  // of the message
  const char* sql;
};

class DispatchVerify : public DispatchHouse, public ::testing::WithParamInterface<Damage> {};

// A confirmed penalty of rule R8.12, one that is proposed, and a book that is out behind one that
// came back: all of it sound.
TEST_P(DispatchVerify, FindsTheFaultAndNoOther) {
  task();
  const std::string other = task();
  advance_to("2026-11-23T12:00:01+08:00");
  as(supervisor_id);
  const Json penalties = all_penalties();
  ASSERT_EQ(penalties.size(), 2u);
  ASSERT_EQ(on_penalty("confirm", penalties[1]).status, 200);
  as(archivist_id);
  const auto book = [&](int from, int to) {
    return call("POST", "number-books",
                {{"kind", "task"}, {"from", from}, {"to", to}, {"dispatcher", dispatcher_id}});
  };
  const Json first = book(1, 50).body;
  ASSERT_EQ(call("POST", "number-books/{id}/return", {{"stubs", 50}}, first["id"].dump()).status,
            200);
  ASSERT_EQ(book(51, 100).status, 201);
  ASSERT_EQ(violations(), std::vector<std::string>{});
  db().script(GetParam().sql);
  const auto found = violations();
  ASSERT_EQ(found.size(), 1u) << GetParam().sql;
  EXPECT_NE(found[0].find(GetParam().what), std::string::npos) << found[0];
}

constexpr Damage damages[] = {
    {"its state is not the last one of its history",
     "UPDATE penalties SET state = 'withdrawn' WHERE id = 2"},
    {"its state is not the last one of its history",
     "DELETE FROM penalty_events WHERE penalty = 2"},
    {"it was not confirmed by a second person", "UPDATE penalties SET confirmer = 0 WHERE id = 1"},
    {"it was not confirmed by a second person",
     "UPDATE penalties SET confirmer = staff WHERE id = 1"},
    {"it was not confirmed by a second person",
     "UPDATE penalties SET proposer = confirmer WHERE id = 1"},
    {"it was not confirmed by a second person",
     "UPDATE penalties SET confirmed_at = NULL WHERE id = 1"},
    {"its amount makes no sense", "UPDATE penalties SET amount_fen = -1 WHERE id = 2"},
    {"its amount makes no sense", "UPDATE penalties SET items = 0 WHERE id = 2"},
    {"its order has more than one of rule R8.12",
     "UPDATE penalties SET order_number = (SELECT order_number FROM penalties WHERE id = 1)"
     " WHERE id = 2"},
    {"it was issued while another was out",
     "UPDATE number_books SET returned_at = NULL WHERE id = 1"},
    {"it holds numbers of another", "UPDATE number_books SET first = 50 WHERE id = 2"},
    {"it holds numbers of another", "UPDATE number_books SET last = 51 WHERE id = 1"},
    {"it holds numbers of another", "UPDATE number_books SET first = 1, last = 200 WHERE id = 2"},
};
INSTANTIATE_TEST_SUITE_P(EachCheck, DispatchVerify, ::testing::ValuesIn(damages));

}  // namespace
}  // namespace huiyin::orders_test
