// Whether two complaints of one household are about the same matter (the contract: only the same
// matter told again makes no second live complaint). By what they are about: who, where and what is
// done, in the words of config/catalogue/complaints.json under "same". Who complains, the courtesy
// and the class say nothing. When unsure they are two, and `similar` suggests (R7.17).
#pragma once
#include <re2/re2.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bot/config_fault.h"
#include "bot/understand/normalizer.h"
#include "store/base/json.h"

namespace huiyin::complaint {

// What a complainant wrote and who that is, as far as it is known.
struct Told {
  std::string_view words, unit, name;  // unit: canonical; "": not known
};

// Immutable after read(); any thread.
class Matters {
 public:
  // Knows no words: only what is worded alike is the same.
  Matters();
  // The member "same" of complaints.json.
  static tl::expected<Matters, ConfigFaults> read(const Json& same, const std::string& file);

  bool same(const Told& earlier, const Told& later) const;
  // "又", "还是", "再说一遍": it was told before.
  bool says_again(std::string_view words) const;
  // The words name a matter: what is done or by what.
  bool tells_matter(std::string_view words) const;

 private:
  struct Aspect {
    std::string id;
    bool narrows = false;  // told only the second time, it may be another matter
    bool matter = false;   // what is done or by what: who and where alone are no matter
    std::map<std::string, std::vector<std::string>> terms;
  };
  struct Reading;
  Reading reading_of(const Told& told) const;
  void take_homes(const Told& told, std::string& text, Reading& out) const;
  void take_terms(const std::string& text, Reading& out) const;
  static void take_pieces(const std::string& text, std::set<std::string>& out);

  std::vector<Aspect> aspects_;
  std::vector<std::string> filler_, particles_, again_, own_;
  std::shared_ptr<const Normalizer> normalizer_;
  std::shared_ptr<const re2::RE2> phone_, home_, building_;
};

}  // namespace huiyin::complaint
