// Random walks over the life of work orders: legal and illegal actions by whoever, sound and silly
// bodies, time going on in between. Whatever happens, numbers stay gapless, each clock is met or
// missed once, each copy has one holder, a refusal changes nothing, and the audit finds no fault.
#include <gtest/gtest.h>
// After GoogleTest: it does not include what it uses.
#include <rapidcheck/gtest.h>

#include "dialogs/orders/order_list.h"
#include "tests/dialogs/orders_support.h"

namespace huiyin::orders_test {
namespace {

using orders::Actor;
using orders::Kind;

class Walk : public OrdersHouse {
 public:
  void TestBody() override {}  // walked from outside

  // Back to an empty house: making a new one would cost a file and its fsyncs.
  void empty() {
    db().script("ROLLBACK");
    db().script("BEGIN");
    now = at("2026-11-23T10:00:00+08:00");
    post.sent.clear();
    numbers.clear();
  }

  // An order of any kind, by chat or at the desk.
  void take() {
    auto order = *rc::gen::arbitrary<bool>() ? chat_repair() : desk_repair();
    order.kind = *rc::gen::element(Kind::repair, Kind::public_fault, Kind::complaint, Kind::task);
    order.priced = *rc::gen::arbitrary<bool>();
    order.estate = *rc::gen::arbitrary<bool>() ? "liyuan" : "tower";
    if (*rc::gen::arbitrary<bool>()) {
      const Instant from = now + std::chrono::minutes(*rc::gen::inRange(1, 3'000));
      order.appointment = orders::Appointment{from, std::nullopt};
    }
    if (order.kind == Kind::task) {
      order.dispatcher = 4;
      order.requirement = "擦干净";
      order.reply_by = now + std::chrono::minutes(*rc::gen::inRange(1, 3'000));
    }
    numbers.push_back(record(order));
  }

  static Actor any_actor() {
    static const std::vector<Actor> actors{{"admin", "admin", 0, "api"},
                                           {"staff:1", "engineering_supervisor", 1, "sms"},
                                           {"staff:2", "technician", 2, "sms"},
                                           {"staff:3", "technician", 3, "rest"},
                                           {"staff:4", "service_supervisor", 4, "api"},
                                           {"staff:9", "front_desk", 9, "api"},
                                           {"staff:8", "finance", 8, "api"},
                                           Actor::resident("rest")};
    return *rc::gen::elementOf(actors);
  }

  // A member's value: sound more often than not.
  Json any_value(const orders::Member& member) const {
    if (*rc::gen::inRange(0, 10) == 0) {
      static const std::vector<Json> silly{nullptr, -1, "", 3.5, Json::array(), true, "三十一日"};
      return *rc::gen::elementOf(silly);
    }
    if (member.type == "flag") return *rc::gen::arbitrary<bool>();
    if (member.type == "fen") return *rc::gen::inRange(0, 100'000);
    if (member.type == "staff") return *rc::gen::element(1, 2, 3, 4, 77);
    if (member.type == "severity") return *rc::gen::element("general", "important", "major", "bad");
    if (member.type == "signatures") {
      return Json::array({{{"by", "王芳"}, {"role", "customer"}, {"method", "paper"}}});
    }
    if (member.name == "into") return *rc::gen::elementOf(numbers);
    if (member.name == "role") return *rc::gen::arbitrary<bool>() ? "customer" : "technician";
    return "说明";
  }

  void try_something() {
    const std::string number = *rc::gen::elementOf(numbers);
    const auto order = orders::find(db(), number).value();
    // Mostly something that is allowed to somebody now, else anything.
    std::string action;
    const auto now_allowed = orders::allowed(order, false, {"admin", "admin", 0, "api"});
    if (!now_allowed.empty() && *rc::gen::inRange(0, 4) != 0) {
      action = *rc::gen::elementOf(now_allowed);
    } else {
      const auto all = orders::actions();
      action = all[*rc::gen::inRange<std::size_t>(0, all.size())].name;
    }
    const Actor actor = *rc::gen::inRange(0, 3) == 0 ? any_actor() : Actor{"admin", "admin", 0, ""};
    Json body = Json::object();
    for (const auto& member : orders::find_action(action)->members) {
      body[std::string(member.name)] = any_value(member);
    }
    const Json before = json(number);
    const std::size_t told = post.sent.size();
    const std::int64_t others = rows();
    const auto done = act(number, action, body, actor);
    if (!done) {
      RC_ASSERT(json(number) == before);
      RC_ASSERT(post.sent.size() == told);
      RC_ASSERT(rows() == others);
      return;
    }
    const Json after = json(number);
    RC_ASSERT(after["history"].size() == before["history"].size() + 1);
    RC_ASSERT(after["history"].back()["action"] == action);
    keep(before, after);
  }

  // What was written once stays: history, the outcome of each clock, each copy's one holder.
  void keep(const Json& before, const Json& after) const {
    for (std::size_t i = 0; i < before["history"].size(); ++i) {
      RC_ASSERT(after["history"][i] == before["history"][i]);
    }
    for (const auto& clock : before["clocks"]) {
      const Json* same = nullptr;
      for (const auto& one : after["clocks"]) {
        if (one["rule"] == clock["rule"]) same = &one;
      }
      RC_ASSERT(same != nullptr);
      if (!clock["met_at"].is_null()) RC_ASSERT((*same)["met_at"] == clock["met_at"]);
      if (clock["breached"] == true) RC_ASSERT((*same)["breached"] == true);
    }
    std::set<int> copies;
    for (const auto& copy : after["copies"]) {
      RC_ASSERT(copies.insert(copy["copy"].get<int>()).second);
      RC_ASSERT(!copy["holder"].get<std::string>().empty());
    }
    RC_ASSERT(after["copies"].size() == before["copies"].size());
  }

  // Time goes on; a clock that passes its due time unmet is missed just then, never later.
  void wait() {
    advance(std::chrono::minutes(*rc::gen::element(0, 1, 2, 3, 5, 10, 15, 60, 600, 20'000)));
    for (const auto& number : numbers) {
      for (const auto& clock : json(number)["clocks"]) {
        if (!clock["met_at"].is_null() || !clock["stopped_at"].is_null()) continue;
        const Instant due = at(clock["due_at"].get<std::string>());
        RC_ASSERT((clock["breached"] == true) == (due < now));
      }
    }
  }

  void sound_in_the_end() {
    const auto faults = orders::verify_orders(db());
    if (!faults.empty()) RC_FAIL(faults.front());
    std::map<std::string, int> last;
    for (const auto& number : numbers) {
      const std::string prefix = number.substr(0, number.find('-'));
      RC_ASSERT(std::stoi(number.substr(number.find('-') + 1)) == ++last[prefix]);
    }
  }

  // A page is what looking at every order would give.
  void look_at_a_list() {
    orders::OrderFilter filter;
    const auto some = orders::find(db(), *rc::gen::elementOf(numbers)).value();
    if (*rc::gen::arbitrary<bool>()) filter.kind = to_string(some.kind);
    if (*rc::gen::arbitrary<bool>()) filter.state = some.state;
    if (*rc::gen::arbitrary<bool>()) filter.estate = some.estate;
    if (*rc::gen::inRange(0, 4) == 0) filter.unit = some.unit;
    if (*rc::gen::inRange(0, 3) == 0) filter.overdue = *rc::gen::arbitrary<bool>();
    const std::int64_t before = *rc::gen::arbitrary<bool>() ? some.id + 1 : 0;
    const int limit = *rc::gen::inRange(1, 6);
    std::vector<std::string> expected, got;
    for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
      const auto order = orders::find(db(), *number).value();
      const bool fits = (filter.kind.empty() || filter.kind == to_string(order.kind)) &&
                        (filter.state.empty() || filter.state == order.state) &&
                        (filter.estate.empty() || filter.estate == order.estate) &&
                        (filter.unit.empty() || filter.unit == order.unit) &&
                        (!filter.overdue || *filter.overdue == (order.overdue > 0)) &&
                        (before == 0 || order.id < before);
      if (fits && static_cast<int>(expected.size()) < limit) expected.push_back(*number);
    }
    for (const auto& order : orders::list(db(), filter, before, limit)) {
      got.push_back(order.number);
    }
    RC_ASSERT(got == expected);
  }

  std::vector<std::string> numbers;

 private:
  std::int64_t rows() {
    return db()
        .value<std::int64_t>(
            "SELECT (SELECT count(*) FROM order_events)"
            " + (SELECT count(*) FROM order_charges)"
            " + (SELECT count(*) FROM order_signatures)"
            " + (SELECT count(*) FROM order_materials)"
            " + (SELECT count(*) FROM timers)")
        .value();
  }
};

// R5.6, R5.7, R5.10, R5.11, R5.12, R5.21, R5.22, R5.24, R5.26, R8.11: clocks and copies hold
// whatever people do; R3.5 nothing is lost on the way.
RC_GTEST_PROP(OrdersWalk, WhateverIsTriedTheRecordsStaySound, ()) {
  static Walk walk;
  walk.empty();
  walk.take();
  const int steps = *rc::gen::inRange(1, 60);
  for (int step = 0; step < steps; ++step) {
    const int what = *rc::gen::inRange(0, 10);
    if (what == 0)
      walk.take();
    else if (what <= 2)
      walk.wait();
    else if (what == 3)
      walk.look_at_a_list();
    else
      walk.try_something();
  }
  walk.sound_in_the_end();
}

}  // namespace
}  // namespace huiyin::orders_test
