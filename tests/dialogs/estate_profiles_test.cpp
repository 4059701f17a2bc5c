// What the estates' profiles set: the shipped ones as they are, and a third that is a file alone.
#include "bot/gateway/config_check.h"
#include "bot/gateway/post_office.h"
#include "dialogs/estate/estate_directory.h"
#include "dialogs/orders/life.h"
#include "dialogs/orders/policy.h"
#include "tests/dialogs/orders_support.h"

namespace huiyin::orders_test {
namespace {

using namespace std::chrono_literals;
using orders::Kind;

const std::string config = std::string(HUIYIN_SOURCE_DIR) + "/config";

EstateProfile profile_of(const std::string& folder, const std::string& id) {
  return estate::load_profiles(folder + "/estates").value().at(id);
}

class EstateProfiles : public OrdersHouse {
 protected:
  void live_in(const std::string& id, const std::string& folder = config) {
    directory.profile_ = profile_of(folder, id);
  }
  void set(const std::string& name, Json value) {
    directory.profile_.values[name] = std::move(value);
  }
  void to_accepted(const std::string& number) {
    ASSERT_EQ(status(number, "assign", {{"assignee", 2}}), 200);
    ASSERT_EQ(status(number, "accept", Json::object(), by_chat), 200);
  }
  void to_completed(const std::string& number) {
    to_accepted(number);
    for (const char* action : {"arrive", "start", "complete"}) {
      ASSERT_EQ(status(number, action, Json::object(), by_chat), 200) << action;
    }
  }
  orders::NewOrder appointed(std::string_view when) {
    auto order = desk_repair();
    order.appointment = orders::Appointment{at(when), std::nullopt};
    return order;
  }
  orders::NewOrder public_fault() {
    auto fault = desk_repair();
    fault.kind = Kind::public_fault;
    return fault;
  }
  void TearDown() override { EXPECT_EQ(orders::verify_orders(db()), std::vector<std::string>{}); }
  const orders::Actor by_chat{"staff:2", "technician", 2, "rest"};
};

// A-30: section 9 has no minutes, and the shipped file says so by the numbers of the rules.
TEST_F(EstateProfiles, A_30_TheShippedTowerHasNoMinuteLimitAtAll) {
  live_in("tower");
  const std::string repair = record(desk_repair());
  to_completed(repair);
  EXPECT_EQ(json(repair)["clocks"], Json::array());
  auto off_list = desk_repair();
  off_list.priced = false;
  const std::string reviewed = record(off_list);
  ASSERT_EQ(status(reviewed, "review", {{"feasible", true}}), 200);
  EXPECT_EQ(json(reviewed)["clocks"], Json::array());  // R9.11
  const std::string fault = record(public_fault());
  to_accepted(fault);
  EXPECT_EQ(json(fault)["clocks"], Json::array());
}

TEST_F(EstateProfiles, A_30_TheShippedLiyuanHasTheLimitsOfSectionFive) {
  live_in("liyuan");
  const std::string repair = record(desk_repair());
  EXPECT_EQ(clock(repair, "R5.6")["due_at"], "2026-11-23T10:02:00+08:00");
  EXPECT_EQ(clock(repair, "R5.8")["due_at"], "2026-11-23T10:03:00+08:00");
  to_completed(repair);
  EXPECT_EQ(clock(repair, "R5.10")["due_at"], "2026-11-23T10:10:00+08:00");
  EXPECT_EQ(clock(repair, "R5.21")["due_at"], "2026-11-23T17:00:00+08:00");
  const std::string fault = record(public_fault());
  EXPECT_EQ(clock(fault, "R5.24")["due_at"], "2026-11-23T10:10:00+08:00");
  EXPECT_EQ(clock(fault, "R5.6"), nullptr);
}

TEST_F(EstateProfiles, R9_10_TheTowersRepairerComesBeforeTheAppointedTimeAndNotFiveMinutesBefore) {
  live_in("tower");
  const std::string number = record(appointed("2026-11-24T10:00:00+08:00"));
  to_accepted(number);
  EXPECT_EQ(clock(number, "R5.11")["due_at"], "2026-11-24T10:00:00+08:00");
  live_in("liyuan");
  const std::string other = record(appointed("2026-11-24T10:00:00+08:00"));
  to_accepted(other);
  EXPECT_EQ(clock(other, "R5.11")["due_at"], "2026-11-24T09:55:00+08:00");
}

TEST_F(EstateProfiles, R9_7_TheTowersSheetHasThreeCopiesAndLiyuansFour) {
  live_in("tower");
  EXPECT_EQ(json(record(desk_repair()))["copies"].size(), 3u);
  live_in("liyuan");  // R5.7, A-6
  EXPECT_EQ(json(record(desk_repair()))["copies"].size(), 4u);
}

// R9.8, R9.9: the receiver signs when the sheet is taken; by chat the acceptance is the signature.
TEST_F(EstateProfiles, R9_8_InTheTowerWhoeverAcceptsARepairSignsForIt) {
  live_in("tower");
  const std::string number = record(desk_repair());
  advance(90s);
  to_accepted(number);
  const Json one = json(number)["signatures"];
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0], (Json{{"by", "李师傅"},
                          {"role", "technician"},
                          {"method", "chat"},
                          {"at", "2026-11-23T10:01:30+08:00"}}));
  live_in("liyuan");
  const std::string unsigned_there = record(desk_repair());
  to_accepted(unsigned_there);
  EXPECT_EQ(json(unsigned_there)["signatures"], Json::array());
}

