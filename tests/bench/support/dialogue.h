// What residents say under load: repairs told piece by piece, and the homes they are told from.
#pragma once

#include <string>

namespace huiyin::bench {

constexpr int messages_per_dialogue = 8;
// A home for every dialogue: a second report of the same matter from one home joins the first.
constexpr int buildings = 200, floors = 30, rooms_per_floor = 2;  // times two entrances
constexpr long homes = buildings * 2L * floors * rooms_per_floor;

// The homes, for POST /api/v1/import/units.
std::string units_csv();

// One repair told piece by piece: the words of message `step` of dialogue `number`.
std::string words(long number, int step);

}  // namespace huiyin::bench
