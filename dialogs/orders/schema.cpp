#include "dialogs/orders/schema.h"

namespace huiyin::orders {

std::vector<store::Migration> migrations() {
  return {{"orders", 1, R"sql(
-- One row an order. Nothing of it names a person: who reported is order_people, what they wrote is
-- in personal_texts under the subject "order:<number>", so that a person can be erased.
CREATE TABLE work_orders(
  id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, estate TEXT NOT NULL,
  state TEXT NOT NULL, live INTEGER NOT NULL DEFAULT 1,
  unit_id INTEGER NOT NULL DEFAULT 0, unit TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '', item TEXT NOT NULL DEFAULT '', category TEXT NOT NULL DEFAULT '',
  description INTEGER NOT NULL, priced INTEGER NOT NULL DEFAULT 1,
  appointment_from INTEGER, appointment_to INTEGER,
  channel TEXT NOT NULL, severity TEXT NOT NULL DEFAULT '', assignee INTEGER NOT NULL DEFAULT 0,
  conversation TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT 'zh-Hans',
  received_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
  agreed_at INTEGER, finance_at INTEGER, called_back_at INTEGER, quote_fen INTEGER,
  merged_into TEXT NOT NULL DEFAULT '',
  dispatcher INTEGER NOT NULL DEFAULT 0, requirement INTEGER NOT NULL DEFAULT 0, reply_by INTEGER,
  overdue INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1);
CREATE INDEX work_orders_unit ON work_orders(unit, id);
CREATE INDEX work_orders_state ON work_orders(state, id);
CREATE INDEX work_orders_kind ON work_orders(kind, id);
CREATE INDEX work_orders_estate ON work_orders(estate, id);
CREATE INDEX work_orders_overdue ON work_orders(id) WHERE overdue > 0;
CREATE INDEX work_orders_conversation ON work_orders(conversation, id);
CREATE INDEX work_orders_household ON work_orders(unit_id, id);

CREATE TABLE order_people(
  order_id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
CREATE INDEX order_people_phone ON order_people(phone);

-- Append-only. `state` is the one that was entered, empty when the action left it; `note` is a
-- personal text; `detail` holds nothing personal.
CREATE TABLE order_events(
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
  action TEXT NOT NULL, state TEXT NOT NULL DEFAULT '', note INTEGER NOT NULL DEFAULT 0,
  detail TEXT NOT NULL DEFAULT '');
CREATE INDEX order_events_order ON order_events(order_id, id);

-- stopped_at: the order ended, or an appointment came, while the clock still ran.
CREATE TABLE order_clocks(
  order_id INTEGER NOT NULL, rule TEXT NOT NULL, name TEXT NOT NULL, anchor TEXT NOT NULL,
  anchor_at INTEGER NOT NULL, due_at INTEGER NOT NULL, met_at INTEGER, breached INTEGER NOT NULL
  DEFAULT 0, stopped_at INTEGER, PRIMARY KEY(order_id, rule)) WITHOUT ROWID;

CREATE TABLE order_copies(
  order_id INTEGER NOT NULL, copy INTEGER NOT NULL, holder TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY(order_id, copy)) WITHOUT ROWID;
CREATE TABLE order_charges(
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, item TEXT NOT NULL,
  amount_fen INTEGER NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX order_charges_order ON order_charges(order_id, id);
CREATE TABLE order_signatures(
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, signer INTEGER NOT NULL, role TEXT NOT NULL,
  method TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX order_signatures_order ON order_signatures(order_id, id);
CREATE TABLE order_materials(
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, supplier INTEGER NOT NULL,
  verdict TEXT NOT NULL, note INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE INDEX order_materials_order ON order_materials(order_id, id);
)sql"}};
}

}  // namespace huiyin::orders
