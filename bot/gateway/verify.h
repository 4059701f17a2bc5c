// `huiyin verify`: audits what the data folder holds, also beside a running `serve` (it reads one
// snapshot). Subjects add their own checks.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "store/base/json.h"
#include "store/connection.h"

namespace huiyin {

// One line a violation; none when all is well.
using Audit = std::function<std::vector<std::string>(store::Connection&)>;

// {"ok", "violations": [...], "checked": {"messages": n, ...}}
Json verify(store::Connection& db, const std::vector<Audit>& audits);

}  // namespace huiyin
