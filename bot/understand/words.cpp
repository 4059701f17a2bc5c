#include "bot/understand/words.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "store/base/json.h"

namespace huiyin {
namespace {

Result<Json> read_json(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorKind::not_found, file + ": cannot be opened");
  std::stringstream text;
  text << in.rdbuf();
  Result<Json> json = parse_json(text.str());
  if (!json) return fail(ErrorKind::corrupt, file + ": " + json.error().message);
  if (!json->is_object()) return fail(ErrorKind::corrupt, file + ": must be an object");
  return json;
}

// Fills Words from the files. The readers throw nlohmann's errors on a wrong shape; load() turns
// them into `corrupt` with the file's name.
class Loader {
 public:
  Loader(std::string config_dir, Words& words) : dir_(std::move(config_dir)), words_(words) {}

  Result<void> load() {
    struct Part {
      const char* file;
      void (Loader::*read)(const Json&);
    };
    const Part parts[] = {
        {"understanding/dayparts.json", &Loader::dayparts},
        {"understanding/lexicon/time.json", &Loader::time},
        {"understanding/lexicon/names.json", &Loader::names},
        {"understanding/lexicon/answers.json", &Loader::answers},
        {"understanding/lexicon/forms.json", &Loader::forms},
        {"understanding/lexicon/matters.json", &Loader::matters},
        {"understanding/lexicon/emergency.json", &Loader::emergency},
        {"understanding/lexicon/things.json", &Loader::things},
        {"catalogue/items.json", &Loader::catalogue},
    };
    for (const Part& part : parts) {
      const std::string file = dir_ + "/" + part.file;
      Result<Json> json = read_json(file);
      if (!json) return tl::unexpected(json.error());
      try {
        (this->*part.read)(*json);
      } catch (const std::exception& error) {
        return fail(ErrorKind::corrupt, file + ": " + error.what());
      }
    }
    words_.lexicon.freeze();
    return {};
  }

 private:
  std::u32string canonical(const Json& word) {
    return words_.normalizer.canonical(word.get_ref<const std::string&>());
  }
  std::u32string canonical(const std::string& word) { return words_.normalizer.canonical(word); }

  void add_time(std::u32string_view word, TimeWord meaning) {
    words_.lexicon.add(word, WordKind::time, static_cast<int>(words_.time_words.size()));
    words_.time_words.push_back(meaning);
  }
  void add_list(const Json& list, TimeWord meaning) {
    for (const Json& word : list) add_time(canonical(word), meaning);
  }
  int part_index(const std::string& name) {
    for (std::size_t i = 0; i < words_.dayparts.size(); ++i) {
      if (words_.dayparts[i].name == name) return static_cast<int>(i);
    }
    throw std::runtime_error("no daypart is named " + name);
  }

  void dayparts(const Json& json) {
    for (const Json& part : json.at("dayparts")) {
      Daypart daypart{part.at("name"), part.at("from_hour"), part.at("to_hour")};
      if (daypart.from_hour < 0 || daypart.to_hour <= daypart.from_hour || daypart.to_hour > 30) {
        throw std::runtime_error(daypart.name + ": from_hour..to_hour must rise within 0..30");
      }
      words_.dayparts.push_back(daypart);
      int index = static_cast<int>(words_.dayparts.size()) - 1;
      add_list(part.at("words"), {TimeWord::part, part_of_day, index});
      if (part.contains("habits")) add_list(part.at("habits"), {TimeWord::part, habit, index});
      if (part.contains("greetings")) {
        add_list(part.at("greetings"), {TimeWord::part, greeting, index});
      }
    }
  }

