// The one way a failure is told between parts: Result<T> with a closed set of kinds, each of which
// decides what happens next. Exceptions of libraries are caught at the adapter and translated.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace huiyin {

enum class ErrorKind {
  transient,     // try again later, with backoff (connection refused, 5xx)
  rate_limited,  // try again after `retry_after`
  ambiguous,     // may or may not have happened (no answer after the request was written)
  rejected,      // the other side says no for good (any other 4xx)
  unauthorized,  // our credentials, or the caller's, are not accepted
  forbidden,     // known caller, not allowed
  not_found,
  conflict,  // the state does not allow it now
  invalid,   // the caller's input is wrong; `field` names the member
  corrupt,   // stored data or configuration that cannot be read
};

// `message` names the field, the rule and the value, never a secret.
struct [[nodiscard]] Error {
  ErrorKind kind;
  std::string message;
  std::string field;  // a member name or JSON pointer; empty when none is at fault
  std::optional<std::chrono::seconds> retry_after;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string field = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(field), std::nullopt});
}

}  // namespace huiyin
