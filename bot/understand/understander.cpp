// One message read: canonical text, entities, intent, and what else was asked in it.
#include <algorithm>
#include <array>

#include "bot/understand/answers.h"
#include "bot/understand/classifier.h"
#include "bot/understand/extract.h"
#include "bot/understand/features.h"
#include "bot/understand/words.h"

namespace huiyin {
namespace {

// Confidences at which a clause counts as a matter of its own.
constexpr float matter_confidence_min = 0.5F, first_matter_min = 0.9F;
constexpr float rest_is_matter_min = 0.85F, own_report_min = 0.85F;
constexpr float alarm_min = 0.29F;
constexpr float said_confidence = 0.9F;
constexpr double close_margin = 0.2, emergency_confidence = 0.97, fixed_confidence = 0.98;
constexpr std::size_t clauses_max = 12, entities_max = 256;

using Scores = std::array<float, intent_count>;

std::string_view extractor_name(const Found& found) {
  switch (found.kind) {
    case EntityKind::time:
      return "time_grammar";
    case EntityKind::person:
      return "names";
    case EntityKind::phone:
      return "phonenumber";
    case EntityKind::place:
      return found.number != 0 ? "pattern" : "lexicon";  // 11楼, 南边
    case EntityKind::item:
    case EntityKind::form:
      return "lexicon";
    default:
      return "pattern";
  }
}

class ConfiguredUnderstander final : public Understander {
 public:
  ConfiguredUnderstander(std::unique_ptr<Words> words, Classifier classifier)
      : words_(std::move(words)), classifier_(std::move(classifier)), extractor_(*words_) {}

  // Links labels to intents; the name of a label that is none.
  std::optional<std::string> link() {
    for (const std::string& label : classifier_.labels()) {
      std::optional<Intent> intent = intent_of(label);
      if (!intent) return label;
      intents_.push_back(*intent);
    }
    for (const std::string& name : words_->request_intents) {
      std::optional<Intent> intent = intent_of(name);
      if (!intent) return name;
      is_request_[static_cast<std::size_t>(*intent)] = true;
    }
    return std::nullopt;
  }

  Understanding parse(std::string_view text, const ParseContext& context) const override {
    thread_local Scratch scratch;
    scratch.original = text;
    words_->normalizer.normalize(text, scratch.text);
    Understanding out;
    out.text = text;
    out.plain = scratch.text.text;
    out.language = language(scratch.text);
    extractor_.extract(scratch, context);
    out.yes_no = yes_no(scratch.text, *words_);
    out.bare_rating = bare_rating(scratch, *words_);
    const bool sure = decide(scratch, out);
    const bool foreign = sure && out.intent == Intent::out_of_scope;
    extractor_.things(scratch, foreign ? ThingUse::none : thing_use(out));
    entities(scratch, context, out);
    return out;
  }

 private:
  Language language(const Normalized& text) const {
    if (text.language != Language::en || text.points.size() > 8) return text.language;
    std::u32string said(text.points.begin(), text.points.end());
    while (!said.empty() && !is_word_letter(said.back())) said.pop_back();
    while (!said.empty() && !is_word_letter(said.front())) said.erase(0, 1);
    return words_->neutral_words.count(said) > 0 ? Language::zh_hans : text.language;
  }

  // Confidences by intent of the characters start..end.
  enum class Reading { all, without_identity };
  Scores classify(const Scratch& scratch, int start, int end,
                  Reading reading = Reading::all) const {
    thread_local std::vector<char32_t> points;
    thread_local std::vector<float> scores;
    const bool whole = start == 0 && end == scratch.text.size();
    const Alarm alarm = whole || scratch.alarm == Alarm::none
                            ? scratch.alarm
                            : alarm_in(scratch, *words_, start, end);
    masked_points(scratch.text, scratch.found, alarm, start, end, points);
    if (reading == Reading::without_identity) leave_out_identity(points);
    scores.assign(classifier_.labels().size(), 0);
    classifier_.score(points, scores);
    classifier_.confidences(scores);
    Scores result{};
    for (std::size_t i = 0; i < scores.size(); ++i) {
      result[static_cast<std::size_t>(intents_[i])] = scores[i];
    }
    return result;
  }
  static Intent best(const Scores& scores) {
    return static_cast<Intent>(std::max_element(scores.begin(), scores.end()) - scores.begin());
  }
  static float of(const Scores& scores, Intent intent) {
    return scores[static_cast<std::size_t>(intent)];
  }
  bool is_request(Intent intent) const { return is_request_[static_cast<std::size_t>(intent)]; }

