#include "dialogs/identity/codes.h"

#include <cstdio>

namespace huiyin::identity {
namespace {

using store::Connection;

std::string make_code(Random& random) {
  char text[code_digits + 1];
  std::snprintf(text, sizeof text, "%06u", static_cast<unsigned>(random.below(1'000'000)));
  return text;
}

std::string hash_of(std::string_view conversation, std::string_view salt, std::string_view code) {
  return hash_secret(std::string(salt).append("/").append(conversation).append("/").append(code));
}

std::int64_t asked_for_address(Connection& db, std::string_view address, Instant since) {
  return *db.value<std::int64_t>(
      "SELECT count(DISTINCT batch) FROM identity_codes WHERE address = :a AND created > :t",
      address, to_millis(since));
}
std::int64_t sent_to_phone(Connection& db, std::string_view phone, Instant since) {
  return *db.value<std::int64_t>(
      "SELECT count(*) FROM identity_codes WHERE phone = :p AND created > :t", phone,
      to_millis(since));
}

struct Row {
  std::int64_t id, batch;
  Holder holder;
  std::string salt, hash;
  Instant created;
  std::int64_t tries;
};

std::vector<Row> open_rows(Connection& db, std::string_view conversation) {
  std::vector<Row> rows;
  for (const auto& [id, batch, unit, member, phone, salt, hash, created, tries] :
       db.query<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string, std::string,
                std::string, std::int64_t, std::int64_t>(
           "SELECT id, batch, unit, member, phone, salt, hash, created, tries FROM identity_codes"
           " WHERE conversation = :c AND used = 0 ORDER BY id",
           conversation)) {
    rows.push_back({id, batch, {unit, member, phone}, salt, hash, from_millis(created), tries});
  }
  return rows;
}

void close_rows(Connection& db, std::string_view conversation) {
  db.exec("UPDATE identity_codes SET used = 1 WHERE conversation = :c AND used = 0", conversation);
}

}  // namespace

std::vector<store::Migration> migrations() {
  return {{"identity", 1, R"sql(
CREATE TABLE identity_codes(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch INTEGER NOT NULL,            -- codes of one asking, to several phones
  conversation TEXT NOT NULL,        -- "space/sender"
  address TEXT NOT NULL,             -- as asked for, whether or not it exists
  unit INTEGER NOT NULL,             -- 0: a row that no code can match
  member INTEGER NOT NULL,
  phone TEXT NOT NULL,
  salt TEXT NOT NULL,
  hash TEXT NOT NULL,
  created INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  used INTEGER NOT NULL DEFAULT 0    -- 1: used or void
);
CREATE INDEX identity_codes_open ON identity_codes(conversation, used);
CREATE INDEX identity_codes_by_phone ON identity_codes(phone, created);
CREATE INDEX identity_codes_by_address ON identity_codes(address, created);
)sql"}};
}

std::optional<std::vector<Fresh>> issue(Transaction& tx, const TalkRules& rules, Random& random,
                                        std::string_view conversation, std::string_view address,
                                        std::vector<Holder> holders) {
  const Instant minute = tx.now() - std::chrono::minutes(1);
  const Instant hour = tx.now() - std::chrono::hours(1);
  if (asked_for_address(tx.read(), address, minute) >= rules.codes_per_minute ||
      asked_for_address(tx.read(), address, hour) >= rules.codes_per_hour) {
    return std::nullopt;
  }
  // A phone may be registered for several units: its own limit is kept in silence, since the answer
  // shall not tell more of one address than of another.
  std::erase_if(holders, [&](const Holder& holder) {
    return sent_to_phone(tx.read(), holder.phone, minute) >= rules.codes_per_minute ||
           sent_to_phone(tx.read(), holder.phone, hour) >= rules.codes_per_hour;
  });
  if (holders.empty()) holders.push_back({});
  auto& db = tx.write();
  close_rows(db, conversation);
  const auto batch =
      *db.value<std::int64_t>("SELECT coalesce(max(batch), 0) + 1 FROM identity_codes");
  std::vector<Fresh> fresh;
  for (const auto& holder : holders) {
    const std::string code = make_code(random);
    const std::string salt = new_token();
    db.exec(
        "INSERT INTO identity_codes(batch, conversation, address, unit, member, phone, salt, hash,"
        " created) VALUES(:b, :c, :a, :u, :m, :p, :s, :h, :t)",
        batch, conversation, address, holder.unit, holder.member, holder.phone, salt,
        hash_of(conversation, salt, code), to_millis(tx.now()));
    if (holder.unit != 0) fresh.push_back({holder.phone, code});
  }
  return fresh;
}

Tried try_code(Transaction& tx, const TalkRules& rules, std::string_view conversation,
               std::string_view code) {
  const auto rows = open_rows(tx.read(), conversation);
  if (rows.empty()) return {};
  auto& db = tx.write();
  if (tx.now() - rows.front().created >= std::chrono::minutes(rules.code_minutes)) {
    close_rows(db, conversation);
    return {Verdict::expired, {}, 0};
  }
  const auto tries = rows.front().tries + 1;
  Tried result{Verdict::wrong, {}, static_cast<int>(rules.code_tries - tries)};
  for (const auto& row : rows) {
    const bool same = equal_constant_time(row.hash, hash_of(conversation, row.salt, code));
    if (same && row.holder.unit != 0) result = {Verdict::right, row.holder, 0};
  }
  db.exec("UPDATE identity_codes SET tries = :n WHERE conversation = :c AND used = 0", tries,
          conversation);
  if (result.verdict == Verdict::wrong && result.left <= 0) result.verdict = Verdict::too_many;
  if (result.verdict != Verdict::wrong) close_rows(db, conversation);
  return result;
}

}  // namespace huiyin::identity
