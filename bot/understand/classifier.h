// The linear intent classifier: hashed features, weights of four bits. Immutable once made; any
// number of threads. The file is our own format: see classifier.cpp.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/error.h"

namespace huiyin {

inline constexpr std::uint32_t model_version = 3;
inline constexpr int weight_max = 7;  // weights are -weight_max … weight_max

// What a row's weights take in the file.
constexpr std::size_t packed_row_bytes(std::size_t labels) {
  return (labels + 1) / 2;
}

// What the trainer hands over; one row a feature.
struct ModelData {
  std::vector<std::string> labels;
  std::vector<float> bias;           // a label
  float sharpness = 1;               // of the softmax over scores
  float threshold = 0;               // below this confidence nothing was understood
  std::vector<std::uint32_t> keys;   // a row, rising
  std::vector<float> idf;            // a row
  std::vector<float> scale;          // a row
  std::vector<std::int8_t> weights;  // rows × labels
};

class Classifier {
 public:
  explicit Classifier(ModelData data);
  static Result<Classifier> load(const std::string& file);
  Result<void> save(const std::string& file) const;

  const std::vector<std::string>& labels() const { return data_.labels; }
  float threshold() const { return data_.threshold; }
  // One score a label (margins of the SVMs); `scores` has room for all labels. Allocates nothing
  // on a warm thread.
  void score(std::span<const char32_t> points, std::span<float> scores) const;
  // Scores → confidences that add up to 1.
  void confidences(std::span<float> scores) const;

 private:
  struct Slot {
    std::uint32_t key = 0, row = 0;  // row 0 of the table is "empty"; stored rows count from 1
  };
  void index();

  ModelData data_;
  std::vector<Slot> slots_;
  std::uint32_t mask_ = 0;
  std::size_t stride_ = 0;           // labels, rounded up to whole vectors
  std::vector<std::int8_t> padded_;  // rows × stride
};

}  // namespace huiyin
