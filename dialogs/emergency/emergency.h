// fire, gas, lift entrapment, flooding out of control, electric shock, break-in. At once,
// before any form, even while a person holds the conversation: the resident is told what to do and
// whom to call, duty staff are told, a 特殊事件记录 (31304) is opened. No question is asked first.
#pragma once
#include <functional>
#include <map>

#include "bot/talk/dialog.h"

namespace huiyin {

struct EmergencyParts {
  // kind ("fire", "gas", "lift", "flood", "electric", "breakin") → words;
  // config/talk/emergency.json
  std::vector<std::pair<std::string, std::vector<std::string>>> kinds;
  // Opens the 31304 record: (turn, estate, kind, place as known) → its number.
  std::function<void(Turn&, const std::string& estate, const std::string& kind,
                     const std::string& place)>
      record;
};

class Emergency final : public Dialog {
 public:
  explicit Emergency(EmergencyParts parts) : parts_(std::move(parts)) {}
  std::string_view id() const override { return "emergency"; }
  Outcome intercept(Turn& turn) override;

 private:
  std::string kind_of(const Turn& turn) const;
  EmergencyParts parts_;
};

tl::expected<std::vector<std::pair<std::string, std::vector<std::string>>>, ConfigFaults>
load_emergency_kinds(const std::string& file);

}  // namespace huiyin
