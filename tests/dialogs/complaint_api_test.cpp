// What the operator API tells of complaints: those that may be the same matter (R7.17), and those
// that nobody called back (R4.4).
#include "dialogs/complaint/complaint.h"
#include "tests/dialogs/orders_api.h"

namespace huiyin::orders_test {
namespace {

class ComplaintApi : public OrdersApi {
 protected:
  ComplaintApi() {
    desk.listen(dialog);
    dialog.add_to(api);
  }
  std::string complain(std::string words, Json customer = nullptr, Json severity = nullptr) {
    const auto made = call("POST", "work-orders",
                           {{"kind", "complaint"},
                            {"description", std::move(words)},
                            {"channel", "call"},
                            {"severity", std::move(severity)},
                            {"customer", std::move(customer)}});
    EXPECT_EQ(made.status, 201) << made.body;
    return text_of(made.body, "number");
  }
  complaint::ComplaintDialog dialog{
      desk, post,
      complaint::Classes::load(std::string(HUIYIN_SOURCE_DIR) + "/config/catalogue").value()};
};

const Json wang{{"name", "王芳"}, {"phone", "13800138000"}};
const Json li{{"name", "李明"}, {"phone", "13800138002"}};

TEST_F(ComplaintApi, R7_17_ListsWhatMayBeTheSameMatterWithAScore) {
  const std::string first = complain("广场舞音响太吵", wang);
  const std::string second = complain("广场舞的音响很吵", li);
  complain("车位被占");
  const auto found = call("GET", "work-orders/{number}/similar", nullptr, second);
  ASSERT_EQ(found.status, 200);
  ASSERT_EQ(found.body["items"].size(), 1u) << found.body;
  const Json one = found.body["items"][0];
  EXPECT_EQ(one["number"], first);
  EXPECT_GT(one["score"], 0.5);
  EXPECT_LE(one["score"], 1.0);
  EXPECT_EQ(one["reasons"], (Json{"topic", "words"}));
  const auto back = call("GET", "work-orders/{number}/similar", nullptr, first);
  EXPECT_EQ(back.body["items"][0]["number"], second) << "whichever came first";
  EXPECT_EQ(call("GET", "work-orders/{number}/similar", nullptr, "TS20261123-0099").status, 404);
}

TEST_F(ComplaintApi, R4_5_AComplaintAtTheDeskIsClassifiedByItsWordsUnlessAPersonDid) {
  const auto severity = [&](const std::string& number) {
    return call("GET", "work-orders/{number}", nullptr, number).body["severity"];
  };
  EXPECT_EQ(severity(complain("老人摔伤了")), "major");
  EXPECT_EQ(post.count("role:centre_manager", "complaint.notify_major"), 1);
  EXPECT_EQ(severity(complain("楼上很吵")), "general");
  EXPECT_EQ(severity(complain("老人摔伤了", nullptr, "important")), "important");
  EXPECT_EQ(severity(complain("楼上很吵", nullptr, "major")), "major");
  EXPECT_EQ(post.count("role:centre_manager", "complaint.notify_major"), 2);
}

TEST_F(ComplaintApi, R4_4_ListsWhoWasNotCalledBack) {
  const std::string anonymous = complain("楼上很吵");
  const std::string called = complain("楼道很脏", wang);
  const std::string waiting = complain("车位被占", li);
  for (const auto& number : {anonymous, called, waiting}) {
    for (Json step : {Json{{"action", "assign"}, {"assignee", 4}}, Json{{"action", "start"}},
                      Json{{"action", "complete"}}, Json{{"action", "archive"}}}) {
      if (number == called && step["action"] == "archive") {
        ASSERT_EQ(
            act(number,
                {{"action", "call_back"}, {"by", "郑前台"}, {"method", "phone"}, {"note", "满意"}})
                .status,
            200);
      }
      ASSERT_EQ(act(number, step).status, 200) << number << step;
    }
  }
  const auto list = call("GET", "closing-calls");
  ASSERT_EQ(list.body["items"].size(), 1u) << list.body;
  EXPECT_EQ(list.body["items"][0]["number"], waiting);
  EXPECT_EQ(list.body["items"][0]["state"], "archived");
  EXPECT_EQ(list.body["items"][0]["phone"], "+8613800138002");
  EXPECT_EQ(call("GET", "closing-calls", nullptr, {}, "estate=elsewhere").body["items"].size(), 0u);
}

}  // namespace
}  // namespace huiyin::orders_test
