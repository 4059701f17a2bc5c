#include "channels/rest/rest_channel.h"

#include <algorithm>
#include <charconv>
#include <mutex>

#include "channels/rest/codec.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

using http::Request;
using http::Responder;
using http::Response;

constexpr std::string_view token_header = "Huiyin-Session-Token";

// What comes before the client's connection is ready waits here; afterwards it goes straight on.
class Outlet {
 public:
  void open(const std::shared_ptr<http::EventSink>& sink) {
    const std::lock_guard lock(mutex_);
    sink_ = sink;
    open_ = true;
    sink->write(": connected\n\n" + waiting_);
    waiting_.clear();
  }

  void write(const std::string& frame) {
    const std::lock_guard lock(mutex_);
    if (!open_) {
      waiting_ += frame;
    } else if (const auto sink = sink_.lock()) {
      sink->write(frame);
    }
  }

 private:
  std::mutex mutex_;
  std::weak_ptr<http::EventSink> sink_;
  std::string waiting_;
  bool open_ = false;
};

bool is_json(const Request& request) {
  const std::string_view type = request.header("Content-Type");
  if (type.empty()) return true;
  const std::string_view media = trim(type.substr(0, type.find(';')));
  constexpr http::CaseLess less;
  constexpr std::string_view json = "application/json";
  return !less(media, json) && !less(json, media);
}

std::int64_t last_event_id(const Request& request) {
  const std::string_view text = trim(request.header("Last-Event-ID"));
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc{} && end == text.data() + text.size() && id > 0 ? id : 0;
}

class RestChannel final : public Channel {
 public:
  RestChannel(RestOptions options, Front& front) : options_(std::move(options)), front_(front) {
    capabilities_.text_code_points_max = 20'000;
    capabilities_.buttons = true;
    capabilities_.conversation_space = "rest";
    any_origin_ = std::find(options_.allow_origins.begin(), options_.allow_origins.end(), "*") !=
                  options_.allow_origins.end();
  }

  std::string_view name() const override { return "rest"; }
  const Capabilities& capabilities() const override { return capabilities_; }
  bool can_send() const override { return true; }

  void add_routes(http::Routes& routes) override {
    const http::Handler alive = [this](const Request& request, const Responder& respond) {
      Response ok = Response::text(200, R"({"status":"ok"})", "application/json");
      allow_origin(request, ok);
      respond(std::move(ok));
    };
    const http::Handler preflight = [this](const Request& request, const Responder& respond) {
      respond(answer_preflight(request));
    };
    routes.add("GET", "/webhooks/rest/", alive);
    routes.add("GET", "/webhooks/rest", alive);
    routes.add("POST", "/webhooks/rest/webhook", [this](const Request& request, Responder respond) {
      take(request, std::move(respond));
    });
    routes.add("GET", "/webhooks/rest/stream", [this](const Request& request, Responder respond) {
      stream(request, std::move(respond));
    });
    for (const auto* path :
         {"/webhooks/rest/", "/webhooks/rest", "/webhooks/rest/webhook", "/webhooks/rest/stream"}) {
      routes.add("OPTIONS", path, preflight);
    }
  }

  // The message is in the conversation's log already, and the streams of the sender read from
  // there: nothing else has to leave.
  void send(const Outbound&, std::function<void(Result<Accepted>)> done) override {
    done(Accepted{});
  }

 private:
  bool listed(std::string_view origin) const {
    return any_origin_ || std::find(options_.allow_origins.begin(), options_.allow_origins.end(),
                                    origin) != options_.allow_origins.end();
  }

  void allow_origin(const Request& request, Response& response) const {
    allow_origin(request.header("Origin"), response);
  }
  void allow_origin(std::string_view origin, Response& response) const {
    if (origin.empty()) return;
    response.headers.emplace("Vary", "Origin");
    if (!listed(origin)) return;
    response.headers.emplace("Access-Control-Allow-Origin", any_origin_ ? "*" : origin);
    response.headers.emplace("Access-Control-Expose-Headers", token_header);
  }

