// Money is integer fen (1/100 yuan) in int64 everywhere, in fields that end in `_fen`.
#pragma once
#include <cstdint>
#include <string>

namespace huiyin {

// As texts show it: yuan with two decimals, "80.00".
std::string yuan(std::int64_t fen);

}  // namespace huiyin
