// The one who reported an order is kept posted: who handles it, who comes and when, what it costs,
// what was done (R3.5, R5.12, guarantee 5). In the conversation they wrote from, else by SMS to the
// phone they left; never the same twice, and not what they hear in their own conversation anyway.
#include "dialogs/orders/deed.h"
#include "store/base/money.h"
#include "store/base/secret.h"
#include "store/base/text.h"
#include "store/personal.h"

namespace huiyin::orders {
namespace {

constexpr std::size_t charges_in_message_max = 400;  // code points; the total stands beside them
constexpr std::int64_t charges_told_max = 10;        // of a bill; the sheet has all of them

struct Posting {
  std::string_view action;
  std::string_view kinds;
  std::string_view states;  // after the action; "": any
  std::string_view phrase;
  bool if_wanted = false;  // only where the estate's profile says "posted": {"assigned": true}
};

// A merge, and what follows for whoever was merged, is told by dialogs/complaint.
constexpr Posting postings[] = {
    {"record", "repair public complaint", "", "order.recorded"},
    {"assign", "repair public task", "", "order.assigned", true},
    {"assign", "complaint", "", "order.handled"},
    {"transfer", "complaint", "", "order.handled"},
    {"accept", "repair", "", "order.accepted"},
    {"accept", "public", "", "order.accepted_public"},
    {"accept", "task", "", "order.handled"},
    {"arrive", "repair", "", "order.arrived"},
    {"reschedule", "repair", "", "order.rescheduled"},
    {"put_off", "repair", "", "order.put_off"},
    {"correct_charge", "repair", "arrived", "order.onsite_corrected"},
    {"correct_charge", "repair task", "completed", "order.done"},
    {"quote", "repair", "quoted", "order.quoted"},
    {"quote", "repair", "cancelled", "order.not_feasible"},
    {"decline", "repair", "", "order.declined"},
    {"add_charge", "repair", "arrived", "order.onsite"},
    {"add_charge", "repair task", "completed", "order.done"},
    {"complete", "repair task", "", "order.done"},
    {"complete", "public", "", "order.done_public"},
    {"complete", "complaint", "", "order.resolved"},
    {"cancel", "repair public complaint task", "", "order.cancelled"},
    {"reply", "complaint", "", "order.reply"},
};

const Posting* posting_of(const Order& order, std::string_view action,
                          const EstateProfile& profile) {
  for (const auto& one : postings) {
    if (one.action != action || !listed(one.kinds, to_string(order.kind))) continue;
    if (!one.states.empty() && !listed(one.states, order.state)) continue;
    const auto wanted = profile.values.find("posted");
    const bool assigned = wanted != profile.values.end() && flag_of(*wanted, "assigned");
    if (!one.if_wanted || assigned) return &one;
  }
  return nullptr;
}

std::string or_none(std::string text) {
  return text.empty() ? "none" : std::move(text);
}

// The note of the last such action in the history.
std::string last_note(store::Connection& db, const Order& order, std::string_view action) {
  return store::get_text(db, db.value<std::int64_t>("SELECT note FROM order_events WHERE"
                                                    " order_id = :o AND action = :a"
                                                    " ORDER BY n DESC LIMIT 1",
                                                    order.id, action)
                                 .value_or(0));
}

std::string all_words(const Args& args) {
  std::string out;
  for (const auto& [name, value] : args) {
    if (name == "link") continue;  // each is another, with the same to say
    out += name + "=" + std::get<std::string>(value) + "\n";
  }
  return out;
}

// Remembers what is told; false when just this was told before.
bool is_news(store::Connection& db, const Order& order, std::string_view phrase,
             std::string_view words, Instant now) {
  const std::string hash = hash_secret(words);
  return db.exec(
             "INSERT INTO order_told(order_id, phrase, words, at) VALUES(:o, :p, :w, :t)"
             " ON CONFLICT(order_id, phrase) DO UPDATE SET words = excluded.words,"
             " at = excluded.at WHERE words <> excluded.words",
             order.id, phrase, hash, to_millis(now)) > 0;
}

}  // namespace

Args Orders::bill(store::Connection& db, const Order& order, Instant now) const {
  const auto say = [&](std::string_view phrase, const Args& args) {
    return speech_.say(phrase, order.language, args, moment(order, now));
  };
  std::string charges;
  std::int64_t total = 0, count = 0;
  for (const auto& [item, fen] : db.query<std::string, std::int64_t>(
           "SELECT item, amount_fen FROM order_charges WHERE order_id = :o ORDER BY id",
           order.id)) {
    total += fen;
    if (++count > charges_told_max) continue;
    if (!charges.empty()) charges += say("order.comma", {});
    charges += say("order.charge", {{"item", item}, {"amount", yuan(fen)}});
  }
  if (count > charges_told_max) {
    charges += say("order.more_charges", {{"count", count}});
  }
  const bool signs = order.state == "completed" && sign_link_;
  return {
      {"number", order.number},
      {"done", or_none(last_note(db, order, "complete"))},
      {"charges", or_none(std::move(charges))},
      {"total", yuan(total)},
      {"link", or_none(signs ? sign_link_(order, sheet_version(db, order), now) : std::string())}};
}

Args Orders::facts(store::Connection& db, const Order& order, const Json& body, Instant now) const {
  Args args = bill(db, order, now);
  const auto holder = order.assignee != 0 ? directory_.staff_by_id(order.assignee) : std::nullopt;
  const auto label = [&](const std::string& id) {
    return speech_.say(id, order.language, {}, moment(order, now));
  };
  args["who"] = holder ? holder->name : label("order.somebody");
  args["time"] = time_for_people(order, order.language, now);
  args["kind"] = label("kind." + std::string(to_string(order.kind)));
  args["amount"] = yuan(order.quote_fen.value_or(0));
  args["note"] = or_none(text_of(body, "note"));
  args["because"] = or_none(text_of(body, "because"));
  return args;
}

void Orders::keep_posted(Transaction& tx, const Order& order, std::string_view action,
                         const Json& body, const Actor& actor) {
  const bool heard_it = actor.role == "resident" && !order.conversation.empty() &&
                        actor.conversation == order.conversation;
  const Posting* posting = posting_of(order, action, directory_.profile(order.estate));
  if (heard_it || posting == nullptr || (body.is_object() && flag_of(body, "moved"))) return;
  Args args = facts(tx.write(), order, body, tx.now());
  std::string_view phrase = posting->phrase;
  const auto times = tx.read().value<std::int64_t>(
      "SELECT count(*) FROM order_events WHERE order_id = :o AND action = :a", order.id, action);
  if (phrase == "order.quoted" && times.value_or(0) > 1) phrase = "order.requoted";
  // Each visit that came to nothing is news.
  if (phrase == "order.put_off") args["times"] = std::to_string(times.value_or(0));
  // What the last reply said already is not said again with the end of it.
  if (posting->phrase == "order.resolved" &&
      last_note(tx.read(), order, "reply") == text_of(body, "note")) {
    args["note"] = "none";
  }
  tell_reporter(tx, order, phrase, std::move(args));
}

void Orders::tell_reporter(Transaction& tx, const Order& order, std::string_view phrase,
                           Args args) {
  if (order.conversation.empty() && order.phone.empty()) return;
  if (!is_news(tx.write(), order, phrase, all_words(args), tx.now())) return;
  // Of what somebody typed a message repeats no more than its beginning.
  for (auto& [name, value] : args) {
    if (auto* text = std::get_if<std::string>(&value); text != nullptr && name != "link") {
      *text = shortened(*text, name == "charges" ? charges_in_message_max : words_in_message_max);
    }
  }
  Notice notice;
  notice.template_id = phrase;
  notice.args = std::move(args);
  notice.order = order.number;
  notice.estate = order.estate;
  notice.language = order.language;
  if (order.conversation.empty())
    notice.phone = order.phone;
  else
    notice.conversation = order.conversation;
  post_.send(tx, notice);
}

bool Orders::send_link(Transaction& tx, const Order& order, std::string_view key) {
  if (!sign_link_) return false;
  const std::string once = "order.sign_link " + std::string(key);
  if (!is_news(tx.write(), order, once, once, tx.now())) return false;
  Args args{{"number", order.number},
            {"link", sign_link_(order, sheet_version(tx.read(), order), tx.now())}};
  args["key"] = std::string(key);
  tell_reporter(tx, order, "order.sign_link", std::move(args));
  return true;
}

std::int64_t sheet_version(store::Connection& db, const Order& order) {
  return db
      .value<std::int64_t>(
          "SELECT coalesce(max(n), 0) FROM order_events WHERE order_id = :o"
          " AND action IN ('record', 'amend', 'transfer', 'complete',"
          " 'add_charge', 'verify_material')",
          order.id)
      .value_or(0);
}

std::optional<Offer> open_offer(store::Connection& db, const Order& order) {
  if (order.kind != Kind::repair) return std::nullopt;
  const bool quoted = order.state == "quoted" && !order.agreed_at;
  if (!quoted && order.state != "arrived") return std::nullopt;
  // Of what was offered and answered, the last counts; what was written after a `transfer` is part
  // of the same sheet.
  const auto last = db.first<std::string, std::int64_t>(
      "SELECT action, at FROM order_events WHERE order_id = :o AND action IN ('quote',"
      " 'add_charge', 'correct_charge', 'consent') ORDER BY n DESC LIMIT 1",
      order.id);
  if (!last) return std::nullopt;
  const auto& [action, at] = *last;
  if (quoted) return Offer{false, order.quote_fen.value_or(0), from_millis(at)};
  if (!listed("add_charge correct_charge", action)) return std::nullopt;
  const std::int64_t total = charged(db, order.id).fen;
  if (total == 0) return std::nullopt;  // all of it was taken back
  return Offer{true, total, from_millis(at)};
}

std::string Orders::offer_text(store::Connection& db, const Order& order, const Offer& offer,
                               Instant now) const {
  Json quote = Json::object();
  if (!offer.on_site) quote["note"] = last_note(db, order, "quote");
  return speech_.say(offer.on_site ? "order.onsite" : "order.quoted", order.language,
                     facts(db, order, quote, now), moment(order, now));
}

Acted<void> Orders::consent(Transaction& tx, const Order& order, const Offer& offer, bool agreed,
                            const Actor& actor, std::string_view words) {
  store::Connection& db = tx.write();
  const std::string text = speech_.say("order.consent_kept", order.language,
                                       {{"offer", offer_text(db, order, offer, tx.now())},
                                        {"words", first_code_points(words, words_kept_max)}},
                                       moment(order, tx.now()));
  const Json detail = {{"agreed", agreed},
                       {"to", offer.on_site ? "charges" : "quote"},
                       {"amount_fen", offer.amount_fen}};
  if (!offer.on_site && agreed) {
    const auto done =
        act(tx, order.number, "agree", {{"note", first_code_points(words, words_kept_max)}}, actor);
    if (!done) return tl::unexpected(done.error());
  }
  add_event(db, order, tx.now(), actor, "consent", {}, text, detail);
  if (offer.on_site) {
    Notice notice = staff_notice(
        db, order, agreed ? "repair.onsite_agreed_staff" : "repair.onsite_refused_staff", tx.now());
    notice.args["amount"] = yuan(offer.amount_fen);
    tell_holder(tx, order, std::move(notice));
  }
  happened(tx, order, "consent", {}, actor, detail);
  return {};
}

}  // namespace huiyin::orders