  // False where the best intent was not sure enough to be taken.
  bool decide(const Scratch& scratch, Understanding& out) const {
    bool sure = true;
    Scores whole = classify(scratch, 0, scratch.text.size());
    if (std::optional<Intent> fixed = intent_of(fixed_meaning(scratch.text, *words_))) {
      out.intent = *fixed;
      out.confidence = std::max<double>(of(whole, *fixed), fixed_confidence);
      rank(whole, out);
      return sure;
    }
    Intent intent = best(whole);
    float confidence = of(whole, intent);
    std::vector<std::pair<Intent, float>> told = matters(scratch, out);
    const bool alarm = is_emergency(scratch, whole);
    // "3栋2单元502，赵强，138…，不出水": who and where is told by the way, the rest is the matter.
    if (intent == Intent::inform && tells_identity(scratch)) {
      const Scores rest = classify(scratch, 0, scratch.text.size(), Reading::without_identity);
      if (is_request(best(rest)) && of(rest, best(rest)) >= rest_is_matter_min) {
        whole = rest;
        intent = best(rest);
        confidence = of(rest, intent);
      }
    }
    if (!alarm && intent == Intent::report_emergency) {
      withdraw(whole, Intent::report_emergency);
      intent = best(whole);
      confidence = of(whole, intent);
    }
    // To be sent messages is wanted by who says so, and by nobody else (consent).
    if (intent == Intent::opt_in && !says(scratch, all_of(scratch), *words_->subscribes)) {
      withdraw(whole, Intent::opt_in);
      intent = best(whole);
      confidence = of(whole, intent);
    }
    // The first matter told comes first, if it is one beyond doubt: "你们是死人吗" asks nothing.
    // Danger in a clause that the whole takes back ("着火了，骗你的") is none.
    const bool first_holds = !told.empty() && (alarm || told[0].first != Intent::report_emergency);
    if (told.size() >= 2 && first_holds && told[0].second >= first_matter_min) {
      intent = told[0].first;
      confidence = std::max(told[0].second, of(whole, intent));
    }
    const bool of_a_fault = is_report(intent) || intent == Intent::inform;
    if (alarm) {
      intent = Intent::report_emergency;
      confidence = std::max<float>(of(whole, intent), emergency_confidence);
    } else if (of_a_fault && says(scratch, all_of(scratch), *words_->complains)) {
      intent = Intent::file_complaint;
      confidence = std::max<float>(of(whole, intent), said_confidence);
    } else if (confidence < classifier_.threshold()) {
      sure = intent == Intent::out_of_scope;
      intent = Intent::out_of_scope;
      confidence = 1 - confidence;
    }
    for (const auto& [matter, sure] : told) {
      if (matter == intent || matter == Intent::report_emergency) continue;
      if (told.size() == 1 && !(alarm && sure > 0.8F)) continue;
      // A burning kitchen told in two clauses is one matter.
      if (alarm && (matter == Intent::report_repair || matter == Intent::report_public_fault))
        continue;
      out.further.push_back(matter);
    }
    out.intent = intent;
    out.confidence = confidence;
    rank(whole, out);
    return sure;
  }

  // An emergency is not to be missed: a suspicion of the classifier is enough. But two foreign
  // words that nobody taught it (a name) tell nothing unless the word lists see danger.
  static bool is_emergency(const Scratch& scratch, const Scores& whole) {
    const float suspicion = of(whole, Intent::report_emergency);
    return suspicion >= alarm_min && (scratch.alarm == Alarm::plain || says_enough(scratch.text));
  }

  static Clause all_of(const Scratch& scratch) { return {0, scratch.text.size()}; }

  static bool tells_identity(const Scratch& scratch) {
    return std::any_of(scratch.found.begin(), scratch.found.end(), [](const Found& found) {
      return found.kind == EntityKind::unit || found.kind == EntityKind::phone ||
             found.kind == EntityKind::person;
    });
  }

  static bool says_enough(const Normalized& text) {
    constexpr int han_min = 3, words_min = 4;
    int han = 0, words = 0;
    for (int at = 0; at < text.size() && han < han_min && words < words_min; ++at) {
      han += is_han(text.at(at)) ? 1 : 0;
      words += is_word_letter(text.at(at)) && !is_word_letter(text.at(at - 1)) ? 1 : 0;
    }
    return han >= han_min || words >= words_min;
  }

