// What the conversations of repair, public fault and complaint share: a filled form becomes an
// order or joins the live one about the same matter, and a correction right after changes it.
#pragma once
#include <string_view>

#include "bot/talk/dialog.h"
#include "dialogs/orders/orders.h"

namespace huiyin::orders {

// Phrases of a kind of order: "<family>.recorded", ".already", ".changed".
struct IntakeStyle {
  Kind kind;
  std::string_view family;  // "repair"
  std::string_view form;    // id of config/forms, for the labels of its slots
};

// The order that a filled form tells of; `received` is now, the arrival of its last answer.
NewOrder order_of(const Turn& turn, const Orders& orders, Kind kind, const FormFrame& frame);
// Records it, or adds it to the live order about the same matter (R7.17), and says so. `same`: as
// of same_matter().
void record_or_join(Turn& turn, Orders& orders, const IntakeStyle& style, const NewOrder& told,
                    const SameMatter& same = {});
// Adds the words to that order, and says so.
void join(Turn& turn, Orders& orders, const IntakeStyle& style, const Order& same,
          const std::string& words);
// The conversation tells of the thing again that it reported within the day: joined at once,
// without asking everything anew. False: it is another matter.
bool told_again(Turn& turn, Orders& orders, const IntakeStyle& style);
// The order that the message names by its number, when it is theirs, live and of this kind.
std::optional<Dialog::NamedRecord> named_record(const Turn& turn, const IntakeStyle& style);
// Corrects the order that the message names, else the one that this conversation recorded last,
// when it is of this kind. Once work has begun a person sees to it: a task, and that is what is
// said. False: not mine.
bool amend_last(Turn& turn, Orders& orders, const IntakeStyle& style, const Json& slots);

// The value of a slot as a text; "" when it was left out.
std::string slot_text(const FormFrame& frame, std::string_view slot);
// A `time` slot as an appointment; none for as soon as possible and for "now".
std::optional<Appointment> appointment_of(const Json& value, Instant now);

// A task out of what a resident asked for and a person must see to.
NewOrder task_of(const Turn& turn, const std::string& estate, const std::string& unit,
                 const std::string& description);

}  // namespace huiyin::orders
