// What the phrase script says, held against section 10 of the rules.
#include <algorithm>
#include <set>

#include "bot/speech/phrase.h"

namespace huiyin {
namespace {

// A Chinese text of the category carries one of `any_of`, and 您 where the rule's phrases all do.
// The words are those of the rules; how they are used is up to the script.
struct CategoryRule {
  std::string_view category;
  std::string_view rule;
  std::vector<std::string_view> any_of;
  bool says_nin = false;
};

const std::vector<CategoryRule>& category_rules() {
  static const std::vector<CategoryRule> rules = {
      {"greeting", "R10.1", {"您好", "早", "下午好", "晚上好", "路上辛苦了", "您来了"}},
      {"welcome", "R10.2", {"欢迎"}},
      {"blessing", "R10.3", {"祝您", "恭喜"}},
      {"farewell", "R10.4", {"再见", "晚安", "明天见", "祝您一路平安", "欢迎您下次再来"}},
      {"apology", "R10.5", {"对不起", "请原谅", "打扰您了", "失礼了"}},
      {"thanks", "R10.6", {"谢谢", "感谢"}},
      {"reply",
       "R10.7",
       {"是的", "好的", "我明白了", "谢谢您的好意", "不要客气", "没关系", "这是我应该做的"}},
      {"inquiry", "R10.8", {"请问", "我能为您", "需要我帮您", "您有别的事"}, true},
      {"request", "R10.9", {"请"}, true},
      {"consultation", "R10.10", {"您看"}, true},
      {"explanation", "R10.11", {"很抱歉", "规定"}},
  };
  return rules;
}

std::string listed(const std::vector<std::string_view>& words) {
  std::string out;
  for (const auto word : words) out += (out.empty() ? "" : "、") + std::string(word);
  return out;
}

bool says(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

class Check {
 public:
  explicit Check(ConfigFaults& faults) : faults_(faults) {}

  void phrase(const Phrase& phrase) {
    for (const Phrase::Written& written : phrase.written) {
      if (!written.chinese || phrase.category == "staff") continue;
      if (says(written.text, "你") || says(written.text, "妳")) {
        fault(phrase, written.pointer, "R10.9: residents are addressed 您, never 你",
              "write 您 for 你");
      }
    }
    for (const CategoryRule& rule : category_rules()) {
      if (rule.category == phrase.category) category(phrase, rule);
    }
  }

  void unique_ids(const std::vector<Phrase>& phrases) {
    std::map<std::string_view, const Phrase*> first;
    for (const Phrase& phrase : phrases) {
      const auto [it, added] = first.emplace(phrase.id, &phrase);
      if (added || phrase.id.empty()) continue;
      fault(phrase, phrase.pointer + "/id",
            "ids are unique; \"" + phrase.id + "\" is also at " + it->second->file + " " +
                it->second->pointer,
            "rename or remove one of the two");
    }
  }

  // What the script itself needs: the last resort, and a phrase for each hour where one is woven
  // in.
  void whole(const std::vector<Phrase>& phrases, const std::string& dir) {
    const auto find = [&](std::string_view id) {
      return std::find_if(phrases.begin(), phrases.end(),
                          [&](const Phrase& phrase) { return phrase.id == id; });
    };
    const auto last_resort = find("system.wordless");
    if (last_resort == phrases.end()) {
      faults_.push_back({dir, "", "a phrase \"system.wordless\", said when nothing else can be",
                         "add it, without arguments"});
    } else if (!last_resort->args.empty()) {
      fault(*last_resort, last_resort->pointer + "/args", "\"system.wordless\" takes no arguments",
            "remove \"args\"");
    }
    for (const Phrase& phrase : phrases) {
      for (const auto& [name, type] : phrase.args) {
        // No blessing is a good answer on a plain day; no greeting is not.
        if (is_moment_type(type) && type != "blessing") every_hour(phrases, phrase, name, type);
      }
    }
    for (const std::string_view word : {"您好", "请", "谢谢", "对不起", "再见"}) {
      const bool said = std::any_of(phrases.begin(), phrases.end(), [&](const Phrase& phrase) {
        return phrase.category != "staff" &&
               std::any_of(phrase.written.begin(), phrase.written.end(),
                           [&](const auto& written) { return says(written.text, word); });
      });
      if (!said) {
        faults_.push_back(
            {dir, "",
             "R10.12: the script uses the basic polite words; " + std::string(word) + " is nowhere",
             "say it where it belongs"});
      }
    }
  }

 private:
  void fault(const Phrase& phrase, std::string pointer, std::string rule, std::string remedy) {
    faults_.push_back({phrase.file, std::move(pointer), std::move(rule), std::move(remedy)});
  }

  void category(const Phrase& phrase, const CategoryRule& rule) {
    // An argument that the moment fills with a phrase of the category carries its words.
    const bool woven = std::any_of(phrase.args.begin(), phrase.args.end(),
                                   [&](const auto& arg) { return arg.second == phrase.category; });
    for (const Phrase::Written& written : phrase.written) {
      const bool button = written.pointer.find("/buttons/") != std::string::npos;
      if (!written.chinese || button) continue;
      const bool carried = std::any_of(rule.any_of.begin(), rule.any_of.end(),
                                       [&](auto word) { return says(written.text, word); });
      if (!carried && !woven) {
        fault(phrase, written.pointer,
              std::string(rule.rule) + ": a phrase of category " + phrase.category +
                  " carries one of " + listed(rule.any_of),
              "say it with one of these, or correct the category");
      } else if (rule.says_nin && !says(written.text, "您")) {
        fault(phrase, written.pointer,
              std::string(rule.rule) + ": a phrase of category " + phrase.category + " says 您",
              "address the resident as 您");
      }
    }
  }

  void every_hour(const std::vector<Phrase>& phrases, const Phrase& phrase, const std::string& name,
                  const std::string& type) {
    for (int hour = 0; hour < 24; ++hour) {
      const bool covered = std::any_of(phrases.begin(), phrases.end(), [&](const Phrase& one) {
        return one.category == type && one.when && !one.when->days && one.when->fits_hour(hour);
      });
      if (covered) continue;
      fault(phrase, phrase.pointer + "/args/" + name,
            "at every hour some " + type + " has its moment; none fits " + std::to_string(hour) +
                " o'clock",
            "add a phrase of category " + type + " with \"when\": {}");
      return;
    }
  }

  ConfigFaults& faults_;
};

}  // namespace

void check_wording(const std::vector<Phrase>& phrases, const std::string& phrases_dir,
                   ConfigFaults& faults) {
  Check check(faults);
  for (const Phrase& phrase : phrases) check.phrase(phrase);
  check.unique_ids(phrases);
  check.whole(phrases, phrases_dir);
}

}  // namespace huiyin
