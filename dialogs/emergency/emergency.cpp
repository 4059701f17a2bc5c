#include "dialogs/emergency/emergency.h"

#include <fstream>
#include <set>
#include <sstream>

#include "store/base/phone.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

constexpr std::size_t told_code_points_max = 60;  // of the resident's words, in a duty SMS
constexpr const char* memory_id = "emergency";    // set while the place is asked for
constexpr const char* staff_member = "staff";     // of the file of words
constexpr int messages_max = 3;                   // in which the place is looked for

// The unit that an open form was told of, canonical; "" when none was.
std::string unit_of_forms(const Session& session) {
  for (auto frame = session.stack.rbegin(); frame != session.stack.rend(); ++frame) {
    const Json* unit = frame->value("unit");
    if (unit != nullptr && unit->is_string()) return unit->get<std::string>();
  }
  return {};
}

// The place that the form at hand, or the one completed a moment ago, was told of; "" when none.
std::string place_of_forms(const Turn& turn) {
  for (auto frame = turn.session.stack.rbegin(); frame != turn.session.stack.rend(); ++frame) {
    const Json* place = frame->value("place");
    if (place != nullptr && place->is_string()) return place->get<std::string>();
  }
  const auto last = turn.session.memory.find("talk");
  if (last == turn.session.memory.end()) return {};
  const auto age = turn.now() - from_millis(int_of(*last, "at"));
  if (age > std::chrono::minutes(turn.rules.amend_minutes)) return {};
  FormFrame done;
  done.slots = last->value("slots", Json::object());
  const Json* place = done.value("place");
  return place != nullptr && place->is_string() ? place->get<std::string>() : std::string();
}

std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> out;
  for (const auto& one : list) {
    if (one.is_string()) out.push_back(one.get<std::string>());
  }
  return out;
}

// 卫生间顶上 is in the 卫生间; a Latin word counts whole ("hall", not "hallway").
bool begins_with_word(std::string_view text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  const bool latin = word.back() >= 'a' && word.back() <= 'z';
  return !latin || text.size() == word.size() || text[word.size()] < 'a' || text[word.size()] > 'z';
}

}  // namespace

std::string Emergency::kind_of(const Turn& turn) const {
  const std::string lowered = lower_ascii(turn.heard.text);
  for (const auto& [kind, words] : parts_.kinds) {
    if (contains_any(lowered, words)) return kind;
  }
  return "other";
}

// What this message says of the place.
Emergency::Place Emergency::told_place(Turn& turn) const {
  Place place{turn.session.estate, {}, false};
  if (const Entity* unit = turn.heard.first("unit"); unit != nullptr && unit->value.is_string()) {
    place.text = unit->text;
    place.located = true;
    if (const auto id = UnitId::from_canonical(unit->value.get<std::string>())) {
      if (const auto found = turn.directory.find_unit(turn.tx.read(), *id, place.estate)) {
        place.estate = found->estate;
        place.text = found->unit.canonical();
        // A form that follows need not ask for it again.
        turn.memory("self")["household_unit"] = place.text;
        turn.memory("self")["estate"] = place.estate;
      }
    }
    return place;
  }
  place.text = parts_.words.building_in(turn.heard.text);
  place.located = !place.text.empty();
  if (const Entity* spot = turn.heard.first("place"); spot != nullptr) {
    const std::string lowered = lower_ascii(spot->text);
    const bool room = std::ranges::any_of(
        parts_.rooms, [&](const std::string& name) { return begins_with_word(lowered, name); });
    if (spot->text.find(place.text) != std::string::npos) {
      place.text = spot->text;  // 3栋门口 holds 3栋
    } else if (place.text.find(spot->text) == std::string::npos) {
      place.text += " " + spot->text;
    }
    // "11楼和12楼中间": floors of a building that was not said.
    const bool numbers_only = spot->extractor == "pattern";
    place.located = place.located || !(room || numbers_only);
  }
  return place;
}

// Where it is: the unit or place named, with the unit of the form at hand or the household of the
// phone where that does not say it; else the estate at hand.
Emergency::Place Emergency::place_of(Turn& turn, const std::string& kind) const {
  Place place = told_place(turn);
  const bool exact =
      turn.heard.first("unit") != nullptr || !parts_.words.building_in(turn.heard.text).empty();
  if (kind == "lift" && !exact) place.located = false;  // of which building?
  if (!exact) {
    std::string home = unit_of_forms(turn.session);
    // "3号楼电梯又坏了", "不是，电梯里有人被困": there, if that names a building.
    if (const std::string told = place_of_forms(turn);
        home.empty() && !parts_.words.building_in(told).empty()) {
      home = told;
    }
    if (home.empty() && turn.verified_unit() != 0) {
      if (const auto unit = turn.directory.unit(turn.tx.read(), turn.verified_unit())) {
        if (place.estate.empty()) place.estate = unit->estate;
        home = unit->unit.canonical();
      }
    }
    if (!home.empty()) {
      place.text = home + (place.text.empty() ? "" : " " + place.text);
      place.located = true;
    }
  }
  const auto estates = turn.directory.estates();
  if (place.estate.empty() && estates.size() == 1) place.estate = estates.front();
  return place;
}

