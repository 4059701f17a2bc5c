#include "dialogs/orders/order.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include "dialogs/orders/life.h"
#include "dialogs/orders/sheet.h"
#include "store/personal.h"
#include "store/timers.h"

namespace huiyin::orders {
namespace {

struct KindName {
  Kind kind;
  std::string_view name, prefix;
};
constexpr std::array<KindName, 4> kind_names{{{Kind::repair, "repair", "WX"},
                                              {Kind::public_fault, "public", "GG"},
                                              {Kind::complaint, "complaint", "TS"},
                                              {Kind::task, "task", "GZ"}}};

using MaybeInt = std::optional<std::int64_t>;
using Text = std::string;
using Int = std::int64_t;

std::optional<Instant> instant_of(const MaybeInt& ms) {
  if (!ms) return std::nullopt;
  return from_millis(*ms);
}
MaybeInt millis_of(const std::optional<Instant>& at) {
  if (!at) return std::nullopt;
  return to_millis(*at);
}

std::pair<MaybeInt, MaybeInt> millis_of(const std::optional<Appointment>& appointment) {
  if (!appointment) return {};
  return {to_millis(appointment->from), millis_of(appointment->to)};
}

// A timer stands for every clock that runs and can still be missed, and for no other: for the
// reminder first, if one is to come. At the due moment itself it may still be met, so the miss is
// decided just after.
void keep_timers(store::Connection& db, Order& order) {
  for (auto& clock : order.clocks) {
    const bool wanted = !clock.ended() && !clock.breached;
    if (wanted == clock.has_timer) continue;
    const std::string key = order.number + "/" + clock.rule;
    if (wanted)
      store::set_timer(db, clock.remind_at.value_or(clock.due_at + Millis(1)), clock_timer, key);
    else
      store::clear_timer(db, clock_timer, key);
    clock.has_timer = wanted;
  }
}

using HeadRow = std::tuple<Int, Text, Text, Text, Text, Int, Int, Text, Text, Text, Text, Int, Int,
                           MaybeInt, MaybeInt, Text, Text>;
using RestRow = std::tuple<Int, Int, Text, Text, Int, Int, MaybeInt, MaybeInt, MaybeInt, MaybeInt,
                           Text, Int, Int, MaybeInt, Int, Int, Text, Text, Text, Text>;

Order order_of(const HeadRow& head) {
  Order o;
  std::string kind;
  Int live, priced;
  MaybeInt from, to;
  std::tie(o.id, o.number, kind, o.estate, o.state, live, o.unit_id, o.unit, o.place, o.item,
           o.category, o.description, priced, from, to, o.channel, o.severity) = head;
  o.kind = kind_of(kind).value_or(Kind::task);
  o.live = live != 0;
  o.priced = priced != 0;
  if (from) o.appointment = Appointment{from_millis(*from), instant_of(to)};
  return o;
}

void add_rest(Order& o, const RestRow& rest) {
  Int id;
  std::string language, copies, clocks;
  Int received, recorded;
  MaybeInt agreed, finance, called, reply;
  std::tie(id, o.assignee, o.conversation, language, received, recorded, agreed, finance, called,
           o.quote_fen, o.merged_into, o.dispatcher, o.requirement, reply, o.overdue, o.version,
           o.name, o.phone, copies, clocks) = rest;
  o.language = language_of(language);
  o.received_at = from_millis(received);
  o.recorded_at = from_millis(recorded);
  o.agreed_at = instant_of(agreed);
  o.finance_at = instant_of(finance);
  o.called_back_at = instant_of(called);
  o.reply_by = instant_of(reply);
  o.copies = copies_from(copies);
  o.clocks = clocks_from(clocks);
}

template <class... T>
std::vector<std::tuple<T...>> rows(store::Connection& db, store::Sql sql, const std::string& ids,
                                   const std::tuple<T...>*) {
  return db.query<T...>(sql, ids);
}
template <class... T, class In>
std::optional<std::tuple<T...>> row(store::Connection& db, store::Sql sql, const In& key,
                                    const std::tuple<T...>*) {
  return db.first<T...>(sql, key);
}

#define HUIYIN_ORDER_REST                                                                   \
  "SELECT id, assignee, conversation, language, received_at, recorded_at, agreed_at,"       \
  " finance_at, called_back_at, quote_fen, merged_into, dispatcher, requirement, reply_by," \
  " overdue, version, name, phone, copies, clocks FROM work_orders WHERE "

// Reads one order by a WHERE clause that names it.
template <class In>
std::optional<Order> load_by(store::Connection& db, store::Sql head, const In& key) {
  const auto found = row(db, head, key, static_cast<const HeadRow*>(nullptr));
  if (!found) return std::nullopt;
  Order order = order_of(*found);
  add_rest(
      order,
      row(db, HUIYIN_ORDER_REST "id = :i", order.id, static_cast<const RestRow*>(nullptr)).value());
  return order;
}

#define HUIYIN_ORDER_HEAD                                                                       \
  "SELECT id, number, kind, estate, state, live, unit_id, unit, place, item, category,"         \
  " description, priced, appointment_from, appointment_to, channel, severity FROM work_orders " \
  "WHERE "
std::vector<Order> load_all(store::Connection& db,
                            const std::vector<std::tuple<std::int64_t>>& rows) {
  std::vector<std::int64_t> ids;
  for (const auto& [id] : rows) ids.push_back(id);
  return load(db, ids);
}

// The letters and digits of a text, two by two.
std::set<std::pair<UChar32, UChar32>> pieces(std::string_view text) {
  std::set<std::pair<UChar32, UChar32>> out;
  const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
  UChar32 before = 0;
  for (std::int32_t at = 0, size = static_cast<std::int32_t>(text.size()); at < size;) {
    UChar32 c;
    U8_NEXT(data, at, size, c);
    if (c < 0 || !u_isalpha(c)) continue;  // no digits: addresses and phones are always the same
    c = u_tolower(c);
    if (before != 0) out.emplace(before, c);
    before = c;
  }
  return out;
}

std::string without(std::string text, const std::string& part) {
  if (const auto at = text.find(part); at != std::string::npos) text.erase(at, part.size());
  return text;
}

bool about_the_same(const Order& order, const std::string& words, const NewOrder& told) {
  constexpr double nearly_the_same = 0.8, alike_at_one_place = 0.3;
  const auto differ = [](const std::string& a, const std::string& b) {
    return !a.empty() && !b.empty() && a != b;
  };
  if (differ(order.place, told.place) || differ(order.item, told.item)) return false;
  if (!told.item.empty() && told.item == order.item) return true;
  const double alike = likeness(words, told.description);
  if (alike >= nearly_the_same) return true;
  if (!told.item.empty() || !order.item.empty()) return false;
  // Of one place much may be said; its own name is in both.
  return told.kind == Kind::public_fault && !told.place.empty() && told.place == order.place &&
         likeness(without(words, told.place), without(told.description, told.place)) >=
             alike_at_one_place;
}

}  // namespace

std::string_view to_string(Kind kind) {
  return kind_names[static_cast<std::size_t>(kind)].name;
}
std::string_view prefix_of(Kind kind) {
  return kind_names[static_cast<std::size_t>(kind)].prefix;
}
std::optional<Kind> kind_of(std::string_view name) {
  for (const auto& one : kind_names) {
    if (one.name == name) return one.kind;
  }
  return std::nullopt;
}

std::optional<Order> find(store::Connection& db, std::string_view number) {
  return load_by(db, HUIYIN_ORDER_HEAD "number = :n", number);
}

std::optional<Order> load(store::Connection& db, std::int64_t id) {
  return load_by(db, HUIYIN_ORDER_HEAD "id = :i", id);
}

std::vector<Order> load(store::Connection& db, const std::vector<std::int64_t>& ids) {
  if (ids.empty()) return {};
  const std::string list = Json(ids).dump();
  std::unordered_map<std::int64_t, Order> found;
  for (const auto& head : rows(db, HUIYIN_ORDER_HEAD "id IN (SELECT value FROM json_each(:i))",
                               list, static_cast<const HeadRow*>(nullptr))) {
    found.emplace(std::get<0>(head), order_of(head));
  }
  for (const auto& rest : rows(db, HUIYIN_ORDER_REST "id IN (SELECT value FROM json_each(:i))",
                               list, static_cast<const RestRow*>(nullptr))) {
    if (const auto it = found.find(std::get<0>(rest)); it != found.end())
      add_rest(it->second, rest);
  }
  std::vector<Order> out;
  for (const std::int64_t id : ids) {
    if (auto taken = found.extract(id)) out.push_back(std::move(taken.mapped()));
  }
  return out;
}

std::vector<Order> open_of_conversation(store::Connection& db, std::string_view conversation,
                                        int limit) {
  return load_all(
      db, db.query<std::int64_t>("SELECT id FROM work_orders WHERE conversation = :c AND live = 1"
                                 " ORDER BY id DESC LIMIT :l",
                                 conversation, limit));
}

std::vector<Order> open_of_unit(store::Connection& db, const UnitRecord& unit, int limit) {
  return load_all(
      db, db.query<std::int64_t>("SELECT id FROM work_orders WHERE unit = :u AND unit_id = :i"
                                 " AND live = 1 ORDER BY id DESC LIMIT :l",
                                 unit.unit.canonical(), unit.id, limit));
}

std::optional<Order> latest_of_conversation(store::Connection& db, std::string_view conversation) {
  const auto id = db.value<std::int64_t>(
      "SELECT id FROM work_orders WHERE conversation = :c ORDER BY id DESC LIMIT 1", conversation);
  return id ? load(db, *id) : std::nullopt;
}

std::optional<Order> same_matter(store::Connection& db, const NewOrder& told, Instant now,
                                 const SameMatter& same) {
  constexpr int looked_at_max = 50;
  const std::int64_t since = to_millis(now - std::chrono::hours(24));
  std::vector<std::tuple<std::int64_t>> ids;
  if (told.unit_id != 0) {
    ids = db.query<std::int64_t>(
        "SELECT id FROM work_orders WHERE unit = :u AND unit_id = :i AND kind = :k AND live = 1"
        " AND recorded_at > :s ORDER BY id DESC LIMIT :l",
        told.unit, told.unit_id, to_string(told.kind), since, looked_at_max);
  }
  if (!told.conversation.empty()) {
    for (const auto& row : db.query<std::int64_t>(
             "SELECT id FROM work_orders WHERE conversation = :c AND kind = :k AND live = 1"
             " AND recorded_at > :s ORDER BY id DESC LIMIT :l",
             told.conversation, to_string(told.kind), since, looked_at_max)) {
      ids.push_back(row);
    }
  }
  // A complaint need not name a home: the phone that it was left with is who told it.
  if (told.kind == Kind::complaint && !told.phone.empty()) {
    for (const auto& row : db.query<std::int64_t>(
             "SELECT id FROM work_orders WHERE estate = :e AND kind = 'complaint' AND state IN"
             " ('registered', 'assigned', 'in_progress', 'resolved', 'revisited') AND phone = :p"
             " AND recorded_at > :s ORDER BY id DESC LIMIT :l",
             told.estate, told.phone, since, looked_at_max)) {
      ids.push_back(row);
    }
  }
  for (auto& order : load_all(db, ids)) {
    // One conversation may report for two homes: those are two matters.
    const bool other_home =
        told.unit_id != 0 && order.unit_id != 0 && told.unit_id != order.unit_id;
    if (other_home) continue;
    const std::string words = store::get_text(db, order.description);
    if (same ? same(order, words, told) : about_the_same(order, words, told)) {
      return std::move(order);
    }
  }
  return std::nullopt;
}

double likeness(std::string_view a, std::string_view b) {
  const auto one = pieces(a), two = pieces(b);
  if (one.empty() || two.empty()) return a == b ? 1.0 : 0.0;
  constexpr std::size_t few = 4;  // a word or two is in many texts: then all of both counts
  std::size_t shared = 0;
  for (const auto& piece : one) shared += two.contains(piece);
  const std::size_t shorter = std::min(one.size(), two.size());
  const double whole =
      static_cast<double>(shorter < few ? std::max(one.size(), two.size()) : shorter);
  return static_cast<double>(shared) / whole;
}

Order opened(std::string number, const NewOrder& told, bool priced, Instant now) {
  Order order;
  order.number = std::move(number);
  order.kind = told.kind;
  order.estate = told.estate;
  order.state = first_state(told.kind);
  order.unit_id = told.unit_id;
  order.unit = told.unit;
  order.place = told.place;
  order.item = told.item;
  order.category = told.category;
  order.priced = priced;
  order.appointment = told.appointment;
  order.channel = told.channel;
  order.severity = told.severity;
  order.conversation = told.conversation;
  order.language = told.language;
  order.received_at = told.received_at;
  order.recorded_at = now;
  order.dispatcher = told.dispatcher;
  order.reply_by = told.reply_by;
  order.name = told.name;
  order.phone = told.phone;
  return order;
}

void insert(store::Connection& db, Order& order, const NewOrder& told) {
  const std::string subject = text_subject(order.number);
  order.description = store::put_text(db, subject, told.description);
  order.requirement = told.requirement.empty() ? 0 : store::put_text(db, subject, told.requirement);
  const auto [from, to] = millis_of(order.appointment);
  db.exec(
      "INSERT INTO work_orders(number, kind, estate, state, live, unit_id, unit, place, item,"
      " category, description, priced, appointment_from, appointment_to, channel, severity,"
      " conversation, language, received_at, recorded_at, dispatcher, requirement, reply_by, name,"
      " phone, copies, clocks, overdue)"
      " VALUES(:n, :k, :e, :s, :lv, :ui, :u, :p, :it, :c, :d, :pr, :af, :at, :ch, :sv, :cv, :l,"
      " :rc, :rd, :di, :rq, :rb, :na, :ph, :co, :cl, :ov)",
      order.number, to_string(order.kind), order.estate, order.state, order.live, order.unit_id,
      order.unit, order.place, order.item, order.category, order.description, order.priced, from,
      to, order.channel, order.severity, order.conversation, to_string(order.language),
      to_millis(order.received_at), to_millis(order.recorded_at), order.dispatcher,
      order.requirement, millis_of(order.reply_by), order.name, order.phone, to_text(order.copies),
      to_text(order.clocks), order.overdue);
  order.id = db.last_insert_id();
  keep_timers(db, order);
}

void save(store::Connection& db, Order& order) {
  const auto [from, to] = millis_of(order.appointment);
  ++order.version;
  db.exec(
      "UPDATE work_orders SET state = :s, live = :lv, estate = :e, unit_id = :ui, unit = :u,"
      " place = :pl, item = :it, category = :ca, appointment_from = :af, appointment_to = :at,"
      " severity = :sv,"
      " assignee = :a, agreed_at = :ag, finance_at = :f, called_back_at = :cb, quote_fen = :q,"
      " merged_into = :m, description = :d, name = :na, phone = :ph, copies = :co, clocks = :cl,"
      " overdue = :o, version = :v WHERE id = :i",
      order.state, order.live, order.estate, order.unit_id, order.unit, order.place, order.item,
      order.category, from, to, order.severity, order.assignee, millis_of(order.agreed_at),
      millis_of(order.finance_at), millis_of(order.called_back_at), order.quote_fen,
      order.merged_into, order.description, order.name, order.phone, to_text(order.copies),
      to_text(order.clocks), order.overdue, order.version, order.id);
  keep_timers(db, order);
}

void save_clocks(store::Connection& db, Order& order) {
  db.exec("UPDATE work_orders SET clocks = :c, overdue = :o WHERE id = :i", to_text(order.clocks),
          order.overdue, order.id);
  keep_timers(db, order);
}

void add_event(store::Connection& db, const Order& order, Instant at, const Actor& actor,
               std::string_view action, std::string_view entered, std::string_view note,
               const Json& detail) {
  const std::int64_t text =
      note.empty() ? 0 : store::put_text(db, text_subject(order.number), note);
  db.exec(
      "INSERT INTO order_events(order_id, n, at, actor, channel, action, state, note, detail)"
      " SELECT :o, coalesce(max(n), 0) + 1, :t, :a, :ch, :ac, :s, :n, :d FROM order_events"
      " WHERE order_id = :o2",
      order.id, to_millis(at), actor.id, actor.channel, action, entered, text,
      detail.is_null() ? std::string() : dump_json(detail), order.id);
}

std::string text_subject(std::string_view number) {
  return "order:" + std::string(number);
}

Charged charged(store::Connection& db, std::int64_t order) {
  const auto row = db.first<std::int64_t, std::int64_t>(
      "SELECT count(*), coalesce(sum(amount_fen), 0) FROM order_charges WHERE order_id = :o",
      order);
  return row ? Charged{std::get<0>(*row), std::get<1>(*row)} : Charged{};
}

}  // namespace huiyin::orders
