// Calls of the operator API on the house of orders, each in its own committed transaction.
#pragma once
#include "dialogs/contacts/contacts.h"
#include "dialogs/orders/resource.h"
#include "tests/dialogs/estate_support.h"
#include "tests/dialogs/orders_support.h"

namespace huiyin::orders_test {

class OrdersApi : public OrdersHouse {
 protected:
  OrdersApi() {
    db().script("ROLLBACK");  // calls bring their own transactions
    orders_resource.add_to(api);
    contacts_resource.add_to(api);
  }
  struct Answer {
    int status;
    Json body;
  };
  Answer call(const std::string& method, const std::string& pattern, Json body = nullptr,
              std::string number = {}, std::string query = {}) {
    const auto& entry = api.entries.at(method + " /api/v1/" + pattern);
    if (!entry.route.roles.contains(who.role)) return {403, nullptr};
    http::Request request;
    request.method = method;
    request.query = std::move(query);
    if (!number.empty()) request.params["number"] = std::move(number);
    testing::TestCall one(*database, now, who, std::move(request), std::move(body));
    one.limit_value = limit;
    one.cursor_value = cursor;
    const auto answer = entry.handler(one);
    return {answer.status, Json::parse(answer.body, nullptr, false)};
  }
  Answer act(const std::string& number, Json body) {
    return call("POST", "work-orders/{number}/actions", std::move(body), number);
  }

  testing::TestApi api;
  orders::OrdersResource orders_resource{desk};
  contacts::ContactsResource contacts_resource{directory};
  Principal who{"admin", 0, ""};
  int limit = 50;
  std::int64_t cursor = 0;
};

}  // namespace huiyin::orders_test
