// A report as rows of cells, whatever form it is answered in. What a cell holds is the record's
// own value; each writer shows it in its own way: JSON as the contract does (words, RFC 3339, fen),
// CSV and XLSX for people (labels, local time, yuan).
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bot/http.h"
#include "dialogs/orders/labels.h"

namespace huiyin::reports {

struct Column {
  enum class Type { text, word, fen, time, number, flag };
  std::string_view name;  // of the JSON member, "customer.name" nested; its heading is the phrase
                          // "report.column.<name>"
  Type type = Type::text;
  std::string_view group = {};  // of a word: its label is "label.<group>.<word>"
};
using Columns = std::vector<Column>;

// Absent, a text (also a word), a number or fen, a time, yes or no.
using Cell = std::variant<std::monostate, std::string, std::int64_t, Instant, bool>;
using Row = std::vector<Cell>;  // as many as there are columns

// Takes rows and makes the answer. Rows are written as they come; none is kept.
class TableWriter {
 public:
  virtual ~TableWriter() = default;
  // `zone`: of the estate that the row is about.
  virtual void row(const Row& cells, const Zone& zone) = 0;
  // What the whole adds up to, for those forms that can say it. Once, after the last row.
  virtual http::Response finish(const Json& totals) = 0;
};

struct TableStyle {
  std::string name;  // of the report, for the file
  const Columns& columns;
  const orders::Labels& labels;
};

std::unique_ptr<TableWriter> json_writer(TableStyle style);
// UTF-8 with a byte order mark, RFC 4180; a text that a spreadsheet would take for a formula gets
// an apostrophe (guard_formula).
std::unique_ptr<TableWriter> csv_writer(TableStyle style);
// One sheet; texts are string cells, never formulas or links, fen are numbers in yuan.
std::unique_ptr<TableWriter> xlsx_writer(TableStyle style);

// A text that begins with = + - @ TAB or CR behind an apostrophe; plain numbers and phones as they
// are.
std::string guard_formula(std::string_view text);

// What CSV and XLSX show of a cell.
std::string shown(const Cell& cell, const Column& column, const Zone& zone,
                  const orders::Labels& labels);
std::string heading(const Column& column, const orders::Labels& labels);

}  // namespace huiyin::reports
