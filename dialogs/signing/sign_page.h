// GET and POST /sign/{token}: the page where the customer signs without an account (R5.19,
// guarantee 6). A forged link is 403; one that is used, too old or no longer needed 410; one of an
// earlier version of the order 409 with the offer to send the new link to where it was reported
// from. None of these names anybody. Every answer is a page that loads nothing from elsewhere.
#pragma once
#include "bot/gateway/lane.h"
#include "bot/http.h"
#include "dialogs/orders/orders.h"
#include "dialogs/signing/links.h"
#include "dialogs/signing/template.h"

namespace huiyin::signing {

// The faults of config/pages/sign.html and config/talk/signing.json.
ConfigFaults check_signing(const std::string& config_dir);

class SignPage {
 public:
  static constexpr std::size_t body_bytes_max = 300'000;  // a drawing, percent-encoded

  // Borrowed, but for the template (config/pages/sign.html).
  SignPage(orders::Orders& orders, const Links& links, Lane& lane, Template page)
      : orders_(orders), links_(links), lane_(lane), page_(std::move(page)) {}
  // Called once, before serving.
  void add_routes(http::Routes& routes);

 private:
  struct Form;
  void get(const http::Request& request, http::Responder respond);
  void post(const http::Request& request, http::Responder respond);
  // Runs `answer` as a job of the lane; a page that says "later" when it cannot.
  void run(Language language, std::function<http::Response(Transaction&)> answer,
           http::Responder respond);
  http::Response show(Transaction& tx, const Link& link);
  http::Response take(Transaction& tx, const Link& link, const Form& form);
  http::Response send_new(Transaction& tx, const orders::Order& order, const Link& link);
  // Why the link does not open the order; none: it does.
  std::optional<http::Response> closed(Transaction& tx, const Link& link, bool offer,
                                       std::optional<orders::Order>& order) const;
  http::Response sheet(Transaction& tx, const orders::Order& order, int status,
                       std::string_view fault) const;
  http::Response message(int status, Language language, std::string_view phrase,
                         bool offer = false) const;
  http::Response page(int status, Language language, Json values) const;
  std::string say(Language language, std::string_view phrase) const;

  orders::Orders& orders_;
  const Links& links_;
  Lane& lane_;
  const Template page_;
};

}  // namespace huiyin::signing
