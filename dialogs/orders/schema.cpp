#include "dialogs/orders/schema.h"

#include "dialogs/orders/short_numbers.h"

namespace huiyin::orders {

std::vector<store::Migration> migrations() {
  return {{"orders", 1, R"sql(
-- One row an order, with all that is read and changed together with it: `copies` and `clocks` are
-- JSON arrays (order.h), so that recording one touches few pages. `name` and `phone` are all of it
-- that names a person; what they wrote is in personal_texts under the subject "order:<number>".
-- Whoever is erased leaves both empty.
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
  name TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '',
  copies TEXT NOT NULL DEFAULT '[]', clocks TEXT NOT NULL DEFAULT '[]',
  overdue INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1);
-- Lists by estate, kind, state or any of them read this one (order_list.cpp).
CREATE INDEX work_orders_unit ON work_orders(unit, id);
CREATE INDEX work_orders_list ON work_orders(estate, kind, state, id);
CREATE INDEX work_orders_overdue ON work_orders(id) WHERE overdue > 0;
CREATE INDEX work_orders_finance ON work_orders(finance_at) WHERE finance_at IS NOT NULL;
CREATE INDEX work_orders_conversation ON work_orders(conversation, id);

-- Append-only, numbered within its order. `state` is the one that was entered, empty when the
-- action left it; `note` is a personal text: whatever was told in free words. `detail` holds ids,
-- sums, times, names of fields, and the short words of staff (item, verdict, method; at most 200
-- characters): never who somebody is by a member of its own. As those words, here, in order_charges
-- and in order_materials, may yet name somebody, whoever erases a person empties them as well.
CREATE TABLE order_events(
  order_id INTEGER NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
  channel TEXT NOT NULL DEFAULT '', action TEXT NOT NULL, state TEXT NOT NULL DEFAULT '', note INTEGER NOT NULL DEFAULT 0,
  detail TEXT NOT NULL DEFAULT '', PRIMARY KEY(order_id, n)) WITHOUT ROWID;

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
)sql"},
          {"order_list", 1, R"sql(
-- Overdue orders of an estate, kind and state, as work_orders_list has all of them.
DROP INDEX work_orders_overdue;
CREATE INDEX work_orders_late ON work_orders(estate, kind, state, id) WHERE overdue > 0;
)sql"},
          {"posted", 1, R"sql(
-- What the one who reported an order was told last by each phrase, as a hash: nobody is told the
-- same twice.
CREATE TABLE order_told(
  order_id INTEGER NOT NULL, phrase TEXT NOT NULL, words TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY(order_id, phrase)) WITHOUT ROWID;
-- The drawing that belongs to a signature, a PNG as data URL; `image` is a personal text.
CREATE TABLE order_signature_images(
  signature_id INTEGER PRIMARY KEY, image INTEGER NOT NULL);
)sql"},
          short_number_migration()};
}

}  // namespace huiyin::orders
