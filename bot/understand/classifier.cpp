// The model file, little-endian: "HYIM", version, labels, rows (u32 each), sharpness, threshold
// (f32), the labels (u32 length + bytes), bias (f32 a label), then by row keys (u32), idf (f32),
// scale (f32), weights (4 bits a label, two in a byte, each weight + 8, a row a whole number of
// bytes), and a 64-bit FNV-1a of all before.
#include "bot/understand/classifier.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include "bot/understand/features.h"

namespace huiyin {
namespace {

static_assert(std::endian::native == std::endian::little, "the model file is little-endian");

constexpr char magic[4] = {'H', 'Y', 'I', 'M'};
constexpr std::uint32_t labels_max = 4096, rows_max = 1 << 24, label_bytes_max = 256;

std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

template <class T>
void put(std::string& out, const T* values, std::size_t count) {
  out.append(reinterpret_cast<const char*>(values), count * sizeof(T));
}
template <class T>
void put(std::string& out, T value) {
  put(out, &value, 1);
}

// Reads in order; a read past the end makes `ok` false and answers zeros.
struct Source {
  std::string_view bytes;
  bool ok = true;

  template <class T>
  void take(T* values, std::size_t count) {
    if (bytes.size() < count * sizeof(T)) {
      ok = false;
      return;
    }
    std::memcpy(values, bytes.data(), count * sizeof(T));
    bytes.remove_prefix(count * sizeof(T));
  }
  template <class T>
  T one() {
    T value{};
    take(&value, 1);
    return value;
  }
  template <class T>
  void fill(std::vector<T>& values, std::size_t count) {
    if (bytes.size() / sizeof(T) < count) {
      ok = false;
      return;
    }
    values.resize(count);
    take(values.data(), count);
  }
};

// Rows × labels of weights, two in a byte.
std::string packed(const std::vector<std::int8_t>& weights, std::size_t labels) {
  std::string out;
  if (labels == 0) return out;
  out.reserve(weights.size() / labels * packed_row_bytes(labels));
  for (std::size_t row = 0; row < weights.size(); row += labels) {
    for (std::size_t label = 0; label < labels; label += 2) {
      const int low = weights[row + label] + weight_max + 1;
      const int high = label + 1 < labels ? weights[row + label + 1] + weight_max + 1 : 0;
      out.push_back(static_cast<char>(low | (high << 4)));
    }
  }
  return out;
}

std::vector<std::int8_t> unpacked(const std::vector<std::uint8_t>& bytes, std::size_t labels) {
  const std::size_t row_bytes = packed_row_bytes(labels);
  std::vector<std::int8_t> weights;
  weights.reserve(bytes.size() / row_bytes * labels);
  for (std::size_t row = 0; row < bytes.size(); row += row_bytes) {
    for (std::size_t label = 0; label < labels; ++label) {
      const int pair = bytes[row + label / 2];
      const int nibble = label % 2 == 0 ? pair & 15 : pair >> 4;
      weights.push_back(static_cast<std::int8_t>(nibble - weight_max - 1));
    }
  }
  return weights;
}

}  // namespace

Classifier::Classifier(ModelData data) : data_(std::move(data)) {
  index();
}

void Classifier::index() {
  const std::size_t rows = data_.keys.size(), labels = data_.labels.size();
  stride_ = (labels + 15) / 16 * 16;
  padded_.assign(rows * stride_, 0);
  for (std::size_t row = 0; row < rows; ++row) {
    std::memcpy(&padded_[row * stride_], &data_.weights[row * labels], labels);
  }
  mask_ = static_cast<std::uint32_t>(std::bit_ceil(rows * 2 + 16)) - 1;
  slots_.assign(mask_ + 1, {});
  for (std::size_t row = 0; row < rows; ++row) {
    std::uint32_t at = data_.keys[row] & mask_;
    while (slots_[at].row != 0) at = (at + 1) & mask_;
    slots_[at] = {data_.keys[row], static_cast<std::uint32_t>(row + 1)};
  }
}

void Classifier::score(std::span<const char32_t> points, std::span<float> scores) const {
  // How often each row was met; entries return to 0 before the call ends.
  thread_local std::vector<std::uint16_t> counts;
  thread_local std::vector<std::uint32_t> met;
  thread_local std::vector<float> sums;
  if (counts.size() < data_.keys.size()) counts.resize(data_.keys.size(), 0);
  met.clear();
  sums.assign(stride_, 0.0F);

  each_feature(points, [&](std::uint64_t hash) {
    const auto key = static_cast<std::uint32_t>(hash);
    for (std::uint32_t at = key & mask_; slots_[at].row != 0; at = (at + 1) & mask_) {
      if (slots_[at].key != key) continue;
      std::uint32_t row = slots_[at].row - 1;
      if (counts[row]++ == 0) met.push_back(row);
      return;
    }
  });

  float square = 0;
  float* sum = sums.data();
  for (std::uint32_t row : met) {
    const float count = 1.0F + std::log(static_cast<float>(counts[row]));
    counts[row] = 0;
    const float weight = count * data_.idf[row];
    square += weight * weight;
    const float factor = count * data_.scale[row];
    const std::int8_t* weights = &padded_[row * stride_];
    for (std::size_t label = 0; label < stride_; ++label) {
      sum[label] += factor * static_cast<float>(weights[label]);
    }
  }
  const float norm = square > 0 ? 1.0F / std::sqrt(square) : 0.0F;
  for (std::size_t label = 0; label < scores.size(); ++label) {
    scores[label] = sum[label] * norm + data_.bias[label];
  }
}

void Classifier::confidences(std::span<float> scores) const {
  float best = scores.empty() ? 0 : scores[0], sum = 0;
  for (float score : scores) best = std::max(best, score);
  for (float& score : scores) sum += score = std::exp((score - best) * data_.sharpness);
  for (float& score : scores) score /= sum;
}

Result<Classifier> Classifier::load(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorKind::not_found, file + ": cannot be opened");
  std::stringstream text;
  text << in.rdbuf();
  const std::string bytes = std::move(text).str();
  auto corrupt = [&](const char* why) { return fail(ErrorKind::corrupt, file + ": " + why); };
  if (bytes.size() < sizeof magic + 8 || std::memcmp(bytes.data(), magic, sizeof magic) != 0) {
    return corrupt("is no intent model");
  }
  const std::string_view body(bytes.data(), bytes.size() - 8);
  std::uint64_t stored = 0;
  std::memcpy(&stored, bytes.data() + body.size(), 8);

