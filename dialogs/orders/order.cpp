#include "dialogs/orders/order.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <set>

#include "store/personal.h"

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

// Reads one order by a WHERE clause that names it.
template <class In>
std::optional<Order> load_by(store::Connection& db, store::Sql head, store::Sql rest,
                             const In& key) {
  const auto a = db.first<Int, Text, Text, Text, Text, Int, Int, Text, Text, Text, Text, Int, Int,
                          MaybeInt, MaybeInt, Text, Text>(head, key);
  if (!a) return std::nullopt;
  Order o;
  std::string kind;
  Int live, priced;
  MaybeInt from, to;
  std::tie(o.id, o.number, kind, o.estate, o.state, live, o.unit_id, o.unit, o.place, o.item,
           o.category, o.description, priced, from, to, o.channel, o.severity) = *a;
  o.kind = kind_of(kind).value_or(Kind::task);
  o.live = live != 0;
  o.priced = priced != 0;
  if (from) o.appointment = Appointment{from_millis(*from), instant_of(to)};

  const auto b =
      db.first<Int, Text, Text, Int, Int, MaybeInt, MaybeInt, MaybeInt, MaybeInt, Text, Int, Int,
               MaybeInt, Int, Int, std::optional<Text>, std::optional<Text>>(rest, o.id);
  std::string language;
  Int received, recorded;
  MaybeInt agreed, finance, called, reply;
  std::optional<Text> name, phone;
  std::tie(o.assignee, o.conversation, language, received, recorded, agreed, finance, called,
           o.quote_fen, o.merged_into, o.dispatcher, o.requirement, reply, o.overdue, o.version,
           name, phone) = b.value();
  o.language = language_of(language);
  o.received_at = from_millis(received);
  o.recorded_at = from_millis(recorded);
  o.agreed_at = instant_of(agreed);
  o.finance_at = instant_of(finance);
  o.called_back_at = instant_of(called);
  o.reply_by = instant_of(reply);
  o.name = name.value_or("");
  o.phone = phone.value_or("");
  return o;
}

#define HUIYIN_ORDER_HEAD                                                                       \
  "SELECT id, number, kind, estate, state, live, unit_id, unit, place, item, category,"         \
  " description, priced, appointment_from, appointment_to, channel, severity FROM work_orders " \
  "WHERE "
constexpr store::Sql rest_of_order =
    "SELECT w.assignee, w.conversation, w.language, w.received_at, w.recorded_at, w.agreed_at,"
    " w.finance_at, w.called_back_at, w.quote_fen, w.merged_into, w.dispatcher, w.requirement,"
    " w.reply_by, w.overdue, w.version, p.name, p.phone"
    " FROM work_orders w LEFT JOIN order_people p ON p.order_id = w.id WHERE w.id = :i";

