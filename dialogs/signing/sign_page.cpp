#include "dialogs/signing/sign_page.h"

#include "dialogs/orders/order_json.h"
#include "dialogs/orders/signature_image.h"
#include "dialogs/signing/drawing.h"
#include "dialogs/signing/signing.h"
#include "store/base/money.h"
#include "store/base/secret.h"
#include "store/base/text.h"

namespace huiyin::signing {
namespace {

using http::Response;
using orders::Order;

constexpr std::size_t name_code_points_max = 40;

// The language of a page that is about no order.
Language language_asked(const http::Request& request) {
  return request.header("Accept-Language").starts_with("en") ? Language::en : Language::zh_hans;
}

std::string_view html_language(Language language) {
  if (language == Language::en) return "en";
  return language == Language::zh_hant ? "zh-Hant" : "zh-Hans";
}

std::string field(const http::Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

}  // namespace

ConfigFaults check_signing(const std::string& config_dir) {
  ConfigFaults faults;
  if (const auto page = Template::load(config_dir + "/pages/sign.html"); !page) {
    faults = page.error();
  }
  if (const auto words = SigningDialog::load(config_dir + "/talk/signing.json"); !words) {
    faults.insert(faults.end(), words.error().begin(), words.error().end());
  }
  return faults;
}

struct SignPage::Form {
  std::string name;     // as typed; may be empty
  std::string drawing;  // data URL; may be empty
  bool renew = false;
};

void SignPage::add_routes(http::Routes& routes) {
  routes.add("GET", "/sign/{token}", [this](const http::Request& request, http::Responder respond) {
    get(request, std::move(respond));
  });
  routes.add("POST", "/sign/{token}",
             [this](const http::Request& request, http::Responder respond) {
               post(request, std::move(respond));
             });
}

void SignPage::get(const http::Request& request, http::Responder respond) {
  const auto link = links_.read(request.params.at("token"));
  const Language language = language_asked(request);
  if (!link) return respond(message(403, language, "signing.page.forged"));
  run(
      language, [this, link = *link](Transaction& tx) { return show(tx, link); },
      std::move(respond));
}

void SignPage::post(const http::Request& request, http::Responder respond) {
  const auto link = links_.read(request.params.at("token"));
  const Language language = language_asked(request);
  if (!link) return respond(message(403, language, "signing.page.forged"));
  if (request.body.size() > body_bytes_max) {
    return respond(message(413, language, "signing.page.bad_drawing"));
  }
  if (!request.header("Content-Type").starts_with("application/x-www-form-urlencoded")) {
    return respond(message(415, language, "signing.page.later"));
  }
  const auto fields = http::parse_form(request.body);
  if (!fields) return respond(message(400, language, "signing.page.later"));
  const std::string name = safe_for_display(to_valid_utf8(field(*fields, "name")));
  Form form{std::string(trim(name)), field(*fields, "drawing"), !field(*fields, "renew").empty()};
  run(
      language,
      [this, link = *link, form = std::move(form)](Transaction& tx) {
        return take(tx, link, form);
      },
      std::move(respond));
}

void SignPage::run(Language language, std::function<Response(Transaction&)> answer,
                   http::Responder respond) {
  const auto answered = std::make_shared<Response>();
  const auto shared = std::make_shared<http::Responder>(std::move(respond));
  LaneJob job;
  job.answers = true;
  job.run = [answered, answer = std::move(answer)](Transaction& tx) { *answered = answer(tx); };
  job.done = [this, language, answered, shared](const Result<void>& done) {
    (*shared)(done ? std::move(*answered) : message(503, language, "signing.page.later"));
  };
  if (!lane_.submit(std::move(job))) (*shared)(message(503, language, "signing.page.later"));
}

std::optional<Response> SignPage::closed(Transaction& tx, const Link& link, bool offer,
                                         std::optional<Order>& order) const {
  order = orders::load(tx.read(), link.order);
  if (!order) return message(410, Language::zh_hans, "signing.page.gone");
  const Language language = order->language;
  const bool waits = order->state == "completed";
  if (orders::listed("signed returned archived", order->state)) {
    return message(410, language, "signing.page.used");
  }
  if (tx.now() >= link.expires) {
    return message(410, language, "signing.page.expired", offer && waits);
  }
  if (!waits) return message(410, language, "signing.page.gone");
  if (orders::sheet_version(tx.read(), *order) != link.version) {
    return message(409, language, "signing.page.changed", offer);
  }
  return std::nullopt;
}

Response SignPage::show(Transaction& tx, const Link& link) {
  std::optional<Order> order;
  if (auto no = closed(tx, link, true, order)) return std::move(*no);
  return sheet(tx, *order, 200, {});
}

Response SignPage::take(Transaction& tx, const Link& link, const Form& form) {
  std::optional<Order> order;
  if (auto no = closed(tx, link, true, order)) {
    return form.renew && order && order->state == "completed" ? send_new(tx, *order, link)
                                                              : std::move(*no);
  }
  if (!form.drawing.empty() && !is_drawing(form.drawing)) {
    return sheet(tx, *order, 400, "signing.page.bad_drawing");
  }
  // Who drew without typing is the one who reported it.
  const std::string name = form.name.empty() && !form.drawing.empty() ? order->name : form.name;
  if (name.empty() || code_points(name) > name_code_points_max) {
    return sheet(tx, *order, 400, "signing.page.bad_name");
  }
  const auto done = orders_.act(tx, order->number, "sign",
                                {{"by", name}, {"role", "customer"}, {"method", "page"}},
                                orders::Actor::resident("page", order->conversation));
  if (!done) return message(410, order->language, "signing.page.gone");
  if (!form.drawing.empty()) orders::keep_signature_image(tx.write(), *order, form.drawing);
  return message(200, order->language, "signing.page.thanks");
}

// Each link brings one new one: whoever holds it cannot flood the phone.
Response SignPage::send_new(Transaction& tx, const Order& order, const Link& link) {
  const std::string key =
      std::to_string(link.version) + "-" + std::to_string(to_millis(link.expires));
  orders_.send_link(tx, order, key);
  return message(200, order.language, "signing.page.renewed");
}

Response SignPage::sheet(Transaction& tx, const Order& order, int status,
                         std::string_view fault) const {
  const Language language = order.language;
  const auto label = [&](std::string_view name) {
    std::string phrase = "signing.page.";
    phrase += name;
    return say(language, phrase);
  };
  const Json record = orders::to_json(tx.read(), order, orders_.directory().profile(order.estate));
  Json charges = Json::array();
  std::int64_t total = 0;
  for (const auto& charge : record["charges"]) {
    const auto fen = charge["amount_fen"].get<std::int64_t>();
    charges.push_back({{"item", charge["item"]}, {"amount", yuan(fen)}});
    total += fen;
  }
  const std::string done =
      std::get<std::string>(orders_.bill(tx.read(), order, tx.now()).at("done"));
  Json values = {{"sheet", true},
                 {"number", order.number},
                 {"address", order.unit.empty() ? order.place : order.unit},
                 {"work", done == "none" ? text_of(record, "description") : done},
                 {"charged", !charges.empty()},
                 {"charges", charges},
                 {"total", yuan(total)},
                 {"free", charges.empty() ? label("no_charge") : ""},
                 {"fault", fault.empty() ? "" : say(language, fault)}};
  for (const char* name : {"number", "address", "work", "charges", "total", "draw", "name"}) {
    std::string key = "label_";
    values[key += name] = label(name);
  }
  for (const char* name : {"finance", "ask", "clear", "submit", "unhappy"}) {
    values[name] = label(name);
  }
  return page(status, language, std::move(values));
}

Response SignPage::message(int status, Language language, std::string_view phrase,
                           bool offer) const {
  return page(status, language,
              {{"message", say(language, phrase)},
               {"renew", offer ? say(language, "signing.page.renew") : ""}});
}

Response SignPage::page(int status, Language language, Json values) const {
  const std::string nonce = new_token();
  values["nonce"] = nonce;
  values["lang"] = html_language(language);
  values["title"] = say(language, "signing.page.title");
  Response response = Response::text(status, page_.fill(values), "text/html; charset=utf-8");
  response.headers["Content-Security-Policy"] =
      "default-src 'none'; style-src 'nonce-" + nonce + "'; script-src 'nonce-" + nonce +
      "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  response.headers["Cache-Control"] = "no-store";
  response.headers["Referrer-Policy"] = "no-referrer";
  response.headers["X-Content-Type-Options"] = "nosniff";
  return response;
}

std::string SignPage::say(Language language, std::string_view phrase) const {
  return orders_.speech().say(phrase, language, {}, {});
}

}  // namespace huiyin::signing
