// R3.5, guarantee 5: every order that came to an end was told to the one who reported it, by a
// message that names it or in the conversation itself.
#include <algorithm>
#include <map>

#include "dialogs/orders/verify.h"
#include "store/base/json.h"

namespace huiyin::orders {
namespace {

constexpr std::size_t prefix_and_day = 10;  // "WX20261123", then "-0001"

struct Ending {
  std::int64_t at = 0;
  bool by_resident = false;  // then whoever acted was told where they acted
  std::string conversation;
};
using Untold = std::map<std::string, Ending, std::less<>>;

// Orders that ended and whose reporter can be reached, without a message about it that left.
Untold without_message(store::Connection& db) {
  Untold out;
  for (auto& [number, at, actor, conversation] :
       db.query<std::string, std::int64_t, std::string, std::string>(
           "WITH ended AS (SELECT order_id, min(n), at, actor, channel FROM order_events"
           "  WHERE state IN ('completed', 'resolved', 'cancelled', 'declined', 'merged',"
           "  'archived') GROUP BY order_id),"
           " told AS (SELECT record, max(created_at) AS at FROM outbox"
           "  WHERE record <> '' AND category <> 'staff' GROUP BY record)"
           " SELECT w.number, ended.at, ended.actor, w.conversation"
           " FROM ended JOIN work_orders w ON w.id = ended.order_id"
           " LEFT JOIN told ON told.record = w.number"
           " WHERE (w.conversation <> '' OR w.phone <> '')"
           " AND (told.at IS NULL OR told.at < ended.at)"
           // The page behind a signed link says itself what came of it.
           " AND ended.channel <> 'page'")) {
    out[number] = {at, actor == "resident", std::move(conversation)};
  }
  return out;
}

// The numbers of orders that a text names.
template <class Found>
void each_number(const std::string& text, Found found) {
  const auto is_digit = [&](std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
  };
  for (std::size_t dash = text.find('-', prefix_and_day); dash != std::string::npos;
       dash = text.find('-', dash + 1)) {
    std::size_t end = dash + 1;
    while (is_digit(end)) ++end;
    found(std::string_view(text).substr(dash - prefix_and_day, end - dash + prefix_and_day));
  }
}

// Takes out what was said in a conversation.
void take_out_replied(store::Connection& db, Untold& untold) {
  constexpr int slice = 5'000;
  std::int64_t last = 0;
  while (!untold.empty()) {
    const auto rows = db.query<std::int64_t, std::int64_t, std::string, std::optional<std::string>>(
        "SELECT t.id, t.at, c.space || '/' || c.sender, json_extract(t.body, '$.replies')"
        " FROM turns t JOIN conversations c ON c.id = t.conversation"
        " WHERE t.id > :i AND t.kind = 1 ORDER BY t.id LIMIT :l",
        last, slice);
    if (rows.empty()) return;
    last = std::get<0>(rows.back());
    for (const auto& [id, at, conversation, replies] : rows) {
      each_number(replies.value_or(""),
                  [&, at = at, &said_in = conversation](std::string_view number) {
                    const auto it = untold.find(number);
                    if (it == untold.end() || at < it->second.at) return;
                    if (it->second.by_resident || it->second.conversation == said_in)
                      untold.erase(it);
                  });
    }
  }
}

}  // namespace

std::vector<std::string> verify_told(store::Connection& db) {
  Untold untold = without_message(db);
  take_out_replied(db, untold);
  std::vector<std::string> faults;
  for (const auto& [number, ending] : untold) {
    faults.push_back(number + ": it ended and its reporter was not told");
  }
  return faults;
}

}  // namespace huiyin::orders
