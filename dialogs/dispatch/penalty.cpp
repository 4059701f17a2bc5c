#include "dialogs/dispatch/penalty.h"

#include <limits>

#include "store/personal.h"

namespace huiyin::dispatch {
namespace {

constexpr PenaltyRule rule_table[] = {
    {"R8.8", "", "R8.8", 3000, true, true},
    {"R8.10", "dispatch", "R8.10_dispatch", 3000, true, false},
    {"R8.10", "refusal", "R8.10_refusal", 10000, true, false},
    {"R8.12", "", "R8.12", 3000, false, false},
    {"R8.14", "", "R8.14", 3000, true, false},
    {"R8.17", "", "R8.17", 3000, true, true},
};

struct Move {
  std::string_view action, from;
};
constexpr Move move_table[] = {
    {"confirm", "proposed"},
    {"appeal", "proposed confirmed recorded"},
    {"decide", "appealed"},
    {"withdraw", "proposed confirmed recorded appealed"},
};

const Json* setting_of(const EstateProfile& profile, std::string_view name) {
  const auto penalties = profile.values.find("penalties");
  if (penalties == profile.values.end() || !penalties->is_object()) return nullptr;
  const auto it = penalties->find(std::string(name));
  return it == penalties->end() ? nullptr : &*it;
}

std::optional<Instant> instant_of(const std::optional<std::int64_t>& millis) {
  if (!millis) return std::nullopt;
  return from_millis(*millis);
}

Json time_or_null(const std::optional<Instant>& at, const Zone& zone) {
  return at ? Json(zone.rfc3339(*at)) : Json(nullptr);
}
Json staff_or_null(std::int64_t id) {
  return id == 0 ? Json(nullptr) : Json(id);
}

#define HUIYIN_PENALTY_COLUMNS                                                       \
  "SELECT id, rule, offence, order_number, estate, staff, items, amount_fen, state," \
  " record_only, evidence, note, proposed_by, proposer, proposed_at, confirmer,"     \
  " confirmed_at, appealed_at, decider, decided_at FROM penalties "

using Row =
    std::tuple<std::int64_t, std::string, std::string, std::string, std::string, std::int64_t,
               std::int64_t, std::int64_t, std::string, std::int64_t, std::string, std::int64_t,
               std::string, std::int64_t, std::int64_t, std::int64_t, std::optional<std::int64_t>,
               std::optional<std::int64_t>, std::int64_t, std::optional<std::int64_t>>;

Penalty penalty_of(const Row& row) {
  Penalty out;
  std::string evidence;
  std::int64_t record_only = 0, proposed_at = 0;
  std::optional<std::int64_t> confirmed_at, appealed_at, decided_at;
  std::tie(out.id, out.rule, out.offence, out.order, out.estate, out.staff, out.items,
           out.amount_fen, out.state, record_only, evidence, out.note, out.proposed_by,
           out.proposer, proposed_at, out.confirmer, confirmed_at, appealed_at, out.decider,
           decided_at) = row;
  out.record_only = record_only != 0;
  out.evidence = Json::parse(evidence, nullptr, false);
  out.proposed_at = from_millis(proposed_at);
  out.confirmed_at = instant_of(confirmed_at);
  out.appealed_at = instant_of(appealed_at);
  out.decided_at = instant_of(decided_at);
  return out;
}

template <class... In>
std::vector<Penalty> query(store::Connection& db, store::Sql sql, const In&... in) {
  std::vector<Penalty> out;
  for (const auto& row :
       db.query<std::int64_t, std::string, std::string, std::string, std::string, std::int64_t,
                std::int64_t, std::int64_t, std::string, std::int64_t, std::string, std::int64_t,
                std::string, std::int64_t, std::int64_t, std::int64_t, std::optional<std::int64_t>,
                std::optional<std::int64_t>, std::int64_t, std::optional<std::int64_t>>(sql,
                                                                                        in...)) {
    out.push_back(penalty_of(row));
  }
  return out;
}

}  // namespace

const Roles deciders{"engineering_supervisor", "service_supervisor", "centre_manager",
                     "general_manager"};
const Roles proposers{"dispatcher",     "engineering_supervisor", "service_supervisor",
                      "centre_manager", "general_manager",        "admin"};

std::span<const PenaltyRule> penalty_rules() {
  return rule_table;
}

const PenaltyRule* find_penalty_rule(std::string_view rule, std::string_view offence) {
  for (const auto& one : rule_table) {
    if (one.rule == rule && one.offence == offence) return &one;
  }
  return nullptr;
}

std::int64_t amount_of(const PenaltyRule& rule, const EstateProfile& profile) {
  const Json* set = setting_of(profile, rule.setting);
  return set != nullptr && set->is_number_integer() ? set->get<std::int64_t>() : rule.amount_fen;
}

bool record_only(const EstateProfile& profile) {
  const Json* mode = setting_of(profile, "mode");
  return mode != nullptr && *mode == "record_only";
}

bool state_allows(const Penalty& penalty, std::string_view action) {
  // One appeal: what was decided is final, but for a withdrawal.
  if (action == "appeal" && penalty.decided_at) return false;
  for (const auto& move : move_table) {
    if (move.action == action) return orders::listed(move.from, penalty.state);
  }
  return false;
}

std::string why_not(const Penalty& penalty, std::string_view action, const orders::Actor& actor) {
  const bool concerned = actor.staff != 0 && actor.staff == penalty.staff;
  const bool proposed_it = actor.staff != 0 && actor.staff == penalty.proposer;
  const bool decides = deciders.contains(actor.role) && actor.staff != 0;
  if (action == "appeal") return concerned ? "" : "only the one concerned may appeal";
  if (concerned) return "the one concerned may not " + std::string(action);
  if (action == "withdraw") {
    const bool own = proposed_it && penalty.state == "proposed";
    return decides || own || actor.role == "admin"
               ? ""
               : "a supervisor or manager withdraws it, or while it is proposed its proposer";
  }
  if (!decides) return "it takes a supervisor or manager to " + std::string(action);
  if (proposed_it) return "it takes another person than the proposer to " + std::string(action);
  if (action == "decide" && actor.staff == penalty.confirmer) {
    return "it takes another person than the one who confirmed to decide";
  }
  return {};
}

std::vector<std::string> allowed(const Penalty& penalty, const orders::Actor& actor) {
  std::vector<std::string> names;
  for (const auto& move : move_table) {
    if (state_allows(penalty, move.action) && why_not(penalty, move.action, actor).empty()) {
      names.emplace_back(move.action);
    }
  }
  return names;
}

std::optional<Penalty> find_penalty(store::Connection& db, std::int64_t id) {
  auto found = query(db, HUIYIN_PENALTY_COLUMNS "WHERE id = :i", id);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Penalty> list_penalties(store::Connection& db, const PenaltyFilter& filter,
                                    std::int64_t before, int limit) {
  const std::int64_t bound = before > 0 ? before : std::numeric_limits<std::int64_t>::max();
  if (filter.staff != 0) {
    return query(db,
                 HUIYIN_PENALTY_COLUMNS
                 "WHERE staff = :f AND id < :b AND (:s = '' OR state = :s2)"
                 " AND (:r = '' OR rule = :r2) AND (:o = '' OR order_number = :o2)"
                 " ORDER BY id DESC LIMIT :l",
                 filter.staff, bound, filter.state, filter.state, filter.rule, filter.rule,
                 filter.order, filter.order, limit);
  }
  return query(db,
               HUIYIN_PENALTY_COLUMNS
               "WHERE id < :b AND (:s = '' OR state = :s2) AND (:r = '' OR rule = :r2)"
               " AND (:o = '' OR order_number = :o2) ORDER BY id DESC LIMIT :l",
               bound, filter.state, filter.state, filter.rule, filter.rule, filter.order,
               filter.order, limit);
}

Json to_json(store::Connection& db, const Penalty& penalty, const Zone& zone) {
  Json evidence = penalty.evidence;
  if (penalty.note != 0) evidence["note"] = store::get_text(db, penalty.note);
  Json history = Json::array();
  for (const auto& [at, actor, channel, action, state, note] :
       db.query<std::int64_t, std::string, std::string, std::string, std::string, std::int64_t>(
           "SELECT at, actor, channel, action, state, note FROM penalty_events"
           " WHERE penalty = :p ORDER BY n",
           penalty.id)) {
    history.push_back({{"at", zone.rfc3339(from_millis(at))},
                       {"actor", actor},
                       {"channel", or_null(channel)},
                       {"action", action},
                       {"state", state},
                       {"note", or_null(store::get_text(db, note))}});
  }
  return {{"id", penalty.id},
          {"rule", penalty.rule},
          {"offence", or_null(penalty.offence)},
          {"order", or_null(penalty.order)},
          {"estate", penalty.estate},
          {"staff", penalty.staff},
          {"items", penalty.items},
          {"amount_fen", penalty.amount_fen},
          {"state", penalty.state},
          {"evidence", std::move(evidence)},
          {"proposed_by", penalty.proposed_by},
          {"proposed_at", zone.rfc3339(penalty.proposed_at)},
          {"confirmed_by", staff_or_null(penalty.confirmer)},
          {"confirmed_at", time_or_null(penalty.confirmed_at, zone)},
          {"appealed_at", time_or_null(penalty.appealed_at, zone)},
          {"decided_by", staff_or_null(penalty.decider)},
          {"decided_at", time_or_null(penalty.decided_at, zone)},
          {"history", std::move(history)}};
}

}  // namespace huiyin::dispatch
