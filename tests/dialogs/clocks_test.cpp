// Who hears of a clock, when and how often; who met it, under which policy.
#include "bot/speech/speech.h"
#include "dialogs/orders/life.h"
#include "tests/dialogs/orders_support.h"

namespace huiyin::orders_test {
namespace {

using namespace std::chrono_literals;
using orders::Kind;

constexpr const char* remind = "clock.remind";
constexpr const char* missed = "clock.missed";

class Clocks : public OrdersHouse {
 protected:
  Clocks() { desk.listen(listener); }
  struct Heard final : orders::Listener {
    void on_clock(Transaction&, const orders::Order& order, const orders::ClockRecord& clock,
                  bool was_missed) override {
      lines.push_back(order.number + " " + clock.rule + (was_missed ? " missed" : " soon"));
    }
    std::vector<std::string> lines;
  };
  void to(const std::string& number, std::initializer_list<const char*> names) {
    for (const char* name : names) {
      const Json body = std::string_view(name) == "assign" ? Json{{"assignee", 2}} : Json::object();
      ASSERT_EQ(status(number, name, body), 200) << name;
    }
  }
  std::string kind(Kind kind) {
    auto order = desk_repair();
    order.kind = kind;
    if (kind == Kind::task) order.reply_by = now + 60min;
    return record(order);
  }
  // How many messages about clocks there were at all.
  std::ptrdiff_t clock_messages() const {
    return std::ranges::count_if(
        post.sent, [](const Sent& one) { return one.notice.template_id.starts_with("clock."); });
  }
  void TearDown() override { EXPECT_EQ(orders::verify_orders(db()), std::vector<std::string>{}); }
  Heard listener;
};

// R1.9, R5.3: the desk passes it on promptly, and somebody urges.
TEST_F(Clocks, R5_8_TheFrontDeskIsRemindedAMinuteBeforeAndTheSupervisorHearsOfTheMissOnce) {
  const std::string number = record(desk_repair());
  advance(2min - 1s);
  EXPECT_EQ(clock_messages(), 0);
  advance(1s);
  EXPECT_EQ(post.count("role:front_desk", remind), 1);
  advance(1min);  // exactly at due: still in time
  EXPECT_EQ(post.count("role:engineering_supervisor", missed), 0);
  advance(1s);
  EXPECT_EQ(post.count("role:engineering_supervisor", missed), 1);
  advance(48h);
  EXPECT_EQ(clock_messages(), 2);
  EXPECT_EQ(listener.lines,
            (std::vector<std::string>{number + " R5.8 soon", number + " R5.8 missed"}));
}

TEST_F(Clocks, R5_8_AMetClockRemindsNobody) {
  const std::string number = record(desk_repair());
  ASSERT_EQ(status(number, "notify"), 200);
  advance(1h);
  EXPECT_EQ(clock_messages(), 0);
}

TEST_F(Clocks, RecordingByChatSetsNoTimer) {
  record(chat_repair());
  EXPECT_EQ(db().value<std::int64_t>("SELECT count(*) FROM timers").value_or(-1), 0);
}

TEST_F(Clocks, R5_24_TheFrontDeskIsRemindedThreeMinutesBefore) {
  kind(Kind::public_fault);
  advance(7min - 1s);
  EXPECT_EQ(post.count("role:front_desk", remind), 0);
  advance(1s);
  EXPECT_EQ(post.count("role:front_desk", remind), 1);
}

TEST_F(Clocks, R5_10_TheRepairerIsRemindedThreeMinutesBefore) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept"});
  advance(7min);
  EXPECT_EQ(post.count("staff:2", remind), 1);
  EXPECT_EQ(post.count("staff:2", missed), 0);
  advance(3min + 1s);
  EXPECT_EQ(post.count("role:engineering_supervisor", missed), 1);
}

TEST_F(Clocks, R5_11_TheRepairerIsRemindedAQuarterOfAnHourBefore) {
  auto order = chat_repair();
  order.appointment = orders::Appointment{now + 24h, std::nullopt};
  const std::string number = record(order);
  to(number, {"assign", "accept"});
  advance(24h - 20min - 1s);
  EXPECT_EQ(clock_messages(), 0);
  advance(1s);
  EXPECT_EQ(post.count("staff:2", remind), 1);
}

TEST_F(Clocks, R5_11_ARescheduledAppointmentIsRemindedOfAtItsNewTimeAlone) {
  auto order = chat_repair();
  order.appointment = orders::Appointment{now + 2h, std::nullopt};
  const std::string number = record(order);
  to(number, {"assign", "accept"});
  auto t = tx();
  auto found = orders::find(db(), number).value();
  desk.reschedule(t, found, orders::Appointment{now + 5h, std::nullopt}, orders::Actor::resident());
  advance(4h);
  EXPECT_EQ(clock_messages(), 0);
  advance(40min);
  EXPECT_EQ(post.count("staff:2", remind), 1);
}

// Another time, by the resident, for the order as it stands.
#define MOVE(number, when)                                                   \
  {                                                                          \
    auto t = tx();                                                           \
    auto found = orders::find(db(), number).value();                         \
    ASSERT_TRUE(desk.reschedule(t, found, when, orders::Actor::resident())); \
  }

// A visit without an appointment has a limit as well, whichever way it lost the appointment.
TEST_F(Clocks, R5_10_AsSoonAsPossibleInPlaceOfAnAppointmentStartsTheClockNow) {
  auto order = chat_repair();
  order.appointment = orders::Appointment{now + 5h, std::nullopt};
  const std::string number = record(order);
  to(number, {"assign", "accept"});
  advance(30min);
  MOVE(number, std::nullopt);
  const Json asap = clock(number, "R5.10"), before = clock(number, "R5.11");
  ASSERT_FALSE(asap.is_null());
  EXPECT_EQ(asap["anchor_at"], "2026-11-23T10:30:00+08:00");
  EXPECT_EQ(asap["due_at"], "2026-11-23T10:40:00+08:00");
  EXPECT_EQ(before["stopped_at"], "2026-11-23T10:30:00+08:00");
  EXPECT_EQ(before["met_at"], nullptr);
  EXPECT_EQ(before["breached"], false);
  MOVE(number, (orders::Appointment{now + 24h, std::nullopt}));
  const Json after = clock(number, "R5.11");
  EXPECT_EQ(after["due_at"], "2026-11-24T10:25:00+08:00");
  EXPECT_EQ(after["stopped_at"], nullptr);
  ASSERT_EQ(after["earlier"].size(), 1u) << "the first appointment stays on record";
  EXPECT_EQ(after["earlier"][0]["due_at"], "2026-11-23T14:55:00+08:00");
  EXPECT_NE(clock(number, "R5.10")["stopped_at"], nullptr);
  advance(24h - 20min);
  EXPECT_EQ(post.count("staff:2", remind), 1);
  EXPECT_EQ(clock_messages(), 1);
  ASSERT_EQ(status(number, "arrive"), 200);
  EXPECT_EQ(clock(number, "R5.11")["breached"], false);
}

TEST_F(Clocks, R5_10_HasteAskedForAgainGivesNoTimeAnew) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept"});
  advance(9min);
  MOVE(number, std::nullopt);
  EXPECT_EQ(clock(number, "R5.10")["due_at"], "2026-11-23T10:10:00+08:00");
}

