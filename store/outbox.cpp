#include "store/outbox.h"

#include <algorithm>

#include "store/meta.h"
#include "store/outbox_id.h"

namespace huiyin::store {
namespace {

std::string buttons_text(const std::vector<Button>& buttons) {
  Json out = Json::array();
  for (const auto& b : buttons) out.push_back({{"title", b.title}, {"payload", b.payload}});
  return dump_json(out);
}

std::vector<Button> buttons_of(const std::optional<std::string>& text) {
  std::vector<Button> out;
  if (!text) return out;
  const Json array = Json::parse(*text, nullptr, false);
  if (!array.is_array()) return out;
  for (const auto& b : array) out.push_back({text_of(b, "title"), text_of(b, "payload")});
  return out;
}

using MaybeText = std::optional<std::string>;
using MaybeInt = std::optional<std::int64_t>;

MaybeText unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : MaybeText(text);
}
MaybeInt millis_of(const std::optional<Instant>& at) {
  return at ? MaybeInt(to_millis(*at)) : std::nullopt;
}
std::optional<Instant> instant_of(const MaybeInt& ms) {
  return ms ? std::optional(from_millis(*ms)) : std::nullopt;
}
Json extras_of(const MaybeText& text) {
  return text ? Json::parse(*text, nullptr, false) : Json();
}

// One element of the `activity` column, which is a JSON array without its brackets.
std::string activity_entry(Instant at, SendState state, std::string_view reason,
                           std::string_view detail) {
  std::string out = "[";
  out.append(std::to_string(to_millis(at))).append(",\"").append(to_string(state)) += '"';
  if (!reason.empty() || !detail.empty()) {
    out.append(",").append(dump_json(reason)).append(",").append(dump_json(detail));
  }
  out += ']';
  return out;
}

// A row that expires is looked at then, however late its next attempt would be.
std::int64_t due_within(Instant due, const std::optional<Instant>& not_after) {
  if (not_after && *not_after < due) due = *not_after + Millis{1};
  return to_millis(due);
}

std::string json_list(std::span<const std::int64_t> rows) {
  std::string out = "[";
  for (const auto row : rows) {
    if (out.size() > 1) out += ',';
    out += std::to_string(row);
  }
  out += ']';
  return out;
}

// A whole row, in the order of its tuple.
#define HUIYIN_OUTBOX_COLUMNS                                                               \
  "id, nonce, state, channel, address, text, buttons, template, category, record, attempt," \
  " failures, due_at, created_at, updated_at, first_at, not_before, not_after, extras"
using Common =
    std::tuple<std::int64_t, std::int64_t, std::string, std::string, std::string, std::string,
               MaybeText, std::string, std::string, std::string, std::int64_t, std::int64_t,
               std::int64_t, std::int64_t, std::int64_t, MaybeInt, MaybeInt, MaybeInt, MaybeText>;

template <class Row>
OutboxRow row_of(Row& in) {
  OutboxRow out;
  out.row = std::get<0>(in);
  out.message.id = outbox_id(out.row, std::get<1>(in));
  out.state = send_state(std::get<2>(in)).value_or(SendState::unknown);
  out.message.channel = std::move(std::get<3>(in));
  out.message.to = std::move(std::get<4>(in));
  out.message.text = std::move(std::get<5>(in));
  out.message.buttons = buttons_of(std::get<6>(in));
  out.message.template_id = std::move(std::get<7>(in));
  out.message.category = std::move(std::get<8>(in));
  out.message.order = std::move(std::get<9>(in));
  out.message.attempt = static_cast<int>(std::get<10>(in));
  out.failures = static_cast<int>(std::get<11>(in));
  out.due_at = from_millis(std::get<12>(in));
  out.created_at = from_millis(std::get<13>(in));
  out.updated_at = from_millis(std::get<14>(in));
  out.first_at = instant_of(std::get<15>(in));
  out.not_before = instant_of(std::get<16>(in));
  out.not_after = instant_of(std::get<17>(in));
  out.extras = extras_of(std::get<18>(in));
  return out;
}

using Whole = decltype(std::tuple_cat(
    std::declval<Common>(),
    std::declval<std::tuple<MaybeText, MaybeText, MaybeText, MaybeText>>()));

template <class... Out, class... In>
std::vector<OutboxRow> select_rows(Connection& db, std::type_identity<std::tuple<Out...>>, Sql sql,
                                   const In&... in) {
  std::vector<OutboxRow> out;
  for (auto& found : db.query<Out...>(sql, in...)) {
    OutboxRow row = row_of(found);
    row.provider = std::get<19>(found).value_or("");
    row.provider_id = std::get<20>(found).value_or("");
    row.reason = std::get<21>(found).value_or("");
    row.detail = std::get<22>(found).value_or("");
    out.push_back(std::move(row));
  }
  return out;
}

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
};

