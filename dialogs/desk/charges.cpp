// Money that a command tells: a quote, charges, a correction. What cannot be an amount is refused
// exactly, and only what says nothing of an amount goes by the price list.
#include "dialogs/desk/at_desk.h"
#include "store/base/money.h"
#include "store/base/text.h"

namespace huiyin::desk {
namespace {

constexpr std::size_t item_code_points_max = 40;
constexpr std::size_t charges_max = 20;  // of one message

}  // namespace

void AtDesk::refuse_amount(const Command& command, const Order& order, const Amount& amount,
                           const std::string& item) {
  const std::string_view why = [&] {
    switch (amount.fault) {
      case Amount::Fault::negative:
        return "desk.amount.negative";
      case Amount::Fault::zero:
        return "desk.amount.zero";
      case Amount::Fault::too_fine:
        return "desk.amount.too_fine";
      case Amount::Fault::unclear:
        return "desk.amount.unclear";
      case Amount::Fault::several:
        return "desk.amount.several";
      case Amount::Fault::too_large:
      case Amount::Fault::none:
        break;
    }
    return "desk.amount.too_large";
  }();
  Command again = command;
  again.rest = item;  // what it is for stands; only the amount is asked again
  ask_more(again, order, why, {}, {{"limit", yuan(words_.amount_fen_max)}});
}

bool AtDesk::fill_amount(const Command& command, const Order& order, Json& body) {
  const Line line(command.rest, words_);
  const auto amount = find_amount(line.low(), words_);
  if (!amount) {
    ask_more(command, order, "desk.ask.amount");
    return false;
  }
  if (amount->fault != Amount::Fault::none) {
    refuse_amount(command, order, *amount);
    return false;
  }
  body["feasible"] = true;
  body["amount_fen"] = amount->fen;
  const std::string note =
      std::string(trim(line.as_written(0, amount->from) + " " + line.as_written(amount->to)));
  if (!note.empty()) body["note"] = note;
  return true;
}

bool AtDesk::fill_correction(const Command& command, const Order& order, Json& body) {
  const Line line(command.rest, words_);
  const auto amount = find_amount(line.low(), words_);
  if (!amount) {
    ask_more(command, order, "desk.ask.amount");
    return false;
  }
  if (amount->fault != Amount::Fault::none) {
    refuse_amount(command, order, *amount);
    return false;
  }
  body["amount_fen"] = amount->fen;
  return true;
}

// R5.18: what the price list or a quote has a price for is seldom done for nothing.
bool AtDesk::asks_charge(const Command& command, const Order& order) {
  const bool ends = command.name == "complete" && order.kind == orders::Kind::repair &&
                    orders::listed("arrived in_progress", order.state);
  if (!ends || command.sure || has_charges(order)) return false;
  const auto* prices = orders_.prices(order.estate);
  const bool listed = prices != nullptr && order.priced && prices->covers(order.item);
  if (!listed && !order.quote_fen) return false;
  const auto& words = words_.commands;
  say("desk.ask.charge_before", facts(order),
      {words.find("complete")->second.button(turn_.language(), label(order))});
  keep(command, order, "charge");
  return true;
}

bool AtDesk::fill_charges(const Command& command, const Order& order, std::vector<Step>& steps) {
  const auto charges = read_charges(command.rest, words_);
  if (charges.empty()) {
    // What the price list knows needs no amount (R5.18).
    const auto* prices = orders_.prices(order.estate);
    const auto* price =
        prices == nullptr || command.rest.empty() ? nullptr : prices->find(command.rest);
    const std::string low = Line(command.rest, words_).low();
    if (price != nullptr && price->labour_fen > 0 &&
        !has_leftover_money(low, price->name + price->en, words_)) {
      const bool english = turn_.language() == Language::en;
      steps = {{"add_charge",
                {{"item", english ? price->en : price->name},
                 {"amount_fen", price->labour_fen},
                 {"note", command.rest}}}};
      return true;
    }
    ask_more(command, order, command.rest.empty() ? "desk.ask.charge" : "desk.ask.amount");
    return false;
  }
  if (charges.size() > charges_max) {
    Command again = command;
    again.rest.clear();
    ask_more(again, order, "desk.too_many_charges", {},
             {{"limit", std::to_string(charges_max)}, {"count", std::to_string(charges.size())}});
    return false;
  }
  std::vector<Step> out;
  for (const auto& charge : charges) {
    if (charge.amount.fault != Amount::Fault::none) {
      refuse_amount(command, order, charge.amount, charges.size() == 1 ? charge.item : "");
      return false;
    }
    std::string item = charge.item;
    if (item.empty() && !command.then.empty()) item = order.item;  // "收费多少？" "80元"
    if (item.empty()) {
      ask_more(command, order, "desk.ask.item");
      return false;
    }
    out.push_back({"add_charge",
                   {{"item", first_code_points(item, item_code_points_max)},
                    {"amount_fen", charge.amount.fen}}});
  }
  // Work that is done needs no offer any more: it was begun before its charge is written.
  if (!command.then.empty() && order.state == "arrived") out.insert(out.begin(), {"start"});
  steps = std::move(out);
  return true;
}

}  // namespace huiyin::desk