TEST_F(Clocks, R5_11_BeforeAnybodyAcceptedNoClockIsMoved) {
  const std::string number = record(chat_repair());
  MOVE(number, (orders::Appointment{now + 5h, std::nullopt}));
  EXPECT_EQ(clock(number, "R5.11"), nullptr);
  to(number, {"assign", "accept"});
  EXPECT_EQ(clock(number, "R5.11")["due_at"], "2026-11-23T14:55:00+08:00");
  EXPECT_EQ(clock(number, "R5.10"), nullptr);
}

// R9.10, A-30: the tower has no limit for as soon as possible, but one for an appointment.
TEST_F(Clocks, R9_10_AnAppointmentMadeAfterTheAcceptanceHasItsClock) {
  directory.profile_.values["rules"] = {{"R5.10", nullptr}, {"R5.11", 0}};
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept"});
  EXPECT_EQ(clock(number, "R5.10"), nullptr);
  MOVE(number, (orders::Appointment{now + 5h, std::nullopt}));
  EXPECT_EQ(clock(number, "R5.11")["due_at"], "2026-11-23T15:00:00+08:00");
}

TEST_F(Clocks, R5_11_AMissedAppointmentStaysMissedBesideTheNewOne) {
  auto order = chat_repair();
  order.appointment = orders::Appointment{now + 1h, std::nullopt};
  const std::string number = record(order);
  to(number, {"assign", "accept"});
  advance(2h);
  MOVE(number, (orders::Appointment{now + 5h, std::nullopt}));
  const Json clocks = json(number)["clocks"];
  EXPECT_EQ(std::count_if(clocks.begin(), clocks.end(),
                          [](const Json& one) { return one["rule"] == "R5.11"; }),
            2);
  EXPECT_EQ(clock(number, "R5.11")["breached"], true);
  EXPECT_EQ(json(number)["overdue"], false) << "the new one runs";
  EXPECT_EQ(clocks.back()["due_at"], "2026-11-23T16:55:00+08:00");
}

