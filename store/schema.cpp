// The schema of store/ itself; subjects bring their own migrations.
#include "store/database.h"

namespace huiyin::store {

std::vector<Migration> store_migrations() {
  return {{"store", 1, R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- A conversation: one sender in one space ("sms", "rest", ...). last_turn and session are folded
-- in from the log of turns in slices; what was not folded yet is read from the log at start.
CREATE TABLE conversations(
  id INTEGER PRIMARY KEY, space TEXT NOT NULL, sender TEXT NOT NULL,
  last_turn INTEGER NOT NULL DEFAULT 0, session TEXT, token_hash TEXT,
  UNIQUE(sender, space));

-- The append-only log: one wide row a turn (message, answer, session after it) or event. `prev` is
-- the row before it of the same conversation, 0 for the first.
CREATE TABLE turns(
  id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, prev INTEGER NOT NULL,
  at INTEGER NOT NULL, kind INTEGER NOT NULL, body TEXT NOT NULL);

-- The inbox's guard against retries: hash of (space or sender, message id) -> its turn. Folded in
-- slices like the sessions.
CREATE TABLE inbox(hash INTEGER PRIMARY KEY, turn INTEGER NOT NULL);

CREATE TABLE timers(
  id INTEGER PRIMARY KEY, due_at INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
  payload TEXT NOT NULL, UNIQUE(kind, key));
CREATE INDEX timers_due ON timers(due_at, id);

CREATE TABLE numbers(prefix TEXT NOT NULL, day TEXT NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY(prefix, day)) WITHOUT ROWID;

CREATE TABLE personal_texts(id INTEGER PRIMARY KEY, subject TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX personal_texts_subject ON personal_texts(subject);

-- First answers to calls with an Idempotency-Key. `key` and `fingerprint` are hashes, `answer` is
-- sealed: both take the caller's token and key, which are not stored.
CREATE TABLE idempotency(
  key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL,
  at INTEGER NOT NULL) WITHOUT ROWID;
)sql"}};
}

}  // namespace huiyin::store
