#include "bot/talk/slot_filler.h"
#include "bot/talk/substance.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

constexpr std::size_t place_code_points_max = 40;
constexpr double sure_of_matter = 0.6, sure_of_words = 0.8;

}  // namespace

bool SlotFiller::is_elsewhere(const Entity& entity) const {
  const auto ours = [&](const ToldMatter& told) {
    return std::find(form.intents.begin(), form.intents.end(), told.intent) != form.intents.end();
  };
  const auto& told = turn.heard.told;
  return std::any_of(told.begin(), told.end(), ours) &&
         std::any_of(told.begin(), told.end(), [&](const ToldMatter& one) {
           return !ours(one) && entity.start >= one.start && entity.end <= one.end;
         });
}

const Entity* SlotFiller::first_here(std::string_view kind) const {
  for (const auto& entity : turn.heard.entities) {
    if (entity.kind == kind && !is_elsewhere(entity)) return &entity;
  }
  return nullptr;
}

// "单元门的门禁": of things told in one breath the last is the one that is broken.
const Entity* SlotFiller::head_item() const {
  const Entity* head = nullptr;
  for (const auto& entity : turn.heard.entities) {
    if (entity.kind != "item" || is_elsewhere(entity)) continue;
    if (head != nullptr && entity.start > head->end + 1) break;
    head = &entity;
  }
  return head;
}

// What the completion wants to know of the matter besides its words.
void SlotFiller::keep_for_later() {
  if (const Entity* item = correcting ? meant("item") : head_item()) {
    if (correcting)
      frame.extra["item"] = item->value;
    else
      frame.extra.emplace("item", item->value);
  }
  if (const Entity* place = first_here("place")) frame.extra.emplace("place", place->value);
  if (const Entity* who = turn.heard.first("person")) frame.extra.emplace("person", who->text);
  if (const Entity* unit = turn.heard.first("unit")) {
    frame.extra.emplace("unit", unit->value);
    frame.extra.emplace("unit_text", unit->text);
  }
}

void SlotFiller::description(const SlotSpec& slot) {
  const bool empty = frame.value(slot.name) == nullptr;
  keep_for_later();
  if (empty && (opening || !asked(slot)) && has_substance(turn.heard, form)) {
    const bool about_this = opening || turn.heard.first("item") != nullptr;
    if (about_this) put(slot, turn.message.text, turn.message.text);
  } else if (empty && opening && says_something(turn.heard, form)) {
    frame.extra["began"] = turn.message.text;  // "漏水": too little by itself, but not lost
  } else if (asked(slot) && (!empty || (!trim(turn.heard.text).empty() && !tells_no_matter()))) {
    std::string all = empty ? text_of(frame.extra, "began") : std::string();
    all += (all.empty() ? "" : "\n") + turn.message.text;
    put(slot, all, all);
  } else if (empty && !turn.message.attachments.empty() && asked(slot)) {
    put(slot, turn.message.attachments.front().url, "");
  } else if (!empty && tells_more()) {
    const std::string all = frame.text(slot.name) + "\n" + turn.message.text;
    put(slot, all, all);
  }
}

// Only where or who one is, or when one is at home ("我住12号楼1203", "明天上午十点"), a bare yes
// or no, or thanks: not the matter that was asked for.
bool SlotFiller::tells_no_matter() const {
  if (is_nothing_but(lowered, words.abuse)) return true;
  const Intent intent = turn.heard.intent;
  const bool polite = (intent == Intent::thank || intent == Intent::greet ||
                       intent == Intent::goodbye || intent == Intent::help) &&
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
bool SlotFiller::tells_more() const {
  if (turn.heard.first("item") == nullptr && !has_substance(turn.heard, form)) return false;
  const auto is_text_answer = [&](const SlotSpec& slot) {
    return asked(slot) && (slot.type == "text" || slot.type == "place" || slot.type == "person" ||
                           slot.type == "choice" || slot.type == "number");
  };
  if (std::any_of(form.slots.begin(), form.slots.end(), is_text_answer)) return false;
  if (correcting && turn.heard.first("item") != nullptr) return true;
  const bool about_this =
      std::find(form.intents.begin(), form.intents.end(), turn.heard.intent) != form.intents.end();
  return about_this && turn.heard.confidence >= sure_of_matter;
}

void SlotFiller::place(const SlotSpec& slot) {
  const std::string text(trim(turn.heard.text));
  if (asked(slot) && !text.empty() && code_points(text) <= place_code_points_max) {
    put(slot, text, text);  // with its "right-hand side of …"
    return;
  }
  const Entity* spot = meant("place");
  const Entity* unit = meant("unit");
  // "1栋门口…我是1栋1单元101张三": where it is, and who tells it.
  const bool whole = spot != nullptr && !words.building_in(spot->text).empty();
  if (unit != nullptr && spot != nullptr && (whole || is_own(*unit))) unit = nullptr;
  if (whole) return put(slot, spot->text, spot->text);
  std::string told = unit != nullptr ? unit->text : words.building_in(text);
  if (spot != nullptr && spot->text.find(told) != std::string::npos) {
    told = spot->text;  // 3栋2单元电梯里 holds 3栋2单元电梯
  } else if (spot != nullptr && told.find(spot->text) == std::string::npos) {
    told += (told.empty() ? "" : " ") + spot->text;
  }
  if (told.empty() && asked(slot)) told = text;
  if (!told.empty()) put(slot, told, told);
}

}  // namespace huiyin
