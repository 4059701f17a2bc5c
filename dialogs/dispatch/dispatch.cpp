#include "dialogs/dispatch/dispatch.h"

#include <algorithm>
#include <charconv>

#include "bot/talk/words.h"
#include "dialogs/orders/order_json.h"
#include "store/base/text.h"

namespace huiyin::dispatch {
namespace {

constexpr int listed_max = 10;

// What filing asks of a task (R8.13) and is not there. The executor owes the result and the
// customer's signature, the dispatcher the call back.
struct Owed {
  Json by_executor = Json::array(), by_dispatcher = Json::array();
};
Owed owed(const Json& record) {
  Owed out;
  bool result = false;
  for (const auto& line : record.at("history")) {
    result |= line.at("action") == "complete" && line.value("note", Json()).is_string();
  }
  bool signature = false;
  for (const auto& one : record.at("signatures")) {
    signature |= !all_roles.contains(one.at("role").get<std::string>());
  }
  if (!result) out.by_executor.push_back("result");
  if (!signature) out.by_executor.push_back("signature");
  if (!record.contains("called_back_at")) out.by_dispatcher.push_back("call_back");
  return out;
}

}  // namespace

tl::expected<DispatchWords, ConfigFaults> load_dispatch_words(const std::string& file) {
  auto lists = load_word_lists(file, {"penalties", "appeal", "confirm", "uphold", "withdraw"});
  if (!lists) return tl::unexpected(lists.error());
  const auto list = [&](const char* name) { return std::move((*lists)[name]); };
  return DispatchWords{list("penalties"), list("appeal"), list("confirm"), list("uphold"),
                       list("withdraw")};
}

void Dispatch::on_happening(const orders::Happening& happening) {
  const orders::Order& order = happening.order;
  if (happening.action == "record") {
    daily_check_.plan(happening.tx, order.estate);
  } else if (happening.action == "archive" && order.kind == orders::Kind::task &&
             order.dispatcher != 0) {
    filed(happening.tx, order);
  }
}

void Dispatch::on_timer(Transaction& tx, Post&, std::string_view kind, std::string_view key,
                        const Json& payload) {
  if (kind == daily_check_timer) daily_check_.on_timer(tx, std::string(key), payload);
}

void Dispatch::on_clock(Transaction& tx, const orders::Order& order,
                        const orders::ClockRecord& clock, bool missed) {
  if (!missed || clock.rule != "R8.11") return;
  const std::int64_t staff = order.assignee != 0 ? order.assignee : order.dispatcher;
  if (staff == 0) return;  // a task of the product's own has no reply time
  const Zone& zone = orders_.directory().profile(order.estate).zone;
  const Json missed_clock = {{"rule", clock.rule},
                             {"anchor_at", zone.rfc3339(clock.anchor_at)},
                             {"due_at", zone.rfc3339(clock.due_at)},
                             {"met_at", nullptr}};
  penalties_.propose(tx, {.rule = find_penalty_rule("R8.12"),
                          .order = order.number,
                          .estate = order.estate,
                          .staff = staff,
                          .evidence = {{"clock", missed_clock},
                                       {"state", order.state},
                                       {"assigned", order.assignee != 0}},
                          .once = "R8.12/" + order.number});
}

void Dispatch::filed(Transaction& tx, const orders::Order& order) {
  const Json record = orders::to_json(tx.read(), order, orders_.directory().profile(order.estate));
  const Owed missing = owed(record);
  const auto propose = [&](std::int64_t staff, const Json& what) {
    if (staff == 0 || what.empty()) return;
    penalties_.propose(tx, {.rule = find_penalty_rule("R8.14"),
                            .order = order.number,
                            .estate = order.estate,
                            .staff = staff,
                            .evidence = {{"missing", what}},
                            .once = "R8.14/" + order.number + "/" + std::to_string(staff)});
  };
  const std::int64_t executor = order.assignee != 0 ? order.assignee : order.dispatcher;
  if (executor == order.dispatcher) {
    Json all = missing.by_executor;
    all.insert(all.end(), missing.by_dispatcher.begin(), missing.by_dispatcher.end());
    return propose(executor, all);
  }
  propose(executor, missing.by_executor);
  propose(order.dispatcher, missing.by_dispatcher);
}

Outcome Dispatch::intercept(Turn& turn) {
  if (!turn.staff) return Outcome::not_mine;
  const std::string text = lower_ascii(trim(turn.message.text));
  const bool asks = std::ranges::find(words_.penalties, text) != words_.penalties.end();
  if (asks) {
    turn.session.greeted = true;
    list_own(turn);
    return Outcome::handed_over;
  }
  for (const auto& word : words_.appeal) {
    if (!text.starts_with(word)) continue;
    turn.session.greeted = true;
    appeal(turn, trim(trim(turn.message.text).substr(word.size())));
    return Outcome::handed_over;
  }
  if (!decide(turn) && !take_reason(turn)) return Outcome::not_mine;
  turn.session.greeted = true;
  return Outcome::handed_over;
}

void Dispatch::list_own(Turn& turn) const {
  PenaltyFilter own;
  own.staff = turn.staff->id;
  const auto penalties = list_penalties(turn.tx.read(), own, 0, listed_max);
  std::vector<std::string> buttons;
  const std::string waiting = waiting_lines(turn, buttons);
  if (!waiting.empty()) {
    turn.say("penalty.waiting", {{"lines", waiting}});
    for (auto& button : buttons) turn.replies.back().buttons.push_back({button, button});
  }
  if (penalties.empty()) {
    if (waiting.empty()) turn.say("penalty.none");
    return;
  }
  std::string lines;
  for (const auto& one : penalties) {
    lines += (lines.empty() ? "" : "\n") +
             turn.phrase("penalty.line", penalties_.words_of(one, turn.now()));
  }
  turn.say_text(std::move(lines));
  turn.say("penalty.how_to_appeal");
}

void Dispatch::appeal(Turn& turn, std::string_view rest) {
  if (rest.starts_with('#')) rest.remove_prefix(1);
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
  const std::string_view reason = trim(rest.substr(static_cast<std::size_t>(end - rest.data())));
  if (error != std::errc{} || reason.empty()) return turn.say("penalty.how_to_appeal");
  const orders::Actor actor{"staff:" + std::to_string(turn.staff->id), turn.staff->role,
                            turn.staff->id, turn.message.channel};
  const auto done = penalties_.act(turn.tx, id, "appeal", {{"note", reason}}, actor);
  const Args args{{"id", std::to_string(id)}};
  if (done)
    turn.say("penalty.appealed", args);
  else if (done.error().status == 409)
    turn.say("penalty.not_open", args);
  else  // one of somebody else is told as one that is not there
    turn.say("penalty.not_found", args);
}

}  // namespace huiyin::dispatch