std::optional<Standing> standing(Connection& db, std::string_view id) {
  const auto parts = parse_outbox_id(id);
  if (!parts) return std::nullopt;
  const auto found = db.first<std::string, std::int64_t>(
      "SELECT state, attempt FROM outbox WHERE id = :i AND nonce = :n", parts->row, parts->nonce);
  if (!found) return std::nullopt;
  const auto& [state, attempt] = *found;
  return Standing{parts->row, send_state(state).value_or(SendState::unknown), attempt};
}

}  // namespace

std::vector<Migration> outbox_migrations() {
  return {{"outbox", 1, R"sql(
-- One wide row a message. state: the names of the contract. activity: a JSON array without its
-- brackets, of [at, state] or [at, state, reason, detail]; appending to it rides on the update.
CREATE TABLE outbox(
  id INTEGER PRIMARY KEY, nonce INTEGER NOT NULL, state TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  first_at INTEGER, not_before INTEGER, not_after INTEGER,
  channel TEXT NOT NULL, address TEXT NOT NULL, text TEXT NOT NULL, buttons TEXT,
  template TEXT NOT NULL, category TEXT NOT NULL, record TEXT NOT NULL, extras TEXT,
  provider TEXT, provider_id TEXT, reason TEXT, detail TEXT, activity TEXT NOT NULL);
-- Partial, so that a table of millions of ended messages costs nothing.
CREATE INDEX outbox_due ON outbox(due_at, id) WHERE state IN ('queued', 'scheduled');
CREATE INDEX outbox_sending ON outbox(id) WHERE state = 'sending';
CREATE INDEX outbox_failed ON outbox(id) WHERE state = 'failed';

-- The sandbox's list; empty elsewhere.
CREATE TABLE sent(
  seq INTEGER PRIMARY KEY, outbox INTEGER NOT NULL UNIQUE, at INTEGER NOT NULL,
  channel TEXT NOT NULL, address TEXT NOT NULL, text TEXT NOT NULL, template TEXT NOT NULL,
  category TEXT NOT NULL, buttons TEXT NOT NULL, provider TEXT NOT NULL);
)sql"}};
}

OutboxDraft draft_of(const Outbound& message) {
  OutboxDraft out;
  out.channel = message.channel;
  out.to = message.to;
  out.text = message.text;
  out.buttons = message.buttons;
  out.template_id = message.template_id;
  out.category = message.category;
  out.order = message.order;
  return out;
}

OutboxRef enqueue(Connection& db, const OutboxDraft& draft, Random& random, Instant now) {
  const bool later = draft.not_before && *draft.not_before > now;
  const auto state = later ? SendState::scheduled : SendState::queued;
  const auto nonce = static_cast<std::int64_t>(random.next());
  db.exec(
      "INSERT INTO outbox(nonce, state, due_at, created_at, updated_at, not_before, not_after,"
      " channel, address, text, buttons, template, category, record, extras, activity)"
      " VALUES(:n, :s, :d, :c, :u, :nb, :na, :ch, :ad, :t, :b, :te, :ca, :re, :ex, :ac)",
      nonce, to_string(state), due_within(later ? *draft.not_before : now, draft.not_after),
      to_millis(now), to_millis(now), millis_of(draft.not_before), millis_of(draft.not_after),
      draft.channel, draft.to, draft.text,
      draft.buttons.empty() ? std::nullopt : MaybeText(buttons_text(draft.buttons)),
      draft.template_id, draft.category, draft.order,
      draft.extras.is_null() ? std::nullopt : MaybeText(dump_json(draft.extras)),
      activity_entry(now, state, later ? "not_before" : "", ""));
  const auto row = db.last_insert_id();
  return {row, outbox_id(row, nonce)};
}

std::vector<OutboxRef> enqueue_all(Connection& db, std::span<const OutboxDraft> drafts,
                                   Random& random, Instant now) {
  std::vector<OutboxRef> out;
  out.reserve(drafts.size());
  for (const auto& draft : drafts) out.push_back(enqueue(db, draft, random, now));
  return out;
}

std::vector<std::int64_t> claim(Connection& db, std::span<const std::int64_t> rows, Instant now) {
  // Only ids come back: reading the texts here would take the lane as long as the update does.
  std::vector<std::int64_t> out;
  for (const auto& [row, sending] : db.query<std::int64_t, std::int64_t>(
           "UPDATE outbox SET"
           " state = CASE WHEN not_after < :now THEN 'expired' ELSE 'sending' END,"
           " attempt = attempt + CASE WHEN not_after < :now THEN 0 ELSE 1 END,"
           " first_at = CASE WHEN not_after < :now THEN first_at ELSE coalesce(first_at, :now) END,"
           " reason = CASE WHEN not_after < :now THEN 'expired' ELSE reason END,"
           " updated_at = :now,"
           " activity = activity || ',[' || :now || CASE WHEN not_after < :now"
           "   THEN ',\"expired\",\"expired\",\"\"]' ELSE ',\"sending\"]' END"
           " WHERE id IN (SELECT value FROM json_each(:rows)) AND state IN ('queued', 'scheduled')"
           "   AND due_at <= :now"
           " RETURNING id, state = 'sending'",
           to_millis(now), json_list(rows))) {
    if (sending != 0) out.push_back(row);
  }
  std::ranges::sort(out);
  return out;
}

bool finish(Connection& db, std::int64_t row, int attempt, const OutboxOutcome& outcome,
            Instant now) {
  const bool again = outcome.state == SendState::queued;
  if (db.exec(
          "UPDATE outbox SET state = :s, failures = failures + :f,"
          " due_at = CASE WHEN :again THEN min(:d, coalesce(not_after + 1, :d)) ELSE due_at END,"
          " provider = :p, provider_id = :pi, reason = :r, detail = :de,"
          " activity = activity || ',' || :ac, updated_at = :u"
          " WHERE id = :i AND attempt = :a AND state = 'sending'",
          to_string(outcome.state), outcome.failure, again, to_millis(outcome.due_at),
          unless_empty(outcome.provider), unless_empty(outcome.provider_id),
          unless_empty(outcome.reason), unless_empty(outcome.detail),
          activity_entry(now, outcome.state, outcome.reason, outcome.detail), to_millis(now), row,
          attempt) > 0) {
    return true;
  }
  return db.exec(
             "UPDATE outbox SET provider = coalesce(:p, provider),"
             " provider_id = coalesce(:pi, provider_id)"
             " WHERE id = :i AND attempt = :a"
             "   AND state IN ('sent', 'delivered', 'read', 'failed')",
             unless_empty(outcome.provider), unless_empty(outcome.provider_id), row, attempt) > 0;
}

ReceiptResult receive(Connection& db, std::string_view id, SendState state,
                      std::string_view provider, std::string_view detail, Instant now) {
  const auto found = standing(db, id);
  if (!found) return ReceiptResult::not_ours;
  if (!may_follow(found->state, state, found->attempt)) return ReceiptResult::unchanged;
  const std::string reason = state == SendState::failed ? "provider_rejected" : "";
  db.exec(
      "UPDATE outbox SET state = :s, provider = coalesce(provider, :p), reason = :r, detail = :d,"
      " activity = activity || ',' || :ac, updated_at = :u WHERE id = :i",
      to_string(state), unless_empty(std::string(provider)), unless_empty(reason),
      unless_empty(std::string(detail)), activity_entry(now, state, reason, detail), to_millis(now),
      found->row);
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
      "UPDATE outbox SET state = 'cancelled', reason = 'cancelled', updated_at = :u,"
      " activity = activity || ',' || :ac WHERE id = :i",
      to_millis(now), activity_entry(now, SendState::cancelled, "cancelled", ""), found->row);
  return {};
}