TEST_F(EstateProfiles, R9_8_TheDeskMayWriteWhoSignedAndHow) {
  live_in("tower");
  const std::string number = record(desk_repair());
  ASSERT_EQ(status(number, "assign", {{"assignee", 2}}), 200);
  ASSERT_EQ(status(number, "accept", {{"by", "陈师傅"}, {"method", "paper"}}), 200);
  EXPECT_EQ(json(number)["signatures"][0]["by"], "陈师傅");
  EXPECT_EQ(json(number)["signatures"][0]["method"], "paper");
}

TEST_F(EstateProfiles, A_7_TheProfilesNotifyAnchorWinsOverTheSetting) {
  live_in("liyuan");
  auto order = desk_repair();
  order.received_at = now - 1min;
  EXPECT_EQ(clock(record(order), "R5.8")["due_at"], "2026-11-23T10:02:00+08:00");
  set("notify_anchor", "filled");
  const Json filled = clock(record(order), "R5.8");
  EXPECT_EQ(filled["due_at"], "2026-11-23T10:03:00+08:00");
  EXPECT_EQ(filled["anchor"], "filled");
}

// A-9: from the signing for the form, the assignment or the notice.
TEST_F(EstateProfiles, R5_26_StartsWhereTheProfileSays) {
  live_in("liyuan");
  for (const auto& [anchor, due] : {std::pair{"accept", "2026-11-23T10:19:00+08:00"},
                                    std::pair{"assign", "2026-11-23T10:17:00+08:00"},
                                    std::pair{"notify", "2026-11-23T10:16:00+08:00"}}) {
    now = at("2026-11-23T10:00:00+08:00");
    set("arrival_anchor", anchor);
    const std::string number = record(public_fault());
    now += 1min;
    ASSERT_EQ(status(number, "notify"), 200);
    now += 1min;
    ASSERT_EQ(status(number, "assign", {{"assignee", 2}}), 200);
    now += 2min;
    ASSERT_EQ(status(number, "accept", Json::object(), technician), 200);
    EXPECT_EQ(clock(number, "R5.26")["due_at"], due) << anchor;
    EXPECT_EQ(clock(number, "R5.26")["anchor"], anchor);
  }
}

// A-8: minutes run day and night unless the profile says service_hours.
TEST_F(EstateProfiles, A_8_MinutesStandStillOutsideServiceHoursOnlyWhereTheProfileSaysSo) {
  live_in("liyuan");
  now = at("2026-11-23T17:58:00+08:00");  // a Monday; the desk closes at 18:00
  const std::string always = record(public_fault());
  EXPECT_EQ(clock(always, "R5.24")["due_at"], "2026-11-23T18:08:00+08:00");
  EXPECT_EQ(clock(always, "R5.24")["pauses"], Json::array());
  set("clocks", "service_hours");
  const std::string paused = record(public_fault());
  const Json one = clock(paused, "R5.24");
  EXPECT_EQ(one["due_at"], "2026-11-24T08:38:00+08:00");
  EXPECT_EQ(one["pauses"],
            (Json{{{"from", "2026-11-23T18:00:00+08:00"}, {"to", "2026-11-24T08:30:00+08:00"}}}));
  advance_to(at("2026-11-24T08:30:00+08:00"));
  EXPECT_EQ(clock(paused, "R5.24")["breached"], false);
  EXPECT_EQ(clock(always, "R5.24")["breached"], true);
}

