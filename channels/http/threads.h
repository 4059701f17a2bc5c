// cpprestsdk runs servers and clients of one process on one pool, whose size is fixed by its first
// use: its default of 40 threads gave a quarter of the throughput of 2 to 4 on small machines.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>

namespace huiyin::http {

inline constexpr std::size_t threads_default = 3;

// Makes the pool; every later call changes nothing. Call it before anything else of channels/http
// to choose the size; servers and clients call it with the default. Gives the pool's size.
std::size_t use_threads(std::size_t count = threads_default);

// Keeps all threads of the pool but one from their work while it lives: what that one does, nothing
// else of the pool comes in between. Waits until it holds them; not from the pool's own threads.
class OneThread {
 public:
  OneThread();
  ~OneThread();
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  struct Gate;
  std::shared_ptr<Gate> gate_;
};

// Runs a short task on that pool. It must not throw, and must not block: there are few threads.
void run_later(std::function<void()> task);

}  // namespace huiyin::http
