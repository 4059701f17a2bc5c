#include "bot/understand/evaluate_entities.h"

#include <algorithm>

namespace huiyin {
namespace {

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

bool same_value(const Mark& mark, const Entity& entity) {
  if (mark.kind != "time") return mark.value == entity.value;
  const auto meant = time_range(mark.value);
  return meant && meant == time_range(entity.value);
}

}  // namespace

void EntityTally::add(const Example& example, const Understanding& read) {
  std::vector<bool> used(read.entities.size(), false);
  for (const Mark& mark : example.marks) {
    Count& count = kinds_[mark.kind];
    ++count.marked;
    Json seen = Json::array();
    bool right = false;
    for (std::size_t i = 0; i < read.entities.size(); ++i) {
      const Entity& entity = read.entities[i];
      if (entity.kind != mark.kind || entity.start >= mark.end || mark.start >= entity.end) {
        continue;
      }
      used[i] = true;
      right |= same_value(mark, entity);
      seen.push_back(entity.value);
    }
    count.right += right ? 1 : 0;
    if (right) continue;
    errors_.push_back({{"text", example.text},
                       {"kind", mark.kind},
                       {"said", mark.text},
                       {"marked", mark.value},
                       {"read", std::move(seen)}});
  }
  for (std::size_t i = 0; i < read.entities.size(); ++i) {
    const Entity& entity = read.entities[i];
    ++kinds_[entity.kind].read;
    if (used[i]) continue;
    errors_.push_back({{"text", example.text},
                       {"kind", entity.kind},
                       {"said", entity.text},
                       {"marked", nullptr},
                       {"read", Json::array({entity.value})}});
  }
}

Json EntityTally::report() const {
  Json kinds = Json::object();
  for (const auto& [kind, count] : kinds_) {
    const double precision = ratio(count.right, count.read);
    const double recall = ratio(count.right, count.marked);
    kinds[kind] = {{"marked", count.marked},
                   {"right", count.right},
                   {"precision", precision},
                   {"recall", recall},
                   {"f1", ratio(2 * precision * recall, precision + recall)}};
  }
  return {{"kinds", std::move(kinds)}, {"errors", errors_}};
}

}  // namespace huiyin
