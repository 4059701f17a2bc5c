// Every action in every state by every role, over the operator API with real staff tokens: what is
// not allowed is refused with 403 (the role, or another's order) or 409 (the state) and changes
// nothing; what is allowed leads where the rules say. The tables below are written from the rules
// and the contract, not from the product's own: the two must agree.
#include <gtest/gtest.h>

#include <set>

#include "tests/support/gateway_process.h"
#include "tests/support/private_redis.h"

namespace huiyin::test {
namespace {

using Names = std::set<std::string>;

// Words of a line.
Names words(const std::string& line) {
  Names out;
  std::istringstream in(line);
  for (std::string word; in >> word;) out.insert(word);
  return out;
}

// How an order gets into each state, and what may be done there, by anyone.
struct Standing {
  const char* kind;
  const char* state;
  std::vector<Json> way;  // actions of the operator after the intake
  const char* actions;    // allowed now, each as "action" or "action>state it leads to"
  bool priced = true;
};

const Json assign = {{"action", "assign"}, {"assignee", "OWN"}};
Json act(const char* name) {
  return {{"action", name}};
}
const Json quote = {{"action", "quote"}, {"feasible", true}, {"amount_fen", 12000}};
const Json review = {{"action", "review"}, {"feasible", true}};
const Json decline = {
    {"action", "decline"},
    {"note", "太贵"},
    {"signatures", {{{"by", "王芳"}, {"role", "customer"}, {"method", "paper"}}}}};
const Json sign = {{"action", "sign"}, {"by", "王芳"}, {"role", "customer"}, {"method", "paper"}};

std::vector<Standing> standings() {
  using Way = std::vector<Json>;
  const Way accepted{assign, act("accept")};
  Way arrived = accepted, started = accepted, completed = accepted, signed_ = accepted;
  arrived.push_back(act("arrive"));
  started = arrived, started.push_back(act("start"));
  completed = started, completed.push_back(act("complete"));
  signed_ = completed, signed_.push_back(sign);
  Way returned = signed_, archived, declined = arrived;
  returned.push_back(act("return"));
  archived = returned, archived.push_back(act("archive"));
  declined.push_back(decline);
  return {
      // R5.5–R5.23: an item of the price list.
      {"repair", "recorded", {}, "notify>notified assign>assigned escalate cancel>cancelled"},
      {"repair", "notified", {act("notify")}, "assign>assigned escalate cancel>cancelled"},
      {"repair",
       "assigned",
       {assign},
       "accept>accepted transfer>assigned escalate cancel>cancelled"},
      {"repair", "accepted", accepted,
       "arrive>arrived transfer>assigned escalate progress cancel>cancelled"},
      {"repair", "arrived", arrived,
       "start>in_progress agree decline>declined transfer>assigned escalate progress add_charge"
       " verify_material put_off>accepted"},
      {"repair", "in_progress", started,
       "complete>completed transfer>assigned escalate progress add_charge verify_material"
       " put_off>accepted"},
      {"repair", "completed", completed, "sign>signed add_charge call_back"},
      {"repair", "signed", signed_, "return>returned sign call_back"},
      {"repair", "returned", returned, "send_to_finance archive>archived sign call_back"},
      {"repair", "archived", archived, ""},
      {"repair", "declined", declined, "sign call_back"},
      {"repair", "cancelled", {act("cancel")}, "call_back"},
      // R5.12: one that is not in it.
      {"repair",
       "recorded",
       {},
       "notify>notified review>reviewing escalate cancel>cancelled",
       false},
      {"repair", "reviewing", {review}, "quote>quoted escalate cancel>cancelled", false},
      {"repair",
       "quoted",
       {review, quote},
       "quote>quoted agree decline>declined escalate cancel>cancelled",
       false},
      {"repair",
       "quoted",
       {review, quote, act("agree")},
       "assign>assigned escalate cancel>cancelled",
       false},
      // R5.24–R5.27.
      {"public", "recorded", {}, "notify>notified assign>assigned escalate cancel>cancelled"},
      {"public", "accepted", accepted,
       "arrive>arrived transfer>assigned escalate progress cancel>cancelled"},
      {"public", "arrived", arrived, "start>in_progress transfer>assigned escalate progress"},
      {"public", "in_progress", started, "complete>completed transfer>assigned escalate progress"},
      {"public", "completed", completed, "sign>signed return>returned archive>archived call_back"},
      {"public", "cancelled", {act("cancel")}, "call_back"},
      // R8.7–R8.13.
      {"task", "recorded", {}, "notify>notified assign>assigned escalate cancel>cancelled"},
      {"task", "assigned", {assign}, "accept>accepted transfer>assigned escalate cancel>cancelled"},
      {"task", "accepted", accepted,
       "arrive>arrived start>in_progress complete>completed transfer>assigned escalate progress"
       " cancel>cancelled"},
      {"task", "in_progress", started,
       "complete>completed transfer>assigned escalate progress add_charge"},
      {"task", "completed", completed,
       "sign>signed return>returned archive>archived add_charge call_back"},
      {"task", "archived", {assign, act("accept"), act("complete"), act("archive")}, ""},
      // R4.2–R4.5.
      {"complaint",
       "registered",
       {},
       "assign>assigned escalate cancel>cancelled classify merge>merged reply"},
      {"complaint",
       "assigned",
       {assign},
       "start>in_progress transfer>assigned escalate progress cancel>cancelled classify"
       " merge>merged reply"},
      {"complaint",
       "in_progress",
       {assign, act("start")},
       "complete>resolved transfer>assigned escalate progress cancel>cancelled classify"
       " merge>merged reply"},
      {"complaint",
       "resolved",
       {assign, act("start"), act("complete")},
       "archive>archived escalate call_back classify reply"},
      {"complaint", "archived", {assign, act("start"), act("complete"), act("archive")}, ""},
      {"complaint", "cancelled", {act("cancel")}, ""},
  };
}

// Who may do what: roles, and "assignee" for whoever holds the order. The operator may all.
const std::map<std::string, Names> rights = {
    {"notify", words("front_desk dispatcher property_assistant engineering_supervisor"
                     " service_supervisor centre_manager general_manager")},
    {"assign", words("dispatcher engineering_supervisor service_supervisor")},
    {"transfer", words("dispatcher engineering_supervisor service_supervisor")},
    {"accept", words("engineering_supervisor service_supervisor assignee")},
    {"arrive", words("engineering_supervisor service_supervisor assignee")},
    {"start", words("engineering_supervisor service_supervisor assignee")},
    {"complete", words("engineering_supervisor service_supervisor assignee")},
    {"add_charge", words("engineering_supervisor service_supervisor assignee")},
    {"correct_charge", words("engineering_supervisor service_supervisor assignee")},
    {"put_off", words("front_desk dispatcher property_assistant engineering_supervisor"
                      " service_supervisor centre_manager general_manager assignee")},
    {"verify_material", words("engineering_supervisor service_supervisor assignee")},
    {"review", words("engineering_supervisor")},
    {"quote", words("engineering_supervisor")},
    {"progress", words("dispatcher engineering_supervisor service_supervisor assignee")},
    {"escalate", words("front_desk dispatcher property_assistant engineering_supervisor"
                       " service_supervisor centre_manager general_manager assignee")},
    {"agree", words("front_desk dispatcher property_assistant engineering_supervisor"
                    " service_supervisor centre_manager general_manager assignee")},
    {"decline", words("front_desk dispatcher property_assistant engineering_supervisor"
                      " service_supervisor centre_manager general_manager assignee")},
    {"cancel", words("front_desk dispatcher property_assistant engineering_supervisor"
                     " service_supervisor centre_manager general_manager assignee")},
    {"sign", words("front_desk engineering_supervisor service_supervisor assignee")},
    {"call_back", words("front_desk dispatcher property_assistant engineering_supervisor"
                        " service_supervisor centre_manager general_manager")},
    {"return", words("front_desk engineering_supervisor service_supervisor assignee")},
    {"send_to_finance", words("front_desk engineering_supervisor service_supervisor")},
    {"archive", words("front_desk dispatcher archivist engineering_supervisor service_supervisor"
                      " centre_manager")},
    {"classify", words("front_desk service_supervisor centre_manager general_manager")},
    {"merge", words("front_desk service_supervisor centre_manager general_manager")},
    {"reply", words("service_supervisor property_assistant centre_manager general_manager"
                    " assignee")},
};

const char* const staff_csv =
    "estate,name,role,phone,channel,address\n"
    "liyuan,前台,front_desk,13900000001,,\n"
    "liyuan,调度,dispatcher,13900000002,,\n"
    "liyuan,李师傅,technician,13900000003,,\n"
    "liyuan,陈师傅,technician,13900000004,,\n"
    "liyuan,工程主管,engineering_supervisor,13900000005,,\n"
    "liyuan,物业助理,property_assistant,13900000006,,\n"
    "liyuan,客服主管,service_supervisor,13900000007,,\n"
    "liyuan,财务,finance,13900000008,,\n"
    "liyuan,档案,archivist,13900000009,,\n"
    "liyuan,品质,quality,13900000010,,\n"
    "liyuan,中心经理,centre_manager,13900000011,,\n"
    "liyuan,总经理,general_manager,13900000012,,\n";

class ActionsMatrix : public ::testing::Test {
 protected:
  ActionsMatrix() : gateway({.redis_url = redis.url()}), wire(gateway.port()) {
    EXPECT_EQ(gateway
                  .import_csv("units",
                              "estate,building,entrance,room,area_m2,owner,phone\n"
                              "liyuan,3,2,501,89.5,王芳,13800138000\n")
                  .status,
              200);
    EXPECT_EQ(gateway.import_csv("staff", staff_csv).status, 200);
    const Json staff = gateway.admin("GET", "/api/v1/staff?limit=100").json()["items"];
    for (const auto& one : staff) {
      const std::string id = std::to_string(one["id"].get<std::int64_t>());
      Caller caller{one["role"], one["id"], {}};
      caller.token =
          gateway.admin("POST", "/api/v1/staff/" + id + "/tokens", Json::object()).json()["token"];
      callers.push_back(std::move(caller));
    }
    callers.push_back({"admin", 0, GatewayProcess::admin_token});
    const auto holder = std::ranges::find(callers, "technician", &Caller::role);
    own = holder->staff;
  }

