#include "bot/gateway/api_server.h"

#include <spdlog/spdlog.h>

#include <charconv>

#include "store/base/secret.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

constexpr int limit_default = 50, limit_max = 500;
constexpr std::size_t idempotency_key_max = 255;

http::Response unauthorised() {
  auto response = http::Response::problem(401, "Unauthorized", "a valid bearer token is needed");
  response.headers["WWW-Authenticate"] = "Bearer";
  return response;
}

Result<std::int64_t> whole_number(const std::string& text, const char* name) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) {
    return fail(ErrorKind::invalid, std::string(name) + " must be a whole number", name);
  }
  return value;
}

// The part of the API that a path belongs to: its first word of its own.
std::string tag_of(std::string_view pattern) {
  constexpr std::string_view base = "/api/v1";
  if (pattern.starts_with(base)) pattern.remove_prefix(base.size());
  pattern.remove_prefix(1);
  return std::string(pattern.substr(0, pattern.find('/')));
}

}  // namespace

const Roles all_roles{"admin",
                      "front_desk",
                      "dispatcher",
                      "technician",
                      "engineering_supervisor",
                      "property_assistant",
                      "service_supervisor",
                      "finance",
                      "archivist",
                      "quality",
                      "centre_manager",
                      "general_manager"};

std::string Principal::actor() const {
  return staff == 0 ? "admin" : "staff:" + std::to_string(staff);
}

class ApiServer::Call final : public ApiCall {
 public:
  Call(ApiServer& server, const http::Request& request, const Principal& who, Json body)
      : server_(server), request_(request), who_(who), body_(std::move(body)) {}

  const http::Request& request() const override { return request_; }
  const Principal& who() const override { return who_; }
  const Json& body() const override { return body_; }
  Instant now() const override { return server_.parts_.clock.now(); }

  http::Response read(std::function<http::Response(store::Connection&)> f) override {
    return server_.parts_.database.read([&](store::Connection& db) { return f(db); });
  }

  http::Response write(std::function<http::Response(Transaction&)> f) override {
    const std::string_view key = request_.header("Idempotency-Key");
    if (key.size() > idempotency_key_max) {
      return http::Response::problem(400, "Bad Request", "Idempotency-Key is longer than 255");
    }
    const std::string secret =
        key.empty() ? "" : std::string(request_.bearer_token()) + "\n" + std::string(key);
    http::Response answer;
    const auto done = server_.parts_.lane.run([&](Transaction& tx) {
      if (!secret.empty() && known(tx, secret, answer)) return;
      answer = f(tx);
      if (answer.status >= 400) {
        refusal_ = std::move(answer);
        throw TakeBack();
      }
      refusal_.reset();
      if (!secret.empty()) remember(tx, secret, answer);
    });
    if (refusal_) return std::move(*refusal_);
    if (!done) return http::Response::from(done.error());
    return answer;
  }

  Result<int> limit() const override {
    const std::string text = request_.query_value("limit");
    if (text.empty()) return limit_default;
    const auto value = whole_number(text, "limit");
    if (!value) return tl::unexpected(value.error());
    return static_cast<int>(std::clamp<std::int64_t>(*value, 1, limit_max));
  }
  Result<std::int64_t> cursor() const override {
    const std::string text = request_.query_value("cursor");
    if (text.empty()) return 0;
    return whole_number(text, "cursor");
  }

