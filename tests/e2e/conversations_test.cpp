// Plays tests/conversations/*.yml against the built gateway: what residents write, what they are
// answered, and the records that it leaves. The format is described in
// tests/conversations/README.md.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "tests/support/gateway_process.h"
#include "tests/support/private_redis.h"

namespace huiyin {
namespace {

namespace fs = std::filesystem;

const char* units_csv =
    "estate,building,entrance,room,area_m2,owner,phone\n"
    "liyuan,1,1,101,88.5,周敏,13700000101\n"
    "liyuan,3,2,501,90.0,王芳,13800138000\n"
    "liyuan,3,2,502,90.0,赵强,13800138001\n"
    "liyuan,5,1,1203,120.0,陈静,13900139000\n"
    "liyuan,12,,1203,75.0,林涛,13600136000\n"
    "liyuan,A,,1502,102.3,孙悦,13500135000\n";
const char* staff_csv =
    "estate,name,role,phone,channel,address\n"
    "liyuan,吴主管,engineering_supervisor,13900000001,twilio,+8613900000001\n"
    "liyuan,郑前台,front_desk,13900000002,twilio,+8613900000002\n"
    "liyuan,冯经理,service_supervisor,13900000003,twilio,+8613900000003\n"
    "liyuan,李师傅,technician,13900000004,twilio,+8613900000004\n"
    "liyuan,维修小张,technician,13900000005,twilio,+8613900000005\n"
    "liyuan,马调度,dispatcher,13900000006,twilio,+8613900000006\n"
    "liyuan,周助理,property_assistant,13900000007,twilio,+8613900000007\n"
    "liyuan,何经理,centre_manager,13900000008,twilio,+8613900000008\n";

std::vector<std::string> texts(const YAML::Node& node) {
  std::vector<std::string> out;
  if (!node) return out;
  if (node.IsScalar()) return {node.as<std::string>()};
  for (const auto& one : node) out.push_back(one.as<std::string>());
  return out;
}

// One alternative of "a|b" stands in the text.
bool holds(const std::string& text, const std::string& wanted) {
  for (std::size_t at = 0; at <= wanted.size();) {
    const auto bar = std::min(wanted.find('|', at), wanted.size());
    if (text.find(wanted.substr(at, bar - at)) != std::string::npos) return true;
    at = bar + 1;
  }
  return false;
}

class Player {
 public:
  explicit Player(const test::GatewayProcess& gateway) : gateway_(gateway) {}

  void play(const YAML::Node& test, const std::string& name) {
    ASSERT_TRUE(names_.insert(name).second) << "two conversations of one name share a session";
    const std::string channel = test["channel"].as<std::string>("rest");
    const std::string sender =
        test["from"].as<std::string>(channel == "rest" ? "conversation " + name : "+8613800138000");
    const auto orders_before = numbers();
    const auto sent_before = sent(0).size();
    std::map<std::string, std::size_t> records_before;
    for (const auto& one : test["records"]) {
      const auto form = one["form"].as<std::string>();
      records_before[form] = records_of(form).size();
    }
    if (test["now"]) {
      ASSERT_EQ(
          gateway_.admin("PUT", "/api/v1/sandbox/clock", {{"now", test["now"].as<std::string>()}})
              .status,
          200);
    }
    for (const auto& step : test["steps"]) {
      SCOPED_TRACE("step: " + YAML::Dump(step));
      run(step, channel, sender);
    }
    // What leaves is waited for by the clock, which stands: nothing is timed.
    gateway_.advance("PT0S");
    check_orders(test["orders"], orders_before);
    check_sent(test["sent"], test["unsent"], sent_before);
    check_records(test["records"], records_before);
  }

