// The outbox: every message that leaves, as one wide row (outbox.cpp) with its life in a narrow one
// beside it (outbox_life.cpp). Written in the transaction that decided to send; bot/gateway's relay
// and workers carry it out (see worker.h for the life of a message). Serves the contract's
// guarantees 3 and 4.
//
// Rows are found by their row id. The public id ("ob_" and 22 characters) holds the row id and 64
// random bits that are checked against the row, so it can stand in a callback address.
//
// All times are the product's clock in milliseconds. Writing functions belong to the lane's
// thread, inside its transaction; reading ones take any connection. DatabaseError is thrown.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/error.h"
#include "store/base/json.h"
#include "store/base/secret.h"
#include "store/base/time.h"
#include "store/database.h"
#include "store/message.h"

namespace huiyin::store {

std::vector<Migration> outbox_migrations();

// A message to be sent.
struct OutboxDraft {
  std::string channel;
  std::string to;
  std::string text;
  std::vector<Button> buttons;
  std::string template_id;
  std::string category = "service";
  std::string order;
  std::optional<Instant> not_before;  // `scheduled` until then
  std::optional<Instant> not_after;   // what has not been sent by then becomes `expired`
  Json extras;                        // null, or an object its maker will read again
};

struct OutboxRef {
  std::int64_t row = 0;
  std::string id;  // public
};

// A row as it stands.
struct OutboxRow {
  std::int64_t row = 0;
  Outbound message;  // callback_url is left empty
  SendState state = SendState::queued;
  int failures = 0;  // attempts that ended in a transient error
  Instant due_at{};  // of an ended one: 0
  Instant created_at{}, changed_at{};
  std::optional<Instant> first_at;  // of the first attempt; while it is sent or to be sent again
  std::optional<Instant> not_before, not_after;
  std::string provider, provider_id;
  std::string reason, detail;  // of the last outcome
  Json extras;
};

// A line of a message's history. `reason` is one of the contract's words or empty.
struct OutboxActivity {
  Instant at{};
  SendState state = SendState::queued;
  std::string reason, detail;
};

// What came of one attempt, ready to be stored.
struct OutboxOutcome {
  SendState state = SendState::sent;  // sent, queued (again, at due_at), failed or unknown
  Instant due_at{};                   // for queued only
  std::string provider, provider_id;
  std::string reason, detail;
  bool failure = false;  // counts among `failures`
};

// A message as it is, due at once.
OutboxDraft draft_of(const Outbound& message);

OutboxRef enqueue(Connection& db, const OutboxDraft& draft, Random& random, Instant now);
// Many at once, for campaigns; same as enqueue() of each.
std::vector<OutboxRef> enqueue_all(Connection& db, std::span<const OutboxDraft> drafts,
                                   Random& random, Instant now);

// Of these rows, takes those that are waiting and due: queued or scheduled -> sending, attempt + 1
// (or expired, when not_after has passed). Returns what is sending now, in order of row id.
struct Claim {
  std::int64_t row = 0;
  int attempt = 0;
};
std::vector<Claim> claim(Connection& db, std::span<const std::int64_t> rows, Instant now);

// Stores an outcome if the row is still in that attempt. When a receipt was quicker, its state
// stands and only the provider is noted. False: another attempt has the row now.
bool finish(Connection& db, std::int64_t row, int attempt, const OutboxOutcome& outcome,
            Instant now);

// A one-time code that has ended its way is kept nowhere; for other categories nothing happens.
void forget_code(Connection& db, std::int64_t row, std::string_view category, SendState state);

enum class ReceiptResult {
  applied,    // the state moved forward
  unchanged,  // repeated, late, or about a message that never left
  not_ours,   // no such message
};
ReceiptResult receive(Connection& db, std::string_view id, SendState state,
                      std::string_view provider, std::string_view detail, Instant now);

// `not_found`, or `conflict` when it has left or ended already.
Result<void> cancel(Connection& db, std::string_view id, Instant now);

// What a crash left in `sending`: unknown, or queued again where the category is in `resend` and
// fewer than `attempts_max` attempts were made. Call once, before the workers start.
struct Recovered {
  std::int64_t unknown = 0;
  std::int64_t queued = 0;
};
Recovered recover_sending(Connection& db, std::span<const std::string> resend, int attempts_max,
                          Instant now);
// The state of restored data: nothing that is unfinished may leave by itself.
std::int64_t stop_unfinished(Connection& db, Instant now);

// A row's place in the order in which rows become due.
struct DuePlace {
  Instant due_at = Instant::min();
  std::int64_t row = 0;
};
// Rows that are waiting and due by `until`, earliest first, behind `after`.
std::vector<DuePlace> due_rows(Connection& db, Instant until, const DuePlace& after,
                               std::int64_t limit);
// The earliest time behind `after` at which a waiting row becomes due (Instant::min(): of all).
std::optional<Instant> next_outbox_due(Connection& db, Instant after);
// True when no row is waiting that is due by `until`, and none is being sent.
bool nothing_due(Connection& db, Instant until);

// How many messages are scheduled, queued, being sent, failed and unknown (0 included).
std::map<SendState, std::int64_t> outbox_counts(Connection& db);

std::optional<OutboxRow> find_outbox(Connection& db, std::string_view id);
std::optional<OutboxRow> read_outbox(Connection& db, std::int64_t row);
// Many at once, in order of row id; those that do not exist are left out.
std::vector<OutboxRow> read_outbox(Connection& db, std::span<const std::int64_t> rows);
// The row id inside a public id, unchecked; 0 when it is none.
std::int64_t outbox_row_of(std::string_view id);
// Oldest first.
std::vector<OutboxActivity> outbox_activity(Connection& db, std::int64_t row);

// What failed for good, behind `after` (a row id; 0 from the start), in order of row id.
std::vector<OutboxRow> dead_letters(Connection& db, std::int64_t after, std::int64_t limit);
// A new message with the same content, due now; the old one stays failed. extras.replay_of of the
// new one is the old id. `not_found`, or `conflict` when it did not fail.
Result<OutboxRef> replay(Connection& db, std::string_view id, Random& random, Instant now);

// The sandbox's list of what left or would have left: one line a message, at its first attempt.
struct SentLine {
  std::int64_t seq = 0;
  Instant at{};
  std::string channel, to, text, template_id, category, provider;
  std::vector<Button> buttons;
};
// Of these rows, those in their first attempt; the channel is their provider.
void record_sent(Connection& db, std::span<const std::int64_t> rows, Instant now);
std::vector<SentLine> sent_after(Connection& db, std::int64_t seq, std::int64_t limit);

// The name of this installation's stream in Redis, which several installations may share. Made on
// the first call (lane's thread or before it starts).
std::string queue_name(Connection& db, Random& random);

}  // namespace huiyin::store