TEST_F(EstateProfiles, A_8_WhatWouldHaveComeAfterItWasMetWasNoPause) {
  live_in("liyuan");
  set("clocks", "service_hours");
  now = at("2026-11-23T17:58:00+08:00");
  const std::string number = record(public_fault());
  advance(1min);
  ASSERT_EQ(status(number, "notify"), 200);
  EXPECT_EQ(clock(number, "R5.24")["pauses"], Json::array());
}

// 调休: a holiday is closed whatever the weekday, a swapped weekend day is worked.
TEST_F(EstateProfiles, A_8_HolidaysArePausesAndSwappedDaysAreNot) {
  live_in("liyuan");
  set("clocks", "service_hours");
  set("service_hours", {{"mon", {"09:00-17:00"}},
                        {"tue", {"09:00-17:00"}},
                        {"wed", {"09:00-17:00"}},
                        {"thu", {"09:00-17:00"}},
                        {"fri", {"09:00-17:00"}},
                        {"sat", Json::array()},
                        {"sun", Json::array()}});
  set("holidays", {"2026-11-24", "2026-11-25"});
  set("workdays", {"2026-11-28"});
  now = at("2026-11-23T16:55:00+08:00");
  EXPECT_EQ(clock(record(public_fault()), "R5.24")["due_at"], "2026-11-26T09:05:00+08:00");
  now = at("2026-11-27T16:55:00+08:00");  // a Friday before a Saturday that is worked
  EXPECT_EQ(clock(record(public_fault()), "R5.24")["due_at"], "2026-11-28T09:05:00+08:00");
}

TEST_F(EstateProfiles, A_28_TheDailyCutoffOfANonWorkingDayFollowsThePolicy) {
  live_in("tower");
  directory.profile_.values["rules"]["R5.21"] = "17:00";
  now = at("2026-11-28T15:00:00+08:00");  // Saturday; Sunday is closed
  const auto due_after = [&](std::string_view completed, const char* policy) {
    set("cutoff_policy", {{"daily", policy}});
    now = at(completed);
    const std::string number = record(desk_repair());
    to_completed(number);
    return clock(number, "R5.21")["due_at"].get<std::string>();
  };
  EXPECT_EQ(due_after("2026-11-28T17:30:00+08:00", "next_day"), "2026-11-29T17:00:00+08:00");
  EXPECT_EQ(due_after("2026-11-28T17:30:00+08:00", "next_working_day"),
            "2026-11-30T17:00:00+08:00");
  EXPECT_EQ(due_after("2026-11-29T09:00:00+08:00", "next_working_day"),
            "2026-11-30T17:00:00+08:00");
}

TEST_F(EstateProfiles, A_28_TheMonthlyCutoffOfANonWorkingDayFollowsThePolicy) {
  EstateProfile tower = profile_of(config, "tower");
  tower.values["rules"]["R5.22"] = 25;
  orders::Order repair;
  const auto due = [&](const char* policy, std::string_view returned) {
    tower.values["cutoff_policy"] = {{"monthly", policy}};
    return tower.zone.rfc3339(orders::due_of("R5.22", repair, tower, at(returned)).value());
  };
  // 25 April 2027 is a Sunday, on which the tower is closed.
  EXPECT_EQ(due("next_month", "2027-04-10T10:00:00+08:00"), "2027-04-25T23:59:59+08:00");
  EXPECT_EQ(due("working_day_before", "2027-04-10T10:00:00+08:00"), "2027-04-24T23:59:59+08:00");
  EXPECT_EQ(due("working_day_before", "2027-04-25T10:00:00+08:00"), "2027-05-25T23:59:59+08:00");
  EXPECT_EQ(due("working_day_after", "2027-04-10T10:00:00+08:00"), "2027-04-26T23:59:59+08:00");
  EXPECT_EQ(due("working_day_after", "2027-04-26T10:00:00+08:00"), "2027-04-26T23:59:59+08:00");
  EXPECT_EQ(due("next_month", "2027-04-26T10:00:00+08:00"), "2027-05-25T23:59:59+08:00");
}

