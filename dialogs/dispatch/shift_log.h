// The shift log (交接班记录本, R8.15): what the people on duty write, and each day's check with the
// orders that were not finished, whose reasons are written beside them. Append-only: a reason, once
// written, stays; what has to be added is another note. Writing: lane's thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "bot/talk/directory.h"
#include "dialogs/orders/orders.h"

namespace huiyin::dispatch {

struct Unfinished {
  std::int64_t n = 0;  // its place in the check, from 1: what staff call it by
  std::string order, state;
  bool late = false;
};

struct LogEntry {
  std::int64_t id = 0;
  std::string estate;
  Instant at{};
  std::string kind;  // "note" or "daily_check"
  std::string author;
  std::int64_t note = 0;  // store/personal.h
  std::string order;
};

std::int64_t write_note(store::Connection& db, std::string_view estate, Instant at,
                        const orders::Actor& author, std::string_view note,
                        std::string_view order = {});
std::int64_t open_check(store::Connection& db, std::string_view estate, Instant at,
                        const std::vector<Unfinished>& unfinished);

// Why an order was not finished, in the check where it stands. 404: no such check, or the order is
// not in it; 409: its reason is written; 400: no reason.
orders::Acted<void> write_reason(store::Connection& db, std::int64_t entry, std::string_view order,
                                 std::string_view reason, const orders::Actor& actor, Instant at);
// The same by place in the newest check of the estate ("原因 1 缺配件" in a chat). Gives the
// order's number.
orders::Acted<std::string> write_reason_at(store::Connection& db, std::string_view estate,
                                           std::int64_t n, std::string_view reason,
                                           const orders::Actor& actor, Instant at);
// The work is not done; what only waits for signatures and sheets is no longer the day's.
bool unfinished(std::string_view state);
// Orders of earlier checks whose reason is not written and that are still not finished, oldest
// first: of what is done nobody is asked any more why it was not.
std::vector<std::string> missing_reasons(store::Connection& db, std::string_view estate);

// Newest first; an empty `estate` is any.
std::vector<LogEntry> list_log(store::Connection& db, std::string_view estate, std::int64_t before,
                               int limit);
std::optional<LogEntry> find_entry(store::Connection& db, std::int64_t id);
Json to_json(store::Connection& db, const LogEntry& entry, const Zone& zone);

}  // namespace huiyin::dispatch