 private:
  void run(const YAML::Node& step, const std::string& channel, const std::string& sender) {
    if (step["advance"]) {
      ASSERT_EQ(gateway_.advance(step["advance"].as<std::string>()).status, 200);
      return;
    }
    if (step["act"]) return act(step["act"].as<std::string>());
    const bool by_staff = step["staff"] || step["as"];
    const std::string who = by_staff ? address_of(step) : step["from"].as<std::string>(sender);
    if (!step["user"]) return check_got(step, who);
    const std::string way = by_staff ? "twilio" : step["channel"].as<std::string>(channel);
    const std::string words = said(step);
    const std::string answer =
        way == "twilio" ? sms(who, words, step["photo"].as<std::string>("")) : chat(who, words);
    for (const auto& wanted : texts(step["bot"])) {
      EXPECT_TRUE(holds(answer, filled_in(wanted)))
          << "wanted: " << wanted << "\nanswered: " << answer;
    }
    for (const auto& banned : texts(step["not"])) {
      EXPECT_FALSE(holds(answer, filled_in(banned)))
          << "banned: " << banned << "\nanswered: " << answer;
    }
    if (step["got"]) check_got(step, who);
    if (step["silent"] && step["silent"].as<bool>()) EXPECT_EQ(answer, "");
    if (by_staff) return;
    if (step["slots"]) check_slots(step["slots"], who);
    if (step["hidden"] && step["hidden"].as<bool>()) {
      EXPECT_EQ(tracker(who).dump().find(words), std::string::npos)
          << "the tracker shows " << words;
    }
  }

  // "WX assign {…}": an action of the operator on the newest order of that prefix.
  void act(const std::string& told) {
    gateway_.advance("PT0S");
    std::istringstream words(told);
    std::string prefix, name, rest;
    words >> prefix >> name;
    std::getline(words, rest);
    Json body = rest.empty() ? Json::object() : Json::parse(rest);
    body["action"] = name;
    if (body.contains("assignee")) {
      for (const auto& one : all("/api/v1/staff")) {
        if (one["name"] == body["assignee"]) body["assignee"] = one["id"];
      }
    }
    const auto answer =
        gateway_.admin("POST", "/api/v1/work-orders/" + known(prefix) + "/actions", body);
    ASSERT_EQ(answer.status, 200) << answer.body;
  }

  // `staff` is an address, `as` a role of which there is one.
  static std::string address_of(const YAML::Node& step) {
    static const std::map<std::string, std::string> staff{
        {"supervisor", "+8613900000001"},         {"front_desk", "+8613900000002"},
        {"service_supervisor", "+8613900000003"}, {"technician", "+8613900000004"},
        {"technician_2", "+8613900000005"},       {"dispatcher", "+8613900000006"},
        {"assistant", "+8613900000007"},          {"manager", "+8613900000008"}};
    if (step["staff"]) return step["staff"].as<std::string>();
    return staff.at(step["as"].as<std::string>());
  }
  // got: the newest message that left to them by itself, whatever else did.
  void check_got(const YAML::Node& step, const std::string& who) {
    gateway_.advance("PT0S");
    std::string newest;
    for (const auto& item : sent(0)) {
      if (text_of(item, "to") != who) continue;
      newest = text_of(item, "text");
      for (const auto& button : item.value("buttons", Json::array())) {
        newest += "\n[" + text_of(button, "title") + "]";
      }
    }
    for (const auto& wanted : texts(step["got"])) {
      EXPECT_TRUE(holds(newest, filled_in(wanted))) << "wanted: " << wanted << "\ngot: " << newest;
    }
    for (const auto& banned : texts(step["not_got"])) {
      EXPECT_FALSE(holds(newest, filled_in(banned))) << "banned: " << banned << "\ngot: " << newest;
    }
  }

  // What is said, with `times` repeats and its ${…} filled in.
  std::string said(const YAML::Node& step) {
    const std::string once = filled_in(step["user"].as<std::string>());
    std::string all;
    for (int i = step["times"].as<int>(1); i > 0; --i) all += once;
    return all;
  }

