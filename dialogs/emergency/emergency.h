// fire, gas, lift entrapment, flooding out of control, electric shock, break-in. At once,
// before any form, even while a person holds the conversation: the resident is told what to do and
// whom to call, duty staff are told, a 特殊事件记录 (31304) is opened. No question is asked first;
// only then, and only when nobody could find the place, where it is: the answer follows to the duty
// phones and into the record.
//
// Staff write from the midst of work ("漏水止住了", "敲门没人应"): of them only words that leave no
// doubt are an alarm, and they are not told what a resident is told.
#pragma once
#include <functional>
#include <map>

#include "bot/talk/dialog.h"
#include "bot/talk/words.h"

namespace huiyin {

// What counts as an alarm where staff write it; "staff" of config/talk/emergency.json.
struct StaffAlarms {
  std::vector<std::pair<std::string, std::vector<std::string>>> kinds;  // kind → words
  std::vector<std::string> doubts;  // beside which they are none: a drill, a device
};

// Where a member of the staff is at work.
struct AtWork {
  std::string place, order;
};

struct EmergencyParts {
  // kind ("fire", "gas", "lift", "flood", "electric", "breakin") → words;
  // config/talk/emergency.json
  std::vector<std::pair<std::string, std::vector<std::string>>> kinds;
  // Rooms inside a home, which do not say whose; config/catalogue/items.json
  std::vector<std::string> rooms;
  TalkWords words;  // for an address without a room
  // Opens the 31304 record: (turn, estate, kind, place as known) → its number.
  std::function<std::string(Turn&, const std::string& estate, const std::string& kind,
                            const std::string& place)>
      record;
  // Puts the place into it that was told after.
  std::function<void(Turn&, const std::string& number, const std::string& estate,
                     const std::string& place)>
      place;
  StaffAlarms staff = {};
  // The order that the staff member of the turn has in hand; none when there is none.
  std::function<std::optional<AtWork>(Turn&)> at_work = nullptr;
};

class Emergency final : public Dialog {
 public:
  explicit Emergency(EmergencyParts parts) : parts_(std::move(parts)) {}
  std::string_view id() const override { return "emergency"; }
  Outcome intercept(Turn& turn) override;

 private:
  struct Place {
    std::string estate;    // "" when it cannot be told
    std::string text;      // unit or words; "" when nothing was said
    bool located = false;  // whoever is sent there can find it
  };
  std::string kind_of(const Turn& turn) const;
  Place told_place(Turn& turn) const;
  Place place_of(Turn& turn, const std::string& kind) const;
  Outcome alarm(Turn& turn, const std::string& kind);
  Outcome staff_alarm(Turn& turn);
  // The kind that a staff member's words mean beyond doubt, or that they relay with its place.
  std::string kind_by_staff(Turn& turn, bool at_work) const;
  // The place of the alarm before, when it was asked for and is told now.
  Outcome take_place(Turn& turn);
  // Keeps in mind that the place was asked for.
  void await_place(Turn& turn, const std::string& number, const std::string& kind,
                   const std::vector<std::string>& estates) const;
  Notice duty_notice(const Turn& turn, const std::string& estate, const std::string& kind,
                     const std::string& place) const;
  void tell_duty(Turn& turn, const std::vector<std::string>& estates, const std::string& kind,
                 const std::string& place) const;

  EmergencyParts parts_;
};

tl::expected<std::vector<std::pair<std::string, std::vector<std::string>>>, ConfigFaults>
load_emergency_kinds(const std::string& file);
tl::expected<StaffAlarms, ConfigFaults> load_staff_alarms(const std::string& file);
// The places of the catalogue that are not public, by all their words, in small letters.
tl::expected<std::vector<std::string>, ConfigFaults> load_rooms(const std::string& catalogue_file);

}  // namespace huiyin
