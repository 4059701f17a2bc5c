#include "channels/http/threads.h"

#include <pplx/threadpool.h>

#include <mutex>

namespace huiyin::http {

void use_threads(std::size_t count) {
  static std::once_flag once;
  std::call_once(once, [count] { crossplat::threadpool::initialize_with_threads(count); });
}

}  // namespace huiyin::http
