#include "bot/talk/slot_filler.h"

#include <algorithm>

#include "bot/talk/answer_text.h"
#include "bot/talk/choice.h"
#include "bot/talk/substance.h"
#include "bot/understand/number_answer.h"
#include "store/base/phone.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

constexpr std::size_t name_code_points_max = 20, han_name_code_points_max = 6;
constexpr double sure_of_matter = 0.6;

Json given(Json value, std::string_view text) {
  return {{"value", std::move(value)}, {"text", text}};
}

std::vector<std::string> labels_of(const SlotSpec& slot) {
  std::vector<std::string> labels;
  for (const auto& [language, label] : slot.label) labels.push_back(label);
  return labels;
}

bool is_latin(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_day(const Entity& entity) {
  return entity.kind == "time" && text_of(entity.value, "grain") != "minute";
}

}  // namespace

SlotFiller::SlotFiller(const TalkWords& w, Turn& t, const FormSpec& f, FormFrame& fr, bool o)
    : words(w), turn(t), form(f), frame(fr), opening(o), lowered(reading(t.heard)) {
  correcting = words.corrects(lowered) || (frame.confirming && contains_any(lowered, words.rather));
}

bool SlotFiller::is_filled(std::string_view name) const {
  return std::find(out.slots.begin(), out.slots.end(), name) != out.slots.end();
}

void SlotFiller::put(const SlotSpec& slot, Json value, std::string_view text) {
  const Json* before = frame.value(slot.name);
  out.understood = true;
  if (before != nullptr && *before == value) {
    if (asked(slot)) out.slots.push_back(slot.name);
    return;
  }
  if (before != nullptr) out.corrected.push_back(slot.name);
  frame.slots[slot.name] = given(std::move(value), text);
  out.slots.push_back(slot.name);
}

// The entity of a kind that is meant: in a correction not the one behind "不是".
const Entity* SlotFiller::meant(std::string_view kind) const {
  const Entity* best = nullptr;
  const auto offsets = byte_offsets(turn.heard.text);
  for (const auto& entity : turn.heard.entities) {
    if (entity.kind != kind || ((kind == "place" || kind == "item") && is_elsewhere(entity))) {
      continue;
    }
    const auto start = static_cast<std::size_t>(entity.start);
    const bool negated = start < offsets.size() && is_negated(kind, offsets[start]);
    const bool instead = correcting || (best != nullptr && takes_back(best->end, entity.start));
    if (!negated && (best == nullptr || instead)) best = &entity;  // a correction: the last
  }
  return best;
}

// "明天上午，不，后天上午": what stands between the two takes the first one back.
bool SlotFiller::takes_back(int from, int to) const {
  const auto offsets = byte_offsets(turn.heard.text);
  if (from > to || static_cast<std::size_t>(to) >= offsets.size()) return false;
  const auto begin = offsets[static_cast<std::size_t>(from)];
  std::string between =
      lower_ascii(turn.heard.text.substr(begin, offsets[static_cast<std::size_t>(to)] - begin));
  for (const std::string_view mark : {"，", "。", "、", "！", "…", ",", ".", "!", "-"}) {
    for (auto at = between.find(mark); at != std::string::npos; at = between.find(mark)) {
      between.replace(at, mark.size(), " ");
    }
  }
  const std::string_view said = trim(between);
  return std::find(words.take_back.begin(), words.take_back.end(), said) != words.take_back.end();
}

// "不是502": the words right in front of it.
bool SlotFiller::is_negated(std::string_view kind, std::size_t byte) const {
  const std::string_view before = std::string_view(turn.heard.text).substr(0, byte);
  return words.negate(before) || (kind == "time" && words.rule_out(before));
}

// "我是王芳": who writes, which is not who a register is about (its slot is not prefilled with
// the household's name).
bool SlotFiller::is_own(const Entity& entity) const {
  const auto offsets = byte_offsets(turn.heard.text);
  const auto start = static_cast<std::size_t>(entity.start);
  if (start >= offsets.size()) return false;
  const std::string before =
      lower_ascii(trim(std::string_view(turn.heard.text).substr(0, offsets[start])));
  return std::any_of(words.self.begin(), words.self.end(),
                     [&](const std::string& word) { return before.ends_with(word); });
}

