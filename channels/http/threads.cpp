#include "channels/http/threads.h"

#include <pplx/threadpool.h>

#include <boost/asio/post.hpp>
#include <latch>

namespace huiyin::http {

std::size_t use_threads(std::size_t count) {
  static const std::size_t size = [count] {
    crossplat::threadpool::initialize_with_threads(count);
    return count;
  }();
  return size;
}

struct OneThread::Gate {
  explicit Gate(std::size_t count) : held(static_cast<std::ptrdiff_t>(count)) {}
  std::latch held;
  std::latch open{1};
};

OneThread::OneThread() {
  const std::size_t others = use_threads() - 1;
  gate_ = std::make_shared<Gate>(others);
  for (std::size_t i = 0; i < others; ++i) {
    boost::asio::post(crossplat::threadpool::shared_instance().service(), [gate = gate_] {
      gate->held.count_down();
      gate->open.wait();
    });
  }
  gate_->held.wait();
}

OneThread::~OneThread() {
  gate_->open.count_down();
}

void run_later(std::function<void()> task) {
  use_threads();
  boost::asio::post(crossplat::threadpool::shared_instance().service(), std::move(task));
}

}  // namespace huiyin::http
