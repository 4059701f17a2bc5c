// A provider in this process, on a free port of loopback: keeps what it was asked and answers as
// told, badly too. A thread per connection; thread-safe.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bot/http.h"

namespace huiyin::test {

// Holds answers back until released, once and for all.
class Gate {
 public:
  void release();
  void wait();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool released_ = false;
};

class StubProvider {
 public:
  struct Seen {
    std::string method;
    std::string target;  // path and query
    http::Headers headers;
    std::string body;

    std::string path() const;
    http::Fields query() const;
    http::Fields form() const;
  };
  struct Answer {
    int status = 200;
    http::Headers headers;
    std::string body;
    bool drop = false;           // close after reading the request, without a word
    bool cut = false;            // close in the middle of the answer's body
    std::shared_ptr<Gate> gate;  // wait for it before answering
  };
  using Script = std::function<Answer(const Seen&)>;

  StubProvider();
  explicit StubProvider(Script script);
  ~StubProvider();

  int port() const { return port_; }
  std::string url() const;  // "http://127.0.0.1:PORT"

  void always(Answer answer);  // from now on
  void next(Answer answer);    // once, before `always`; in the order of the calls
  void script(Script script);  // decides for each request that no next() is left for

  std::vector<Seen> seen() const;
  std::size_t count() const;
  // Waits until `count` requests have been read; false after `timeout`.
  bool wait_for(std::size_t count,
                std::chrono::milliseconds timeout = std::chrono::seconds(20)) const;
  void forget();

  // A port on which nobody listens.
  static int closed_port();

 private:
  void accept_loop();
  void serve(int fd);
  Answer decide(const Seen& seen);

  int listen_fd_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Script script_;
  std::deque<Answer> next_;
  std::vector<Seen> seen_;
  std::vector<int> open_;
  std::vector<std::shared_ptr<Gate>> gates_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace huiyin::test
