// Fills the slots of a form from what was heard: in any order, many at once, with corrections. Says
// what was wrong with a value, never asks: asking is the engine's.
#pragma once
#include <string>
#include <vector>

#include "bot/talk/turn.h"
#include "bot/talk/words.h"

namespace huiyin {

struct Filled {
  std::vector<std::string> slots;      // names that got a value now
  std::vector<std::string> corrected;  // those of them that had another one before
  bool understood = false;             // something was told, be it what was known already
  bool refused = false;                // a value was given that cannot be taken; it was said why
  bool noted = false;                  // it answers nothing, but was kept with the matter
  std::string own_name;  // of who writes, told instead of the phone that was asked for
};

class FormFiller {
 public:
  explicit FormFiller(const TalkWords& words) : words_(words) {}

  // Takes what the message holds into the frame. `opening`: the message opened the form, so its
  // text is the description when it says something of the matter.
  Filled fill(Turn& turn, const FormSpec& form, FormFrame& frame, bool opening) const;

  // What a message corrects of a record that is complete: slot → {"value","text"}; empty when it
  // is no correction. `asked`: the slot whose right value was asked for, or `any_slot`.
  static constexpr std::string_view any_slot = "*";
  // In a frame's extra: the name of who writes, told where a phone was asked for.
  static constexpr const char* own_name = "own_name";
  // A time told in passing that cannot be, until the time is asked for: {"phrase", "args"}.
  static constexpr const char* time_fault = "time_fault";
  Json amendments(Turn& turn, const FormSpec& form, const FormFrame& done,
                  std::string_view asked = {}) const;

  // The arguments of a form's phrases: every slot as people read it.
  static Args shown(const Turn& turn, const FormSpec& form, const FormFrame& frame);
  // One slot as people read it; "" when it is empty.
  static std::string shown(const Turn& turn, const SlotSpec& slot, const FormFrame& frame);

 private:
  const TalkWords& words_;
};

}  // namespace huiyin
