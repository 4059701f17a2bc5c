// Calls to providers. Every call opens its own connection and closes it: the library below sends a
// request a second time, without a word, when a kept connection turns out to be closed, and then
// one message would leave twice. Redirects are not followed, for the same reason.
#pragma once
#include <memory>

#include "bot/http.h"

namespace huiyin::http {

// The answer's body beyond this is an error: providers answer with a few hundred bytes.
inline constexpr std::size_t answer_bytes_max = 262'144;

// Thread-safe. Answers that are under way when it is destroyed still come.
//
// Errors: `transient` (name not found, connection refused, TLS refused: no byte of the request was
// written), `ambiguous` (timeout, or the connection closed before a whole answer), `invalid` (the
// address is no http or https URL).
std::unique_ptr<Client> make_client();

}  // namespace huiyin::http