  void time(const Json& json) {
    add_list(json.at("ignore"), {TimeWord::ignore});
    add_list(json.at("now"), {TimeWord::now});
    for (const auto& [offset, list] : json.at("days").items()) {
      add_list(list, {TimeWord::day, std::stoi(offset)});
    }
    for (const Json& entry : json.at("days_with_part")) {
      add_list(entry.at("words"),
               {TimeWord::day_part, entry.at("day").get<int>(), part_index(entry.at("part"))});
    }
    chinese_weeks(json);
    english_weeks(json);
    for (const auto& [count, list] : json.at("unit_minutes").items()) {
      add_list(list, {TimeWord::unit_minutes, std::stoi(count)});
    }
    for (const auto& [count, list] : json.at("unit_days").items()) {
      add_list(list, {TimeWord::unit_days, std::stoi(count)});
    }
    for (const auto& [count, list] : json.at("unit_months").items()) {
      add_list(list, {TimeWord::unit_months, std::stoi(count)});
    }
    const std::pair<const char*, TimeWord::Type> lists[] = {
        {"until", TimeWord::until},
        {"after_suffix", TimeWord::after_suffix},
        {"before_suffix", TimeWord::before_suffix},
        {"within_suffix", TimeWord::within_suffix},
        {"after_prefix", TimeWord::after_prefix},
        {"before_prefix", TimeWord::before_prefix},
        {"within_prefix", TimeWord::within_prefix},
        {"in_prefix", TimeWord::in_prefix},
        {"range_prefix", TimeWord::range_prefix},
        {"filler", TimeWord::filler},
        {"trailing", TimeWord::trailing},
        {"recurring_suffix", TimeWord::recurring_suffix},
        {"recurring", TimeWord::recurring},
        {"moving", TimeWord::moving},
    };
    for (const auto& [name, type] : lists) add_list(json.at(name), {type});
    for (const Json& entry : json.at("single_parts")) {
      add_list(entry.at("words"), {TimeWord::single_part, 0, part_index(entry.at("part"))});
    }
  }

  // Every combination, so that one look-up reads 下个礼拜二.
  void chinese_weeks(const Json& json) {
    auto suffixes = [&](const std::u32string& head, int week) {
      for (const auto& [number, list] : json.at("weekday_suffixes").items()) {
        for (const Json& suffix : list) {
          add_time(head + canonical(suffix), {TimeWord::weekday, week, std::stoi(number)});
        }
      }
      for (const Json& suffix : json.at("weekend_suffixes")) {
        add_time(head + canonical(suffix), {TimeWord::weekend, week});
      }
    };
    for (const Json& word : json.at("week_words")) {
      std::u32string week = canonical(word);
      suffixes(week, unsaid);
      suffixes(U"每" + week, unsaid - 1);  // recurring, see below
      for (const auto& [offset, prefixes] : json.at("week_prefixes").items()) {
        for (const Json& prefix : prefixes) {
          add_time(canonical(prefix) + week, {TimeWord::week, std::stoi(offset)});
          suffixes(canonical(prefix) + week, std::stoi(offset));
        }
      }
    }
    for (TimeWord& word : words_.time_words) {
      if ((word.type == TimeWord::weekday || word.type == TimeWord::weekend) &&
          word.a == unsaid - 1) {
        word = {TimeWord::recurring};
      }
    }
    for (const auto& [offset, prefixes] : json.at("week_prefixes").items()) {
      for (const Json& prefix : prefixes) {
        for (const Json& word : json.at("month_words")) {
          std::u32string month = canonical(prefix) + canonical(word);
          add_time(month, {TimeWord::month, std::stoi(offset)});
          for (const Json& suffix : json.at("month_end_suffixes")) {
            add_time(month + canonical(suffix), {TimeWord::month_end, std::stoi(offset)});
          }
          days_of_month(json.at("month_day_suffixes"), month, {}, std::stoi(offset));
        }
      }
    }
    add_list(json.at("month_ends"), {TimeWord::month_end, 0});
    days_of_month(json.at("month_days"), {}, {}, unsaid);
    festivals(json.at("festivals"));
  }

  // Words for a day of a month by its number: 初 and 头 say 1.
  void days_of_month(const Json& lists, const std::u32string& before, const std::u32string& after,
                     int months) {
    for (const auto& [day, words] : lists.items()) {
      for (const Json& word : words) {
        add_time(before + canonical(word) + after, {TimeWord::month_day, months, std::stoi(day)});
      }
    }
  }

  void festivals(const Json& list) {
    for (const Json& entry : list) {
      Festival festival;
      const std::string calendar = entry.value("calendar", "civil");
      if (calendar == "lunar") festival.calendar = Festival::lunar;
      if (calendar == "qingming") festival.calendar = Festival::qingming;
      festival.month = entry.value("month", 1);
      festival.day = entry.value("day", 1);
      festival.days_before = entry.value("days_before", 0);
      if (festival.month < 1 || festival.month > 12 || festival.day < 1 || festival.day > 30) {
        throw std::runtime_error("a festival falls on month 1..12, day 1..30");
      }
      add_list(entry.at("words"), {TimeWord::festival, static_cast<int>(words_.festivals.size())});
      words_.festivals.push_back(festival);
    }
  }

