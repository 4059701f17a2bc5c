#include "bot/degrade.h"

#include "store/base/text.h"

namespace huiyin {

std::string with_buttons_as_text(std::string_view text, const std::vector<Button>& buttons) {
  std::string out(text);
  for (std::size_t i = 0; i < buttons.size(); ++i) {
    if (i > 0) {
      out += " / ";
    } else if (!out.empty()) {
      out += '\n';
    }
    out += buttons[i].title;
  }
  return out;
}

std::vector<std::string> split_text(std::string_view text, std::size_t code_points_max) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    std::string part = first_code_points(text, code_points_max);
    if (part.size() < text.size()) {
      for (const std::string_view mark : {"\n", "。", "！", "？", ". "}) {
        const auto at = part.rfind(mark);
        if (at == std::string::npos || at + mark.size() <= part.size() / 2) continue;
        part.resize(at + mark.size());
        break;
      }
    }
    text.remove_prefix(part.size());
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace huiyin
