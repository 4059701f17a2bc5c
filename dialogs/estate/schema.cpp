#include "dialogs/estate/schema.h"

namespace huiyin::estate {

// AUTOINCREMENT: the id of a person who was removed is never given to another, so that nothing that
// still names it (a verified conversation, a history) can come to mean somebody else.
std::vector<store::Migration> migrations() {
  return {{"estate", 1, R"sql(
CREATE TABLE estates(
  id TEXT NOT NULL PRIMARY KEY,      -- as imports name it
  profile TEXT NOT NULL,             -- a file of config/estates
  seq INTEGER NOT NULL,              -- order of making
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE units(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  estate TEXT NOT NULL REFERENCES estates(id),
  address TEXT NOT NULL,             -- canonical, "3-2-501"
  building TEXT NOT NULL,
  entrance TEXT NOT NULL,
  room TEXT NOT NULL,
  area_milli INTEGER,                -- thousandths of a square metre
  UNIQUE(estate, address)
);
CREATE INDEX units_by_address ON units(address, estate);
CREATE INDEX units_by_building ON units(building, estate);
CREATE INDEX units_by_room ON units(room, entrance);
CREATE TABLE unit_people(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  unit INTEGER NOT NULL REFERENCES units(id),
  name TEXT NOT NULL,
  phone TEXT NOT NULL,               -- E.164
  relation TEXT NOT NULL,            -- owner tenant family
  source TEXT NOT NULL,              -- 'import': the next import may replace it; else 'desk'
  created_at INTEGER NOT NULL
);
CREATE INDEX unit_people_by_unit ON unit_people(unit);
CREATE INDEX unit_people_by_phone ON unit_people(phone);
CREATE TABLE staff(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  estate TEXT NOT NULL,              -- '' works for every estate
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  phone TEXT NOT NULL,               -- E.164
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE TABLE staff_tokens(
  hash TEXT NOT NULL PRIMARY KEY,
  staff INTEGER NOT NULL REFERENCES staff(id),
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
)sql"}};
}

}  // namespace huiyin::estate
