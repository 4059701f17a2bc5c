#include "dialogs/dispatch/schema.h"

namespace huiyin::dispatch {

std::vector<store::Migration> migrations() {
  return {{"dispatch", 1, R"sql(
-- Amounts are what is proposed; nothing here is ever deducted (A-26). `once` names the event that a
-- penalty proposed by itself comes from, so that it comes once. `evidence` is JSON without anything
-- personal; `note` and the notes of events are personal texts of the subject "staff:<id>".
CREATE TABLE penalties(
  id INTEGER PRIMARY KEY AUTOINCREMENT, once TEXT UNIQUE,
  rule TEXT NOT NULL, offence TEXT NOT NULL DEFAULT '', order_number TEXT NOT NULL DEFAULT '',
  estate TEXT NOT NULL, staff INTEGER NOT NULL, items INTEGER NOT NULL DEFAULT 1,
  amount_fen INTEGER NOT NULL, state TEXT NOT NULL, record_only INTEGER NOT NULL DEFAULT 0,
  evidence TEXT NOT NULL, note INTEGER NOT NULL DEFAULT 0,
  proposed_by TEXT NOT NULL, proposer INTEGER NOT NULL DEFAULT 0, proposed_at INTEGER NOT NULL,
  confirmer INTEGER NOT NULL DEFAULT 0, confirmed_at INTEGER, appealed_at INTEGER,
  decider INTEGER NOT NULL DEFAULT 0, decided_at INTEGER);
CREATE INDEX penalties_staff ON penalties(staff, id);
CREATE INDEX penalties_order ON penalties(order_number, rule);
CREATE INDEX penalties_confirmed ON penalties(confirmed_at) WHERE state = 'confirmed';
-- Append-only.
CREATE TABLE penalty_events(
  penalty INTEGER NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
  channel TEXT NOT NULL DEFAULT '', action TEXT NOT NULL, state TEXT NOT NULL,
  note INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(penalty, n)) WITHOUT ROWID;

CREATE TABLE number_books(
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, estate TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, dispatcher INTEGER NOT NULL,
  issued_by TEXT NOT NULL, issued_at INTEGER NOT NULL,
  returned_by TEXT NOT NULL DEFAULT '', returned_at INTEGER, stubs INTEGER);
CREATE INDEX number_books_out ON number_books(dispatcher) WHERE returned_at IS NULL;
CREATE INDEX number_books_pages ON number_books(estate, kind, first);
CREATE TABLE number_book_faults(
  book INTEGER NOT NULL, page INTEGER NOT NULL, fault TEXT NOT NULL,  -- missing damaged
  PRIMARY KEY(book, page)) WITHOUT ROWID;

-- The shift log: what people wrote (kind 'note') and each day's check (kind 'daily_check').
CREATE TABLE shift_log(
  id INTEGER PRIMARY KEY AUTOINCREMENT, estate TEXT NOT NULL, at INTEGER NOT NULL,
  kind TEXT NOT NULL, author TEXT NOT NULL, note INTEGER NOT NULL DEFAULT 0,
  order_number TEXT NOT NULL DEFAULT '');
CREATE INDEX shift_log_estate ON shift_log(estate, id);
-- What was not finished at a day's check; the reason is a personal text, 0 until it is written.
CREATE TABLE shift_log_unfinished(
  entry INTEGER NOT NULL, n INTEGER NOT NULL, order_number TEXT NOT NULL, state TEXT NOT NULL,
  late INTEGER NOT NULL, reason INTEGER NOT NULL DEFAULT 0, reason_by TEXT NOT NULL DEFAULT '',
  reason_at INTEGER, PRIMARY KEY(entry, n)) WITHOUT ROWID;
CREATE INDEX shift_log_no_reason ON shift_log_unfinished(entry) WHERE reason = 0;
-- One row an estate: when the last check was, and when the next one is.
CREATE TABLE daily_checks(
  estate TEXT NOT NULL PRIMARY KEY, next_at INTEGER NOT NULL, last_at INTEGER) WITHOUT ROWID;
)sql"},
          {"dispatch", 2, R"sql(
-- Reasons are looked for from the orders that are not finished.
DROP INDEX shift_log_no_reason;
CREATE INDEX shift_log_no_reason ON shift_log_unfinished(order_number) WHERE reason = 0;
)sql"}};
}

}  // namespace huiyin::dispatch
