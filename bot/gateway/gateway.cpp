#include "bot/gateway/gateway.h"

#include <spdlog/spdlog.h>

#include <iostream>

#include "store/base/secret.h"
#include "store/meta.h"
#include "store/outbox.h"

namespace huiyin {

Gateway::Gateway(GatewayParts parts) : parts_(std::move(parts)), admin_hash_(admin_token_hash()) {
  prepare_delivery();
  prepare_scheduler();
  prepare_api();
}

void Gateway::prepare_delivery() {
  store::Connection& db = parts_.database.writer();
  DeliveryPolicy policy;
  policy.resend = parts_.settings.at("delivery.resend_unknown").get<std::vector<std::string>>();
  policy.failures_max = static_cast<int>(parts_.settings.integer("delivery.attempts_max"));
  db.script("BEGIN IMMEDIATE");
  const auto recovered =
      store::recover_sending(db, policy.resend, policy.resend_attempts_max, parts_.clock.now());
  const std::string queue = store::queue_name(db, parts_.random);
  db.script("COMMIT");
  if (recovered.unknown + recovered.queued > 0) {
    spdlog::warn("a stop cut off {} messages: now unknown; {} are sent again", recovered.unknown,
                 recovered.queued);
  }
  const store::StreamName stream{queue, parts_.settings.text("redis.group")};
  relay_.emplace(RelayParts{parts_.database, parts_.clock, parts_.executor, parts_.redis, stream});
  const auto route = [this](const store::OutboxRow& row) -> Channel* {
    for (Channel* channel : parts_.channels) {
      if (channel->name() == row.message.channel) return channel;
    }
    return nullptr;
  };
  const auto sent = [this](store::Connection& in, std::span<const std::int64_t> rows, Instant now) {
    if (parts_.sandbox != nullptr) store::record_sent(in, rows, now);
  };
  const auto claimed = [this](const store::OutboxRow& row) {
    if (row.message.channel == "rest") parts_.front.publish(row.message.to);
  };
  workers_.emplace(WorkerParts{parts_.lane,
                               parts_.database,
                               parts_.executor,
                               parts_.random,
                               *relay_,
                               parts_.redis,
                               stream,
                               route,
                               {},
                               sent,
                               claimed},
                   policy);
}

void Gateway::prepare_scheduler() {
  constexpr Millis patience{10'000};  // of real time, for what is due to leave
  const bool running = parts_.settings.flag("sandbox.run");
  SchedulerParts parts{parts_.lane, parts_.database, parts_.clock, parts_.executor, {}, {}, {}, {},
                       {}};
  parts.fire = [this](Transaction& tx, const store::Timer& timer) {
    for (Dialog* dialog : parts_.dialogs) {
      if (timer.kind.starts_with(std::string(dialog->id()) + ".")) {
        dialog->on_timer(tx, parts_.post, timer.kind, timer.key, timer.payload);
      }
    }
  };
  parts.next_send = [](store::Connection& db) {
    return store::next_outbox_due(db, Instant::min());
  };
  parts.poke_send = [this] { relay_->poke(); };
  parts.settle = [this, patience] { return workers_->drained(parts_.clock.now(), patience); };
  parts.moved = [this, running] {
    return parts_.lane.run([this, running](Transaction& tx) {
      Scheduler::keep_time(tx.write(), parts_.clock.now(), running, parts_.machine);
    });
  };
  scheduler_.emplace(std::move(parts));
}

void Gateway::prepare_api() {
  api_.emplace(ApiParts{parts_.database, parts_.lane, parts_.clock, parts_.executor,
                        [this](std::string_view token) { return check_token(token); },
                        parts_.version,
                        static_cast<int>(parts_.settings.integer("http.api_threads"))});
  resources_.push_back(std::make_unique<TrackerResource>(parts_.front));
  if (parts_.sandbox != nullptr) {
    resources_.push_back(std::make_unique<SandboxResource>(SandboxParts{
        *parts_.sandbox, *scheduler_, parts_.directory.profile("").zone,
        [this](store::Connection& db, std::int64_t after) { return sent_list(db, after); }}));
  }
  for (const auto& resource : resources_) resource->add_to(*api_);
  for (Resource* resource : parts_.resources) resource->add_to(*api_);
}

void Gateway::mount(http::Routes& routes) {
  for (Channel* channel : parts_.channels) channel->add_routes(routes);
  api_->mount(routes);
  add_operations(routes, {parts_.database, parts_.lane, parts_.clock, parts_.front,
                          parts_.understander, parts_.directory, metrics_, parts_.version,
                          "intent.model", [this] { return relay_->connected(); }});
}

std::optional<http::Response> Gateway::guard(const http::Request& request) const {
  return api_->guard(request);
}

void Gateway::count(const std::string& method, const std::string& route, int status,
                    std::chrono::microseconds took) {
  metrics_.request(method, route, status, took);
  spdlog::debug("{} {} {} {}us", method, route, status, took.count());
}

void Gateway::start() {
  relay_->start();
  workers_->start();
  scheduler_->start();
}

void Gateway::stop() {
  api_->stop();
  scheduler_->stop();
  workers_->stop();
  relay_->stop();
}

std::string Gateway::admin_token_hash() {
  if (!parts_.admin_token.empty()) return hash_secret(parts_.admin_token);
  store::Connection& db = parts_.database.writer();
  if (const auto kept = store::get_meta(db, "admin_token_hash")) return *kept;
  const std::string token = new_token();
  store::set_meta(db, "admin_token_hash", hash_secret(token));
  std::cout << Json{{"admin_token", token}}.dump()
            << std::endl;  // this once; only its hash is kept
  return hash_secret(token);
}

std::optional<Principal> Gateway::check_token(std::string_view token) const {
  if (equal_constant_time(hash_secret(token), admin_hash_)) return Principal{"admin", 0, ""};
  return parts_.staff_token(token);
}

Json Gateway::sent_list(store::Connection& db, std::int64_t after) const {
  constexpr std::int64_t lines_max = 100'000;
  const Zone zone = parts_.directory.profile("").zone;
  Json items = Json::array();
  for (const auto& line : store::sent_after(db, after, lines_max)) {
    Json buttons = Json::array();
    for (const auto& button : line.buttons) {
      buttons.push_back({{"title", button.title}, {"payload", button.payload}});
    }
    items.push_back({{"seq", line.seq},
                     {"at", zone.rfc3339(line.at)},
                     {"channel", line.channel},
                     {"to", line.to},
                     {"text", line.text},
                     {"template", line.template_id},
                     {"category", line.category},
                     {"buttons", buttons},
                     {"provider", line.provider}});
  }
  return {{"items", items}};
}

}  // namespace huiyin
