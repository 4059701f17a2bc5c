#include "dialogs/handover/handover.h"

#include <charconv>

#include "bot/talk/words.h"
#include "store/base/phone.h"
#include "store/base/text.h"
#include "store/timers.h"

namespace huiyin {
namespace {

constexpr const char* silence_timer = "handover.silence";
constexpr std::chrono::hours answerable_after(12);  // the bot took it back
constexpr std::size_t told_code_points_max = 120;   // of the resident's words, in a staff message

std::string sender_of(const std::string& conversation) {
  return conversation.substr(conversation.find('/') + 1);
}

// A conversation whose estate is not known is everybody's.
bool may_take(const StaffRecord& staff, std::string_view estate) {
  return estate.empty() || staff.estate.empty() || staff.estate == estate;
}

// What follows one of the words at the start of a text ("回 12 您好" → "12 您好").
std::optional<std::string> after_word(std::string_view text,
                                      const std::vector<std::string>& words) {
  const std::string lowered = lower_ascii(trim(text));
  for (const auto& word : words) {
    if (lowered.starts_with(word)) return std::string(trim(trim(text).substr(word.size())));
  }
  return std::nullopt;
}

// The number of a handover at the start ("12 …", "#12 …"), taken off the text.
std::int64_t take_number(std::string& text) {
  std::string_view rest = text;
  if (rest.starts_with('#')) rest.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  const auto used = static_cast<std::size_t>(end - rest.data());
  if (error != std::errc{} || used > 9 || (used < rest.size() && rest[used] != ' ')) return 0;
  text = std::string(trim(rest.substr(used)));
  return number;
}

}  // namespace

tl::expected<StaffWords, ConfigFaults> load_staff_words(const std::string& file) {
  auto lists = load_word_lists(file, {"reply", "return"});
  if (!lists) return tl::unexpected(lists.error());
  return StaffWords{std::move((*lists)["reply"]), std::move((*lists)["return"])};
}

std::vector<store::Migration> handover_migrations() {
  return {{"handover", 1, R"sql(
CREATE TABLE handovers(
  id INTEGER PRIMARY KEY, conversation TEXT NOT NULL, estate TEXT NOT NULL, reason TEXT NOT NULL,
  opened_at INTEGER NOT NULL, last_word_at INTEGER NOT NULL, closed_at INTEGER,
  task TEXT NOT NULL DEFAULT '');
CREATE INDEX handovers_open ON handovers(conversation) WHERE closed_at IS NULL;
)sql"},
          {"handover", 2, R"sql(
CREATE INDEX handovers_waiting ON handovers(id) WHERE closed_at IS NULL;
)sql"}};
}

Outcome Handover::intercept(Turn& turn) {
  if (turn.staff) {
    const Outcome outcome = staff_command(turn);
    if (outcome != Outcome::not_mine) return outcome;
  }
  return turn.session.paused ? resident_while_held(turn) : Outcome::not_mine;
}

Outcome Handover::resident_while_held(Turn& turn) {
  const Pause& pause = *turn.session.paused;
  const auto silence = std::chrono::minutes(parts_.rules.handover_silence_minutes);
  if (turn.now() - pause.last_word >= silence) {
    // Nobody said a word for so long that the bot is back, though its timer has not fired yet.
    close(turn.tx, turn.conversation());
    turn.session.paused.reset();
    return Outcome::not_mine;
  }
  if (const auto open = held(turn.tx.read(), turn.conversation())) tell_desk(turn, open->id);
  turn.actions.push_back("held_by_person");
  return Outcome::handed_over;
}

Outcome Handover::hand_over(Turn& turn, std::string_view reason) {
  const std::int64_t number = open(turn, reason);
  if (reason == "misunderstood")
    turn.say("handover.after_failures");
  else if (reason == "error")
    turn.say("handover.error");
  if (turn.profile().in_service(turn.now())) {
    if (reason == "ask_human") turn.say("handover.started");
  } else {
    const std::string task = parts_.make_task(turn, turn.kept_text());
    turn.tx.write().exec("UPDATE handovers SET task = :k WHERE id = :i", task, number);
    turn.say("handover.started_off_hours");
  }
  tell_desk(turn, number);
  turn.actions.push_back("handover");
  return Outcome::handed_over;
}

std::int64_t Handover::open(Turn& turn, std::string_view reason) {
  turn.session.paused = Pause{turn.now(), turn.now(), std::string(reason)};
  return note_open(turn.tx, turn.conversation(), turn.session.estate, reason);
}

std::int64_t Handover::note_open(Transaction& tx, const std::string& conversation,
                                 const std::string& estate, std::string_view reason) {
  store::set_timer(tx.write(),
                   tx.now() + std::chrono::minutes(parts_.rules.handover_silence_minutes),
                   silence_timer, conversation);
  if (const auto before = held(tx.read(), conversation)) return before->id;
  tx.write().exec(
      "INSERT INTO handovers(conversation, estate, reason, opened_at, last_word_at)"
      " VALUES(:c, :e, :r, :o, :l)",
      conversation, estate, reason, to_millis(tx.now()), to_millis(tx.now()));
  return tx.write().last_insert_id();
}

void Handover::tell_desk(Turn& turn, std::int64_t number) {
  const std::string who = turn.message.proven_phone.empty()
                              ? turn.message.sender
                              : national_phone(turn.message.proven_phone);
  Notice notice;
  notice.template_id = "handover.staff_notice";
  notice.category = "staff";
  notice.estate = turn.session.estate;
  notice.args = {{"sender", "#" + std::to_string(number) + " " + who},
                 {"text", first_code_points(turn.kept_text(), told_code_points_max)}};
  parts_.post.to_role(turn.tx, "front_desk", std::move(notice));
}

Outcome Handover::staff_command(Turn& turn) {
  const auto reply = after_word(turn.message.text, parts_.reply_words);
  const auto back = after_word(turn.message.text, parts_.return_words);
  if (!reply && !back) return Outcome::not_mine;
  turn.session.greeted = true;
  static const Roles may{"front_desk", "service_supervisor", "admin"};
  if (!may.contains(turn.staff->role)) return Outcome::not_mine;
  std::string text = back ? *back : *reply;
  const std::int64_t number = take_number(text);
  std::optional<Held> target;
  if (number != 0) {
    target = back ? held_by_number(turn.tx.read(), number) : to_reply(turn, number);
    if (target && !may_take(*turn.staff, target->estate)) target.reset();
  } else {
    // Without a number it must be clear which one is meant.
    const auto open = turn.tx.read().query<std::int64_t>(
        HUIYIN_WAITING_HANDOVERS("id") " AND (estate = '' OR estate = :e OR :e2 = '')"
                                       " ORDER BY id LIMIT 2",
        turn.staff->estate, turn.staff->estate);
    if (open.size() == 1) target = held_by_number(turn.tx.read(), std::get<0>(open.front()));
    if (open.size() > 1) {
      turn.say("staff.handover_usage");
      return Outcome::handed_over;
    }
  }
  if (!target) {
    turn.say("handover.staff.none");
  } else if (back) {
    give_back(turn.tx, target->conversation, "returned");
    turn.say("staff.returned", {{"sender", sender_of(target->conversation)}});
  } else if (text.empty()) {
    turn.say("staff.handover_usage");
  } else {
    say_as_person(turn.tx, *target, text, "staff:" + std::to_string(turn.staff->id));
    turn.say("staff.relayed", {{"sender", sender_of(target->conversation)}});
  }
  return Outcome::handed_over;
}

void Handover::say_as_person(Transaction& tx, const Held& held, const std::string& text,
                             const std::string& by) {
  parts_.post.send_text(tx, held.conversation, text, by);
  parts_.conversations.change(tx, held.conversation, {{"event", "person"}, {"reason", by}},
                              [&](Session& session) {
                                if (session.paused) session.paused->last_word = tx.now();
                              });
  if (held.id == 0) return;
  tx.write().exec("UPDATE handovers SET last_word_at = :t WHERE id = :i", to_millis(tx.now()),
                  held.id);
  store::set_timer(tx.write(),
                   tx.now() + std::chrono::minutes(parts_.rules.handover_silence_minutes),
                   silence_timer, held.conversation);
}

void Handover::close(Transaction& tx, const std::string& conversation) {
  tx.write().exec(
      "UPDATE handovers SET closed_at = :t WHERE conversation = :c AND closed_at IS NULL",
      to_millis(tx.now()), conversation);
  store::clear_timer(tx.write(), silence_timer, conversation);
}

void Handover::give_back(Transaction& tx, const std::string& conversation,
                         std::string_view reason) {
  close(tx, conversation);
  parts_.conversations.change(tx, conversation, {{"event", "resume"}, {"reason", reason}},
                              [](Session& session) { session.paused.reset(); });
  if (reason != "returned") return;
  Notice notice;
  notice.template_id = "handover.resumed";
  notice.conversation = conversation;
  parts_.post.send(tx, notice);
}

void Handover::hold(Transaction& tx, const std::string& conversation, std::string_view reason) {
  std::string estate;
  parts_.conversations.change(tx, conversation, {{"event", "pause"}, {"reason", reason}},
                              [&](Session& session) {
                                session.paused = Pause{tx.now(), tx.now(), std::string(reason)};
                                estate = session.estate;
                              });
  note_open(tx, conversation, estate, reason);
}

void Handover::on_timer(Transaction& tx, Post& post, std::string_view kind, std::string_view key,
                        const Json&) {
  if (kind != silence_timer) return;
  const auto open = held(tx.read(), std::string(key));
  if (!open) return;
  // The bot is back: whoever waits no longer is not among those that staff answer.
  give_back(tx, open->conversation, "silence");
  Notice notice;
  notice.template_id = "handover.offer_again";
  notice.conversation = open->conversation;
  notice.estate = open->estate;
  post.send(tx, notice);
}

std::optional<Handover::Held> Handover::held(store::Connection& db,
                                             const std::string& conversation) const {
  const auto row = db.first<std::int64_t, std::string>(
      "SELECT id, estate FROM handovers WHERE conversation = :c AND closed_at IS NULL",
      conversation);
  if (!row) return std::nullopt;
  return Held{std::get<0>(*row), conversation, std::get<1>(*row)};
}

// Staff may answer a conversation by its number when the bot has just taken it back: the person
// holds it again.
std::optional<Handover::Held> Handover::to_reply(Turn& turn, std::int64_t id) {
  if (auto open = held_by_number(turn.tx.read(), id)) return open;
  const auto row = turn.tx.read().first<std::string, std::string, std::int64_t, std::int64_t>(
      "SELECT conversation, estate, last_word_at, closed_at FROM handovers WHERE id = :i", id);
  if (!row) return std::nullopt;
  const auto& [conversation, estate, last_word, closed] = *row;
  const auto silence = std::chrono::minutes(parts_.rules.handover_silence_minutes);
  const bool taken_back = from_millis(closed) - from_millis(last_word) >= silence;
  const bool recent = turn.now() - from_millis(closed) < answerable_after;
  if (!taken_back || !recent || !may_take(*turn.staff, estate)) return std::nullopt;
  hold(turn.tx, conversation, "staff");
  return held(turn.tx.read(), conversation);
}

std::optional<Handover::Held> Handover::held_by_number(store::Connection& db,
                                                       std::int64_t id) const {
  const auto row = db.first<std::string, std::string>(
      "SELECT conversation, estate FROM handovers WHERE id = :i AND closed_at IS NULL", id);
  if (!row) return std::nullopt;
  return Held{id, std::get<0>(*row), std::get<1>(*row)};
}

}  // namespace huiyin
