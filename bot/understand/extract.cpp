#include "bot/understand/extract.h"

#include "bot/understand/answers.h"

#include <algorithm>

#include "bot/understand/numeral.h"

namespace huiyin {
namespace {

// Pieces of the patterns. CN: Chinese numerals; SEP: what may stand between the parts of an
// address.
#define CN "[零〇一二两三四五六七八九十百幺]"
#define SEP "[ \\-,、的第]{0,2}"

constexpr const char* unit_pattern = "([a-z][0-9]{1,2}|[0-9]{1,2}[a-z]|[a-z]|[0-9]{1,3}|" CN
                                     "{1,4}) ?"
                                     "(号楼|号栋|号座|栋楼|栋|幢|座|#楼|#栋|#|号)" SEP
                                     "(?:([0-9]{1,2}|[a-z]|" CN "{1,3}) ?(单元|门洞|门|梯|-)" SEP
                                     ")?"
                                     "(?:([0-9]{1,2}|" CN "{1,3}) ?(?:楼|层|f)" SEP
                                     ")?"
                                     "([0-9]{1,4} ?[a-z]|[0-9]{1,4}|" CN
                                     "{2,5}|[a-z][0-9]{0,2}) ?"
                                     "(室|号房|房间|房|号|户)?";

constexpr const char* amount_pattern =
    "([0-9][0-9,]*(?:\\.[0-9]{1,2})?|[零一二两三四五六七八九十百千万]{1,9}) ?(万|千)? ?"
    "(元|块钱|块|圆|yuan|rmb|cny|kuai|蚊)(?: ?([0-9]|[一二两三四五六七八九])(?: ?(毛|角))?"
    "(?:([0-9]|[一二两三四五六七八九])分)?)?";

re2::RE2::Options quiet() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  return options;
}

}  // namespace

std::string_view to_string(EntityKind kind) {
  static_assert(static_cast<std::size_t>(EntityKind::form) + 1 == entity_kinds.size());
  return entity_kinds[static_cast<std::size_t>(kind)];
}

Span span_of(const Normalized& text, const re2::StringPiece& match) {
  auto start = static_cast<std::size_t>(match.data() - text.text.data());
  Span span{static_cast<int>(text.char_at[start]),
            static_cast<int>(text.char_at[start + match.size()])};
  while (span.end > span.start && text.points[span.end - 1] == U' ') --span.end;
  return span;
}

bool Scratch::is_free(int start, int end) const {
  for (int i = start; i < end; ++i) {
    if (taken[i]) return false;
  }
  return true;
}
void Scratch::claim(int start, int end) {
  std::fill(taken.begin() + start, taken.begin() + end, 1);
}

Extractor::Extractor(const Words& words)
    : words_(words),
      order_("(wx|gg|ts|gz) ?-? ?([0-9]{8}) ?-? ?([0-9]{4,8})", quiet()),
      // Chinese mobiles, landlines, service numbers and anything international.
      phone_(
          "((?:\\+|00)? ?86[ -]?)?1 ?-?[3-9](?:[ -]?[0-9]){9}"
          "|\\(0[0-9]{2,3}\\)[ -]?[0-9]{3,4}[ -]?[0-9]{4}"
          "|(?:(?:\\+|00) ?86[ -]?)?0?[1-9][0-9]{1,2}[ -][0-9]{3,4}[ -]?[0-9]{4}"
          "|0[0-9]{2,3}[ -]?[0-9]{3,4}[ -]?[0-9]{4}"
          "|[48]00[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}"
          "|\\+ ?[1-9](?:[ ()-]{0,2}[0-9]){6,14}",
          quiet()),
      phone_words_("[一幺](?:[ -]?[零〇一二两三四五六七八九幺]){10}", quiet()),
      unit_(unit_pattern, quiet()),
      floor_room_("([0-9]{1,2}|" CN "{1,3}) ?[楼层] ?([0-9]{2}|[a-z]) ?(室|房|号房)?", quiet()),
      hyphen_unit_(
          "([0-9]{1,3}|[a-z][0-9]{0,2}) ?[-/] ?(?:([0-9]{1,2}|[a-z]) ?[-/] ?)?"
          "([0-9]{3,4}[a-z]?|[0-9]{2}[a-z]) ?(室|号房|房)?",
          quiet()),
      english_part_(
          "(?:(building|bldg|block|blk|tower)|(unit|entrance)|"
          "(flat|room|rm|apt|apartment|suite)|(floor|level))"
          "\\.? ?(?:no\\.? ?|number |# ?)?([a-z]?[0-9]{1,4}[a-z]?|[a-z])\\b",
          quiet()),
      english_floor_("([0-9]{1,2})(?:(?:st|nd|rd|th)? floor| ?/ ?f|/f)\\b", quiet()),
      english_bare_("[ ,#-]{1,3}([0-9]{3,4}[a-z]?)\\b", quiet()),
      amount_sign_("(?:[¥￥]|rmb|cny) ?([0-9][0-9,]*(?:\\.[0-9]{1,2})?) ?(万)?", quiet()),
      amount_(amount_pattern, quiet()),
      amount_small_("([0-9]|[一二两三四五六七八九]) ?(毛|角)(?:钱)?", quiet()),
      amount_bare_("([一二两三四五六七八九])(百|千|万)([一二三四五六七八九])?|[1-9][0-9]{1,4}",
                   quiet()),
      stars_word_("([1-5]|[一二两三四五]|one|two|three|four|five) ?-? ?(?:颗|个)?(星|stars?\\b)",
                  quiet()),
      points_("([0-9]+|[一二两三四五]|满)分", quiet()),
      out_of_five_("([1-5]|one|two|three|four|five) ?(?:/|out of) ?(?:5|five)\\b", quiet()),
      english_rate_(
          "\\b(?:rate|rated|rating|score|give)(?: (?:it|him|her|you|them|this|that|of|is|"
          "a|an|the|service|repair|worker|my|would|be))*:? ([1-5]|one|two|three|four|five)\\b",
          quiet()) {}

