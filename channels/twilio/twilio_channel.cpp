#include "channels/twilio/twilio_channel.h"

#include "bot/degrade.h"
#include "bot/sms_text.h"
#include "channels/http/outcome.h"
#include "channels/twilio/codec.h"

namespace huiyin {
namespace {

using http::Request;
using http::Responder;
using http::Response;

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

class TwilioChannel final : public Channel {
 public:
  TwilioChannel(TwilioOptions options, Front& front, http::Client& client)
      : options_(std::move(options)), front_(front), client_(client) {
    options_.api_base = without_slash(std::move(options_.api_base));
    options_.public_url = without_slash(std::move(options_.public_url));
    capabilities_.text_code_points_max = twilio::body_code_points_max;
    capabilities_.conversation_space = "sms";
  }

  std::string_view name() const override { return "twilio"; }
  const Capabilities& capabilities() const override { return capabilities_; }
  bool can_send() const override { return !options_.api_base.empty(); }

  void add_routes(http::Routes& routes) override {
    routes.add("POST", "/webhooks/twilio/sms", [this](const Request& request, Responder respond) {
      take_message(request, std::move(respond));
    });
    routes.add("POST", "/webhooks/twilio/status",
               [this](const Request& request, Responder respond) {
                 take_status(request, std::move(respond));
               });
  }

  void send(const Outbound& message, std::function<void(Result<Accepted>)> done) override {
    const std::string text =
        with_signature(with_buttons_as_text(message.text, message.buttons), options_.signature);
    http::ClientRequest request;
    request.method = "POST";
    request.url = options_.api_base + "/2010-04-01/Accounts/" +
                  http::percent_encode(options_.account_sid) + "/Messages.json";
    request.headers["Authorization"] = http::basic_auth(options_.account_sid, options_.auth_token);
    request.headers["Content-Type"] = "application/x-www-form-urlencoded";
    request.body = http::encode_form({{"To", message.to},
                                      {"From", options_.from},
                                      {"Body", text},
                                      {"StatusCallback", callback(message)}});
    request.timeout = options_.timeout;
    client_.call(std::move(request),
                 [done = std::move(done)](const Result<http::ClientResponse>& response) {
                   done(outcome(response));
                 });
  }

 private:
  std::string callback(const Outbound& message) const {
    if (!message.callback_url.empty()) return message.callback_url;
    return options_.public_url + "/webhooks/twilio/status?id=" + http::percent_encode(message.id);
  }

  static Result<Accepted> outcome(const Result<http::ClientResponse>& response) {
    if (!response) return tl::unexpected(response.error());
    const auto body = parse_json(response->body);
    const Json empty = Json::object();
    const Json& answer = body ? *body : empty;
    const std::int64_t code = int_of(answer, "code");
    if (auto error = http::error_of(*response, code == 0 ? "" : std::to_string(code))) {
      if (code == 20429) error->kind = ErrorKind::rate_limited;
      return tl::unexpected(std::move(*error));
    }
    return Accepted{text_of(answer, "sid")};
  }

  // Reads the form and checks who sent it; an answer when it ends here.
  std::optional<Response> open(const Request& request, http::Fields& form) const {
    auto parsed = http::parse_form(request.body);
    if (!options_.auth_token.empty()) {
      const bool holds = parsed && twilio::signature_holds(
                                       options_.auth_token, options_.public_url + request.target,
                                       *parsed, request.header("X-Twilio-Signature"));
      if (!holds) {
        return Response::from({ErrorKind::forbidden, "the signature does not hold", "", {}});
      }
    }
    if (!parsed) return Response::from(parsed.error());
    form = std::move(*parsed);
    return std::nullopt;
  }

  void take_message(const Request& request, Responder respond) {
    http::Fields form;
    if (auto refusal = open(request, form)) return respond(std::move(*refusal));
    auto message = twilio::decode(form);
    if (!message) return respond(Response::from(message.error()));
    front_.accept(std::move(*message),
                  [this, respond = std::move(respond)](const Result<TurnAnswer>& answer) {
                    if (!answer) return respond(Response::from(answer.error()));
                    respond(Response::text(200, twilio::encode(answer->replies, options_.signature),
                                           "text/xml; charset=utf-8"));
                  });
  }

  void take_status(const Request& request, Responder respond) {
    http::Fields form;
    if (auto refusal = open(request, form)) return respond(std::move(*refusal));
    auto receipt = twilio::decode_status(request.query_value("id"), form);
    if (!receipt) return respond(Response::from(receipt.error()));
    if (!*receipt) return respond(noted());
    front_.receive(std::move(**receipt), [respond = std::move(respond)](const Result<void>& kept) {
      // Only what could not be written down now is worth telling again.
      const bool again = !kept && kept.error().kind == ErrorKind::transient;
      respond(again ? Response::from(kept.error()) : noted());
    });
  }

  static Response noted() {
    Response response;
    response.status = 204;
    return response;
  }

  TwilioOptions options_;
  Front& front_;
  http::Client& client_;
  Capabilities capabilities_;
};

}  // namespace

TwilioOptions twilio_options(const Settings& settings) {
  TwilioOptions options;
  options.api_base = settings.text("channels.twilio.api_base");
  if (options.api_base.empty() && !settings.sandbox()) options.api_base = "https://api.twilio.com";
  options.public_url = settings.text("channels.twilio.public_url");
  options.account_sid = settings.text("channels.twilio.account_sid");
  options.auth_token = settings.text("channels.twilio.auth_token");
  options.from = settings.text("channels.twilio.from");
  options.signature = settings.text("sms.signature");
  options.timeout = std::chrono::seconds(settings.integer("delivery.timeout_seconds"));
  return options;
}

std::unique_ptr<Channel> make_twilio_channel(TwilioOptions options, Front& front,
                                             http::Client& client) {
  return std::make_unique<TwilioChannel>(std::move(options), front, client);
}

}  // namespace huiyin