std::vector<Order> load_all(store::Connection& db,
                            const std::vector<std::tuple<std::int64_t>>& ids) {
  std::vector<Order> out;
  for (const auto& [id] : ids) {
    if (auto order = load(db, id)) out.push_back(std::move(*order));
  }
  return out;
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

bool about_the_same(store::Connection& db, const Order& order, const NewOrder& told) {
  constexpr double nearly_the_same = 0.8;
  const auto differ = [](const std::string& a, const std::string& b) {
    return !a.empty() && !b.empty() && a != b;
  };
  if (differ(order.place, told.place) || differ(order.item, told.item)) return false;
  if (!told.item.empty() && told.item == order.item) return true;
  if (likeness(store::get_text(db, order.description), told.description) >= nearly_the_same) {
    return true;
  }
  if (!told.item.empty() || !order.item.empty()) return false;
  if (told.kind == Kind::complaint && !told.category.empty()) {
    return told.category == order.category;
  }
  return told.kind == Kind::public_fault && !told.place.empty() && told.place == order.place;
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
  return load_by(db, HUIYIN_ORDER_HEAD "number = :n", rest_of_order, number);
}

std::optional<Order> load(store::Connection& db, std::int64_t id) {
  return load_by(db, HUIYIN_ORDER_HEAD "id = :i", rest_of_order, id);
}

std::vector<Order> open_of_conversation(store::Connection& db, std::string_view conversation,
                                        int limit) {
  return load_all(
      db, db.query<std::int64_t>("SELECT id FROM work_orders WHERE conversation = :c AND live = 1"
                                 " ORDER BY id DESC LIMIT :l",
                                 conversation, limit));
}

std::vector<Order> open_of_unit(store::Connection& db, std::int64_t unit_id, int limit) {
  return load_all(
      db, db.query<std::int64_t>("SELECT id FROM work_orders WHERE unit_id = :u AND live = 1"
                                 " ORDER BY id DESC LIMIT :l",
                                 unit_id, limit));
}

std::optional<Order> latest_of_conversation(store::Connection& db, std::string_view conversation) {
  const auto id = db.value<std::int64_t>(
      "SELECT id FROM work_orders WHERE conversation = :c ORDER BY id DESC LIMIT 1", conversation);
  return id ? load(db, *id) : std::nullopt;
}

std::optional<Order> same_matter(store::Connection& db, const NewOrder& told, Instant now) {
  constexpr int looked_at_max = 50;
  const std::int64_t since = to_millis(now - std::chrono::hours(24));
  std::vector<std::tuple<std::int64_t>> ids;
  if (told.unit_id != 0) {
    ids = db.query<std::int64_t>(
        "SELECT id FROM work_orders WHERE unit_id = :u AND kind = :k AND live = 1"
        " AND recorded_at > :s ORDER BY id DESC LIMIT :l",
        told.unit_id, to_string(told.kind), since, looked_at_max);
  }
  if (!told.conversation.empty()) {
    for (const auto& row : db.query<std::int64_t>(
             "SELECT id FROM work_orders WHERE conversation = :c AND kind = :k AND live = 1"
             " AND recorded_at > :s ORDER BY id DESC LIMIT :l",
             told.conversation, to_string(told.kind), since, looked_at_max)) {
      ids.push_back(row);
    }
  }
  for (auto& order : load_all(db, ids)) {
    // One conversation may report for two homes: those are two matters.
    const bool other_home =
        told.unit_id != 0 && order.unit_id != 0 && told.unit_id != order.unit_id;
    if (!other_home && about_the_same(db, order, told)) return std::move(order);
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

std::int64_t insert(store::Connection& db, const std::string& number, const NewOrder& order,
                    std::string_view state, bool priced, Instant now) {
  const std::string subject = text_subject(number);
  const std::int64_t description = store::put_text(db, subject, order.description);
  const std::int64_t requirement =
      order.requirement.empty() ? 0 : store::put_text(db, subject, order.requirement);
  MaybeInt from, to;
  if (order.appointment) {
    from = to_millis(order.appointment->from);
    to = millis_of(order.appointment->to);
  }
  db.exec(
      "INSERT INTO work_orders(number, kind, estate, state, unit_id, unit, place, item, category,"
      " description, priced, appointment_from, appointment_to, channel, severity, conversation,"
      " language, received_at, recorded_at, dispatcher, requirement, reply_by)"
      " VALUES(:n, :k, :e, :s, :ui, :u, :p, :it, :c, :d, :pr, :af, :at, :ch, :sv, :cv, :l, :rc,"
      " :rd, :di, :rq, :rb)",
      number, to_string(order.kind), order.estate, state, order.unit_id, order.unit, order.place,
      order.item, order.category, description, priced, from, to, order.channel, order.severity,
      order.conversation, to_string(order.language), to_millis(order.received_at), to_millis(now),
      order.dispatcher, requirement, millis_of(order.reply_by));
  const std::int64_t id = db.last_insert_id();
  set_people(db, id, order.name, order.phone);
  return id;
}

void save(store::Connection& db, Order& order) {
  MaybeInt from, to;
  if (order.appointment) {
    from = to_millis(order.appointment->from);
    to = millis_of(order.appointment->to);
  }
  ++order.version;
  db.exec(
      "UPDATE work_orders SET state = :s, live = :lv, estate = :e, unit_id = :ui, unit = :u,"
      " place = :pl, appointment_from = :af, appointment_to = :at, severity = :sv,"
      " assignee = :a, agreed_at = :ag, finance_at = :f, called_back_at = :cb, quote_fen = :q,"
      " merged_into = :m, description = :d, overdue = :o, version = :v WHERE id = :i",
      order.state, order.live, order.estate, order.unit_id, order.unit, order.place, from, to,
      order.severity, order.assignee, millis_of(order.agreed_at), millis_of(order.finance_at),
      millis_of(order.called_back_at), order.quote_fen, order.merged_into, order.description,
      order.overdue, order.version, order.id);
}

void set_people(store::Connection& db, std::int64_t id, const std::string& name,
                const std::string& phone) {
  const auto maybe = [](const std::string& text) {
    return text.empty() ? std::optional<std::string>() : std::optional<std::string>(text);
  };
  db.exec(
      "INSERT INTO order_people(order_id, name, phone) VALUES(:i, :n, :p)"
      " ON CONFLICT(order_id) DO UPDATE SET name = excluded.name, phone = excluded.phone",
      id, maybe(name), maybe(phone));
}

void add_event(store::Connection& db, const Order& order, Instant at, std::string_view actor,
               std::string_view action, std::string_view entered, std::string_view note,
               const Json& detail) {
  const std::int64_t text =
      note.empty() ? 0 : store::put_text(db, text_subject(order.number), note);
  db.exec(
      "INSERT INTO order_events(order_id, at, actor, action, state, note, detail)"
      " VALUES(:o, :t, :a, :ac, :s, :n, :d)",
      order.id, to_millis(at), actor, action, entered, text,
      detail.is_null() ? std::string() : dump_json(detail));
}

std::string text_subject(std::string_view number) {
  return "order:" + std::string(number);
}

}  // namespace huiyin::orders
