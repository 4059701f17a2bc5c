#include "dialogs/signing/drawing.h"

#include <cstdint>
#include <string>

#include "store/base/secret.h"

namespace huiyin::signing {
namespace {

constexpr std::string_view head = "data:image/png;base64,";
constexpr std::string_view magic = "\x89PNG\r\n\x1a\n";
constexpr std::uint32_t side_max = 4000;  // pixels

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

bool has_sound_header(std::string_view data) {
  constexpr std::size_t header_bytes = 13;
  if (data.size() != header_bytes) return false;
  const std::uint32_t width = number_at(data, 0), height = number_at(data, 4);
  return width > 0 && height > 0 && width <= side_max && height <= side_max;
}

// The chunks: length, type, data, check sum; the first is IHDR, the last IEND.
bool has_sound_chunks(std::string_view rest) {
  constexpr std::size_t frame_bytes = 12;
  bool first = true, image = false;
  while (rest.size() >= frame_bytes) {
    const std::size_t length = number_at(rest, 0);
    if (length > rest.size() - frame_bytes) return false;
    const std::string_view type = rest.substr(4, 4), data = rest.substr(8, length);
    if (first != (type == "IHDR") || (first && !has_sound_header(data))) return false;
    first = false;
    image |= type == "IDAT" && length > 0;
    rest.remove_prefix(frame_bytes + length);
    if (type == "IEND") return image && length == 0 && rest.empty();
  }
  return false;
}

}  // namespace

bool is_drawing(std::string_view data_url) {
  if (data_url.size() > drawing_bytes_max || !data_url.starts_with(head)) return false;
  const auto bytes = from_base64(data_url.substr(head.size()));
  if (!bytes) return false;
  const std::string_view png = *bytes;
  return png.starts_with(magic) && has_sound_chunks(png.substr(magic.size()));
}

}  // namespace huiyin::signing
