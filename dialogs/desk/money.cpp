#include "dialogs/desk/money.h"

#include <unicode/utf8.h>

#include <algorithm>

#include "bot/understand/numeral.h"
#include "dialogs/desk/reader.h"
#include "store/base/text.h"

namespace huiyin::desk {
namespace {

using Fault = Amount::Fault;

constexpr std::size_t figures_max = 12;  // of an amount in yuan
constexpr std::int64_t pieces_max = 10;  // "2块玻璃" counts panes
constexpr std::size_t text_max = 2'000;  // bytes that are looked at

struct Letter {
  char32_t point;
  std::size_t from, to;  // bytes
};

std::vector<Letter> letters_of(std::string_view text) {
  std::vector<Letter> out;
  text = text.substr(0, text_max);
  const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
  for (std::int32_t at = 0, size = static_cast<std::int32_t>(text.size()); at < size;) {
    const std::int32_t from = at;
    UChar32 c;
    U8_NEXT(data, at, size, c);
    out.push_back({static_cast<char32_t>(c < 0 ? 0xFFFD : c), static_cast<std::size_t>(from),
                   static_cast<std::size_t>(at)});
  }
  return out;
}

// "5k" and "1w" are written for 千 and 万.
std::int64_t size_of(char32_t point) {
  if (point == U'k') return 1'000;
  return point == U'w' ? 10'000 : numeral_size(point);
}

bool is_letter(char32_t point) {
  return point >= U'a' && point <= U'z';
}
bool is_numeral(char32_t point) {
  return digit_value(point) >= 0 || (size_of(point) > 0 && !is_letter(point));
}
bool is_han(char32_t point) {
  return point >= 0x3400 && point <= 0x9FFF;
}

// The bytes of the longest of `words` that the text ends with; 0 when with none.
std::size_t ends_with(std::string_view text, const std::vector<std::string>& words) {
  std::size_t longest = 0;
  for (const auto& word : words) {
    if (word.size() > longest && text.ends_with(word)) longest = word.size();
  }
  return longest;
}

// A number as it stands, before what is around it is looked at.
struct Number {
  std::int64_t fen = 0;
  Fault fault = Fault::none;
  bool figures = false;   // begins with one of 0-9
  bool is_large = false;  // two letters or more, one of them 十, 百, 千 or 万
  std::size_t from = 0, to = 0;
};

class Finder {
 public:
  Finder(std::string_view low, const DeskWords& words)
      : low_(low.substr(0, text_max)), words_(words), letters_(letters_of(low)) {}

  std::vector<Amount> all() {
    std::vector<Amount> out;
    while (at_ < letters_.size()) {
      const bool inside =
          at_ > 0 &&
          (is_letter(letters_[at_ - 1].point) ||
           (letters_[at_ - 1].point == U'.' && at_ > 1 && is_ascii_digit(letters_[at_ - 2].point)));
      if (!is_numeral(letters_[at_].point)) {
        ++at_;
      } else if (inside) {  // DN20
        while (at_ < letters_.size() && is_numeral(letters_[at_].point)) ++at_;
      } else if (auto amount = next()) {
        out.push_back(*amount);
      }
    }
    return out;
  }

 private:
  char32_t point(std::size_t i) const { return i < letters_.size() ? letters_[i].point : 0; }
  std::size_t byte(std::size_t i) const {
    return i < letters_.size() ? letters_[i].from : low_.size();
  }
  // Moves `i` over what begins there with one of the words.
  bool pass(std::size_t& i, const std::vector<std::string>& list) const {
    const std::size_t bytes = begins_with(low_.substr(byte(i)), list);
    if (bytes == 0) return false;
    const std::size_t to = byte(i) + bytes;
    while (i < letters_.size() && letters_[i].from < to) ++i;
    return true;
  }
  bool ends_at(std::size_t i) const {
    return i >= letters_.size() || marks_at(low_.substr(byte(i))) > 0;
  }