// R5.8: what is past due as it starts is missed at once, not a moment later.
TEST_F(Clocks, R5_8_ALimitThatHasPassedWhenTheSheetIsEnteredIsMissedAtOnce) {
  auto order = desk_repair();
  order.received_at = now - 20min;
  const std::string number = record(order);
  EXPECT_EQ(clock(number, "R5.8")["breached"], true);
  EXPECT_EQ(clock(number, "R5.6")["breached"], true);
  EXPECT_EQ(json(number)["overdue"], true) << "R5.8 is not met yet";
  EXPECT_EQ(post.count("role:engineering_supervisor", missed), 2);
  ASSERT_EQ(status(number, "notify"), 200);
  EXPECT_EQ(json(number)["overdue"], false);
  advance(1h);
  EXPECT_EQ(clock_messages(), 2);
}

// The supervisor is who reviews: what they miss goes one level up.
TEST_F(Clocks, R5_12_TheSupervisorIsRemindedAndTheCentreManagerHearsOfTheMiss) {
  auto order = chat_repair();
  order.priced = false;
  const std::string number = record(order);
  ASSERT_EQ(status(number, "review", {{"feasible", true}}), 200);
  advance(10min);
  EXPECT_EQ(post.count("role:engineering_supervisor", remind), 1);
  advance(5min + 1s);
  EXPECT_EQ(post.count("role:centre_manager", missed), 1);
  EXPECT_EQ(post.count("role:engineering_supervisor", missed), 0);
}

TEST_F(Clocks, R5_10_WhatASupervisorMissesOnSiteGoesOneLevelUp) {
  const std::string number = record(chat_repair());
  ASSERT_EQ(status(number, "assign", {{"assignee", 1}}), 200);
  ASSERT_EQ(status(number, "accept"), 200);
  advance(11min);
  EXPECT_EQ(post.count("role:centre_manager", missed), 1);
}

TEST_F(Clocks, R5_21_TheRepairerIsRemindedAnHourBeforeSeventeenOClock) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept", "arrive", "start", "complete"});
  advance_to(at("2026-11-23T16:00:00+08:00"));
  EXPECT_EQ(post.count("staff:2", remind), 1);
  advance_to(at("2026-11-23T17:00:00+08:00"));
  EXPECT_EQ(clock(number, "R5.21")["breached"], false);
  advance(1s);
  EXPECT_EQ(post.count("role:engineering_supervisor", missed), 1);
}

TEST_F(Clocks, R5_22_TheFrontDeskIsRemindedADayBefore) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept", "arrive", "start", "complete"});
  ASSERT_EQ(status(number, "sign", {{"by", "王芳"}, {"role", "customer"}, {"method", "paper"}}),
            200);
  to(number, {"return"});
  advance_to(at("2026-11-24T23:59:58+08:00"));
  EXPECT_EQ(post.count("role:front_desk", remind), 0);
  advance(2s);
  EXPECT_EQ(post.count("role:front_desk", remind), 1);
  advance_to(at("2026-11-26T00:00:00+08:00"));
  EXPECT_EQ(post.count("role:engineering_supervisor", missed), 1);
}

TEST_F(Clocks, R5_26_WhoGoesToThePublicFacilityIsReminded) {
  const std::string number = kind(Kind::public_fault);
  to(number, {"notify", "assign", "accept"});
  advance(10min);
  EXPECT_EQ(post.count("staff:2", remind), 1);
}

TEST_F(Clocks, R8_11_WhoHasTheTaskIsRemindedHalfAnHourBeforeTheReplyTime) {
  const std::string number = kind(Kind::task);
  to(number, {"assign", "accept"});
  advance(30min);
  EXPECT_EQ(post.count("staff:2", remind), 1);
  advance(30min + 1s);
  EXPECT_EQ(post.count("role:engineering_supervisor", missed), 1);
}

TEST_F(Clocks, R8_11_OfATaskThatNobodyTookItsDispatcherIsReminded) {
  auto task = desk_repair();
  task.kind = Kind::task;
  task.reply_by = now + 60min;
  task.dispatcher = 4;
  record(task);
  advance(30min);
  EXPECT_EQ(post.count("staff:4", remind), 1);
}

TEST_F(Clocks, AReminderThatWouldComeWithTheMatterItselfIsLeftOut) {
  auto task = desk_repair();
  task.kind = Kind::task;
  task.reply_by = now + 20min;
  record(task);
  advance(20min);
  EXPECT_EQ(clock_messages(), 0);
  advance(1s);
  EXPECT_EQ(clock_messages(), 1);
}

TEST_F(Clocks, TheProfileSaysHowLongBefore) {
  directory.profile_.values = {{"remind_before_minutes", {{"R5.10", 6}, {"R5.24", 0}}}};
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept"});
  kind(Kind::public_fault);
  advance(4min);
  EXPECT_EQ(post.count("staff:2", remind), 1);
  advance(6min);
  EXPECT_EQ(post.count("role:front_desk", remind), 0);
}

