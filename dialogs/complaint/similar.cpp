#include "dialogs/complaint/similar.h"

#include <algorithm>
#include <cmath>

#include "dialogs/orders/life.h"
#include "store/personal.h"

namespace huiyin::complaint {
namespace {

using Text = std::string;
using Int = std::int64_t;

constexpr int looked_at_max = 60;  // of each state, before and after
constexpr double like_words_min = 0.25, like_place_min = 0.8;

// What is compared of an order.
struct Matter {
  Text unit, place, item, topic, description;
  Instant recorded_at{};
};

// "3-2-501" → "3"; what stands before the first hyphen.
std::string_view building(std::string_view unit) {
  return unit.substr(0, unit.find('-'));
}

class Comparison {
 public:
  Comparison(const Matter& a, const Matter& b, const Likeness& how) : a_(a), b_(b), how_(how) {}

  void into(Candidate& out) {
    place();
    if (!a_.item.empty() && a_.item == b_.item) add("item", how_.item);
    if (!a_.topic.empty() && a_.topic == b_.topic) add("topic", how_.topic);
    if (const double like = orders::likeness(a_.description, b_.description);
        like >= like_words_min) {
      add("words", how_.words * like);
    }
    if (reasons_.empty()) return;
    const auto apart = std::chrono::abs(a_.recorded_at - b_.recorded_at);
    const double days = std::chrono::duration<double, std::ratio<86400>>(apart).count();
    score_ += how_.time * std::max(0.0, 1.0 - days / how_.days);
    out.score = std::clamp(score_, 0.0, 1.0);
    out.reasons = std::move(reasons_);
  }

 private:
  // One place told in the words of the other counts as well; two that differ speak against it.
  void place() {
    const bool both = !a_.place.empty() && !b_.place.empty();
    if (both && orders::likeness(a_.place, b_.place) >= like_place_min && same_digits()) {
      return add("place", how_.place);
    }
    if (told_in(a_.place, b_.description) || told_in(b_.place, a_.description)) {
      return add("place", how_.place);
    }
    if (both) {
      score_ += how_.elsewhere;
    } else if (!a_.unit.empty() && !b_.unit.empty()) {
      if (building(a_.unit) == building(b_.unit)) add("place", how_.place / 2);
    }
  }
  // "3栋2单元" and "5栋2单元" have all their letters in common.
  bool same_digits() const {
    const auto digits = [](const Text& text) {
      Text out;
      for (const char c : text) out += c >= '0' && c <= '9' ? c : ' ';
      return out;
    };
    return digits(a_.place) == digits(b_.place);
  }
  static bool told_in(const Text& place, const Text& words) {
    return !place.empty() && words.find(place) != Text::npos;
  }
  void add(const char* reason, double weight) {
    score_ += weight;
    reasons_.emplace_back(reason);
  }

  const Matter& a_;
  const Matter& b_;
  const Likeness& how_;
  double score_ = 0;
  std::vector<Text> reasons_;
};

using Row = std::tuple<Int, Text, Text, Text, Text, Text, Text, Int, Int>;

// The live orders of its kind and estate that were recorded next to it, before and after: stretches
// of the index by list, so that what it costs does not grow with the orders there are.
std::vector<Row> neighbours(store::Connection& db, const orders::Order& order) {
  std::vector<Row> rows;
  const auto take = [&](std::vector<Row> part) {
    rows.insert(rows.end(), std::make_move_iterator(part.begin()),
                std::make_move_iterator(part.end()));
  };
  for (const auto state : orders::states_of(order.kind)) {
    if (orders::is_final(state)) continue;
    take(db.query<Int, Text, Text, Text, Text, Text, Text, Int, Int>(
        "SELECT id, number, state, unit, place, item, category, description, recorded_at"
        " FROM work_orders WHERE estate = :e AND kind = :k AND state = :s AND id < :i"
        " ORDER BY id DESC LIMIT :l",
        order.estate, orders::to_string(order.kind), state, order.id, looked_at_max));
    take(db.query<Int, Text, Text, Text, Text, Text, Text, Int, Int>(
        "SELECT id, number, state, unit, place, item, category, description, recorded_at"
        " FROM work_orders WHERE estate = :e AND kind = :k AND state = :s AND id > :i"
        " ORDER BY id LIMIT :l",
        order.estate, orders::to_string(order.kind), state, order.id, looked_at_max));
  }
  return rows;
}

Text topic_of(const Classes& classes, orders::Kind kind, const Text& category, const Text& words) {
  if (kind != orders::Kind::complaint) return {};
  return category.empty() ? classes.topic_of(words) : category;
}

}  // namespace

std::vector<Candidate> similar(store::Connection& db, const orders::Order& order,
                               const Classes& classes) {
  std::vector<Candidate> found;
  const bool compared =
      order.kind == orders::Kind::complaint || order.kind == orders::Kind::public_fault;
  if (!compared) return found;
  const Likeness& how = classes.likeness();
  const Text words = store::get_text(db, order.description);
  const Matter own{order.unit, order.place,
                   order.item, topic_of(classes, order.kind, order.category, words),
                   words,      order.recorded_at};
  const auto span = std::chrono::hours(24) * how.days;
  for (const auto& row : neighbours(db, order)) {
    const auto& [id, number, state, unit, place, item, category, description, recorded] = row;
    const Instant at = from_millis(recorded);
    if (at < order.recorded_at - span || at > order.recorded_at + span) continue;
    const Text told = store::get_text(db, description);
    const Matter other{unit, place, item, topic_of(classes, order.kind, category, told), told, at};
    Candidate candidate{id, number, state, unit, place, told, at, 0, {}};
    Comparison(own, other, how).into(candidate);
    if (candidate.score >= how.list) found.push_back(std::move(candidate));
  }
  std::ranges::stable_sort(found, [](const Candidate& a, const Candidate& b) {
    return a.score != b.score ? a.score > b.score : a.id < b.id;  // of equals the first told
  });
  return found;
}

}  // namespace huiyin::complaint
