// The house of orders with its dispatch centre: staff of every role, the tables and the resources
// of dispatch, and a clock that fires its timers too.
#pragma once
#include "dialogs/dispatch/dispatch.h"
#include "dialogs/dispatch/resource.h"
#include "dialogs/dispatch/schema.h"
#include "dialogs/dispatch/verify.h"
#include "dialogs/orders/orders_dialog.h"
#include "tests/dialogs/orders_api.h"

namespace huiyin::orders_test {

using namespace std::chrono_literals;

class DispatchHouse : public OrdersApi {
 protected:
  static constexpr std::int64_t supervisor_id = 1, technician_id = 2, service_id = 4,
                                dispatcher_id = 5, archivist_id = 6, centre_id = 7, finance_id = 8,
                                desk_id = 9, assistant_id = 10, general_id = 11;

  DispatchHouse() {
    for (const auto& one : dispatch::migrations()) db().script(one.sql);
    const auto add = [this](std::int64_t id, const char* role) {
      directory.staff_.push_back({id, "员工" + std::to_string(id), role, "liyuan", "", "", ""});
    };
    add(dispatcher_id, "dispatcher");
    add(archivist_id, "archivist");
    add(centre_id, "centre_manager");
    add(finance_id, "finance");
    add(desk_id, "front_desk");
    add(assistant_id, "property_assistant");
    add(general_id, "general_manager");
    desk.listen(room);
    resource.add_to(api);
    directory.profile_.values["service_hours"] = Json::parse(
        R"({"mon": ["08:30-12:00", "14:00-18:00"], "tue": ["08:30-18:00"], "wed": ["08:30-18:00"],
            "thu": ["08:30-18:00"], "fri": ["08:30-18:00"], "sat": [], "sun": []})");
  }

  // The caller is that member of staff; 0: the operator's token.
  void as(std::int64_t staff) {
    who = {"admin", 0, ""};
    if (const auto one = directory.staff_by_id(staff)) who = {one->role, staff, one->estate};
  }
  Answer call(const std::string& method, const std::string& pattern, Json body = nullptr,
              std::string id = {}, std::string query = {}) {
    const auto& entry = api.entries.at(method + " /api/v1/" + pattern);
    if (!entry.route.roles.contains(who.role)) return {403, nullptr};
    http::Request request;
    request.method = method;
    request.query = std::move(query);
    if (!id.empty()) request.params["id"] = request.params["number"] = std::move(id);
    testing::TestCall one(*database, now, who, std::move(request), std::move(body));
    one.limit_value = limit;
    one.cursor_value = cursor;
    const auto answer = entry.handler(one);
    return {answer.status, Json::parse(answer.body, nullptr, false)};
  }
  // Noon; two hours from now when that is past.
  Instant reply_by() const {
    const Instant noon = at("2026-11-23T12:00:00+08:00");
    return now < noon ? noon : now + std::chrono::hours(2);
  }
  Json task_body() const {
    return {{"kind", "task"},        {"dispatcher", dispatcher_id},
            {"place", "地下车库"},   {"description", "检查照明"},
            {"requirement", "逐盏"}, {"reply_by", Zone::shanghai().rfc3339(reply_by())}};
  }
  // A task that the dispatcher records, given to the technician (0: nobody).
  std::string task(std::int64_t assignee = technician_id) {
    as(dispatcher_id);
    const auto made = call("POST", "work-orders", task_body());
    EXPECT_EQ(made.status, 201) << made.body;
    const std::string number = made.body.value("number", "");
    if (assignee != 0) EXPECT_EQ(act(number, "assign", {{"assignee", assignee}}), 200);
    return number;
  }
  // The status that the operator API answers with.
  int act(const std::string& number, const std::string& action, Json body = Json::object()) {
    body["action"] = action;
    return call("POST", "work-orders/{number}/actions", std::move(body), number).status;
  }
  Answer on_penalty(const std::string& action, const Json& penalty, Json body = Json::object()) {
    return call("POST", "penalties/{id}/" + action, std::move(body),
                std::to_string(penalty["id"].get<std::int64_t>()));
  }
  Json penalties(const std::string& query = {}) {
    return call("GET", "penalties", nullptr, {}, query).body["items"];
  }
  // Everybody's, whoever calls otherwise.
  Json all_penalties(const std::string& query = {}) {
    const auto before = who;
    as(0);
    Json items = penalties(query);
    who = before;
    return items;
  }
  void advance_to(std::string_view to) { advance_to(at(to)); }
  void advance_to(Instant to) {
    while (auto timer = store::first_due(db(), to)) {
      now = std::max(now, timer->due);
      auto t = tx();
      store::remove_timer(db(), timer->id);
      if (timer->kind == orders::clock_timer) {
        orders::OrdersDialog(desk).on_timer(t, post, timer->kind, timer->key, timer->payload);
      } else {
        room.on_timer(t, post, timer->kind, timer->key, timer->payload);
      }
    }
    now = to;
  }
  std::vector<std::string> violations() { return dispatch::verify_dispatch(db()); }

  dispatch::Dispatch room{desk, post, {{"罚单"}, {"申诉"}}};
  dispatch::DispatchResource resource{room};
};

}  // namespace huiyin::orders_test
