// What was asked for on the command line: one command, its options, and what the environment adds.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "bot/understand/evaluate.h"

namespace huiyin {

struct Options {
  std::string config_dir, config_file, model;
  std::string data = "data", listen = "127.0.0.1:8080", redis;
  std::vector<std::string> sets;  // PATH=VALUE
  bool sandbox = false, behind_proxy = false;
};

struct CommandLine {
  std::string command;  // serve chat parse evaluate check verify backup restore
  Options options;
  std::string text;       // of parse
  std::string file;       // of backup and restore
  std::string moment;     // of evaluate: RFC 3339, may be empty
  Evaluation evaluation;  // of evaluate

  // Reads the arguments. An exit code when there is nothing to run: 0 after --help, else what is
  // wrong has been said on stderr.
  std::optional<int> read(int argc, char** argv);
};

}  // namespace huiyin
