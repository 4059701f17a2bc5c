// The copies and clocks of a work order as they stand in its row: JSON arrays of objects, times in
// milliseconds, members that are not set left out. Read by SQL too (verify.cpp).
//   copies [{"copy":1,"holder":"front_desk","at":1795000000000}, …]
//   clocks [{"rule":"R5.6","name":"repair.fill_max","anchor":"received","anchor_at":…,"due_at":…,
//            "policy":"liyuan 2026-01","remind_at":…,"pauses":[from,to,from,to],
//            "met_at":…,"met_by":"staff:2","stopped_at":…,"breached":1}, …]
#pragma once
#include <string>
#include <vector>

#include "dialogs/orders/order.h"

namespace huiyin::orders {

std::string to_text(const std::vector<CopyRecord>& copies);
std::string to_text(const std::vector<ClockRecord>& clocks);
std::vector<CopyRecord> copies_from(const std::string& text);
// What still runs has its timer.
std::vector<ClockRecord> clocks_from(const std::string& text);

}  // namespace huiyin::orders
