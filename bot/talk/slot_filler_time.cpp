#include "bot/talk/answer_text.h"
#include "bot/talk/slot_filler.h"
#include "bot/talk/substance.h"
#include "bot/talk/which_day.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

constexpr double sure_question = 0.8;

bool is_now(const TimeRange& range, Instant now) {
  return !range.to && range.from <= now + std::chrono::minutes(1) &&
         range.from >= now - std::chrono::minutes(1);
}

// The hours of one time on the day of another.
TimeRange on_day_of(const TimeRange& day, const TimeRange& hours, const Zone& zone) {
  const LocalTime date = zone.local(day.from), from = zone.local(hours.from);
  TimeRange out{zone.instant(date.year, date.month, date.day, from.hour, from.minute), std::nullopt,
                hours.grain};
  if (hours.to) out.to = out.from + (*hours.to - hours.from);
  // "九点" after "上午": the reading that lies in it.
  const auto inside = [&](Instant at) { return at >= day.from && day.to && at < *day.to; };
  constexpr std::chrono::hours half_a_day(12);
  if (!out.to && !inside(out.from)) {
    if (inside(out.from - half_a_day))
      out.from -= half_a_day;
    else if (inside(out.from + half_a_day))
      out.from += half_a_day;
  }
  return out;
}

}  // namespace

bool SlotFiller::is_past(const SlotSpec& slot, const TimeRange& range) const {
  return slot.future && range.to.value_or(range.from + std::chrono::minutes(1)) <= turn.now();
}

// A time that this slot would take, were it asked or not.
bool SlotFiller::tells_time(const SlotSpec& slot) const {
  if (!slot.asap.empty() && contains_any(lowered, slot.asap)) return true;
  const Entity* entity = meant("time");
  const auto range = entity == nullptr ? std::nullopt : time_range(entity->value);
  return range && !is_past(slot, *range);
}

// A time told while something else is asked: the first one told is taken; one that is known is
// changed only by who means to ("这个月的管理费多少" does not).
bool SlotFiller::tells_appointment(const SlotSpec& slot) const {
  const bool means_it =
      correcting || turn.heard.intent == Intent::reschedule ||
      turn.heard.intent == Intent::inform ||
      std::find(form.intents.begin(), form.intents.end(), turn.heard.intent) != form.intents.end();
  const Entity* entity = meant("time");
  const bool month = entity != nullptr && text_of(entity->value, "grain") == "month";
  return (means_it || frame.value(slot.name) == nullptr) && (means_it || !month);
}

// "上个月物业费多少": the time is part of a question of its own.
bool SlotFiller::asks_of_it(const SlotSpec& slot) const {
  const Intent intent = turn.heard.intent;
  return asked(slot) && turn.heard.confidence >= sure_question &&
         (intent == Intent::ask_fee || intent == Intent::dispute_fee ||
          intent == Intent::ask_info || intent == Intent::report_payment ||
          intent == Intent::file_complaint);
}

// "现在没错了", "就周六": with the summary in view neither moves the hour that is told in it.
bool SlotFiller::says_again(const SlotSpec& slot, const TimeRange& range) const {
  const Json* now = frame.value(slot.name);
  if (!frame.confirming || correcting || now == nullptr) return false;
  if (!range.to && range.from <= turn.now() + std::chrono::minutes(1)) return true;
  const auto told = time_range(*now);
  return told && range.to && range.from <= told->from && told->from < *range.to &&
         (!told->to || *told->to <= *range.to);
}

// "明天吧，但是三点" and "上午" after "这周六": an hour that names no day goes with the day that
// was told with it, or before.
std::optional<TimeRange> SlotFiller::joined_with_day(const SlotSpec& slot, const Entity& entity,
                                                     const TimeRange& range) const {
  const Zone& zone = turn.profile().zone;
  const auto names_day = [](const Entity& one) {
    const std::string grain = text_of(one.value, "grain");
    return one.kind == "time" && !one.open_day && (grain == "day" || grain == "daypart");
  };
  std::optional<TimeRange> day, hours;
  for (const auto& one : turn.heard.entities) {
    if (one.kind != "time") continue;
    if (names_day(one)) day = time_range(one.value);
    if (one.open_day && day) hours = time_range(one.value);
  }
  if (!hours && &entity == turn.heard.first("time") && frame.confirming &&
      (entity.open_day || is_daypart_alone(entity))) {
    const Json* told = frame.value(slot.name);
    day = told != nullptr ? time_range(*told) : std::nullopt;
    hours = range;
  }
  if (!day || !hours) return std::nullopt;
  const TimeRange joined = on_day_of(*day, *hours, zone);
  return is_past(slot, joined) ? std::nullopt : std::optional(joined);
}

