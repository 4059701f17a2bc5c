// The phrase script at work: finds a phrase, fills what the moment says, renders it.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "bot/speech/phrase.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

// The season's phrases of one day, worked out once (the Chinese calendar is slow).
class DayBook {
 public:
  explicit DayBook(const std::vector<Phrase>& phrases) {
    for (const Phrase& phrase : phrases) {
      if (phrase.when) of_moment_.push_back(&phrase);
    }
  }

  // The first phrase of the category, in the order of the files, whose moment it is; one of a
  // season comes before one of any day. Null: none.
  const Phrase* find(std::string_view category, const LocalTime& local) {
    const Page page = today(local);
    for (const Phrase* phrase : *page) {
      if (phrase->category == category && phrase->when->fits_hour(local.hour)) return phrase;
    }
    return nullptr;
  }

 private:
  using Page = std::shared_ptr<const std::vector<const Phrase*>>;

  Page today(const LocalTime& local) {
    const int date = local.year * 10'000 + local.month * 100 + local.day;
    const std::lock_guard lock(mutex_);
    if (const auto page = pages_.find(date); page != pages_.end()) return page->second;
    if (pages_.size() >= pages_max) pages_.clear();
    return pages_[date] = work_out(local);
  }

  Page work_out(const LocalTime& local) const {
    std::vector<CalendarDay> days;
    for (int later = 0; later <= days_before_max; ++later) {
      days.push_back(calendar_day(local, later));
    }
    auto page = std::make_shared<std::vector<const Phrase*>>();
    for (const Phrase* phrase : of_moment_) {
      if (phrase->when->fits_day(days)) page->push_back(phrase);
    }
    std::stable_partition(page->begin(), page->end(),
                          [](const Phrase* phrase) { return phrase->when->days.has_value(); });
    return page;
  }

  static constexpr std::size_t pages_max = 16;
  std::vector<const Phrase*> of_moment_;
  std::mutex mutex_;
  std::unordered_map<int, Page> pages_;  // guarded by mutex_; by yyyymmdd of the estate
};

