// Whole stories of the desk that need another estate or the operator API beside the chat: a repair
// in a tower (section 9), and a task whose progress comes too late (R8.11, R8.12), over Twilio's
// webhook and /api/v1 on the sandbox clock.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/gateway_process.h"
#include "tests/support/private_redis.h"

namespace huiyin::test {
namespace {

class DeskStory : public ::testing::Test {
 protected:
  DeskStory()
      : gateway({.redis_url = redis.url(),
                 .args = {"--set", "sandbox.start=2026-11-23T10:00:00+08:00"}}) {
    EXPECT_EQ(gateway
                  .import_csv("units",
                              "estate,building,entrance,room,area_m2,owner,phone\n"
                              "tower,A,,1502,120.0,孙悦,13500135000\n"
                              "tower,A,,1503,120.0,赵强,13500135001\n")
                  .status,
              200);
    EXPECT_EQ(gateway
                  .import_csv("staff",
                              "estate,name,role,phone,channel,address\n"
                              "tower,吴主管,engineering_supervisor,13900000001,,\n"
                              "tower,郑前台,front_desk,13900000002,,\n"
                              "tower,李师傅,technician,13900000004,,\n"
                              "tower,钱调度,dispatcher,13900000006,,\n"
                              "tower,冯经理,centre_manager,13900000008,,\n")
                  .status,
              200);
    const Json staff = gateway.admin("GET", "/api/v1/staff").json();
    for (const auto& one : staff["items"]) {
      const std::string path = "/api/v1/staff/" + std::to_string(one["id"].get<int>()) + "/tokens";
      const Json made = gateway.admin("POST", path, Json::object()).json();
      ids[one["role"]] = one["id"];
      tokens[one["role"]] = made["token"];
    }
  }

