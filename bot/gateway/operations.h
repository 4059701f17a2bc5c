// The routes that belong to no subject: health, version, metrics, /model/parse, trackers, and the
// sandbox. No answer here holds personal data but the trackers, which need a desk's token.
#pragma once
#include <functional>
#include <string>

#include "bot/gateway/api.h"
#include "bot/gateway/front_desk.h"
#include "bot/gateway/metrics.h"
#include "bot/gateway/scheduler.h"

namespace huiyin {

struct OperationsParts {
  store::Database& database;
  Lane& lane;
  const Clock& clock;
  FrontDesk& front;
  const Understander& understander;
  const Directory& directory;
  Metrics& metrics;
  std::string version;
  std::string model;  // what /status names
  std::function<bool()> redis_up;
};

// Open routes: /healthz /readyz /metrics /version /status /model/parse.
void add_operations(http::Routes& routes, const OperationsParts& parts);

// GET /conversations/{sender}/tracker.
class TrackerResource final : public Resource {
 public:
  explicit TrackerResource(FrontDesk& front) : front_(front) {}
  void add_to(Api& api) override;

 private:
  FrontDesk& front_;
};

struct SandboxParts {
  SandboxClock& clock;
  Scheduler& scheduler;
  Zone zone;
  // The list of what left, behind a sequence number: {"items":[...]}.
  std::function<Json(store::Connection&, std::int64_t after)> sent;
};

// /api/v1/sandbox/clock and /sent; only added in the sandbox.
class SandboxResource final : public Resource {
 public:
  explicit SandboxResource(SandboxParts parts) : parts_(std::move(parts)) {}
  void add_to(Api& api) override;

 private:
  http::Response put_clock(ApiCall& call);
  SandboxParts parts_;
};

}  // namespace huiyin
