#include "dialogs/registers/records.h"

#include "store/personal.h"

namespace huiyin::registers {
namespace {

using store::Connection;

constexpr std::string_view form_prefix = "qms-pm-";
constexpr std::string_view emergency_form = "qms-pm-31304";

std::string number_of(std::string_view form, std::int64_t seq) {
  if (form.starts_with(form_prefix)) form.remove_prefix(form_prefix.size());
  std::string digits = std::to_string(seq);
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  return std::string(form) + "-" + digits;
}

std::string subject_of(std::string_view number) {
  return "register:" + std::string(number);
}

using Row = std::tuple<std::int64_t, std::string, std::string, std::int64_t, std::string,
                       std::string, std::string, std::string, std::int64_t>;
Record record_of(Connection& db, const Row& row) {
  Record record;
  std::int64_t at = 0;
  std::int64_t text = 0;
  std::tie(record.id, record.form, record.number, at, record.by, record.estate, record.unit,
           record.order, text) = row;
  record.at = from_millis(at);
  const Json columns = Json::parse(store::get_text(db, text), nullptr, false);
  if (columns.is_object()) record.columns = columns;  // else: erased
  return record;
}

}  // namespace

std::vector<store::Migration> migrations() {
  return {{"registers", 1, R"sql(
CREATE TABLE register_records(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  form TEXT NOT NULL,
  seq INTEGER NOT NULL,
  number TEXT NOT NULL,
  at INTEGER NOT NULL,
  by_whom TEXT NOT NULL,
  estate TEXT NOT NULL,
  unit TEXT NOT NULL,
  order_number TEXT NOT NULL,
  columns INTEGER NOT NULL,          -- personal_texts.id of the JSON object
  UNIQUE(form, seq)
);
CREATE INDEX register_records_by_unit ON register_records(unit, form);
)sql"}};
}

void add_record(Connection& db, Record& record) {
  const auto seq = *db.value<std::int64_t>(
      "SELECT coalesce(max(seq), 0) + 1 FROM register_records WHERE form = :f", record.form);
  record.number = number_of(record.form, seq);
  const auto text = store::put_text(db, subject_of(record.number), dump_json(record.columns));
  db.exec(
      "INSERT INTO register_records(form, seq, number, at, by_whom, estate, unit, order_number,"
      " columns) VALUES(:f, :s, :n, :t, :b, :e, :u, :o, :c)",
      record.form, seq, record.number, to_millis(record.at), record.by, record.estate, record.unit,
      record.order, text);
  record.id = db.last_insert_id();
}

void change_record(Connection& db, const Record& record) {
  const auto text = store::put_text(db, subject_of(record.number), dump_json(record.columns));
  db.exec("UPDATE register_records SET estate = :e, unit = :u, columns = :c WHERE id = :i",
          record.estate, record.unit, text, record.id);
}

void set_order(Connection& db, std::int64_t id, std::string_view order) {
  db.exec("UPDATE register_records SET order_number = :o WHERE id = :i", order, id);
}

std::optional<Record> find_record(Connection& db, std::int64_t id) {
  const auto row = db.first<std::int64_t, std::string, std::string, std::int64_t, std::string,
                            std::string, std::string, std::string, std::int64_t>(
      "SELECT id, form, number, at, by_whom, estate, unit, order_number, columns"
      " FROM register_records WHERE id = :i",
      id);
  if (!row) return std::nullopt;
  return record_of(db, *row);
}

std::vector<Record> list_records(Connection& db, const RecordFilter& filter) {
  std::vector<Record> records;
  for (const auto& row : db.query<std::int64_t, std::string, std::string, std::int64_t, std::string,
                                  std::string, std::string, std::string, std::int64_t>(
           "SELECT id, form, number, at, by_whom, estate, unit, order_number, columns"
           " FROM register_records WHERE form = :f AND (:b = 0 OR id < :b2)"
           " AND (:u = '' OR unit = :u2) AND (:e = '' OR estate = :e2) ORDER BY id DESC LIMIT :l",
           filter.form, filter.before, filter.before, filter.unit, filter.unit, filter.estate,
           filter.estate, filter.limit)) {
    records.push_back(record_of(db, row));
  }
  return records;
}

namespace {

// A place that is a unit of the estate is the record's unit, too.
void put_place(const Turn& turn, Record& record, const std::string& place) {
  record.columns["place"] = place;
  const auto unit = UnitId::from_canonical(place);
  if (!unit || !turn.directory.find_unit(turn.tx.read(), *unit, record.estate)) return;
  record.unit = place;
  record.columns["unit"] = place;
}

}  // namespace

std::string record_emergency(Turn& turn, const std::string& estate, const std::string& kind,
                             const std::string& place) {
  Record record;
  record.form = emergency_form;
  record.at = turn.now();
  record.by = "resident";
  record.estate = estate;
  const auto& profile = turn.directory.profile(estate);
  record.columns = {
      {"occurred_at", profile.zone.rfc3339(turn.now())},
      {"kind", turn.speech.say("emergency.kind." + kind, Language::zh_hans, {}, turn.moment())},
      {"description", turn.message.text},
      {"reported_by", turn.conversation()},
  };
  put_place(turn, record, place);
  if (!turn.message.proven_phone.empty()) record.columns["phone"] = turn.message.proven_phone;
  add_record(turn.tx.write(), record);
  return record.number;
}

void place_emergency(Turn& turn, const std::string& number, const std::string& estate,
                     const std::string& place) {
  store::Connection& db = turn.tx.write();
  const auto id = db.value<std::int64_t>(
      "SELECT id FROM register_records WHERE form = :f AND number = :n", emergency_form, number);
  auto record = id ? find_record(db, *id) : std::nullopt;
  if (!record) return;
  if (!estate.empty()) record->estate = estate;
  put_place(turn, *record, place);
  change_record(db, *record);
}

}  // namespace huiyin::registers