 private:
  // An answer may hold what is stored nowhere else in plain (a new token), and a key may say what
  // it is for. `secret`, the caller's token and key, opens the row and is not stored: the row is
  // found by a hash of it, and the answer is sealed with it.
  //
  // The same key again: the first answer, or 409 for another body.
  bool known(Transaction& tx, const std::string& secret, http::Response& answer) const {
    const auto row = tx.read().first<std::string, std::int64_t, std::string>(
        "SELECT fingerprint, status, answer FROM idempotency WHERE key = :k", row_key(secret));
    if (!row) return false;
    const auto& [request, status, sealed] = *row;
    if (request != fingerprint(secret)) {
      answer = http::Response::problem(409, "Conflict",
                                       "this Idempotency-Key was used with another request");
      return true;
    }
    const auto body = unseal(sealed, secret);
    if (!body) throw std::runtime_error("the answer kept for an Idempotency-Key is damaged");
    answer = http::Response::json(static_cast<int>(status), Json::parse(*body, nullptr, false));
    return true;
  }
  void remember(Transaction& tx, const std::string& secret, const http::Response& answer) const {
    tx.write().exec(
        "INSERT INTO idempotency(key, fingerprint, status, answer, at)"
        " VALUES(:k, :f, :s, :a, :t)",
        row_key(secret), fingerprint(secret), answer.status,
        seal(answer.body.empty() ? "null" : answer.body, secret), to_millis(tx.now()));
  }
  static std::string row_key(const std::string& secret) {
    return hash_secret(secret, "idempotency: key");
  }
  // With the secret, so that nobody can try requests against it.
  std::string fingerprint(const std::string& secret) const {
    return hash_secret(
        secret + "\n" + request_.method + " " + request_.target + "\n" + request_.body,
        "idempotency: request");
  }

  ApiServer& server_;
  const http::Request& request_;
  const Principal& who_;
  const Json body_;
  std::optional<http::Response> refusal_;
};

ApiServer::ApiServer(ApiParts parts) : parts_(std::move(parts)) {
  for (int i = 0; i < parts_.threads; ++i) {
    threads_.push_back(parts_.executor.start("api-" + std::to_string(i), [this] { work_loop(); }));
  }
}

ApiServer::~ApiServer() {
  stop();
}

void ApiServer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ready_.notify_all();
  threads_.clear();
}

void ApiServer::add(ApiRoute route, std::function<http::Response(ApiCall&)> handler) {
  entries_.push_back(std::make_unique<Entry>(Entry{std::move(route), std::move(handler)}));
}

void ApiServer::mount(http::Routes& routes) {
  for (const auto& entry : entries_) {
    const Entry* kept = entry.get();
    routes.add(kept->route.method, kept->route.pattern,
               [this, kept](const http::Request& request, http::Responder respond) {
                 take(*kept, request, std::move(respond));
               });
  }
  routes.add("GET", "/api/v1/openapi.json",
             [this](const http::Request&, const http::Responder& respond) {
               respond(http::Response::json(200, openapi()));
             });
}

std::optional<http::Response> ApiServer::guard(const http::Request& request) const {
  const bool ours = request.path.starts_with("/api/v1/") || request.path == "/api/v1" ||
                    request.path.starts_with("/conversations/");
  if (!ours || request.path == "/api/v1/openapi.json") return std::nullopt;
  const std::string token(request.bearer_token());
  if (token.empty() || !parts_.check_token(token)) return unauthorised();
  return std::nullopt;
}

void ApiServer::take(const Entry& entry, const http::Request& request, http::Responder respond) {
  const std::string token(request.bearer_token());
  auto who = token.empty() ? std::nullopt : parts_.check_token(token);
  if (!who) return respond(unauthorised());
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && queue_.size() < parts_.queue_max) {
      queue_.push_back({&entry, request, std::move(*who), std::move(respond)});
      ready_.notify_one();
      return;
    }
  }
  auto busy = http::Response::problem(503, "Service Unavailable", "too many calls are waiting");
  busy.headers["Retry-After"] = "1";
  respond(std::move(busy));
}

void ApiServer::work_loop() {
  for (;;) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    Work work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work.respond(run(*work.entry, work.request, work.who));
  }
}

