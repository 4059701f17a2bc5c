#include "dialogs/orders/signature_image.h"

#include "store/base/secret.h"
#include "store/personal.h"

namespace huiyin::orders {

void keep_signature_image(store::Connection& db, const Order& order, std::string_view data_url) {
  const std::int64_t image = store::put_text(db, text_subject(order.number), data_url);
  db.exec(
      "INSERT INTO order_signature_images(signature_id, image)"
      " SELECT max(id), :i FROM order_signatures WHERE order_id = :o",
      image, order.id);
}

std::string signature_image(store::Connection& db, const Order& order, int n) {
  if (n < 0) return {};
  const auto image = db.value<std::int64_t>(
      "SELECT image FROM order_signature_images WHERE signature_id ="
      " (SELECT id FROM order_signatures WHERE order_id = :o ORDER BY id LIMIT 1 OFFSET :n)",
      order.id, n);
  return image ? store::get_text(db, *image) : std::string();
}

std::vector<std::string> signature_pngs(store::Connection& db, const Order& order) {
  constexpr std::string_view head = "data:image/png;base64,";
  std::vector<std::string> out;
  for (const auto& [image] : db.query<std::optional<std::int64_t>>(
           "SELECT i.image FROM order_signatures s LEFT JOIN order_signature_images i"
           " ON i.signature_id = s.id WHERE s.order_id = :o ORDER BY s.id",
           order.id)) {
    const std::string url = image ? store::get_text(db, *image) : std::string();
    auto png = url.starts_with(head) ? from_base64(url.substr(head.size())) : std::nullopt;
    out.push_back(png ? std::move(*png) : std::string());
  }
  return out;
}

}  // namespace huiyin::orders
