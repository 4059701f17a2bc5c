// What a channel cannot show becomes text, in one place for all of them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "store/message.h"

namespace huiyin {

// The text with its buttons as a last line: "确认 / 修改 / 取消". The titles are what a person
// types.
std::string with_buttons_as_text(std::string_view text, const std::vector<Button>& buttons);

// Pieces of at most `code_points_max`, cut after a line end or a sentence where there is one in the
// second half of a piece. Nothing is dropped; an empty text gives no piece.
std::vector<std::string> split_text(std::string_view text, std::size_t code_points_max);

}  // namespace huiyin
