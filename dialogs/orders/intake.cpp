#include "dialogs/orders/intake.h"

#include <algorithm>

#include "dialogs/orders/life.h"
#include "store/base/phone.h"
#include "store/base/text.h"

namespace huiyin::orders {
namespace {

constexpr std::size_t text_code_points_max = 20'000;
constexpr std::size_t short_code_points_max = 200;
constexpr auto clocks_differ_max = std::chrono::minutes(1);     // the caller's and ours
constexpr auto received_ago_max = std::chrono::hours(24 * 31);  // a sheet that was filled by hand
constexpr auto ahead_max = std::chrono::hours(24 * (2 * 365 + 1));  // of what is agreed on
constexpr const char* too_far_text = "lies more than two years ahead";

// Reads the members one by one; after the first fault the rest is not looked at.
class Reader {
 public:
  Reader(store::Connection& db, const Directory& directory, const Principal& who, const Json& body,
         Instant now)
      : db_(db), directory_(directory), who_(who), body_(body), now_(now) {}

  Result<NewOrder> read() {
    read_kind();
    order_.description = text(body_, "description", "description", true, text_code_points_max);
    order_.place = text(body_, "place", "place", task(), short_code_points_max);
    order_.category = text(body_, "category", "category", false, short_code_points_max);
    read_unit();
    read_estate();
    read_customer();
    read_choices();
    read_times();
    if (task()) read_task();
    order_.actor = {who_.actor(), who_.role, who_.staff, "api"};
    if (fault_) return tl::unexpected(*fault_);
    return std::move(order_);
  }

 private:
  bool task() const { return order_.kind == Kind::task; }
  void refuse(std::string field, const std::string& why) {
    if (!fault_) {
      std::string message = field + " " + why;
      fault_ = Error{ErrorKind::invalid, std::move(message), std::move(field), std::nullopt};
    }
  }
  // The member, null when absent.
  static const Json& member(const Json& object, const char* name) {
    static const Json none;
    const auto it = object.find(name);
    return it == object.end() ? none : *it;
  }
  std::string text(const Json& object, const char* name, const std::string& field, bool required,
                   std::size_t code_points_max) {
    const Json& value = member(object, name);
    if (value.is_null()) {
      if (required) refuse(field, "is missing");
      return {};
    }
    if (!value.is_string()) {
      refuse(field, "must be a text");
      return {};
    }
    std::string out = value.get<std::string>();
    if (required && trim(out).empty()) refuse(field, "must not be empty");
    if (code_points(out) > code_points_max) {
      refuse(field, "is longer than " + std::to_string(code_points_max) + " characters");
    }
    return out;
  }

  void read_kind() {
    const Json& value = member(body_, "kind");
    const auto kind = value.is_string() ? kind_of(value.get<std::string>()) : std::nullopt;
    if (!kind) return refuse("kind", "must be repair, public, complaint or task");
    order_.kind = *kind;
  }

  void read_estate() {
    const std::string named = text(body_, "estate", "estate", false, short_code_points_max);
    const auto known = directory_.estates();
    const auto exists = [&](const std::string& id) {
      return std::find(known.begin(), known.end(), id) != known.end();
    };
    if (!named.empty() && !exists(named)) return refuse("estate", "is not known");
    if (!order_.estate.empty()) return;  // the unit's
    if (!named.empty())
      order_.estate = named;
    else if (!who_.estate.empty())
      order_.estate = who_.estate;
    else if (known.size() == 1)
      order_.estate = known.front();
    else if (known.size() > 1)
      refuse("estate", "is needed: there is more than one estate");
  }

  void read_unit() {
    const std::string given =
        text(body_, "unit", "unit", order_.kind == Kind::repair, short_code_points_max);
    if (fault_ || trim(given).empty()) return;
    const auto unit = UnitId::from_canonical(given);
    if (!unit) return refuse("unit", "must be written building-entrance-room, such as 3-2-501");
    bool ambiguous = false;
    const auto found = directory_.find_unit(db_, *unit, text_of(body_, "estate"), &ambiguous);
    if (ambiguous) return refuse("estate", "is needed: more than one estate has this unit");
    if (!found) return refuse("unit", "does not exist");
    order_.unit_id = found->id;
    order_.unit = found->unit.canonical();
    order_.estate = found->estate;
  }

  // R5.6: the sheet of a repair names the resident and a phone; others may be without (R7.18).
  void read_customer() {
    const bool needed = order_.kind == Kind::repair;
    const Json& customer = member(body_, "customer");
    if (customer.is_null()) {
      if (needed) refuse("customer", "is missing: a repair needs name and phone");
      return;
    }
    if (!customer.is_object()) return refuse("customer", "must be an object with name and phone");
    order_.name = text(customer, "name", "customer.name", false, short_code_points_max);
    const std::string phone = text(customer, "phone", "customer.phone", false, 64);
    if (fault_) return;
    if (!trim(phone).empty()) {
      const auto e164 = parse_phone(phone);
      if (!e164) return refuse("customer.phone", "must be a phone number, best in E.164");
      order_.phone = *e164;
    }
    if (needed && trim(order_.name).empty()) refuse("customer.name", "is needed for a repair");
    if (needed && order_.phone.empty()) refuse("customer.phone", "is needed for a repair");
  }

