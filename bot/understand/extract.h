// Entities of one canonical text. Each extractor claims the characters it used, so that 3-2-501 is
// no date and a phone number no room.
#pragma once
#include <re2/re2.h>

#include <string>
#include <vector>

#include "bot/understand/time_grammar.h"
#include "bot/understand/words.h"

namespace huiyin {

enum class EntityKind : std::uint8_t {
  unit,
  phone,
  person,
  time,
  rating,
  order,
  amount,
  item,
  place,
  form
};
std::string_view to_string(EntityKind kind);

struct Found {
  EntityKind kind;
  int start, end;     // characters of the canonical text
  std::string value;  // of all kinds but time, rating, amount; empty: as said
  // Rating, amount; of a place 1 when it is public, and behind things() when numbers alone tell it;
  // of a form 1 by its thing alone.
  std::int64_t number = 0;
  TimeRange time;
  bool open_day = false;  // time: an hour of no day in particular
};

// What the word lists say of danger (lexicon/emergency.json): nothing, words of danger beside words
// of doubt ("昨天着火那次"), or words of danger alone. The classifier weighs it.
enum class Alarm : std::uint8_t { none, doubtful, plain };

// What a message is about decides which things and places in it count.
enum class ThingUse : std::uint8_t {
  none,    // no report: complaints, praise, fees …
  price,   // "what does a new tap cost": only what is to be repaired
  order,   // speaks of a report or answers a question
  home,    // a repair in the home
  shared,  // a fault in the common parts
  danger,  // an emergency
};

// What one message needs while it is read; reused, so that a warm thread allocates little.
struct Scratch {
  std::string_view original;  // the text as it came, borrowed for one message
  Normalized text;
  std::vector<WordHit> hits;
  std::vector<std::uint8_t> taken;
  std::vector<TimeFound> times;
  std::vector<Found> found;
  Alarm alarm = Alarm::none;

  bool is_free(int start, int end) const;
  void claim(int start, int end);
};

// Immutable; any number of threads, each with its own Scratch.
class Extractor {
 public:
  explicit Extractor(const Words& words);
  // Reads scratch.text; fills scratch.hits and scratch.found (by start).
  void extract(Scratch& scratch, const ParseContext& context) const;
  // Of the items and places that extract() found keeps what is broken and where, each as said.
  void things(Scratch& scratch, ThingUse use) const;

 private:
  void orders(Scratch& scratch) const;
  void phones(Scratch& scratch) const;
  void units(Scratch& scratch) const;
  void hyphen_units(Scratch& scratch) const;
  void english_units(Scratch& scratch) const;
  void amounts(Scratch& scratch) const;
  void bare_amounts(Scratch& scratch) const;
  void ratings(Scratch& scratch) const;
  void people(Scratch& scratch) const;
  void dotted_people(Scratch& scratch) const;
  void name_before(Scratch& scratch, int cue) const;
  void english_people(Scratch& scratch) const;
  void catalogue(Scratch& scratch) const;

  const Words& words_;
  re2::RE2 order_, phone_, phone_words_, unit_, floor_room_, hyphen_unit_, english_part_,
      english_floor_, english_bare_, amount_sign_, amount_, amount_small_, amount_bare_,
      stars_word_, points_, out_of_five_, english_rate_;
};

// Where a match of RE2 lies, in characters.
struct Span {
  int start, end;
};
Span span_of(const Normalized& text, const re2::StringPiece& match);

}  // namespace huiyin