  Response answer_preflight(const Request& request) const {
    Response response;
    response.status = 204;
    response.headers.emplace("Allow", "GET, HEAD, POST, OPTIONS");
    allow_origin(request, response);
    if (response.headers.contains("Access-Control-Allow-Origin")) {
      response.headers.emplace("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
      response.headers.emplace("Access-Control-Allow-Headers",
                               "Authorization, Content-Type, Last-Event-ID");
      response.headers.emplace("Access-Control-Max-Age", "600");
    }
    return response;
  }

  Response with_origin(const Request& request, Response response) const {
    allow_origin(request, response);
    return response;
  }

  void take(const Request& request, Responder respond) {
    if (!is_json(request)) {
      return respond(with_origin(request, Response::problem(415, "Unsupported Media Type",
                                                            "the body must be application/json",
                                                            {{"field", "Content-Type"}})));
    }
    auto message = rest::decode(request.body, request.bearer_token());
    if (!message) return respond(with_origin(request, Response::from(message.error())));
    std::string sender = message->sender;
    front_.accept(std::move(*message), [this, sender = std::move(sender),
                                        origin = std::string(request.header("Origin")),
                                        respond = std::move(respond)](Result<TurnAnswer> answer) {
      Response response = answer ? told(sender, *answer) : Response::from(answer.error());
      allow_origin(origin, response);
      respond(std::move(response));
    });
  }

  static Response told(const std::string& sender, const TurnAnswer& answer) {
    Response response =
        Response::text(200, rest::encode(sender, answer.replies), "application/json");
    if (!answer.session_token.empty()) {
      response.headers.emplace(token_header, answer.session_token);
    }
    return response;
  }

  void stream(const Request& request, Responder respond) {
    std::string sender = request.query_value("sender");
    if (sender.empty()) {
      return respond(with_origin(
          request, Response::from({ErrorKind::invalid, "sender must be a string that is not empty",
                                   "sender", std::nullopt})));
    }
    std::string token(request.bearer_token());
    if (token.empty()) {
      return respond(with_origin(
          request, Response::from({ErrorKind::unauthorized, "the stream needs the session token",
                                   "", std::nullopt})));
    }
    auto outlet = std::make_shared<Outlet>();
    auto event = [outlet, sender](std::int64_t id, const Reply& reply) {
      std::string frame = "id: " + std::to_string(id) + "\ndata: ";
      rest::append_message(frame, sender, reply);
      frame += "\n\n";
      outlet->write(frame);
    };
    auto ready = [this, outlet, origin = std::string(request.header("Origin")),
                  respond = std::move(respond)](Result<std::shared_ptr<Front::Watch>> watch) {
      Response response;
      if (watch) {
        response.headers.emplace("Content-Type", "text/event-stream");
        response.headers.emplace("Cache-Control", "no-cache");
        response.headers.emplace("X-Accel-Buffering", "no");  // nginx passes it on at once
        // The watch lives in `start`, which the server keeps as long as the client listens.
        response.start = [outlet, watch = *watch](const std::shared_ptr<http::EventSink>& sink) {
          outlet->open(sink);
        };
      } else {
        response = Response::from(watch.error());
      }
      allow_origin(origin, response);
      respond(std::move(response));
    };
    front_.watch(std::move(sender), std::move(token), last_event_id(request), std::move(event),
                 std::move(ready));
  }

  RestOptions options_;
  Front& front_;
  Capabilities capabilities_;
  bool any_origin_ = false;
};

}  // namespace

RestOptions rest_options(const Settings& settings) {
  RestOptions options;
  for (const Json& origin : settings.at("channels.rest.allow_origins")) {
    if (origin.is_string()) options.allow_origins.push_back(origin.get<std::string>());
  }
  return options;
}

std::unique_ptr<Channel> make_rest_channel(RestOptions options, Front& front) {
  return std::make_unique<RestChannel>(std::move(options), front);
}

}  // namespace huiyin
