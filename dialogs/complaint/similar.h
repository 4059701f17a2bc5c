// Which live orders may be about the same matter (R7.17): by place, item, topic, words and time, of
// whatever household or department. Only ever a suggestion; a person decides.
#pragma once
#include <string>
#include <vector>

#include "dialogs/complaint/classes.h"
#include "dialogs/orders/order.h"

namespace huiyin::complaint {

struct Candidate {
  std::int64_t id = 0;
  std::string number, state, unit, place, description;
  Instant recorded_at{};
  double score = 0;                  // 0..1
  std::vector<std::string> reasons;  // place item topic words
};

// Live complaints (public faults) of the estate within the days of `how` around the order's own
// time, best first, from how.list on. Any connection; a bounded number of rows is read.
std::vector<Candidate> similar(store::Connection& db, const orders::Order& order,
                               const Classes& classes);

}  // namespace huiyin::complaint