TEST_F(Clocks, AReminderSaysNumberPlaceTaskAndTime) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept"});
  advance(7min);
  const auto& args = post.sent.back().notice.args;
  EXPECT_EQ(std::get<std::string>(args.at("number")), number);
  EXPECT_EQ(std::get<std::string>(args.at("place")), "3-2-501");
  EXPECT_TRUE(std::get<std::string>(args.at("task")).starts_with("clock.task.r5_10"));
  EXPECT_NE(std::get<std::string>(args.at("due")).find("10:10"), std::string::npos);
  EXPECT_EQ(post.sent.back().notice.category, "staff");
  EXPECT_EQ(post.sent.back().notice.order, number);
}

// The script has words for every rule that is a clock, in both languages.
TEST_F(Clocks, EveryRuleHasWords) {
  const auto script = load_speech(std::string(HUIYIN_SOURCE_DIR) + "/config/phrases");
  ASSERT_TRUE(script);
  for (const auto rule : orders::clock_rules()) {
    std::string id = "clock.task." + std::string(rule);
    std::ranges::replace(id.begin() + 11, id.end(), '.', '_');
    id[11] = 'r';
    EXPECT_TRUE((*script)->has(id)) << id;
  }
}

TEST_F(Clocks, AClockKeepsWhoMetItAndUnderWhichPolicy) {
  directory.profile_.values = {{"version", "2026-03"}};
  const std::string number = record(chat_repair());
  EXPECT_EQ(clock(number, "R5.6")["met_by"], "resident");
  EXPECT_EQ(clock(number, "R5.8")["met_by"], "system");
  to(number, {"assign", "accept"});
  EXPECT_EQ(clock(number, "R5.10")["met_by"], nullptr);
  EXPECT_EQ(clock(number, "R5.10")["policy"], "liyuan 2026-03");
  directory.profile_.values["version"] = "2026-04";  // the limit stays the one it started with
  ASSERT_EQ(status(number, "arrive", Json::object(), technician), 200);
  EXPECT_EQ(clock(number, "R5.10")["met_by"], "staff:2");
  EXPECT_EQ(clock(number, "R5.10")["policy"], "liyuan 2026-03");
}

// The gateway was away when it ran out: the action finds it missed, and the supervisor hears of it
// then, once.
TEST_F(Clocks, R5_10_AMissThatOnlyTheActionFindsIsToldOnceAsWell) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept"});
  now += 20min;  // nothing fired
  ASSERT_EQ(status(number, "arrive", Json::object(), technician), 200);
  EXPECT_EQ(clock(number, "R5.10")["breached"], true);
  EXPECT_EQ(post.count("role:engineering_supervisor", missed), 1);
  advance(24h);
  EXPECT_EQ(post.count("role:engineering_supervisor", missed), 1);
  EXPECT_EQ(post.count("staff:2", remind), 0);
}

TEST_F(Clocks, R5_10_ATimerThatFiresLateMissesAndDoesNotRemind) {
  const std::string number = record(chat_repair());
  to(number, {"assign", "accept"});
  now += 20min;
  advance(0min);
  EXPECT_EQ(post.count("staff:2", remind), 0);
  EXPECT_EQ(post.count("role:engineering_supervisor", missed), 1);
}

TEST_F(Clocks, R5_6_ASheetFilledTooLateIsToldAtOnce) {
  auto late = desk_repair();
  late.received_at = now - 150s;  // R5.8 has half a minute yet
  record(late);
  EXPECT_EQ(post.count("role:engineering_supervisor", missed), 1);
}

TEST_F(Clocks, AReadNeverDecidesLateness) {
  const std::string number = record(desk_repair());
  now += 1h;
  EXPECT_EQ(clock(number, "R5.8")["breached"], false);
  EXPECT_EQ(json(number)["overdue"], false);
}

// R5.9 "at once" has no limit; an estate may want to be told all the same.
TEST_F(Clocks, R5_9_NobodyIsToldOfAWaitingRepairUnlessTheEstateWantsIt) {
  record(chat_repair());
  advance(10h);
  EXPECT_EQ(post.count("role:engineering_supervisor", "clock.assign"), 0);
  directory.profile_.values = {{"assign_alert_minutes", 10}};
  const std::string number = record(chat_repair());
  advance(10min);
  EXPECT_EQ(post.count("role:engineering_supervisor", "clock.assign"), 1);
  EXPECT_EQ(clock(number, "R5.9"), nullptr);
  const std::string assigned = record(chat_repair());
  to(assigned, {"assign"});
  advance(10h);
  EXPECT_EQ(post.count("role:engineering_supervisor", "clock.assign"), 1);
}

}  // namespace
}  // namespace huiyin::orders_test
