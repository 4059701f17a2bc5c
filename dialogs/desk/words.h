// The words of staff (config/talk/staff.json, config/schema/staff.schema.json): which begin a
// command, which commands a role has, and what stands in their arguments. Loaded once; immutable.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bot/config_fault.h"
#include "bot/understand/normalizer.h"
#include "store/base/error.h"

namespace huiyin::desk {

struct CommandWords {
  std::vector<std::string> words;  // small letters; the first is the one that is shown
  std::vector<std::string> glued;  // those that what follows may touch
  std::vector<std::string> tails;  // what means it as the last clause of a report on the work
  std::vector<std::string> soft;   // those that mean it only where there is an order for it
  std::string usage_zh, usage_hant, usage_en;  // "{n}" stands for the order's number
  bool alone = false;                          // only a number may follow
  bool several = false;                        // may name several orders

  const std::string& usage_in(Language language) const;
  // More is to be said than which order.
  bool takes_more() const { return !alone && !usage_zh.ends_with("{n}"); }
  std::string usage(Language language, std::string_view n) const;
  // As far as the number: what a button says ("报价 3"); the rest is asked for.
  std::string button(Language language, std::string_view n) const;
  std::string label(Language language) const;  // without the number: "报价"
};

struct RoleWords {
  std::vector<std::string> kinds;       // of orders that its lists show
  std::vector<std::string> commands;    // in the order of its help
  std::vector<std::string> todo_major;  // further ones of a major complaint (R4.5)
  std::vector<std::string> todo;        // states in which an order waits for the role
  bool has(std::string_view command) const;
};

struct Verdict {
  std::string verdict;  // as the sheet says it
  std::vector<std::string> words;
  bool warn = false;  // the resident is warned of what may come of it (R5.17)
};
struct Severity {
  std::string severity;  // "general" "important" "major"
  std::vector<std::string> words;
};

struct DeskWords {
  std::map<std::string, CommandWords, std::less<>> commands;
  std::map<std::string, RoleWords, std::less<>> roles;
  std::vector<Verdict> verdicts;
  std::vector<Severity> severities;
  std::vector<std::string> feasible, infeasible, titles, me, everything, to, into, particles,
      counters, order_marks, house_marks, money_units, money_signs, pieces, jiao, fen, multipliers,
      vague_before, vague_after, range, minus, never_mind, no_charge, parts;
  std::int64_t amount_fen_max = 0;
  std::shared_ptr<const Normalizer> normalizer;

  const RoleWords& role(std::string_view name) const;  // one that knows nothing for a strange role
  // All faults, as `huiyin check` prints them.
  static tl::expected<DeskWords, ConfigFaults> load(const std::string& config_dir);
};

// The commands that the desk can do; the file has every one of them and no other.
const std::vector<std::string>& command_names();

// The bytes of the longest of `words` that the text begins with; 0 when with none.
std::size_t begins_with(std::string_view text, const std::vector<std::string>& words);
// The bytes of the mark or space that the text begins with, and of all of them; 0 when with none.
std::size_t mark_at(std::string_view text);
std::size_t marks_at(std::string_view text);

}  // namespace huiyin::desk