Outcome Emergency::intercept(Turn& turn) {
  const Outcome placed = take_place(turn);
  if (turn.staff && placed == Outcome::not_mine) return staff_alarm(turn);
  if (placed != Outcome::not_mine || turn.heard.intent != Intent::report_emergency) return placed;
  return alarm(turn, kind_of(turn));
}

Outcome Emergency::alarm(Turn& turn, const std::string& kind) {
  Place place = place_of(turn, kind);
  // One that cannot be placed alerts every estate's duty phone.
  std::vector<std::string> estates =
      place.estate.empty() ? turn.directory.estates() : std::vector<std::string>{place.estate};
  if (estates.empty()) estates.push_back("");
  const EstateProfile& first = turn.directory.profile(estates.front());
  const std::string phone =
      first.duty_phones.empty() ? first.front_desk_phone : first.duty_phones.front();
  turn.say("emergency." + kind, {{"phone", national_phone(phone)}});
  if (!place.located) {
    const std::string unknown =
        turn.speech.say("emergency.place_unknown", Language::zh_hans, {}, turn.moment());
    place.text = unknown + (place.text.empty() ? "" : " " + place.text);
    turn.say("emergency.ask_place");
  }
  tell_duty(turn, estates, kind, place.text);
  const std::string number = parts_.record(turn, estates.front(), kind, place.text);
  if (place.located) {
    turn.session.memory.erase(memory_id);
  } else {
    await_place(turn, number, kind, estates);
  }
  turn.actions.push_back("emergency");
  return Outcome::handed_over;  // nothing else is asked now; an open form waits
}

std::string Emergency::kind_by_staff(Turn& turn, bool at_work) const {
  const std::string lowered = reading(turn.heard);
  if (!contains_any(lowered, parts_.staff.doubts)) {
    for (const auto& [kind, words] : parts_.staff.kinds) {
      if (contains_any(lowered, words)) return kind;
    }
  }
  // A call that is passed on: whoever has no work in hand says where it is.
  const bool relayed = turn.heard.intent == Intent::report_emergency && !at_work;
  return relayed && told_place(turn).located ? kind_of(turn) : std::string();
}

Outcome Emergency::staff_alarm(Turn& turn) {
  const auto work = parts_.at_work ? parts_.at_work(turn) : std::nullopt;
  const std::string kind = kind_by_staff(turn, work.has_value());
  if (kind.empty()) return Outcome::not_mine;
  const StaffRecord& who = *turn.staff;
  Place place = told_place(turn);
  if (place.estate.empty()) place.estate = who.estate;
  if (!place.located && work && !work->place.empty()) {
    place.text = work->place + (place.text.empty() ? "" : " " + place.text);
    place.located = true;
  }
  std::vector<std::string> estates =
      place.estate.empty() ? turn.directory.estates() : std::vector<std::string>{place.estate};
  if (estates.empty()) estates.push_back("");
  if (!place.located) {
    place.text = turn.speech.say("emergency.place_unknown", Language::zh_hans, {}, turn.moment()) +
                 (place.text.empty() ? "" : " " + place.text);
  }
  turn.say("emergency.staff_told",
           {{"kind", turn.phrase("emergency.kind." + kind)}, {"place", place.text}});
  if (!place.located) turn.say("emergency.ask_place");
  tell_duty(turn, estates, kind, place.text);
  if (who.role != "engineering_supervisor") {
    Notice notice = duty_notice(turn, estates.front(), kind, place.text);
    turn.post.to_role(turn.tx, "engineering_supervisor", std::move(notice));
  }
  const std::string number = parts_.record(turn, estates.front(), kind, place.text);
  if (!place.located) await_place(turn, number, kind, estates);
  turn.actions.push_back("emergency");
  return Outcome::handed_over;
}

void Emergency::await_place(Turn& turn, const std::string& number, const std::string& kind,
                            const std::vector<std::string>& estates) const {
  turn.memory(memory_id) = {{"record", number},
                            {"kind", kind},
                            {"estates", estates},
                            {"left", messages_max},
                            {"at", to_millis(turn.now())}};
}