  // ${code}: the newest one-time code that left; ${wrong}: another one; ${held}: the number of the
  // newest request for a person; ${WX}, ${GG}, ${TS}, ${GZ}: the newest order of that prefix.
  std::string filled_in(std::string text) {
    if (text.find("${") != std::string::npos) gateway_.advance("PT0S");  // what is due has left
    for (const auto* name : {"code", "wrong", "held", "WX", "GG", "TS", "GZ"}) {
      const std::string mark = "${" + std::string(name) + "}";
      for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
        const std::string value = known(name);
        EXPECT_NE(value, "") << "nothing yet for " << text;
        text.replace(at, mark.size(), value);
      }
    }
    return text;
  }
  std::string known(const std::string& name) {
    if (name == "code") return newest_digits("code", "");
    if (name == "held") return newest_digits("staff", "#");
    if (name == "wrong") {
      std::string code = newest_digits("code", "");
      if (!code.empty()) code.back() = code.back() == '7' ? '8' : '7';
      return code;
    }
    std::string newest;  // numbers of one prefix sort by day and then by sequence
    for (const auto& number : numbers()) {
      if (number.starts_with(name)) newest = std::max(newest, number);
    }
    return newest;
  }
  // The first digits behind `mark` in the newest message of a category that has any.
  std::string newest_digits(const std::string& category, const std::string& mark) {
    std::string newest;
    for (const auto& item : sent(0)) {
      if (text_of(item, "category") != category) continue;
      const std::string text = text_of(item, "text");
      const auto from = text.find(mark);
      if (from == std::string::npos) continue;
      const auto begin = text.find_first_of("0123456789", from);
      if (begin == std::string::npos) continue;
      newest = text.substr(begin, text.find_first_not_of("0123456789", begin) - begin);
    }
    return newest;
  }

  std::string chat(const std::string& sender, const std::string& words) {
    const auto answer = gateway_.say(sender, words, "m" + std::to_string(++message_));
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::string all;
    for (const auto& one : answer.json()) {
      all += text_of(one, "text") + "\n";
      for (const auto& button : one.value("buttons", Json::array())) {
        all += "[" + text_of(button, "title") + "]\n";
      }
    }
    return all;
  }
  std::string sms(const std::string& from, const std::string& words, const std::string& photo) {
    std::multimap<std::string, std::string> fields{
        {"From", from},
        {"To", "+8610000000"},
        {"Body", words},
        {"MessageSid", "SM" + std::to_string(++message_)}};
    if (!photo.empty()) {
      fields.insert({{"NumMedia", "1"}, {"MediaUrl0", photo}, {"MediaContentType0", "image/jpeg"}});
    }
    const auto answer = gateway_.post_form("/webhooks/twilio/sms", fields);
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto open = answer.body.find("<Message>");
    if (open == std::string::npos) return "";
    return answer.body.substr(open);
  }

  Json tracker(const std::string& sender) {
    return gateway_.admin("GET", "/conversations/" + percent(sender) + "/tracker").json();
  }
  void check_slots(const YAML::Node& wanted, const std::string& sender) {
    const Json slots = tracker(sender).value("slots", Json::object());
    for (const auto& slot : wanted) {
      const std::string name = slot.first.as<std::string>();
      const Json value = slots.value(name, Json());
      const std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
      EXPECT_TRUE(holds(shown, slot.second.as<std::string>())) << name << " is " << shown;
    }
  }

  std::set<std::string> numbers() {
    std::set<std::string> out;
    for (const auto& order : all("/api/v1/work-orders")) out.insert(text_of(order, "number"));
    return out;
  }
  std::vector<Json> all(const std::string& path) {
    std::vector<Json> out;
    std::string cursor;
    do {
      const Json page =
          gateway_.admin("GET", path + "?limit=200" + (cursor.empty() ? "" : "&cursor=" + cursor))
              .json();
      for (const auto& item : page.value("items", Json::array())) out.push_back(item);
      const Json next = page.value("next", Json());
      cursor = next.is_null() ? "" : next.is_string() ? next.get<std::string>() : next.dump();
    } while (!cursor.empty());
    return out;
  }
  std::vector<Json> sent(std::size_t after) {
    const Json page = gateway_.admin("GET", "/api/v1/sandbox/sent?after=0").json();
    std::vector<Json> items;
    for (const auto& item : page.value("items", Json::array())) items.push_back(item);
    items.erase(items.begin(),
                items.begin() + static_cast<std::ptrdiff_t>(std::min(after, items.size())));
    return items;
  }

