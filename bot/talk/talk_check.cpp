#include "bot/talk/talk_check.h"

#include <iterator>

#include "bot/talk/form.h"
#include "bot/talk/words.h"

namespace huiyin {

ConfigFaults check_talk(const std::string& config_dir) {
  ConfigFaults faults;
  if (auto forms = FormBook::load(config_dir + "/forms"); !forms) faults = forms.error();
  if (auto words = TalkWords::load(config_dir + "/talk/words.json"); !words) {
    faults.insert(faults.end(), words.error().begin(), words.error().end());
  }
  return faults;
}

}  // namespace huiyin
