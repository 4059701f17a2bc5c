// What is due for the work (R5.18, R9.14): of a listed repair the price is known, and who writes
// another one is free to, but the history shows both. Nothing here takes money (R5.28).
#include <cmath>

#include "dialogs/orders/deed.h"

namespace huiyin::orders {
namespace {

constexpr std::int64_t hundredths = 100;
constexpr std::int64_t charges_max = 100;  // of an order

// Of what the price is for one of; at most two decimals, as the members were checked.
std::int64_t quantity_of(const Json& body) {
  const auto it = body.find("quantity");
  if (it == body.end() || it->is_null()) return hundredths;
  return std::llround(it->get<double>() * hundredths);
}

}  // namespace

Acted<void> Orders::charge(Deed& deed) {
  const auto written = deed.db().value<std::int64_t>(
      "SELECT count(*) FROM order_charges WHERE order_id = :o", deed.order.id);
  if (written.value_or(0) >= charges_max) {
    return tl::unexpected(
        Refusal{400, "item: an order holds no more than 100 charges", "item", {}});
  }
  std::string item = text_of(deed.body, "item");
  const PriceList* list = prices(deed.order.estate);
  const PriceList::Price* price = list == nullptr ? nullptr : list->find(item);
  if (price != nullptr && item == price->id) item = price->name;  // an id is not for residents
  const std::int64_t quantity = quantity_of(deed.body);
  const std::int64_t listed_fen =
      price == nullptr ? 0 : (price->labour_fen * quantity + hundredths / 2) / hundredths;
  const auto told = deed.body.find("amount_fen");
  const bool given = told != deed.body.end() && !told->is_null();
  if (!given && price == nullptr) {
    return tl::unexpected(
        Refusal{400, "amount_fen is missing: the item is not in the price list", "amount_fen", {}});
  }
  const std::int64_t amount = given ? told->get<std::int64_t>() : listed_fen;
  deed.db().exec(
      "INSERT INTO order_charges(order_id, item, amount_fen, actor, at)"
      " VALUES(:o, :i, :f, :a, :t)",
      deed.order.id, item, amount, deed.actor.id, to_millis(deed.now()));
  deed.detail = {{"item", item}, {"amount_fen", amount}};
  if (price != nullptr) {
    deed.detail["price"] = price->id;
    deed.detail["listed_fen"] = listed_fen;
  }
  if (quantity != hundredths) {
    deed.detail["quantity"] = static_cast<double>(quantity) / hundredths;
  }
  return {};
}

// The last charge with another amount, or taken back (without `amount_fen`), as long as nobody
// agreed to it or signed. What was written first stays in the history.
Acted<void> Orders::correct_charge(Deed& deed) {
  store::Connection& db = deed.db();
  const auto agreed = db.value<std::int64_t>(
      "SELECT coalesce(e.detail ->> 'agreed', 0) FROM order_events e WHERE e.order_id = :o AND "
      "e.action IN"
      " ('add_charge', 'correct_charge', 'consent') ORDER BY e.n DESC LIMIT 1",
      deed.order.id);
  if (agreed.value_or(0) != 0) return already(deed, "the customer has agreed to the charges");
  const auto last = db.first<std::int64_t, std::string, std::int64_t>(
      "SELECT id, item, amount_fen FROM order_charges WHERE order_id = :o ORDER BY id DESC LIMIT 1",
      deed.order.id);
  if (!last) return already(deed, "there is no charge");
  const auto& [id, item, was_fen] = *last;
  deed.detail = {{"item", item}, {"was_fen", was_fen}};
  const auto told = deed.body.find("amount_fen");
  if (told != deed.body.end() && !told->is_null()) {
    db.exec("UPDATE order_charges SET amount_fen = :f WHERE id = :i", told->get<std::int64_t>(),
            id);
    deed.detail["amount_fen"] = told->get<std::int64_t>();
  } else {
    db.exec("DELETE FROM order_charges WHERE id = :i", id);
  }
  return {};
}

}  // namespace huiyin::orders
