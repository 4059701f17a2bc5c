#include "dialogs/orders/order_json.h"

#include <algorithm>
#include <unordered_map>

namespace huiyin::orders {
namespace {

// What stands in other tables about a page of orders, read at once: the queries are as many for one
// order as for all of them.
class Details {
 public:
  struct Charge {
    std::string item;
    std::int64_t fen, at;
  };
  struct Material {
    std::int64_t by;
    std::string verdict;
    std::int64_t note, at;
  };
  struct Signature {
    std::int64_t signer;
    std::string role, method;
    std::int64_t at;
  };
  struct Event {
    std::int64_t at;
    std::string actor, channel, action, state;
    std::int64_t note;
    std::string detail;
  };
  template <class T>
  using ByOrder = std::unordered_map<std::int64_t, std::vector<T>>;

  Details(store::Connection& db, std::span<const Order> orders) {
    Json ids = Json::array();
    for (const auto& order : orders) {
      ids.push_back(order.id);
      want(order.description);
      want(order.requirement);
    }
    read_rows(db, ids.dump());
    for (const auto& [id, text] : db.query<std::int64_t, std::string>(
             "SELECT id, text FROM personal_texts WHERE id IN (SELECT value FROM json_each(:i))",
             wanted_.dump())) {
      texts_[id] = text;
    }
  }

  // "" when erased or 0.
  const std::string& text(std::int64_t id) const {
    static const std::string none;
    const auto it = texts_.find(id);
    return it == texts_.end() ? none : it->second;
  }
  const std::vector<Charge>& charges(const Order& order) const { return of(charges_, order); }
  const std::vector<Material>& materials(const Order& order) const { return of(materials_, order); }
  const std::vector<Signature>& signatures(const Order& order) const {
    return of(signatures_, order);
  }
  const std::vector<Event>& events(const Order& order) const { return of(events_, order); }

 private:
  template <class T>
  static const std::vector<T>& of(const ByOrder<T>& all, const Order& order) {
    static const std::vector<T> none;
    const auto it = all.find(order.id);
    return it == all.end() ? none : it->second;
  }
  void want(std::int64_t text) {
    if (text != 0) wanted_.push_back(text);
  }
  void read_rows(store::Connection& db, const std::string& ids) {
    using Int = std::int64_t;
    using Text = std::string;
    for (auto& [order, item, fen, at] : db.query<Int, Text, Int, Int>(
             "SELECT order_id, item, amount_fen, at FROM order_charges"
             " WHERE order_id IN (SELECT value FROM json_each(:i)) ORDER BY order_id, id",
             ids)) {
      charges_[order].push_back({item, fen, at});
    }
    for (auto& [order, by, verdict, note, at] : db.query<Int, Int, Text, Int, Int>(
             "SELECT order_id, supplier, verdict, note, at FROM order_materials"
             " WHERE order_id IN (SELECT value FROM json_each(:i)) ORDER BY order_id, id",
             ids)) {
      materials_[order].push_back({by, verdict, note, at});
      want(by);
      want(note);
    }
    for (auto& [order, signer, role, method, at] : db.query<Int, Int, Text, Text, Int>(
             "SELECT order_id, signer, role, method, at FROM order_signatures"
             " WHERE order_id IN (SELECT value FROM json_each(:i)) ORDER BY order_id, id",
             ids)) {
      signatures_[order].push_back({signer, role, method, at});
      want(signer);
    }
    for (auto& [order, at, actor, channel, action, state, note, detail] :
         db.query<Int, Int, Text, Text, Text, Text, Int, Text>(
             "SELECT order_id, at, actor, channel, action, state, note, detail FROM order_events"
             " WHERE order_id IN (SELECT value FROM json_each(:i)) ORDER BY order_id, n",
             ids)) {
      events_[order].push_back({at, actor, channel, action, state, note, detail});
      want(note);
    }
  }

  ByOrder<Charge> charges_;
  ByOrder<Material> materials_;
  ByOrder<Signature> signatures_;
  ByOrder<Event> events_;
  Json wanted_ = Json::array();  // ids of texts
  std::unordered_map<std::int64_t, std::string> texts_;
};

class Writer {
 public:
  Writer(const Details& details, const Order& order, const Zone& zone)
      : details_(details), order_(order), zone_(zone) {}

  Json record() const {
    Json out = {
        {"number", order_.number},
        {"kind", to_string(order_.kind)},
        {"estate", order_.estate},
        {"state", order_.state},
        {"unit", or_null(order_.unit)},
        {"place", or_null(order_.place)},
        {"item", or_null(order_.item)},
        {"customer", {{"name", or_null(order_.name)}, {"phone", or_null(order_.phone)}}},
        {"description", details_.text(order_.description)},
        {"category", or_null(order_.category)},
        {"priced", order_.priced},
        {"appointment", appointment()},
        {"channel", order_.channel},
        {"severity", or_null(order_.severity)},
        {"assignee", order_.assignee == 0 ? Json(nullptr) : Json(order_.assignee)},
        {"received_at", time(order_.received_at)},
        {"overdue", order_.overdue > 0},
        {"version", order_.version},
        {"clocks", clocks()},
        {"charges", charges()},
        {"materials", materials()},
        {"signatures", signatures()},
        {"copies", copies()},
    };
    if (order_.quote_fen) out["quote_fen"] = *order_.quote_fen;
    if (order_.agreed_at) out["agreed_at"] = time(*order_.agreed_at);
    if (order_.finance_at) out["sent_to_finance_at"] = time(*order_.finance_at);
    if (order_.called_back_at) out["called_back_at"] = time(*order_.called_back_at);
    if (!order_.merged_into.empty()) out["merged_into"] = order_.merged_into;
    if (order_.kind == Kind::task) {
      out["dispatcher"] = order_.dispatcher == 0 ? Json(nullptr) : Json(order_.dispatcher);
      out["requirement"] = or_null(details_.text(order_.requirement));
      out["reply_by"] = order_.reply_by ? Json(time(*order_.reply_by)) : Json(nullptr);
    }
    add_history(out);
    return out;
  }

