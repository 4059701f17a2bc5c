#include "store/base/executor.h"

#include <pthread.h>

namespace huiyin {
namespace {

class SystemThread final : public RunningThread {
 public:
  SystemThread(const std::string& name, std::function<void()> body)
      : thread_([name = name.substr(0, 15), body = std::move(body)] {
          pthread_setname_np(pthread_self(), name.c_str());
          body();
        }) {}
  ~SystemThread() override { thread_.join(); }

 private:
  std::thread thread_;
};

}  // namespace

std::unique_ptr<RunningThread> SystemExecutor::start(const std::string& name,
                                                     std::function<void()> body) {
  return std::make_unique<SystemThread>(name, std::move(body));
}

}  // namespace huiyin
