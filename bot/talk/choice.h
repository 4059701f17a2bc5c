// The answer to a question with choices: which of them was said, in whatever language.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "bot/talk/form.h"
#include "bot/talk/words.h"

namespace huiyin {

// The choice whose words stand in the answer, null when none does or several do. Of words one
// inside another ("自行车", "电动自行车") the longest counts; what stands right behind a
// negation ("不是业主") does not. `said` is the message as reading() gives it. `bytes`: the length
// of the words that were found.
const Choice* choice_in(std::string_view said, const std::vector<Choice>& choices,
                        const TalkWords& words, std::size_t* bytes = nullptr);

}  // namespace huiyin
