// One message of one staff member at the desk. Internal to dialogs/desk: desk.cpp decides what is
// meant, find.cpp which order, arguments.cpp what is given with it, deeds.cpp does it, views.cpp
// shows lists and orders.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/talk/turn.h"
#include "dialogs/desk/reader.h"
#include "dialogs/desk/words.h"
#include "dialogs/orders/orders.h"

namespace huiyin::desk {

class AtDesk {
 public:
  AtDesk(Turn& turn, orders::Orders& orders, const DeskWords& words);
  bool run();  // true when the message was the desk's
  // What is no command and no matter of the other subjects: true, and said what can be done now.
  bool stop();
  void help(int page = 1);  // what the role may say

 private:
  using Order = orders::Order;
  // An action that is to be done, with its body; a command may take several, one after the other.
  struct Step {
    std::string_view action;
    Json body = Json::object();
  };

  // desk.cpp
  std::optional<Command> meant();
  bool take(Command command);
  // False, and said so, where the role has nothing to do with such a command.
  bool is_for_role(const Command& command);
  // The answer to a question of the desk, as the command that it completes.
  std::optional<Command> answered(const Json& asked, std::optional<Command> told, const Line& line);
  // Whether the command, as it was told, is meant at all where this person stands.
  bool is_meant(Command& command);
  bool is_for_others();
  void do_to(Command& command, const Order& order, std::vector<Order>& through, bool alone);

  // find.cpp
  // The orders that are meant; empty when something was asked or refused instead.
  std::vector<Order> targets(const Command& command);
  std::optional<Order> named(const std::string& ref, const Command& command);
  std::vector<Order> by_tail(const std::string& tail);
  std::vector<Order> candidates(const Command& command);
  std::vector<Order> open_of_mine(int limit);
  std::vector<Order> at_work();  // mine, on site or in progress
  // No order takes the command: what can be done to those that are open.
  std::vector<Order> none_fits(const Command& command);
  bool is_of_my_estate(const Order& order) const;
  bool can(const Command& command, const Order& order);
  void ask_which(const Command& command, const std::vector<Order>& orders);

  // arguments.cpp
  void sort_out(Command& command) const;
  // What the command does to the order as it stands; none when something was asked instead.
  std::optional<std::vector<Step>> steps(Command& command, const Order& order);
  bool fill(const Command& command, const Order& order, std::vector<Step>& steps);
  bool fill_assignee(const Command& command, const Order& order, Json& body);
  bool fill_amount(const Command& command, const Order& order, Json& body);
  bool fill_charges(const Command& command, const Order& order, std::vector<Step>& steps);
  bool fill_correction(const Command& command, const Order& order, Json& body);
  bool asks_charge(const Command& command, const Order& order);
  bool asks_what_filing_needs(const Command& command, const Order& order);
  void keep(const Command& command, const Order& order, std::string_view step);
  bool fill_material(const Command& command, const Order& order, Json& body);
  bool fill_severity(const Command& command, const Order& order, Json& body);
  bool fill_signature(const Command& command, const Order& order, Json& body);
  bool fill_merge(const Command& command, const Order& order, Json& body);
  bool fill_note(const Command& command, const Order& order, std::string_view phrase, Json& body);
  std::vector<StaffRecord> staff_by_name(const std::string& name, const Order& order) const;
  void refuse_amount(const Command& command, const Order& order, const Amount& amount,
                     const std::string& item = {});
  // The names of the actions that the command needs, from the state that the order is in.
  std::vector<std::string_view> chain(const std::string& command, const Order& order) const;
  // Says the phrase and keeps the command: the next message is what is missing.
  void ask_more(const Command& command, const Order& order, std::string_view phrase,
                const std::vector<std::string>& buttons = {}, Args args = {});

  // deeds.cpp
  // False, and said so, when it was refused.
  bool act(const Command& command, const Order& order, const std::vector<Step>& steps, bool alone);
  void reschedule(const Command& command, Order order);
  void put_off(const Command& command, Order order);
  std::string reason_of_another_visit() const;
  void no_refusal(const Order& order);
  void refused(const Command& command, const Order& order, const orders::Refusal& refusal);
  void forbidden(const Command& command);
  // `offered`: before it a price waited for the resident's word.
  void done(const Command& command, const Order& order, const std::vector<Step>& steps,
            bool offered);
  void agreed_on_site(const Order& order, const orders::Offer& offer);
  void follow_up(const Command& command, const Order& before, const Order& order,
                 const std::vector<Step>& steps);
  void tell_supervisor(const Order& order, std::string_view phrase, Args args);
  void tell_returned(const std::vector<Order>& returned);
  std::string next_limit(const Order& order) const;

  // views.cpp
  void show(const Order& order);
  void list(const Command& command);
  std::vector<Order> listed_orders(const std::string& name, int limit);
  std::string line_of(const Order& order);

  // overview.cpp
  void overview(const Command& command);
  void workload();
  void complaints_since(Instant since);
  void did_since(const std::string& name, Instant since);

  // What phrases may say of an order; gives it its short number.
  Args facts(const Order& order);
  Args facts_for(const Order& order, std::int64_t staff);
  std::string label(const Order& order);  // "3", else the full number
  std::string state_word(const Order& order) const;
  std::string what_is_broken(const Order& order) const;
  // Buttons of what the staff member may do with the order now, in the order of the role's help.
  std::vector<std::string> allowed_buttons(const Order& order);
  bool has_signed(const Order& order) const;  // this person, beside the customer
  bool has_charges(const Order& order) const;
  std::string may_of(const Order& order);  // "到了、求助": the labels of what is allowed
  void say(std::string_view phrase, const Args& args = {},
           const std::vector<std::string>& buttons = {});

  Turn& turn_;
  orders::Orders& orders_;
  const DeskWords& words_;
  const StaffRecord me_;
  const orders::Actor actor_;
  const RoleWords& role_;
};

// The action whose right decides whether a role may give the command; "" for what only looks.
std::string_view action_of(std::string_view command);

}  // namespace huiyin::desk
