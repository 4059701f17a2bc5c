#include "dialogs/registers/registers.h"

#include <algorithm>

#include "bot/talk/form_filler.h"
#include "bot/talk/words.h"
#include "store/base/phone.h"
#include "store/base/text.h"

namespace huiyin::registers {
namespace {

constexpr std::string_view memory_id = "registers";
constexpr const char* contact_form = "contact";       // new details of a household
constexpr const char* archive_form = "qms-pm-31301";  // where they are kept

bool any_in(std::string_view said, const Json& words) {
  return std::any_of(words.begin(), words.end(), [&](const Json& word) {
    return word.is_string() && said.find(word.get_ref<const std::string&>()) != std::string::npos;
  });
}

// A register that its own words name more surely than the understanding does: "asked_by" of its
// file, {"intents": […], "words": […], "with": […]}.
const FormSpec* form_by_words(const Turn& turn) {
  const std::string said = reading(turn.heard);
  for (const auto& form : turn.forms.all()) {
    const auto by = form.options.find("asked_by");
    if (by == form.options.end() || !form.register_form) continue;
    const Json intents = by->value("intents", Json::array());
    const bool meant = std::any_of(intents.begin(), intents.end(), [&](const Json& name) {
      return name.is_string() && intent_of(name.get<std::string>()) == turn.heard.intent;
    });
    const Json with = by->value("with", Json::array());
    if (meant && any_in(said, by->value("words", Json::array())) &&
        (with.empty() || any_in(said, with))) {
      return &form;
    }
  }
  return nullptr;
}

// Identity data is taken with consent only: the slot that "consent" of the file names.
bool consent_missing(const FormSpec& form, const Json& columns) {
  const std::string slot = text_of(form.options, "consent");
  return !slot.empty() && text_of(columns, slot).empty();
}

std::string in_language(const std::map<std::string, std::string>& texts, Language language) {
  const auto it = texts.find(language == Language::en ? "en" : "zh");
  return it == texts.end() ? std::string() : it->second;
}

// A slot's value as the record keeps it: what the desk would have entered.
Json column_of(const SlotSpec& slot, const Json& value, const Zone& zone) {
  if (slot.type != "time" && slot.type != "date") return value;
  const auto range = time_range(value);
  if (!range) return nullptr;  // as soon as possible: no time
  const std::string from = zone.rfc3339(range->from);
  if (slot.type == "date") return from.substr(0, 10);
  if (!range->to) return from;
  return {{"from", from}, {"to", zone.rfc3339(*range->to)}};
}

// The unit that the message or the proven household names; "" when none is known.
std::string unit_of(const Turn& turn, std::string& estate) {
  if (const Entity* said = turn.heard.first("unit"); said != nullptr && said->value.is_string()) {
    if (const auto id = UnitId::from_canonical(said->value.get<std::string>())) {
      if (const auto found = turn.directory.find_unit(turn.tx.read(), *id, estate)) {
        estate = found->estate;
        return found->unit.canonical();
      }
    }
  }
  if (const auto home = turn.verified_unit(); home != 0) {
    if (const auto found = turn.directory.unit(turn.tx.read(), home)) {
      estate = found->estate;
      return found->unit.canonical();
    }
  }
  return {};
}

// The record to another home, which may be one of another estate.
void move(const Turn& turn, Record& record, const std::string& unit) {
  record.unit = unit;
  const auto id = UnitId::from_canonical(unit);
  if (!id) return;
  auto found = turn.directory.find_unit(turn.tx.read(), *id, record.estate);
  if (!found) found = turn.directory.find_unit(turn.tx.read(), *id, {});
  if (found) record.estate = found->estate;
}

std::string told_estate(const Turn& turn) {
  if (!turn.session.estate.empty()) return turn.session.estate;
  const auto estates = turn.directory.estates();
  return estates.size() == 1 ? estates.front() : std::string();
}

// What the task says: the register's title and its columns, in the words of staff.
std::string description_of(const Turn& turn, const FormSpec& form, const FormFrame& frame) {
  std::string out = in_language(form.title, Language::zh_hans);
  for (const auto& slot : form.slots) {
    const Json* value = frame.value(slot.name);
    if (slot.sensitive || value == nullptr) continue;
    out += "\n" + in_language(slot.label, Language::zh_hans) + ": ";
    out += slot.type == "choice" && value->is_string() ? value->get<std::string>()
                                                       : FormFiller::shown(turn, slot, frame);
  }
  return out;
}

// What was recorded, for whoever told it; "none" when there is nothing to show.
std::string summary_of(const Turn& turn, const FormSpec& form, const FormFrame& frame) {
  const bool english = turn.language() == Language::en;
  std::string out;
  for (const auto& slot : form.slots) {
    if (!slot.asked || slot.sensitive || frame.value(slot.name) == nullptr) continue;
    if (!out.empty()) out += english ? "; " : "；";
    out += turn.phrase("register.told", {{"field", slot.shown(turn.language())},
                                         {"value", FormFiller::shown(turn, slot, frame)}});
  }
  return out.empty() ? "none" : out;
}

}  // namespace

Outcome Registers::answer(Turn& turn) {
  const FormSpec* form = form_by_words(turn);
  if (form == nullptr && turn.heard.intent == Intent::update_contact) {
    // Where the new number is told it is taken as it was said; else it is asked for.
    if (turn.heard.first("phone") != nullptr || turn.forms.find(contact_form) == nullptr) {
      return take_contact(turn);
    }
    turn.open_form(contact_form);
    turn.actions.push_back(std::string(contact_form) + "_form");
    return Outcome::answered;
  }
  const Entity* named = turn.heard.first("form");
  if (form == nullptr && named != nullptr && named->value.is_string()) {
    form = turn.forms.find(named->value.get<std::string>());
  }
  if (form == nullptr || !form->register_form || form->action != "register") {
    return take_as_said(turn, "request.recorded");
  }
  turn.open_form(form->id);
  turn.actions.push_back(form->id + "_form");
  return Outcome::answered;
}

Outcome Registers::take_contact(Turn& turn) {
  Record record;
  record.form = archive_form;
  record.at = turn.now();
  record.by = "resident";
  record.estate = told_estate(turn);
  record.unit = unit_of(turn, record.estate);
  if (!record.unit.empty()) record.columns["unit"] = record.unit;
  if (const Entity* who = turn.heard.first("person")) record.columns["name"] = who->text;
  if (const Entity* phone = turn.heard.first("phone")) record.columns["phone"] = phone->value;
  record.columns["remarks"] = turn.message.text;
  record.order = take(turn, "contact.request_recorded", record.estate, record.unit);
  add_record(turn.tx.write(), record);
  return Outcome::answered;
}

Outcome Registers::take_as_said(Turn& turn, std::string_view phrase) {
  std::string estate = told_estate(turn);
  const std::string unit = unit_of(turn, estate);
  take(turn, phrase, estate, unit);
  return Outcome::answered;
}

std::string Registers::take(Turn& turn, std::string_view phrase, const std::string& estate,
                            const std::string& unit) {
  const std::string number = make_task_(turn, estate, unit, turn.message.text);
  Notice notice;
  notice.template_id = "task.staff";
  notice.category = "staff";
  notice.order = number;
  notice.estate = estate;
  notice.args = {{"number", number},
                 {"unit", unit.empty() ? std::string("—") : unit},
                 {"text", shortened(turn.message.text)}};
  turn.post.to_role(turn.tx, "front_desk", std::move(notice));
  turn.say(phrase, {{"number", number}});
  return number;
}

Outcome Registers::complete(Turn& turn, const FormSpec& form, const FormFrame& frame) {
  Record record;
  record.form = text_of(form.options, "record", form.id);
  record.at = turn.now();
  record.by = "resident";
  record.estate = text_of(frame.extra, "estate", told_estate(turn));
  const Zone& zone = turn.directory.profile(record.estate).zone;
  for (const auto& slot : form.slots) {
    const Json* value = frame.value(slot.name);
    if (value == nullptr) continue;
    record.columns[slot.name] = column_of(slot, *value, zone);
    if (slot.type == "unit" && value->is_string()) record.unit = value->get<std::string>();
  }
  if (consent_missing(form, record.columns)) {
    turn.say("register.no_consent");
    return Outcome::answered;
  }
  add_record(turn.tx.write(), record);
  if (flag_of(form.options, "task", true)) {
    record.order = make_task_(turn, record.estate, record.unit, description_of(turn, form, frame));
    set_order(turn.tx.write(), record.id, record.order);
  }
  const std::string number = record.order.empty() ? record.number : record.order;
  Notice notice;
  notice.template_id = "register.staff";
  notice.category = "staff";
  notice.order = record.order;
  notice.estate = record.estate;
  notice.args = {{"form", in_language(form.title, Language::zh_hans)},
                 {"number", number},
                 {"unit", record.unit.empty() ? std::string("—") : record.unit}};
  turn.post.to_role(turn.tx, text_of(form.options, "role", "front_desk"), notice);
  turn.say("register.recorded", {{"form", in_language(form.title, turn.language())},
                                 {"number", number},
                                 {"summary", summary_of(turn, form, frame)}});
  turn.memory(memory_id) = {{"form", form.id}, {"record", record.id}};
  return Outcome::answered;
}

bool Registers::amend(Turn& turn, const Json& slots) {
  const auto last = turn.session.memory.find("talk");  // the form that was completed last
  const auto own = turn.session.memory.find(std::string(memory_id));
  if (last == turn.session.memory.end() || own == turn.session.memory.end() ||
      text_of(*last, "form") != text_of(*own, "form")) {
    return false;
  }
  const FormSpec* form = turn.forms.find(text_of(*own, "form"));
  auto record = find_record(turn.tx.read(), int_of(*own, "record"));
  if (form == nullptr || !record) return false;
  const Zone& zone = turn.directory.profile(record->estate).zone;
  FormFrame shown;
  shown.slots = slots;
  for (const auto& slot : form->slots) {
    const Json* value = shown.value(slot.name);
    if (value == nullptr) continue;
    record->columns[slot.name] = column_of(slot, *value, zone);
    if (slot.type == "unit" && value->is_string()) move(turn, *record, value->get<std::string>());
    turn.say("form.corrected", {{"field", in_language(slot.label, turn.language())},
                                {"value", FormFiller::shown(turn, slot, shown)}});
  }
  change_record(turn.tx.write(), *record);
  return true;
}

}  // namespace huiyin::registers
