// The life of an outgoing message (table `deliveries`): claim, outcome, receipt, cancel, crash.
#include <algorithm>

#include "store/outbox.h"
#include "store/outbox_detail.h"
#include "store/outbox_id.h"

namespace huiyin::store {
namespace {

using MaybeText = std::optional<std::string>;
using MaybeInt = std::optional<std::int64_t>;

MaybeText unless_empty(std::string_view text) {
  return text.empty() ? std::nullopt : MaybeText(text);
}

// One entry of the `activity` column.
std::string entry(Instant at, SendState state, std::string_view reason, std::string_view detail) {
  std::string out = ",[";
  out.append(std::to_string(to_millis(at))).append(",\"").append(to_string(state)) += '"';
  if (!reason.empty() || !detail.empty()) {
    out.append(",").append(dump_json(reason)).append(",").append(dump_json(detail));
  }
  out += ']';
  return out;
}

// Brings the activity up to date with the claim and the `sent` that were not written down.
#define HUIYIN_ACTIVITY                                                                  \
  "claimed_at = NULL, activity = coalesce(activity, '') || CASE WHEN claimed_at IS NULL" \
  " THEN '' ELSE ',[' || claimed_at || ',\"sending\"]' || CASE WHEN state = 3 THEN"      \
  " ',[' || changed_at || ',\"sent\"]' ELSE '' END END"

// Forward only. A receipt for a message that waits for another attempt answers an earlier one:
// success makes the next attempt needless, a failure is what the next attempt is for.
bool may_follow(SendState from, SendState to, std::int64_t attempt) {
  const bool success = to == SendState::sent || to == SendState::delivered || to == SendState::read;
  if (!success && to != SendState::failed) return false;
  switch (from) {
    case SendState::queued:
    case SendState::scheduled:
      return attempt > 0 && success;
    case SendState::sending:
    case SendState::unknown:
      return true;
    case SendState::sent:
      return to != SendState::sent;
    case SendState::delivered:
      return to == SendState::read;
    default:
      return false;
  }
}

struct Standing {
  std::int64_t row;
  SendState state;
  std::int64_t attempt;
  std::string category;
};

std::optional<Standing> standing(Connection& db, std::string_view id) {
  const auto parts = parse_outbox_id(id);
  if (!parts) return std::nullopt;
  const auto found = db.first<std::int64_t, std::int64_t, std::string>(
      "SELECT d.state, d.attempt, o.category FROM outbox o JOIN deliveries d ON d.id = o.id"
      " WHERE o.id = :i AND o.nonce = :n",
      parts->row, parts->nonce);
  if (!found) return std::nullopt;
  const auto& [state, attempt, category] = *found;
  return Standing{parts->row, static_cast<SendState>(state), attempt, category};
}

}  // namespace

std::vector<Claim> claim(Connection& db, std::span<const std::int64_t> rows, Instant now) {
  // Only numbers come back: reading the texts here would take the lane as long as the update does.
  std::vector<Claim> out;
  const std::string list = detail::row_list(rows);
  for (const auto& [row, attempt] : db.query<std::int64_t, std::int64_t>(
           "UPDATE deliveries SET state = 2, attempt = attempt + 1, changed_at = :now,"
           "  claimed_at = :now"
           " WHERE id IN (SELECT value FROM json_each(:rows)) AND state < 2 AND due_at <= :now"
           "  AND coalesce(not_after, :now) >= :now RETURNING id, attempt",
           to_millis(now), list)) {
    out.push_back({row, static_cast<int>(attempt)});
  }
  if (out.size() < rows.size()) {
    db.exec(
        "UPDATE deliveries SET state = 7, due_at = NULL, reason = 'expired', changed_at = :now,"
        " " HUIYIN_ACTIVITY
        " || ',[' || :now || ',\"expired\",\"expired\",\"\"]'"
        " WHERE id IN (SELECT value FROM json_each(:rows)) AND state < 2 AND due_at <= :now"
        "  AND not_after < :now",
        to_millis(now), list);
    db.exec(
        "UPDATE outbox SET text = '' WHERE category = 'code' AND id IN (SELECT id FROM deliveries"
        " WHERE id IN (SELECT value FROM json_each(:rows)) AND state = 7)",
        list);
  }
  std::ranges::sort(out, {}, &Claim::row);
  return out;
}

bool finish(Connection& db, std::int64_t row, int attempt, const OutboxOutcome& outcome,
            Instant now) {
  const bool again = outcome.state == SendState::queued;
  const bool plain = outcome.state == SendState::sent && outcome.reason.empty() &&
                     outcome.detail.empty() && !outcome.failure;
  // Nearly every message ends in the first statement, which has the least to do.
  const auto changed =
      plain
          ? db.exec(
                "UPDATE deliveries SET state = 3, due_at = NULL, provider = :p,"
                " provider_id = :pi, reason = NULL, detail = NULL, changed_at = :u"
                " WHERE id = :i AND attempt = :a AND state = 2",
                unless_empty(outcome.provider), unless_empty(outcome.provider_id), to_millis(now),
                row, attempt)
          : db.exec(
                "UPDATE deliveries SET state = :s, failures = failures + :f,"
                " due_at = CASE WHEN :again THEN min(:d, coalesce(not_after + 1, :d)) END,"
                " first_at = coalesce(first_at, claimed_at), provider = :p, provider_id = :pi,"
                " reason = :r, detail = :de, changed_at = :u,"
                " " HUIYIN_ACTIVITY
                " || :ac"
                " WHERE id = :i AND attempt = :a AND state = 2",
                static_cast<int>(outcome.state), outcome.failure, again, to_millis(outcome.due_at),
                unless_empty(outcome.provider), unless_empty(outcome.provider_id),
                unless_empty(outcome.reason), unless_empty(outcome.detail), to_millis(now),
                entry(now, outcome.state, outcome.reason, outcome.detail), row, attempt);
  if (changed > 0) return true;
  return db.exec(
             "UPDATE deliveries SET provider = coalesce(:p, provider),"
             " provider_id = coalesce(:pi, provider_id)"
             " WHERE id = :i AND attempt = :a AND state IN (3, 4, 5, 6)",
             unless_empty(outcome.provider), unless_empty(outcome.provider_id), row, attempt) > 0;
}

void forget_code(Connection& db, std::int64_t row, std::string_view category, SendState state) {
  if (category != "code" || !is_final(state)) return;
  db.exec("UPDATE outbox SET text = '' WHERE id = :i", row);
}

ReceiptResult receive(Connection& db, std::string_view id, SendState state,
                      std::string_view provider, std::string_view detail, Instant now) {
  const auto found = standing(db, id);
  if (!found) return ReceiptResult::not_ours;
  if (!may_follow(found->state, state, found->attempt)) return ReceiptResult::unchanged;
  const std::string reason = state == SendState::failed ? "provider_rejected" : "";
  db.exec(
      "UPDATE deliveries SET state = :s, due_at = NULL, provider = coalesce(provider, :p),"
      " reason = :r, detail = :d, changed_at = :u, " HUIYIN_ACTIVITY
      " || :ac"
      " WHERE id = :i",
      static_cast<int>(state), unless_empty(provider), unless_empty(reason), unless_empty(detail),
      to_millis(now), entry(now, state, reason, detail), found->row);
  forget_code(db, found->row, found->category, state);
  return ReceiptResult::applied;
}

Result<void> cancel(Connection& db, std::string_view id, Instant now) {
  const auto found = standing(db, id);
  if (!found) return fail(ErrorKind::not_found, "no such message");
  if (found->state != SendState::queued && found->state != SendState::scheduled) {
    return fail(ErrorKind::conflict,
                "the message is " + std::string(to_string(found->state)) + " already", "status");
  }
  db.exec(
      "UPDATE deliveries SET state = 8, due_at = NULL, reason = 'cancelled', changed_at = :u,"
      " " HUIYIN_ACTIVITY " || :ac WHERE id = :i",
      to_millis(now), entry(now, SendState::cancelled, "cancelled", ""), found->row);
  forget_code(db, found->row, found->category, SendState::cancelled);
  return {};
}

Recovered recover_sending(Connection& db, std::span<const std::string> resend, int attempts_max,
                          Instant now) {
  const std::string categories = dump_json(Json(std::vector(resend.begin(), resend.end())));
  Recovered out;
  out.queued = db.exec(
      "UPDATE deliveries SET state = 1, reason = 'crash', due_at = :d,"
      " first_at = coalesce(first_at, claimed_at), changed_at = :u,"
      " " HUIYIN_ACTIVITY
      " || :ac"
      " WHERE due_at IS NOT NULL AND state = 2 AND attempt < :max AND (SELECT category FROM outbox"
      "  WHERE outbox.id = deliveries.id) IN (SELECT value FROM json_each(:c))",
      to_millis(now), to_millis(now), entry(now, SendState::queued, "crash", ""), attempts_max,
      categories);
  out.unknown = db.exec(
      "UPDATE deliveries SET state = 10, reason = 'crash', due_at = NULL, changed_at = :u,"
      " " HUIYIN_ACTIVITY " || :ac WHERE due_at IS NOT NULL AND state = 2",
      to_millis(now), entry(now, SendState::unknown, "crash", ""));
  return out;
}

std::int64_t stop_unfinished(Connection& db, Instant now) {
  return db.exec(
      "UPDATE deliveries SET state = 10, reason = 'crash', due_at = NULL, changed_at = :u,"
      " " HUIYIN_ACTIVITY " || :ac WHERE due_at IS NOT NULL",
      to_millis(now), entry(now, SendState::unknown, "crash", "restored"));
}

std::vector<DuePlace> due_rows(Connection& db, Instant until, const DuePlace& after,
                               std::int64_t limit) {
  std::vector<DuePlace> out;
  for (const auto& [due, row] : db.query<std::int64_t, std::int64_t>(
           "SELECT due_at, id FROM deliveries WHERE (due_at, id) > (:d, :i) AND due_at <= :u"
           " AND state < 2 ORDER BY due_at, id LIMIT :l",
           to_millis(after.due_at), after.row, to_millis(until), limit)) {
    out.push_back({from_millis(due), row});
  }
  return out;
}

std::optional<Instant> next_outbox_due(Connection& db, Instant after) {
  const auto due = db.value<MaybeInt>(
      "SELECT min(due_at) FROM deliveries WHERE due_at > :a AND state < 2", to_millis(after));
  return due && *due ? std::optional(from_millis(**due)) : std::nullopt;
}

bool nothing_due(Connection& db, Instant until) {
  // What is being sent was due before, and keeps its due time until its outcome.
  return db.value<std::int64_t>("SELECT EXISTS(SELECT 1 FROM deliveries WHERE due_at <= :u)",
                                to_millis(until)) == 0;
}

std::map<SendState, std::int64_t> outbox_counts(Connection& db) {
  std::map<SendState, std::int64_t> out{{SendState::scheduled, 0},
                                        {SendState::queued, 0},
                                        {SendState::sending, 0},
                                        {SendState::failed, 0},
                                        {SendState::unknown, 0}};
  const auto add = [&](const std::vector<std::tuple<std::int64_t, std::int64_t>>& rows) {
    for (const auto& [state, count] : rows) out[static_cast<SendState>(state)] = count;
  };
  add(db.query<std::int64_t, std::int64_t>(
      "SELECT state, count(*) FROM deliveries WHERE due_at IS NOT NULL GROUP BY state"));
  add(db.query<std::int64_t, std::int64_t>(
      "SELECT 6, count(*) FROM deliveries WHERE state = 6"
      " UNION ALL SELECT 10, count(*) FROM deliveries WHERE state = 10"));
  return out;
}

}  // namespace huiyin::store