  // The number that begins at `i`, which moves behind it.
  Number number(std::size_t& i) const {
    Number out;
    out.from = byte(i);
    out.figures = is_ascii_digit(point(i));
    const std::size_t first = i;
    std::u32string run;
    std::string whole, cents;
    while (is_ascii_digit(point(i))) whole += static_cast<char>(point(i++));
    const auto thousands = [&] {
      return point(i) == U',' && is_ascii_digit(point(i + 1)) && is_ascii_digit(point(i + 2)) &&
             is_ascii_digit(point(i + 3)) && !is_ascii_digit(point(i + 4));
    };
    while (!whole.empty() && whole.size() <= figures_max && thousands()) {
      for (int n = 1; n <= 3; ++n) whole += static_cast<char>(point(i + n));
      i += 4;
    }
    if (!whole.empty() && point(i) == U'.' && is_ascii_digit(point(i + 1))) {
      for (++i; is_ascii_digit(point(i)); ++i) cents += static_cast<char>(point(i));
    }
    while (cents.size() > 2 && cents.back() == '0') cents.pop_back();
    if (whole.size() > figures_max) {
      out.fault = Fault::too_large;
      while (is_numeral(point(i))) ++i;
    } else if (!whole.empty() && (cents.empty() ? !is_numeral(point(i)) : true)) {
      take_figures(out, whole, cents, i);
    } else {
      for (const char c : whole) run += static_cast<char32_t>(c);
      while (is_numeral(point(i))) run += letters_[i++].point;
      const auto value = number_value(run);
      const bool huge =
          std::ranges::any_of(run, [](char32_t one) { return size_of(one) > 10'000; });
      if (!value || huge)
        out.fault = huge ? Fault::too_large : Fault::unclear;
      else
        out.fen = *value * 100;
    }
    const auto large = [](const Letter& letter) { return size_of(letter.point) > 0; };
    out.is_large =
        i - first >= 2 &&
        std::any_of(letters_.begin() + static_cast<std::ptrdiff_t>(first),
                    letters_.begin() + static_cast<std::ptrdiff_t>(std::min(i, letters_.size())),
                    large);
    out.to = byte(i);
    return out;
  }

  // "80", "1,200.50", "1.5万", "5k"
  void take_figures(Number& out, const std::string& whole, std::string cents,
                    std::size_t& i) const {
    const std::int64_t size = size_of(point(i));
    const bool times = size > 0 && !(is_letter(point(i)) && is_letter(point(i + 1)));
    if (cents.size() > 2 + (times ? 2 : 0)) {
      out.fault = Fault::too_fine;
      return;
    }
    cents.resize(times ? 4 : 2, '0');
    out.fen = std::stoll(whole) * (times ? 10'000 : 100) + std::stoll(cents);
    if (!times) return;
    ++i;
    if (out.fen > words_.amount_fen_max * 100) {
      out.fault = Fault::too_large;
    } else {
      out.fen = out.fen * size / 100;
    }
  }

  // "块5", "元5角2分" behind the unit that was just passed.
  void take_small(Number& number, std::size_t& i) const {
    const int tens = digit_value(point(i));
    if (tens < 0) return;
    std::size_t behind = i + 1;
    const bool named = pass(behind, words_.jiao);
    if (!named && !ends_at(behind)) return;
    number.fen += tens * 10;
    i = behind;
    const int ones = digit_value(point(i));
    std::size_t more = i + 1;
    if (named && ones >= 0 && (pass(more, words_.fen) || ends_at(more))) {
      number.fen += ones;
      i = more;
    }
  }

  bool begins_range(std::size_t i) const {
    if (point(i) == U' ') ++i;
    if (!pass(i, words_.range)) return false;
    if (point(i) == U' ') ++i;
    return is_numeral(point(i));
  }

  std::optional<Amount> next() {
    std::size_t i = at_;
    Number number = this->number(i);
    Amount amount;
    amount.from = number.from;
    bool counted = false;
    int parts = 1;
    for (bool again = true; again;) {
      again = false;
      if (pass(i, words_.vague_after)) number.fault = Fault::unclear;
      const std::size_t before_unit = i;
      std::size_t unit = i;
      if (point(unit) == U' ') ++unit;
      std::size_t jiao = i;
      if (pass(jiao, words_.jiao) && ends_at(jiao)) {  // 5毛, and not 5毛巾
        number.fen /= 10;
        amount.has_unit = true;
        i = jiao;
      } else if (pass(unit, words_.money_units)) {
        const bool pieces = number.fen < pieces_max * 100 && unit == before_unit + 1 &&
                            is_han(point(unit)) && digit_value(point(unit)) < 0 &&
                            number.fault == Fault::none &&
                            begins_with(low_.substr(byte(before_unit)), words_.pieces) > 0;
        counted = pieces;
        amount.has_unit = !pieces;
        i = unit;
        if (!pieces) take_small(number, i);
      } else {
        counted = begins_with(low_.substr(byte(i)), words_.counters) > 0;
      }
      if (pass(i, words_.vague_after)) number.fault = Fault::unclear;
      if (begins_range(i)) {
        if (point(i) == U' ') ++i;
        pass(i, words_.range);
        if (point(i) == U' ') ++i;
        this->number(i);
        number.fault = Fault::unclear;
        again = ++parts > 0;
      }
    }
    const std::string_view before = low_.substr(0, number.from);
    at_ = i;
    amount.to = byte(i);
    amount.fen = number.fen;
    amount.fault = number.fault;
    look_before(before, amount);
    if (counted && !amount.has_unit) return std::nullopt;
    if (parts > 2 && !amount.has_unit) return std::nullopt;  // 3-2-501
    const bool whole_text = number.from == 0 && number.to == low_.size();
    const bool bare_words = !number.figures && !amount.has_unit;
    if (bare_words && !whole_text && !(number.is_large && ends_at(i))) return std::nullopt;
    if (amount.fault == Fault::none) {
      if (amount.fen > words_.amount_fen_max) amount.fault = Fault::too_large;
      if (amount.fen == 0) amount.fault = Fault::zero;
    }
    return amount;
  }

  // A sign of money, words of an estimate, a minus: "¥80", "大概80", "负80", "¥-80".
  void look_before(std::string_view before, Amount& amount) const {
    const auto step_over = [&](const std::vector<std::string>& list) {
      std::string_view text = before;
      if (text.ends_with(' ')) text.remove_suffix(1);
      const std::size_t bytes = ends_with(text, list);
      if (bytes == 0) return false;
      before = text.substr(0, text.size() - bytes);
      amount.from = before.size();
      return true;
    };
    amount.has_unit |= step_over(words_.money_signs);
    bool negative = false;
    if (const std::size_t minus = ends_with(before, words_.minus); minus > 0) {
      before.remove_suffix(minus);
      amount.from = before.size();
      // "-80" is a number below zero; in "龙头-80" it is a dash.
      negative = minus > 1 || before.empty() || before.ends_with(' ');
      if (step_over(words_.money_signs)) amount.has_unit = negative = true;
    }
    if (step_over(words_.vague_before) && amount.fault == Fault::none) {
      amount.fault = Fault::unclear;
    }
    if (negative) amount.fault = Fault::negative;
  }

  const std::string_view low_;
  const DeskWords& words_;
  const std::vector<Letter> letters_;
  std::size_t at_ = 0;
};

// The first of the best: with a unit rather than without.
const Amount* best_of(const std::vector<Amount>& all) {
  const auto with_unit = std::ranges::find_if(all, &Amount::has_unit);
  if (with_unit != all.end()) return &*with_unit;
  return all.empty() ? nullptr : &all.front();
}

}  // namespace

std::vector<Amount> find_amounts(std::string_view low, const DeskWords& words) {
  return Finder(low, words).all();
}

std::optional<Amount> find_amount(std::string_view low, const DeskWords& words) {
  const auto all = find_amounts(low, words);
  const Amount* best = best_of(all);
  if (best == nullptr) return std::nullopt;
  Amount amount = *best;
  const auto as_good = std::ranges::count_if(
      all, [&](const Amount& one) { return one.has_unit == amount.has_unit; });
  if (as_good > 1 && amount.fault == Fault::none) amount.fault = Fault::several;
  return amount;
}

std::vector<Charge> read_charges(std::string_view text, const DeskWords& words) {
  std::vector<Charge> charges;
  const Line line(text, words);
  const std::string_view low = line.low();
  auto all = find_amounts(low, words);
  const Amount* best = best_of(all);
  if (best == nullptr) return charges;
  const bool units = best->has_unit;
  std::size_t at = 0;
  bool unclear = false;
  for (Amount& amount : all) {
    if (amount.has_unit != units) {
      // "换龙头80，角阀30元": the 80 is no part of a name.
      unclear = unclear || amount.to == low.size() || marks_at(low.substr(amount.to)) > 0;
      continue;
    }
    std::size_t end = amount.from;
    while (end > at && (low[end - 1] == ' ' || low[end - 1] == ',' || low[end - 1] == ':')) --end;
    if (unclear && amount.fault == Fault::none) amount.fault = Fault::several;
    charges.push_back({line.as_written(at, end), amount});
    at = amount.to + marks_at(low.substr(amount.to));
  }
  if (unclear && charges.back().amount.fault == Fault::none) {
    charges.back().amount.fault = Fault::several;
  }
  // What stands behind the only amount is what it is for: "80元 换龙头".
  if (charges.size() == 1 && charges.front().item.empty() && at < low.size()) {
    charges.front().item = line.as_written(at);
  }
  return charges;
}

bool has_leftover_money(std::string_view low, std::string_view name, const DeskWords& words) {
  for (const auto& letter : letters_of(low)) {
    const std::string_view written = low.substr(letter.from, letter.to - letter.from);
    if (is_numeral(letter.point) && name.find(written) == std::string_view::npos) return true;
  }
  for (const auto* list : {&words.minus, &words.money_units, &words.money_signs, &words.jiao}) {
    for (const auto& word : *list) {
      if (low.find(word) != std::string_view::npos && name.find(word) == std::string_view::npos) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace huiyin::desk