  struct Caller {
    std::string role;
    std::int64_t staff;
    std::string token;
  };

  HttpAnswer call(const Caller& caller, const char* method, const std::string& path,
                  const Json& body = nullptr) {
    return wire.call(
        method, "/api/v1/" + path,
        {{"Authorization", "Bearer " + caller.token}, {"Content-Type", "application/json"}},
        body.is_null() ? "" : body.dump());
  }
  const Caller& operator_() const { return callers.back(); }

  std::string take(const char* kind, bool priced = true) {
    Json body = {{"kind", kind},      {"estate", "liyuan"},
                 {"unit", "3-2-501"}, {"description", "厨房水龙头漏水"},
                 {"priced", priced},  {"customer", {{"name", "王芳"}, {"phone", "+8613800138000"}}},
                 {"channel", "call"}};
    if (std::string_view(kind) == "task") {
      body.update({{"dispatcher", callers[1].staff},
                   {"place", "大堂"},
                   {"requirement", "擦干净"},
                   {"reply_by", "2027-12-01T17:00:00+08:00"}});
    }
    if (std::string_view(kind) != "repair") body.erase("priced");
    const auto made = call(operator_(), "POST", "work-orders", body);
    EXPECT_EQ(made.status, 201) << made.body;
    return made.json()["number"];
  }
  Json whole(Json body) const {
    if (body.value("assignee", Json()) == "OWN") body["assignee"] = own;
    return body;
  }
  HttpAnswer act_on(const Caller& caller, const std::string& number, const Json& body) {
    return call(caller, "POST", "work-orders/" + number + "/actions", whole(body));
  }
  std::string standing(const Standing& at) {
    std::string number = take(at.kind, at.priced);
    for (const auto& step : at.way) {
      const auto done = act_on(operator_(), number, step);
      EXPECT_EQ(done.status, 200) << at.kind << " on the way to " << at.state << ": " << done.body;
    }
    return number;
  }
  Json record(const std::string& number) {
    return call(operator_(), "GET", "work-orders/" + number).json();
  }
  // How many messages left, once all that is due has.
  std::size_t sent() {
    EXPECT_EQ(gateway.advance("PT1S").status, 200);
    return gateway.admin("GET", "/api/v1/sandbox/sent").json()["items"].size();
  }
  // The technician who holds every order that was assigned.
  bool holds(const Caller& caller, const Json& order) const {
    return caller.staff != 0 && order["assignee"] == caller.staff;
  }
  bool may(const Caller& caller, const std::string& action, const Json& order) const {
    if (caller.role == "admin") return true;
    const Names& who = rights.at(action);
    return who.contains(caller.role) || (who.contains("assignee") && holds(caller, order));
  }
  Json sound_body(const std::string& action, const std::string& other) const {
    Json body = {{"action", action}};
    if (action == "assign" || action == "transfer") body["assignee"] = own;
    if (action == "review") body["feasible"] = true;
    if (action == "quote") body = quote;
    if (action == "decline") body = decline;
    if (action == "sign") body = sign;
    if (action == "add_charge") body.update({{"item", "换龙头"}, {"amount_fen", 8000}});
    if (action == "verify_material") body.update({{"by", "王芳"}, {"verdict", "合格"}});
    if (action == "call_back") body.update({{"by", "前台"}, {"method", "phone"}, {"note", "满意"}});
    if (action == "classify") body.update({{"severity", "important"}, {"note", "多人"}});
    if (action == "merge") body["into"] = other;
    if (action == "put_off") body["note"] = "业主不在家";
    if (action == "reply") body["note"] = "已安排保安夜里加一班";
    return body;
  }

