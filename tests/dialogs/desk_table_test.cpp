// Staff by chat against the tables of the life, all of them.
#include "tests/dialogs/desk_support.h"

namespace huiyin::orders_test {
namespace {

// Every role, every state of every kind, every command: done exactly when the tables allow it, and
// what is refused leaves no trace.
TEST_F(DeskTalk, EveryCommandOfEveryRoleInEveryStateObeysTheTables) {
  const auto words = shipped_words();
  const std::map<std::string, std::string> texts{{"notify", "通知 %"},
                                                 {"assign", "派给陈师傅 %"},
                                                 {"transfer", "转派 % 陈师傅"},
                                                 {"review", "审核 %"},
                                                 {"quote", "报价 % 120元"},
                                                 {"infeasible", "不能修 % 停产"},
                                                 {"accept", "接单 %"},
                                                 {"arrive", "到了 %"},
                                                 {"start", "开始 %"},
                                                 {"add_charge", "加收 % 换龙头 80元"},
                                                 {"verify_material", "材料 % 合格"},
                                                 {"agree", "客户同意 %"},
                                                 {"decline", "客户不同意 % 嫌贵"},
                                                 {"complete", "完成 % 好了"},
                                                 {"sign", "签字 % 王芳"},
                                                 {"progress", "进度 % 等件"},
                                                 {"escalate", "求助 % 缺件"},
                                                 {"return", "返单 %"},
                                                 {"send_to_finance", "送财务 %"},
                                                 {"call_back", "回访 % 满意"},
                                                 {"archive", "归档 %"},
                                                 {"cancel", "取消 % 重复"},
                                                 {"classify", "定级 % 一般 小事"},
                                                 {"reply", "答复 % 已处理"}};
  const std::vector<std::string> states{
      "recorded", "notified",    "reviewing",  "quoted",   "assigned",  "accepted",
      "arrived",  "in_progress", "completed",  "signed",   "returned",  "archived",
      "declined", "cancelled",   "registered", "resolved", "revisited", "merged"};
  int done = 0, refused = 0;
  for (const auto kind : {orders::Kind::repair, orders::Kind::public_fault, orders::Kind::complaint,
                          orders::Kind::task}) {
    auto told = chat_repair();
    told.kind = kind;
    const std::string number = record(told);
    for (const auto& state : states) {
      for (const std::int64_t who : {boss, li, service, front, dispatcher, manager}) {
        const std::string role = directory.staff_by_id(who)->role;
        const orders::Actor actor{"staff:" + std::to_string(who), role, who, "twilio"};
        for (const auto& [command, pattern] : texts) {
          db().script("SAVEPOINT sample");
          put_in_state(number, state);
          db().exec("UPDATE work_orders SET assignee = :a WHERE number = :n", li, number);
          const auto order = orders::find(db(), number).value();
          const auto allowed = orders::allowed(order, false, actor);
          const auto has = [&](std::string_view action) {
            return std::find(allowed.begin(), allowed.end(), action) != allowed.end();
          };
          const std::string action = command == "infeasible" ? "quote" : command;
          bool may = has(action);
          if (action == "complete")
            may = may || (has("start") && state == "arrived" && kind != orders::Kind::task) ||
                  (has("start") && kind == orders::Kind::complaint);
          if (action == "quote") may = may || has("review");
          if (action == "assign" || action == "transfer") {
            may = has("assign") || has("transfer");
          }
          may = may && words.role(role).has(command);
          const auto before = events();
          std::string text = pattern;
          text.replace(text.find('%'), 1, number);
          const std::string answer = say(who, text);
          const std::string what = role + " " + state + " " + number + ": " + text + " → " + answer;
          if (may) {
            EXPECT_GT(events(), before) << what;
            EXPECT_TRUE(says(answer, "desk.did.")) << what;
            ++done;
          } else {
            EXPECT_EQ(events(), before) << what;
            EXPECT_EQ(orders::find(db(), number)->version, order.version) << what;
            const bool told_why = says(answer, "desk.refused") || says(answer, "desk.forbidden") ||
                                  says(answer, "desk.not_yours");
            EXPECT_TRUE(told_why) << what;
            ++refused;
          }
          sessions.clear();
          db().script("ROLLBACK TO sample");
          db().script("RELEASE sample");
        }
      }
    }
  }
  EXPECT_GT(done, 500);
  EXPECT_GT(refused, 5000);
}

}  // namespace
}  // namespace huiyin::orders_test
