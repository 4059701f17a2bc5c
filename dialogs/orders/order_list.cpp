#include "dialogs/orders/order_list.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

#include "dialogs/orders/life.h"

namespace huiyin::orders {
namespace {

using Ids = std::vector<std::int64_t>;

// What remains to be compared once an index has led there.
#define HUIYIN_LED_BY(lead)                                               \
  "SELECT id FROM work_orders WHERE " lead                                \
  " AND id < :b AND (:k = '' OR kind = :k2) AND (:s = '' OR state = :s2)" \
  " AND (:e = '' OR estate = :e2) AND (:u = '' OR unit = :u2)"            \
  " AND (:o < 0 OR (overdue > 0) = :o2) ORDER BY id DESC LIMIT :l"

class Lister {
 public:
  Lister(store::Connection& db, const OrderFilter& filter, std::int64_t before, int limit)
      : db_(db),
        filter_(filter),
        before_(before > 0 ? before : std::numeric_limits<std::int64_t>::max()),
        overdue_(filter.overdue ? std::int64_t{*filter.overdue} : -1),
        limit_(limit) {}

  Ids ids() {
    if (!filter_.unit.empty()) return led(HUIYIN_LED_BY("unit = :x"), filter_.unit);
    // What is overdue is rare, too, and has an index of its own.
    if (overdue_ == 1) {
      return merged(
          "SELECT id FROM work_orders INDEXED BY work_orders_late WHERE estate = :e AND kind = :k"
          " AND state = :s AND id < :b AND overdue > 0 AND :o = 1 ORDER BY id DESC LIMIT :l");
    }
    if (filter_.estate.empty() && filter_.kind.empty() && filter_.state.empty()) {
      return led(HUIYIN_LED_BY("id > :x"), std::int64_t{0});
    }
    return merged(
        "SELECT id FROM work_orders INDEXED BY work_orders_list WHERE estate = :e AND kind = :k"
        " AND state = :s AND id < :b AND (:o < 0 OR overdue = 0) ORDER BY id DESC LIMIT :l");
  }

 private:
  template <class T>
  Ids led(store::Sql sql, const T& lead) {
    Ids out;
    for (const auto& [id] :
         db_.query<std::int64_t>(sql, lead, before_, filter_.kind, filter_.kind, filter_.state,
                                 filter_.state, filter_.estate, filter_.estate, filter_.unit,
                                 filter_.unit, overdue_, overdue_, limit_)) {
      out.push_back(id);
    }
    return out;
  }
  // The newest of every estate, kind and state that may be meant: each is a stretch of the index,
  // so that what is rare and old is found as fast as what is new.
  Ids merged(store::Sql stretch) {
    Ids all;
    for (const std::string& estate : estates()) {
      for (const std::string_view kind : kinds()) {
        for (const std::string_view state : states_of(kind)) {
          for (const auto& [id] :
               db_.query<std::int64_t>(stretch, estate, kind, state, before_, overdue_, limit_)) {
            all.push_back(id);
          }
        }
      }
    }
    const auto shown = std::min(all.size(), static_cast<std::size_t>(limit_));
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), all.end(),
                      std::greater<>());
    all.resize(shown);
    return all;
  }
  std::vector<std::string> estates() {
    if (!filter_.estate.empty()) return {filter_.estate};
    std::vector<std::string> out;
    auto next = db_.value<std::string>("SELECT estate FROM work_orders ORDER BY estate LIMIT 1");
    while (next) {
      out.push_back(*next);
      next = db_.value<std::string>(
          "SELECT estate FROM work_orders WHERE estate > :e ORDER BY estate LIMIT 1", out.back());
    }
    return out;
  }
  std::vector<std::string_view> kinds() const {
    if (!filter_.kind.empty()) return {filter_.kind};
    std::vector<std::string_view> out;
    for (const Kind kind : {Kind::repair, Kind::public_fault, Kind::complaint, Kind::task}) {
      out.push_back(to_string(kind));
    }
    return out;
  }
  std::vector<std::string_view> states_of(std::string_view kind) const {
    if (!filter_.state.empty()) return {filter_.state};
    return orders::states_of(*kind_of(kind));
  }

  store::Connection& db_;
  const OrderFilter& filter_;
  const std::int64_t before_, overdue_;
  const int limit_;
};

}  // namespace

std::vector<Order> list(store::Connection& db, const OrderFilter& filter, std::int64_t before,
                        int limit) {
  return load(db, Lister(db, filter, before, limit).ids());
}

}  // namespace huiyin::orders
