// What a complaint is about, how grave it is and who answers for it, by the words of
// config/catalogue/complaints.json (R4.3, R4.5, A-3). A suggestion of the house: a person
// reclassifies with a reason.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bot/config_fault.h"
#include "bot/understand/normalizer.h"
#include "dialogs/complaint/matter.h"
#include "store/base/json.h"

namespace huiyin::complaint {

// How much two complaints or public faults must have in common (R7.17).
struct Likeness {
  int days = 7;
  double suggest = 0.5, list = 0.3;
  double place = 0.35, item = 0.3, topic = 0.3, words = 0.5, time = 0.1, elsewhere = -0.3;
};

struct Judgement {
  std::string topic;       // id; empty: none of those that are known
  std::string severity;    // general important major
  std::string department;  // a staff role
  std::string reason;      // of the severity, for the history
};

// Immutable after load(); any thread.
class Classes {
 public:
  // Knows no words: everything is general and the service supervisor's.
  Classes();
  static tl::expected<Classes, ConfigFaults> load(const std::string& catalogue_dir);

  // `text` as the complainant wrote it, `topic` as the desk gave it (a topic's id or title); may
  // be empty. Of several rules that hold the strictest is taken.
  Judgement judge(std::string_view text, std::string_view topic = {}) const;
  std::string topic_of(std::string_view text) const { return judge(text).topic; }
  // Those known come as they are, anything else is the strictest.
  static std::string_view known(std::string_view severity);
  static bool stricter(std::string_view a, std::string_view b);
  const Likeness& likeness() const { return likeness_; }
  const Matters& matters() const { return matters_; }

 private:
  struct Rule {
    std::string id, title, severity, department, reason;
    std::vector<std::string> words, with, unless;
    bool holds(std::string_view text) const;
  };
  static Rule rule_of(const Json& json);

  std::vector<Rule> severities_, topics_;
  Rule otherwise_;
  Likeness likeness_;
  Matters matters_;
  std::shared_ptr<const Normalizer> normalizer_;
};

}  // namespace huiyin::complaint
