#include "dialogs/estate/csv.h"

#include "store/base/text.h"

namespace huiyin::estate {
namespace {

constexpr std::size_t cell_bytes_max = 2000;  // far above any name or address
constexpr std::size_t faults_max = 1000;      // a wrong file shall not answer megabytes

struct RawRow {
  int line;
  std::vector<std::string> cells;
  std::string fault;  // of its quoting; empty when sound
  std::size_t faulty_cell = 0;

  void blame(const char* reason) {
    if (!fault.empty()) return;
    fault = reason;
    faulty_cell = cells.size();  // the one being read
  }
};

// Splits bytes into rows; knows nothing of headers.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  bool next(RawRow& row) {
    if (at_ >= text_.size()) return false;
    row = {line_, {}, {}, 0};
    do {
      row.cells.push_back(cell(row));
    } while (take(','));
    end_of_line();
    return true;
  }

 private:
  std::string cell(RawRow& row) {
    if (take('"')) return quoted(row);
    std::string out;
    while (at_ < text_.size() && !at_end() && text_[at_] != ',') {
      if (text_[at_] == '"') row.blame("a quote stands inside a cell that is not quoted");
      if (text_[at_] == '\r') row.blame("a carriage return that ends no line");
      out += text_[at_++];
    }
    return out;
  }

  std::string quoted(RawRow& row) {
    std::string out;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c != '"') {
        out += c;
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        out += '"';
        ++at_;
      } else {
        ++at_;
        if (at_ < text_.size() && !at_end() && text_[at_] != ',') {
          row.blame("text follows the closing quote of a cell");
          while (at_ < text_.size() && !at_end() && text_[at_] != ',') ++at_;
        }
        return out;
      }
    }
    row.blame("a quoted cell is not closed");
    return out;
  }

  bool at_end() const {
    return text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n" ||
           (text_[at_] == '\r' && at_ + 1 == text_.size());
  }
  void end_of_line() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
    ++line_;
  }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
};

bool is_blank(const RawRow& row) {
  return row.cells.size() == 1 && row.cells[0].empty();
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ",") + name;
  return out;
}

// The first column at which a header differs, or none.
const std::string* differing(const std::vector<std::string>& found,
                             const std::vector<std::string>& header) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (i >= found.size() || found[i] != header[i]) return &header[i];
  }
  return found.size() > header.size() ? &header.back() : nullptr;
}

// What is wrong with the bytes of a row, cell by cell.
void check_bytes(const RawRow& row, const std::vector<std::string>& header, ImportFaults& faults) {
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const auto& cell = row.cells[i];
    const auto& column = header[std::min(i, header.size() - 1)];
    if (!is_valid_utf8(cell)) {
      faults.push_back({row.line, column, "the bytes are no UTF-8"});
    } else if (cell.find('\0') != std::string::npos) {
      faults.push_back({row.line, column, "a NUL is not allowed"});
    } else if (cell.size() > cell_bytes_max) {
      faults.push_back(
          {row.line, column, "longer than " + std::to_string(cell_bytes_max) + " bytes"});
    }
  }
}

}  // namespace

Json to_json(const ImportFaults& faults) {
  Json out = Json::array();
  for (const auto& fault : faults) {
    out.push_back({{"line", fault.line}, {"column", fault.column}, {"reason", fault.reason}});
  }
  return out;
}

CsvTable read_csv(std::string_view bytes, const std::vector<std::string>& header) {
  CsvTable table;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  Splitter splitter(bytes);
  RawRow row;
  const std::string* differs = &header.front();
  if (splitter.next(row)) differs = row.fault.empty() ? differing(row.cells, header) : differs;
  if (differs != nullptr) {
    table.faults.push_back({1, *differs, "the header must be exactly " + joined(header)});
    return table;
  }
  int blank_line = 0;  // blank lines are taken at the end of the file only
  while (splitter.next(row) && table.faults.size() < faults_max) {
    if (is_blank(row)) {
      if (blank_line == 0) blank_line = row.line;
      continue;
    }
    if (blank_line != 0) {
      table.faults.push_back({blank_line, header.front(), "an empty line between rows"});
      blank_line = 0;
    }
    const std::size_t before = table.faults.size();
    check_bytes(row, header, table.faults);
    if (!row.fault.empty()) {
      const auto at = std::min(row.faulty_cell, header.size() - 1);
      table.faults.push_back({row.line, header[at], row.fault});
    } else if (row.cells.size() != header.size()) {
      const auto at = std::min(row.cells.size(), header.size() - 1);
      table.faults.push_back({row.line, header[at],
                              "the row has " + std::to_string(row.cells.size()) +
                                  " cells, the header " + std::to_string(header.size())});
    }
    if (table.faults.size() == before) table.rows.push_back({row.line, std::move(row.cells)});
  }
  if (table.rows.empty() && table.faults.empty()) {
    table.faults.push_back({2, header.front(), "the file has no rows"});
  }
  return table;
}

}  // namespace huiyin::estate
