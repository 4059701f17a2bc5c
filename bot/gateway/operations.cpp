#include "bot/gateway/operations.h"

#include "store/base/text.h"
#include "store/meta.h"

namespace huiyin {
namespace {

constexpr std::size_t parse_code_points_max = 10'000;
constexpr Millis advance_max = std::chrono::hours(24 * 366 * 2);

http::Response parse_answer(const OperationsParts& parts, const http::Request& request) {
  if (!request.header("Content-Type").starts_with("application/json")) {
    return http::Response::problem(415, "Unsupported Media Type", "send application/json");
  }
  if (!is_valid_utf8(request.body)) {
    return http::Response::problem(400, "Bad Request", "the body is not valid UTF-8");
  }
  const auto body = parse_json(request.body);
  if (!body) return http::Response::from(body.error());
  const auto text = body->is_object() ? body->find("text") : body->end();
  if (!body->is_object() || text == body->end() || !text->is_string()) {
    return http::Response::problem(400, "Bad Request", "text: a string is needed",
                                   {{"field", "text"}});
  }
  const Zone zone = parts.directory.profile("").zone;
  const std::string words = first_code_points(text->get<std::string>(), parse_code_points_max);
  Json answer = to_rasa(parts.understander.parse(words, {parts.clock.now(), &zone}));
  if (body->contains("message_id")) answer["message_id"] = (*body)["message_id"];
  return http::Response::json(200, answer);
}

}  // namespace

void add_operations(http::Routes& routes, const OperationsParts& parts) {
  routes.add("GET", "/healthz", [](const http::Request&, const http::Responder& respond) {
    respond(http::Response::json(200, {{"status", "ok"}}));
  });
  routes.add("GET", "/readyz", [parts](const http::Request&, http::Responder respond) {
    // Writable means: a job goes through the lane. Redis is told of, not required.
    auto shared = std::make_shared<http::Responder>(std::move(respond));
    LaneJob job;
    job.run = [](Transaction& tx) {
      store::set_meta(tx.write(), "ready_at", std::to_string(to_millis(tx.now())));
    };
    job.done = [parts, shared](const Result<void>& done) {
      (*shared)(
          http::Response::json(done ? 200 : 503, {{"status", done ? "ready" : "not ready"},
                                                  {"database", done ? "writable" : "not writable"},
                                                  {"redis", parts.redis_up() ? "up" : "down"}}));
    };
    if (!parts.lane.submit(std::move(job))) {
      (*shared)(http::Response::json(503, {{"status", "not ready"}, {"database", "busy"}}));
    }
  });
  routes.add("GET", "/metrics", [parts](const http::Request&, const http::Responder& respond) {
    respond(http::Response::text(200, parts.metrics.text(parts.database, parts.redis_up()),
                                 "text/plain; version=0.0.4; charset=utf-8"));
  });
  routes.add("GET", "/version", [parts](const http::Request&, const http::Responder& respond) {
    respond(http::Response::json(200, {{"name", "huiyin"}, {"version", parts.version}}));
  });
  routes.add("GET", "/status", [parts](const http::Request&, const http::Responder& respond) {
    respond(http::Response::json(200, {{"status", "ok"},
                                       {"version", parts.version},
                                       {"model_file", parts.model},
                                       {"redis", parts.redis_up() ? "up" : "down"}}));
  });
  routes.add("POST", "/model/parse",
             [parts](const http::Request& request, const http::Responder& respond) {
               respond(parse_answer(parts, request));
             });
}

void TrackerResource::add_to(Api& api) {
  static const Roles may{"admin", "front_desk", "service_supervisor"};
  for (const char* prefix : {"/conversations", "/api/v1/conversations"}) {
    api.add({"GET",
             std::string(prefix) + "/{sender}/tracker",
             may,
             "The conversation as Rasa's tracker shows it",
             {},
             {},
             200,
             "application/json",
             {}},
            [this](ApiCall& call) {
              const auto tracker = front_.tracker(call.request().params.find("sender")->second);
              return tracker ? http::Response::json(200, *tracker)
                             : http::Response::from(tracker.error());
            });
  }
}

void SandboxResource::add_to(Api& api) {
  api.add({"GET",
           "/api/v1/sandbox/clock",
           admin_only,
           "The sandbox clock",
           {},
           {},
           200,
           "application/json",
           {}},
          [this](ApiCall&) {
            return http::Response::json(200, {{"now", parts_.zone.rfc3339(parts_.clock.now())}});
          });
  api.add({"PUT",
           "/api/v1/sandbox/clock",
           admin_only,
           "Moves the clock forward; answers when everything due has happened",
           {{"type", "object"},
            {"properties",
             {{"now", {{"type", "string"}, {"format", "date-time"}}},
              {"advance", {{"type", "string"}}}}}},
           {},
           200,
           "application/json",
           {}},
          [this](ApiCall& call) { return put_clock(call); });
  api.add({"GET",
           "/api/v1/sandbox/sent",
           admin_only,
           "Every message that left or would have left, in order",
           {},
           {},
           200,
           "application/json",
           {"after"}},
          [this](ApiCall& call) {
            const std::string text = call.request().query_value("after");
            if (text.find_first_not_of("0123456789") != std::string::npos || text.size() > 18) {
              return http::Response::problem(400, "Bad Request", "after: a sequence number",
                                             {{"field", "after"}});
            }
            const std::int64_t after = text.empty() ? 0 : std::stoll(text);
            return call.read([&](store::Connection& db) {
              return http::Response::json(200, parts_.sent(db, after));
            });
          });
}

http::Response SandboxResource::put_clock(ApiCall& call) {
  const auto bad = [](const std::string& field, const std::string& why) {
    return http::Response::problem(400, "Bad Request", field + ": " + why, {{"field", field}});
  };
  const Json& body = call.body();
  Instant to = parts_.clock.now();
  if (body.contains("now") == body.contains("advance")) {
    return bad("now", "give either now or advance");
  }
  if (body.contains("now")) {
    const auto at = parse_rfc3339(text_of(body, "now"));
    if (!at) return bad("now", at.error().message);
    to = *at;
  } else {
    const auto by = parse_duration(text_of(body, "advance"));
    if (!by) return bad("advance", by.error().message);
    to += *by;
  }
  if (to < parts_.clock.now() - std::chrono::seconds(1)) {
    return http::Response::problem(409, "Conflict", "the clock moves forward only",
                                   {{"field", "now"}});
  }
  if (to - parts_.clock.now() > advance_max) return bad("now", "at most two years at a time");
  if (const auto done = parts_.scheduler.advance(parts_.clock, to); !done) {
    return http::Response::from(done.error());
  }
  return http::Response::json(200, {{"now", parts_.zone.rfc3339(parts_.clock.now())}});
}

}  // namespace huiyin
