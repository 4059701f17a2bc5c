#include "dialogs/reports/table.h"

#include "store/base/money.h"
#include "store/base/text.h"

namespace huiyin::reports {
namespace {

// Members of one object, those named "a.b" put into an object "a".
class JsonWriter final : public TableWriter {
 public:
  explicit JsonWriter(TableStyle style) : style_(std::move(style)) { body_ = R"({"items":[)"; }

  void row(const Row& cells, const Zone& zone) override {
    body_ += first_ ? "{" : ",{";
    first_ = false;
    std::string_view open;  // the nested object that is being written
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string_view name = style_.columns[i].name;
      const auto dot = name.find('.');
      const std::string_view outer =
          dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
      if (!open.empty() && outer != open) body_ += '}';
      if (i > 0) body_ += ',';
      if (!outer.empty() && outer != open) {
        append_quoted(body_, outer);
        body_ += ":{";
      }
      open = outer;
      if (!outer.empty()) name.remove_prefix(dot + 1);
      append_quoted(body_, name);
      body_ += ':';
      value(cells[i], zone);
    }
    if (!open.empty()) body_ += '}';
    body_ += '}';
  }

  http::Response finish(const Json& totals) override {
    body_ += R"(],"next":null)";
    if (!totals.is_null()) body_ += ",\"totals\":" + dump_json(totals);
    body_ += '}';
    return http::Response::text(200, std::move(body_), "application/json");
  }

 private:
  void value(const Cell& cell, const Zone& zone) {
    if (const auto* text = std::get_if<std::string>(&cell)) {
      if (text->empty())
        body_ += "null";
      else
        append_quoted(body_, safe_for_display(*text));
    } else if (const auto* number = std::get_if<std::int64_t>(&cell)) {
      body_ += std::to_string(*number);
    } else if (const auto* at = std::get_if<Instant>(&cell)) {
      append_quoted(body_, zone.rfc3339(*at));
    } else if (const auto* flag = std::get_if<bool>(&cell)) {
      body_ += *flag ? "true" : "false";
    } else {
      body_ += "null";
    }
  }

  const TableStyle style_;
  std::string body_;
  bool first_ = true;
};

class CsvWriter final : public TableWriter {
 public:
  explicit CsvWriter(TableStyle style) : style_(std::move(style)) {
    body_ = "\xEF\xBB\xBF";
    for (std::size_t i = 0; i < style_.columns.size(); ++i) {
      cell(heading(style_.columns[i], style_.labels), i);
    }
    body_ += "\r\n";
  }
  void row(const Row& cells, const Zone& zone) override {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      cell(guard_formula(shown(cells[i], style_.columns[i], zone, style_.labels)), i);
    }
    body_ += "\r\n";
  }
  http::Response finish(const Json&) override {
    auto answer = http::Response::text(200, std::move(body_), "text/csv; charset=utf-8");
    answer.headers["Content-Disposition"] = "attachment; filename=\"" + style_.name + ".csv\"";
    return answer;
  }

 private:
  void cell(std::string_view text, std::size_t at) {
    if (at > 0) body_ += ',';
    if (text.find_first_of(",\"\r\n\t ") == std::string_view::npos) {
      body_ += text;
      return;
    }
    body_ += '"';
    for (const char c : text) {
      if (c == '"') body_ += '"';
      body_ += c;
    }
    body_ += '"';
  }

  const TableStyle style_;
  std::string body_;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "-12.50", "+8613800138000": nothing that could be computed with.
bool is_plain_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return false;
  bool point = false;
  for (const char c : text) {
    if (c == '.' && !point)
      point = true;
    else if (!is_digit(c))
      return false;
  }
  return true;
}

}  // namespace

std::unique_ptr<TableWriter> json_writer(TableStyle style) {
  return std::make_unique<JsonWriter>(std::move(style));
}
std::unique_ptr<TableWriter> csv_writer(TableStyle style) {
  return std::make_unique<CsvWriter>(std::move(style));
}

std::string guard_formula(std::string_view text) {
  const auto begins = [](std::string_view one) {
    return !one.empty() && std::string_view("=+-@\t\r").find(one.front()) != std::string_view::npos;
  };
  // What is left out when shown may have stood before a formula.
  std::string clean = safe_for_display(text);
  if ((begins(text) || begins(clean)) && !is_plain_number(clean)) clean.insert(0, "'");
  return clean;
}

std::string shown(const Cell& cell, const Column& column, const Zone& zone,
                  const orders::Labels& labels) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    return column.type == Column::Type::word ? labels.of(column.group, *text) : *text;
  }
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    return column.type == Column::Type::fen ? yuan(*number) : std::to_string(*number);
  }
  if (const auto* at = std::get_if<Instant>(&cell)) return orders::to_the_minute(*at, zone);
  if (const auto* flag = std::get_if<bool>(&cell)) return labels.of("flag", *flag ? "yes" : "no");
  return {};
}

std::string heading(const Column& column, const orders::Labels& labels) {
  return labels.of("column", column.name);
}

}  // namespace huiyin::reports
