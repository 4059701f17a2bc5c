#include "store/base/money.h"

#include <cstdio>
#include <cstdlib>

namespace huiyin {

std::string yuan(std::int64_t fen) {
  char out[32];
  std::snprintf(out, sizeof out, "%s%lld.%02lld", fen < 0 ? "-" : "",
                static_cast<long long>(std::llabs(fen) / 100),
                static_cast<long long>(std::llabs(fen) % 100));
  return out;
}

}  // namespace huiyin
