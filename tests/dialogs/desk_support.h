// Staff who write to the desk, in the house of orders that talks.
#pragma once
#include "dialogs/desk/desk.h"
#include "dialogs/orders/short_numbers.h"
#include "tests/dialogs/orders_talk.h"

namespace huiyin::orders_test {

inline desk::DeskWords shipped_words() {
  auto words = desk::DeskWords::load(std::string(HUIYIN_SOURCE_DIR) + "/config");
  if (!words) throw std::runtime_error(words.error().front().pointer);
  return std::move(*words);
}

inline constexpr std::int64_t boss = 1, li = 2, chen = 3, service = 4, front = 9, dispatcher = 10,
                              manager = 11, stranger = 12, assistant = 13;

class DeskTalk : public TalkHouse {
 protected:
  DeskTalk() {
    auto& staff = directory.staff_;
    staff.push_back({front, "郑前台", "front_desk", "liyuan", "+8613900000009", "", ""});
    staff.push_back({dispatcher, "马调度", "dispatcher", "liyuan", "+8613900000010", "", ""});
    staff.push_back({manager, "何经理", "centre_manager", "liyuan", "+8613900000011", "", ""});
    staff.push_back({stranger, "钱主管", "engineering_supervisor", "tower", "+8613900000012"});
    staff.push_back({assistant, "周助理", "property_assistant", "liyuan", "+8613900000013"});
  }

  // One message of a staff member on a session of their own; what was answered.
  std::string say(std::int64_t who, std::string text, std::vector<Entity> entities = {},
                  Intent intent = Intent::out_of_scope) {
    std::swap(session, sessions[who]);
    Turn t = turn(std::move(text), intent, std::move(entities));
    t.staff = *directory.staff_by_id(who);
    message.channel = "twilio";
    outcome = dialog.intercept(t);
    buttons.clear();
    for (const auto& reply : t.replies) {
      for (const auto& button : reply.buttons) buttons.push_back(button.payload);
    }
    std::swap(session, sessions[who]);
    said_last = said(t);
    return said_last;
  }
  bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  std::string button(std::size_t i) {
    return i < buttons.size() ? buttons[i] : "none: " + said_last;
  }
  std::string state(const std::string& number) { return orders::find(db(), number).value().state; }
  std::vector<std::string> history(const std::string& number) {
    std::vector<std::string> out;
    const Json record = json(number);
    for (const auto& one : record["history"]) out.push_back(one["action"]);
    return out;
  }
  std::int64_t events() {
    return db().value<std::int64_t>("SELECT count(*) FROM order_events").value();
  }
  // A repair in the hands of 李师傅, accepted.
  std::string accepted() {
    const std::string number = record(chat_repair());
    EXPECT_EQ(status(number, "assign", {{"assignee", li}}), 200);
    EXPECT_EQ(status(number, "accept", {}, technician), 200);
    return number;
  }
  std::string arrived() {
    const std::string number = accepted();
    EXPECT_EQ(status(number, "arrive", {}, technician), 200);
    return number;
  }
  std::string complaint() {
    auto order = chat_repair();
    order.kind = orders::Kind::complaint;
    order.item.clear();
    order.description = "楼上半夜装修";
    return record(order);
  }
  void put_in_state(const std::string& number, const std::string& state) {
    db().exec("UPDATE work_orders SET state = :s, live = :l WHERE number = :n", state,
              std::int64_t{!orders::is_final(state)}, number);
  }

  desk::Desk dialog{desk, shipped_words()};
  std::map<std::int64_t, Session> sessions;
  std::vector<std::string> buttons;
  std::string said_last;
  Outcome outcome = Outcome::not_mine;
};

}  // namespace huiyin::orders_test