void SlotFiller::unit(const SlotSpec& slot) {
  std::optional<UnitId> said;
  std::string text;
  if (const Entity* entity = meant("unit"); entity != nullptr && entity->value.is_string()) {
    said = UnitId::from_canonical(entity->value.get<std::string>());
    text = entity->text;
  } else if (turn.heard.first("phone") == nullptr && (opening || correcting || asked(slot))) {
    said = unit_of_parts(slot);
    text = trim(turn.heard.text);
  }
  if (!said) return;
  bool ambiguous = false;
  const auto found =
      turn.directory.find_unit(turn.tx.read(), *said, turn.session.estate, &ambiguous);
  if (found) {
    if (turn.session.estate.empty()) turn.session.estate = found->estate;
    frame.extra["estate"] = found->estate;
    put(slot, found->unit.canonical(), text);
    return;
  }
  out.refused = true;
  if (ambiguous) {
    turn.say("form.ambiguous_unit", {{"unit", said->canonical()}});
  } else if (const auto near =
                 turn.directory.near_unit(turn.tx.read(), *said, turn.session.estate)) {
    turn.say("form.near_unit",
             {{"unit", said->canonical()}, {"suggestion", near->unit.canonical()}});
    frame.extra["suggested_unit"] = near->unit.canonical();
  } else {
    turn.say("form.invalid_unit", {{"unit", said->canonical()}});
  }
  frame.requested = slot.name;
}

// What was said, with blanks for the numbers of orders: "WX20261123-0007" tells no room 0007.
std::string SlotFiller::without_orders() const {
  std::string text = turn.heard.text;
  const auto offsets = byte_offsets(text);
  for (const auto& entity : turn.heard.entities) {
    const auto start = static_cast<std::size_t>(entity.start);
    const auto end = static_cast<std::size_t>(entity.end);
    if (entity.kind != "order" || start >= end || end >= offsets.size()) continue;
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(offsets[start]),
              text.begin() + static_cast<std::ptrdiff_t>(offsets[end]), ' ');
  }
  return text;
}

// A building now and a room then, in one message or two; the room alone of a home that is known.
std::optional<UnitId> SlotFiller::unit_of_parts(const SlotSpec& slot) {
  std::string text = without_orders();
  const std::string building = words.building_in(text);
  if (const auto at = building.empty() ? std::string::npos : text.find(building);
      at != std::string::npos) {
    frame.extra["building"] = building_id(building);
    frame.extra["building_said"] = building;
    text.replace(at, building.size(), " ");
  } else if (asked(slot) && takes_entrance(text)) {
    turn.say("form.unit_needs_room");
    out.refused = out.understood = true;
    return std::nullopt;
  }
  const std::string room = opening ? std::string() : last_room(text, words);
  const bool answers =
      turn.heard.intent == Intent::inform || turn.heard.confidence < sure_of_matter;
  if (room.empty() && !building.empty() && asked(slot) && answers) {
    turn.say("form.unit_needs_room");
    out.refused = out.understood = true;
  }
  if (room.empty()) return std::nullopt;
  const Json* now = frame.value(slot.name);
  const std::string told = text_of(frame.extra, "building");
  auto unit = now != nullptr && building.empty() ? UnitId::from_canonical(now->get<std::string>())
                                                 : UnitId::from_canonical(told + "-" + room);
  if (unit) unit->room = room;
  return told.empty() && now == nullptr ? std::nullopt : unit;
}

// "2单元" after "3栋": together they are one address without its room.
bool SlotFiller::takes_entrance(const std::string& text) {
  const std::string before = text_of(frame.extra, "building_said");
  if (before.empty()) return false;
  for (const char* between : {"", " "}) {
    const std::string both = before + between + std::string(trim(text));
    if (words.building_in(both) != both) continue;
    frame.extra["building"] = building_id(both);
    frame.extra["building_said"] = both;
    return true;
  }
  return false;
}

void SlotFiller::phone(const SlotSpec& slot) {
  // "88881234" to the question for the line to be moved is that line, not where to call.
  const SlotSpec* question = form.slot(frame.requested);
  if (!correcting && question != nullptr && question->type == "text") return;
  if (const Entity* entity = meant("phone"); entity != nullptr && entity->value.is_string()) {
    put(slot, entity->value, entity->text);
  } else if (asked(slot)) {
    if (auto parsed = parse_phone(turn.heard.text)) put(slot, *parsed, turn.heard.text);
  }
}