  void check_orders(const YAML::Node& wanted, const std::set<std::string>& before) {
    if (!wanted) return;
    std::vector<Json> fresh;
    for (const auto& order : all("/api/v1/work-orders")) {
      if (!before.contains(text_of(order, "number"))) fresh.push_back(order);
    }
    std::string shown;
    for (const auto& order : fresh) shown += order.dump() + "\n";
    ASSERT_EQ(fresh.size(), wanted.size()) << shown;
    std::sort(fresh.begin(), fresh.end(), [](const Json& a, const Json& b) {
      return std::tie(a["kind"], a["number"]) < std::tie(b["kind"], b["number"]);
    });
    // Never by assigning nodes: that writes into the document they stand in.
    std::multimap<std::string, YAML::Node> by_kind;
    for (const auto& one : wanted) by_kind.emplace(one["kind"].as<std::string>(), one);
    std::vector<YAML::Node> in_order;
    for (const auto& [kind, one] : by_kind) in_order.push_back(one);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      const Json order =
          gateway_.admin("GET", "/api/v1/work-orders/" + text_of(fresh[i], "number")).json();
      for (const auto& field : in_order[i])
        check_field(order, field.first.as<std::string>(), field.second);
    }
  }
  // A member by its path: "customer/phone"; "null" for nothing; texts by alternatives.
  static void check_field(const Json& order, const std::string& path, const YAML::Node& wanted) {
    const Json value = order.contains(Json::json_pointer("/" + path))
                           ? order.at(Json::json_pointer("/" + path))
                           : Json();
    const std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
    for (const auto& one : texts(wanted)) {
      if (one == "null")
        EXPECT_TRUE(value.is_null()) << path << " is " << shown;
      else
        EXPECT_TRUE(holds(shown, one)) << path << " is " << shown << ", wanted " << one;
    }
  }

  void check_sent(const YAML::Node& wanted, const YAML::Node& unwanted, std::size_t before) {
    if (!wanted && !unwanted) return;
    const auto items = sent(before);
    std::string shown;
    for (const auto& item : items) shown += item.dump() + "\n";
    for (const auto& one : wanted) {
      EXPECT_TRUE(was_sent(items, one)) << "not sent: " << YAML::Dump(one) << "\nsent:\n" << shown;
    }
    for (const auto& one : unwanted) {
      EXPECT_FALSE(was_sent(items, one)) << "sent: " << YAML::Dump(one) << "\nsent:\n" << shown;
    }
    if (wanted && wanted.size() == 0) EXPECT_TRUE(items.empty()) << shown;
  }
  bool was_sent(const std::vector<Json>& items, const YAML::Node& one) {
    return std::any_of(items.begin(), items.end(), [&](const Json& item) {
      if (one["to"] && text_of(item, "to") != one["to"].as<std::string>()) return false;
      if (one["category"] && text_of(item, "category") != one["category"].as<std::string>())
        return false;
      const auto wanted_texts = texts(one["text"]);
      return std::all_of(wanted_texts.begin(), wanted_texts.end(), [&](const std::string& text) {
        return holds(text_of(item, "text"), filled_in(text));
      });
    });
  }

