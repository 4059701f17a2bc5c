// A signature that was drawn in a browser: a PNG as data URL. Pure.
#pragma once
#include <cstddef>
#include <string_view>

namespace huiyin::signing {

inline constexpr std::size_t drawing_bytes_max = 200'000;  // of the data URL

// Whether it is a whole PNG of sensible size and nothing else: canonical Base64, the signature, an
// IHDR of at most 4000 × 4000, image data, an IEND, and no byte behind it.
bool is_drawing(std::string_view data_url);

}  // namespace huiyin::signing
