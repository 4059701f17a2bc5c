#include "dialogs/emergency/emergency.h"

#include <fstream>
#include <set>
#include <sstream>

#include "bot/talk/words.h"
#include "store/base/phone.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

constexpr std::size_t told_code_points_max = 60;  // of the resident's words, in a duty SMS

struct Place {
  std::string estate;  // "" when it cannot be told
  std::string text;    // unit or words; "" when nothing was said
};

// Where it is: the unit or place named, else the household of the phone, else the estate at hand.
Place place_of(Turn& turn) {
  Place place{turn.session.estate, {}};
  if (const Entity* unit = turn.heard.first("unit"); unit != nullptr && unit->value.is_string()) {
    place.text = unit->text;
    if (const auto id = UnitId::from_canonical(unit->value.get<std::string>())) {
      if (const auto found = turn.directory.find_unit(turn.tx.read(), *id, place.estate)) {
        place.estate = found->estate;
        place.text = found->unit.canonical();
      }
    }
  } else if (const Entity* spot = turn.heard.first("place"); spot != nullptr) {
    place.text = spot->text;
  }
  const std::int64_t home = place.text.empty() || place.estate.empty() ? turn.verified_unit() : 0;
  if (home != 0) {
    if (const auto unit = turn.directory.unit(turn.tx.read(), home)) {
      if (place.estate.empty()) place.estate = unit->estate;
      place.text = unit->unit.canonical() + (place.text.empty() ? "" : " " + place.text);
    }
  }
  const auto estates = turn.directory.estates();
  if (place.estate.empty() && estates.size() == 1) place.estate = estates.front();
  return place;
}

}  // namespace

std::string Emergency::kind_of(const Turn& turn) const {
  const std::string lowered = lower_ascii(turn.heard.text);
  for (const auto& [kind, words] : parts_.kinds) {
    if (contains_any(lowered, words)) return kind;
  }
  return "other";
}

Outcome Emergency::intercept(Turn& turn) {
  if (turn.heard.intent != Intent::report_emergency) return Outcome::not_mine;
  const std::string kind = kind_of(turn);
  const Place place = place_of(turn);
  // One that cannot be placed alerts every estate's duty phone.
  std::vector<std::string> estates =
      place.estate.empty() ? turn.directory.estates() : std::vector<std::string>{place.estate};
  if (estates.empty()) estates.push_back("");
  const EstateProfile& first = turn.directory.profile(estates.front());
  const std::string phone =
      first.duty_phones.empty() ? first.front_desk_phone : first.duty_phones.front();
  turn.say("emergency." + kind, {{"phone", national_phone(phone)}});
  std::set<std::string> alerted;
  for (const auto& estate : estates) {
    for (const auto& duty : turn.directory.profile(estate).duty_phones) {
      if (!alerted.insert(duty).second) continue;
      Notice notice;
      notice.template_id = "emergency.duty";
      notice.category = "emergency";
      notice.estate = estate;
      notice.phone = duty;
      notice.args = {
          {"kind", turn.speech.say("emergency.kind." + kind, Language::zh_hans, {}, turn.moment())},
          {"place", place.text},
          {"sender", turn.message.proven_phone.empty() ? turn.message.sender
                                                       : national_phone(turn.message.proven_phone)},
          {"text", first_code_points(turn.message.text, told_code_points_max)}};
      turn.post.send(turn.tx, notice);
    }
  }
  parts_.record(turn, estates.front(), kind, place.text);
  turn.actions.push_back("emergency");
  return Outcome::handed_over;  // nothing else is asked now; an open form waits
}

tl::expected<std::vector<std::pair<std::string, std::vector<std::string>>>, ConfigFaults>
load_emergency_kinds(const std::string& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  const auto json = nlohmann::ordered_json::parse(text.str(), nullptr, false);
  if (!json.is_object() || json.empty()) {
    return tl::unexpected(
        ConfigFaults{{"talk/emergency.json", "", "kinds of emergency with their words",
                      "write {\"fire\": [\"着火\", …], …}"}});
  }
  std::vector<std::pair<std::string, std::vector<std::string>>> kinds;
  for (const auto& [kind, words] : json.items()) {
    std::vector<std::string> lowered;
    for (const auto& word : words) {
      if (word.is_string()) lowered.push_back(lower_ascii(word.get<std::string>()));
    }
    kinds.emplace_back(kind, std::move(lowered));
  }
  return kinds;
}

}  // namespace huiyin