void SlotFiller::person(const SlotSpec& slot) {
  const bool known = frame.value(slot.name) != nullptr;
  const Entity* entity = meant("person");
  if (known && !correcting && !frame.confirming && !asked(slot)) {
    const std::string said(trim(turn.heard.text));
    const bool again = said == frame.text(slot.name) ||
                       (entity != nullptr && entity->text == frame.text(slot.name));
    if (again) out.understood = true;
    // A name and nothing else is the fuller one: 李四 after 老李.
    const bool name_alone = (entity != nullptr && entity->text == said) || is_capitalised(said);
    if (!again && name_alone && !slot.prefill.empty()) put(slot, said, said);
    return;
  }
  if (entity != nullptr && (asked(slot) || !slot.prefill.empty() || !is_own(*entity))) {
    return put(slot, entity->text, entity->text);
  }
  // "Building 3, room 501, Wang Fang": a part with capitals among what else was told.
  const bool introduces =
      turn.heard.first("phone") != nullptr || turn.heard.first("unit") != nullptr;
  if (!known && (turn.heard.intent == Intent::inform || (opening && introduces))) {
    const std::string part = capitalised_part(turn.heard.text);
    if (!part.empty()) return put(slot, part, part);
  }
  const std::string text(trim(turn.heard.text));
  if (asked(slot) && may_be_name(text)) put(slot, text, text);
}

// Asked for a name, a few letters without digits are one.
bool SlotFiller::may_be_name(std::string_view text) const {
  const Intent intent = turn.heard.intent;
  return !text.empty() && code_points(text) <= name_code_points_max &&
         turn.heard.entities.empty() && !turn.heard.yes_no &&
         text.find_first_of("0123456789?？") == std::string::npos &&
         !contains_any(lowered, words.repeat) && !contains_any(lowered, words.upset) &&
         // "too expensive" is none, "tom" may be one
         (is_latin(text) ? is_capitalised(text) || text.find(' ') == std::string_view::npos
                         : code_points(text) <= han_name_code_points_max) &&
         (is_capitalised(text) || intent == Intent::inform || intent == Intent::out_of_scope ||
          (intent == Intent::reschedule &&  // "约翰" sounds like 约
           !contains_any(lowered, words.another_time)) ||
          turn.heard.confidence < 0.7);
}

// A number that was not asked for needs its label beside it ("水表123，电表4567").
void SlotFiller::number(const SlotSpec& slot, const std::string& text) {
  if (asked(slot)) {
    if (auto number = number_in(text, labels_of(slot), told_otherwise())) {
      put(slot, std::move(*number), text);
    }
  } else if (correcting || frame.value(slot.name) == nullptr) {
    if (auto number = number_beside(text, labels_of(slot), told_otherwise())) {
      put(slot, std::move(*number), text);
    }
  }
}

// A choice named before its question is taken when its word is long enough to mean nothing else.
void SlotFiller::choice(const SlotSpec& slot, const std::string& text) {
  constexpr std::size_t bytes_min = 6;
  // "业主身份卡" opens a form and says nothing of who writes.
  if (!asked(slot) && (opening || (frame.value(slot.name) != nullptr && !correcting))) return;
  std::size_t longest = 0;
  const Choice* choice = choice_in(lowered, slot.choices, words, &longest);
  if (choice == nullptr || (!asked(slot) && longest < bytes_min)) return;
  put(slot, choice->zh, text);
}

// One day. Of "12月1号到12月20号" it is the first, and the last is for the slot that comes after.
void SlotFiller::date(const SlotSpec& slot) {
  if (!asked(slot)) return;
  const Entity* entity = meant("time");
  const auto told = entity == nullptr ? std::nullopt : time_range(entity->value);
  if (!told) return;
  const SpanOfDays days = days_of(*told);
  const TimeRange& day = slot.after.empty() ? days.first : days.last;
  if (const auto fault = fault_of(slot, day); !fault.empty()) {
    const SlotSpec* other = form.slot(slot.after);
    turn.say(fault, other == nullptr ? Args()
                                     : Args{{"field", slot.shown(turn.language())},
                                            {"other", other->shown(turn.language())}});
    out.refused = true;
    return;
  }
  if (ends_before(slot, *entity, day)) return;
  const Zone& zone = turn.profile().zone;
  put(slot, to_json(day, zone), entity->text);
  if (days.first == days.last) return;
  for (const auto& end : form.slots) {
    if (end.after != slot.name || frame.value(end.name) != nullptr) continue;
    put(end, to_json(days.last, zone), entity->text);
  }
}