 private:
  std::string time(Instant at) const { return zone_.rfc3339(at); }
  std::string time(std::int64_t ms) const { return time(from_millis(ms)); }

  Json appointment() const {
    if (!order_.appointment) return nullptr;
    const auto& to = order_.appointment->to;
    return {{"from", time(order_.appointment->from)}, {"to", to ? Json(time(*to)) : Json(nullptr)}};
  }
  // One a rule, and what was missed: a limit that gave way to a later one of its rule before it
  // ran out stands in that one's "earlier".
  Json clocks() const {
    const auto& all = order_.clocks;
    const auto gave_way = [&](std::size_t i) {
      return all[i].stopped_at && !all[i].breached &&
             std::any_of(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end(),
                         [&](const ClockRecord& later) { return later.rule == all[i].rule; });
    };
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!gave_way(i)) shown.push_back(i);
    }
    std::ranges::stable_sort(shown, {}, [&](std::size_t i) {
      return std::tie(all[i].anchor_at, all[i].due_at, all[i].rule);
    });
    Json out = Json::array();
    for (const std::size_t i : shown) {
      Json one = clock(all[i]);
      for (std::size_t before = 0; before < i; ++before) {
        if (all[before].rule != all[i].rule || !gave_way(before)) continue;
        one["earlier"].push_back({{"anchor", all[before].anchor},
                                  {"anchor_at", time(all[before].anchor_at)},
                                  {"due_at", time(all[before].due_at)},
                                  {"stopped_at", time(*all[before].stopped_at)}});
      }
      out.push_back(std::move(one));
    }
    return out;
  }
  Json clock(const ClockRecord& clock) const {
    return {{"rule", clock.rule},
            {"name", clock.name},
            {"anchor", clock.anchor},
            {"anchor_at", time(clock.anchor_at)},
            {"policy", or_null(clock.policy)},
            {"due_at", time(clock.due_at)},
            {"met_at", clock.met_at ? Json(time(*clock.met_at)) : Json(nullptr)},
            {"met_by", or_null(clock.met_by)},
            {"pauses", pauses(clock)},
            {"stopped_at", clock.stopped_at ? Json(time(*clock.stopped_at)) : Json(nullptr)},
            {"breached", clock.breached}};
  }
  Json pauses(const ClockRecord& clock) const {
    Json out = Json::array();
    for (const auto& one : clock.pauses) {
      out.push_back({{"from", time(one.from)}, {"to", time(one.to)}});
    }
    return out;
  }
  Json charges() const {
    Json out = Json::array();
    for (const auto& one : details_.charges(order_)) {
      out.push_back({{"item", one.item}, {"amount_fen", one.fen}, {"at", time(one.at)}});
    }
    return out;
  }
  Json materials() const {
    Json out = Json::array();
    for (const auto& one : details_.materials(order_)) {
      out.push_back({{"by", details_.text(one.by)},
                     {"verdict", one.verdict},
                     {"note", or_null(details_.text(one.note))},
                     {"at", time(one.at)}});
    }
    return out;
  }
  Json signatures() const {
    Json out = Json::array();
    for (const auto& one : details_.signatures(order_)) {
      out.push_back({{"by", details_.text(one.signer)},
                     {"role", one.role},
                     {"method", one.method},
                     {"at", time(one.at)}});
    }
    return out;
  }
  Json copies() const {
    Json out = Json::array();
    for (const auto& copy : order_.copies) {
      out.push_back({{"copy", copy.copy}, {"holder", copy.holder}, {"at", time(copy.at)}});
    }
    return out;
  }
  // The history, and from it when each state was entered (the last time).
  void add_history(Json& out) const {
    Json history = Json::array();
    for (const auto& one : details_.events(order_)) {
      Json line = {{"at", time(one.at)},
                   {"actor", one.actor},
                   {"channel", one.channel},
                   {"action", one.action},
                   {"note", or_null(details_.text(one.note))}};
      if (!one.state.empty()) {
        line["state"] = one.state;
        out[one.state + "_at"] = time(one.at);
      }
      if (!one.detail.empty()) line["detail"] = Json::parse(one.detail, nullptr, false);
      history.push_back(std::move(line));
    }
    out["history"] = std::move(history);
  }

  const Details& details_;
  const Order& order_;
  const Zone& zone_;
};

}  // namespace

Json to_json(store::Connection& db, const Order& order, const EstateProfile& profile) {
  const Details details(db, {&order, 1});
  return Writer(details, order, profile.zone).record();
}

Json to_json(store::Connection& db, std::span<const Order> orders, const Directory& directory) {
  const Details details(db, orders);
  Json out = Json::array();
  for (const auto& order : orders) {
    out.push_back(Writer(details, order, directory.profile(order.estate).zone).record());
  }
  return out;
}

}  // namespace huiyin::orders
