// A work order as a value, and what is written about it (contract section 5, "Work orders").
// Plain reading and writing of rows; the rules of its life are in life.h and clocks.h.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/talk/directory.h"
#include "bot/understand/understanding.h"
#include "store/connection.h"

namespace huiyin::orders {

enum class Kind { repair, public_fault, complaint, task };
std::string_view to_string(Kind kind);  // "repair" "public" "complaint" "task"
std::optional<Kind> kind_of(std::string_view name);
std::string_view prefix_of(Kind kind);  // "WX" "GG" "TS" "GZ"

// Who acts. `role` is one of the contract's, or "resident", or "system" for the product itself.
struct Actor {
  std::string id;  // for the history: "admin", "staff:12", "resident", "system"
  std::string role;
  std::int64_t staff = 0;
  std::string channel;       // by which it came: "api", a channel's name, "page", "system"
  std::string conversation;  // of who acts by chat and is answered there
  std::string estate;        // of a staff member; empty: works on all of them
  static Actor resident(std::string channel = {}, std::string conversation = {}) {
    return {"resident", "resident", 0, std::move(channel), std::move(conversation), {}};
  }
  static Actor system() { return {"system", "system", 0, "system", {}, {}}; }
};

struct Appointment {
  Instant from;
  std::optional<Instant> to;
  friend bool operator==(const Appointment&, const Appointment&) = default;
};

// A copy of the sheet and who has it: a role or "customer".
struct CopyRecord {
  int copy = 0;
  std::string holder;
  Instant at{};
};

// While a clock stood still: the desk was closed.
struct Pause {
  Instant from, to;
  friend bool operator==(const Pause&, const Pause&) = default;
};

// A limit that runs, was met, was missed, or was stopped: the order ended, or an appointment came,
// while it still ran. `has_timer`: a timer row stands for it (kept by insert() and save()).
struct ClockRecord {
  std::string rule, name, anchor;
  std::string policy;  // the estate's profile and its version that set the limit
  Instant anchor_at{}, due_at{};
  std::optional<Instant> remind_at;  // a reminder is still to come
  std::vector<Pause> pauses;
  std::optional<Instant> met_at, stopped_at;
  std::string met_by;  // Actor::id
  bool breached = false;
  bool has_timer = false;
  bool ended() const { return met_at || stopped_at; }
};
inline constexpr std::string_view clock_timer = "orders.clock";    // key "<number>/<rule>"
inline constexpr std::string_view assign_timer = "orders.assign";  // key "<number>"; R5.9

struct Order {
  std::int64_t id = 0;
  std::string number;
  Kind kind = Kind::repair;
  std::string estate, state;
  bool live = true;          // not archived, cancelled, declined or merged
  std::int64_t unit_id = 0;  // UnitRecord::id; 0: none
  std::string unit;          // canonical; "": none
  std::string place, item, category;
  std::int64_t description = 0;  // store/personal.h
  bool priced = true;            // the item is in the price list
  std::optional<Appointment> appointment;
  std::string channel, severity;
  std::int64_t assignee = 0;  // staff id; 0: nobody
  std::string conversation;   // "space/sender" that reported it; "" from the desk
  Language language = Language::zh_hans;
  Instant received_at{}, recorded_at{};
  std::optional<Instant> agreed_at, finance_at, called_back_at;
  std::optional<std::int64_t> quote_fen;
  std::string merged_into;
  std::int64_t dispatcher = 0, requirement = 0;  // of a task; requirement: store/personal.h
  std::optional<Instant> reply_by;
  std::int64_t overdue = 0;  // clocks that ran out and are not met
  std::int64_t version = 1;
  std::string name, phone;  // empty when not given or erased
  std::vector<CopyRecord> copies;
  std::vector<ClockRecord> clocks;
};

// What a subject records. Validated by its caller: the unit exists, times are sound.
struct NewOrder {
  Kind kind = Kind::repair;
  std::string estate;
  std::int64_t unit_id = 0;
  std::string unit;
  std::string place, item, category;
  std::string name, phone;     // E.164; empty: anonymous
  std::string description;     // verbatim
  std::optional<bool> priced;  // none: the price list of the estate decides
  std::optional<Appointment> appointment;
  std::string channel = "chat";  // call letter visit chat other
  std::string severity;
  std::string conversation;
  Language language = Language::zh_hans;
  Instant received_at{};
  Actor actor = Actor::resident();
  std::int64_t dispatcher = 0;
  std::string requirement;
  std::optional<Instant> reply_by;
};

// Reading; any connection.
std::optional<Order> find(store::Connection& db, std::string_view number);
std::optional<Order> load(store::Connection& db, std::int64_t id);
// Those that exist, in the order of the ids, each once; in two queries however many there are.
std::vector<Order> load(store::Connection& db, const std::vector<std::int64_t>& ids);
// Live orders of a conversation, newest first, at most `limit`.
std::vector<Order> open_of_conversation(store::Connection& db, std::string_view conversation,
                                        int limit = 20);
std::vector<Order> open_of_unit(store::Connection& db, const UnitRecord& unit, int limit = 20);
// The newest order that a conversation reported, live or not.
std::optional<Order> latest_of_conversation(store::Connection& db, std::string_view conversation);
// Whether an order with these words is about what is told now.
using SameMatter =
    std::function<bool(const Order& order, const std::string& words, const NewOrder& told)>;
// A live order of the same kind that the same household or conversation reported within a day and
// that is about the same, as `same` decides; without it by item, place and nearly the same words.
std::optional<Order> same_matter(store::Connection& db, const NewOrder& told, Instant now,
                                 const SameMatter& same = {});
// 0..1: how much of the shorter text's two-letter pieces is in the other.
double likeness(std::string_view a, std::string_view b);

// Sum of its charges, and how many there are.
struct Charged {
  std::int64_t count = 0, fen = 0;
};
Charged charged(store::Connection& db, std::int64_t order);

// Writing; the lane's thread.
// The order that is to be: everything told, but not written yet.
Order opened(std::string number, const NewOrder& told, bool priced, Instant now);
// Writes a new order, its texts and the timers of its running clocks; sets its id.
void insert(store::Connection& db, Order& order, const NewOrder& told);
// Writes everything that may change back, counts the version up, sets and clears the timers.
void save(store::Connection& db, Order& order);
// As save() for the clocks alone: what time does to an order is no new version of it.
void save_clocks(store::Connection& db, Order& order);
// One line of history. `note` may hold anything a person said; it is kept by reference.
void add_event(store::Connection& db, const Order& order, Instant at, const Actor& actor,
               std::string_view action, std::string_view entered = {}, std::string_view note = {},
               const Json& detail = nullptr);
// The subject under which an order's personal texts are kept.
std::string text_subject(std::string_view number);

}  // namespace huiyin::orders
