// The operator API's base: who is calling, may they, is the body sound, was it done before.
// Subjects add resources with one line each. Handlers run on the API's own threads and may wait for
// the lane; the server's threads never do.
#pragma once
#include <functional>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bot/gateway/lane.h"
#include "bot/http.h"
#include "store/database.h"

namespace huiyin {

// Who calls: the operator token is `admin` without a staff id.
struct Principal {
  std::string role;
  std::int64_t staff = 0;
  std::string estate;         // of the staff member; empty for the operator
  std::string actor() const;  // for histories: "admin" or "staff:12"
};

// One call. A handler answers by read() or write(), once.
class ApiCall {
 public:
  virtual ~ApiCall() = default;
  virtual const http::Request& request() const = 0;
  virtual const Principal& who() const = 0;
  virtual const Json& body() const = 0;  // an object for JSON calls, else null
  virtual Instant now() const = 0;
  virtual http::Response read(std::function<http::Response(store::Connection&)> f) = 0;
  // In one lane job together with the Idempotency-Key: a second call with the same key and body
  // gets the first answer and does nothing. A key is its caller's token's own: another token is
  // another caller. A status of 400 or more takes back what was written.
  virtual http::Response write(std::function<http::Response(Transaction&)> f) = 0;
  // ?limit= (default 50, clamped to 1..500) and ?cursor=; `invalid` for nonsense.
  virtual Result<int> limit() const = 0;
  virtual Result<std::int64_t> cursor() const = 0;
};

using Roles = std::set<std::string, std::less<>>;
extern const Roles all_roles;  // of the contract, admin included
inline const Roles admin_only{"admin"};

struct ApiRoute {
  std::string method;
  std::string pattern;   // "/api/v1/work-orders/{number}"
  Roles roles;           // 403 for others, whatever the body
  std::string summary;   // for openapi.json
  Json request_schema;   // JSON Schema of the body, null when there is none
  Json response_schema;  // of the 2xx answer, may be null
  int success = 200;
  std::string body_type = "application/json";                 // or "text/csv"
  std::vector<std::string> query;                             // names of query parameters
  std::vector<std::string> answer_types{"application/json"};  // of the 2xx answer
};

class Api {
 public:
  virtual ~Api() = default;
  virtual void add(ApiRoute route, std::function<http::Response(ApiCall&)> handler) = 0;
};

// What a subject adds to the operator API.
class Resource {
 public:
  virtual ~Resource() = default;
  virtual void add_to(Api& api) = 0;
};

// Checks a token: the principal, or none. Implemented by dialogs/estate (staff) and the gateway.
using TokenCheck = std::function<std::optional<Principal>(std::string_view token)>;

}  // namespace huiyin
