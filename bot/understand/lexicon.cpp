#include "bot/understand/lexicon.h"

#include <algorithm>

namespace huiyin {
namespace {

constexpr int word_chars_max = 40;

}  // namespace

void Lexicon::add(std::u32string_view word, WordKind kind, std::int32_t payload) {
  if (word.empty() || word.size() > word_chars_max) return;
  std::uint32_t node = 0;
  for (char32_t point : word) {
    auto found = draft_[node].next.find(point);
    if (found != draft_[node].next.end()) {
      node = found->second;
      continue;
    }
    auto made = static_cast<std::uint32_t>(draft_.size());
    draft_[node].next.emplace(point, made);
    draft_.emplace_back();
    node = made;
  }
  for (const Value& value : draft_[node].values) {
    if (value.kind == kind) return;  // the first list that names a word decides
  }
  draft_[node].values.push_back({kind, payload});
}

void Lexicon::freeze() {
  starts_.assign(0x10000 / 64, 0);
  nodes_.resize(draft_.size());
  for (std::size_t i = 0; i < draft_.size(); ++i) {
    Node& node = nodes_[i];
    node.first_edge = static_cast<std::uint32_t>(edges_.size());
    node.edges = static_cast<std::uint32_t>(draft_[i].next.size());
    for (auto [point, next] : draft_[i].next) edges_.push_back({point, next});
    node.first_value = static_cast<std::uint32_t>(values_.size());
    node.values = static_cast<std::uint32_t>(draft_[i].values.size());
    values_.insert(values_.end(), draft_[i].values.begin(), draft_[i].values.end());
  }
  for (auto [point, next] : draft_[0].next) {
    if (point < 0x10000) starts_[point / 64] |= 1ULL << (point % 64);
  }
  draft_.clear();
}

const Lexicon::Node* Lexicon::step(const Node& node, char32_t point) const {
  const Edge* begin = edges_.data() + node.first_edge;
  const Edge* end = begin + node.edges;
  if (node.edges <= 4) {
    for (const Edge* edge = begin; edge != end; ++edge) {
      if (edge->point == point) return &nodes_[edge->node];
    }
    return nullptr;
  }
  const Edge* found = std::lower_bound(
      begin, end, point, [](const Edge& edge, char32_t wanted) { return edge.point < wanted; });
  return found != end && found->point == point ? &nodes_[found->node] : nullptr;
}

void Lexicon::find_all(const Normalized& text, std::vector<WordHit>& hits) const {
  const int size = text.size();
  for (int start = 0; start < size; ++start) {
    char32_t first = text.points[start];
    if (first >= 0x10000 || (starts_[first / 64] >> (first % 64) & 1) == 0) continue;
    if (is_word_letter(first) && is_word_letter(text.at(start - 1))) continue;
    const std::size_t before = hits.size();
    const Node* node = &nodes_[0];
    for (int at = start; at < size; ++at) {
      node = step(*node, text.points[at]);
      if (node == nullptr) break;
      if (node->values == 0) continue;
      if (is_word_letter(text.points[at]) && is_word_letter(text.at(at + 1))) continue;
      for (std::uint32_t i = 0; i < node->values; ++i) {
        const Value& value = values_[node->first_value + i];
        auto same = std::find_if(hits.begin() + static_cast<std::ptrdiff_t>(before), hits.end(),
                                 [&](const WordHit& hit) { return hit.kind == value.kind; });
        if (same == hits.end()) {
          hits.push_back({start, at + 1, value.kind, value.payload});
        } else {
          same->end = at + 1;
          same->payload = value.payload;
        }
      }
    }
  }
}

}  // namespace huiyin
