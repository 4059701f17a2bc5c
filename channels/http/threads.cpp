#include "channels/http/threads.h"

#include <pplx/threadpool.h>

#include <boost/asio/post.hpp>
#include <mutex>

namespace huiyin::http {

void use_threads(std::size_t count) {
  static std::once_flag once;
  std::call_once(once, [count] { crossplat::threadpool::initialize_with_threads(count); });
}

void run_later(std::function<void()> task) {
  use_threads();
  boost::asio::post(crossplat::threadpool::shared_instance().service(), std::move(task));
}

}  // namespace huiyin::http
