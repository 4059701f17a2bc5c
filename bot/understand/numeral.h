// Numbers as people write them, Arabic or Chinese, on canonical characters.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace huiyin {

// One digit: 0-9, 零〇一二两三四五六七八九, 幺 and the formal 壹贰叁…; -1 for anything else.
int digit_value(char32_t point);
bool is_ascii_digit(char32_t point);
// What 十百千 (and the formal 拾佰仟), 万 and 亿 multiply by; 0 for anything else.
long numeral_size(char32_t point);

// A value: "12", "十二", "二十", "两百零五", "一二零三" (digit by digit), "3万". At most nine
// digits.
std::optional<long> number_value(std::u32string_view text);
// The same as a room or building is written: "五零一" → "501", "五百零一" → "501", "0501" → "0501".
std::string number_label(std::u32string_view text);

}  // namespace huiyin
