#include "bot/gateway/command_line.h"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <filesystem>

namespace huiyin {
namespace {

namespace fs = std::filesystem;

// Beside the binary when it was built in its source tree, else where it was installed.
void find_files(Options& options) {
  const fs::path here = fs::canonical("/proc/self/exe").parent_path();
  options.model = (here / "intent.model").string();
  options.config_dir = (here.parent_path() / "config").string();
  if (!fs::exists(options.config_dir))
    options.config_dir = (here.parent_path() / "share/huiyin/config").string();
  const char* redis = std::getenv("HUIYIN_REDIS_URL");
  options.redis = redis == nullptr || *redis == 0 ? "redis://127.0.0.1:6379/0" : redis;
}

}  // namespace

std::optional<int> CommandLine::read(int argc, char** argv) {
  find_files(options);
  CLI::App app{"Huiyin: a messaging chatbot and notification gateway for property management"};
  app.require_subcommand(1);
  const auto configured = [&](CLI::App* it) {
    it->add_option("--config", options.config_file, "JSON laid over the defaults")
        ->check(CLI::ExistingFile);
    it->add_option("--config-dir", options.config_dir, "the configuration folder")
        ->check(CLI::ExistingDirectory);
    it->add_option("--set", options.sets, "PATH=VALUE, overrides one setting")
        ->allow_extra_args(false);
    return it;
  };
  const auto with_data = [&](CLI::App* it) {
    it->add_option("--data", options.data, "the data folder");
    return it;
  };
  auto* serve = with_data(configured(app.add_subcommand("serve", "run the gateway")));
  serve->add_option("--listen", options.listen, "HOST:PORT");
  serve->add_option("--redis", options.redis, "redis://HOST:PORT/DB or unix:///PATH");
  serve->add_flag("--sandbox", options.sandbox, "a clock that is told, nothing leaves");
  serve->add_flag("--behind-proxy", options.behind_proxy, "allow a public --listen");
  configured(app.add_subcommand("chat", "talk to the bot in the terminal"));
  auto* parse = configured(app.add_subcommand("parse", "what /model/parse answers"));
  parse->add_option("text", text)->required();
  auto* evaluate =
      configured(app.add_subcommand("evaluate", "how well it understands a data file"));
  evaluate->add_option("test", evaluation.test_file, "labelled sentences")
      ->required()
      ->check(CLI::ExistingFile);
  evaluate
      ->add_option("--train", evaluation.train_file,
                   "learn from this file instead of the shipped model")
      ->check(CLI::ExistingFile);
  evaluate
      ->add_option("--validation", evaluation.validation_file,
                   "where the bar for \"none of these\" is found")
      ->check(CLI::ExistingFile);
  evaluate->add_option("--now", moment, "the sentences' clock, RFC 3339");
  auto* check = configured(app.add_subcommand("check", "validate the whole configuration"));
  check->add_flag("--sandbox", options.sandbox, "as it holds in the sandbox");
  with_data(app.add_subcommand("verify", "audit the data folder"));
  with_data(app.add_subcommand("backup", "a consistent copy, also while serving"))
      ->add_option("file", file)
      ->required();
  with_data(app.add_subcommand("restore", "into an empty data folder"))
      ->add_option("file", file)
      ->required()
      ->check(CLI::ExistingFile);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e);
  }
  command = app.get_subcommands().front()->get_name();
  evaluation.config_dir = options.config_dir;
  evaluation.model_file = options.model;
  return std::nullopt;
}

}  // namespace huiyin
