// Words → intent and entities. Pure: text, clock and model in, Understanding out; no lock, no I/O
// after loading, safe from any number of threads. Serves `POST /model/parse` and every turn.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/base/json.h"
#include "store/base/time.h"
#include "store/base/unit_id.h"

namespace huiyin {

enum class Language { zh_hans, zh_hant, en };
std::string_view to_string(Language language);  // "zh-Hans", "zh-Hant", "en"
Language language_of(std::string_view tag);     // the reverse; zh_hans for anything unknown

// The intents of the contract, in its order.
enum class Intent {
  greet,
  goodbye,
  thank,
  affirm,
  deny,
  report_repair,
  report_public_fault,
  report_emergency,
  file_complaint,
  make_suggestion,
  give_praise,
  ask_fee,
  dispute_fee,
  request_deferral,
  report_payment,
  ask_status,
  urge,
  cancel,
  reschedule,
  rate,
  ask_human,
  update_contact,
  request_form,
  ask_info,
  help,
  opt_out,
  opt_in,
  inform,
  out_of_scope,
};
std::string_view to_string(Intent intent);
std::optional<Intent> intent_of(std::string_view name);
inline constexpr int intent_count = 29;

struct TimeRange {
  Instant from;
  std::optional<Instant> to;  // exclusive; none for an exact minute and for "after three"
  std::string grain;          // minute daypart day week month
  friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

// The kinds of entities, as the contract names them and extract.h numbers them.
inline constexpr std::array<std::string_view, 10> entity_kinds = {
    "unit", "phone", "person", "time", "rating", "order", "amount", "item", "place", "form"};

// One thing that was said. `start`/`end` count Unicode code points of the text as it came.
struct Entity {
  std::string kind;  // unit phone person time rating order amount item place form
  Json value;        // canonical value of the contract
  int start = 0;
  int end = 0;
  std::string text;  // as said
  std::string extractor;
  bool open_day = false;  // time: an hour of no day in particular; the value is its next reading
};

// Where a message tells one of several matters: from its first clause to where the next one begins,
// in code points of the text as it came.
struct ToldMatter {
  Intent intent;
  int start = 0, end = 0;
  double confidence = 0;
};

struct Understanding {
  std::string text;  // as it came
  std::string
      plain;  // folded: small letters, half width, Simplified, nothing invisible; for word lists
  Language language = Language::zh_hans;
  Intent intent = Intent::out_of_scope;
  double confidence = 0;                           // 0..1
  std::vector<std::pair<Intent, double>> ranking;  // best first, all intents
  bool close = false;            // the runner-up is within the margin: worth a clarifying question
  std::vector<Entity> entities;  // by start
  // Several matters in one message: the further intents after `intent`, in the order told.
  std::vector<Intent> further;
  std::vector<ToldMatter> told;  // where each matter of several is told, `intent` among them
  // The best reading of the message as an answer to a question just asked, independent of the
  // classifier: words of yes/no ("好的", "不用了", "no thanks"), 1..5 when a rating was asked.
  std::optional<bool> yes_no;
  std::optional<int> bare_rating;

  const Entity* first(std::string_view kind) const;
};

// rfc3339 strings of the zone ↔ the `time` value of the contract.
Json to_json(const TimeRange& range, const Zone& zone);
std::optional<TimeRange> time_range(const Json& value);

// What may differ between estates and with the moment. Borrowed for the call only.
struct ParseContext {
  Instant now;
  const Zone* zone = nullptr;
};

class Understander {
 public:
  virtual ~Understander() = default;
  virtual Understanding parse(std::string_view text, const ParseContext& context) const = 0;
};

// Loads the model file and the lexicons (surnames, items and places of the catalogue, register
// names) from the configuration folder. `corrupt`/`not_found` name the file.
Result<std::unique_ptr<Understander>> load_understander(const std::string& config_dir,
                                                        const std::string& model_file);

// The answer of /model/parse in Rasa's shape.
Json to_rasa(const Understanding& understanding);

}  // namespace huiyin
