// XLSX by libxlsxwriter. Strings go in by worksheet_write_string only, which makes neither formulas
// nor links of them. Rows leave memory as they are written; the library keeps them in an unnamed
// temporary file until the workbook is closed. It writes the workbook to a path only: that of a
// file in memory, so that what residents told is never on a disk by name.
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "dialogs/reports/table.h"
#include "store/base/text.h"

namespace huiyin::reports {
namespace {

constexpr std::size_t text_code_points_max = 16'000;  // a cell takes 32,767 UTF-16 units
constexpr lxw_row_t rows_max = LXW_ROW_MAX;

// What XML cannot hold beside what people may not see.
std::string for_cell(std::string_view text) {
  std::string out = safe_for_display(first_code_points(text, text_code_points_max));
  for (const char* never : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {  // U+FFFE, U+FFFF
    for (auto at = out.find(never); at != std::string::npos; at = out.find(never)) out.erase(at, 3);
  }
  return out;
}

class XlsxWriter final : public TableWriter {
 public:
  explicit XlsxWriter(TableStyle style) : style_(std::move(style)) {
    file_ = memfd_create("report.xlsx", MFD_CLOEXEC);
    if (file_ < 0) return;
    const std::string path = "/proc/self/fd/" + std::to_string(file_);
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    book_ = workbook_new_opt(path.c_str(), &options);
    if (book_ == nullptr) return;
    sheet_ = workbook_add_worksheet(book_, nullptr);
    lxw_format* bold = workbook_add_format(book_);
    format_set_bold(bold);
    money_ = workbook_add_format(book_);
    format_set_num_format(money_, "0.00");
    constexpr double wide = 40, narrow = 16;
    for (std::size_t i = 0; i < style_.columns.size(); ++i) {
      const auto column = static_cast<lxw_col_t>(i);
      worksheet_set_column(sheet_, column, column,
                           style_.columns[i].name == "description" ? wide : narrow, nullptr);
    }
    for (std::size_t i = 0; i < style_.columns.size(); ++i) {
      text(i, heading(style_.columns[i], style_.labels), bold);
    }
    worksheet_freeze_panes(sheet_, 1, 0);
    ++row_;
  }
  ~XlsxWriter() override {
    close_book();
    if (file_ >= 0) close(file_);
  }
  XlsxWriter(const XlsxWriter&) = delete;
  XlsxWriter& operator=(const XlsxWriter&) = delete;

  void row(const Row& cells, const Zone& zone) override {
    if (book_ == nullptr || row_ >= rows_max) {
      ++row_;
      return;
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const Column& column = style_.columns[i];
      const auto* number = std::get_if<std::int64_t>(&cells[i]);
      if (number == nullptr) {
        text(i, shown(cells[i], column, zone, style_.labels), nullptr);
        continue;
      }
      const bool fen = column.type == Column::Type::fen;
      const double value = static_cast<double>(*number) / (fen ? 100.0 : 1.0);
      worksheet_write_number(sheet_, row_, static_cast<lxw_col_t>(i), value,
                             fen ? money_ : nullptr);
    }
    ++row_;
  }

  http::Response finish(const Json&) override {
    if (row_ > rows_max) {
      return http::Response::problem(400, "Bad Request",
                                     "a sheet of XLSX holds 1,048,575 rows: choose a shorter time, "
                                     "or csv",
                                     {{"field", "format"}});
    }
    std::string bytes;
    if (!close_book() || !read_file(bytes)) {
      return http::Response::problem(500, "Internal Server Error", "the workbook was not written");
    }
    auto answer = http::Response::text(
        200, std::move(bytes), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    answer.headers["Content-Disposition"] = "attachment; filename=\"" + style_.name + ".xlsx\"";
    return answer;
  }

 private:
  void text(std::size_t column, const std::string& value, lxw_format* format) {
    if (value.empty()) return;
    worksheet_write_string(sheet_, row_, static_cast<lxw_col_t>(column), for_cell(value).c_str(),
                           format);
  }
  bool read_file(std::string& bytes) const {
    struct stat info {};
    if (fstat(file_, &info) != 0) return false;
    bytes.resize(static_cast<std::size_t>(info.st_size));
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t got =
          pread(file_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
      if (got <= 0) return false;
      done += static_cast<std::size_t>(got);
    }
    return !bytes.empty();
  }
  bool close_book() {
    if (book_ == nullptr) return false;
    const bool closed = workbook_close(book_) == LXW_NO_ERROR;
    book_ = nullptr;
    return closed;
  }

  const TableStyle style_;
  int file_ = -1;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* money_ = nullptr;
  lxw_row_t row_ = 0;
};

}  // namespace

std::unique_ptr<TableWriter> xlsx_writer(TableStyle style) {
  return std::make_unique<XlsxWriter>(std::move(style));
}

}  // namespace huiyin::reports
