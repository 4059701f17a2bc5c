// UTF-8 at the edges: what comes in is made valid once, what goes out is safe to show.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace huiyin {

bool is_valid_utf8(std::string_view bytes);
// Invalid sequences become U+FFFD; a NUL and everything else valid is kept.
std::string to_valid_utf8(std::string_view bytes);
// What an answer may hold: valid UTF-8 without bidi controls (U+202A–E, U+2066–9, U+200E/F, U+061C)
// and without C0/C1 controls other than newline and tab.
std::string safe_for_display(std::string_view utf8);
// As text of HTML and of its quoted attributes: safe_for_display, and & < > " ' as entities.
std::string escape_html(std::string_view text);
std::size_t code_points(std::string_view utf8);
// The first `count` code points.
std::string first_code_points(std::string_view utf8, std::size_t count);
// What somebody typed, as far as a message repeats it: cut with an ellipsis.
inline constexpr std::size_t words_in_message_max = 200;  // code points
std::string shortened(std::string_view utf8, std::size_t code_points_max = words_in_message_max);
// ASCII white space off both ends.
std::string_view trim(std::string_view text);

}  // namespace huiyin
