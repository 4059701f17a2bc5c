// Numbers with a meaning of their own: order numbers, telephones, sums of money, ratings.
#include <algorithm>

#include "bot/understand/extract.h"
#include "bot/understand/numeral.h"
#include "store/base/phone.h"

namespace huiyin {
namespace {

using re2::StringPiece;

// Longer runs of digits are no telephone numbers (card and meter numbers).
constexpr std::size_t phone_chars_max = 24;

std::u32string_view points_of(const Normalized& text, const StringPiece& match) {
  Span span = span_of(text, match);
  return std::u32string_view(text.points.data() + span.start,
                             static_cast<std::size_t>(span.end - span.start));
}

int star_number(const Normalized& text, const StringPiece& match) {
  std::string_view said(match.data(), match.size());
  static constexpr std::string_view english[] = {"one", "two", "three", "four", "five"};
  for (int i = 0; i < 5; ++i) {
    if (said == english[i]) return i + 1;
  }
  if (said == "满") return 5;
  return static_cast<int>(number_value(points_of(text, match)).value_or(0));
}

// "1,200.50" → fen; -1 when it does not fit.
std::int64_t decimal_fen(std::string_view text) {
  std::int64_t fen = 0;
  int decimals = -1, digits = 0;
  for (char c : text) {
    if (c == '.') {
      decimals = 0;
    } else if (c >= '0' && c <= '9') {
      if (++digits > 12) return -1;
      fen = fen * 10 + (c - '0');
      if (decimals >= 0) ++decimals;
    }
  }
  for (int i = std::max(decimals, 0); i < 2; ++i) fen *= 10;
  return fen;
}

std::int64_t said_fen(const Normalized& text, const StringPiece& match) {
  std::string_view said(match.data(), match.size());
  if (said[0] >= '0' && said[0] <= '9') return decimal_fen(said);
  std::optional<long> value = number_value(points_of(text, match));
  return value ? *value * 100 : -1;
}

// Money is spoken of shortly before: 电费咋还有一百八, 扣了我三百.
bool money_before(const Normalized& text, int start) {
  static constexpr std::u32string_view words = U"费扣收交付欠退存涨补罚贵钱价账款";
  for (int at = start - 1; at >= 0 && at >= start - 8; --at) {
    const char32_t c = text.points[at];
    if (!is_han(c) && c != U' ') return false;
    if (words.find(c) != std::u32string_view::npos) return true;
    if ((c == U'转' || c == U'花') && text.at(at + 1) == U'了') return true;
  }
  return false;
}

// A number without its 元 ends here: 收了我三百，, 扣了120吧.
bool number_ends(const Normalized& text, int end) {
  static constexpr std::u32string_view particles = U"了吧吗啊呢呀啦嘅整哦嘛";
  char32_t next = text.at(end);
  if (next == U'多') next = text.at(++end);  // 三百多次 counts
  if (is_word_letter(next) || next == U'-' || next == U'/' || next == U'%' || next == U'#') {
    return false;
  }
  if (next == U'.' || next == U':' || next == U',') return !is_ascii_digit(text.at(end + 1));
  return !is_han(next) || particles.find(next) != std::u32string_view::npos;
}

// 两块玻璃 counts panes: the money word must end what it belongs to.
bool is_money(const Normalized& text, int start, int end, bool chinese_numeral, std::int64_t fen) {
  char32_t next = text.at(end);
  constexpr std::int64_t few_fen = 1000;
  // 翘起来一块, 掉了两块: a few pieces, unless money is spoken of.
  if (chinese_numeral && fen < few_fen && next != U'钱' && start > 0) {
    if (!money_before(text, start)) return false;
  }
  if (chinese_numeral && fen >= few_fen) {
    static constexpr std::u32string_view material = U"玻瓷砖板地木石布钢屏";
    return next == 0 || material.find(next) == std::u32string_view::npos;
  }
  if (!is_han(next)) return true;
  static constexpr std::u32string_view after =
      U"钱了的吧呢啊吗左多以一每是太不就整可都和到还够我给贵费也呀啦已这那为会要有在用交付收行起";
  if (after.find(next) != std::u32string_view::npos) return true;
  return !chinese_numeral;
}

}  // namespace

void Extractor::orders(Scratch& scratch) const {
  const Normalized& text = scratch.text;
  StringPiece g[4];
  std::size_t at = 0;
  while (order_.Match(text.text, at, text.text.size(), re2::RE2::UNANCHORED, g, 4)) {
    Span span = span_of(text, g[0]);
    at = text.byte_at[span.start + 1];
    if (is_word_letter(text.at(span.start - 1)) || is_ascii_digit(text.at(span.end))) continue;
    std::string value = std::string(g[1]) + std::string(g[2]) + "-" + std::string(g[3]);
    value[0] = static_cast<char>(value[0] - 32);
    value[1] = static_cast<char>(value[1] - 32);
    scratch.claim(span.start, span.end);
    scratch.found.push_back({EntityKind::order, span.start, span.end, value, 0, {}});
    at = text.byte_at[span.end];
  }
}

void Extractor::phones(Scratch& scratch) const {
  const Normalized& text = scratch.text;
  auto read = [&](const re2::RE2& pattern, bool words) {
    StringPiece g[1];
    std::size_t at = 0;
    while (pattern.Match(text.text, at, text.text.size(), re2::RE2::UNANCHORED, g, 1)) {
      Span span = span_of(text, g[0]);
      at = text.byte_at[span.start + 1];
      if (is_word_letter(text.at(span.start - 1)) || text.at(span.start - 1) == U'+' ||
          is_word_letter(text.at(span.end)) || !scratch.is_free(span.start, span.end)) {
        continue;
      }
      if (words &&
          (digit_value(text.at(span.start - 1)) >= 0 || digit_value(text.at(span.end)) >= 0)) {
        continue;
      }
      if (g[0].size() > phone_chars_max * (words ? 3 : 1)) continue;
      std::string said;
      if (words) {
        for (char32_t point : points_of(text, g[0])) {
          if (int digit = digit_value(point); digit >= 0)
            said.push_back(static_cast<char>('0' + digit));
        }
      } else {
        said = std::string(g[0]);
      }
      Result<std::string> phone = parse_phone(said);
      if (!phone) continue;
      scratch.claim(span.start, span.end);
      scratch.found.push_back({EntityKind::phone, span.start, span.end, *phone, 0, {}});
      at = text.byte_at[span.end];
    }
  };
  if (text.has_digit) read(phone_, false);
  if (text.has_numeral) read(phone_words_, true);
}

void Extractor::amounts(Scratch& scratch) const {
  const Normalized& text = scratch.text;
  StringPiece g[7];
  auto add = [&](Span span, std::int64_t fen) {
    scratch.claim(span.start, span.end);
    scratch.found.push_back({EntityKind::amount, span.start, span.end, {}, fen, {}});
  };
  std::size_t at = 0;
  while (text.has_digit &&
         amount_sign_.Match(text.text, at, text.text.size(), re2::RE2::UNANCHORED, g, 3)) {
    Span span = span_of(text, g[0]);
    at = text.byte_at[span.start + 1];
    if (!scratch.is_free(span.start, span.end) || is_word_letter(text.at(span.start - 1))) continue;
    std::int64_t fen = decimal_fen(std::string_view(g[1].data(), g[1].size()));
    if (fen < 0) continue;
    if (!g[2].empty()) fen *= 10000;
    int end = span.end;
    if (text.at(end) == U'元') ++end;
    add({span.start, end}, fen);
    at = text.byte_at[end];
  }
  at = 0;
  while (amount_.Match(text.text, at, text.text.size(), re2::RE2::UNANCHORED, g, 7)) {
    Span span = span_of(text, g[0]);
    at = text.byte_at[span.start + 1];
    const bool chinese = !is_ascii_digit(text.at(span.start));
    if (!scratch.is_free(span.start, span.end) || is_word_letter(text.at(span.start - 1)) ||
        text.at(span.start - 1) == U'.' || (chinese && digit_value(text.at(span.start - 1)) >= 0)) {
      continue;
    }
    const bool coin = std::string_view(g[3].data(), g[3].size()) == "块";
    if (is_word_letter(g[3][0]) && is_word_letter(text.at(span_of(text, g[3]).end))) continue;
    std::int64_t fen = said_fen(text, g[1]);
    if (fen < 0 || fen > 100'000'000'000) continue;
    if (!g[2].empty()) fen *= std::string_view(g[2].data(), g[2].size()) == "万" ? 10000 : 1000;
    int end = span_of(text, g[3]).end;
    if (!g[4].empty()) {
      // 80块5 and 80元5角, but not "80元 5个": a digit that stands for jiao ends the sum.
      char32_t next = text.at(span.end);
      const bool named = !g[5].empty() || !g[6].empty();
      static constexpr std::u32string_view counted =
          U"个张楼栋号块扇片根月天折星次斤米度户位人条层间年岁期点时";
      const bool jiao = coin && !is_word_letter(next) &&
                        (next == 0 || counted.find(next) == std::u32string_view::npos);
      if (named || jiao) {
        fen += 10 * number_value(points_of(text, g[4])).value_or(0);
        if (!g[6].empty()) fen += number_value(points_of(text, g[6])).value_or(0);
        end = span.end;
      }
    } else if (coin && !is_money(text, span.start, end, chinese, fen)) {
      continue;
    }
    add({span.start, end}, fen);
    at = text.byte_at[end];
  }
  bare_amounts(scratch);
  at = 0;
  while (amount_small_.Match(text.text, at, text.text.size(), re2::RE2::UNANCHORED, g, 3)) {
    Span span = span_of(text, g[0]);
    at = text.byte_at[span.start + 1];
    static constexpr std::u32string_view other = U"落度色巾毯病坯刺衣毛形铁楼膜质";
    if (!scratch.is_free(span.start, span.end) || digit_value(text.at(span.start - 1)) >= 0 ||
        (text.at(span.end) != 0 && other.find(text.at(span.end)) != std::u32string_view::npos)) {
      continue;
    }
    add(span, 10 * number_value(points_of(text, g[1])).value_or(0));
    at = text.byte_at[span.end];
  }
}

// Sums without a unit of money: 电费咋还有一百八, 收了我三百, 多扣了120.
void Extractor::bare_amounts(Scratch& scratch) const {
  const Normalized& text = scratch.text;
  StringPiece g[4];
  std::size_t at = 0;
  while (amount_bare_.Match(text.text, at, text.text.size(), re2::RE2::UNANCHORED, g, 4)) {
    Span span = span_of(text, g[0]);
    at = text.byte_at[span.end];
    const char32_t before = text.at(span.start - 1);
    if (!scratch.is_free(span.start, span.end) || is_word_letter(before) || before == U'.' ||
        digit_value(before) >= 0 || before == U'第' || !number_ends(text, span.end) ||
        digit_value(text.at(span.end)) >= 0) {
      continue;
    }
    std::int64_t yuan = 0;
    if (is_ascii_digit(text.points[span.start])) {
      static constexpr std::u32string_view paid = U"扣收交付欠退转存花罚我了";
      if (!is_han(before) || paid.find(before) == std::u32string_view::npos) continue;
      yuan = decimal_fen(std::string_view(g[0].data(), g[0].size())) / 100;
    } else {
      const std::string_view unit(g[2].data(), g[2].size());
      const std::int64_t size = unit == "百" ? 100 : unit == "千" ? 1000 : 10000;
      yuan = size * number_value(points_of(text, g[1])).value_or(0);
      if (!g[3].empty()) yuan += size / 10 * number_value(points_of(text, g[3])).value_or(0);
    }
    if (yuan <= 0 || !money_before(text, span.start)) continue;
    scratch.claim(span.start, span.end);
    scratch.found.push_back({EntityKind::amount, span.start, span.end, {}, yuan * 100, {}});
  }
}

void Extractor::ratings(Scratch& scratch) const {
  const Normalized& text = scratch.text;
  auto add = [&](Span span, int stars) {
    if (stars < 1 || stars > 5 || !scratch.is_free(span.start, span.end)) return;
    scratch.claim(span.start, span.end);
    scratch.found.push_back({EntityKind::rating, span.start, span.end, {}, stars, {}});
  };
  for (int i = 0; i < text.size(); ++i) {
    auto is_star = [](char32_t c) { return c == 0x2B50 || c == 0x2605 || c == 0x1F31F; };
    if (!is_star(text.points[i])) continue;
    int start = i, count = 0;
    for (; i < text.size() && (is_star(text.points[i]) || text.points[i] == U' '); ++i) {
      count += is_star(text.points[i]) ? 1 : 0;
    }
    while (text.points[i - 1] == U' ') --i;
    add({start, i}, count);
  }
  if (!text.has_digit && !text.has_numeral && !text.has_latin &&
      text.text.find("满分") == std::string::npos) {
    return;
  }
  StringPiece g[3];
  auto each = [&](const re2::RE2& pattern, auto&& accept) {
    std::size_t at = 0;
    while (pattern.Match(text.text, at, text.text.size(), re2::RE2::UNANCHORED, g,
                         3 <= 1 + pattern.NumberOfCapturingGroups() ? 3 : 2)) {
      Span span = span_of(text, g[0]);
      at = text.byte_at[span.start + 1];
      if (digit_value(text.at(span.start - 1)) >= 0 || text.at(span.start - 1) == U'.') continue;
      if (is_word_letter(text.at(span.start)) && is_word_letter(text.at(span.start - 1))) continue;
      if (accept(span)) {
        add(span, star_number(text, g[1]));
        at = text.byte_at[span.end];
      }
    }
  };
  if (text.text.find("星") != std::string::npos || text.text.find("star") != std::string::npos) {
    each(stars_word_, [&](Span span) {
      static constexpr std::u32string_view brand = U"冰电空手洗平显酒期";
      char32_t next = text.at(span.end);
      return next == 0 || brand.find(next) == std::u32string_view::npos;
    });
  }
  if (text.text.find("分") != std::string::npos) {
    each(points_, [&](Span span) {
      static constexpr std::u32string_view other = U"钟之析开部公歧配别米享类明手期店队摊担子贝成";
      static constexpr std::u32string_view clock = U"点时元角块毛十百第";
      char32_t next = text.at(span.end), before = text.at(span.start - 1);
      if (before == U':' && is_ascii_digit(text.at(span.start - 2))) return false;
      return (next == 0 || other.find(next) == std::u32string_view::npos) &&
             (before == 0 || clock.find(before) == std::u32string_view::npos);
    });
  }
  if (text.language == Language::en) {
    each(out_of_five_, [&](Span) { return true; });
    each(english_rate_, [&](Span) { return true; });
  } else if (text.text.find("/5") != std::string::npos) {
    each(out_of_five_, [&](Span span) { return text.at(span.end) != U'/'; });
  }
}

}  // namespace huiyin
