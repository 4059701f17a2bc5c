// The drawing that belongs to a signature (R5.19, R8.13), for the printed sheet.
#pragma once
#include <string>
#include <string_view>

#include "dialogs/orders/order.h"

namespace huiyin::orders {

// Keeps the drawing of the order's newest signature: a PNG as data URL that was checked. Lane's
// thread.
void keep_signature_image(store::Connection& db, const Order& order, std::string_view data_url);
// The drawing of the order's n-th signature, from 0, as `signatures` of the record counts them:
// "data:image/png;base64,…", or "" when it was typed, written on paper, or erased.
std::string signature_image(store::Connection& db, const Order& order, int n);
// The bytes of the PNG of each signature, by the same count; empty where there is none.
std::vector<std::string> signature_pngs(store::Connection& db, const Order& order);

}  // namespace huiyin::orders
