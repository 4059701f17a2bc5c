#include "bot/gateway/verify.h"

#include "store/message.h"

#include "store/conversation_log.h"

namespace huiyin {
namespace {

using Violations = std::vector<std::string>;

std::int64_t count(store::Connection& db, store::Sql sql) {
  return db.value<std::int64_t>(sql).value_or(0);
}

// Guarantee 5: every message has an answer or a recorded reason. Guarantee 2: one turn an id.
void check_messages(store::Connection& db, Violations& out) {
  for (const auto& [id] : db.query<std::int64_t>(
           "SELECT id FROM turns WHERE kind = 1 AND json_array_length(body, '$.replies') = 0"
           " AND json_extract(body, '$.silent') IS NULL")) {
    out.push_back("message " + std::to_string(id) + " has neither an answer nor a reason");
  }
  for (const auto& [id, times] : db.query<std::int64_t, std::int64_t>(
           "SELECT min(id), count(*) FROM turns WHERE json_extract(body, '$.message_id') IS NOT "
           "NULL"
           " GROUP BY json_extract(body, '$.scope'), json_extract(body, '$.message_id')"
           " HAVING count(*) > 1")) {
    out.push_back("message " + std::to_string(id) + " was taken " + std::to_string(times) +
                  " times");
  }
}

// The log of a conversation is one chain without branches.
void check_chains(store::Connection& db, Violations& out) {
  for (const auto& [id] : db.query<std::int64_t>(
           "SELECT t.id FROM turns t LEFT JOIN turns p ON p.id = t.prev"
           " WHERE t.prev <> 0 AND (p.id IS NULL OR p.conversation <> t.conversation"
           " OR p.id >= t.id)")) {
    out.push_back("row " + std::to_string(id) + " of the log does not follow its conversation");
  }
  for (const auto& [prev] : db.query<std::int64_t>(
           "SELECT prev FROM turns WHERE prev <> 0 GROUP BY prev HAVING count(*) > 1")) {
    out.push_back("row " + std::to_string(prev) + " of the log is followed twice");
  }
  for (const auto& [id] :
       db.query<std::int64_t>("SELECT conversation FROM turns GROUP BY conversation"
                              " HAVING sum(prev = 0) <> 1")) {
    out.push_back("conversation " + std::to_string(id) + " begins more than once");
  }
}

// A message that left has an attempt; one that waits has none under way.
void check_outbox(store::Connection& db, Violations& out) {
  for (const auto& [id, state] : db.query<std::int64_t, std::int64_t>(
           "SELECT id, state FROM deliveries WHERE attempt = 0 AND state BETWEEN 2 AND 5")) {
    out.push_back("outgoing message " + std::to_string(id) + " is " +
                  std::string(to_string(static_cast<SendState>(state))) + " without an attempt");
  }
  for (const auto& [id] : db.query<std::int64_t>(
           "SELECT o.id FROM outbox o LEFT JOIN deliveries d ON d.id = o.id WHERE d.id IS NULL"
           " OR (d.due_at IS NULL) <> (d.state > 2)")) {
    out.push_back("outgoing message " + std::to_string(id) +
                  " is neither waiting nor under way nor ended");
  }
}

}  // namespace

Json verify(store::Connection& db, const std::vector<Audit>& audits) {
  Violations violations;
  db.script("BEGIN");  // one snapshot for all of it
  check_messages(db, violations);
  check_chains(db, violations);
  check_outbox(db, violations);
  for (const auto& audit : audits) {
    auto found = audit(db);
    violations.insert(violations.end(), found.begin(), found.end());
  }
  const Json checked = {{"messages", count(db, "SELECT count(*) FROM turns WHERE kind = 1")},
                        {"conversations", count(db, "SELECT count(*) FROM conversations")},
                        {"outgoing", count(db, "SELECT count(*) FROM outbox")},
                        {"timers", count(db, "SELECT count(*) FROM timers")}};
  db.script("COMMIT");
  return {{"ok", violations.empty()}, {"violations", violations}, {"checked", checked}};
}

}  // namespace huiyin
