// The composition root: the only place that knows every subject and every channel. It lists them,
// hands them to the gateway, and runs the command that was asked for.
#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "bot/gateway/api_server.h"
#include "bot/gateway/config_check.h"
#include "bot/gateway/data_folder.h"
#include "bot/gateway/front_desk.h"
#include "bot/gateway/metrics.h"
#include "bot/gateway/operations.h"
#include "bot/gateway/post_office.h"
#include "bot/gateway/relay.h"
#include "bot/gateway/scheduler.h"
#include "bot/gateway/settings.h"
#include "bot/gateway/verify.h"
#include "bot/gateway/worker.h"
#include "bot/talk/engine.h"
#include "bot/talk/talk_check.h"
#include "bot/understand/evaluate.h"
#include "channels/http/client.h"
#include "channels/http/server.h"
#include "channels/kannel/kannel_channel.h"
#include "channels/rest/rest_channel.h"
#include "channels/twilio/twilio_channel.h"
#include "dialogs/complaint/complaint.h"
#include "dialogs/contacts/contacts.h"
#include "dialogs/emergency/emergency.h"
#include "dialogs/estate/estate_directory.h"
#include "dialogs/estate/import.h"
#include "dialogs/estate/resource.h"
#include "dialogs/estate/schema.h"
#include "dialogs/handover/handover.h"
#include "dialogs/identity/identity.h"
#include "dialogs/orders/orders_dialog.h"
#include "dialogs/orders/resource.h"
#include "dialogs/orders/schema.h"
#include "dialogs/orders/verify.h"
#include "dialogs/public_fault/public_fault.h"
#include "dialogs/registers/registers.h"
#include "dialogs/repair/repair.h"
#include "dialogs/smalltalk/smalltalk.h"
#include "dialogs/status/status.h"
#include "store/base/secret.h"
#include "store/meta.h"
#include "store/outbox.h"

namespace huiyin {
namespace {

namespace fs = std::filesystem;
constexpr const char* version = HUIYIN_VERSION;
enum Exit { ok = 0, failed = 1, wrong = 2 };

struct Options {
  std::string config_dir, config_file, data = "data", listen = "127.0.0.1:5005", redis;
  std::vector<std::string> sets;
  bool sandbox = false, behind_proxy = false;
};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}