TEST_F(EstateProfiles, A_24_AVerdictOfOnesOwnWordsIsKeptAndMarked) {
  const auto marked = [&](const std::string& verdict) {
    const std::string number = record(desk_repair());
    to_accepted(number);
    EXPECT_EQ(status(number, "arrive", Json::object(), technician), 200);
    EXPECT_EQ(status(number, "verify_material", {{"by", "住户"}, {"verdict", verdict}}, technician),
              200);
    EXPECT_EQ(json(number)["materials"][0]["verdict"], verdict);
    EXPECT_EQ(status(number, "start", Json::object(), technician), 200);  // R5.17: their choice
    const Json history = json(number)["history"];
    return history[history.size() - 2]["detail"].contains("own_word");
  };
  live_in("liyuan");
  EXPECT_FALSE(marked("质量不佳"));  // R5.16
  EXPECT_FALSE(marked("不合格"));
  live_in("tower");
  EXPECT_TRUE(marked("质量不佳"));  // R9.13 has two
  EXPECT_FALSE(marked("合格"));
  EXPECT_TRUE(marked("pass"));
}

TEST_F(EstateProfiles, R9_2_TheDepartmentIsCalledAsTheEstateCallsIt) {
  live_in("liyuan");
  EXPECT_EQ(orders::department(directory.profile_, Language::zh_hans), "工程部");
  live_in("tower");
  EXPECT_EQ(orders::department(directory.profile_, Language::zh_hans), "机电部");
}

TEST_F(EstateProfiles, A_4_AnotherRoleMayDoTheWorkOfOne) {
  live_in("liyuan");
  EXPECT_EQ(directory.profile_.role_for("front_desk"), "front_desk");
  set("roles", {{"front_desk", "property_assistant"}});
  EXPECT_EQ(directory.profile_.role_for("front_desk"), "property_assistant");
  EXPECT_EQ(directory.profile_.role_for("finance"), "finance");
  directory.staff_.push_back(
      {5, "周助理", "property_assistant", "liyuan", "+8613900000005", "", ""});
  store::ConversationLog log;
  std::vector<std::string> to;
  PostOffice office({speech, directory, log,
                     [&](Transaction&, const Outbound& out) {
                       to.push_back(out.to);
                       return std::string("ob_1");
                     },
                     [] { return std::string("twilio"); }});
  auto t = tx();
  Notice notice;
  notice.template_id = "clock.remind";
  notice.estate = "liyuan";
  office.to_role(t, "front_desk", notice);
  EXPECT_EQ(to, (std::vector<std::string>{"+8613900000005"}));
}

// R5.28, R9.16 with A-10: whoever repairs writes the amount, nobody collects. There is no action
// that takes money, and no estate may turn it on.
TEST_F(EstateProfiles, R5_28_NoActionTakesMoneyAndNoProfileMayAllowIt) {
  for (const auto& action : orders::actions()) {
    for (const char* word : {"collect", "pay", "receive", "cash", "receipt"}) {
      EXPECT_EQ(action.name.find(word), std::string_view::npos) << action.name;
      for (const auto& member : action.members) {
        EXPECT_EQ(member.name.find(word), std::string_view::npos) << action.name;
      }
    }
    // Amounts are written down before the work is done or after it; no state is a payment.
    for (const auto& member : action.members) {
      if (member.type != "fen") continue;
      EXPECT_TRUE(orders::listed("quote add_charge correct_charge", action.name)) << action.name;
    }
  }
  test::TempDir dir;
  std::filesystem::copy(config, dir / "config", std::filesystem::copy_options::recursive);
  Json tower = profile_of(config, "tower").values;
  EXPECT_EQ(tower["onsite_collection"], false);
  tower["onsite_collection"] = true;
  dir.write("config/estates/tower.json", tower.dump());
  const auto faults = check_estates(dir / "config");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].pointer, "/onsite_collection");
}

