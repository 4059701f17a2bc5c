// cpprestsdk runs servers and clients of one process on one pool, whose size is fixed by its first
// use: its default of 40 threads gave a quarter of the throughput of 2 to 4 on small machines.
#pragma once
#include <cstddef>
#include <functional>

namespace huiyin::http {

inline constexpr std::size_t threads_default = 3;

// Makes the pool; every later call changes nothing. Call it before anything else of channels/http
// to choose the size; servers and clients call it with the default.
void use_threads(std::size_t count = threads_default);

// Runs a short task on that pool. It must not throw, and must not block: there are few threads.
void run_later(std::function<void()> task);

}  // namespace huiyin::http
