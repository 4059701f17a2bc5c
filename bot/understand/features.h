// The features of the intent classifier, as hashes: character n-grams of 1-3 (of 4 where no Chinese
// character is among them), words of 1-2 and pairs of words with one between, how long the message
// is, and the characters of a short one once more.
// Trainer and reader share this file: changing it needs a new `model_version`.
#pragma once
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include "bot/understand/extract.h"
#include "bot/understand/normalizer.h"

namespace huiyin {

inline constexpr int ngram_max = 3;
// Longer messages are classified by their head; entities are found in all of it.
inline constexpr std::size_t classified_chars_max = 2048;

// The characters that the classifier reads: an address, a telephone, an order number, a sum and a
// name become one class character each, so that a room number is no evidence for an intent.
// Behind the text stand the surroundings of things, places and times with their kind in place of
// their words; what was found at all; and the alarm.
void masked_points(const Normalized& text, std::span<const Found> found, Alarm alarm, int start,
                   int end, std::vector<char32_t>& out);

// Takes addresses, telephones and names out of what masked_points() gave.
void leave_out_identity(std::vector<char32_t>& points);

// Behind the words of a message stand marks of these (see features.cpp).
inline constexpr char32_t mark_min = 0xE010, mark_max = 0xE0FF;

// Where the words of what masked_points() gave end.
constexpr std::size_t words_end(std::span<const char32_t> points) {
  for (std::size_t at = 1; at < points.size(); ++at) {
    if (points[at] != U' ') continue;
    if (at + 1 == points.size()) return at;
    if (points[at + 1] >= mark_min && points[at + 1] <= mark_max) return at;
  }
  return points.size();
}

constexpr std::uint64_t mix(std::uint64_t h) {
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93ULL;
  h ^= h >> 32;
  return h;
}

constexpr std::uint64_t chained(std::uint64_t hash, std::uint64_t next) {
  hash = (hash ^ next) * 0x100000001b3ULL;
  return hash ^ (hash >> 29);
}

template <class F>
void each_ngram(std::span<const char32_t> points, F&& feature) {
  const std::size_t size = points.size();
  for (std::size_t start = 0; start < size; ++start) {
    std::uint64_t hash = 0x9e3779b97f4a7c15ULL;
    const std::size_t stop = std::min(start + ngram_max, size);
    bool chinese = false;
    for (std::size_t at = start; at < stop; ++at) {
      chinese = chinese || is_han(points[at]);
      hash = chained(hash, points[at]);
      feature(mix(hash));
    }
    if (!chinese && stop < size && !is_han(points[stop])) feature(mix(chained(hash, points[stop])));
  }
}

// Words pair within Latin text only.
template <class F>
void each_word(std::span<const char32_t> points, F&& feature) {
  std::uint64_t before = 0, before_that = 0;
  for (std::size_t at = 0; at < points.size();) {
    const std::size_t start = at;
    std::uint64_t hash = 0x2545f4914f6cdd1dULL;
    while (at < points.size() && is_word_letter(points[at])) hash = chained(hash, points[at++]);
    if (at == start) {
      if (is_han(points[at])) before = before_that = 0;
      ++at;
      continue;
    }
    feature(mix(hash));
    if (before != 0) feature(mix(hash * 31 + before));
    if (before_that != 0) feature(mix(hash * 37 + before_that));
    before_that = before;
    before = hash;
  }
}

// "行" alone is a yes; in a long message it is nothing.
template <class F>
void each_length(std::span<const char32_t> points, F&& feature) {
  constexpr std::size_t steps[] = {3, 6, 10, 15, 23, 39, 79}, short_step = 2;
  const std::size_t end = words_end(points);
  const auto said = points.first(end);
  if (std::none_of(said.begin(), said.end(),
                   [](char32_t c) { return is_han(c) || is_word_letter(c); }))
    return;  // emoji alone have no length
  std::size_t step = 0;
  while (step < std::size(steps) && end > steps[step] + 1) ++step;
  const std::uint64_t length = chained(0x6a09e667f3bcc909ULL, step);
  feature(mix(length));
  if (step > short_step) return;
  for (std::size_t at = 1; at < end; ++at) {
    if (is_han(points[at])) feature(mix(chained(length, points[at])));
  }
}

// Calls `feature(hash)` for every occurrence.
template <class F>
void each_feature(std::span<const char32_t> points, F&& feature) {
  points = points.first(std::min(points.size(), classified_chars_max));
  each_ngram(points, feature);
  each_word(points, feature);
  each_length(points, feature);
}

}  // namespace huiyin
