#include "dialogs/sheets/sheet_fields.h"

#include <sodium.h>

#include <set>

#include "bot/gateway/api.h"
#include "dialogs/orders/life.h"
#include "dialogs/orders/policy.h"
#include "dialogs/sheets/qr.h"
#include "store/base/money.h"
#include "store/base/phone.h"

namespace huiyin::sheets {
namespace {

// What was said while doing these belongs into the remarks of a sheet; what has a place of its own
// (quote, decline, complete, reply …) does not.
constexpr std::string_view told_in_remarks =
    "assign review transfer escalate arrive start progress return";

std::string base64(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // its NUL
  return out;
}

// A drawn signature; only what is a PNG by its first bytes.
Html drawn(const std::vector<std::string>& images, std::size_t index) {
  if (index >= images.size() || !images[index].starts_with("\x89PNG\r\n\x1a\n")) return {};
  return {"<img class=\"drawn\" alt=\"\" src=\"data:image/png;base64," + base64(images[index]) +
          "\">"};
}

class Writer {
 public:
  Writer(const SheetOrder& order, const EstateProfile& profile, const orders::Labels& labels)
      : record_(order.record), images_(order.drawn_images), profile_(profile), labels_(labels) {}

  Fields run(const CopyOnPaper& copy, const std::vector<std::string>& copy_labels, Instant now) {
    head();
    flags();
    charges();
    materials();
    signatures();
    history();
    missed();
    copies(copy, copy_labels);
    set("printed_at", orders::to_the_minute(now, profile_.zone));
    return std::move(out_);
  }

 private:
  void set(std::string name, std::string value) { out_[std::move(name)] = std::move(value); }
  std::string text(std::string_view name) const { return text_of(record_, name); }

  // A time of the record, RFC 3339 in the estate's zone, to the minute.
  static std::string minute(const std::string& rfc3339) {
    if (rfc3339.size() < 16) return rfc3339;
    return rfc3339.substr(0, 10) + " " + rfc3339.substr(11, 5);
  }
  std::string minute_of(const Json& object, std::string_view name) const {
    return minute(text_of(object, name));
  }
  Json list(const char* name) const { return record_.value(name, Json::array()); }

  void head() {
    for (const char* name : {"number", "unit", "place", "item", "category", "description",
                             "requirement", "merged_into"}) {
      set(name, text(name));
    }
    set("estate", labels_.estate(profile_));
    const Json department = profile_.values.is_object()
                                ? profile_.values.value("department", Json::object())
                                : Json::object();
    set("department", text_of(department, "zh"));
    set("supervisor_title", title("engineering_supervisor"));
    for (const char* name : {"kind", "state", "channel", "severity"}) {
      set(name, labels_.of(name, text(name)));
    }
    const Json customer = record_.value("customer", Json::object());
    set("customer", text_of(customer, "name"));
    const std::string phone = text_of(customer, "phone");
    set("phone", phone.empty() ? "" : national_phone(phone));
    for (const char* name : {"received_at", "reply_by", "sent_to_finance_at", "called_back_at"}) {
      set(name, minute(text(name)));
    }
    set("quote", record_.contains("quote_fen") ? yuan(int_of(record_, "quote_fen")) : "");
    set("assignee", labels_.staff(int_of(record_, "assignee")));
    set("dispatcher", labels_.staff(int_of(record_, "dispatcher")));
    const Json appointment = record_.value("appointment", Json());
    std::string when = minute_of(appointment, "from");
    if (const std::string to = minute_of(appointment, "to"); !to.empty()) {
      when += "–" + (to.substr(0, 10) == when.substr(0, 10) ? to.substr(11) : to);
    }
    set("appointment", std::move(when));
    out_["qr"] = qr_code(text("number"));
  }

  void flag(const std::string& name, bool is) { set("is_" + name, is ? "yes" : ""); }
  void flags() {
    const bool priced = flag_of(record_, "priced");
    flag("priced", priced);
    flag("unpriced", !priced);
    for (const char* one : {"call", "letter", "visit", "chat", "other"}) {
      flag(one, text("channel") == one);
    }
    for (const char* one : {"general", "important", "major"}) flag(one, text("severity") == one);
    // R9.6: done, and nothing to pay.
    flag("free", record_.contains("completed_at") && list("charges").empty());
  }