  void english_weeks(const Json& json) {
    auto weekdays = [&](const std::u32string& prefix, int week, const char* list,
                        TimeWord::Type type) {
      for (const auto& [number, names] : json.at(list).items()) {
        for (const Json& name : names) {
          add_time(prefix + canonical(name), {type, week, std::stoi(number)});
        }
      }
    };
    weekdays(U"", unsaid, "english_weekdays", TimeWord::weekday);
    weekdays(U"", unsaid, "english_weekdays_short", TimeWord::weekday_short);
    add_list(json.at("english_weekends"), {TimeWord::weekend, unsaid});
    for (const auto& [offset, prefixes] : json.at("english_prefixes").items()) {
      for (const Json& word : prefixes) {
        std::u32string prefix = canonical(word) + U" ";
        int shift = std::stoi(offset);
        weekdays(prefix, shift, "english_weekdays", TimeWord::weekday);
        weekdays(prefix, shift, "english_weekdays_short", TimeWord::weekday);
        add_time(prefix + U"week", {TimeWord::week, shift});
        add_time(prefix + U"weekend", {TimeWord::weekend, shift});
        add_time(prefix + U"month", {TimeWord::month, shift});
        days_of_month(json.at("english_month_days"), {}, U" " + prefix + U"month", shift);
        for (const Json& end : json.at("english_month_ends")) {
          add_time(canonical(end) + U" " + prefix + U"month", {TimeWord::month_end, shift});
        }
      }
    }
    for (const auto& [number, names] : json.at("english_months").items()) {
      add_list(names, {TimeWord::month_name, std::stoi(number)});
    }
  }

  void names(const Json& json) {
    for (char32_t surname : canonical(json.at("surnames_frequent"))) {
      words_.lexicon.add(std::u32string(1, surname), WordKind::surname, 1);
    }
    for (char32_t surname : canonical(json.at("surnames"))) {
      words_.lexicon.add(std::u32string(1, surname), WordKind::surname, 0);
    }
    for (const Json& surname : json.at("surnames_double")) {
      words_.lexicon.add(canonical(surname), WordKind::surname, 1);
    }
    add_words(json.at("titles"), WordKind::title, 0);
    add_words(json.at("nicknames"), WordKind::nickname, 0);
    add_words(json.at("cues"), WordKind::name_cue, 0);
    add_words(json.at("surname_cues"), WordKind::name_cue, 1);
    add_words(json.at("english_cues"), WordKind::name_cue, 2);
    add_words(json.at("english_titles"), WordKind::name_cue, 3);
    add_words(json.at("english_cues_weak"), WordKind::name_cue, 4);
    add_words(json.at("english_cues_behind"), WordKind::name_cue, 5);
    add_words(json.at("cues_weak"), WordKind::name_cue, 6);
    add_words(json.at("not_names"), WordKind::not_name, 0);
    words_.name_stops = canonical(json.at("name_stops"));
    for (const Json& word : json.at("english_not_names")) {
      words_.not_english_names.emplace(canonical(word), true);
    }
  }

