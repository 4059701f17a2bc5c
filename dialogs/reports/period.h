// The time that a report is about: `from` and `to` of its query, or `month`. Pure.
#pragma once
#include "bot/http.h"
#include "store/base/time.h"

namespace huiyin::reports {

struct Period {
  Instant from{};
  Instant until{};  // the first moment after it
};

// What is meant when the query says nothing.
enum class Usual {
  all,
  day,            // today
  month,          // this calendar month
  finance_month,  // from the 26th to the 25th (R5.22, A-28): the month that it ends in
};

// `from` and `to` are a date ("2026-11-23", the whole day, in the estate's zone) or a date and time
// (RFC 3339); `to` is part of it. `month` is "2026-11". `invalid` names the member.
Result<Period> period_of(const http::Request& request, Usual usual, const Zone& zone, Instant now);

}  // namespace huiyin::reports
