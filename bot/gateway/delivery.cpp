#include "bot/gateway/delivery.h"

#include <algorithm>

namespace huiyin {
namespace {

using store::OutboxOutcome;
using store::OutboxRow;

bool is_urgent(const OutboxRow& row, const DeliveryPolicy& policy) {
  return std::ranges::find(policy.resend, row.message.category) != policy.resend.end();
}

Millis pause_after(int failures, Millis first, const DeliveryPolicy& policy, Random& random) {
  double pause = static_cast<double>(first.count());
  for (int i = 1; i < failures; ++i) pause *= 1.6;
  const auto percent = static_cast<std::uint64_t>(policy.jitter_percent);
  const auto jitter = static_cast<double>(100 - percent + random.below(2 * percent + 1)) / 100.0;
  return Millis{static_cast<std::int64_t>(pause * jitter)};
}

// Short waits are spread little: a Retry-After of a second should not become a minute.
Millis slack_after(Millis retry_after, const DeliveryPolicy& policy, Random& random) {
  const Millis spread = std::clamp(retry_after / 10, Millis{1'000}, policy.retry_after_slack);
  return Millis{
      static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(spread.count())))};
}

std::string reason_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::transient:
      return "provider_error";
    case ErrorKind::rate_limited:
      return "rate_limited";
    case ErrorKind::ambiguous:
      return "timeout";
    default:
      return "provider_rejected";
  }
}

void try_again(OutboxOutcome& out, const OutboxRow& row, const Error& error,
               const DeliveryPolicy& policy, Instant now, Random& random) {
  const int failures = row.failures + 1;
  const Millis pause =
      error.retry_after
          ? *error.retry_after + slack_after(*error.retry_after, policy, random)
          : pause_after(failures,
                        is_urgent(row, policy) ? policy.pause_first_urgent : policy.pause_first,
                        policy, random);
  out.failure = !error.retry_after;
  out.state = SendState::queued;
  out.due_at = now + pause;
  const bool too_late = out.due_at > row.first_at.value_or(now) + policy.tries_span;
  if (too_late || (out.failure && failures >= policy.failures_max)) out.state = SendState::failed;
}

}  // namespace

OutboxOutcome outcome_of(const OutboxRow& row, std::string_view provider,
                         const Result<Accepted>& answer, const DeliveryPolicy& policy, Instant now,
                         Random& random) {
  OutboxOutcome out;
  if (answer) {
    out.state = SendState::sent;
    out.provider = provider;
    out.provider_id = answer->provider_id;
    return out;
  }
  const Error& error = answer.error();
  out.reason = reason_of(error.kind);
  out.detail = error.message;
  switch (error.kind) {
    case ErrorKind::transient:
    case ErrorKind::rate_limited:
      try_again(out, row, error, policy, now, random);
      break;
    case ErrorKind::ambiguous:
      out.provider = provider;
      out.state = SendState::unknown;
      if (is_urgent(row, policy) && row.message.attempt < policy.resend_attempts_max) {
        out.state = SendState::queued;
        out.due_at = now + policy.resend_pause;
      }
      break;
    default:
      out.provider = provider;
      out.state = SendState::failed;
  }
  return out;
}

}  // namespace huiyin
