// Amounts of money as staff write them: in figures or Chinese numerals, with 千, 万, k, 角 and 分.
// What cannot be one exact amount is found with its fault, so that nobody takes a part of it. Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialogs/desk/words.h"

namespace huiyin::desk {

struct Amount {
  // `unclear`: a range or an estimate ("200-300元", "八十多块"); `several`: more than one number
  // that could be meant.
  enum class Fault { none, negative, zero, too_fine, too_large, unclear, several };
  Fault fault = Fault::none;
  std::int64_t fen = 0;
  bool has_unit = false;         // 元, 块, ¥, 角 stands by it
  std::size_t from = 0, to = 0;  // bytes of the folded text
};

// Every amount of the text, in its order; counts ("2个"), days and addresses are none.
std::vector<Amount> find_amounts(std::string_view low, const DeskWords& words);
// The one that is meant: one with its unit rather than a bare number. `several` when two of them
// are as good.
std::optional<Amount> find_amount(std::string_view low, const DeskWords& words);

// "换龙头 80元、换角阀 30": what is charged, each with its amount.
struct Charge {
  std::string item;
  Amount amount;
};
std::vector<Charge> read_charges(std::string_view text, const DeskWords& words);

// Numerals, words of money or a minus that stand in the text and not in the name of what is
// charged: an amount was told that could not be read.
bool has_leftover_money(std::string_view low, std::string_view name, const DeskWords& words);

}  // namespace huiyin::desk
