#include "dialogs/sheets/qr.h"

#include <qrencode.h>

#include <memory>

#include "store/base/text.h"

namespace huiyin::sheets {

Html qr_code(std::string_view text) {
  constexpr int quiet = 4;  // modules around the code (ISO/IEC 18004)
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      QRcode_encodeString(std::string(text).c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), QRcode_free);
  if (!code) return {};
  std::string path;
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      const auto dark = [&](int at) { return (code->data[y * code->width + at] & 1) != 0; };
      if (!dark(x)) continue;
      int run = 1;
      while (x + run < code->width && dark(x + run)) ++run;
      path += "M" + std::to_string(x + quiet) + " " + std::to_string(y + quiet) + "h" +
              std::to_string(run) + "v1h-" + std::to_string(run) + "z";
      x += run;
    }
  }
  const std::string side = std::to_string(code->width + 2 * quiet);
  return {"<svg class=\"qr\" viewBox=\"0 0 " + side + " " + side +
          "\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"" + escape_html(text) +
          "\"><rect width=\"" + side + "\" height=\"" + side +
          "\" fill=\"#fff\"/><path fill=\"#000\" d=\"" + path + "\"/></svg>"};
}

}  // namespace huiyin::sheets
