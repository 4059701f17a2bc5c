// A small RFC 4180 reader for what operators import: a header that is known, then rows. Pure.
// Quoted cells with "" and newlines, CRLF and LF, and a UTF-8 byte order mark are taken; every
// fault is listed, none stops the reading of the rows after it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "store/base/json.h"

namespace huiyin::estate {

// As the operator API answers it: `line` counts from 1 with the header as line 1 (physical lines;
// a row that spans several is named by its first), `column` is the header's name.
struct ImportFault {
  int line;
  std::string column;
  std::string reason;
};
using ImportFaults = std::vector<ImportFault>;
Json to_json(const ImportFaults& faults);

struct CsvRow {
  int line;
  std::vector<std::string> cells;  // as many as the header has
};

struct CsvTable {
  std::vector<CsvRow> rows;  // the sound ones
  ImportFaults faults;       // empty: the file may be taken
};

// Reads `bytes`, whose first row must be exactly `header`.
CsvTable read_csv(std::string_view bytes, const std::vector<std::string>& header);

}  // namespace huiyin::estate
