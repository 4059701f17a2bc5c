#include "dialogs/desk/reader.h"

#include <re2/re2.h>

#include "store/base/text.h"

namespace huiyin::desk {
namespace {

using re2::RE2;
using re2::StringPiece;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A number that names an order, at the start of a text.
struct Ref {
  std::string value;
  std::size_t bytes = 0;
  bool full = false;
};

std::optional<Ref> ref_at(std::string_view low, const DeskWords& words) {
  static const RE2 full_number("#?((?:wx|gg|ts|gz)[0-9]{8})[- ]?([0-9]{4,9})");
  static const RE2 plain_number("#?([0-9]{1,4})");
  const auto size = static_cast<int>(low.size());
  StringPiece groups[3];
  if (full_number.Match(low, 0, low.size(), RE2::ANCHOR_START, groups, 3)) {
    const auto end = groups[0].size();
    if (end < low.size() && is_digit(low[end])) return std::nullopt;
    std::string value = std::string(groups[1]) + "-" + std::string(groups[2]);
    value[0] = static_cast<char>(value[0] - 'a' + 'A');
    value[1] = static_cast<char>(value[1] - 'a' + 'A');
    return Ref{std::move(value), end, true};
  }
  if (size == 0 || !plain_number.Match(low, 0, low.size(), RE2::ANCHOR_START, groups, 2)) {
    return std::nullopt;
  }
  if (groups[1].as_string().find_first_not_of('0') == std::string::npos) return std::nullopt;
  std::size_t end = groups[0].size();
  std::string_view behind = low.substr(end);
  if (begins_with(behind, words.house_marks) > 0) return std::nullopt;
  end += begins_with(behind, words.order_marks);
  behind = low.substr(end);
  if (!behind.empty()) {
    const auto next = static_cast<unsigned char>(behind.front());
    const bool decimal = (next == '.' || next == ':') && behind.size() > 1 && is_digit(behind[1]);
    // Part of an address, a telephone, a quantity or a time.
    if (decimal || next == '-' || next == '/' || is_digit(behind.front()) ||
        (next < 0x80 && std::isalpha(next) != 0) || begins_with(behind, words.counters) > 0 ||
        begins_with(behind, words.multipliers) > 0 || begins_with(behind, words.vague_after) > 0) {
      return std::nullopt;
    }
  }
  return Ref{std::string(groups[1]), end, false};
}

// The command whose word stands at the start, and the bytes of that word.
struct Word {
  std::string name;
  std::size_t bytes = 0;
  bool own = false;  // the role has the command
  bool soft = false;
};

// After a command's word its end, a mark, a number, or a particle and then one of these.
bool ends_word(std::string_view behind, const DeskWords& words) {
  if (behind.empty() || mark_at(behind) > 0 || behind.front() == '#') return true;
  if (is_digit(behind.front()) || ref_at(behind, words)) return true;
  const std::size_t particle = begins_with(behind, words.particles);
  return particle > 0 && ends_word(behind.substr(particle), words);
}

std::optional<Word> word_at(std::string_view low, const DeskWords& words, const RoleWords& role) {
  std::optional<Word> best;
  for (const auto& [name, command] : words.commands) {
    for (const auto& word : command.words) {
      if (!low.starts_with(word)) continue;
      const bool own = role.has(name);
      const bool better =
          !best || word.size() > best->bytes || (word.size() == best->bytes && own && !best->own);
      if (!better) continue;
      const bool glued =
          std::find(command.glued.begin(), command.glued.end(), word) != command.glued.end();
      if (glued || ends_word(low.substr(word.size()), words)) {
        const bool soft =
            std::find(command.soft.begin(), command.soft.end(), word) != command.soft.end();
        best = {name, word.size(), own, soft};
      }
    }
  }
  return best;
}

// Numbers with marks between them; `at` moves behind them.
std::vector<std::string> refs_at(std::string_view low, std::size_t& at, const DeskWords& words,
                                 bool several) {
  std::vector<std::string> refs;
  std::size_t from = at + marks_at(low.substr(at));
  while (const auto ref = ref_at(low.substr(from), words)) {
    refs.push_back(ref->value);
    at = from + ref->bytes;
    if (!several) break;
    from = at + marks_at(low.substr(at));
    if (from == at) break;
  }
  return refs;
}

// Where money is told, a lone bare number is the amount: "报价 120".
bool is_money_command(std::string_view name) {
  return name == "quote" || name == "add_charge";
}

// "换龙头 80元、换角阀 30元": things and their amounts with units, and nothing else.
bool is_all_charges(std::string_view low, const DeskWords& words) {
  std::size_t at = 0;
  for (const auto& amount : find_amounts(low, words)) {
    if (!amount.has_unit) continue;
    if (amount.from <= at || trim(low.substr(at, amount.from - at)).empty()) return false;
    at = amount.to + marks_at(low.substr(amount.to));
  }
  return at > 0 && at == low.size();
}

// "张强今天干了什么": the name stands in front.
std::optional<Command> asked_of_somebody(const Line& line, const DeskWords& words,
                                         const RoleWords& role) {
  const auto asked = words.commands.find("day_of");
  if (asked == words.commands.end() || !role.has("day_of")) return std::nullopt;
  std::string_view low = line.low();
  for (const std::string_view mark : {"?", "？", "。"}) {
    if (low.ends_with(mark)) low.remove_suffix(mark.size());
  }
  for (const auto& word : asked->second.words) {
    if (!low.ends_with(word) || low.size() == word.size()) continue;
    Command out;
    out.name = "day_of";
    out.rest = line.as_written(0, low.size() - word.size());
    return out;
  }
  return std::nullopt;
}

// "换龙头80": words without a figure, and one plain number at the end.
bool is_loose_charge(std::string_view low, const DeskWords& words) {
  constexpr std::size_t words_bytes_min = 6;  // two letters of Chinese
  const auto all = find_amounts(low, words);
  if (all.size() != 1 || all.front().to + marks_at(low.substr(all.front().to)) != low.size()) {
    return false;
  }
  const std::string_view front = trim(low.substr(0, all.front().from));
  return front.size() >= words_bytes_min && std::none_of(front.begin(), front.end(), is_digit);
}

// "换了皮带，已经可以用了": the last clause is a command's word, what is in front of it its note.
std::optional<Command> told_at_the_end(const Line& line, const DeskWords& words,
                                       const RoleWords& role) {
  std::string_view low = line.low();
  while (!low.empty()) {
    std::size_t end = 0;
    for (std::size_t at = 0; at < low.size(); ++at) {
      if (mark_at(low.substr(at)) > 0 && at + mark_at(low.substr(at)) == low.size()) end = at;
    }
    if (end == 0) break;
    low = low.substr(0, end);
  }
  std::size_t from = 0;
  for (std::size_t at = 0; at < low.size(); ++at) {
    if (const std::size_t bytes = mark_at(low.substr(at)); bytes > 0) from = at + bytes;
  }
  if (from == 0) return std::nullopt;
  const std::string clause(low.substr(from));
  for (const auto& [name, command] : words.commands) {
    if (!role.has(name) ||
        std::find(command.tails.begin(), command.tails.end(), clause) == command.tails.end()) {
      continue;
    }
    Command out;
    out.name = name;
    out.loose = true;
    while (from > 0 && mark_at(low.substr(from - 1)) > 0) --from;
    out.rest = line.as_written(0, from);
    while (mark_at(out.rest) > 0) out.rest.erase(0, mark_at(out.rest));
    static const std::vector<std::string> marks{",", "，", "。", "、", "；", ";"};
    for (const auto& mark : marks) {
      if (out.rest.ends_with(mark)) out.rest.resize(out.rest.size() - mark.size());
    }
    return out;
  }
  return std::nullopt;
}

Command charge_of(const Line& line, std::vector<std::string> refs, std::size_t from) {
  Command command;
  command.name = "add_charge";
  command.refs = std::move(refs);
  command.rest = line.as_written(from);
  command.implied = true;
  return command;
}

// What was said beyond the numbers makes sense with this command.
bool is_sound(const CommandWords& command, const Command& read, std::string_view low,
              std::size_t word_end) {
  if (read.rest.empty()) return true;
  if (command.alone || read.name == "show") return false;
  if (command.takes_more() || !read.refs.empty() || read.everything) return true;
  // "到了，住户不在家" is said to an order; "开始 漏水了" is not.
  return word_end < low.size() && low[word_end] != ' ' && mark_at(low.substr(word_end)) > 0;
}

}  // namespace

Line::Line(std::string_view text, const DeskWords& words) : raw_(text) {
  words.normalizer->normalize(raw_, read_);
  const std::string_view kept = trim(read_.text);
  front_ = static_cast<std::size_t>(kept.data() - read_.text.data());
  low_ = std::string(kept);
}

std::string Line::as_written(std::size_t from, std::size_t to) const {
  to = std::min(to, low_.size());
  if (from >= to) return {};
  const auto first = read_.char_at[front_ + from], last = read_.char_at[front_ + to - 1];
  const std::size_t begin = read_.origin[first].byte_start, end = read_.origin[last].byte_end;
  return std::string(trim(std::string_view(raw_).substr(begin, end - begin)));
}

std::vector<std::string> only_refs(const Line& line, const DeskWords& words) {
  std::size_t at = 0;
  auto refs = refs_at(line.low(), at, words, true);
  if (at + marks_at(std::string_view(line.low()).substr(at)) != line.low().size()) refs.clear();
  return refs;
}

std::optional<Command> read_command(const Line& line, const DeskWords& words,
                                    const RoleWords& role) {
  const std::string_view low = line.low();
  if (low.empty()) return std::nullopt;
  Command command;
  std::size_t at = 0;
  command.refs = refs_at(low, at, words, true);
  at += marks_at(low.substr(at));
  if (at == low.size() && !command.refs.empty()) {
    command.name = "show";
    command.bare = true;
    return command;
  }
  const auto word = word_at(low.substr(at), words, role);
  if (!word) {
    if (auto asked = asked_of_somebody(line, words, role)) return asked;
    const bool loose = is_loose_charge(low.substr(at), words);
    if (!loose && !is_all_charges(low.substr(at), words)) {
      return command.refs.empty() ? told_at_the_end(line, words, role) : std::nullopt;
    }
    Command charge = charge_of(line, std::move(command.refs), at);
    charge.loose = loose;
    return charge;
  }
  command.name = word->name;
  command.soft = word->soft;
  const CommandWords& told = words.commands.find(word->name)->second;
  at += word->bytes;
  for (std::size_t more = 0; (more = begins_with(low.substr(at), words.particles)) > 0;) {
    if (!ends_word(low.substr(at + more), words)) break;
    at += more;
  }
  const std::size_t word_end = at;
  if (command.refs.empty()) {
    const std::size_t before = at;
    command.refs = refs_at(low, at, words, told.several);
    const bool money_alone = is_money_command(command.name) && !command.refs.empty() &&
                             command.refs.front().size() <= 4 &&
                             !find_amount(low.substr(at), words);
    if (money_alone) {
      command.refs.clear();
      at = before;
    }
  }
  at += marks_at(low.substr(at));
  if (told.several && command.refs.empty()) {
    const std::size_t all = begins_with(low.substr(at), words.everything);
    if (all > 0 && at + all == low.size()) {
      command.everything = true;
      at += all;
    }
  }
  command.rest = line.as_written(at);
  if (!is_sound(told, command, low, word_end)) return told_at_the_end(line, words, role);
  return command;
}

std::string take_last_ref(std::string& text, const DeskWords& words) {
  const Line line(text, words);
  const std::string_view low = line.low();
  for (std::size_t at = 0; at < low.size(); ++at) {
    const bool starts = at == 0 || !is_digit(low[at - 1]);
    const bool first_byte = (static_cast<unsigned char>(low[at]) & 0xC0) != 0x80;
    const bool in_word = at > 0 && std::isalpha(static_cast<unsigned char>(low[at - 1])) != 0;
    if (!starts || !first_byte || in_word) continue;
    const auto ref = ref_at(low.substr(at), words);
    if (!ref || at + ref->bytes + marks_at(low.substr(at + ref->bytes)) != low.size()) continue;
    text = line.as_written(0, at);
    return ref->value;
  }
  return {};
}

}  // namespace huiyin::desk
