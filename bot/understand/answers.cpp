#include "bot/understand/answers.h"

#include <algorithm>

namespace huiyin {
namespace {

constexpr std::size_t answer_chars_max = 24, phrase_message_chars_max = 16;

bool is_mark(char32_t c) {
  if (is_han(c) || is_word_letter(c) || c == U'\'') return false;
  return c < 0x1F000 && c != 0x2B50 && c != 0x2605;  // emoji answer, too
}

bool ends_clause(const Normalized& text, int at) {
  switch (text.points[static_cast<std::size_t>(at)]) {
    case U'。':
    case U';':
    case U'!':
    case U'?':
    case U'~':
      return true;
    case U'.':
      return text.at(at + 1) == U' ' || text.at(at + 1) == 0;
    default:
      return false;
  }
}

std::u32string_view stripped(std::u32string_view said) {
  while (!said.empty() && is_mark(said.back())) said.remove_suffix(1);
  while (!said.empty() && is_mark(said.front())) said.remove_prefix(1);
  return said;
}

std::u32string_view first_part(std::u32string_view said, bool at_spaces) {
  for (std::size_t i = 0; i < said.size(); ++i) {
    char32_t c = said[i];
    if (c == U',' || c == U'。' || c == U'!' || c == U';' || c == U'?' || c == U'~' || c == U'、' ||
        (c == U'.' && i + 1 < said.size()) || (at_spaces && c == U' ')) {
      return said.substr(0, i);
    }
  }
  return said;
}

// Offers the message to `known`, then without repeated letters, thanks and particles, until it is
// known: 好好好, 不用了谢谢, 可以的呀.
template <class F>
bool each_shortening(std::u32string_view said, const Words& words, F&& known) {
  said = stripped(said);
  for (int round = 0; round < 4 && !said.empty(); ++round) {
    if (said.size() > answer_chars_max) return false;
    if (known(std::u32string(said))) return true;
    if (said.find_first_not_of(said[0]) == std::u32string_view::npos && said.size() > 1) {
      said = said.substr(0, 1);
      continue;
    }
    bool shorter = false;
    for (const std::u32string& word : words.softeners) {
      if (said.size() > word.size() && said.substr(said.size() - word.size()) == word) {
        said = stripped(said.substr(0, said.size() - word.size()));
        shorter = true;
        break;
      }
    }
    if (!shorter && said.size() > 1 && said.back() >= 0x1F000) {  // 好的👌
      said.remove_suffix(1);
      said = stripped(said);
      shorter = true;
    }
    if (!shorter && said.size() > 1 && words.particles.find(said.back()) != std::u32string::npos) {
      said.remove_suffix(1);
      shorter = true;
    }
    if (!shorter) break;
  }
  return false;
}

std::optional<bool> look_up(std::u32string_view said, const Words& words) {
  std::optional<bool> answer;
  each_shortening(said, words, [&](const std::u32string& word) {
    auto found = words.yes_no.find(word);
    if (found != words.yes_no.end()) answer = found->second;
    return answer.has_value();
  });
  return answer;
}

// "好的好的", "行行行": what is said over and over, once.
std::u32string_view said_once(std::u32string_view said) {
  for (std::size_t size = 1; size * 2 <= said.size(); ++size) {
    if (said.size() % size == 0 && said.substr(size) == said.substr(0, said.size() - size)) {
      return said.substr(0, size);
    }
  }
  return said;
}

}  // namespace

void split_clauses(const Scratch& scratch, bool commas, std::vector<Clause>& clauses) {
  clauses.clear();
  const Normalized& text = scratch.text;
  Clause open{0, 0, false};
  std::size_t hit = 0;
  for (int at = 0; at < text.size(); ++at) {
    while (hit < scratch.hits.size() && scratch.hits[hit].start < at) ++hit;
    bool connector = false;
    for (std::size_t i = hit; i < scratch.hits.size() && scratch.hits[i].start == at; ++i) {
      connector |= scratch.hits[i].kind == WordKind::connector;
    }
    const bool mark = ends_clause(text, at) || (commas && text.points[at] == U',');
    if (!mark && !connector) continue;
    if (at > open.start) clauses.push_back({open.start, at, open.further});
    open = {mark ? at + 1 : at, 0, connector};
  }
  if (text.size() > open.start) clauses.push_back({open.start, text.size(), open.further});
}

bool says(const Scratch& scratch, const Clause& clause, const re2::RE2& pattern) {
  return re2::RE2::PartialMatch(re2::StringPiece(scratch.text.slice(clause.start, clause.end)),
                                pattern);
}

void split_before_also(const Scratch& scratch, const Words& words, std::vector<Clause>& clauses) {
  const auto is_item = [](const Found& found) { return found.kind == EntityKind::item; };
  if (std::count_if(scratch.found.begin(), scratch.found.end(), is_item) == 0) return;
  if (clauses.empty() || !says(scratch, {0, scratch.text.size()}, *words.also)) return;
  thread_local std::vector<Clause> parts;
  parts.clear();
  for (Clause clause : clauses) {
    for (int at = clause.start + 1; at + 1 < clause.end; ++at) {
      const char32_t mark = scratch.text.at(at);
      if (mark != U',' && !(mark == U' ' && is_han(scratch.text.at(at + 1)))) continue;
      int end = at + 1;
      while (end < clause.end && scratch.text.at(end) != U',') ++end;
      const bool another =
          std::any_of(scratch.found.begin(), scratch.found.end(),
                      [&](const Found& found) {
                        return is_item(found) && found.start > at && found.end <= end;
                      }) &&
          says(scratch, {at + 1, end}, *words.also);
      if (!another) continue;
      parts.push_back({clause.start, at, clause.further});
      clause = {at + 1, clause.end, false};
    }
    parts.push_back(clause);
  }
  clauses.swap(parts);
}

std::optional<bool> yes_no(const Normalized& text, const Words& words) {
  std::u32string_view said(text.points.data(), std::min<std::size_t>(text.points.size(), 64));
  if (text.points.size() <= 64) {
    if (std::optional<bool> answer = look_up(said, words)) return answer;
    const auto once = said_once(stripped(said));
    if (once.size() < said.size()) {
      if (std::optional<bool> answer = look_up(once, words)) return answer;
    }
  }
  said = stripped(said);
  std::u32string_view part = first_part(said, false);
  if (part.size() == said.size() && text.points.size() > 64) return std::nullopt;
  if (std::optional<bool> answer = look_up(part, words)) return answer;
  if (text.language == Language::en) {
    // "yes please come tomorrow"
    part = first_part(said, true);
    if (part == U"yes" || part == U"no" || part == U"ok" || part == U"okay" || part == U"yeah") {
      return look_up(part, words);
    }
    return std::nullopt;
  }
  return look_up(first_part(said, true), words);
}

std::string_view fixed_meaning(const Normalized& text, const Words& words) {
  if (text.points.size() > 64) return {};
  std::string_view intent;
  each_shortening(
      std::u32string_view(text.points.data(), text.points.size()), words,
      [&](const std::u32string& word) {
        if (auto found = words.whole_messages.find(word); found != words.whole_messages.end()) {
          intent = found->second;
        } else if (auto answer = words.yes_no.find(word); answer != words.yes_no.end()) {
          intent = answer->second ? "affirm" : "deny";
        }
        return !intent.empty();
      });
  return intent;
}

std::optional<int> bare_rating(const Scratch& scratch, const Words& words) {
  const Normalized& text = scratch.text;
  for (const Found& found : scratch.found) {
    if (found.kind == EntityKind::rating) return static_cast<int>(found.number);
  }
  std::u32string_view said(text.points.data(), text.points.size());
  if (said.size() > 64) return std::nullopt;
  said = stripped(said);
  if (said.size() == 1) {
    static constexpr std::u32string_view chinese = U"一二三四五";
    if (said[0] >= U'1' && said[0] <= U'5') return static_cast<int>(said[0] - U'0');
    if (auto at = chinese.find(said[0]); at != std::u32string_view::npos) {
      return static_cast<int>(at) + 1;
    }
  }
  if (auto found = words.ratings.find(std::u32string(said)); found != words.ratings.end()) {
    return found->second;
  }
  if (said.size() > phrase_message_chars_max && text.language != Language::en) return std::nullopt;
  for (const auto& [phrase, stars] : words.rating_phrases) {
    if (!is_han(phrase[0]) && phrase.find(U' ') == std::u32string::npos) continue;
    if (said.find(phrase) != std::u32string_view::npos) return stars;
  }
  return std::nullopt;
}

Alarm alarm_in(const Scratch& scratch, const Words& words, int start, int end) {
  const Normalized& text = scratch.text;
  const auto said = [&](int from, int to) { return re2::StringPiece(text.slice(from, to)); };
  if (!re2::RE2::PartialMatch(said(start, end), *words.alarm)) return Alarm::none;
  thread_local std::vector<Clause> clauses;
  split_clauses(scratch, true, clauses);
  bool doubt_before = false;
  for (const Clause& whole : clauses) {
    const Clause clause{std::max(whole.start, start), std::min(whole.end, end)};
    if (clause.start >= clause.end) continue;
    const auto words_of_clause = said(clause.start, clause.end);
    const bool alarm = re2::RE2::PartialMatch(words_of_clause, *words.alarm);
    const bool doubt = re2::RE2::PartialMatch(words_of_clause, *words.alarm_unless);
    if (alarm && re2::RE2::PartialMatch(words_of_clause, *words.alarm_certain)) {
      return Alarm::plain;
    }
    if (alarm && !doubt && !doubt_before) return Alarm::plain;
    doubt_before = doubt && !alarm;
  }
  return Alarm::doubtful;
}

}  // namespace huiyin
