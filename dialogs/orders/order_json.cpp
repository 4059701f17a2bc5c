#include "dialogs/orders/order_json.h"

#include <algorithm>

#include "store/personal.h"

namespace huiyin::orders {
namespace {

class Writer {
 public:
  Writer(store::Connection& db, const Order& order, const Zone& zone)
      : db_(db), order_(order), zone_(zone) {}

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
        {"description", store::get_text(db_, order_.description)},
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
      out["requirement"] = or_null(store::get_text(db_, order_.requirement));
      out["reply_by"] = order_.reply_by ? Json(time(*order_.reply_by)) : Json(nullptr);
    }
    add_history(out);
    return out;
  }

 private:
  std::string time(Instant at) const { return zone_.rfc3339(at); }

  Json appointment() const {
    if (!order_.appointment) return nullptr;
    const auto& to = order_.appointment->to;
    return {{"from", time(order_.appointment->from)}, {"to", to ? Json(time(*to)) : Json(nullptr)}};
  }
  Json clocks() const {
    Json out = Json::array();
    auto sorted = order_.clocks;
    std::ranges::sort(sorted, {}, [](const ClockRecord& clock) {
      return std::tie(clock.anchor_at, clock.due_at, clock.rule);
    });
    for (const auto& clock : sorted) {
      out.push_back(
          {{"rule", clock.rule},
           {"name", clock.name},
           {"anchor", clock.anchor},
           {"anchor_at", time(clock.anchor_at)},
           {"policy", or_null(clock.policy)},
           {"due_at", time(clock.due_at)},
           {"met_at", clock.met_at ? Json(time(*clock.met_at)) : Json(nullptr)},
           {"met_by", or_null(clock.met_by)},
           {"pauses", pauses(clock)},
           {"stopped_at", clock.stopped_at ? Json(time(*clock.stopped_at)) : Json(nullptr)},
           {"breached", clock.breached}});
    }
    return out;
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
    for (const auto& [item, fen, at] : db_.query<std::string, std::int64_t, std::int64_t>(
             "SELECT item, amount_fen, at FROM order_charges WHERE order_id = :o ORDER BY id",
             order_.id)) {
      out.push_back({{"item", item}, {"amount_fen", fen}, {"at", time(from_millis(at))}});
    }
    return out;
  }
  Json materials() const {
    Json out = Json::array();
    for (const auto& [by, verdict, note, at] :
         db_.query<std::int64_t, std::string, std::int64_t, std::int64_t>(
             "SELECT supplier, verdict, note, at FROM order_materials WHERE order_id = :o"
             " ORDER BY id",
             order_.id)) {
      out.push_back({{"by", store::get_text(db_, by)},
                     {"verdict", verdict},
                     {"note", or_null(store::get_text(db_, note))},
                     {"at", time(from_millis(at))}});
    }
    return out;
  }
  Json signatures() const {
    Json out = Json::array();
    for (const auto& [signer, role, method, at] :
         db_.query<std::int64_t, std::string, std::string, std::int64_t>(
             "SELECT signer, role, method, at FROM order_signatures WHERE order_id = :o"
             " ORDER BY id",
             order_.id)) {
      out.push_back({{"by", store::get_text(db_, signer)},
                     {"role", role},
                     {"method", method},
                     {"at", time(from_millis(at))}});
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
    for (const auto& [at, actor, channel, action, state, note, detail] :
         db_.query<std::int64_t, std::string, std::string, std::string, std::string, std::int64_t,
                   std::string>(
             "SELECT at, actor, channel, action, state, note, detail FROM order_events"
             " WHERE order_id = :o ORDER BY n",
             order_.id)) {
      Json line = {{"at", time(from_millis(at))},
                   {"actor", actor},
                   {"channel", channel},
                   {"action", action},
                   {"note", or_null(store::get_text(db_, note))}};
      if (!state.empty()) {
        line["state"] = state;
        out[state + "_at"] = time(from_millis(at));
      }
      if (!detail.empty()) line["detail"] = Json::parse(detail, nullptr, false);
      history.push_back(std::move(line));
    }
    out["history"] = std::move(history);
  }

  store::Connection& db_;
  const Order& order_;
  const Zone& zone_;
};

}  // namespace

Json to_json(store::Connection& db, const Order& order, const EstateProfile& profile) {
  return Writer(db, order, profile.zone).record();
}

}  // namespace huiyin::orders