  Source source{body.substr(sizeof magic)};
  if (source.one<std::uint32_t>() != model_version) return corrupt("is of another version");
  if (stored != checksum(body)) return corrupt("its checksum does not fit");
  ModelData data;
  const auto labels = source.one<std::uint32_t>(), rows = source.one<std::uint32_t>();
  if (labels == 0 || labels > labels_max || rows > rows_max) return corrupt("has absurd sizes");
  data.sharpness = source.one<float>();
  data.threshold = source.one<float>();
  for (std::uint32_t i = 0; i < labels && source.ok; ++i) {
    const auto length = source.one<std::uint32_t>();
    if (length > label_bytes_max) return corrupt("has an absurd label");
    std::string label(length, '\0');
    source.take(label.data(), length);
    data.labels.push_back(std::move(label));
  }
  source.fill(data.bias, labels);
  source.fill(data.keys, rows);
  source.fill(data.idf, rows);
  source.fill(data.scale, rows);
  std::vector<std::uint8_t> pairs;
  source.fill(pairs, rows * packed_row_bytes(labels));
  if (!source.ok || !source.bytes.empty()) return corrupt("is cut short or too long");
  data.weights = unpacked(pairs, labels);
  return Classifier(std::move(data));
}

Result<void> Classifier::save(const std::string& file) const {
  std::string out(magic, sizeof magic);
  put(out, model_version);
  put(out, static_cast<std::uint32_t>(data_.labels.size()));
  put(out, static_cast<std::uint32_t>(data_.keys.size()));
  put(out, data_.sharpness);
  put(out, data_.threshold);
  for (const std::string& label : data_.labels) {
    put(out, static_cast<std::uint32_t>(label.size()));
    out += label;
  }
  put(out, data_.bias.data(), data_.bias.size());
  put(out, data_.keys.data(), data_.keys.size());
  put(out, data_.idf.data(), data_.idf.size());
  put(out, data_.scale.data(), data_.scale.size());
  out += packed(data_.weights, data_.labels.size());
  put(out, checksum(out));
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream.write(out.data(), static_cast<std::streamsize>(out.size()));
  stream.close();
  if (!stream) return fail(ErrorKind::corrupt, file + ": cannot be written");
  return {};
}

}  // namespace huiyin
