// What the operator's Prometheus reads at /metrics. Names start with huiyin_; no personal data.
#pragma once
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "store/database.h"

namespace huiyin {

class Metrics {
 public:
  Metrics();
  // A request that was answered, by the pattern of its route ("/webhooks/rest/webhook").
  void request(const std::string& method, const std::string& route, int status,
               std::chrono::microseconds took);
  // The text format; reads the outbox and timers for the gauges.
  std::string text(store::Database& database, bool redis_up);

 private:
  struct Route {
    prometheus::Counter* count;
    prometheus::Histogram* seconds;
  };
  Route& route_of(const std::string& method, const std::string& route, int status);

  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  prometheus::Family<prometheus::Gauge>& outbox_;
  // Looked up on every request: the labels are made into a family's child once.
  std::mutex mutex_;
  std::map<std::tuple<std::string, std::string, int>, Route, std::less<>> routes_;
  prometheus::Gauge& timers_;
  prometheus::Gauge& redis_;
};

}  // namespace huiyin