  void charges() {
    List lines;
    std::int64_t total = 0;
    for (const auto& one : list("charges")) {
      total += int_of(one, "amount_fen");
      lines.push_back({{"charge.n", std::to_string(lines.size() + 1)},
                       {"charge.item", text_of(one, "item")},
                       {"charge.amount", yuan(int_of(one, "amount_fen"))},
                       {"charge.at", minute_of(one, "at")}});
    }
    set("total", lines.empty() ? "" : yuan(total));
    out_["charges"] = std::move(lines);
  }

  void materials() {
    List lines;
    for (const auto& one : list("materials")) {
      lines.push_back({{"material.by", text_of(one, "by")},
                       {"material.verdict", labels_.of("verdict", text_of(one, "verdict"))},
                       {"material.note", text_of(one, "note")},
                       {"material.at", minute_of(one, "at")}});
    }
    out_["materials"] = std::move(lines);
  }

  // A role under the title that the estate gives it (R9.4: 机电主管).
  std::string title(const std::string& role) const {
    const Json titles = profile_.values.is_object()
                            ? profile_.values.value("titles", Json::object())
                            : Json::object();
    const std::string own = text_of(titles, role);
    return own.empty() ? labels_.of("role", role) : own;
  }

  // By who signs for what: the customer for the work, the repairer, the supervisor (R5.15, R5.21),
  // and whoever took the order when that is signed for (R5.25, R8.7, R9.8).
  void signatures() {
    // Each acceptance that is signed for has put one signature there, in the same second.
    const std::string kind = text("kind");
    const bool signed_for = kind == "task" || kind == "public" || orders::receiver_signs(profile_);
    std::multiset<std::string> accepted_at;
    for (const auto& one : list("history")) {
      if (signed_for && text_of(one, "action") == "accept") accepted_at.insert(text_of(one, "at"));
    }
    List customer, staff, technician, supervisor, receipt;
    std::size_t n = 0;
    for (const auto& one : list("signatures")) {
      const std::string role = text_of(one, "role");
      Fields line{{"signature.by", labels_.actor(text_of(one, "by"))},
                  {"signature.role", title(role)},
                  {"signature.method", labels_.of("method", text_of(one, "method"))},
                  {"signature.at", minute_of(one, "at")},
                  {"signature.image", drawn(images_, n++)}};
      if (!all_roles.contains(role)) {
        customer.push_back(std::move(line));
      } else if (const auto taken = accepted_at.find(text_of(one, "at"));
                 taken != accepted_at.end()) {
        accepted_at.erase(taken);
        receipt.push_back(std::move(line));
      } else {
        (role == "technician" ? technician : supervisor).push_back(line);
        staff.push_back(std::move(line));
      }
    }
    out_["customer_signatures"] = std::move(customer);
    out_["staff_signatures"] = std::move(staff);
    out_["technician_signatures"] = std::move(technician);
    out_["supervisor_signatures"] = std::move(supervisor);
    out_["receipt_signatures"] = std::move(receipt);
  }

  // What was done, where the line of the history has no note: an amount, a person, a verdict.
  std::string told_by(const Json& detail) const {
    std::string out;
    const auto add = [&](const std::string& part) {
      if (part.empty()) return;
      out += out.empty() ? part : " " + part;
    };
    add(text_of(detail, "item"));
    if (detail.contains("amount_fen")) add(yuan(int_of(detail, "amount_fen")));
    if (detail.contains("assignee")) add(labels_.staff(int_of(detail, "assignee")));
    add(labels_.of("verdict", text_of(detail, "verdict")));
    add(title(text_of(detail, "role")));
    add(labels_.of("method", text_of(detail, "method")));
    add(labels_.of("severity", text_of(detail, "severity")));
    add(text_of(detail, "into"));
    return out;
  }