  PrivateRedis redis;
  GatewayProcess gateway;
  HttpConnection wire;
  std::vector<Caller> callers;
  std::int64_t own = 0;
};

// What the record says may be done now, and where each leads ("" when the state stays).
std::map<std::string, std::string> legal(const Standing& at) {
  std::map<std::string, std::string> out;
  for (const auto& word : words(at.actions)) {
    const auto arrow = word.find('>');
    out[word.substr(0, arrow)] = arrow == std::string::npos ? "" : word.substr(arrow + 1);
  }
  return out;
}

TEST_F(ActionsMatrix, WhatIsNotAllowedIsRefusedAndChangesNothing) {
  int refused = 0;
  for (const auto& at : standings()) {
    const std::string number = standing(at);
    const Json before = record(number);
    ASSERT_EQ(before["state"], at.state) << at.kind;
    const auto allowed = legal(at);
    const std::size_t sent_before = sent();
    for (const auto& [action, who] : rights) {
      for (const auto& caller : callers) {
        const bool permitted = may(caller, action, before);
        if (permitted && allowed.contains(action)) continue;
        const auto answer = act_on(caller, number, sound_body(action, "TS20261123-0001"));
        ASSERT_EQ(answer.status, permitted ? 409 : 403)
            << at.kind << " " << at.state << ": " << action << " by " << caller.role << ": "
            << answer.body;
        if (answer.status == 409) {
          // The refusal names what this caller may do now, and nothing else.
          Names named, expected;
          const Json told = answer.json();
          for (const auto& one : told["allowed"]) named.insert(one.get<std::string>());
          for (const auto& [name, to] : allowed) {
            if (may(caller, name, before)) expected.insert(name);
          }
          ASSERT_EQ(named, expected) << at.kind << " " << at.state << " by " << caller.role;
        }
        ++refused;
      }
    }
    ASSERT_EQ(record(number), before) << at.kind << " " << at.state;
    ASSERT_EQ(sent(), sent_before) << at.kind << " " << at.state << ": somebody was told";
  }
  EXPECT_GT(refused, 8'000);
}

TEST_F(ActionsMatrix, WhatIsAllowedLeadsWhereTheRulesSay) {
  const std::string other = take("complaint");
  for (const auto& at : standings()) {
    for (const auto& [action, to] : legal(at)) {
      for (const auto& role : rights.at(action)) {
        const std::string number = standing(at);
        const Json before = record(number);
        const auto caller = std::ranges::find_if(callers, [&](const Caller& one) {
          return role == "assignee" ? holds(one, before) : one.role == role;
        });
        if (caller == callers.end()) continue;  // nobody holds it yet
        const auto done = act_on(*caller, number, sound_body(action, other));
        ASSERT_EQ(done.status, 200)
            << at.kind << " " << at.state << ": " << action << " by " << role << ": " << done.body;
        const Json after = done.json();
        EXPECT_EQ(after["state"], to.empty() ? at.state : to) << at.kind << " " << action;
        // One line of history more, whose it is and by which way.
        ASSERT_EQ(after["history"].size(), before["history"].size() + 1);
        EXPECT_EQ(after["history"].back()["action"], action);
        EXPECT_EQ(after["history"].back()["actor"], "staff:" + std::to_string(caller->staff));
        EXPECT_EQ(after["history"].back()["channel"], "api");
      }
    }
  }
  EXPECT_EQ(gateway.command({"verify"}), 0);
}

TEST_F(ActionsMatrix, ALackingOrWrongMemberIsNamedAndChangesNothing) {
  for (const auto& at : standings()) {
    const std::string number = standing(at);
    const Json before = record(number);
    for (const auto& [action, to] : legal(at)) {
      const Json sound = sound_body(action, "TS20261123-0001");
      for (const auto& [member, value] : sound.items()) {
        if (member == "action") continue;
        for (const Json& wrong : {Json(nullptr), Json(-1), Json(Json::array()), Json("")}) {
          Json body = sound;
          body[member] = wrong;
          const bool optional = member == "amount_fen" && action == "add_charge" && wrong.is_null();
          if (optional) continue;  // the price list knows
          const auto answer = act_on(operator_(), number, body);
          const bool may_be_left_out = member == "note" && action != "decline" &&
                                       action != "classify" && action != "reply" &&
                                       action != "call_back" && action != "put_off" &&
                                       (wrong.is_null() || wrong == "");
          if (may_be_left_out) continue;
          ASSERT_EQ(answer.status, 400)
              << at.kind << " " << at.state << ": " << action << " " << body << ": " << answer.body;
          EXPECT_EQ(answer.json()["field"], member) << body;
        }
      }
    }
    ASSERT_EQ(record(number), before) << at.kind << " " << at.state;
  }
}

}  // namespace
}  // namespace huiyin::test
