// The list of the subjects: what each is made of, in which order they are asked, what they keep,
// what they check. The only file of dialogs/ that knows all of them; a new subject is a few lines
// in subjects.cpp and nothing elsewhere.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "bot/gateway/api.h"
#include "bot/gateway/config_check.h"
#include "bot/gateway/settings.h"
#include "bot/gateway/verify.h"
#include "bot/talk/conversations.h"
#include "bot/talk/dialog.h"
#include "bot/talk/words.h"
#include "dialogs/estate/estate_directory.h"
#include "store/base/secret.h"

namespace huiyin {

// Borrowed; all of it outlives the subjects.
struct SubjectParts {
  const Settings& settings;
  store::Database& database;
  Lane& lane;
  Random& random;
  estate::EstateDirectory& directory;
  const Speech& speech;
  const FormBook& forms;
  const TalkWords& words;
  const TalkRules& rules;
  Post& post;
  Conversations& conversations;
};

class Subjects {
 public:
  virtual ~Subjects() = default;
  // Loads what they need of the configuration; all faults of the first part that has any.
  static tl::expected<std::unique_ptr<Subjects>, ConfigFaults> open(const SubjectParts& parts);

  // In the order in which they are asked first (emergencies before everything).
  virtual std::vector<Dialog*> dialogs() const = 0;
  virtual std::vector<Resource*> resources() const = 0;
  // Pages and webhooks of subjects, beside those of the operator API.
  virtual void add_routes(http::Routes& routes) = 0;
};

// The tables of all subjects, their audits of the data, and their parts of `huiyin check`.
std::vector<store::Migration> subject_migrations();
std::vector<Audit> subject_audits();
std::vector<ConfigCheck> subject_checks();

}  // namespace huiyin
