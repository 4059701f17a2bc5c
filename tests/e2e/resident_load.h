// Residents who report repairs all the while, and remember what they were told: each message is
// sent until a whole answer comes, under one message id, and every answer to it must be the first.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/http_client.h"

namespace huiyin::test {

// Bounds a broken run, decides nothing.
constexpr auto load_limit = std::chrono::seconds(60);

// One message and the first answer that its client got.
struct Said {
  std::string id, text, answer;
};
// A repair told in one sentence and confirmed. Each has its own household, so that none is the same
// matter as another.
struct RepairDialogue {
  std::string sender;
  Said repair, confirm;
  std::string number;  // as told
};

// Thread-safe but for the constructor, start() and stop().
class ResidentLoad {
 public:
  ResidentLoad(int port, std::uint64_t seed) : port_(port), seed_(seed) {}
  ~ResidentLoad();

  // Every household that may report, for the import of units.
  static std::string units_csv();

  void start();
  // Lets every client end its dialogue.
  void stop();
  bool wait_for_more(std::uint64_t answers) const;
  std::uint64_t answered() const { return answered_; }

  RepairDialogue make();
  // Sends until a whole 2xx answer comes; keeps the first and compares every other with it.
  void tell(HttpConnection& connection, const std::string& sender, Said& said);
  // Tells the whole dialogue, with `repeat` twice, and keeps it.
  void end(HttpConnection& connection, RepairDialogue dialogue, bool repeat);

  static std::string body_of(const std::string& sender, const Said& said);
  const std::vector<RepairDialogue>& dialogues() const { return dialogues_; }  // after stop()
  const std::vector<std::string>& complaints() const { return complaints_; }   // after stop()

  static constexpr const char* path = "/webhooks/rest/webhook";
  static constexpr const char* confirmation = "对，提交";

 private:
  void run(int client);
  void complain(std::string what);

  const int port_;
  const std::uint64_t seed_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> abandoned_{false};  // the test has failed: nobody will answer any more
  std::atomic<int> next_unit_{0};
  std::atomic<std::uint64_t> answered_{0};
  std::mutex mutex_;  // guards what follows
  std::vector<RepairDialogue> dialogues_;
  std::vector<std::string> complaints_;
  std::vector<std::thread> threads_;
};

}  // namespace huiyin::test
