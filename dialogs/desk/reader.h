// A staff member's message → one command, which orders it names and what else it says. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialogs/desk/money.h"
#include "dialogs/desk/words.h"

namespace huiyin::desk {

// A text and its canonical reading (small letters, half width, Simplified), with the way back.
class Line {
 public:
  Line(std::string_view text, const DeskWords& words);
  const std::string& low() const { return low_; }
  // What stands at those bytes of low(), as it was written.
  std::string as_written(std::size_t from, std::size_t to = std::string::npos) const;

 private:
  std::string raw_, low_;
  Normalized read_;
  std::size_t front_ = 0;  // bytes of the reading in front of low()
};

struct Command {
  std::string name;               // of command_names()
  std::vector<std::string> refs;  // "3", "0001", "WX20261123-0001"
  bool everything = false;        // "全部" in place of numbers
  std::string rest;               // what else is said, as written
  // "换龙头 80元" without a command's word: meant only where a price may be written down.
  bool implied = false;
  bool bare = false;  // numbers and nothing else
  bool soft = false;  // given by a word that is an everyday word as well ("收到", "好了")
  // Told by what stands behind it ("换了皮带，好了", "通马桶 100"): meant only at work.
  bool loose = false;
  bool sure = false;  // said again after the desk told what is missing
  // What is done after it, with its own words: the end of work whose charge was asked for.
  std::string then, then_rest;
};

// None when the message is no command. A word that several commands have means the role's own.
std::optional<Command> read_command(const Line& line, const DeskWords& words,
                                    const RoleWords& role);

// One or more numbers and nothing else ("2", "2号", "WX20261123-0001", "1、2"); else empty.
std::vector<std::string> only_refs(const Line& line, const DeskWords& words);

// A number at the end of a text ("李工 1"), taken off it; "" when there is none.
std::string take_last_ref(std::string& text, const DeskWords& words);

}  // namespace huiyin::desk
