// What an outcome does next: the one place that turns any answer of a provider into sent, another
// attempt, unknown, or failed for good. Pure. Serves the contract's guarantee 4 and "Notices".
//
//   accepted                → sent
//   transient (5xx, refused) → queued again, with growing pauses and jitter; failed when they would
//                             pass three days or 30 attempts
//   rate_limited            → queued again, not before Retry-After and at most 2 min after it
//   ambiguous               → unknown; emergencies and one-time codes are sent again, a few times
//   anything else           → failed at once: the same request would be refused again
//
// A failed message stays in the outbox as a dead letter with the provider's last answer, until a
// person replays it (store/outbox.h).
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "bot/channel.h"
#include "store/base/secret.h"
#include "store/outbox.h"

namespace huiyin {

struct DeliveryPolicy {
  // Pauses grow by 8/5 each: 1 min, 1.6 min, ... the 3rd attempt after 3 min, the last of about 17
  // within three days. All on the product's clock.
  Millis pause_first = std::chrono::minutes(1);
  Millis pause_first_urgent = std::chrono::seconds(20);  // emergency, code
  int jitter_percent = 10;                               // of a pause, either way
  Millis tries_span = std::chrono::hours(72);            // from the first attempt
  int failures_max = 30;
  Millis retry_after_slack = std::chrono::minutes(1);  // spreads those who were told the same time
  std::vector<std::string> resend = {"emergency", "code"};  // after an ambiguous outcome or crash
  int resend_attempts_max = 3;
  Millis resend_pause = std::chrono::seconds(30);
};

// `row` as claimed; `provider` is the channel that was called.
store::OutboxOutcome outcome_of(const store::OutboxRow& row, std::string_view provider,
                                const Result<Accepted>& answer, const DeliveryPolicy& policy,
                                Instant now, Random& random);

}  // namespace huiyin