// "12月31日到12月1日": of the two neither can be taken.
bool SlotFiller::ends_before(const SlotSpec& slot, const Entity& first, const TimeRange& day) {
  for (const auto& end : form.slots) {
    if (end.after != slot.name || end.type != "date" || frame.value(end.name) != nullptr) continue;
    for (const auto& entity : turn.heard.entities) {
      if (!is_day(entity) || entity.start < first.end) continue;
      const auto last = time_range(entity.value);
      if (!last || last->from >= day.from || takes_back(first.end, entity.start)) continue;
      turn.say("form.date_before",
               {{"field", end.shown(turn.language())}, {"other", slot.shown(turn.language())}});
      out.refused = true;
      return true;
    }
  }
  return false;
}

std::string_view SlotFiller::fault_of(const SlotSpec& slot, const TimeRange& day) const {
  if (is_past(slot, day)) return "form.past_time";
  const Json* value = frame.value(slot.after);
  const auto bound = value == nullptr ? std::nullopt : time_range(*value);
  return bound && day.from < bound->from ? "form.date_before" : "";
}

// A text that must look like something ("粤B·12345"): what looks so is taken out of the answer.
void SlotFiller::patterned(const SlotSpec& slot) {
  const bool unasked = slot.anywhere && (frame.value(slot.name) == nullptr || correcting);
  if (!asked(slot) && !unasked) return;
  if (auto found = slot.matched(lowered)) put(slot, *found, *found);
}

// Text: only as an answer to its own question; numbers and choices also where they are named.
void SlotFiller::free_text(const SlotSpec& slot) {
  const std::string text(trim(turn.heard.text));
  if (text.empty()) return;
  if (slot.type == "number") return number(slot, text);
  if (slot.type == "choice") return choice(slot, text);
  if (slot.type == "date") return date(slot);
  if (slot.pattern) return patterned(slot);
  // A bare "对" says nothing of what was asked.
  if (asked(slot) && (turn.heard.intent != Intent::affirm || !turn.heard.yes_no)) {
    put(slot, text, text);
  }
}

// Where the message tells an address, a phone or a day: those digits are no number that was
// asked for. Half-open, in code points of the text without the blanks before it.
std::vector<std::pair<int, int>> SlotFiller::told_otherwise() const {
  constexpr std::size_t phone_digits_min = 11;
  const std::string_view text = turn.heard.text;
  const int blanks = static_cast<int>(text.find_first_not_of(" \t\r\n"));
  std::vector<std::pair<int, int>> ranges;
  for (const auto& entity : turn.heard.entities) {
    const bool other = entity.kind == "unit" || entity.kind == "order" ||
                       (entity.kind == "phone" && entity.text.size() >= phone_digits_min) ||
                       (entity.kind == "time" && !is_bare_number(entity.text));
    if (other) ranges.emplace_back(entity.start - blanks, entity.end - blanks);
  }
  return ranges;
}

void SlotFiller::fill(const SlotSpec& slot) {
  if (slot.type == "unit")
    unit(slot);
  else if (slot.type == "phone")
    phone(slot);
  else if (slot.type == "person")
    person(slot);
  else if (slot.type == "time")
    time(slot);
  else if (slot.type == "description")
    description(slot);
  else if (slot.type == "place")
    place(slot);
  else
    free_text(slot);
}

bool SlotFiller::is_for_another(const SlotSpec& slot) const {
  const bool typed = slot.type == "unit" || slot.type == "person" || slot.type == "phone" ||
                     slot.type == "time" || slot.type == "date";
  if (!typed || asked(slot)) return false;
  const bool settled = frame.value(slot.name) != nullptr && !correcting && !frame.confirming;
  return std::any_of(form.slots.begin(), form.slots.end(), [&](const SlotSpec& other) {
    if (other.name == slot.name || other.type != slot.type) return false;
    const bool open = other.asked && !frame.slots.contains(other.name);
    return asked(other) || is_filled(other.name) || (settled && open);
  });
}

