#include "dialogs/orders/life.h"

#include <algorithm>

namespace huiyin::orders {
namespace {

constexpr std::string_view staff_roles =
    "front_desk dispatcher technician engineering_supervisor property_assistant"
    " service_supervisor finance archivist quality centre_manager general_manager admin";
constexpr std::string_view supervisors = "engineering_supervisor service_supervisor";
constexpr std::string_view dispatchers = "dispatcher engineering_supervisor service_supervisor";
constexpr std::string_view desk =
    "front_desk dispatcher property_assistant engineering_supervisor service_supervisor"
    " centre_manager general_manager";
constexpr std::string_view desk_or_resident =
    "front_desk dispatcher property_assistant engineering_supervisor service_supervisor"
    " centre_manager general_manager resident";
constexpr std::string_view sheet_clerks = "front_desk engineering_supervisor service_supervisor";
constexpr std::string_view witnesses =
    "front_desk engineering_supervisor service_supervisor resident";
constexpr std::string_view filers =
    "front_desk dispatcher archivist engineering_supervisor service_supervisor centre_manager";
constexpr std::string_view complaint_office =
    "service_supervisor property_assistant centre_manager general_manager";
constexpr std::string_view complaint_desk =
    "front_desk service_supervisor centre_manager general_manager";

const std::vector<Action>& action_table() {
  static const std::vector<Action> table{
      {"notify", desk, false, {{"note", "text", false}}},
      {"assign", dispatchers, false, {{"assignee", "staff"}, {"note", "text", false}}},
      {"accept",
       supervisors,
       true,
       {{"by", "text", false}, {"method", "text", false}, {"note", "text", false}}},
      {"transfer", dispatchers, false, {{"assignee", "staff"}, {"note", "text", false}}},
      {"escalate", desk, true, {{"note", "text", false}}},
      {"review", "engineering_supervisor", false, {{"feasible", "flag"}, {"note", "text", false}}},
      {"quote",
       "engineering_supervisor",
       false,
       {{"feasible", "flag"}, {"amount_fen", "fen", false}, {"note", "text", false}}},
      {"agree", desk_or_resident, true, {{"note", "text", false}}},
      {"decline", desk_or_resident, true, {{"note", "text"}, {"signatures", "signatures"}}},
      {"arrive", supervisors, true, {{"item", "text", false}, {"note", "text", false}}},
      {"start", supervisors, true, {{"item", "text", false}, {"note", "text", false}}},
      {"add_charge",
       supervisors,
       true,
       {{"item", "text"},
        {"amount_fen", "fen", false},
        {"quantity", "quantity", false},
        {"note", "text", false}}},
      {"correct_charge",
       supervisors,
       true,
       {{"amount_fen", "fen", false}, {"note", "text", false}}},
      {"put_off", desk_or_resident, true, {{"note", "text"}, {"because", "text", false}}},
      {"verify_material",
       supervisors,
       true,
       {{"by", "text"}, {"verdict", "text"}, {"note", "text", false}}},
      {"progress", dispatchers, true, {{"note", "text", false}}},
      {"complete", supervisors, true, {{"note", "text", false}}},
      {"sign",
       witnesses,
       true,
       {{"by", "text"}, {"role", "signer"}, {"method", "text"}, {"note", "text", false}}},
      {"call_back", desk, false, {{"by", "who"}, {"method", "text"}, {"note", "text"}}},
      {"return", sheet_clerks, true, {{"note", "text", false}}},
      {"send_to_finance", sheet_clerks, false, {{"note", "text", false}}},
      {"archive", filers, false, {{"note", "text", false}}},
      {"cancel", desk_or_resident, true, {{"note", "text", false}}},
      {"classify", complaint_desk, false, {{"severity", "severity"}, {"note", "text"}}},
      {"merge", complaint_desk, false, {{"into", "text"}, {"note", "text", false}}},
      {"reply", complaint_office, true, {{"note", "text"}}},
  };
  return table;
}

constexpr std::string_view works = "repair public task";
constexpr std::string_view every = "repair public complaint task";

// `public` and `task` go without review and quote; a task may go without arrival, for it need not
// have a place of work.
constexpr Move move_table[] = {
    {"notify", works, "recorded", "notified"},
    {"review", "repair", "recorded notified", "reviewing", Guard::needs_review},
    {"quote", "repair", "reviewing", "quoted"},
    {"quote", "repair", "quoted", "quoted", Guard::not_agreed},    // a slip, mended in time
    {"agree", "repair", "quoted arrived", "", Guard::not_agreed},  // R5.12; on site R5.14
    {"decline", "repair", "quoted", "declined", Guard::not_agreed},
    {"decline", "repair", "arrived", "declined"},
    {"assign", "repair", "recorded notified", "assigned", Guard::needs_no_review},
    {"assign", "repair", "quoted", "assigned", Guard::agreed},
    {"assign", "public task", "recorded notified", "assigned"},
    {"assign", "complaint", "registered", "assigned"},
    {"transfer", works, "assigned accepted arrived in_progress", "assigned"},
    {"transfer", "complaint", "assigned in_progress", "assigned"},
    {"accept", works, "assigned", "accepted"},
    {"escalate", works, "recorded notified reviewing quoted assigned accepted arrived in_progress",
     ""},
    {"escalate", "complaint", "registered assigned in_progress resolved", ""},
    {"arrive", works, "accepted", "arrived"},
    {"start", works, "arrived", "in_progress"},
    {"start", "task", "accepted", "in_progress"},
    {"start", "complaint", "assigned", "in_progress"},
    {"add_charge", "repair task", "arrived in_progress completed", ""},
    {"correct_charge", "repair task", "arrived in_progress completed", "", Guard::charged},
    {"verify_material", "repair", "arrived in_progress", ""},
    // Nobody is at home, or a part has to be fetched: another visit (R5.11).
    {"put_off", "repair", "arrived in_progress", "accepted"},
    {"progress", works, "accepted arrived in_progress", ""},
    {"progress", "complaint", "assigned in_progress", ""},
    {"complete", works, "in_progress", "completed"},
    {"complete", "task", "accepted arrived", "completed"},
    {"complete", "complaint", "in_progress", "resolved"},
    {"sign", works, "completed", "signed"},
    {"sign", works, "signed returned declined", ""},
    {"call_back", works, "completed signed returned declined cancelled", ""},
    {"call_back", "complaint", "resolved revisited", ""},
    {"return", "repair", "signed", "returned"},
    {"return", "public task", "completed signed", "returned"},
    {"send_to_finance", "repair task", "returned", ""},
    {"archive", "repair", "returned", "archived", Guard::finance_done},
    {"archive", "public task", "completed signed returned", "archived", Guard::finance_done},
    {"archive", "complaint", "resolved revisited", "archived"},
    {"cancel", works, "recorded notified reviewing quoted assigned accepted", "cancelled"},
    {"cancel", "complaint", "registered assigned in_progress", "cancelled"},
    {"classify", "complaint", "registered assigned in_progress resolved", ""},
    {"merge", "complaint", "registered assigned in_progress", "merged"},
    {"reply", "complaint", "registered assigned in_progress resolved revisited", ""},
};

// R5.8: engineering takes the sheet; R5.20: copy 1 to the customer; R5.21: 2 and 3 come back, 2
// stays with the department (R5.23); R5.22: 3 goes to finance. Copy 4 never leaves the desk.
// What comes to nothing goes back to customer service (R5.15). Of the patrol form copy 2 goes to
// engineering (R5.25); of a task the second is the executor's, and filed by the dispatcher (R8.7,
// R8.13).
constexpr CopyMove copy_table[] = {
    {"accept", "repair", 1, "technician"},
    {"accept", "repair", 2, "technician"},
    {"accept", "repair", 3, "technician"},
    {"sign", "repair", 1, "customer", true},
    {"return", "repair", 2, "engineering_supervisor", true},
    {"return", "repair", 3, "front_desk"},
    {"send_to_finance", "repair", 3, "finance", true},
    {"decline", "repair", 1, "front_desk"},
    {"decline", "repair", 2, "front_desk"},
    {"decline", "repair", 3, "front_desk"},
    {"cancel", "repair", 1, "front_desk"},
    {"cancel", "repair", 2, "front_desk"},
    {"cancel", "repair", 3, "front_desk"},
    {"accept", "public", 2, "engineering_supervisor"},
    {"cancel", "public", 2, "front_desk"},
    {"accept", "task", 2, "assignee"},
    {"return", "task", 2, "dispatcher"},
    {"archive", "task", 2, "dispatcher"},
    {"cancel", "task", 2, "dispatcher"},
};

bool holds(Guard guard, const Order& order, bool has_charges) {
  switch (guard) {
    case Guard::none:
      return true;
    case Guard::needs_no_review:
      return order.priced;
    case Guard::needs_review:
      return !order.priced;
    case Guard::agreed:
      return order.agreed_at.has_value();
    case Guard::not_agreed:
      return !order.agreed_at.has_value();
    case Guard::charged:
      return has_charges;
    case Guard::finance_done:
      return !has_charges || order.finance_at.has_value();
  }
  return false;
}

}  // namespace

std::span<const Action> actions() {
  return action_table();
}
std::span<const Move> moves() {
  return move_table;
}
std::span<const CopyMove> copy_moves() {
  return copy_table;
}

std::vector<std::string_view> states_of(Kind kind) {
  std::vector<std::string_view> states{first_state(kind)};
  // Those that an effect enters in place of the move's: an infeasible quote, a good revisit.
  if (kind == Kind::complaint) states.emplace_back("revisited");
  for (const auto& move : move_table) {
    if (move.to.empty() || !listed(move.kinds, to_string(kind))) continue;
    if (std::ranges::find(states, move.to) == states.end()) states.push_back(move.to);
  }
  return states;
}

std::string_view first_state(Kind kind) {
  return kind == Kind::complaint ? "registered" : "recorded";
}

bool is_final(std::string_view state) {
  return listed("archived cancelled declined merged", state);
}

const Action* find_action(std::string_view name) {
  for (const auto& action : action_table()) {
    if (action.name == name) return &action;
  }
  return nullptr;
}

const Move* find_move(const Order& order, bool has_charges, std::string_view action) {
  for (const auto& move : move_table) {
    if (move.action == action && listed(move.kinds, to_string(order.kind)) &&
        listed(move.from, order.state) && holds(move.guard, order, has_charges)) {
      return &move;
    }
  }
  return nullptr;
}

bool role_may(const Action& action, std::string_view role) {
  return role == "admin" || role == "system" || listed(action.roles, role) ||
         (action.assignee && role != "resident");
}

bool may(const Action& action, const Actor& actor, const Order& order) {
  if (actor.role == "admin" || actor.role == "system") return true;
  if (listed(action.roles, actor.role) && works_at(actor.estate, order)) return true;
  return action.assignee && actor.staff != 0 && actor.staff == order.assignee;
}

bool works_at(std::string_view estate, const Order& order) {
  return estate.empty() || order.estate.empty() || estate == order.estate;
}

bool may_reschedule(const Actor& actor, const Order& order) {
  if (actor.role == "resident") return true;  // whose it is their conversation was asked
  const bool own = !actor.conversation.empty() && actor.conversation == order.conversation;
  return own || may(*find_action("escalate"), actor, order);  // who may speak for the order
}

bool can_reschedule(const Order& order) {
  return order.live && order.kind == Kind::repair &&
         listed("recorded notified reviewing quoted assigned accepted arrived in_progress",
                order.state);
}

std::string_view supervisor_of(Kind kind) {
  return kind == Kind::complaint ? "service_supervisor" : "engineering_supervisor";
}

std::string_view signer_of(std::string_view role) {
  if (listed("customer owner tenant family resident receiver client", role)) return "customer";
  return listed(staff_roles, role) ? "staff" : "";
}

std::vector<std::string> allowed(const Order& order, bool has_charges, const Actor& actor) {
  std::vector<std::string> names;
  for (const auto& action : action_table()) {
    if (may(action, actor, order) && find_move(order, has_charges, action.name) != nullptr) {
      names.emplace_back(action.name);
    }
  }
  return names;
}

bool may_dispatch(std::string_view role) {
  return listed(
      "dispatcher engineering_supervisor service_supervisor centre_manager general_manager admin",
      role);
}

bool may_receive(Kind kind, std::string_view role) {
  switch (kind) {
    case Kind::task:
      return listed(
          "technician property_assistant front_desk quality engineering_supervisor"
          " service_supervisor centre_manager",
          role);
    case Kind::complaint:
      return !listed("finance archivist", role);
    default:  // R5.9, R5.26: engineering, or who has its place (R9.6)
      return listed(
          "technician engineering_supervisor dispatcher property_assistant service_supervisor",
          role);
  }
}

bool listed(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const auto space = list.find(' ');
    if (list.substr(0, space) == word) return true;
    if (space == std::string_view::npos) return false;
    list.remove_prefix(space + 1);
  }
  return false;
}

}  // namespace huiyin::orders