  // Takes an intent out of the race; what it had goes to the others in proportion.
  static void withdraw(Scores& scores, Intent intent) {
    float& own = scores[static_cast<std::size_t>(intent)];
    const float rest = 1 - own;
    own = 0;
    if (rest <= 0) return;
    for (float& score : scores) score /= rest;
  }

  // The chosen intent first, then the others as the classifier ranks them.
  static void rank(const Scores& scores, Understanding& out) {
    double others = 0;
    for (int i = 0; i < intent_count; ++i) {
      if (static_cast<Intent>(i) != out.intent) others += scores[static_cast<std::size_t>(i)];
    }
    const double share = others > 0 ? std::min(1.0, (1 - out.confidence) / others) : 0;
    out.ranking.reserve(intent_count);
    for (int i = 0; i < intent_count; ++i) {
      auto intent = static_cast<Intent>(i);
      double confidence =
          intent == out.intent ? out.confidence : scores[static_cast<std::size_t>(i)] * share;
      out.ranking.emplace_back(intent, confidence);
    }
    std::sort(out.ranking.begin(), out.ranking.end(), [&](const auto& a, const auto& b) {
      if (a.first == out.intent || b.first == out.intent) return a.first == out.intent;
      return a.second > b.second || (a.second == b.second && a.first < b.first);
    });
    out.close = out.ranking[0].second - out.ranking[1].second < close_margin;
  }

  // The requests that clauses make by themselves, in the order told, each once.
  std::vector<std::pair<Intent, float>> matters(const Scratch& scratch, Understanding& out) const {
    thread_local std::vector<Clause> clauses;
    std::vector<std::pair<Intent, float>> told;
    split_clauses(scratch, false, clauses);
    split_before_also(scratch, *words_, clauses);
    if (clauses.size() < 2) return told;
    if (clauses.size() > clauses_max) clauses.resize(clauses_max);
    std::size_t last = 0;  // the clause of the last matter
    for (std::size_t i = 0; i < clauses.size(); ++i) {
      const Clause& clause = clauses[i];
      if (clause.end - clause.start < 2) continue;
      Scores scores = classify(scratch, clause.start, clause.end);
      Intent intent = best(scores);
      float confidence = of(scores, intent);
      if (!is_request(intent) || confidence < matter_confidence_min) continue;
      if (intent == Intent::opt_in && !says(scratch, clause, *words_->subscribes)) continue;
      if (std::any_of(told.begin(), told.end(),
                      [&](const auto& other) { return other.first == intent; })) {
        continue;
      }
      if (!told.empty() && !clause.further && belongs_to(intent, told.back().first) &&
          !(confidence >= own_report_min &&
            is_own_report(scratch, clause, intent, clauses[last], told.back().first))) {
        continue;
      }
      if (!told.empty() && !clause.further && is_report(told.back().first) &&
          intent == Intent::file_complaint && says(scratch, clause, *words_->scolding)) {
        continue;  // "你们到底管不管！" asks for nothing besides
      }
      told.emplace_back(intent, confidence);
      note_told(scratch, intent, confidence, clause, out);
      last = i;
    }
    return told;
  }

  // A matter goes on until the next one begins.
  static void note_told(const Scratch& scratch, Intent intent, float confidence,
                        const Clause& clause, Understanding& out) {
    const auto point = [&](int at) {
      return static_cast<int>(scratch.text.origin[static_cast<std::size_t>(at)].point_start);
    };
    const int start = point(clause.start);
    if (!out.told.empty()) out.told.back().end = start;
    const auto& last = scratch.text.origin[static_cast<std::size_t>(scratch.text.size() - 1)];
    out.told.push_back({intent, start, static_cast<int>(last.point_end), confidence});
  }

  // "漏水了！什么时候来？": urging and asking go with what was told before, unless 另外 begins
  // them.
  static bool belongs_to(Intent later, Intent earlier) {
    auto about_orders = [](Intent intent) {
      return intent == Intent::ask_status || intent == Intent::urge || intent == Intent::cancel ||
             intent == Intent::reschedule;
    };
    return (about_orders(later) && (is_report(earlier) || about_orders(earlier))) ||
           (is_report(later) && (about_orders(earlier) || is_report(earlier))) ||
           (later == Intent::ask_info && is_report(earlier));
  }
  static bool is_report(Intent intent) {
    return intent == Intent::report_repair || intent == Intent::report_public_fault ||
           intent == Intent::report_emergency;
  }

