#include "dialogs/desk/reader.h"

#include <re2/re2.h>

#include "store/base/text.h"

namespace huiyin::desk {
namespace {

using re2::RE2;
using re2::StringPiece;

constexpr std::size_t digits_max = 12;  // of an amount in yuan

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The bytes of a mark or space at the start; 0 when there is none.
std::size_t mark_at(std::string_view text) {
  static const std::vector<std::string> marks{" ",  "\t", "\n", ",",  ".",  ":",  ";",
                                              "!",  "?",  "，", "。", "、", "：", "；",
                                              "！", "？", "~",  "～", "…"};
  return begins_with(text, marks);
}
std::size_t marks_at(std::string_view text) {
  std::size_t all = 0;
  for (std::size_t one = 0; (one = mark_at(text.substr(all))) > 0;) all += one;
  return all;
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
        (next < 0x80 && std::isalpha(next) != 0) || begins_with(behind, words.counters) > 0) {
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
  bool any = false;
  while (!low.empty()) {
    const auto amount = find_amount(low, words);
    if (!amount || !amount->has_unit || trim(low.substr(0, amount->from)).empty()) return false;
    low.remove_prefix(amount->to);
    low.remove_prefix(marks_at(low));
    any = true;
  }
  return any;
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

// The words that the text ends with, in bytes.
std::size_t ends_with(std::string_view text, const std::vector<std::string>& words) {
  std::size_t longest = 0;
  for (const auto& word : words) {
    if (word.size() > longest && text.ends_with(word)) longest = word.size();
  }
  return longest;
}

// Digits with or without thousands' commas, and what stands behind the point, as fen.
void read_fen(std::string_view whole, std::string_view cents, Amount& amount) {
  std::string digits;
  for (const char c : whole) {
    if (is_digit(c)) digits += c;
  }
  while (cents.size() > 2 && cents.back() == '0') cents.remove_suffix(1);
  if (digits.size() > digits_max) {
    amount.fault = Amount::Fault::too_large;
  } else if (cents.size() > 2) {
    amount.fault = Amount::Fault::too_fine;
  } else {
    std::string two(cents);
    two.resize(2, '0');
    amount.fen = std::stoll(digits) * 100 + std::stoll(two);
  }
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
    if (!is_all_charges(low.substr(at), words)) return std::nullopt;
    return charge_of(line, std::move(command.refs), at);
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
  if (!is_sound(told, command, low, word_end)) return std::nullopt;
  return command;
}

std::optional<Amount> find_amount(std::string_view low, const DeskWords& words) {
  static const RE2 pattern("((?:¥|￥|\\$) ?)?(-)?([0-9][0-9,]*)(?:\\.([0-9]+))?");
  std::optional<Amount> found;
  StringPiece g[5];
  for (std::size_t at = 0; at < low.size();) {
    if (!pattern.Match(low, at, low.size(), RE2::UNANCHORED, g, 5)) break;
    Amount amount;
    amount.from = static_cast<std::size_t>(g[0].data() - low.data());
    amount.to = at = amount.from + g[0].size();
    read_fen(std::string_view(g[3].data(), g[3].size()), std::string_view(g[4].data(), g[4].size()),
             amount);
    const std::size_t space = low.substr(at).starts_with(' ') ? 1 : 0;
    const std::size_t unit = begins_with(low.substr(at + space), words.money_units);
    amount.has_unit = !g[1].empty() || unit > 0;
    if (unit > 0) amount.to = at = at + space + unit;
    std::string_view before = low.substr(0, amount.from);
    // "-80" is a number below zero; in "龙头-80" it is a dash.
    bool negative = !g[2].empty() && (!g[1].empty() || before.empty() || before.ends_with(' '));
    if (const std::size_t minus = ends_with(before, words.minus); minus > 0) {
      const std::string_view rest = before.substr(0, before.size() - minus);
      negative = negative || minus > 1 || rest.empty() || rest.ends_with(' ');
      amount.from -= minus;
    }
    if (amount.fault == Amount::Fault::none) {
      if (amount.fen > words.amount_fen_max) amount.fault = Amount::Fault::too_large;
      if (amount.fen == 0) amount.fault = Amount::Fault::zero;
    }
    if (negative) amount.fault = Amount::Fault::negative;
    if (amount.has_unit) return amount;
    if (!found) found = amount;
  }
  return found;
}

std::vector<Charge> read_charges(std::string_view text, const DeskWords& words) {
  std::vector<Charge> charges;
  const Line line(text, words);
  std::string_view low = line.low();
  std::size_t at = 0;
  while (at < low.size()) {
    auto amount = find_amount(low.substr(at), words);
    if (!amount) break;
    std::size_t end = at + amount->from;
    while (end > at && (low[end - 1] == ' ' || low[end - 1] == ',' || low[end - 1] == ':')) --end;
    charges.push_back({line.as_written(at, end), *amount});
    at += amount->to;
    at += marks_at(low.substr(at));
  }
  // What stands behind the only amount is what it is for: "80元 换龙头".
  if (charges.size() == 1 && charges.front().item.empty() && at < low.size()) {
    charges.front().item = line.as_written(at);
  }
  return charges;
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