  void read_choices() {
    order_.channel = text(body_, "channel", "channel", false, short_code_points_max);
    if (order_.channel.empty()) order_.channel = "other";
    if (!listed("call letter visit chat other", order_.channel)) {
      refuse("channel", "must be call, letter, visit, chat or other");
    }
    order_.severity = text(body_, "severity", "severity", false, short_code_points_max);
    if (!order_.severity.empty() && !listed("general important major", order_.severity)) {
      refuse("severity", "must be general, important or major");
    }
    const Json& priced = member(body_, "priced");
    if (priced.is_boolean())
      order_.priced = priced.get<bool>();
    else if (!priced.is_null())
      refuse("priced", "must be true or false");
  }

  std::optional<Instant> time(const Json& value, const std::string& field) {
    if (!value.is_string()) {
      refuse(field, "must be a time such as 2026-11-24T10:00:00+08:00");
      return std::nullopt;
    }
    const auto at = parse_rfc3339(value.get<std::string>());
    if (!at) {
      refuse(field, "is " + at.error().message);
      return std::nullopt;
    }
    return *at;
  }

  void read_times() {
    order_.received_at = now_;
    if (const Json& received = member(body_, "received_at"); !received.is_null()) {
      const auto at = time(received, "received_at");
      if (at && *at > now_ + clocks_differ_max) refuse("received_at", "lies in the future");
      if (at && *at < now_ - received_ago_max) {
        refuse("received_at", "lies more than 31 days back");
      }
      if (at) order_.received_at = std::min(*at, now_);
    }
    const Json& appointment = member(body_, "appointment");
    if (appointment.is_null()) return;
    if (!appointment.is_object()) {
      return refuse("appointment", "must be an object with from and to");
    }
    const auto from = time(member(appointment, "from"), "appointment.from");
    if (!from) return;
    // A sheet of paper that is entered late may tell of a visit that was to be meanwhile; what is
    // told to the minute may be of the minute that runs.
    if (*from <= order_.received_at - std::chrono::minutes(1)) {
      refuse("appointment.from", "lies before the order was received");
    }
    if (too_far(*from)) refuse("appointment.from", too_far_text);
    order_.appointment = Appointment{*from, std::nullopt};
    if (const Json& end = member(appointment, "to"); !end.is_null()) {
      const auto to = time(end, "appointment.to");
      if (to && *to < *from) refuse("appointment.to", "lies before from");
      if (to && too_far(*to)) refuse("appointment.to", too_far_text);
      order_.appointment->to = to;
    }
  }

  // R8.6: dispatcher, place, content, requirement and reply time.
  void read_task() {
    const Json& dispatcher = member(body_, "dispatcher");
    if (dispatcher.is_null())
      refuse("dispatcher", "is missing");
    else if (!dispatcher.is_number_integer())
      refuse("dispatcher", "must be the id of a staff member");
    else if (const auto staff = directory_.staff_by_id(dispatcher.get<std::int64_t>()); !staff)
      refuse("dispatcher", "is not known");
    else if (!may_dispatch(directory_, *staff))
      refuse("dispatcher", "must be a dispatcher, a supervisor or a department leader (R8.4)");
    else
      order_.dispatcher = dispatcher.get<std::int64_t>();
    order_.requirement = text(body_, "requirement", "requirement", true, text_code_points_max);
    const Json& reply_by = member(body_, "reply_by");
    if (reply_by.is_null())
      refuse("reply_by", "is missing");
    else
      order_.reply_by = time(reply_by, "reply_by");
    if (order_.reply_by && *order_.reply_by <= now_) refuse("reply_by", "lies in the past");
    if (order_.reply_by && too_far(*order_.reply_by)) refuse("reply_by", too_far_text);
  }

  bool too_far(Instant at) const { return at > now_ + ahead_max; }

  store::Connection& db_;
  const Directory& directory_;
  const Principal& who_;
  const Json& body_;
  const Instant now_;
  NewOrder order_;
  std::optional<Error> fault_;
};

}  // namespace

bool may_dispatch(const Directory& directory, const StaffRecord& staff) {
  return may_dispatch(staff.role) ||
         (staff.role == "front_desk" && directory.staff(staff.estate, "dispatcher").empty());
}

Result<NewOrder> read_intake(store::Connection& db, const Directory& directory,
                             const Principal& who, const Json& body, Instant now) {
  return Reader(db, directory, who, body, now).read();
}

}  // namespace huiyin::orders
