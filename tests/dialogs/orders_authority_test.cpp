// Who may touch which order, and what an action's members may hold.
#include "dialogs/orders/life.h"
#include "store/base/text.h"
#include "tests/dialogs/orders_support.h"

namespace huiyin::orders_test {
namespace {

using orders::Kind;

class Authority : public OrdersHouse {
 protected:
  Authority() {
    const auto person = [&](std::int64_t id, const char* role, const char* estate) {
      directory.staff_.push_back({id, "员工" + std::to_string(id), role, estate, "", "", ""});
    };
    person(11, "engineering_supervisor", "tower");
    person(12, "technician", "tower");
    person(13, "finance", "liyuan");
    person(14, "technician", "");
    person(15, "general_manager", "");
    person(16, "front_desk", "liyuan");
    person(17, "front_desk", "tower");
  }
  orders::Actor staff(std::int64_t id) const {
    return {"staff:" + std::to_string(id), directory.staff_by_id(id)->role, id, "api"};
  }
  std::string field(const std::string& number, std::string_view action, Json body) {
    const auto done = act(number, action, std::move(body));
    return done ? "" : done.error().status == 400 ? done.error().field : "not 400";
  }
  // The status of giving the order another time.
  int move(const std::string& number, const orders::Actor& actor) {
    auto t = tx();
    auto order = orders::find(db(), number).value();
    const auto done = desk.reschedule(
        t, order, orders::Appointment{at("2026-11-24T15:00:00+08:00"), std::nullopt}, actor);
    return done ? 200 : done.error().status;
  }
  std::string arrived() {
    const std::string number = record(chat_repair());
    EXPECT_EQ(status(number, "assign", {{"assignee", 2}}), 200);
    for (const char* action : {"accept", "arrive"}) EXPECT_EQ(status(number, action), 200);
    return number;
  }
  std::string completed() {
    const std::string number = arrived();
    for (const char* action : {"start", "complete"}) EXPECT_EQ(status(number, action), 200);
    return number;
  }
};

TEST_F(Authority, StaffActOnTheOrdersOfTheirEstate) {
  const std::string number = record(chat_repair());
  EXPECT_EQ(status(number, "cancel", Json::object(), staff(11)), 403);
  EXPECT_EQ(status(number, "assign", {{"assignee", 2}}, staff(11)), 403);
  EXPECT_EQ(status(number, "escalate", Json::object(), staff(15)), 200) << "of no estate: of all";
  EXPECT_EQ(status(number, "assign", {{"assignee", 2}}, staff(1)), 200);
  EXPECT_EQ(status(number, "cancel", Json::object(), {"admin", "admin", 0, "api"}), 200);
}

// R5.9, R8.5: an order is given to who can do it.
TEST_F(Authority, R5_9_TheAssigneeIsOfTheEstateAndOfARoleThatTakesSuchWork) {
  for (const Kind kind : {Kind::repair, Kind::public_fault, Kind::complaint, Kind::task}) {
    auto order = chat_repair();
    order.kind = kind;
    const std::string number = record(order);
    EXPECT_EQ(field(number, "assign", {{"assignee", 12}}), "assignee") << "of another estate";
    EXPECT_EQ(field(number, "assign", {{"assignee", 13}}), "assignee") << "finance";
    EXPECT_EQ(field(number, "assign", {{"assignee", 14}}), "") << "of no estate: of all";
    EXPECT_EQ(field(number, "transfer", {{"assignee", 13}}), "assignee");
  }
}

// R5.11: the time of a visit is changed by whose it is, not by whoever works here.
TEST_F(Authority, R5_11_ATimeIsChangedByItsHolderAndTheDesk) {
  const std::string number = record(chat_repair());
  EXPECT_EQ(move(number, staff(13)), 403) << "finance";
  EXPECT_EQ(move(number, staff(17)), 403) << "the desk of another estate";
  EXPECT_EQ(move(number, technician), 403) << "not theirs yet";
  EXPECT_EQ(json(number)["appointment"], nullptr);
  EXPECT_EQ(move(number, staff(16)), 200);
  EXPECT_EQ(move(number, orders::Actor::resident("rest", "rest/web-1")), 200);
  ASSERT_EQ(status(number, "assign", {{"assignee", 2}}), 200);
  EXPECT_EQ(move(number, technician), 200);
  auto own = staff(13);
  own.conversation = "rest/web-1";
  EXPECT_EQ(move(number, own), 200) << "they reported it themselves";
}

TEST_F(Authority, R5_11_WhatIsDoneHasNoOtherTime) {
  const std::string number = arrived();
  ASSERT_EQ(status(number, "start"), 200);
  ASSERT_EQ(status(number, "complete"), 200);
  EXPECT_EQ(move(number, staff(16)), 409);
  auto order = chat_repair();
  order.kind = Kind::public_fault;
  EXPECT_EQ(move(record(order), staff(16)), 409);
}

// R7.17: one matter of one estate.
TEST_F(Authority, R7_17_ComplaintsOfTwoEstatesAreNotMerged) {
  auto order = chat_repair();
  order.kind = Kind::complaint;
  const std::string here = record(order);
  order.estate = "tower";
  const std::string there = record(order);
  EXPECT_EQ(field(here, "merge", {{"into", there}}), "into");
  EXPECT_EQ(json(here)["state"], "registered");
}

// R5.19: whose signature it is decides what becomes of the order.
TEST_F(Authority, R5_19_ASignatureIsOfTheCustomerOrOfAKnownRole) {
  const std::string number = completed();
  for (const char* role : {"Technician", "随便", "boss"}) {
    EXPECT_EQ(field(number, "sign", {{"by", "李"}, {"role", role}, {"method", "x"}}), "role");
  }
  EXPECT_EQ(json(number)["state"], "completed");
  ASSERT_EQ(
      status(number, "sign", {{"by", "李"}, {"role", "technician"}, {"method", "x"}}, technician),
      200);
  EXPECT_EQ(json(number)["state"], "completed") << "stands beside the customer's";
  ASSERT_EQ(status(number, "sign", {{"by", "王"}, {"role", "owner"}, {"method", "paper"}}), 200);
  EXPECT_EQ(json(number)["state"], "signed");
  EXPECT_EQ(
      field(arrived(), "decline",
            {{"note", "贵"}, {"signatures", {{{"by", "李"}, {"role", "boss"}, {"method", "x"}}}}}),
      "signatures");
}

std::string text_of_length(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += "字";
  return out;
}

TEST_F(Authority, MembersHaveABound) {
  const std::string number = arrived();
  const std::string note = text_of_length(2'001), name = text_of_length(201);
  EXPECT_EQ(field(number, "progress", {{"note", note}}), "note");
  EXPECT_EQ(field(number, "progress", {{"note", text_of_length(2'000)}}), "");
  EXPECT_EQ(field(number, "add_charge", {{"item", name}, {"amount_fen", 1}}), "item");
  EXPECT_EQ(field(number, "add_charge", {{"item", text_of_length(200)}, {"amount_fen", 1}}), "");
  EXPECT_EQ(field(number, "verify_material", {{"by", name}, {"verdict", "合格"}}), "by");
  EXPECT_EQ(field(number, "verify_material", {{"by", "王芳"}, {"verdict", name}}), "verdict");
  const auto declined = [&](std::size_t count, const std::string& by) {
    Json signatures = Json::array();
    for (std::size_t i = 0; i < count; ++i) {
      signatures.push_back({{"by", by}, {"role", "customer"}, {"method", "paper"}});
    }
    return field(number, "decline", {{"note", "贵"}, {"signatures", signatures}});
  };
  EXPECT_EQ(declined(11, "王芳"), "signatures");
  EXPECT_EQ(declined(1, name), "signatures");
  EXPECT_EQ(declined(10, "王芳"), "");
  const std::string other = completed();
  EXPECT_EQ(field(other, "sign", {{"by", name}, {"role", "customer"}, {"method", "x"}}), "by");
  EXPECT_EQ(field(other, "sign", {{"by", "王"}, {"role", "customer"}, {"method", name}}), "method");
  EXPECT_EQ(field(other, "call_back", {{"by", "王"}, {"method", name}, {"note", "好"}}), "method");
}

TEST_F(Authority, AnOrderHoldsNoMoreThanAHundredCharges) {
  const std::string number = arrived();
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(status(number, "add_charge", {{"item", "螺丝"}, {"amount_fen", 1}}), 200);
  }
  EXPECT_EQ(field(number, "add_charge", {{"item", "螺丝"}, {"amount_fen", 1}}), "item");
  EXPECT_EQ(json(number)["charges"].size(), 100u);
}

TEST_F(Authority, ASumThatIsTooLargeIsRefusedForThat) {
  const auto done =
      act(arrived(), "add_charge", {{"item", "换阀"}, {"amount_fen", 100'000'000'001}});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().field, "amount_fen");
  EXPECT_NE(done.error().detail.find("0 to 100000000000"), std::string::npos);
}

// What leaves repeats no more than the beginning of what somebody typed.
TEST_F(Authority, NoMessageRepeatsALongTextInFull) {
  auto order = chat_repair();
  order.description = order.place = order.name = text_of_length(3'000);
  const std::string number = record(order);
  EXPECT_EQ(status(number, "assign", {{"assignee", 2}}), 200);
  for (const char* action : {"accept", "arrive", "start"}) EXPECT_EQ(status(number, action), 200);
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(status(number, "add_charge", {{"item", text_of_length(200)}, {"amount_fen", 1}}),
              200);
  }
  EXPECT_EQ(status(number, "complete", {{"note", text_of_length(2'000)}}), 200);
  auto complaint = chat_repair();
  complaint.kind = Kind::complaint;
  EXPECT_EQ(status(record(complaint), "reply", {{"note", text_of_length(2'000)}}), 200);
  auto t = tx();
  desk.dissatisfied(t, orders::find(db(), number).value(), orders::Actor::resident(),
                    text_of_length(280'000));
  ASSERT_GT(post.sent.size(), 5u);
  for (const auto& one : post.sent) {
    for (const auto& [name, value] : one.notice.args) {
      const auto* text = std::get_if<std::string>(&value);
      if (text == nullptr) continue;
      EXPECT_LE(code_points(*text), name == "charges" ? 401u : 201u)
          << one.notice.template_id << " " << name;
    }
  }
}

}  // namespace
}  // namespace huiyin::orders_test
