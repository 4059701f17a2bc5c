#include "bot/talk/form_filler.h"

#include "bot/talk/slot_filler.h"
#include "store/base/phone.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

constexpr std::size_t read_back_code_points_max = 100;

}  // namespace

Filled FormFiller::fill(Turn& turn, const FormSpec& form, FormFrame& frame, bool opening) const {
  SlotFiller step(words_, turn, form, frame, opening);
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
        step.is_filled(frame.requested)) {
      continue;
    }
    if (!slot.asked) continue;
    if (step.is_for_another(slot))
      step.take_next(slot);
    else
      step.fill(slot);
  }
  step.beside_contact();
  return std::move(step.out);
}

Json FormFiller::amendments(Turn& turn, const FormSpec& form, const FormFrame& done,
                            std::string_view asked) const {
  if (asked.empty() && !words_.corrects(reading(turn.heard))) return Json::object();
  FormFrame after = done;
  after.requested = asked == any_slot ? std::string_view() : asked;
  SlotFiller step(words_, turn, form, after, false);
  step.correcting = true;
  for (const auto& slot : form.slots) {
    const bool looks = slot.pattern && slot.anywhere;
    const bool free = slot.type == "description" || (slot.type == "text" && !looks) ||
                      slot.type == "choice" || slot.type == "number";
    if (free && !step.asked(slot)) continue;
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
  if (!value->is_string()) return value->dump();
  // What is read back is for recognising; the record keeps every word.
  const std::string text = value->get<std::string>();
  const std::string begins = first_code_points(text, read_back_code_points_max);
  return begins.size() == text.size() ? text : begins + "…";
}

Args FormFiller::shown(const Turn& turn, const FormSpec& form, const FormFrame& frame) {
  Args args;
  for (const auto& slot : form.slots) args[slot.name] = shown(turn, slot, frame);
  return args;
}

}  // namespace huiyin
