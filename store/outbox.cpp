#include "store/outbox.h"

#include <algorithm>

#include "store/meta.h"
#include "store/outbox_detail.h"
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

MaybeInt millis_of(const std::optional<Instant>& at) {
  return at ? MaybeInt(to_millis(*at)) : std::nullopt;
}
std::optional<Instant> instant_of(const MaybeInt& ms) {
  return ms ? std::optional(from_millis(*ms)) : std::nullopt;
}
Json extras_of(const MaybeText& text) {
  return text ? Json::parse(*text, nullptr, false) : Json();
}

// A whole row, in the order of its tuple.
#define HUIYIN_OUTBOX_ROWS                                                                   \
  "SELECT o.id, o.nonce, d.state, o.channel, o.address, o.text, o.buttons, o.template,"      \
  " o.category, o.record, d.attempt, d.failures, coalesce(d.due_at, 0), o.created_at,"       \
  " d.changed_at, coalesce(d.first_at, d.claimed_at), o.not_before, d.not_after, o.extras, " \
  "d.provider, d.provider_id,"                                                               \
  " d.reason, d.detail FROM outbox o JOIN deliveries d ON d.id = o.id WHERE "

template <class... In>
std::vector<OutboxRow> select_rows(Connection& db, Sql sql, const In&... in) {
  std::vector<OutboxRow> rows;
  for (auto& [id, nonce, state, channel, address, text, buttons, template_id, category, record,
              attempt, failures, due, created, changed, first, not_before, not_after, extras,
              provider, provider_id, reason, detail] :
       db.query<std::int64_t, std::int64_t, std::int64_t, std::string, std::string, std::string,
                MaybeText, std::string, std::string, std::string, std::int64_t, std::int64_t,
                std::int64_t, std::int64_t, std::int64_t, MaybeInt, MaybeInt, MaybeInt, MaybeText,
                MaybeText, MaybeText, MaybeText, MaybeText>(sql, in...)) {
    OutboxRow row;
    row.row = id;
    row.message.id = outbox_id(id, nonce);
    row.state = static_cast<SendState>(state);
    row.message.channel = std::move(channel);
    row.message.to = std::move(address);
    row.message.text = std::move(text);
    row.message.buttons = buttons_of(buttons);
    row.message.template_id = std::move(template_id);
    row.message.category = std::move(category);
    row.message.order = std::move(record);
    row.message.attempt = static_cast<int>(attempt);
    row.failures = static_cast<int>(failures);
    row.due_at = from_millis(due);
    row.created_at = from_millis(created);
    row.changed_at = from_millis(changed);
    row.first_at = instant_of(first);
    row.not_before = instant_of(not_before);
    row.not_after = instant_of(not_after);
    row.extras = extras_of(extras);
    row.provider = provider.value_or("");
    row.provider_id = provider_id.value_or("");
    row.reason = reason.value_or("");
    row.detail = detail.value_or("");
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::vector<Migration> outbox_migrations() {
  return {{"outbox", 1, R"sql(
-- What is to be said, to whom: one wide row a message, written once. (The text of a one-time code
-- is emptied when it has left.)
CREATE TABLE outbox(
  id INTEGER PRIMARY KEY, nonce INTEGER NOT NULL, created_at INTEGER NOT NULL, not_before INTEGER,
  not_after INTEGER, channel TEXT NOT NULL, address TEXT NOT NULL, text TEXT NOT NULL, buttons TEXT,
  template TEXT NOT NULL, category TEXT NOT NULL, record TEXT NOT NULL, extras TEXT);

-- Its life, under the same id: narrow, and a claim changes it in place. state: the number of
-- SendState. due_at: NULL once nothing is to be done any more. changed_at: since when it is in this
-- state. activity: each change behind the first, as ",[at, state]" or ",[at, state, reason,
-- detail]". While claimed_at is set, the claim and a `sent` that followed it are not in there yet:
-- most messages end so, and whatever comes later adds both.
CREATE TABLE deliveries(
  id INTEGER PRIMARY KEY, state INTEGER NOT NULL, attempt INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0, due_at INTEGER, changed_at INTEGER NOT NULL,
  claimed_at INTEGER, first_at INTEGER, not_after INTEGER, provider TEXT, provider_id TEXT, reason TEXT, detail TEXT,
  activity TEXT);
-- Partial, so that a table of millions of ended messages costs nothing; without the state, so that
-- a claim leaves it alone.
CREATE INDEX deliveries_due ON deliveries(due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_failed ON deliveries(id) WHERE state = 6;
CREATE INDEX deliveries_unknown ON deliveries(id) WHERE state = 10;

-- The sandbox's list; empty elsewhere.
CREATE TABLE sent(
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL,
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
  return enqueue_all(db, std::span(&draft, 1), random, now).front();
}

std::vector<OutboxRef> enqueue_all(Connection& db, std::span<const OutboxDraft> drafts,
                                   Random& random, Instant now) {
  std::vector<OutboxRef> out;
  out.reserve(drafts.size());
  for (const auto& draft : drafts) {
    const auto nonce = static_cast<std::int64_t>(random.next());
    db.exec(
        "INSERT INTO outbox(nonce, created_at, not_before, not_after, channel, address, text,"
        " buttons, template, category, record, extras)"
        " VALUES(:n, :c, :nb, :na, :ch, :ad, :t, :b, :te, :ca, :re, :ex)",
        nonce, to_millis(now), millis_of(draft.not_before), millis_of(draft.not_after),
        draft.channel, draft.to, draft.text,
        draft.buttons.empty() ? std::nullopt : MaybeText(buttons_text(draft.buttons)),
        draft.template_id, draft.category, draft.order,
        draft.extras.is_null() ? std::nullopt : MaybeText(dump_json(draft.extras)));
    const auto row = db.last_insert_id();
    out.push_back({row, outbox_id(row, nonce)});
  }
  if (out.empty()) return out;
  // Due when its time has come; one that expires is looked at then, however late it would be due.
  db.exec(
      "INSERT INTO deliveries(id, state, due_at, changed_at, not_after)"
      " SELECT id, not_before IS NULL OR not_before <= :now,"
      "  min(max(coalesce(not_before, :now), :now),"
      "      coalesce(not_after + 1, max(coalesce(not_before, :now), :now))),"
      "  :now, not_after FROM outbox WHERE id >= :first",
      to_millis(now), out.front().row);
  return out;
}

std::optional<OutboxRow> read_outbox(Connection& db, std::int64_t row) {
  auto found = select_rows(db, HUIYIN_OUTBOX_ROWS "o.id = :i", row);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<OutboxRow> read_outbox(Connection& db, std::span<const std::int64_t> rows) {
  if (rows.empty()) return {};
  return select_rows(
      db, HUIYIN_OUTBOX_ROWS "o.id IN (SELECT value FROM json_each(:rows)) ORDER BY o.id",
      detail::row_list(rows));
}

std::optional<OutboxRow> find_outbox(Connection& db, std::string_view id) {
  const auto parts = parse_outbox_id(id);
  if (!parts) return std::nullopt;
  auto found =
      select_rows(db, HUIYIN_OUTBOX_ROWS "o.id = :i AND o.nonce = :n", parts->row, parts->nonce);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::int64_t outbox_row_of(std::string_view id) {
  const auto parts = parse_outbox_id(id);
  return parts ? parts->row : 0;
}

std::vector<OutboxActivity> outbox_activity(Connection& db, std::int64_t row) {
  std::vector<OutboxActivity> out;
  const auto found =
      db.first<std::int64_t, MaybeInt, std::int64_t, std::int64_t, MaybeInt, MaybeText>(
          "SELECT o.created_at, o.not_before, d.state, d.changed_at, d.claimed_at, d.activity"
          " FROM outbox o JOIN deliveries d ON d.id = o.id WHERE o.id = :i",
          row);
  if (!found) return out;
  const auto& [created, not_before, state, changed, claimed, text] = *found;
  const bool later = not_before && *not_before > created;
  out.push_back({from_millis(created), later ? SendState::scheduled : SendState::queued,
                 later ? "not_before" : "", ""});
  std::string array = "[" + text.value_or("") + "]";
  if (array.size() > 2) array.erase(1, 1);  // the comma in front of the first entry
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
  if (claimed) out.push_back({from_millis(*claimed), SendState::sending, {}, {}});
  if (claimed && static_cast<SendState>(state) == SendState::sent) {
    out.push_back({from_millis(changed), SendState::sent, {}, {}});
  }
  return out;
}

std::vector<OutboxRow> dead_letters(Connection& db, std::int64_t after, std::int64_t limit) {
  return select_rows(db, HUIYIN_OUTBOX_ROWS "d.state = 6 AND d.id > :a ORDER BY d.id LIMIT :l",
                     after, limit);
}

Result<OutboxRef> replay(Connection& db, std::string_view id, Random& random, Instant now) {
  auto old = find_outbox(db, id);
  if (!old) return fail(ErrorKind::not_found, "no such message");
  if (old->state != SendState::failed) {
    return fail(ErrorKind::conflict,
                "the message is " + std::string(to_string(old->state)) + ", not failed", "status");
  }
  if (old->message.category == "code") {
    return fail(ErrorKind::conflict, "a one-time code is not sent again; ask for a new one",
                "category");
  }
  OutboxDraft draft = draft_of(old->message);
  // A person decided to send it: a limit that has passed does not hold any more.
  if (old->not_after && *old->not_after > now) draft.not_after = old->not_after;
  draft.extras = old->extras.is_object() ? std::move(old->extras) : Json::object();
  draft.extras["replay_of"] = id;
  return enqueue(db, draft, random, now);
}

void record_sent(Connection& db, std::span<const std::int64_t> rows, Instant now) {
  if (rows.empty()) return;
  db.exec(
      "INSERT INTO sent(at, channel, address, text, template, category, buttons, provider)"
      " SELECT :a, channel, address, text, template, category, coalesce(buttons, '[]'), channel"
      " FROM outbox o JOIN deliveries d ON d.id = o.id"
      " WHERE o.id IN (SELECT value FROM json_each(:rows)) AND d.attempt = 1 ORDER BY o.id",
      to_millis(now), detail::row_list(rows));
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
  std::string made = "huiyin:" + base32(random.next(), 13);
  set_meta(db, "queue", made);
  return made;
}

}  // namespace huiyin::store