  void answers(const Json& json) {
    for (const Json& word : json.at("yes")) words_.yes_no.emplace(canonical(word), true);
    for (const Json& word : json.at("no")) words_.yes_no.emplace(canonical(word), false);
    for (const Json& word : json.at("softeners")) words_.softeners.push_back(canonical(word));
    words_.particles = canonical(json.at("particles"));
    for (const auto& [stars, list] : json.at("ratings").items()) {
      for (const Json& word : list) {
        words_.ratings.emplace(canonical(word), std::stoi(stars));
        words_.rating_phrases.emplace_back(canonical(word), std::stoi(stars));
      }
    }
    std::stable_sort(words_.rating_phrases.begin(), words_.rating_phrases.end(),
                     [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
    for (const Json& word : json.at("neutral_words")) {
      words_.neutral_words.emplace(canonical(word), true);
    }
  }

  void forms(const Json& json) {
    for (const Json& form : json.at("forms")) {
      int index = static_cast<int>(words_.form_ids.size());
      words_.form_ids.push_back(form.at("id"));
      add_words(form.at("words"), WordKind::form, index);
      if (form.contains("things")) {
        add_words(form.at("things"), WordKind::form, index | form_by_thing);
      }
    }
  }

  void matters(const Json& json) {
    add_words(json.at("connectors"), WordKind::connector, 0);
    words_.also = pattern(json, "also");
    words_.scolding = pattern(json, "scolding");
    words_.at_home = pattern(json, "at_home");
    words_.subscribes = pattern(json, "subscribes");
    words_.complains = pattern(json, "complains");
    words_.request_intents = json.at("requests").get<std::vector<std::string>>();
    for (const auto& [intent, list] : json.at("whole_messages").items()) {
      for (const Json& word : list) words_.whole_messages.emplace(canonical(word), intent);
    }
  }

  void emergency(const Json& json) {
    words_.alarm = pattern(json, "alarm");
    words_.alarm_unless = pattern(json, "unless");
    words_.alarm_certain = pattern(json, "certain");
  }

  void things(const Json& json) {
    ThingWords& things = words_.things;
    const std::pair<const char*, ThingWords::List*> lists[] = {
        {"item_heads", &things.item_heads},
        {"item_tails", &things.item_tails},
        {"item_tails_en", &things.item_tails_en},
        {"no_items", &things.no_items},
        {"symptoms", &things.symptoms},
        {"weak", &things.weak},
        {"no_danger", &things.no_danger},
        {"besides", &things.besides},
        {"joined", &things.joined},
        {"repairs", &things.repairs},
        {"no_thing_after", &things.no_thing_after},
        {"place_heads", &things.place_heads},
        {"place_tails", &things.place_tails},
        {"beside_tails", &things.beside_tails},
        {"floor_people", &things.floor_people},
    };
    for (const auto& [name, list] : lists) {
      for (const Json& word : json.at(name)) list->push_back(canonical(word));
      std::stable_sort(list->begin(), list->end(),
                       [](const auto& a, const auto& b) { return a.size() > b.size(); });
    }
    things.verb_tails = canonical(json.at("verb_tails"));
    things.faults = pattern(json, "faults");
    things.places_zh = pattern(json, "places_zh", true);
    things.places_en = pattern(json, "places_en", true);
  }

  std::unique_ptr<re2::RE2> pattern(const Json& json, const char* name, bool captures = false) {
    std::string joined;
    int index = 0;
    for (const Json& part : json.at(name)) {
      const auto& text = part.get_ref<const std::string&>();
      re2::RE2 alone(text, quiet());
      if (!alone.ok()) {
        throw std::runtime_error("/" + std::string(name) + "/" + std::to_string(index) + ": " +
                                 alone.error());
      }
      if (index++ > 0) joined += '|';
      joined += "(?:" + text + ")";
    }
    re2::RE2::Options options = quiet();
    options.set_never_capture(!captures);
    return std::make_unique<re2::RE2>(joined, options);
  }
  static re2::RE2::Options quiet() {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(32 << 20);
    return options;
  }

  void catalogue(const Json& json) {
    auto names = [&](const Json& entry, WordKind kind, int payload) {
      words_.lexicon.add(canonical(entry.at("name")), kind, payload);
      for (const char* list : {"synonyms", "en"}) {
        if (entry.contains(list)) add_words(entry.at(list), kind, payload);
      }
    };
    for (const Json& entry : json.at("items")) names(entry, WordKind::item, 0);
    for (const Json& entry : json.at("places")) {
      names(entry, WordKind::place, flag_of(entry, "public") ? 1 : 0);
    }
  }

  void add_words(const Json& list, WordKind kind, int payload) {
    for (const Json& word : list) words_.lexicon.add(canonical(word), kind, payload);
  }

  std::string dir_;
  Words& words_;
};

}  // namespace

Result<std::unique_ptr<Words>> load_words(const std::string& config_dir) {
  auto words = std::make_unique<Words>();
  Result<void> loaded = Loader(config_dir, *words).load();
  if (!loaded) return tl::unexpected(loaded.error());
  return words;
}

}  // namespace huiyin