  void history() {
    const auto blank = [&](std::string_view action) {
      for (const char* part : {".at", ".by", ".note"}) set(std::string(action) + part, "");
    };
    for (const auto& action : orders::actions()) blank(action.name);
    for (const char* one :
         {"record", "reschedule", "urge", "told_again", "amend", "merged_in", "route"}) {
      blank(one);
    }
    set("responsible_department", "");
    List events, remarks;
    for (const auto& one : list("history")) {
      const std::string action = text_of(one, "action"), note = text_of(one, "note");
      const std::string at = minute_of(one, "at"), by = labels_.actor(text_of(one, "actor"));
      set(action + ".at", at);
      // Whoever did it may have done it in another's name: the closing call (R4.4, R8.13).
      const std::string person = text_of(one, "by");
      set(action + ".by", person.empty() ? by : person);
      set(action + ".note", note);
      // R4.3: the order has no department; the last one that it was given to answers for it.
      if (action == "route") {
        set("responsible_department",
            department_of(text_of(one.value("detail", Json()), "department")));
      }
      const std::string shown = labels_.of("action", action);
      if (!note.empty() && orders::listed(told_in_remarks, action)) {
        remarks.push_back({{"remark.at", at},
                           {"remark.by", by},
                           {"remark.action", shown},
                           {"remark.text", note}});
      }
      events.push_back(
          {{"event.at", at},
           {"event.by", by},
           {"event.channel", labels_.of("channel", text_of(one, "channel"))},
           {"event.action", shown},
           {"event.state", labels_.of("state", text_of(one, "state"))},
           {"event.note", note.empty() && one.contains("detail") ? told_by(one["detail"]) : note}});
    }
    out_["events"] = std::move(events);
    out_["remarks"] = std::move(remarks);
  }

  // By its role: the estate's own name for its engineers, else the script's for the role.
  std::string department_of(const std::string& role) const {
    if (role == "engineering_supervisor") {
      if (auto own = orders::department(profile_, labels_.language()); !own.empty()) return own;
    }
    const std::string name = labels_.of("department", role);
    return name == role ? labels_.of("role", role) : name;
  }

  void missed() {
    List lines;
    for (const auto& one : list("clocks")) {
      if (!flag_of(one, "breached")) continue;
      lines.push_back({{"missed.rule", text_of(one, "rule")},
                       {"missed.name", labels_.of("clock", text_of(one, "rule"))},
                       {"missed.due", minute_of(one, "due_at")},
                       {"missed.met", minute_of(one, "met_at")}});
    }
    out_["missed"] = std::move(lines);
  }

  void copies(const CopyOnPaper& printed, const std::vector<std::string>& names) {
    set("copy", printed.ordinal);
    set("copy_label", printed.label);
    flag("customer_copy", printed.holder == "customer");
    set("copy_holder", "");
    set("copy_at", "");
    List lines;
    for (const auto& one : list("copies")) {
      const auto copy = int_of(one, "copy");
      const std::string holder = title(text_of(one, "holder"));
      const std::string at = minute_of(one, "at");
      if (copy == printed.copy) {
        set("copy_holder", holder);
        set("copy_at", at);
      }
      const auto index = static_cast<std::size_t>(copy - 1);
      lines.push_back({{"copy.label", index < names.size() ? names[index] : std::to_string(copy)},
                       {"copy.holder", holder},
                       {"copy.at", at}});
    }
    out_["copies"] = std::move(lines);
  }

  const Json& record_;
  const std::vector<std::string>& images_;
  const EstateProfile& profile_;
  const orders::Labels& labels_;
  Fields out_;
};

}  // namespace

Fields fields_of(const SheetOrder& order, const CopyOnPaper& copy,
                 const std::vector<std::string>& copy_labels, const EstateProfile& profile,
                 const orders::Labels& labels, Instant now) {
  return Writer(order, profile, labels).run(copy, copy_labels, now);
}

Fields known_fields() {
  const Json one = Json::array({Json::object()});
  const Json record = {{"kind", "task"},
                       {"charges", one},
                       {"materials", one},
                       {"signatures", Json::array({{{"role", "customer"}},
                                                   {{"role", "technician"}},
                                                   {{"role", "engineering_supervisor"}},
                                                   {{"role", "technician"}, {"at", "1"}}})},
                       {"clocks", Json::array({{{"breached", true}}})},
                       {"copies", Json::array({{{"copy", 1}}})},
                       {"history", Json::array({{{"action", "progress"}, {"note", "1"}},
                                                {{"action", "accept"}, {"at", "1"}}})}};
  return fields_of({record, {}}, {}, {}, {}, orders::Labels(), {});
}

}  // namespace huiyin::sheets
