#include "bot/understand/time_grammar.h"

#include "bot/understand/time_reader.h"

namespace huiyin {

namespace {

bool has_open_day(const TimeReader::Expression& expression) {
  const MomentSaid& said = expression.first;
  return !expression.ranged && expression.bound == Bound::exactly && said.clock &&
         said.clock->half == ClockSaid::bare && said.part < 0 && said.day.kind == DaySaid::none &&
         !said.shift_minutes && !said.now;
}

}  // namespace

void find_times(const Normalized& text, const std::vector<WordHit>& hits, const Words& words,
                const std::vector<std::uint8_t>& taken, const ParseContext& context,
                std::vector<TimeFound>& found) {
  thread_local std::vector<std::int32_t> word_at;
  word_at.assign(static_cast<std::size_t>(text.size()), -1);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (hits[i].kind == WordKind::time) word_at[hits[i].start] = static_cast<std::int32_t>(i);
  }
  TimeReader reader(text, hits, words, taken, word_at);
  std::optional<TimeResolver> resolver;
  TimeReader::Expression expression;
  for (int p = 0; p < text.size();) {
    if (int end = reader.ignored_until(p); end > 0) {
      p = end;
      continue;
    }
    if (!reader.may_start(p) || !reader.read(p, expression) || expression.end <= p) {
      ++p;
      continue;
    }
    if (!expression.recurring && !reader.is_no_time(expression)) {
      if (!resolver) resolver.emplace(context, words);
      if (reader.is_change(expression)) {
        if (auto first = resolver->resolve(expression.first, nullptr, Bound::exactly)) {
          found.push_back({expression.start, expression.first_end, *first, false});
        }
        expression.start = expression.second_start;
        expression.first = expression.second;
        expression.ranged = false;
      }
      std::optional<TimeRange> range = resolver->resolve(
          expression.first, expression.ranged ? &expression.second : nullptr, expression.bound);
      if (range) {
        found.push_back({expression.start, expression.end, *range, has_open_day(expression)});
      }
    }
    p = expression.end;
  }
}

}  // namespace huiyin
