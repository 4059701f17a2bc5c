#include "bot/talk/answer_text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "bot/talk/substance.h"
#include "bot/understand/numeral.h"
#include "store/base/text.h"

namespace huiyin {

std::string last_room(std::string_view text, const TalkWords& words) {
  std::string found;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] < '0' || text[at] > '9') {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    if ((end - at == 3 || end - at == 4) && !words.negate(text.substr(0, at))) {
      found = text.substr(at, end - at);
    }
    at = end;
  }
  return found;
}

std::string building_id(std::string_view said) {
  std::string id;
  std::u32string number;
  const auto close = [&] {
    if (!number.empty()) (id += id.empty() ? "" : "-") += number_label(number);
    number.clear();
  };
  const auto* data = reinterpret_cast<const std::uint8_t*>(said.data());
  for (std::int32_t at = 0, size = static_cast<std::int32_t>(said.size()); at < size;) {
    UChar32 c;
    U8_NEXT(data, at, size, c);
    const bool numeral = c > 0 && (digit_value(static_cast<char32_t>(c)) >= 0 || c == 0x5341);
    if (numeral) {
      number += static_cast<char32_t>(c);
      continue;
    }
    close();
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (letter && id.empty() && at == 1 && (size == 1 || !u_isalpha(data[1]) || data[1] >= 0x80)) {
      id = static_cast<char>(u_toupper(c));
    }
  }
  close();
  return id;
}

std::string capitalised_part(std::string_view text) {
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(",+0123456789", at), text.size());
    const std::string part(trim(text.substr(at, end - at)));
    // "Block A 1502": beside digits a single letter is no name.
    const bool comma = end == text.size() || text[end] == ',';
    const bool letter = part.size() >= 2 && part[part.size() - 2] == ' ';
    if (is_capitalised(part) && (comma || !letter)) return part;
    at = end + 1;
  }
  return {};
}

bool is_torn(std::string_view text, int start, const TalkWords& words) {
  const auto offsets = byte_offsets(text);
  if (start < 0 || static_cast<std::size_t>(start) >= offsets.size()) return false;
  const std::string_view before = text.substr(0, offsets[static_cast<std::size_t>(start)]);
  return std::any_of(words.months.begin(), words.months.end(), [&](const std::string& word) {
    if (!before.ends_with(word) || before.size() == word.size()) return false;
    const char last = before[before.size() - word.size() - 1];
    return last >= '0' && last <= '9';
  });
}

bool is_offered_contact(const SlotSpec& slot) {
  return slot.type == "phone" && !slot.required && slot.prefill == "proven_phone";
}

bool ends_form(const SlotSpec& slot) {
  return std::any_of(slot.choices.begin(), slot.choices.end(),
                     [](const Choice& choice) { return !choice.ends.empty(); });
}

SpanOfDays days_of(const TimeRange& told) {
  constexpr auto day = std::chrono::hours(24);
  const bool many = told.grain == "day" && told.to && *told.to > told.from + day;
  if (!many) return {told, told};
  return {{told.from, told.from + day, told.grain}, {*told.to - day, told.to, told.grain}};
}

}  // namespace huiyin
