#include "bot/gateway/metrics.h"

#include <prometheus/text_serializer.h>

#include <sstream>

#include "store/outbox.h"

namespace huiyin {
namespace {

// Turns take milliseconds; the last bucket is where an operator should worry.
const prometheus::Histogram::BucketBoundaries buckets{0.0005, 0.001, 0.002, 0.005, 0.01, 0.02,
                                                      0.05,   0.1,   0.25,  1.0,   5.0};

}  // namespace

Metrics::Metrics()
    : requests_(prometheus::BuildCounter()
                    .Name("huiyin_http_requests_total")
                    .Help("Requests answered, by route and status.")
                    .Register(registry_)),
      seconds_(prometheus::BuildHistogram()
                   .Name("huiyin_http_request_duration_seconds")
                   .Help("Time from a request to its answer, by route.")
                   .Register(registry_)),
      outbox_(
          prometheus::BuildGauge()
              .Name("huiyin_outbox_messages")
              .Help("Outgoing messages that wait, are under way, failed or are unknown, by state.")
              .Register(registry_)),
      timers_(prometheus::BuildGauge()
                  .Name("huiyin_timers_pending")
                  .Help("Timers that wait for their time.")
                  .Register(registry_)
                  .Add({})),
      redis_(prometheus::BuildGauge()
                 .Name("huiyin_redis_up")
                 .Help("1 when the relay is connected to Redis.")
                 .Register(registry_)
                 .Add({})) {}

void Metrics::request(const std::string& method, const std::string& route, int status,
                      std::chrono::microseconds took) {
  Route& kept = route_of(method, route, status);
  kept.count->Increment();
  kept.seconds->Observe(static_cast<double>(took.count()) / 1e6);
}

Metrics::Route& Metrics::route_of(const std::string& method, const std::string& route, int status) {
  const std::lock_guard lock(mutex_);
  const auto known = routes_.find(std::tie(method, route, status));
  if (known != routes_.end()) return known->second;
  Route made{
      &requests_.Add({{"method", method}, {"route", route}, {"status", std::to_string(status)}}),
      &seconds_.Add({{"route", route}}, buckets)};
  return routes_.emplace(std::tuple(method, route, status), made).first->second;
}

std::string Metrics::text(store::Database& database, bool redis_up) {
  database.read([&](store::Connection& db) {
    for (const auto& [state, count] : store::outbox_counts(db)) {
      outbox_.Add({{"state", std::string(to_string(state))}}).Set(static_cast<double>(count));
    }
    timers_.Set(
        static_cast<double>(db.value<std::int64_t>("SELECT count(*) FROM timers").value_or(0)));
  });
  redis_.Set(redis_up ? 1 : 0);
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, registry_.Collect());
  return out.str();
}

}  // namespace huiyin