Outcome Emergency::take_place(Turn& turn) {
  const auto it = turn.session.memory.find(memory_id);
  if (it == turn.session.memory.end()) return Outcome::not_mine;
  const Json asked = *it;
  const std::string kind = text_of(asked, "kind");
  const std::int64_t left = int_of(asked, "left");
  const bool late = turn.now() - from_millis(int_of(asked, "at")) >
                    std::chrono::minutes(turn.rules.amend_minutes);
  const bool alarm = turn.heard.intent == Intent::report_emergency;
  const std::string heard_kind = alarm ? kind_of(turn) : kind;
  const bool another = heard_kind != kind && heard_kind != "other";
  const Place place = told_place(turn);
  if (late || another || place.text.empty()) {
    if (late || another || left <= 1)
      turn.session.memory.erase(memory_id);
    else
      (*it)["left"] = left - 1;
    return Outcome::not_mine;
  }
  turn.session.memory.erase(memory_id);
  // Every phone that was alerted hears it, and so stops looking.
  tell_duty(turn, texts_of(asked.value("estates", Json::array())), kind, place.text);
  parts_.place(turn, text_of(asked, "record"), place.estate, place.text);
  turn.say("emergency.place_noted", {{"place", place.text}});
  turn.actions.push_back("emergency");
  // A form that waits for an address takes it, too; a matter told later than at once goes on.
  const bool later = left < messages_max && turn.heard.intent != Intent::inform &&
                     turn.heard.intent != Intent::out_of_scope;
  const bool more = !alarm && (later || !turn.session.stack.empty());
  return more ? Outcome::not_mine : Outcome::handed_over;
}

void Emergency::tell_duty(Turn& turn, const std::vector<std::string>& estates,
                          const std::string& kind, const std::string& place) const {
  std::set<std::string> alerted;
  for (const auto& estate : estates) {
    for (const auto& duty : turn.directory.profile(estate).duty_phones) {
      if (!alerted.insert(duty).second) continue;
      Notice notice = duty_notice(turn, estate, kind, place);
      notice.phone = duty;
      turn.post.send(turn.tx, notice);
    }
  }
}

Notice Emergency::duty_notice(const Turn& turn, const std::string& estate, const std::string& kind,
                              const std::string& place) const {
  std::string sender = turn.message.proven_phone.empty()
                           ? turn.message.sender
                           : national_phone(turn.message.proven_phone);
  if (turn.staff) sender = turn.staff->name + " " + national_phone(turn.staff->phone);
  Notice notice;
  notice.template_id = "emergency.duty";
  notice.category = "emergency";
  notice.estate = estate;
  notice.args = {
      {"kind", turn.speech.say("emergency.kind." + kind, Language::zh_hans, {}, turn.moment())},
      {"place", place},
      {"sender", std::move(sender)},
      {"text", first_code_points(turn.message.text, told_code_points_max)}};
  return notice;
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
    if (kind == staff_member) continue;
    std::vector<std::string> lowered;
    for (const auto& word : words) {
      if (word.is_string()) lowered.push_back(lower_ascii(word.get<std::string>()));
    }
    kinds.emplace_back(kind, std::move(lowered));
  }
  return kinds;
}

tl::expected<StaffAlarms, ConfigFaults> load_staff_alarms(const std::string& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  const auto json = nlohmann::ordered_json::parse(text.str(), nullptr, false);
  const auto staff = json.is_object() ? json.find(staff_member) : json.end();
  StaffAlarms out;
  if (staff != json.end() && staff->is_object()) {
    const auto alarms = staff->value("alarms", nlohmann::ordered_json::object());
    for (const auto& [kind, words] : alarms.items()) {
      out.kinds.emplace_back(kind, texts_of(words));
    }
    out.doubts = texts_of(staff->value("doubts", nlohmann::ordered_json::array()));
  }
  if (out.kinds.empty()) {
    return tl::unexpected(
        ConfigFaults{{"talk/emergency.json", "/staff/alarms", "what is an alarm where staff say it",
                      "write {\"fire\": [\"着火\", …], …}"}});
  }
  return out;
}

tl::expected<std::vector<std::string>, ConfigFaults> load_rooms(const std::string& catalogue_file) {
  std::ifstream in(catalogue_file);
  std::stringstream text;
  text << in.rdbuf();
  const Json json = Json::parse(text.str(), nullptr, false);
  const auto places = json.is_object() ? json.find("places") : json.end();
  if (places == json.end() || !places->is_array()) {
    return tl::unexpected(ConfigFaults{
        {"catalogue/items.json", "/places", "a list of places", "write {\"places\": [...]}"}});
  }
  std::vector<std::string> rooms;
  for (const auto& place : *places) {
    if (flag_of(place, "public")) continue;
    rooms.push_back(lower_ascii(text_of(place, "name")));
    for (const char* member : {"synonyms", "en"}) {
      for (const auto& word : texts_of(place.value(member, Json::array()))) {
        rooms.push_back(lower_ascii(word));
      }
    }
  }
  return rooms;
}

}  // namespace huiyin