void Extractor::extract(Scratch& scratch, const ParseContext& context) const {
  const Normalized& text = scratch.text;
  scratch.hits.clear();
  scratch.found.clear();
  scratch.times.clear();
  scratch.taken.assign(static_cast<std::size_t>(text.size()), 0);
  words_.lexicon.find_all(text, scratch.hits);

  if (text.has_digit) orders(scratch);
  if (text.has_digit || text.has_numeral) phones(scratch);
  if (text.has_digit || text.has_numeral) units(scratch);
  if (text.has_digit) hyphen_units(scratch);
  if (text.has_latin) english_units(scratch);
  if (text.has_digit || text.has_numeral) amounts(scratch);
  find_times(text, scratch.hits, words_, scratch.taken, context, scratch.times);
  for (TimeFound& time : scratch.times) {
    scratch.claim(time.start, time.end);
    scratch.found.push_back(
        {EntityKind::time, time.start, time.end, {}, 0, std::move(time.range), time.open_day});
  }
  ratings(scratch);
  people(scratch);
  if (text.has_latin) english_people(scratch);
  catalogue(scratch);
  scratch.alarm = alarm_in(scratch, words_, 0, text.size());
  std::stable_sort(scratch.found.begin(), scratch.found.end(),
                   [](const Found& a, const Found& b) { return a.start < b.start; });
}

// Left to right, the longest of each kind; a thing inside a longer place is no thing (电梯 in
// 电梯厅).
void Extractor::catalogue(Scratch& scratch) const {
  int item_end = 0, place_end = 0, form_start = 0, form_end = 0;
  for (const WordHit& hit : scratch.hits) {
    if (hit.kind == WordKind::item) {
      if (hit.start < item_end || !scratch.is_free(hit.start, hit.end)) continue;
      bool inside = false;
      for (const WordHit& other : scratch.hits) {
        if (other.start > hit.start) break;
        inside |= other.kind == WordKind::place && other.start <= hit.start &&
                  other.end >= hit.end && other.end - other.start > hit.end - hit.start;
      }
      if (inside) continue;
      item_end = hit.end;
      scratch.found.push_back({EntityKind::item, hit.start, hit.end, {}, 0, {}});
    } else if (hit.kind == WordKind::place) {
      if (hit.start < place_end || !scratch.is_free(hit.start, hit.end)) continue;
      place_end = hit.end;
      scratch.found.push_back({EntityKind::place, hit.start, hit.end, {}, hit.payload, {}});
    } else if (hit.kind == WordKind::form) {
      // A longer name may begin inside a shorter one: 申请(电话过户登记).
      const bool longer = hit.end - hit.start > form_end - form_start;
      if ((hit.start < form_end && !longer) || !scratch.is_free(hit.start, hit.end)) continue;
      form_start = hit.start;
      form_end = hit.end;
      const auto form = static_cast<std::size_t>(hit.payload & ~form_by_thing);
      const int by_thing = (hit.payload & form_by_thing) != 0 ? 1 : 0;
      scratch.found.push_back(
          {EntityKind::form, hit.start, hit.end, words_.form_ids[form], by_thing, {}});
    }
  }
}

}  // namespace huiyin
