// The features of the intent classifier: character n-grams of 1-3 and words of 1-2, as hashes.
// Trainer and reader share this file: changing it needs a new `model_version`.
#pragma once
#include <cstdint>
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

constexpr std::uint64_t mix(std::uint64_t h) {
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93ULL;
  h ^= h >> 32;
  return h;
}

// Calls `feature(hash)` for every occurrence.
template <class F>
void each_feature(std::span<const char32_t> points, F&& feature) {
  const std::size_t size =
      points.size() < classified_chars_max ? points.size() : classified_chars_max;
  for (std::size_t start = 0; start < size; ++start) {
    std::uint64_t hash = 0x9e3779b97f4a7c15ULL;
    const std::size_t stop = start + ngram_max < size ? start + ngram_max : size;
    for (std::size_t at = start; at < stop; ++at) {
      hash = (hash ^ points[at]) * 0x100000001b3ULL;
      hash ^= hash >> 29;
      feature(mix(hash));
    }
  }
  std::uint64_t before = 0;
  for (std::size_t at = 0; at < size;) {
    std::size_t start = at;
    std::uint64_t hash = 0x2545f4914f6cdd1dULL;
    while (at < size && is_word_letter(points[at])) {
      hash = (hash ^ points[at++]) * 0x100000001b3ULL;
      hash ^= hash >> 29;
    }
    if (at == start) {
      if (is_han(points[at])) before = 0;  // words pair within Latin text only
      ++at;
      continue;
    }
    feature(mix(hash));
    if (before != 0) feature(mix(hash * 31 + before));
    before = hash;
  }
}

}  // namespace huiyin