// "上午", but not "今天上午": the understanding gives no day apart.
bool SlotFiller::is_daypart_alone(const Entity& entity) const {
  constexpr std::size_t bytes_of_two_han = 6;
  return text_of(entity.value, "grain") == "daypart" && entity.text.size() <= bytes_of_two_han &&
         std::any_of(words.dayparts.begin(), words.dayparts.end(),
                     [&](const std::string& part) { return lower_ascii(entity.text) == part; });
}

// Said at once where the time is at hand; told in passing, when the time is asked for.
void SlotFiller::refuse_time(const SlotSpec& slot, const TimeFault& fault) {
  if (asked(slot) || frame.confirming) {
    turn.say(fault.phrase, fault.args);
    out.refused = true;
    return;
  }
  if (frame.value(slot.name) != nullptr) return;
  Json args = Json::object();
  for (const auto& [name, value] : fault.args) {
    if (const auto* text = std::get_if<std::string>(&value)) args[name] = *text;
  }
  frame.extra[FormFiller::time_fault] = {{"phrase", fault.phrase}, {"args", std::move(args)}};
}

// "2月31日上午", "明天25点": there is no such time, whatever else may be read in it.
bool SlotFiller::tells_no_time(const SlotSpec& slot, const Entity* entity) {
  const bool minute = entity != nullptr && text_of(entity->value, "grain") == "minute";
  if (minute || (!asked(slot) && !opening && !frame.confirming)) return false;
  const auto fault = impossible_time(turn.heard, words);
  if (!fault) return false;
  refuse_time(slot, *fault);
  return true;
}

// "昨天上午十点来": when they are to come, not when it began.
bool SlotFiller::is_visit(const Entity& entity) const {
  const auto offsets = byte_offsets(turn.heard.text);
  const auto end = static_cast<std::size_t>(entity.end);
  if (!opening || end >= offsets.size()) return false;
  const std::string behind =
      lower_ascii(trim(std::string_view(turn.heard.text).substr(offsets[end])));
  return std::any_of(words.visit.begin(), words.visit.end(),
                     [&](const std::string& word) { return behind.starts_with(word); });
}

void SlotFiller::time(const SlotSpec& slot) {
  const bool soon = !slot.asap.empty() && contains_any(lowered, slot.asap);
  if (soon && (asked(slot) || frame.value(slot.name) == nullptr || correcting)) {
    put(slot, {{"asap", true}}, turn.heard.text);
    return;
  }
  const Entity* entity = meant("time");
  if (const auto chosen = take_day(turn, frame, words, asked(slot) ? entity : nullptr)) {
    return put(slot, *chosen, turn.heard.text);
  }
  if (tells_no_time(slot, entity)) return;
  if (entity == nullptr || (!asked(slot) && !tells_appointment(slot))) return;
  auto range = time_range(entity->value);
  if (range && is_now(*range, turn.now())) {
    // "结果现在墙砖往下掉": told in passing, it is part of the matter.
    if (asked(slot) || correcting) put(slot, {{"asap", true}}, entity->text);
    return;
  }
  if (const auto joined = range ? joined_with_day(slot, *entity, *range) : std::nullopt) {
    return put(slot, to_json(*joined, turn.profile().zone), turn.heard.text);
  }
  if (!range || is_torn(turn.heard.text, entity->start, words) || asks_of_it(slot) ||
      says_again(slot, *range))
    return;
  if (is_past(slot, *range)) {
    // Told in passing ("昨天开始漏") it is part of the matter; as an answer it cannot be taken.
    const bool changes = correcting && frame.confirming;
    if (asked(slot) || changes || is_visit(*entity)) refuse_time(slot, {"form.past_time", {}});
    return;
  }
  if (entity->open_day && slot.future && ask_which_day(turn, frame, *range)) {
    frame.requested = slot.name;
    out.refused = true;
    return;
  }
  put(slot, entity->value, entity->text);
}

}  // namespace huiyin