http::Response ApiServer::run(const Entry& entry, const http::Request& request,
                              const Principal& who) {
  if (!entry.route.roles.contains(who.role)) {
    return http::Response::problem(403, "Forbidden", "the role " + who.role + " may not do this");
  }
  Json body;
  const std::string_view type = request.header("Content-Type");
  const bool wants_json = entry.route.body_type == "application/json";
  const bool has_body =
      request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (has_body && wants_json) {
    if (!request.body.empty() && !type.starts_with("application/json")) {
      return http::Response::problem(415, "Unsupported Media Type", "send application/json");
    }
    if (!is_valid_utf8(request.body)) {
      return http::Response::problem(400, "Bad Request", "the body is not valid UTF-8");
    }
    auto parsed = request.body.empty() ? Result<Json>(Json::object()) : parse_json(request.body);
    if (!parsed) return http::Response::from(parsed.error());
    if (!parsed->is_object()) {
      return http::Response::problem(400, "Bad Request", "the body must be a JSON object");
    }
    body = std::move(*parsed);
  } else if (has_body && !type.starts_with(entry.route.body_type)) {
    return http::Response::problem(415, "Unsupported Media Type", "send " + entry.route.body_type);
  }
  try {
    Call call(*this, request, who, std::move(body));
    return entry.handler(call);
  } catch (const std::exception& e) {
    spdlog::error("api {} {}: {}", entry.route.method, entry.route.pattern, e.what());
    return http::Response::problem(500, "Internal Server Error", "the call failed; see the log");
  }
}

Json ApiServer::openapi() const {
  Json paths = Json::object();
  for (const auto& entry : entries_) {
    const ApiRoute& route = entry->route;
    std::string method;
    for (const char c : route.method) method += static_cast<char>(c + 32);
    Json operation = {{"summary", route.summary},
                      {"security", Json::array({{{"bearer", Json::array()}}})}};
    std::string id = method;  // unique: method and pattern are
    for (const char c : route.pattern)
      id += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    operation["operationId"] = id;
    operation["tags"] = Json::array({tag_of(route.pattern)});
    Json parameters = Json::array();
    for (std::size_t at = 0; (at = route.pattern.find('{', at)) != std::string::npos; ++at) {
      const std::string name = route.pattern.substr(at + 1, route.pattern.find('}', at) - at - 1);
      parameters.push_back(
          {{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
    }
    for (const auto& name : route.query) {
      parameters.push_back({{"name", name}, {"in", "query"}, {"schema", {{"type", "string"}}}});
    }
    if (route.method == "POST") {
      parameters.push_back({{"name", "Idempotency-Key"},
                            {"in", "header"},
                            {"schema", {{"type", "string"}, {"maxLength", idempotency_key_max}}}});
    }
    if (!parameters.empty()) operation["parameters"] = parameters;
    if (!route.request_schema.is_null()) {
      operation["requestBody"] = {
          {"required", true}, {"content", {{route.body_type, {{"schema", route.request_schema}}}}}};
    }
    Json ok = {{"description", "done"}};
    const Json text = {{"type", "string"}};
    const Json object =
        route.response_schema.is_null() ? Json{{"type", "object"}} : route.response_schema;
    for (const auto& type : route.answer_types) {
      ok["content"][type]["schema"] = type == "application/json" ? object : text;
    }
    operation["responses"][std::to_string(route.success)] = ok;
    for (const char* refused : {"4XX", "default"}) {
      operation["responses"][refused] = {{"$ref", "#/components/responses/Problem"}};
    }
    paths[route.pattern][method] = operation;
  }
  return {{"openapi", "3.1.0"},
          {"info",
           {{"title", "Huiyin operator API"},
            {"version", parts_.version},
            {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
          {"servers", Json::array({{{"url", "/"}}})},
          {"paths", paths},
          {"components",
           {{"securitySchemes", {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}}}},
            {"schemas",
             {{"Problem",
               {{"type", "object"},
                {"properties",
                 {{"type", {{"type", "string"}}},
                  {"title", {{"type", "string"}}},
                  {"status", {{"type", "integer"}}},
                  {"detail", {{"type", "string"}}}}}}}}},
            {"responses",
             {{"Problem",
               {{"description", "a problem document (RFC 9457)"},
                {"content",
                 {{"application/problem+json",
                   {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}}}}}}}};
}

}  // namespace huiyin
