#include "dialogs/orders/chat_intake.h"

#include "dialogs/orders/theirs.h"
#include "store/base/phone.h"

namespace huiyin::orders {
namespace {

constexpr const char* memory_key = "orders";

// Corrections are taken until the work begins.
bool still_open(const Order& order) {
  return order.live &&
         !listed("arrived in_progress completed signed returned resolved revisited", order.state);
}

// Joining an order tells its number and adds to it: only for who may see it (guarantee 6), or who
// names the phone that it was reported with.
bool known_reporter(const Turn& turn, const Order& order, const NewOrder& told) {
  if (!told.phone.empty() && told.phone == order.phone) return true;
  return reported(turn, order);
}

std::string estate_of(const Turn& turn, const FormFrame& frame) {
  std::string found = text_of(frame.extra, "estate");
  if (!found.empty()) return found;
  if (!turn.session.estate.empty()) return turn.session.estate;
  const auto estates = turn.directory.estates();
  return estates.empty() ? std::string() : estates.front();
}

void place_unit(const Turn& turn, NewOrder& order, std::string_view canonical) {
  const auto unit = UnitId::from_canonical(canonical);
  if (!unit) return;
  const auto found = turn.directory.find_unit(turn.tx.read(), *unit, order.estate);
  if (!found) return;
  order.unit_id = found->id;
  order.unit = found->unit.canonical();
  order.estate = found->estate;
}

std::string label_of(const Turn& turn, const IntakeStyle& style, const std::string& slot) {
  const FormSpec* form = turn.forms.find(style.form);
  const SlotSpec* spec = form == nullptr ? nullptr : form->slot(slot);
  if (spec == nullptr) return slot;
  const auto label = spec->label.find(turn.language() == Language::en ? "en" : "zh");
  return label == spec->label.end() ? slot : label->second;
}

// What a correction is of: the order that it names, else the one recorded last. Staff correct what
// they reported themselves; of other orders the desk has its own words.
std::optional<Order> to_amend(const Turn& turn, const IntakeStyle& style) {
  if (!turn.proven) return std::nullopt;
  bool named = false;
  auto order = named_theirs(turn, named);
  if (!named) {
    const auto memory = turn.session.memory.find(memory_key);
    if (memory == turn.session.memory.end()) return std::nullopt;
    order = find(turn.tx.read(), text_of(*memory, "number"));
  }
  const bool theirs = order && order->live && order->kind == style.kind &&
                      (named ? reported(turn, *order) : order->conversation == turn.conversation());
  return theirs ? order : std::nullopt;
}

// Reads the corrected slots into a change; `shown` says each for people.
Amendment read_change(const Turn& turn, const Orders& orders, const IntakeStyle& style,
                      const Order& order, const Json& slots,
                      std::vector<std::pair<std::string, std::string>>& shown) {
  Amendment change;
  for (const auto& [name, slot] : slots.items()) {
    const Json value = slot.value("value", Json());
    const std::string text = value.is_string() ? value.get<std::string>() : std::string();
    if (text.empty() && name != "time") continue;
    std::string value_shown = text;
    if (name == "unit") {
      const auto unit = UnitId::from_canonical(text);
      if (!unit) continue;
      change.unit = turn.directory.find_unit(turn.tx.read(), *unit, order.estate);
      if (!change.unit) change.unit = turn.directory.find_unit(turn.tx.read(), *unit, "");
      if (!change.unit) continue;
    } else if (name == "time") {
      change.appointment = appointment_of(value, turn.now());
      Order after = order;
      after.appointment = *change.appointment;
      value_shown = orders.time_for_people(after, turn.language(), turn.now());
    } else if (name == "name") {
      change.name = text;
    } else if (name == "phone") {
      change.phone = text;
      value_shown = national_phone(text);
    } else if (name == "place") {
      change.place = text;
    } else if (name == "description") {
      change.description = text;
    } else {
      continue;
    }
    shown.emplace_back(label_of(turn, style, name), value_shown);
  }
  return change;
}

// Work has begun or is done: a person sees to the correction, and that is what is said.
bool pass_on(Turn& turn, Orders& orders, const Order& order,
             const std::vector<std::pair<std::string, std::string>>& shown) {
  for (const auto& [field, value] : shown) {
    const std::string what = turn.speech.say(
        "order.correction_task", Language::zh_hans,
        {{"number", order.number}, {"field", field}, {"value", value}}, turn.moment());
    const std::string task = orders.record(turn.tx, task_of(turn, order.estate, order.unit, what));
    turn.say("order.correction_passed_on", {{"number", order.number}, {"task", task}});
  }
  return true;
}

}  // namespace

std::string slot_text(const FormFrame& frame, std::string_view slot) {
  const Json* value = frame.value(slot);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<Appointment> appointment_of(const Json& value, Instant now) {
  if (flag_of(value, "asap")) return std::nullopt;
  const auto range = time_range(value);
  if (!range) return std::nullopt;
  const bool at_once = !range->to && range->from <= now + std::chrono::minutes(1);
  if (at_once) return std::nullopt;
  return Appointment{range->from, range->to};
}

NewOrder order_of(const Turn& turn, const Orders& orders, Kind kind, const FormFrame& frame) {
  NewOrder order;
  order.kind = kind;
  order.estate = estate_of(turn, frame);
  if (const std::string unit = slot_text(frame, "unit"); !unit.empty()) {
    place_unit(turn, order, unit);
  }
  order.description = slot_text(frame, "description");
  order.place = slot_text(frame, "place");
  if (order.place.empty()) order.place = text_of(frame.extra, "place");
  order.item = text_of(frame.extra, "item");
  if (const auto* item =
          orders.catalogue().find(order.item.empty() ? order.description : order.item)) {
    order.item = item->name;
    order.category = item->name;
  }
  order.name = slot_text(frame, "name");
  order.phone = slot_text(frame, "phone");
  if (const Json* time = frame.value("time")) order.appointment = appointment_of(*time, turn.now());
  order.conversation = turn.conversation();
  order.actor = Actor::resident(turn.message.channel);
  order.language = turn.language();
  order.received_at = turn.now();
  return order;
}

void join(Turn& turn, Orders& orders, const IntakeStyle& style, const Order& same,
          const std::string& words) {
  orders.told_again(turn.tx, same, Actor::resident(turn.message.channel), words);
  turn.memory(memory_key) = {{"number", same.number}, {"kind", to_string(style.kind)}};
  turn.say(std::string(style.family) + ".already", {{"number", same.number}});
}

void record_or_join(Turn& turn, Orders& orders, const IntakeStyle& style, const NewOrder& told,
                    const SameMatter& is_same) {
  const auto same = same_matter(turn.tx.read(), told, turn.now(), is_same);
  if (same && known_reporter(turn, *same, told)) {
    return join(turn, orders, style, *same, told.description);
  }
  const std::string number = orders.record(turn.tx, told);
  turn.memory(memory_key) = {{"number", number}, {"kind", to_string(told.kind)}};
  Order recorded;  // as much of it as the words need; the whole need not be read again
  recorded.estate = told.estate;
  recorded.appointment = told.appointment;
  turn.say(std::string(style.family) + ".recorded",
           {{"number", number},
            {"soon", std::string(told.appointment ? "no" : "yes")},
            {"time", orders.time_for_people(recorded, turn.language(), turn.now())}});
}

bool told_again(Turn& turn, Orders& orders, const IntakeStyle& style) {
  const Entity* item = turn.heard.first("item");
  if (!turn.proven || item == nullptr || !item->value.is_string()) return false;
  FormFrame heard;
  heard.slots["description"] = {{"value", turn.message.text}, {"text", turn.message.text}};
  heard.extra["item"] = item->value;
  if (const Entity* place = turn.heard.first("place")) heard.extra["place"] = place->value;
  if (const Entity* unit = turn.heard.first("unit")) {
    heard.slots["unit"] = {{"value", unit->value}, {"text", unit->text}};
  }
  const NewOrder told = order_of(turn, orders, style.kind, heard);
  // An address that is not found is asked for, as in any new report.
  if (told.unit.empty() && turn.heard.first("unit") != nullptr) return false;
  const auto same = same_matter(turn.tx.read(), told, turn.now());
  if (!same || same->conversation != turn.conversation()) return false;
  join(turn, orders, style, *same, told.description);
  return true;
}

std::optional<Dialog::NamedRecord> named_record(const Turn& turn, const IntakeStyle& style) {
  const auto order = to_amend(turn, style);
  if (!order) return std::nullopt;
  Json slots = Json::object();
  const auto fill = [&](const char* slot, const std::string& text) {
    if (!text.empty()) slots[slot] = {{"value", text}, {"text", text}};
  };
  fill("unit", order->unit);
  fill("place", order->place);
  fill("name", order->name);
  fill("phone", order->phone);
  if (const auto& time = order->appointment) {
    const TimeRange range{time->from, time->to, time->to ? "daypart" : "minute"};
    slots["time"] = {{"value", to_json(range, turn.directory.profile(order->estate).zone)},
                     {"text", ""}};
  }
  return Dialog::NamedRecord{std::string(style.form), std::move(slots)};
}

bool amend_last(Turn& turn, Orders& orders, const IntakeStyle& style, const Json& slots) {
  auto order = to_amend(turn, style);
  if (!order) return false;
  std::vector<std::pair<std::string, std::string>> shown;
  const Amendment change = read_change(turn, orders, style, *order, slots, shown);
  if (shown.empty()) return false;
  if (!still_open(*order)) return pass_on(turn, orders, *order, shown);
  orders.amend(turn.tx, *order, change, Actor::resident(turn.message.channel), shown);
  for (const auto& [field, value] : shown) {
    turn.say(std::string(style.family) + ".changed",
             {{"number", order->number}, {"field", field}, {"value", value}});
  }
  return true;
}

NewOrder task_of(const Turn& turn, const std::string& estate, const std::string& unit,
                 const std::string& description) {
  NewOrder task;
  task.kind = Kind::task;
  task.estate = estate;
  task.unit = unit;
  task.description = description;
  task.phone = turn.message.proven_phone;
  task.conversation = turn.conversation();
  task.actor = Actor::resident(turn.message.channel);
  task.language = turn.language();
  task.received_at = turn.now();
  return task;
}

}  // namespace huiyin::orders
