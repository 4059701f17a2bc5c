// Where the gateway listens: HOST:PORT of --listen.
#pragma once
#include <string>
#include <string_view>

#include "store/base/error.h"

namespace huiyin {

struct ListenAddress {
  std::string host;
  int port = 0;  // 0: one that is free
};

// `invalid` when it is no HOST:PORT, or not a loopback address without `behind_proxy`: the listener
// has no timeouts, a proxy (config/nginx) stands in front wherever the network is not trusted.
Result<ListenAddress> parse_listen(std::string_view text, bool behind_proxy);

}  // namespace huiyin