  // An SMS to the house; what it answers.
  std::string sms(const std::string& phone, const std::string& words) {
    const auto answer = gateway.post_form("/webhooks/twilio/sms",
                                          {{"AccountSid", "AC1"},
                                           {"From", phone},
                                           {"To", "+15005550006"},
                                           {"Body", words},
                                           {"MessageSid", "SM" + std::to_string(++messages)}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body;
  }
  HttpAnswer as(const std::string& role, const char* method, const std::string& path,
                const Json& body = nullptr) {
    return http_call(
        gateway.port(), method, "/api/v1/" + path,
        {{"Authorization", "Bearer " + tokens.at(role)}, {"Content-Type", "application/json"}},
        body.is_null() ? "" : body.dump());
  }
  Json record(const std::string& number) {
    return gateway.admin("GET", "/api/v1/work-orders/" + number).json();
  }
  // Whether a message with these words left for the phone.
  bool told(const std::string& phone, const std::vector<std::string>& words) {
    gateway.advance("PT0S");
    const Json sent = gateway.admin("GET", "/api/v1/sandbox/sent").json();
    return std::ranges::any_of(sent["items"], [&](const Json& item) {
      const std::string text = item["text"];
      return item["to"] == phone && std::ranges::all_of(words, [&](const std::string& word) {
               return text.find(word) != std::string::npos;
             });
    });
  }

  const std::string owner = "+8613500135000", supervisor = "+8613900000001",
                    desk = "+8613900000002", technician = "+8613900000004";
  PrivateRedis redis;
  GatewayProcess gateway;
  std::map<std::string, std::string> tokens;
  std::map<std::string, std::int64_t> ids;
  int messages = 0;
};

// R9.1 to R9.3, R9.7 to R9.10, R9.12, R9.14 to R9.17, A-30.
TEST_F(DeskStory, ARepairInTheTowerHasThreeCopiesAReceiverAndNoMinutes) {
  sms(owner, "卫生间的水龙头一直滴水，明天上午十点来修");
  sms(owner, "对");
  const std::string number = "WX20261123-0001";
  ASSERT_TRUE(told(supervisor, {number, "A-1502"}));
  Json order = record(number);
  EXPECT_EQ(order["estate"], "tower");
  EXPECT_EQ(order["copies"].size(), 3u);
  EXPECT_EQ(order["clocks"].size(), 0u) << order["clocks"];
  sms(supervisor, "派给李师傅 1");
  ASSERT_TRUE(told(technician, {number, "A-1502"}));
  sms(technician, "接单");
  order = record(number);
  ASSERT_EQ(order["state"], "accepted");
  ASSERT_EQ(order["signatures"].size(), 1u) << "the receiver signs";
  EXPECT_EQ(order["signatures"][0]["by"], "李师傅");
  // The only limit of a tower: there by the appointed time, not five minutes before it.
  ASSERT_EQ(order["clocks"].size(), 1u) << order["clocks"];
  EXPECT_EQ(order["clocks"][0]["rule"], "R5.11");
  EXPECT_EQ(order["clocks"][0]["due_at"], "2026-11-24T10:00:00+08:00");
  ASSERT_TRUE(told(owner, {number, "李师傅"}));
  gateway.advance("PT23H58M");
  sms(technician, "到了");
  sms(technician, "换龙头 80元");
  sms(technician, "客户同意");
  sms(technician, "完成 换了阀芯");
  ASSERT_TRUE(told(owner, {number, "80.00", "换了阀芯"}));
  sms(owner, "签字 孙悦");
  const std::string answer = sms(owner, "确认签字");
  order = record(number);
  EXPECT_EQ(order["state"], "signed") << answer;
  EXPECT_EQ(order["clocks"][0]["breached"], false);
  EXPECT_EQ(order["charges"][0]["amount_fen"], 8000);
  EXPECT_EQ(order["copies"][0]["holder"], "customer");
  const auto sheet = as("front_desk", "GET", "work-orders/" + number + "/sheet?copy=1");
  EXPECT_EQ(sheet.status, 200);
  EXPECT_NE(sheet.body.find("工程报修单"), std::string::npos);
  EXPECT_NE(sheet.body.find("80.00"), std::string::npos);
  EXPECT_EQ(as("front_desk", "GET", "work-orders/" + number + "/sheet?copy=4").status, 404);
  const auto follow_up = as("front_desk", "GET", "work-orders/" + number + "/sheet?form=3503");
  EXPECT_EQ(follow_up.status, 200);
  EXPECT_NE(follow_up.body.find("报修情况跟进记录表"), std::string::npos);
  const auto book = as("front_desk", "GET", "reports/repair-register?month=2026-11&format=csv");
  EXPECT_EQ(book.status, 200) << book.body;
  EXPECT_NE(book.body.find(number), std::string::npos);
  EXPECT_EQ(gateway.command({"verify"}), 0);
}

// R8.2, R8.7, R8.11, R8.12, R8.13, A-26.
TEST_F(DeskStory, ATaskReportedTooLateProposesOnePenaltyThatASecondPersonConfirms) {
  const auto made = as("dispatcher", "POST", "work-orders",
                       {{"kind", "task"},
                        {"estate", "tower"},
                        {"description", "大堂积水要清理"},
                        {"place", "A座大堂"},
                        {"requirement", "拖干并放警示牌"},
                        {"dispatcher", ids["dispatcher"]},
                        {"reply_by", "2026-11-23T11:00:00+08:00"},
                        {"channel", "other"}});
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string number = made.json()["number"];
  ASSERT_EQ(as("dispatcher", "POST", "work-orders/" + number + "/actions",
               {{"action", "assign"}, {"assignee", ids["technician"]}})
                .status,
            200);
  ASSERT_TRUE(told(technician, {number, "大堂", "拖干"}));
  sms(technician, "接单");
  EXPECT_EQ(record(number)["accepted_at"], "2026-11-23T10:00:00+08:00");
  gateway.advance("PT31M");
  EXPECT_TRUE(told(technician, {number, "11:00"})) << "a reminder while it can still be met";
  gateway.advance("PT30M");
  const auto penalties = [&] {
    const Json all = gateway.admin("GET", "/api/v1/penalties").json();
    return all["items"];
  };
  ASSERT_EQ(penalties().size(), 1u);
  const Json penalty = penalties()[0];
  EXPECT_EQ(penalty["rule"], "R8.12");
  EXPECT_EQ(penalty["staff"], ids["technician"]);
  EXPECT_EQ(penalty["amount_fen"], 3000);
  EXPECT_EQ(penalty["state"], "proposed");
  sms(technician, "进度 还有一半没拖完");
  sms(technician, "完成 拖干了");
  gateway.advance("PT24H");
  EXPECT_EQ(penalties().size(), 1u) << "once";
  const Json clocks = record(number)["clocks"];
  const auto reply =
      std::ranges::find_if(clocks, [](const Json& one) { return one["rule"] == "R8.11"; });
  ASSERT_NE(reply, clocks.end());
  EXPECT_EQ((*reply)["breached"], true) << "late stays late";
  const std::string path = "penalties/" + std::to_string(penalty["id"].get<std::int64_t>());
  EXPECT_EQ(gateway.admin("POST", "/api/v1/" + path + "/confirm", Json::object()).status, 403);
  EXPECT_EQ(as("technician", "POST", path + "/confirm", Json::object()).status, 403);
  const auto confirmed = as("engineering_supervisor", "POST", path + "/confirm", Json::object());
  EXPECT_EQ(confirmed.status, 200) << confirmed.body;
  EXPECT_EQ(penalties()[0]["state"], "confirmed");
  EXPECT_EQ(gateway.command({"verify"}), 0);
}

}  // namespace
}  // namespace huiyin::test
