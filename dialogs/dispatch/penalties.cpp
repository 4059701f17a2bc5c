#include "dialogs/dispatch/penalties.h"

#include <algorithm>

#include "store/base/money.h"
#include "store/base/text.h"
#include "store/personal.h"

namespace huiyin::dispatch {
namespace {

constexpr Language staff_language = Language::zh_hans;
constexpr std::size_t words_in_message_max = 100;  // code points of a note in a message

tl::unexpected<orders::Refusal> refuse(int status, std::string detail, std::string field = {}) {
  return tl::unexpected<orders::Refusal>({status, std::move(detail), std::move(field), {}});
}

std::string text_subject(std::int64_t staff) {
  return "staff:" + std::to_string(staff);
}

std::int64_t keep(store::Connection& db, std::int64_t staff, const std::string& text) {
  return text.empty() ? std::int64_t{0} : store::put_text(db, text_subject(staff), text);
}

void add_event(store::Connection& db, const Penalty& penalty, Instant at,
               const orders::Actor& actor, std::string_view action, std::int64_t note) {
  db.exec(
      "INSERT INTO penalty_events(penalty, n, at, actor, channel, action, state, note)"
      " SELECT :p, count(*) + 1, :t, :a, :c, :x, :s, :m FROM penalty_events WHERE penalty = :q",
      penalty.id, to_millis(at), actor.id, actor.channel, action, penalty.state, note, penalty.id);
}

bool came_before(store::Connection& db, const Proposal& proposal) {
  if (!proposal.once.empty() &&
      db.value<std::int64_t>("SELECT id FROM penalties WHERE once = :o", proposal.once)) {
    return true;
  }
  if (proposal.order.empty()) return false;
  return db
      .value<std::int64_t>(
          "SELECT id FROM penalties WHERE order_number = :n AND rule = :r AND offence = :o"
          " AND staff = :s AND state <> 'withdrawn' LIMIT 1",
          proposal.order, proposal.rule->rule, proposal.rule->offence, proposal.staff)
      .has_value();
}

// "r8.10.refusal" of the phrases "penalty.for.r8.10.refusal".
std::string phrase_part(const Penalty& penalty) {
  std::string out = penalty.rule;
  out.front() = 'r';
  if (!penalty.offence.empty()) out += "." + penalty.offence;
  return out;
}

}  // namespace

std::optional<Penalty> Penalties::propose(Transaction& tx, const Proposal& proposal) {
  if (came_before(tx.read(), proposal)) return std::nullopt;
  store::Connection& db = tx.write();
  const EstateProfile& profile = directory_.profile(proposal.estate);
  Penalty made;
  made.rule = proposal.rule->rule;
  made.offence = proposal.rule->offence;
  made.order = proposal.order;
  made.estate = proposal.estate;
  made.staff = proposal.staff;
  made.items = proposal.items;
  made.amount_fen = amount_of(*proposal.rule, profile) * proposal.items;
  made.record_only = record_only(profile);
  made.state = made.record_only ? "recorded" : "proposed";
  made.evidence = proposal.evidence;
  made.note = keep(db, made.staff, proposal.note);
  made.proposed_by = proposal.by.id;
  made.proposer = proposal.by.staff;
  made.proposed_at = tx.now();
  std::optional<std::string> once;
  if (!proposal.once.empty()) once = proposal.once;
  db.exec(
      "INSERT INTO penalties(once, rule, offence, order_number, estate, staff, items, amount_fen,"
      " state, record_only, evidence, note, proposed_by, proposer, proposed_at)"
      " VALUES(:u, :r, :o, :n, :e, :s, :i, :f, :x, :c, :v, :m, :b, :p, :t)",
      once, made.rule, made.offence, made.order, made.estate, made.staff, made.items,
      made.amount_fen, made.state, made.record_only, made.evidence.dump(), made.note,
      made.proposed_by, made.proposer, to_millis(made.proposed_at));
  made.id = db.last_insert_id();
  add_event(db, made, tx.now(), proposal.by, "propose", 0);
  if (proposal.tell) tell_proposed(tx, made);
  return made;
}

orders::Acted<Penalty> Penalties::act(Transaction& tx, std::int64_t id, std::string_view action,
                                      const Json& body, const orders::Actor& actor) {
  auto found = find_penalty(tx.read(), id);
  if (!found) return refuse(404, "there is no such penalty");
  Penalty& penalty = *found;
  if (std::string why = why_not(penalty, action, actor); !why.empty()) return refuse(403, why);
  if (!state_allows(penalty, action)) {
    const std::string once = action == "appeal" && penalty.decided_at ? " after an appeal" : "";
    orders::Refusal refusal{
        409,
        "the penalty is " + penalty.state + once + ": " + std::string(action) + " is not allowed",
        {},
        allowed(penalty, actor)};
    return tl::unexpected(std::move(refusal));
  }
  const std::string note(trim(text_of(body, "note")));
  if (action != "confirm" && note.empty()) {
    return refuse(400, "note must be a text that is not empty", "note");
  }
  if (action == "confirm") {
    penalty.state = "confirmed";
    penalty.confirmer = actor.staff;
    penalty.confirmed_at = tx.now();
  } else if (action == "appeal") {
    penalty.state = "appealed";
    penalty.appealed_at = tx.now();
  } else if (action == "withdraw") {
    penalty.state = "withdrawn";
  } else {
    const auto uphold = body.find("uphold");
    if (uphold == body.end() || !uphold->is_boolean()) {
      return refuse(400, "uphold must be true or false", "uphold");
    }
    const bool stands = uphold->get<bool>();
    penalty.decider = actor.staff;
    penalty.decided_at = tx.now();
    penalty.state = !stands ? "withdrawn" : penalty.record_only ? "recorded" : "confirmed";
    if (penalty.state == "confirmed" && !penalty.confirmed_at) {
      penalty.confirmer = actor.staff;
      penalty.confirmed_at = tx.now();
    }
  }
  const auto millis = [](const std::optional<Instant>& at) {
    return at ? std::optional<std::int64_t>(to_millis(*at)) : std::nullopt;
  };
  store::Connection& db = tx.write();
  db.exec(
      "UPDATE penalties SET state = :s, confirmer = :c, confirmed_at = :ct, appealed_at = :at,"
      " decider = :d, decided_at = :dt WHERE id = :i",
      penalty.state, penalty.confirmer, millis(penalty.confirmed_at), millis(penalty.appealed_at),
      penalty.decider, millis(penalty.decided_at), penalty.id);
  add_event(db, penalty, tx.now(), actor, action, keep(db, penalty.staff, note));
  tell_done(tx, penalty, action, note);
  return penalty;
}

Moment Penalties::moment(std::string_view estate, Instant now) const {
  return {now, &directory_.profile(estate).zone};
}

Args Penalties::words_of(const Penalty& penalty, Instant now) const {
  const auto label = [&](const std::string& id) {
    return speech_.say(id, staff_language, {}, moment(penalty.estate, now));
  };
  return {{"id", std::to_string(penalty.id)},
          {"reason", label("penalty.for." + phrase_part(penalty))},
          {"number", penalty.order.empty() ? "—" : penalty.order},
          {"amount", yuan(penalty.amount_fen)},
          {"state", label("penalty.state." + penalty.state)}};
}

void Penalties::tell(Transaction& tx, const Penalty& penalty, std::string_view phrase, Args more) {
  const auto staff = directory_.staff_by_id(penalty.staff);
  if (!staff) return;  // left; the record stays for whoever looks at it
  Notice notice;
  notice.template_id = phrase;
  notice.category = "staff";
  notice.order = penalty.order;
  notice.estate = penalty.estate;
  notice.args = std::move(more);
  post_.to_staff(tx, *staff, std::move(notice));
}

void Penalties::ask(Transaction& tx, const Penalty& penalty, std::string_view action,
                    std::initializer_list<std::string_view> roles, std::string_view phrase,
                    Args more) {
  for (const std::string_view role : roles) {
    for (const auto& one : directory_.staff(penalty.estate, role)) {
      if (!why_not(penalty, action, {"", one.role, one.id, ""}).empty()) continue;
      Notice notice;
      notice.template_id = phrase;
      notice.category = "staff";
      notice.order = penalty.order;
      notice.estate = penalty.estate;
      notice.args = std::move(more);
      post_.to_staff(tx, one, std::move(notice));
      return;
    }
  }
}

void Penalties::tell_proposed(Transaction& tx, const Penalty& penalty) {
  Args words = words_of(penalty, tx.now());
  words.erase("state");
  tell(tx, penalty, penalty.record_only ? "penalty.recorded" : "penalty.proposed", words);
  if (penalty.record_only) return;
  const auto staff = directory_.staff_by_id(penalty.staff);
  words["name"] = staff ? staff->name : "—";
  // R8.18: customer service interprets these rules, so its supervisor is asked first.
  ask(tx, penalty, "confirm",
      {"service_supervisor", "engineering_supervisor", "centre_manager", "general_manager"},
      "penalty.to_confirm", std::move(words));
}

void Penalties::tell_done(Transaction& tx, const Penalty& penalty, std::string_view action,
                          const std::string& note) {
  Args words = words_of(penalty, tx.now());
  words.erase("state");
  if (action == "appeal") {
    const auto staff = directory_.staff_by_id(penalty.staff);
    words["name"] = staff ? staff->name : "—";
    words["note"] = first_code_points(note, words_in_message_max);
    // Upwards first: who stands further from the matter.
    ask(tx, penalty, "decide",
        {"centre_manager", "general_manager", "service_supervisor", "engineering_supervisor"},
        "penalty.to_decide", std::move(words));
  } else if (penalty.state == "withdrawn") {
    tell(tx, penalty, "penalty.withdrawn", std::move(words));
  } else {
    tell(tx, penalty, action == "confirm" ? "penalty.confirmed" : "penalty.upheld",
         std::move(words));
  }
}

}  // namespace huiyin::dispatch