// A third estate is a file: everything it differs in is obeyed, and check passes.
TEST_F(EstateProfiles, A30_AThirdEstateIsAFileAndNoCode) {
  test::TempDir dir;
  std::filesystem::copy(config, dir / "config", std::filesystem::copy_options::recursive);
  Json garden = profile_of(config, "liyuan").values;
  garden.update({{"id", "garden"},
                 {"version", "7"},
                 {"name", {{"zh", "示例花园"}, {"en", "Sample Garden"}}},
                 {"department", {{"zh", "维修班"}, {"en", "Repair team"}}},
                 {"repair_sheet", {{"copies", 2}, {"holders", {"customer", "finance"}}}},
                 {"receiver_signs", true},
                 {"price_list", "price_list_garden.json"},
                 {"assign_alert_minutes", 10}});
  garden["rules"].update({{"R5.8", 20}, {"R5.10", 45}, {"R5.24", nullptr}, {"R5.21", "16:30"}});
  dir.write("config/estates/garden.json", garden.dump());
  dir.write("config/catalogue/price_list_garden.json",
            R"({"version": "7", "items": [{"id": "lock", "name": "换指纹锁", "en": "Replace a lock",
                "unit": "把", "labour_fen": 9900, "items": ["指纹锁"]}]})");
  EXPECT_EQ(check_estates(dir / "config").size(), 0u);
  EXPECT_EQ(check_catalogue(dir / "config").size(), 0u);

  live_in("garden", dir / "config");
  const auto items = orders::Catalogue::load(dir / "config/catalogue").value();
  orders::Orders garden_desk(directory, speech, post, "received", items,
                             orders::PriceLists::load(dir / "config/catalogue", items).value());
  auto t = tx();
  auto lock = desk_repair();
  lock.item = lock.description = "指纹锁";
  const std::string number = garden_desk.record(t, lock);
  EXPECT_EQ(json(number)["priced"], true);  // its own list has it
  EXPECT_EQ(json(garden_desk.record(t, desk_repair()))["priced"], false);
  EXPECT_EQ(json(number)["copies"].size(), 2u);
  EXPECT_EQ(clock(number, "R5.8")["due_at"], "2026-11-23T10:20:00+08:00");
  EXPECT_EQ(clock(number, "R5.8")["policy"], "garden 7");
  to_completed(number);
  EXPECT_EQ(clock(number, "R5.10")["due_at"], "2026-11-23T10:45:00+08:00");
  EXPECT_EQ(clock(number, "R5.21")["due_at"], "2026-11-23T16:30:00+08:00");
  EXPECT_EQ(json(number)["signatures"].size(), 1u);
  EXPECT_EQ(clock(record(public_fault()), "R5.24"), nullptr);
}

TEST_F(EstateProfiles, CheckNamesARuleAPolicyAndAPriceListThatAreNotThere) {
  const struct {
    const char* pointer;
    Json value;
  } cases[] = {
      {"/rules/repair.notify_max", 3},
      {"/rules/minute_limits", false},
      {"/remind_before_minutes/R5.6", 1},
      {"/cutoff_policy/daily", "never"},
      {"/clocks", "sometimes"},
      {"/arrival_anchor", "complete"},
      {"/notify_anchor", "told"},
      {"/assign_alert_minutes", 0},
      {"/penalties/mode", "deduct"},
      {"/price_list", "price_list_lost.json"},
      {"/department/zh", ""},
      {"/receiver_signs", "yes"},
      {"/material_verdicts", Json::array()},
      {"/version", ""},
  };
  test::TempDir dir;
  std::filesystem::copy(config, dir / "config", std::filesystem::copy_options::recursive);
  for (const auto& one : cases) {
    Json liyuan = profile_of(config, "liyuan").values;
    liyuan[Json::json_pointer(one.pointer)] = one.value;
    dir.write("config/estates/liyuan.json", liyuan.dump());
    const auto faults = check_estates(dir / "config");
    ASSERT_EQ(faults.size(), 1u) << one.pointer;
    EXPECT_EQ(faults[0].pointer, one.pointer);
    // Nor does serve start with it: what nothing reads is not obeyed.
    EXPECT_FALSE(estate::load_profiles(dir / "config/estates")) << one.pointer;
  }
}

}  // namespace
}  // namespace huiyin::orders_test
