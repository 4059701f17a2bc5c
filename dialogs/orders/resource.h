// /api/v1/work-orders: lists, one record, intake at the desk, actions (contract sections 5 and 8).
#pragma once
#include "bot/gateway/api.h"
#include "dialogs/orders/orders.h"

namespace huiyin::orders {

// How the operator API answers a refusal, of these and of the subjects that build on them.
http::Response refused(const Refusal& refusal);

class OrdersResource final : public Resource {
 public:
  // `orders` must outlive the API.
  explicit OrdersResource(Orders& orders) : orders_(orders) {}
  void add_to(Api& api) override;

 private:
  http::Response page(ApiCall& call);
  http::Response one(ApiCall& call);
  http::Response take(ApiCall& call);
  http::Response act(ApiCall& call);

  Orders& orders_;
};

}  // namespace huiyin::orders
