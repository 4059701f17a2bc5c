#include "dialogs/orders/labels.h"

#include <charconv>

#include "bot/gateway/api.h"
#include "bot/talk/words.h"
#include "dialogs/orders/life.h"

namespace huiyin::orders {
namespace {

std::string id_of(std::string_view group, std::string_view word) {
  return "label." + std::string(group) + "." + lower_ascii(word);
}

}  // namespace

std::string Labels::of(std::string_view group, std::string_view word) const {
  if (word.empty() || speech_ == nullptr) return std::string(word);
  const std::string id = id_of(group, word);
  return speech_->has(id) ? speech_->say(id, language_, {}, {}) : std::string(word);
}

std::string Labels::actor(std::string_view actor) const {
  constexpr std::string_view prefix = "staff:";
  if (!actor.starts_with(prefix)) return of("actor", actor);
  std::int64_t id = 0;
  const std::string_view digits = actor.substr(prefix.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), id);
  const std::string name = staff(id);
  return name.empty() ? std::string(actor) : name;
}

std::string Labels::staff(std::int64_t id) const {
  if (id == 0) return {};
  const auto person = directory_ == nullptr ? std::nullopt : directory_->staff_by_id(id);
  return person ? person->name : "#" + std::to_string(id);
}

std::string Labels::estate(const EstateProfile& profile) const {
  const auto name = profile.values.find("name");
  const char* member = language_ == Language::en ? "en" : "zh";
  return name == profile.values.end() ? profile.id : text_of(*name, member, profile.id);
}

std::vector<PhraseUse> label_uses() {
  std::set<std::string, std::less<>> ids;
  for (const auto& role : all_roles) ids.insert(id_of("role", role));
  for (const auto& action : actions()) ids.insert(id_of("action", action.name));
  for (const auto& move : moves()) {
    if (!move.to.empty()) ids.insert(id_of("state", move.to));
  }
  for (const Kind kind : {Kind::repair, Kind::public_fault, Kind::complaint, Kind::task}) {
    ids.insert(id_of("state", first_state(kind)));
    ids.insert(id_of("kind", to_string(kind)));
  }
  for (const char* id :
       {"role.customer", "actor.resident", "actor.system", "actor.admin", "channel.call",
        "channel.letter", "channel.visit", "channel.chat", "channel.other", "severity.general",
        "severity.important", "severity.major", "action.record", "action.reschedule", "action.urge",
        "action.told_again", "action.amend", "action.merged_in", "action.route"}) {
    ids.insert("label." + std::string(id));
  }
  std::vector<PhraseUse> uses;
  uses.reserve(ids.size());
  for (const auto& id : ids) uses.push_back({id, {}, "phrases", ""});
  return uses;
}

std::string to_the_minute(std::optional<Instant> at, const Zone& zone) {
  if (!at) return {};
  std::string text = zone.rfc3339(*at).substr(0, 16);
  text[10] = ' ';
  return text;
}

}  // namespace huiyin::orders
