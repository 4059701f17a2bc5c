#include "dialogs/reports/period.h"

#include <algorithm>

namespace huiyin::reports {
namespace {

constexpr int first_after_finance_cut = 26;

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

struct Span {
  Instant from, until;
};

// A day, or a moment as a span of one millisecond.
Result<Span> read(const std::string& name, std::string text, const Zone& zone) {
  const auto refuse = [&] {
    return fail(ErrorKind::invalid,
                name + " must be a date such as 2026-11-23, or a time of RFC 3339", name);
  };
  constexpr std::size_t date_size = 10;
  if (text.size() == date_size) {
    if (!parse_rfc3339(text + "T00:00:00Z")) return refuse();
    const int year = std::stoi(text.substr(0, 4)), month = std::stoi(text.substr(5, 2)),
              day = std::stoi(text.substr(8, 2));
    return Span{zone.instant(year, month, day), zone.instant(year, month, day + 1)};
  }
  // A plus sign that was not percent-encoded arrives as a space.
  if (const auto space = text.rfind(' '); space != std::string::npos && space > date_size) {
    text[space] = '+';
  }
  const auto at = parse_rfc3339(text);
  if (!at) return refuse();
  return Span{*at, *at + Millis(1)};
}

Period month_of(int year, int month, Usual usual, const Zone& zone) {
  if (usual == Usual::finance_month) {
    return {zone.instant(year, month - 1, first_after_finance_cut),
            zone.instant(year, month, first_after_finance_cut)};
  }
  return {zone.instant(year, month, 1), zone.instant(year, month + 1, 1)};
}

Period usual_period(Usual usual, const Zone& zone, Instant now) {
  const LocalTime t = zone.local(now);
  switch (usual) {
    case Usual::all:
      break;
    case Usual::day:
      return {zone.instant(t.year, t.month, t.day), zone.instant(t.year, t.month, t.day + 1)};
    case Usual::month:
      return month_of(t.year, t.month, usual, zone);
    case Usual::finance_month:
      return month_of(t.year, t.day < first_after_finance_cut ? t.month : t.month + 1, usual, zone);
  }
  return {Instant{}, now + Millis(1)};
}

}  // namespace

Result<Period> period_of(const http::Request& request, Usual usual, const Zone& zone, Instant now) {
  const std::string from = request.query_value("from"), to = request.query_value("to");
  const std::string month = request.query_value("month");
  if (!month.empty()) {
    const bool shaped = month.size() == 7 && month[4] == '-' && all_digits(month.substr(0, 4)) &&
                        all_digits(month.substr(5));
    if (!shaped || !parse_rfc3339(month + "-01T00:00:00Z") || !from.empty() || !to.empty()) {
      return fail(ErrorKind::invalid, "month must be such as 2026-11, and without from and to",
                  "month");
    }
    return month_of(std::stoi(month.substr(0, 4)), std::stoi(month.substr(5)), usual, zone);
  }
  if (from.empty() && to.empty()) return usual_period(usual, zone, now);
  Period period = usual_period(Usual::all, zone, now);
  if (!from.empty()) {
    const auto span = read("from", from, zone);
    if (!span) return tl::unexpected(span.error());
    period.from = span->from;
    // A day list of one day needs no `to`.
    if (usual == Usual::day) period.until = span->until;
  }
  if (!to.empty()) {
    const auto span = read("to", to, zone);
    if (!span) return tl::unexpected(span.error());
    period.until = span->until;
    if (usual == Usual::day && from.empty()) period.from = span->from;
  }
  if (!to.empty() && period.until <= period.from) {
    return fail(ErrorKind::invalid, "to must not be before from", "to");
  }
  return period;
}

}  // namespace huiyin::reports