  // "厨房漏水；楼道灯也坏了": a thing of the house besides one of the home, or the other way round.
  // "漏水了！天花板都湿了" tells more of one: what is at home says so, or is told with 也.
  bool is_own_report(const Scratch& scratch, const Clause& later, Intent what,
                     const Clause& earlier, Intent before) const {
    const bool home = what == Intent::report_repair && before == Intent::report_public_fault;
    const bool shared = what == Intent::report_public_fault && before == Intent::report_repair;
    const auto all = [&](const Clause& clause, EntityKind kind, int number) {
      return std::count_if(scratch.found.begin(), scratch.found.end(), [&](const Found& found) {
        return found.kind == kind && found.start >= clause.start && found.end <= clause.end &&
               (number < 0 || found.number == number);
      });
    };
    if ((!home && !shared) || all(later, EntityKind::item, -1) == 0) return false;
    if (shared) return all(earlier, EntityKind::place, 1) == 0;
    return all(later, EntityKind::place, 0) > 0 || says(scratch, later, *words_->at_home) ||
           says(scratch, later, *words_->also);
  }

  static ThingUse thing_use(const Understanding& out) {
    ThingUse use = thing_use(out.intent);
    for (const Intent further : out.further) use = std::max(use, thing_use(further));
    return use;
  }
  static ThingUse thing_use(Intent intent) {
    switch (intent) {
      case Intent::report_emergency:
        return ThingUse::danger;
      case Intent::report_public_fault:
        return ThingUse::shared;
      case Intent::report_repair:
        return ThingUse::home;
      case Intent::inform:
      case Intent::affirm:
      case Intent::deny:
      case Intent::urge:
      case Intent::ask_status:
      case Intent::cancel:
      case Intent::reschedule:
      case Intent::rate:
      case Intent::ask_human:
      case Intent::out_of_scope:
        return ThingUse::order;
      case Intent::ask_info:
        return ThingUse::price;
      default:
        return ThingUse::none;
    }
  }

  // The word that names a register before one that names its thing (移机 before 座机), then the
  // longest, then the first.
  static const Found* most_specific_form(const std::vector<Found>& all) {
    const Found* best = nullptr;
    for (const Found& found : all) {
      if (found.kind != EntityKind::form) continue;
      if (best == nullptr || found.number < best->number ||
          (found.number == best->number && found.end - found.start > best->end - best->start)) {
        best = &found;
      }
    }
    return best;
  }

  void entities(const Scratch& scratch, const ParseContext& context, Understanding& out) const {
    const bool wants_form =
        out.intent == Intent::request_form || std::find(out.further.begin(), out.further.end(),
                                                        Intent::request_form) != out.further.end();
    const Found* form = wants_form ? most_specific_form(scratch.found) : nullptr;
    for (const Found& found : scratch.found) {
      if (found.kind == EntityKind::form && &found != form) continue;
      if (out.entities.size() == entities_max) break;
      const Origin& first = scratch.text.origin[static_cast<std::size_t>(found.start)];
      const Origin& last = scratch.text.origin[static_cast<std::size_t>(found.end - 1)];
      Entity entity;
      entity.kind = to_string(found.kind);
      entity.start = static_cast<int>(first.point_start);
      entity.end = static_cast<int>(last.point_end);
      entity.text = scratch.original.substr(first.byte_start, last.byte_end - first.byte_start);
      entity.extractor = extractor_name(found);
      switch (found.kind) {
        case EntityKind::time:
          entity.value = to_json(found.time, *context.zone);
          entity.open_day = found.open_day;
          break;
        case EntityKind::rating:
        case EntityKind::amount:
          entity.value = found.number;
          break;
        default:
          entity.value = found.value.empty() ? entity.text : found.value;
      }
      out.entities.push_back(std::move(entity));
    }
  }

  std::unique_ptr<Words> words_;
  Classifier classifier_;
  Extractor extractor_;
  std::vector<Intent> intents_;  // of each label
  std::array<bool, intent_count> is_request_{};
};

}  // namespace

Result<std::unique_ptr<Understander>> load_understander(const std::string& config_dir,
                                                        const std::string& model_file) {
  Result<std::unique_ptr<Words>> words = load_words(config_dir);
  if (!words) return tl::unexpected(words.error());
  Result<Classifier> classifier = Classifier::load(model_file);
  if (!classifier) return tl::unexpected(classifier.error());
  auto understander =
      std::make_unique<ConfiguredUnderstander>(std::move(*words), std::move(*classifier));
  if (std::optional<std::string> unknown = understander->link()) {
    return fail(ErrorKind::corrupt, model_file + ": " + *unknown + " is no intent");
  }
  return understander;
}

}  // namespace huiyin
