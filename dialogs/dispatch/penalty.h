// Penalties of section 8 as declared tables: which rule asks how much, which states there are and
// who may move them on. Pure, but for the readers at the end.
//
// A penalty is a proposal with evidence and never more than a record: a second person
// confirms it, the one concerned may appeal, another person decides the appeal, what stands is
// exported to HR (dialogs/reports/penalties.cpp). Nothing is deducted here.
//
//   proposed ──confirm──▶ confirmed ──appeal──▶ appealed ──decide──▶ confirmed | withdrawn
//       └────────appeal──────────────────────────▲           (withdraw: from every state but
//       itself)
//
// In the mode record_only a penalty is `recorded` and stays so: there is nothing to confirm.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bot/gateway/api.h"
#include "bot/talk/directory.h"
#include "dialogs/orders/orders.h"

namespace huiyin::dispatch {

struct PenaltyRule {
  std::string_view rule;     // "R8.10"
  std::string_view offence;  // of R8.10: "dispatch" or "refusal"
  std::string_view setting;  // its name in the estate's "penalties"
  std::int64_t amount_fen;   // of the source
  bool by_hand;              // a person may propose it; R8.12 is the clock's alone
  bool counted;              // the amount is for each item (R8.8) or page (R8.17)
};

struct Penalty {
  std::int64_t id = 0;
  std::string rule, offence;
  std::string order;  // empty: not about one
  std::string estate;
  std::int64_t staff = 0;  // who is concerned
  std::int64_t items = 1;
  std::int64_t amount_fen = 0;  // of all items
  std::string state;
  bool record_only = false;
  Json evidence;          // nothing personal
  std::int64_t note = 0;  // store/personal.h: what the proposer wrote
  std::string proposed_by;
  std::int64_t proposer = 0;  // staff id; 0: the product or the operator
  Instant proposed_at{};
  std::int64_t confirmer = 0, decider = 0;
  std::optional<Instant> confirmed_at, appealed_at, decided_at;
};

std::span<const PenaltyRule> penalty_rules();
const PenaltyRule* find_penalty_rule(std::string_view rule, std::string_view offence = {});
// What the estate asks: its profile's "penalties": {"R8.12": 3000, …}, else the source's amount.
std::int64_t amount_of(const PenaltyRule& rule, const EstateProfile& profile);
// "penalties": {"mode": "record_only"}; default "proposed".
bool record_only(const EstateProfile& profile);

// Supervisors and managers: who may confirm and decide.
extern const Roles deciders;
// Who may propose what a person must judge (R8.8, R8.10, R8.14, R8.17).
extern const Roles proposers;

// Whether the state allows it: confirm appeal decide withdraw.
bool state_allows(const Penalty& penalty, std::string_view action);
// Why this actor may not do it to this penalty, whatever its state; empty when they may.
std::string why_not(const Penalty& penalty, std::string_view action, const orders::Actor& actor);
std::vector<std::string> allowed(const Penalty& penalty, const orders::Actor& actor);

struct PenaltyFilter {
  std::string state, rule, order;  // empty: any
  std::int64_t staff = 0;          // 0: any
};
std::optional<Penalty> find_penalty(store::Connection& db, std::int64_t id);
// Newest first; ids below `before` (0: from the newest), at most `limit`.
std::vector<Penalty> list_penalties(store::Connection& db, const PenaltyFilter& filter,
                                    std::int64_t before, int limit);
// As the operator API shows it, its history included.
Json to_json(store::Connection& db, const Penalty& penalty, const Zone& zone);

}  // namespace huiyin::dispatch
