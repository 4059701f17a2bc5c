// Names for people of what records hold as words of the contract: roles, states, actions, who did
// it. All from the phrase script ("label.role.technician", "label.state.signed" …), so that sheets,
// reports and lists say the same. Thread-safe.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "bot/speech/speech.h"
#include "bot/talk/directory.h"

namespace huiyin::orders {

class Labels {
 public:
  // Both must outlive it.
  Labels(const Speech& speech, const Directory& directory, Language language)
      : speech_(&speech), directory_(&directory), language_(language) {}
  // Leaves every word as it is.
  Labels() = default;

  // "label.<group>.<word>"; a word that the script does not know stays as it is, for signatures
  // and methods may say anything.
  std::string of(std::string_view group, std::string_view word) const;
  // "staff:12" is that person's name.
  std::string actor(std::string_view actor) const;
  std::string staff(std::int64_t id) const;  // "" for nobody
  // The estate's own name.
  std::string estate(const EstateProfile& profile) const;
  Language language() const { return language_; }

 private:
  const Speech* speech_ = nullptr;
  const Directory* directory_ = nullptr;
  Language language_ = Language::zh_hans;
};

// The labels that must be there: every role, state, action, kind, channel and severity.
std::vector<PhraseUse> label_uses();

// "2026-11-23 10:05" in that zone; "" for a time that is not set.
std::string to_the_minute(std::optional<Instant> at, const Zone& zone);

}  // namespace huiyin::orders
