#include "channels/kannel/kannel_channel.h"

#include "bot/degrade.h"
#include "bot/sms_text.h"
#include "channels/http/outcome.h"
#include "channels/kannel/codec.h"
#include "store/base/secret.h"

namespace huiyin {
namespace {

using http::Request;
using http::Responder;
using http::Response;

// Delivered, failed, rejected by the SMSC: the final reports (1 + 2 + 16).
constexpr std::string_view report_mask = "19";

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

Response sms(std::string text) {
  const bool needs_ucs2 = !text.empty() && !fits_gsm7(text);
  Response response = Response::text(200, std::move(text), "text/plain; charset=UTF-8");
  if (needs_ucs2) response.headers.emplace("X-Kannel-Coding", "2");
  return response;
}

class KannelChannel final : public Channel {
 public:
  KannelChannel(KannelOptions options, Front& front, http::Client& client)
      : options_(std::move(options)), front_(front), client_(client) {
    options_.api_base = without_slash(std::move(options_.api_base));
    options_.public_url = without_slash(std::move(options_.public_url));
    capabilities_.text_code_points_max = 2'000;
    capabilities_.conversation_space = "sms";
  }

  std::string_view name() const override { return "kannel"; }
  const Capabilities& capabilities() const override { return capabilities_; }
  bool can_send() const override { return !options_.api_base.empty(); }

  void add_routes(http::Routes& routes) override {
    routes.add("GET", "/webhooks/kannel/sms", [this](const Request& request, Responder respond) {
      take_message(request, std::move(respond));
    });
    routes.add("GET", "/webhooks/kannel/dlr", [this](const Request& request, Responder respond) {
      take_report(request, std::move(respond));
    });
  }

  void send(const Outbound& message, std::function<void(Result<Accepted>)> done) override {
    const std::string text =
        with_signature(with_buttons_as_text(message.text, message.buttons), options_.signature);
    http::ClientRequest request;
    request.url = options_.api_base + "/cgi-bin/sendsms?" +
                  http::encode_form({{"username", options_.username},
                                     {"password", options_.password},
                                     {"from", options_.from},
                                     {"to", message.to},
                                     {"text", text},
                                     {"charset", "UTF-8"},
                                     {"coding", fits_gsm7(text) ? "0" : "2"},
                                     {"dlr-mask", report_mask},
                                     {"dlr-url", callback(message)}});
    request.timeout = options_.timeout;
    client_.call(std::move(request),
                 [done = std::move(done)](const Result<http::ClientResponse>& response) {
                   done(outcome(response));
                 });
  }

 private:
  // %d is filled in by Kannel; everything else of ours must not look like one of its escapes.
  std::string callback(const Outbound& message) const {
    std::string url = message.callback_url;
    if (url.empty()) {
      url = options_.public_url + "/webhooks/kannel/dlr?id=" + http::percent_encode(message.id);
    }
    std::string escaped;
    for (const char c : url + "&secret=" + http::percent_encode(options_.secret)) {
      escaped += c;
      if (c == '%') escaped += '%';
    }
    return escaped + "&status=%d";
  }

  static Result<Accepted> outcome(const Result<http::ClientResponse>& response) {
    if (!response) return tl::unexpected(response.error());
    if (auto error = http::error_of(*response, "")) {
      if (response->status == 403) error->kind = ErrorKind::unauthorized;
      return tl::unexpected(std::move(*error));
    }
    return Accepted{};  // Kannel gives no id
  }

  std::optional<Response> refuse(const Request& request) const {
    if (options_.secret.empty() ||
        equal_constant_time(request.query_value("secret"), options_.secret)) {
      return std::nullopt;
    }
    return Response::from({ErrorKind::forbidden, "the secret is wrong", "", {}});
  }

  void take_message(const Request& request, Responder respond) {
    if (auto refusal = refuse(request)) return respond(std::move(*refusal));
    auto message = kannel::decode(request.query_fields());
    if (!message) return respond(Response::from(message.error()));
    front_.accept(std::move(*message),
                  [this, respond = std::move(respond)](const Result<TurnAnswer>& answer) {
                    if (!answer) return respond(Response::from(answer.error()));
                    respond(sms(kannel::encode(answer->replies, options_.signature)));
                  });
  }

  void take_report(const Request& request, Responder respond) {
    if (auto refusal = refuse(request)) return respond(std::move(*refusal));
    auto receipt = kannel::decode_report(request.query_value("id"), request.query_value("status"));
    if (!receipt) return respond(Response::from(receipt.error()));
    if (!*receipt) return respond(sms(""));
    front_.receive(std::move(**receipt), [respond = std::move(respond)](const Result<void>& kept) {
      // Only what could not be written down now is worth telling again.
      const bool again = !kept && kept.error().kind == ErrorKind::transient;
      respond(again ? Response::from(kept.error()) : sms(""));
    });
  }

  KannelOptions options_;
  Front& front_;
  http::Client& client_;
  Capabilities capabilities_;
};

}  // namespace

KannelOptions kannel_options(const Settings& settings) {
  KannelOptions options;
  options.api_base = settings.text("channels.kannel.api_base");
  options.public_url = settings.text("channels.kannel.public_url");
  options.username = settings.text("channels.kannel.username");
  options.password = settings.text("channels.kannel.password");
  options.from = settings.text("channels.kannel.from");
  options.secret = settings.text("channels.kannel.secret");
  options.signature = settings.text("sms.signature");
  options.timeout = std::chrono::seconds(settings.integer("delivery.timeout_seconds"));
  return options;
}

std::unique_ptr<Channel> make_kannel_channel(KannelOptions options, Front& front,
                                             http::Client& client) {
  return std::make_unique<KannelChannel>(std::move(options), front, client);
}

}  // namespace huiyin
