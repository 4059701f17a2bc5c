// What a provider's HTTP answer means for a message: the same reading for every provider.
#pragma once
#include <optional>
#include <string>

#include "bot/http.h"

namespace huiyin::http {

// Nothing for 2xx. 429, and 503 with Retry-After: `rate_limited` with the wait; other 5xx:
// `transient`; 401: `unauthorized`; any other status: `rejected`. `code` is the provider's own
// error code, which the message carries beside the status ("HTTP 400, error 21211"); may be empty.
std::optional<Error> error_of(const ClientResponse& response, std::string_view code);

// Retry-After as seconds or as an HTTP date (against the answer's Date header); not above one day.
std::optional<std::chrono::seconds> retry_after(const Headers& headers);

// A form from pairs, encoded as %20 and %2B.
std::string encode_form(
    std::initializer_list<std::pair<std::string_view, std::string_view>> fields);
std::string basic_auth(std::string_view user, std::string_view password);

}  // namespace huiyin::http
