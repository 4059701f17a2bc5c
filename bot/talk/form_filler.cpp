#include "bot/talk/form_filler.h"

#include "bot/talk/answer_text.h"
#include "bot/talk/choice.h"
#include "bot/talk/substance.h"
#include "bot/talk/which_day.h"
#include "bot/understand/number_answer.h"
#include "store/base/phone.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

constexpr std::size_t name_code_points_max = 20, place_code_points_max = 40;
constexpr double sure_of_matter = 0.6, sure_of_words = 0.8, sure_question = 0.8;

Json given(Json value, std::string_view text) {
  return {{"value", std::move(value)}, {"text", text}};
}

}  // namespace

// One filling of one frame by one message.
struct FormFiller::Step {
  const TalkWords& words;
  Turn& turn;
  const FormSpec& form;
  FormFrame& frame;
  const bool opening;
  std::string lowered;
  bool correcting;
  Filled out;

  Step(const TalkWords& w, Turn& t, const FormSpec& f, FormFrame& fr, bool o)
      : words(w),
        turn(t),
        form(f),
        frame(fr),
        opening(o),
        lowered(reading(t.heard)),
        correcting(w.corrects(lowered)) {}

  bool asked(const SlotSpec& slot) const { return frame.requested == slot.name; }

  void put(const SlotSpec& slot, Json value, std::string_view text) {
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
  const Entity* meant(std::string_view kind) const {
    const Entity* best = nullptr;
    const auto offsets = byte_offsets(turn.heard.text);
    for (const auto& entity : turn.heard.entities) {
      if (entity.kind != kind) continue;
      const auto start = static_cast<std::size_t>(entity.start);
      const bool negated = start < offsets.size() && is_negated(kind, offsets[start]);
      if (!negated && (best == nullptr || correcting)) best = &entity;  // a correction: the last
    }
    return best;
  }

  // "不是502": the words right in front of it.
  bool is_negated(std::string_view kind, std::size_t byte) const {
    const std::string_view before = std::string_view(turn.heard.text).substr(0, byte);
    return words.negate(before) || (kind == "time" && words.rule_out(before));
  }

  void unit(const SlotSpec& slot) {
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

  // A building now and a room then, in one message or two; the room alone of a home that is known.
  std::optional<UnitId> unit_of_parts(const SlotSpec& slot) {
    std::string text = turn.heard.text;
    const std::string building = words.building_in(text);
    if (const auto at = building.empty() ? std::string::npos : text.find(building);
        at != std::string::npos) {
      frame.extra["building"] = building_id(building);
      text.replace(at, building.size(), " ");
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

  void phone(const SlotSpec& slot) {
    // "88881234" to the question for the line to be moved is that line, not where to call.
    const SlotSpec* question = form.slot(frame.requested);
    if (!correcting && question != nullptr && question->type == "text") return;
    if (const Entity* entity = meant("phone"); entity != nullptr && entity->value.is_string()) {
      put(slot, entity->value, entity->text);
    } else if (asked(slot)) {
      if (auto parsed = parse_phone(turn.heard.text)) put(slot, *parsed, turn.heard.text);
    }
  }

  void person(const SlotSpec& slot) {
    const bool known = frame.value(slot.name) != nullptr;
    if (known && !correcting && !frame.confirming && !asked(slot)) return;
    if (const Entity* entity = meant("person");
        entity != nullptr &&
        (asked(slot) || !slot.prefill.empty() || !is_own(turn.heard, *entity, words))) {
      put(slot, entity->text, entity->text);
      return;
    }
    // "Building 3, room 501, Wang Fang": a part with capitals among what else was told.
    if (!known && turn.heard.intent == Intent::inform) {
      const std::string part = capitalised_part(turn.heard.text);
      if (!part.empty()) return put(slot, part, part);
    }
    // Asked for a name, a few letters without digits are one.
    const std::string text(trim(turn.heard.text));
    const bool plausible = !text.empty() && code_points(text) <= name_code_points_max &&
                           turn.heard.entities.empty() && !turn.heard.yes_no &&
                           text.find_first_of("0123456789?？") == std::string::npos &&
                           !contains_any(lowered, words.repeat) &&
                           (is_capitalised(text) || turn.heard.intent == Intent::inform ||
                            turn.heard.intent == Intent::out_of_scope ||
                            (turn.heard.intent == Intent::reschedule &&  // "约翰" sounds like 约
                             !contains_any(lowered, words.another_time)) ||
                            turn.heard.confidence < 0.7);
    if (asked(slot) && plausible) put(slot, text, text);
  }

  bool is_past(const SlotSpec& slot, const TimeRange& range) const {
    return slot.future && range.to.value_or(range.from + std::chrono::minutes(1)) <= turn.now();
  }

  // A time that this slot would take, were it asked or not.
  bool tells_time(const SlotSpec& slot) const {
    if (!slot.asap.empty() && contains_any(lowered, slot.asap)) return true;
    const Entity* entity = meant("time");
    const auto range = entity == nullptr ? std::nullopt : time_range(entity->value);
    return range && !is_past(slot, *range);
  }

  // A time told while something else is asked: the first one told is taken; one that is known is
  // changed only by who means to ("这个月的管理费多少" does not).
  bool tells_appointment(const SlotSpec& slot) const {
    const bool means_it = correcting || turn.heard.intent == Intent::reschedule ||
                          turn.heard.intent == Intent::inform ||
                          std::find(form.intents.begin(), form.intents.end(), turn.heard.intent) !=
                              form.intents.end();
    const Entity* entity = meant("time");
    const bool month = entity != nullptr && text_of(entity->value, "grain") == "month";
    return (means_it || frame.value(slot.name) == nullptr) && (means_it || !month);
  }

  // "上个月物业费多少": the time is part of a question of its own.
  bool asks_of_it(const SlotSpec& slot) const {
    const Intent intent = turn.heard.intent;
    return asked(slot) && turn.heard.confidence >= sure_question &&
           (intent == Intent::ask_fee || intent == Intent::dispute_fee ||
            intent == Intent::ask_info || intent == Intent::report_payment ||
            intent == Intent::file_complaint);
  }

  // "现在没错了", "就周六": with the summary in view neither moves the hour that is told in it.
  bool says_again(const SlotSpec& slot, const TimeRange& range) const {
    const Json* now = frame.value(slot.name);
    if (!frame.confirming || correcting || now == nullptr) return false;
    if (!range.to && range.from <= turn.now() + std::chrono::minutes(1)) return true;
    const auto told = time_range(*now);
    return told && range.to && range.from <= told->from && told->from < *range.to &&
           (!told->to || *told->to <= *range.to);
  }

  void time(const SlotSpec& slot) {
    const bool soon = !slot.asap.empty() && contains_any(lowered, slot.asap);
    if (soon && (asked(slot) || frame.value(slot.name) == nullptr || correcting)) {
      put(slot, {{"asap", true}}, turn.heard.text);
      return;
    }
    const Entity* entity = meant("time");
    if (const auto chosen = take_day(turn, frame, words, asked(slot) ? entity : nullptr)) {
      return put(slot, *chosen, turn.heard.text);
    }
    if (entity == nullptr || (!asked(slot) && !tells_appointment(slot))) return;
    const auto range = time_range(entity->value);
    if (!range || is_torn(turn.heard.text, entity->start, words) || asks_of_it(slot) ||
        says_again(slot, *range))
      return;
    if (is_past(slot, *range)) {
      // Told in passing ("昨天开始漏") it is part of the matter; as an answer it cannot be taken.
      if (asked(slot)) {
        turn.say("form.past_time");
        out.refused = true;
      }
      return;
    }
    if (entity->open_day && slot.future && ask_which_day(turn, frame, *range)) {
      frame.requested = slot.name;
      out.refused = true;
      return;
    }
    put(slot, entity->value, entity->text);
  }

  void description(const SlotSpec& slot) {
    const bool empty = frame.value(slot.name) == nullptr;
    if (const Entity* item = correcting ? meant("item") : head_item(turn.heard)) {
      if (correcting)
        frame.extra["item"] = item->value;
      else
        frame.extra.emplace("item", item->value);
    }
    if (const Entity* place = turn.heard.first("place")) frame.extra.emplace("place", place->value);
    if (const Entity* who = turn.heard.first("person")) frame.extra.emplace("person", who->text);
    if (const Entity* unit = turn.heard.first("unit")) {
      frame.extra.emplace("unit", unit->value);
      frame.extra.emplace("unit_text", unit->text);
    }
    if (empty && (opening || !asked(slot)) && has_substance(turn.heard, form)) {
      const bool about_this = opening || turn.heard.first("item") != nullptr;
      if (about_this) put(slot, turn.message.text, turn.message.text);
    } else if (asked(slot) && (!empty || (!trim(turn.heard.text).empty() && !tells_no_matter()))) {
      put(slot, turn.message.text, turn.message.text);
    } else if (empty && !turn.message.attachments.empty() && asked(slot)) {
      put(slot, turn.message.attachments.front().url, "");
    } else if (!empty && tells_more()) {
      const std::string all = frame.text(slot.name) + "\n" + turn.message.text;
      put(slot, all, all);
    }
  }

  // Only where or who one is, or when one is at home ("我住12号楼1203", "明天上午十点"), a bare yes
  // or no, or thanks: not the matter that was asked for.
  bool tells_no_matter() const {
    const Intent intent = turn.heard.intent;
    const bool polite =
        (intent == Intent::thank || intent == Intent::greet || intent == Intent::goodbye) &&
        turn.heard.confidence >= sure_of_words && turn.heard.first("item") == nullptr;
    if (polite) return true;
    const bool told =
        turn.heard.yes_no ||
        std::any_of(form.slots.begin(), form.slots.end(), [&](const SlotSpec& slot) {
          if (slot.type == "time") return tells_time(slot);
          return (slot.type == "unit" || slot.type == "phone" || slot.type == "person") &&
                 turn.heard.first(slot.type) != nullptr;
        });
    return told && !has_substance(turn.heard, form);
  }

  // More of the matter, or another thing than was told ("不是水龙头，是花洒在漏"), while something
  // else is asked: kept with what was told.
  bool tells_more() const {
    if (turn.heard.first("item") == nullptr && !has_substance(turn.heard, form)) return false;
    const auto is_text_answer = [&](const SlotSpec& slot) {
      return asked(slot) && (slot.type == "text" || slot.type == "place" || slot.type == "person" ||
                             slot.type == "choice" || slot.type == "number");
    };
    if (std::any_of(form.slots.begin(), form.slots.end(), is_text_answer)) return false;
    if (correcting && turn.heard.first("item") != nullptr) return true;
    const bool about_this = std::find(form.intents.begin(), form.intents.end(),
                                      turn.heard.intent) != form.intents.end();
    return about_this && turn.heard.confidence >= sure_of_matter;
  }

  void place(const SlotSpec& slot) {
    const std::string text(trim(turn.heard.text));
    if (asked(slot) && !text.empty() && code_points(text) <= place_code_points_max) {
      put(slot, text, text);  // with its "right-hand side of …"
      return;
    }
    const Entity* spot = meant("place");
    const Entity* unit = meant("unit");
    std::string told = unit != nullptr ? unit->text : words.building_in(text);
    if (spot != nullptr && told.find(spot->text) == std::string::npos) {
      told += (told.empty() ? "" : " ") + spot->text;
    }
    if (told.empty() && asked(slot)) told = text;
    if (!told.empty()) put(slot, told, told);
  }

  // text, number, date, choice: only as an answer to their own question.
  void free_text(const SlotSpec& slot) {
    const std::string text(trim(turn.heard.text));
    if (text.empty()) return;
    if (slot.pattern) return patterned(slot);
    if (!asked(slot)) return;
    if (slot.type == "date") return date(slot);
    if (slot.type == "number") {
      if (auto number = number_in(text, labels_of(slot), told_otherwise(turn.heard))) {
        put(slot, std::move(*number), text);
      }
    } else if (slot.type == "choice") {
      if (const Choice* choice = choice_in(lowered, slot.choices, words.negation)) {
        put(slot, choice->zh, text);
      }
    } else if (turn.heard.intent != Intent::affirm || !turn.heard.yes_no) {
      put(slot, text, text);  // a bare "对" says nothing of what was asked
    }
  }

  // A text that must look like something ("粤B·12345"): what looks so is taken out of the answer.
  void patterned(const SlotSpec& slot) {
    const bool unasked = slot.anywhere && (frame.value(slot.name) == nullptr || correcting);
    if (!asked(slot) && !unasked) return;
    if (auto found = slot.matched(lowered)) put(slot, *found, *found);
  }

  // One day. Of "12月1号到12月20号" it is the first, and the last is for the slot that comes after.
  void date(const SlotSpec& slot) {
    const Entity* entity = meant("time");
    const auto told = entity == nullptr ? std::nullopt : time_range(entity->value);
    if (!told) return;
    const SpanOfDays days = days_of(*told);
    const TimeRange& day = slot.after.empty() ? days.first : days.last;
    if (!fits(slot, day)) return;
    const Zone& zone = turn.profile().zone;
    put(slot, to_json(day, zone), entity->text);
    const SlotSpec* end = days.first == days.last ? nullptr : follower(slot);
    if (end == nullptr || frame.value(end->name) != nullptr) return;
    put(*end, to_json(days.last, zone), entity->text);
  }
  // Neither past nor before the day that it follows; else it is said why.
  bool fits(const SlotSpec& slot, const TimeRange& day) {
    const Json* value = frame.value(slot.after);
    const auto bound = value == nullptr ? std::nullopt : time_range(*value);
    if (is_past(slot, day)) {
      turn.say("form.past_time");
    } else if (bound && day.from < bound->from) {
      turn.say("form.date_before", {{"field", slot.shown(turn.language())},
                                    {"other", form.slot(slot.after)->shown(turn.language())}});
    } else {
      return true;
    }
    out.refused = true;
    return false;
  }
  const SlotSpec* follower(const SlotSpec& slot) const {
    for (const auto& other : form.slots) {
      if (other.after == slot.name) return &other;
    }
    return nullptr;
  }
  void fill(const SlotSpec& slot) {
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

  // Of several slots of one type (one's own phone, that of a relative) an entity fills one: the one
  // that was asked for, else the first.
  bool is_for_another(const SlotSpec& slot) const {
    const bool typed = slot.type == "unit" || slot.type == "person" || slot.type == "phone" ||
                       slot.type == "time" || slot.type == "date";
    if (!typed || asked(slot)) return false;
    return std::any_of(form.slots.begin(), form.slots.end(), [&](const SlotSpec& other) {
      return other.name != slot.name && other.type == slot.type &&
             (asked(other) ||
              std::find(out.slots.begin(), out.slots.end(), other.name) != out.slots.end());
    });
  }

  bool skipped(const SlotSpec& slot) const {
    if (slot.required || !asked(slot) || ends_form(slot)) return false;
    return is_just(lowered, slot.skip.empty() ? words.skip : slot.skip) ||
           (turn.heard.yes_no && !*turn.heard.yes_no);
  }

  // "对" to "did you mean 3-2-501?".
  void take_suggestion() {
    const std::string suggested = text_of(frame.extra, "suggested_unit");
    if (suggested.empty()) return;
    frame.extra.erase("suggested_unit");
    if (!turn.heard.yes_no || !*turn.heard.yes_no) return;
    for (const auto& slot : form.slots) {
      if (slot.type != "unit") continue;
      const auto found = turn.directory.find_unit(
          turn.tx.read(), *UnitId::from_canonical(suggested), turn.session.estate);
      if (!found) continue;
      frame.extra["estate"] = found->estate;
      put(slot, suggested, suggested);
    }
  }
};

Filled FormFiller::fill(Turn& turn, const FormSpec& form, FormFrame& frame, bool opening) const {
  Step step(words_, turn, form, frame, opening);
  step.take_suggestion();
  for (const auto& slot : form.slots) {
    if (step.skipped(slot)) {
      frame.slots[slot.name] = {{"value", nullptr}, {"text", ""}, {"skipped", true}};
      step.out.slots.push_back(slot.name);
      step.out.understood = true;
      continue;
    }
    // Two free slots never take the same sentence: what the asked one took is taken.
    const bool told = slot.type == "place" && turn.heard.first("place") != nullptr;
    const bool free = (slot.type == "text" && !slot.pattern) || slot.type == "description" ||
                      (slot.type == "place" && !told);  // "东门的灯坏了" tells both
    if (free && !opening && !step.asked(slot) && !frame.requested.empty() &&
        std::find(step.out.slots.begin(), step.out.slots.end(), frame.requested) !=
            step.out.slots.end()) {
      continue;
    }
    if (slot.asked && !step.is_for_another(slot)) step.fill(slot);
  }
  return std::move(step.out);
}

Json FormFiller::amendments(Turn& turn, const FormSpec& form, const FormFrame& done) const {
  if (!words_.corrects(reading(turn.heard))) return Json::object();
  FormFrame after = done;
  after.requested.clear();
  Step step(words_, turn, form, after, false);
  for (const auto& slot : form.slots) {
    const bool looks = slot.pattern && slot.anywhere;
    if (slot.type == "description" || (slot.type == "text" && !looks)) continue;
    if (slot.asked && !step.is_for_another(slot)) step.fill(slot);
  }
  Json changed = Json::object();
  for (const auto& name : step.out.slots) changed[name] = after.slots[name];
  return changed;
}

std::string FormFiller::shown(const Turn& turn, const SlotSpec& slot, const FormFrame& frame) {
  const Json* value = frame.value(slot.name);
  if (value == nullptr) return {};
  if (slot.type == "phone" && value->is_string()) return national_phone(value->get<std::string>());
  if (slot.type == "time" || slot.type == "date") {
    if (value->is_object() && flag_of(*value, "asap")) return turn.phrase("repair.asap");
    if (const auto range = time_range(*value)) return turn.show(*range);
  }
  if (slot.type == "choice" && value->is_string()) {
    for (const auto& choice : slot.choices) {
      if (choice.zh == value->get<std::string>()) return choice.shown(turn.language());
    }
  }
  return value->is_string() ? value->get<std::string>() : value->dump();
}

Args FormFiller::shown(const Turn& turn, const FormSpec& form, const FormFrame& frame) {
  Args args;
  for (const auto& slot : form.slots) args[slot.name] = shown(turn, slot, frame);
  return args;
}

}  // namespace huiyin
