// Short forms of the test client for what these tests do all the time.
#pragma once
#include <string>

#include "tests/support/http_client.h"

namespace huiyin::test {

inline HttpAnswer post_json(int port, std::string_view target, const Json& body,
                            HeaderList headers = {}) {
  headers.try_emplace("Content-Type", "application/json");
  return http_call(port, "POST", target, headers, body.dump());
}

// Of a chunked body: reads on until `text` has been seen; empty when the body ended before.
inline std::string read_until(HttpConnection& connection, std::string_view text) {
  std::string all;
  while (all.find(text) == std::string::npos) {
    const auto chunk = connection.read_chunk();
    if (!chunk || chunk->empty()) return {};
    all += *chunk;
  }
  return all;
}

}  // namespace huiyin::test