  std::vector<Json> records_of(const std::string& form) {  // the newest first
    return all("/api/v1/forms/" + form + "/records");
  }
  // records: {form: qms-pm-31304, holds: [texts], count: 1} — the newest record that this left.
  void check_records(const YAML::Node& wanted, std::map<std::string, std::size_t>& before) {
    for (const auto& one : wanted) {
      const auto form = one["form"].as<std::string>();
      const auto records = records_of(form);
      const auto fresh = records.size() - before[form];
      if (one["count"])
        EXPECT_EQ(fresh, one["count"].as<std::size_t>()) << "new records in " << form;
      if (one["count"] && one["count"].as<std::size_t>() == 0) continue;
      ASSERT_GT(fresh, 0u) << "no new record in " << form;
      for (const auto& text : texts(one["holds"])) {
        EXPECT_TRUE(holds(records.front().dump(), text)) << records.front().dump();
      }
    }
  }

  static std::string percent(const std::string& text) {
    static const char* hex = "0123456789ABCDEF";
    std::string out;
    for (const unsigned char c : text) {
      if (std::isalnum(c) != 0)
        out += static_cast<char>(c);
      else
        (out += '%') += {hex[c >> 4], hex[c & 15]};
    }
    return out;
  }

  const test::GatewayProcess& gateway_;
  int message_ = 0;
  std::set<std::string> names_;
};

class Conversations : public ::testing::TestWithParam<std::string> {};

TEST_P(Conversations, AreAnsweredAndRecorded) {
  const YAML::Node file = YAML::LoadFile(std::string(HUIYIN_SOURCE_DIR) + "/tests/conversations/" +
                                         GetParam() + ".yml");
  test::PrivateRedis redis;
  const test::GatewayProcess gateway(
      {.redis_url = redis.url(), .args = {"--set", "sandbox.start=2026-11-23T10:00:00+08:00"}});
  ASSERT_EQ(gateway.import_csv("units", units_csv).status, 200);
  ASSERT_EQ(gateway.import_csv("staff", staff_csv).status, 200);
  Player player(gateway);
  int count = 0;
  for (const auto& test : file["test_cases"]) {
    const std::string name = test["test_case"].as<std::string>();
    SCOPED_TRACE("conversation: " + name);
    player.play(test, name);
    ++count;
  }
  EXPECT_GT(count, 0);
  std::string verified;
  EXPECT_EQ(gateway.command({"verify"}, &verified), 0) << verified;
}

std::vector<std::string> files() {
  std::vector<std::string> out;
  for (const auto& entry :
       fs::directory_iterator(std::string(HUIYIN_SOURCE_DIR) + "/tests/conversations")) {
    if (entry.path().extension() == ".yml") out.push_back(entry.path().stem().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

INSTANTIATE_TEST_SUITE_P(Files, Conversations, ::testing::ValuesIn(files()),
                         [](const auto& info) { return info.param; });

// A conversation that stands in the training data would prove nothing.
TEST(ConversationFiles, ShareNoSentenceWithTheTrainingData) {
  std::set<std::string> trained;
  for (const auto& entry :
       fs::directory_iterator(std::string(HUIYIN_SOURCE_DIR) + "/config/understanding")) {
    if (entry.path().extension() != ".yml") continue;
    for (const auto& block : YAML::LoadFile(entry.path().string())["nlu"]) {
      std::istringstream lines(block["examples"].as<std::string>(""));
      for (std::string line; std::getline(lines, line);) {
        const auto dash = line.find("- ");
        if (dash != std::string::npos) trained.insert(line.substr(dash + 2));
      }
    }
  }
  ASSERT_GT(trained.size(), 1000u);
  // Courtesies of a word or two cannot be told in another way.
  constexpr std::size_t bytes_min = 13;
  for (const auto& file : files()) {
    const auto yaml =
        YAML::LoadFile(std::string(HUIYIN_SOURCE_DIR) + "/tests/conversations/" + file + ".yml");
    for (const auto& test : yaml["test_cases"]) {
      for (const auto& step : test["steps"]) {
        if (!step["user"]) continue;
        const auto words = step["user"].as<std::string>();
        if (words.find("${") != std::string::npos) continue;
        if (words.size() >= bytes_min) {
          EXPECT_FALSE(trained.contains(words)) << file << ": " << words;
        }
      }
    }
  }
}

}  // namespace
}  // namespace huiyin
