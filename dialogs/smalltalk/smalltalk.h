// Courtesies and questions about ourselves (R10): greeting, farewell, thanks, help, and the words
// that end or allow marketing messages.
#pragma once
#include "bot/talk/dialog.h"

namespace huiyin {

class Smalltalk final : public Dialog {
 public:
  std::string_view id() const override { return "smalltalk"; }
  std::vector<Intent> intents() const override;
  Outcome answer(Turn& turn) override;
};

std::vector<store::Migration> consent_migrations();

}  // namespace huiyin
