// Short answers and alarms, read by word lists rather than by the classifier.
#pragma once
#include <optional>
#include <vector>

#include "bot/understand/extract.h"
#include "bot/understand/words.h"

namespace huiyin {

// One clause of a message; characters of the canonical text.
struct Clause {
  int start, end;
  bool further = false;  // begins with 另外, also, …: a further matter
};

// Split at 。；！？ and before connectors; with `commas` at commas, too.
void split_clauses(const Scratch& scratch, bool commas, std::vector<Clause>& clauses);
// Splits them further where behind a comma or a blank another thing is told with 也:
// "水龙头漏水，楼道灯也坏了".
void split_before_also(const Scratch& scratch, const Words& words, std::vector<Clause>& clauses);
// Whether the pattern is found in the clause.
bool says(const Scratch& scratch, const Clause& clause, const re2::RE2& pattern);

// "好的", "不用了，谢谢", "no thanks"; none when the message does not answer.
std::optional<bool> yes_no(const Normalized& text, const Words& words);
// The intent of a message that is one fixed phrase (你好, 退订, 好的, "cancel"); empty for all
// else.
std::string_view fixed_meaning(const Normalized& text, const Words& words);
// 1..5 when the message rates: "4", "五星", "非常满意".
std::optional<int> bare_rating(const Scratch& scratch, const Words& words);
// What the word lists say of danger in the characters start..end: to life or limb, or damage that
// grows by the minute, told as happening now; not what if, not last year, not the smoke detector's
// battery.
Alarm alarm_in(const Scratch& scratch, const Words& words, int start, int end);

}  // namespace huiyin
