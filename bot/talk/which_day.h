// Days that cannot be taken as they were told: an hour without a day ("三点"), with the question
// which day it means and its answer; and a day that does not exist ("2月31日").
#pragma once
#include <optional>

#include "bot/talk/turn.h"
#include "bot/talk/words.h"

namespace huiyin {

// Asks when today's reading of it is still to come, since tomorrow's may be meant as well; the two
// stand in the frame until the answer. False: there is nothing to ask.
bool ask_which_day(Turn& turn, FormFrame& frame, const TimeRange& next);

// The reading that the answer means: a day (`said`), or "the second one". Forgets the question;
// none when it was not answered or never asked.
std::optional<Json> take_day(const Turn& turn, FormFrame& frame, const TalkWords& words,
                             const Entity* said);

// A time that cannot be: the phrase that says why, and what it is said of.
struct TimeFault {
  std::string phrase;
  Args args;
};
// A date or an hour that there is not; none when the message tells no such.
std::optional<TimeFault> impossible_time(const Understanding& heard, const TalkWords& words);
// Says so; false when there is none.
bool refuse_impossible_date(Turn& turn, const TalkWords& words);

}  // namespace huiyin
