// What a resident tells comes in by web chat, by Twilio and through a real Kannel, and each time it
// is answered where it was told, recorded, and carried to a supervisor's phone: outbox, a real
// Redis stream, the SMS provider, and its delivery report back (rules R4.2, R4.3, R5.6, R5.8).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "store/connection.h"
#include "store/outbox.h"
#include "tests/e2e/entry_house.h"

namespace huiyin {
namespace {

using testing::HasSubstr;
using Words = std::vector<std::string>;

constexpr auto* wang = "+8613800138000";      // of 3-2-501
constexpr auto* stranger = "+8613700137000";  // of no unit
const std::string whole =
    "我是3栋2单元501的王芳，厨房水龙头漏水，明天上午十点来修，电话13800138000";
const std::string yes = "对，提交";

std::string number_in(const std::string& answer, const std::string& prefix) {
  std::smatch found;
  return std::regex_search(answer, found, std::regex(prefix + "[0-9]{8}-[0-9]{4,}")) ? found.str()
                                                                                     : "";
}

// Says all of it and, where the bot asks, yes; the number that is told at the end.
std::string tell(test::EntryHouse& house, Words& words, const std::string& prefix) {
  std::string number;
  for (const auto& one : Words(words)) {
    EXPECT_EQ(number, "") << "recorded before all was told";
    number = number_in(house.say(one), prefix);
  }
  if (!number.empty()) return number;
  words.push_back(yes);
  const std::string answer = house.say(yes);
  number = number_in(answer, prefix);
  EXPECT_NE(number, "") << answer;
  return number;
}

// The tracker holds what came over the wire, each message once, to the letter.
void check_heard(test::EntryHouse& house, const Words& words) {
  const Json tracker =
      house.get("/conversations/" + http::percent_encode(house.sender()) + "/tracker");
  Words heard;
  for (const auto& event : tracker.value("events", Json::array())) {
    if (text_of(event, "event") == "user") heard.push_back(text_of(event, "text"));
  }
  EXPECT_EQ(heard, words);
  EXPECT_EQ(text_of(tracker, "latest_input_channel"), house.entry());
}

Json check_order(test::EntryHouse& house, const std::string& number, const std::string& kind,
                 const std::string& description) {
  Json order = house.get("/api/v1/work-orders/" + number);
  EXPECT_EQ(text_of(order, "number"), number);
  EXPECT_EQ(text_of(order, "kind"), kind);
  EXPECT_EQ(text_of(order, "estate"), "liyuan");
  EXPECT_EQ(text_of(order, "channel"), "chat");
  EXPECT_EQ(text_of(order, "description"), description);
  return order;
}

void check_repair(test::EntryHouse& house, const std::string& number,
                  const std::string& description) {
  const Json order = check_order(house, number, "repair", description);
  EXPECT_EQ(text_of(order, "state"), "notified");
  EXPECT_EQ(text_of(order, "unit"), "3-2-501");
  EXPECT_EQ(order["customer"], Json({{"name", "王芳"}, {"phone", wang}}));
  EXPECT_EQ(order["appointment"], Json({{"from", "2026-11-24T10:00:00+08:00"}, {"to", nullptr}}));
}

// The work went through the stream of Redis: entries were added, the workers' group took them, and
// none is left unacknowledged.
void check_queue(const test::EntryHouse& house) {
  const auto last_line = [](const std::string& text) { return text.substr(text.rfind('\n') + 1); };
  const std::string key = last_line(house.redis().cli("--raw SCAN 0 COUNT 1000 TYPE stream"));
  const auto field = [&](const std::string& command, const std::string& name) {
    std::istringstream lines(house.redis().cli("--raw XINFO " + command + " " + key));
    for (std::string line; std::getline(lines, line);) {
      if (line == name && std::getline(lines, line)) return line;
    }
    return std::string("no " + name);
  };
  EXPECT_THAT(field("STREAM", "entries-added"), testing::MatchesRegex("[1-9][0-9]*")) << key;
  EXPECT_NE(field("GROUPS", "last-delivered-id"), "0-0");
  EXPECT_TRUE(test::wait_until([&] { return field("GROUPS", "pending") == "0"; }));
}

// One message left to that phone; it carries the order's number and is known to be delivered.
// (A message's state has no address of the operator API yet, so it is read from the data folder.)
void check_told(test::EntryHouse& house, const std::string& phone, const std::string& number,
                const std::string& description) {
  EXPECT_THAT(house.message_on(phone, number), HasSubstr(description));
  house.report_delivery(phone);
  store::Connection db(house.gateway().data_dir() + "/huiyin.db", true);
  const auto row = db.value<std::int64_t>(
      "SELECT id FROM outbox WHERE record = :n AND address = :a", number, phone);
  ASSERT_TRUE(row);
  const auto message = [&] { return store::read_outbox(db, *row).value(); };
  EXPECT_TRUE(test::wait_until([&] { return message().state == SendState::delivered; }))
      << "it is " << to_string(message().state);
  EXPECT_EQ(message().provider, house.provider());
  Json sent = Json::array();
  for (const auto& one : house.get("/api/v1/sandbox/sent?after=0").value("items", Json::array())) {
    if (text_of(one, "to") == phone) sent.push_back(one);
  }
  ASSERT_EQ(sent.size(), 1u) << sent;
  EXPECT_EQ(text_of(sent[0], "category"), "staff");
  EXPECT_EQ(text_of(sent[0], "channel"), house.provider());
  EXPECT_EQ(text_of(sent[0], "provider"), house.provider());
  EXPECT_THAT(text_of(sent[0], "text"), HasSubstr(number));
  check_queue(house);
}

void check_data(const test::EntryHouse& house) {
  std::string verified;
  EXPECT_EQ(house.gateway().command({"verify"}, &verified), 0) << verified;
}

std::unique_ptr<test::EntryHouse> house_of(const std::string& entry, const std::string& phone) {
  if (entry == "rest") return std::make_unique<test::RestHouse>();
  if (entry == "twilio") return std::make_unique<test::TwilioHouse>(phone);
  return std::make_unique<test::KannelHouse>(phone);
}

class Entries : public testing::TestWithParam<std::string> {};

TEST_P(Entries, TakeARepairInOneSentenceAndTellTheSupervisor) {
  const auto house = house_of(GetParam(), wang);
  house->forge(whole);
  Words words{whole};
  const std::string number = tell(*house, words, "WX");
  EXPECT_EQ(number, "WX20261123-0001");
  check_repair(*house, number, whole);
  check_told(*house, test::engineering_phone, number, "厨房水龙头漏水");
  check_heard(*house, words);
  check_data(*house);
}

// In an order in which nobody asks.
TEST_P(Entries, TakeARepairPieceByPieceAndTellTheSupervisor) {
  const auto house = house_of(GetParam(), stranger);
  Words words{"我要报修",       "明天上午十点",    "我叫王芳",
              "厨房水龙头漏水", "电话13800138000", "3栋2单元501"};
  const std::string number = tell(*house, words, "WX");
  EXPECT_EQ(number, "WX20261123-0001");
  check_repair(*house, number, "厨房水龙头漏水");
  check_told(*house, test::engineering_phone, number, "厨房水龙头漏水");
  check_heard(*house, words);
  check_data(*house);
}

INSTANTIATE_TEST_SUITE_P(OfAResident, Entries, testing::Values("rest", "twilio", "kannel"),
                         [](const auto& info) { return info.param; });

// The gateway is killed in the middle: Kannel asks again with the same id until it is back, and the
// half-told fault is there still.
TEST(KannelEntry, TakesAPublicFaultAcrossAKillOfTheGateway) {
  test::KannelHouse house(wang);
  const std::string fault = "有一盏路灯晚上不亮，黑咕隆咚的", place = "东门进来右手边";
  EXPECT_EQ(number_in(house.say(fault), "GG"), "");
  house.gateway().kill_hard();
  const std::size_t logged = house.kannel().smsbox_log().size();
  house.write(place);
  ASSERT_TRUE(test::wait_until([&] {
    return house.kannel().smsbox_log().find("Couldn't fetch", logged) != std::string::npos;
  })) << house.kannel().smsbox_log().substr(logged);
  house.gateway().start();
  const std::string answer = house.answer();
  const std::string number = number_in(answer, "GG");
  EXPECT_EQ(number, "GG20261123-0001") << answer;
  const Json order = check_order(house, number, "public", fault);
  EXPECT_EQ(text_of(order, "state"), "notified");
  EXPECT_EQ(text_of(order, "place"), place);
  EXPECT_EQ(text_of(order["customer"], "phone"), wang);
  check_told(house, test::engineering_phone, number, "路灯晚上不亮");
  check_heard(house, {fault, place});
  check_data(house);
}

// Without Kannel's recoding the octets arrive as UTF-16BE.
TEST(KannelEntry, TakesAComplaintIntoTheContactLogAndTellsTheServiceSupervisor) {
  test::KannelHouse house(wang, false);
  Words words{"楼上天天半夜拖桌子，吵得人睡不着😡我要投诉"};
  const std::string number = tell(house, words, "TS");
  EXPECT_EQ(number, "TS20261123-0001");
  const Json order = check_order(house, number, "complaint", words[0]);
  EXPECT_EQ(text_of(order, "state"), "registered");
  EXPECT_EQ(text_of(order, "unit"), "3-2-501");
  EXPECT_EQ(order["customer"], Json({{"name", "王芳"}, {"phone", wang}}));
  const Json log = house.get("/api/v1/contacts-log").value("items", Json::array());
  ASSERT_EQ(log.size(), 1u) << log;
  EXPECT_EQ(text_of(log[0], "order"), number);
  EXPECT_EQ(text_of(log[0], "content"), words[0]);
  EXPECT_EQ(text_of(log[0], "phone"), wang);
  check_told(house, test::service_phone, number, words[0]);
  check_heard(house, words);
  check_data(house);
}

}  // namespace
}  // namespace huiyin
