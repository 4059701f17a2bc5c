// What dispatch adds to the operator API: /penalties, /number-books, /shift-log.
#pragma once
#include "bot/gateway/api.h"
#include "dialogs/dispatch/dispatch.h"

namespace huiyin::dispatch {

class DispatchResource final : public Resource {
 public:
  explicit DispatchResource(Dispatch& dispatch) : dispatch_(dispatch) {}  // borrowed
  void add_to(Api& api) override {
    add_penalties(api);
    add_books(api);
    add_shift_log(api);
  }

 private:
  void add_penalties(Api& api);  // penalties_resource.cpp
  http::Response penalty_page(ApiCall& call);
  http::Response penalty(ApiCall& call);
  http::Response propose(ApiCall& call);
  http::Response act(ApiCall& call, const std::string& action);

  void add_books(Api& api);  // number_books_resource.cpp
  http::Response book_page(ApiCall& call);
  http::Response issue(ApiCall& call);
  http::Response take_back(ApiCall& call);

  void add_shift_log(Api& api);  // shift_log_resource.cpp
  http::Response log_page(ApiCall& call);
  http::Response write_note(ApiCall& call);
  http::Response write_reason(ApiCall& call);

  const Zone& zone_of(std::string_view estate) const {
    return dispatch_.orders().directory().profile(estate).zone;
  }

  Dispatch& dispatch_;
};

}  // namespace huiyin::dispatch
