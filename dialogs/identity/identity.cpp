#include "dialogs/identity/identity.h"

#include "bot/talk/words.h"
#include "dialogs/identity/typed.h"
#include "store/base/text.h"

namespace huiyin::identity {
namespace {

// What is remembered in the session: {"stage": "unit"|"code"|"", "unit": canonical, "text": what
// was wanted, "mask_until": digits that look like a code are kept masked until then}.
constexpr std::string_view memory_id = "identity";
constexpr auto mask_for = std::chrono::minutes(30);
constexpr double unsure = 0.6;  // below it an address is the answer to our question
constexpr std::size_t text_code_points_max = 60;  // of the resident's words in a message to staff

std::optional<UnitId> named_unit(const Turn& turn) {
  const Entity* said = turn.heard.first("unit");
  if (said == nullptr || !said->value.is_string()) return std::nullopt;
  return UnitId::from_canonical(said->value.get<std::string>());
}

// The households that this conversation has proven to belong to.
std::vector<UnitRecord> homes_of(const Turn& turn) {
  std::vector<UnitRecord> homes;
  if (const auto home = turn.verified_unit(); home != 0) {
    if (const auto unit = turn.directory.unit(turn.tx.read(), home)) homes.push_back(*unit);
  }
  if (!turn.message.proven_phone.empty()) {
    for (const auto& member :
         turn.directory.members_by_phone(turn.tx.read(), turn.message.proven_phone)) {
      if (const auto unit = turn.directory.unit(turn.tx.read(), member.unit))
        homes.push_back(*unit);
    }
  }
  return homes;
}

// Everybody registered for the address, in every estate that has it unless one is known.
std::vector<Holder> holders_of(const Turn& turn, const UnitId& unit) {
  auto estates = turn.directory.estates();
  if (!turn.session.estate.empty()) estates = {turn.session.estate};
  std::vector<Holder> holders;
  for (const auto& estate : estates) {
    const auto found = turn.directory.find_unit(turn.tx.read(), unit, estate);
    if (!found) continue;
    for (const auto& member : turn.directory.household(turn.tx.read(), found->id)) {
      holders.push_back({found->id, member.id, member.phone});
    }
  }
  return holders;
}

std::string_view stage_of(const Json& memory) {
  const auto it = memory.find("stage");
  return it == memory.end() || !it->is_string() ? std::string_view()
                                                : it->get_ref<const std::string&>();
}

}  // namespace

Outcome Identity::intercept(Turn& turn) {
  const auto kept = turn.session.memory.find(std::string(memory_id));
  if (kept == turn.session.memory.end()) return Outcome::not_mine;
  const Json memory = *kept;
  const std::string stage(stage_of(memory));
  const bool form_asks =
      !turn.session.stack.empty() && !turn.session.stack.back().requested.empty();
  const auto typed = typed_code(turn.heard, form_asks || stage != "code");
  const bool expected = typed && turn.now() < from_millis(int_of(memory, "mask_until"));
  if (expected) turn.masked_text = typed->masked;
  if (turn.session.paused) return Outcome::not_mine;  // a person holds it: hidden, not taken
  if (expected && stage == "code") return take_code(turn, typed->code);
  const auto unit = named_unit(turn);
  const bool only_told = turn.heard.intent == Intent::inform ||
                         turn.heard.intent == Intent::out_of_scope ||
                         turn.heard.confidence < unsure;
  if (stage == "unit" && unit && only_told) return send_code(turn, *unit);
  const auto wanted = UnitId::from_canonical(text_of(memory, "unit"));
  if (stage == "code" && wanted && contains_any(lower_ascii(turn.heard.text), parts_.resend)) {
    return send_code(turn, *wanted);
  }
  return Outcome::not_mine;
}

Outcome Identity::answer(Turn& turn) {
  const auto unit = named_unit(turn);
  for (const auto& home : homes_of(turn)) {
    if (!unit || home.unit == *unit) return go_on(turn, home, turn.message.text);
  }
  turn.memory(memory_id)["text"] = turn.message.text;
  if (unit) return send_code(turn, *unit);
  // Asked once more while a code is on its way: it is for the same household.
  Json& memory = turn.memory(memory_id);
  const auto wanted = UnitId::from_canonical(text_of(memory, "unit"));
  if (stage_of(memory) == "code" && wanted) return send_code(turn, *wanted);
  memory["stage"] = "unit";
  turn.say("identity.needed");
  turn.say("identity.ask_unit");
  return Outcome::answered;
}

Outcome Identity::send_code(Turn& turn, const UnitId& unit) {
  const auto fresh = issue(turn.tx, turn.rules, parts_.random, turn.conversation(),
                           unit.canonical(), holders_of(turn, unit));
  if (!fresh) {
    turn.say("identity.too_soon");
    return Outcome::answered;
  }
  for (const auto& one : *fresh) {
    Notice notice;
    notice.template_id = "identity.code_sms";
    notice.args = {{"code", one.code}};
    notice.category = "code";
    notice.estate = turn.session.estate;
    notice.language = turn.language();
    notice.phone = one.phone;
    turn.post.send(turn.tx, notice);
  }
  Json& memory = turn.memory(memory_id);
  memory["stage"] = "code";
  memory["unit"] = unit.canonical();
  memory["mask_until"] = to_millis(turn.now() + mask_for);
  turn.say("identity.code_sent");
  turn.actions.push_back("identity_code_sent");
  return Outcome::answered;
}

Outcome Identity::take_code(Turn& turn, const std::string& code) {
  const Tried tried = try_code(turn.tx, turn.rules, turn.conversation(), code);
  switch (tried.verdict) {
    case Verdict::wrong:
      turn.say("identity.wrong_code", {{"left", std::int64_t{tried.left}}});
      return Outcome::answered;
    case Verdict::too_many:
      turn.say("identity.too_many");
      return Outcome::answered;
    case Verdict::expired:
    case Verdict::none:  // used or void before
      turn.say("identity.expired");
      return Outcome::answered;
    case Verdict::right:
      break;
  }
  turn.session.verified =
      Verified{tried.holder.unit, turn.now() + std::chrono::minutes(turn.rules.verified_minutes),
               tried.holder.member};
  Json& memory = turn.memory(memory_id);
  const std::string wanted = text_of(memory, "text");
  memory = {{"mask_until", int_of(memory, "mask_until")}};
  turn.say("identity.verified");
  turn.actions.push_back("identity_verified");
  const auto home = turn.directory.unit(turn.tx.read(), tried.holder.unit);
  if (!home || wanted.empty()) return Outcome::answered;
  turn.session.estate = home->estate;
  return go_on(turn, *home, wanted);
}

Outcome Identity::go_on(Turn& turn, const UnitRecord& home, const std::string& text) {
  const std::string unit = home.unit.canonical();
  const std::string number = parts_.make_task(turn, home.estate, unit, text);
  Notice notice;
  notice.template_id = "fees.staff";
  notice.args = {
      {"number", number}, {"unit", unit}, {"text", first_code_points(text, text_code_points_max)}};
  notice.category = "staff";
  notice.order = number;
  notice.estate = home.estate;
  turn.post.to_role(turn.tx, "finance", notice);
  turn.say("fees.request_recorded", {{"number", number}});
  return Outcome::answered;
}

tl::expected<std::vector<std::string>, ConfigFaults> load_resend_words(const std::string& file) {
  auto lists = load_word_lists(file, {"resend"});
  if (!lists) return tl::unexpected(lists.error());
  return std::move((*lists)["resend"]);
}

}  // namespace huiyin::identity