// Spaces that a woven-in phrase left behind when it had nothing to say.
void squeeze_spaces(std::string& text) {
  text.erase(
      std::unique(text.begin(), text.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
      text.end());
  text = std::string(trim(text));
}

// "…还在漏！。": the end of what somebody wrote meets the end of the sentence it stands in; the
// first mark stays, but a full stop gives way to a comma.
void merge_marks(std::string& text) {
  constexpr std::string_view ends[] = {"。", "！", "？", "…", "!", "?"};
  const auto erase_behind = [&](std::string_view first, std::string_view second) {
    const std::string both = std::string(first) + std::string(second);
    for (auto at = text.find(both); at != std::string::npos; at = text.find(both, at)) {
      text.erase(at + first.size(), second.size());
    }
  };
  for (const std::string_view end : ends) {
    for (const std::string_view second : {"。", "，", "；"}) {
      if (end != "。" || second == "。") erase_behind(end, second);
    }
  }
  for (const std::string_view comma : {"，", "；"}) {
    const std::string both = "。" + std::string(comma);
    for (auto at = text.find(both); at != std::string::npos; at = text.find(both, at)) {
      text.erase(at, std::string_view("。").size());
    }
  }
  for (const std::string_view end : {"!", "?"}) erase_behind(end, ".");
}

// A text that is passed on as it is ("plain") is nobody's sentence to mend.
bool is_one_argument(const std::string& text, const Args& args) {
  return args.empty() ||
         (args.size() == 1 && std::holds_alternative<std::string>(args.begin()->second) &&
          std::get<std::string>(args.begin()->second) == text);
}

class Script final : public Speech {
 public:
  explicit Script(std::vector<Phrase> phrases) : phrases_(std::move(phrases)), day_book_(phrases_) {
    for (const Phrase& phrase : phrases_) by_id_.emplace(phrase.id, &phrase);
  }

  std::string say(std::string_view id, Language language, const Args& args,
                  const Moment& moment) const override {
    std::string out;
    const Phrase* phrase = find(id);
    if (phrase == nullptr) {
      spdlog::error("speech: no phrase \"{}\"", id);
    } else if (!render(*phrase, language, args, moment, out)) {
      spdlog::error("speech: phrase \"{}\" was not given the arguments that it needs", id);
    } else {
      if (!is_one_argument(out, args)) merge_marks(out);
      return out;
    }
    render(*find("system.wordless"), language, {}, moment, out);
    return out;
  }

  bool has(std::string_view id) const override { return find(id) != nullptr; }

  std::vector<std::pair<std::string, std::string>> buttons(std::string_view id, Language language,
                                                           const Args& args,
                                                           const Moment&) const override {
    std::vector<std::pair<std::string, std::string>> out;
    const Phrase* phrase = find(id);
    if (phrase == nullptr) return out;
    for (const auto& button : phrase->buttons) {
      std::string title, says;
      const auto at = static_cast<std::size_t>(language);
      if (!button.title[at].render(args, title) ||
          (button.says && !(*button.says)[at].render(args, says))) {
        spdlog::error("speech: a button of \"{}\" was not given its arguments", id);
        continue;
      }
      std::string payload = first_bytes(button.says ? says : title);
      out.emplace_back(std::move(title), std::move(payload));
    }
    return out;
  }

  std::vector<std::string> ids() const override {
    std::vector<std::string> out;
    for (const Phrase& phrase : phrases_) {
      std::string line = phrase.id;
      for (const auto& [name, type] : phrase.args) {
        if (!is_moment_type(type)) line += "{" + name + "}";
      }
      out.push_back(std::move(line));
    }
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  const Phrase* find(std::string_view id) const {
    const auto it = by_id_.find(id);
    return it == by_id_.end() ? nullptr : it->second;
  }

  bool render(const Phrase& phrase, Language language, const Args& args, const Moment& moment,
              std::string& out) const {
    const auto& variants = phrase.texts[static_cast<std::size_t>(language)];
    // A pure choice: the same moment says the same words. The minute turns the variants over.
    const auto minute = std::chrono::floor<std::chrono::minutes>(moment.now.time_since_epoch());
    const Pattern& pattern = variants[static_cast<std::size_t>(minute.count()) % variants.size()];
    if (!phrase.wants_moment()) return pattern.render(args, out);
    Args woven = args;
    for (const auto& [name, type] : phrase.args) {
      if (is_moment_type(type)) woven[name] = said_now(type, language, moment);
    }
    const bool rendered = pattern.render(woven, out);
    squeeze_spaces(out);
    return rendered;
  }

  std::string said_now(std::string_view category, Language language, const Moment& moment) const {
    const Zone zone = moment.zone != nullptr ? *moment.zone : Zone::shanghai();
    std::string out;
    const Phrase* phrase = day_book_.find(category, zone.local(moment.now));
    if (phrase != nullptr) render(*phrase, language, {}, moment, out);
    return out;
  }

  // A payload holds 64 bytes at most: whole characters of the title.
  static std::string first_bytes(std::string_view title) {
    std::size_t size = std::min(title.size(), button_bytes_max);
    while (size < title.size() && size > 0 &&
           (static_cast<unsigned char>(title[size]) & 0xC0) == 0x80) {
      --size;
    }
    return std::string(title.substr(0, size));
  }

  const std::vector<Phrase> phrases_;
  std::unordered_map<std::string, const Phrase*, StringHash, std::equal_to<>> by_id_;
  mutable DayBook day_book_;  // its own lock
};

}  // namespace

tl::expected<std::unique_ptr<Speech>, std::vector<ConfigFault>> load_speech(
    const std::string& phrases_dir) {
  ConfigFaults faults;
  std::vector<Phrase> phrases = read_phrases(phrases_dir, faults);
  // Files that could not be read would only give faults that follow from it.
  if (!phrases.empty()) check_wording(phrases, phrases_dir, faults);
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  return std::make_unique<Script>(std::move(phrases));
}

ConfigFaults check_phrase_uses(const Speech& speech, const std::vector<PhraseUse>& uses) {
  std::map<std::string, std::string> declared;  // id → "{a}{b}"
  for (const std::string& line : speech.ids()) {
    const auto brace = line.find('{');
    declared[line.substr(0, brace)] = brace == std::string::npos ? "" : line.substr(brace);
  }
  ConfigFaults faults;
  for (const PhraseUse& use : uses) {
    const auto phrase = declared.find(use.id);
    if (phrase == declared.end()) {
      faults.push_back({use.file, use.pointer, "a phrase that exists; \"" + use.id + "\" does not",
                        "add it to config/phrases, or correct the id"});
      continue;
    }
    std::vector<std::string> given = use.args;
    std::sort(given.begin(), given.end());
    std::string line;
    for (const std::string& name : given) line += "{" + name + "}";
    if (line == phrase->second) continue;
    const auto shown = [](const std::string& args) { return args.empty() ? "none" : args; };
    faults.push_back({use.file, use.pointer,
                      "phrase \"" + use.id + "\" is given exactly its arguments: it declares " +
                          shown(phrase->second) + " and is given " + shown(line),
                      "make the args of the phrase " + shown(line)});
  }
  return faults;
}

}  // namespace huiyin
