// What was understood, as a session keeps it until the next turn: in a question that was asked back
// or a matter that waits. Pure functions, safe on any thread.
#pragma once
#include "bot/understand/understanding.h"
#include "store/base/json.h"

namespace huiyin {

// Text, language and entities; not the ranking.
Json to_kept(const Understanding& heard);
// The reverse, beyond doubt of the intent that it is taken for.
Understanding from_kept(const Json& kept, Intent intent);

// One matter of several: the words from `start` to `end` (code points) with what they tell.
Understanding part_of(const Understanding& heard, const ToldMatter& matter);

}  // namespace huiyin
