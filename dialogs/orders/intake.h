// The intake of an order by a person at the desk: `POST /work-orders` (contract section 8). Reads
// and checks the record's own field names; every fault names its member.
#pragma once
#include "bot/gateway/api.h"
#include "bot/talk/directory.h"
#include "dialogs/orders/order.h"

namespace huiyin::orders {

// `invalid` with the field at fault, nested ones as "customer.phone". Writes nothing.
Result<NewOrder> read_intake(store::Connection& db, const Directory& directory,
                             const Principal& who, const Json& body, Instant now);

// R8.4: a dispatcher, a supervisor or a department leader; the front desk where the estate has no
// dispatcher, for it is the dispatch centre then.
bool may_dispatch(const Directory& directory, const StaffRecord& staff);

}  // namespace huiyin::orders