void SlotFiller::take_next(const SlotSpec& slot) {
  const bool several = slot.type == "date" || slot.type == "phone" || slot.type == "person";
  if (!several || correcting || frame.slots.contains(slot.name)) return;
  const auto before = std::count_if(
      form.slots.begin(), form.slots.end(),
      [&](const SlotSpec& other) { return other.type == slot.type && is_filled(other.name); });
  if (before == 0) return;
  std::int64_t index = 0;
  for (const auto& entity : turn.heard.entities) {
    const bool fits = slot.type == "date" ? is_day(entity) : entity.kind == slot.type;
    if (!fits || index++ < before) continue;
    const auto day = slot.type == "date" ? time_range(entity.value) : std::nullopt;
    if (day && !fault_of(slot, *day).empty()) return;  // asked for, and told why then
    put(slot, slot.type == "person" ? Json(entity.text) : entity.value, entity.text);
    return;
  }
}

// "姓王", "我叫李四": who writes. A name amid other words may be somebody else's.
std::string SlotFiller::own_name() const {
  constexpr std::size_t around_max = 4;
  const Entity* person = meant("person");
  if (person != nullptr && (is_own(*person) || code_points(trim(turn.heard.text)) <=
                                                   code_points(person->text) + around_max)) {
    return person->text;
  }
  const std::string text(trim(turn.heard.text));
  return is_capitalised(text) ? text : std::string();
}

void SlotFiller::beside_contact() {
  const SlotSpec* contact = form.slot(frame.requested);
  if (opening || contact == nullptr || !is_offered_contact(*contact)) return;
  if (is_filled(contact->name) || out.refused) return;
  if (turn.heard.text.find_first_of("0123456789") != std::string::npos) return;
  out.own_name = own_name();
  if (!out.own_name.empty()) {
    frame.extra[FormFiller::own_name] = out.own_name;
    out.understood = true;
    return;
  }
  const Intent intent = turn.heard.intent;
  const bool polite = turn.heard.yes_no || intent == Intent::thank || intent == Intent::greet ||
                      intent == Intent::goodbye || intent == Intent::affirm;
  const bool of_the_matter =
      intent == Intent::inform || intent == Intent::out_of_scope ||
      turn.heard.confidence < sure_of_matter ||
      std::find(form.intents.begin(), form.intents.end(), intent) != form.intents.end();
  for (const auto& slot : form.slots) {
    if (slot.type != "description" || frame.value(slot.name) == nullptr) continue;
    out.noted = is_filled(slot.name);
    if (out.noted || polite || !of_the_matter || !says_something(turn.heard, form)) continue;
    const std::string all = frame.text(slot.name) + "\n" + turn.message.text;
    frame.slots[slot.name] = given(all, all);
    out.noted = out.understood = true;
  }
}

bool SlotFiller::skipped(const SlotSpec& slot) const {
  const bool forgone = std::any_of(slot.forgo.begin(), slot.forgo.end(),
                                   [&](const auto& word) { return words.affirms(lowered, word); });
  if (forgone && !frame.slots.contains(slot.name)) return true;
  if (slot.required || !asked(slot) || ends_form(slot)) return false;
  return is_just(lowered, slot.skip.empty() ? words.skip : slot.skip) ||
         (turn.heard.yes_no && !*turn.heard.yes_no);
}

// "对" to "did you mean 3-2-501?".
void SlotFiller::take_suggestion() {
  const std::string suggested = text_of(frame.extra, "suggested_unit");
  if (suggested.empty()) return;
  frame.extra.erase("suggested_unit");
  if (!turn.heard.yes_no || !*turn.heard.yes_no) return;
  for (const auto& slot : form.slots) {
    if (slot.type != "unit") continue;
    const auto found = turn.directory.find_unit(turn.tx.read(), *UnitId::from_canonical(suggested),
                                                turn.session.estate);
    if (!found) continue;
    frame.extra["estate"] = found->estate;
    put(slot, suggested, suggested);
  }
}

}  // namespace huiyin
