#include "bot/talk/which_day.h"

#include "bot/talk/answer_text.h"
#include "bot/talk/substance.h"

namespace huiyin {
namespace {

constexpr const char* memory_id = "open_times";

}  // namespace

bool ask_which_day(Turn& turn, FormFrame& frame, const TimeRange& next) {
  const Zone& zone = turn.profile().zone;
  const LocalTime today = zone.local(turn.now()), at = zone.local(next.from);
  if (today.day != at.day || today.month != at.month) return false;
  const TimeRange later{zone.instant(at.year, at.month, at.day + 1, at.hour, at.minute),
                        std::nullopt, next.grain};
  turn.say("form.ambiguous_time", {{"a", turn.show(next)}, {"b", turn.show(later)}});
  turn.session.last_question = turn.replies.back().text;
  frame.extra[memory_id] = Json::array({to_json(next, zone), to_json(later, zone)});
  return true;
}

std::optional<Json> take_day(const Turn& turn, FormFrame& frame, const TalkWords& words,
                             const Entity* said) {
  const auto asked = frame.extra.find(memory_id);
  if (asked == frame.extra.end()) return std::nullopt;
  const Json choices = std::move(*asked);
  frame.extra.erase(memory_id);
  if (said != nullptr && text_of(said->value, "grain") != "day") return std::nullopt;
  const auto counted = which_of_two(reading(turn.heard), words);
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const bool meant = said != nullptr ? text_of(said->value, "from").substr(0, 10) ==
                                             text_of(choices[i], "from").substr(0, 10)
                                       : counted == i;
    if (meant) return choices[i];
  }
  return std::nullopt;
}

std::optional<TimeFault> impossible_time(const Understanding& heard, const TalkWords& words) {
  if (const std::string hour = words.impossible_hour_in(heard.text); !hour.empty()) {
    return TimeFault{"form.no_such_hour", {}};
  }
  const std::string date = words.date_in(heard.text);
  if (date.empty()) return std::nullopt;
  // What can be read as a time exists, unless it is what stands behind such a date ("2月31日上午").
  const std::size_t end = heard.text.find(date) + date.size();
  const auto offsets = byte_offsets(heard.text);
  for (const auto& entity : heard.entities) {
    const auto start = static_cast<std::size_t>(entity.start);
    if (entity.kind == "time" && (start >= offsets.size() || offsets[start] < end) &&
        !is_torn(heard.text, entity.start, words)) {
      return std::nullopt;
    }
  }
  return TimeFault{"form.no_such_day", {{"date", date}}};
}

bool refuse_impossible_date(Turn& turn, const TalkWords& words) {
  const auto fault = impossible_time(turn.heard, words);
  if (fault) turn.say(fault->phrase, fault->args);
  return fault.has_value();
}

}  // namespace huiyin