Recovered recover_sending(Connection& db, std::span<const std::string> resend, int attempts_max,
                          Instant now) {
  const std::string categories = dump_json(Json(std::vector(resend.begin(), resend.end())));
  Recovered out;
  out.queued = db.exec(
      "UPDATE outbox SET state = 'queued', reason = 'crash', due_at = :d, updated_at = :u,"
      " activity = activity || ',' || :ac WHERE state = 'sending' AND attempt < :max"
      " AND category IN (SELECT value FROM json_each(:c))",
      to_millis(now), to_millis(now), activity_entry(now, SendState::queued, "crash", ""),
      attempts_max, categories);
  out.unknown = db.exec(
      "UPDATE outbox SET state = 'unknown', reason = 'crash', updated_at = :u,"
      " activity = activity || ',' || :ac WHERE state = 'sending'",
      to_millis(now), activity_entry(now, SendState::unknown, "crash", ""));
  return out;
}

std::int64_t stop_unfinished(Connection& db, Instant now) {
  return db.exec(
      "UPDATE outbox SET state = 'unknown', reason = 'crash', updated_at = :u,"
      " activity = activity || ',' || :ac WHERE state IN ('queued', 'scheduled', 'sending')",
      to_millis(now), activity_entry(now, SendState::unknown, "crash", "restored"));
}

