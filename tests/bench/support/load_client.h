// The client of the load: dialogues over keep-alive connections, from one thread that polls them.
// Errors end the program (give_up): a figure of a broken run is none.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/support/dialogue.h"

namespace huiyin::bench {

struct Load {
  int port = 0;
  int connections = 16;
  long dialogues = 0;
  int steps = messages_per_dialogue;  // of each dialogue
  int first_step = 0;
  std::string run{};        // makes the senders of this run new ones
  long first_dialogue = 0;  // so that no home reports twice
  bool check = true;        // whether a dialogue must end in the number of an order
};

struct Measured {
  double seconds = 0;
  long answered = 0, errors = 0, finished = 0;
  std::vector<float> latencies_ms;
  double rate() const { return answered / seconds; }
};

// Each connection drives one dialogue after the other, every message only after the answer to the
// one before it.
Measured run_load(const Load& load);

// What call() carries.
constexpr const char* operator_token = "operator-token-of-the-bench";

// One call on a connection of its own; the answer's status, 0 when nothing listens.
int call(int port, const std::string& method, const std::string& target, const std::string& type,
         const std::string& body);

}  // namespace huiyin::bench
