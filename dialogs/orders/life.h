// The life of a work order as declared tables: which action leads from which states to which, who
// may do it, what must be given with it, and which copies of the sheet it moves. Pure. Everything
// that changes an order goes through them (chat, staff, operator API). Serves R5, R8 and contract
// section 8 "Work orders"; the clocks that actions start and meet are in clocks.h.
#pragma once
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialogs/orders/order.h"

namespace huiyin::orders {

// What must hold beside the state.
enum class Guard {
  none,
  needs_no_review,  // the item is in the price list
  needs_review,     // it is not
  agreed,           // the resident took the quote
  not_agreed,
  charged,       // there is something to correct
  finance_done,  // there are no charges, or they are with finance (R5.22)
};

struct Member {
  std::string_view name;
  std::string_view type;  // text who flag fen quantity staff severity signatures signer
  bool required = true;
};

struct Action {
  std::string_view name;
  std::string_view roles;  // separated by spaces; "system" and "admin" may all
  bool assignee = false;   // the technician (or whoever) that holds the order may, too
  std::vector<Member> members;
};

struct Move {
  std::string_view action;
  std::string_view kinds;  // separated by spaces
  std::string_view from;   // states, separated by spaces
  std::string_view to;     // "": the state stays
  Guard guard = Guard::none;
};

struct CopyMove {
  std::string_view action;
  std::string_view kinds;  // separated by spaces
  int copy;
  std::string_view holder;  // a role, "customer", or "assignee": the role of who holds the order
  bool stays = false;  // where it ends: the estate's "repair_sheet": {"holders": [...]} may differ
};

std::span<const Action> actions();
std::span<const Move> moves();
std::span<const CopyMove> copy_moves();

// Every state that an order of that kind can be in: its first, and where moves lead.
std::vector<std::string_view> states_of(Kind kind);
std::string_view first_state(Kind kind);  // "recorded"; a complaint is "registered"
bool is_final(std::string_view state);    // archived cancelled declined merged
const Action* find_action(std::string_view name);
// The move of an action out of the order's state, if there is one whose guard holds.
const Move* find_move(const Order& order, bool has_charges, std::string_view action);
// By role alone: some order might be theirs to act on.
bool role_may(const Action& action, std::string_view role);
// For this order: a technician only where it is theirs, other staff on their estate (who has none
// works on all of them).
bool may(const Action& action, const Actor& actor, const Order& order);
bool works_at(std::string_view estate, const Order& order);
// Another time for a visit (R5.11): who may give it, and whether there is a visit to come.
bool may_reschedule(const Actor& actor, const Order& order);
bool can_reschedule(const Order& order);
// Who answers for the work of that kind: the role (R5.2; complaints are customer service's, R3.4).
std::string_view supervisor_of(Kind kind);
// Whose signature one of that role is: "customer" (it ends the work, R5.19) or "staff"; "":
// nobody's.
std::string_view signer_of(std::string_view role);
// The actions that this actor may do now, in the order of the table.
std::vector<std::string> allowed(const Order& order, bool has_charges, const Actor& actor);

// R8.4, R8.5: by role, who may dispatch a task and who may be given an order of that kind.
bool may_dispatch(std::string_view role);
bool may_receive(Kind kind, std::string_view role);

// Whether `word` is one of the space-separated `list`.
bool listed(std::string_view list, std::string_view word);

}  // namespace huiyin::orders