std::vector<std::int64_t> due_rows(Connection& db, Instant until, std::int64_t limit) {
  std::vector<std::int64_t> out;
  for (const auto& [row] : db.query<std::int64_t>(
           "SELECT id FROM outbox WHERE state IN ('queued', 'scheduled') AND due_at <= :u"
           " ORDER BY due_at, id LIMIT :l",
           to_millis(until), limit)) {
    out.push_back(row);
  }
  return out;
}

std::optional<Instant> next_outbox_due(Connection& db, Instant after) {
  const auto due = db.value<MaybeInt>(
      "SELECT min(due_at) FROM outbox WHERE state IN ('queued', 'scheduled') AND due_at > :a",
      to_millis(after));
  return due ? instant_of(*due) : std::nullopt;
}

bool nothing_due(Connection& db, Instant until) {
  return db.value<std::int64_t>(
             "SELECT EXISTS(SELECT 1 FROM outbox WHERE state IN ('queued', 'scheduled')"
             "  AND due_at <= :u)"
             " OR EXISTS(SELECT 1 FROM outbox WHERE state = 'sending')",
             to_millis(until)) == 0;
}

std::optional<OutboxRow> read_outbox(Connection& db, std::int64_t row) {
  auto found = select_rows(db, std::type_identity<Whole>(),
                           "SELECT " HUIYIN_OUTBOX_COLUMNS
                           ", provider, provider_id, reason, detail FROM outbox WHERE id = :i",
                           row);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<OutboxRow> read_outbox(Connection& db, std::span<const std::int64_t> rows) {
  return select_rows(db, std::type_identity<Whole>(),
                     "SELECT " HUIYIN_OUTBOX_COLUMNS
                     ", provider, provider_id, reason, detail FROM outbox"
                     " WHERE id IN (SELECT value FROM json_each(:rows)) ORDER BY id",
                     json_list(rows));
}

std::optional<OutboxRow> find_outbox(Connection& db, std::string_view id) {
  const auto found = standing(db, id);
  if (!found) return std::nullopt;
  return read_outbox(db, found->row);
}

std::int64_t outbox_row_of(std::string_view id) {
  const auto parts = parse_outbox_id(id);
  return parts ? parts->row : 0;
}

std::vector<OutboxActivity> outbox_activity(Connection& db, std::int64_t row) {
  std::vector<OutboxActivity> out;
  const auto text = db.value<std::string>("SELECT activity FROM outbox WHERE id = :i", row);
  if (!text) return out;
  const std::string array = std::string(1, '[').append(*text).append("]");
  for (const auto& entry : Json::parse(array, nullptr, false)) {
    if (!entry.is_array() || entry.size() < 2) continue;
    OutboxActivity line{from_millis(entry[0].get<std::int64_t>()),
                        send_state(entry[1].get<std::string>()).value_or(SendState::unknown),
                        {},
                        {}};
    if (entry.size() == 4) {
      line.reason = entry[2].get<std::string>();
      line.detail = entry[3].get<std::string>();
    }
    out.push_back(std::move(line));
  }
  return out;
}

std::vector<OutboxRow> dead_letters(Connection& db, std::int64_t after, std::int64_t limit) {
  return select_rows(db, std::type_identity<Whole>(),
                     "SELECT " HUIYIN_OUTBOX_COLUMNS
                     ", provider, provider_id, reason, detail FROM outbox"
                     " WHERE state = 'failed' AND id > :a ORDER BY id LIMIT :l",
                     after, limit);
}

Result<OutboxRef> replay(Connection& db, std::string_view id, Random& random, Instant now) {
  auto old = find_outbox(db, id);
  if (!old) return fail(ErrorKind::not_found, "no such message");
  if (old->state != SendState::failed) {
    return fail(ErrorKind::conflict,
                "the message is " + std::string(to_string(old->state)) + ", not failed", "status");
  }
  OutboxDraft draft = draft_of(old->message);
  // A person decided to send it: a limit that has passed does not hold any more.
  if (old->not_after && *old->not_after > now) draft.not_after = old->not_after;
  draft.extras = old->extras.is_object() ? std::move(old->extras) : Json::object();
  draft.extras["replay_of"] = id;
  return enqueue(db, draft, random, now);
}

void record_sent(Connection& db, const OutboxRow& row, std::string_view provider, Instant now) {
  db.exec(
      "INSERT OR IGNORE INTO sent(outbox, at, channel, address, text, template, category, buttons,"
      " provider) VALUES(:o, :a, :c, :ad, :t, :te, :ca, :b, :p)",
      row.row, to_millis(now), row.message.channel, row.message.to, row.message.text,
      row.message.template_id, row.message.category, buttons_text(row.message.buttons), provider);
}

void amend_sent(Connection& db, std::int64_t row, std::string_view provider) {
  db.exec("UPDATE sent SET provider = :p WHERE outbox = :o AND provider <> :q", provider, row,
          provider);
}

std::vector<SentLine> sent_after(Connection& db, std::int64_t seq, std::int64_t limit) {
  std::vector<SentLine> out;
  for (auto& [number, at, channel, to, text, template_id, category, buttons, provider] :
       db.query<std::int64_t, std::int64_t, std::string, std::string, std::string, std::string,
                std::string, std::string, std::string>(
           "SELECT seq, at, channel, address, text, template, category, buttons, provider"
           " FROM sent WHERE seq > :s ORDER BY seq LIMIT :l",
           seq, limit)) {
    out.push_back({number, from_millis(at), channel, to, text, template_id, category, provider,
                   buttons_of(buttons)});
  }
  return out;
}

std::string queue_name(Connection& db, Random& random) {
  if (const auto known = get_meta(db, "queue")) return *known;
  const std::string made = "huiyin:" + base32(random.next(), 13);
  set_meta(db, "queue", made);
  return made;
}

}  // namespace huiyin::store
