// The contact log as people meet it: suggestions and praise by chat, and the register that the desk
// reads and writes at /api/v1/contacts-log (R4.2).
#pragma once
#include "bot/gateway/api.h"
#include "bot/talk/dialog.h"
#include "dialogs/contacts/contacts_log.h"

namespace huiyin::contacts {

class ContactsDialog final : public Dialog {
 public:
  std::string_view id() const override { return "contacts"; }
  std::vector<Intent> intents() const override { return {Intent::give_praise}; }
  Outcome answer(Turn& turn) override;
  // The form "suggestion".
  std::vector<std::string> completions() const override { return {"suggestion"}; }
  Outcome complete(Turn& turn, const FormSpec&, const FormFrame& frame) override;
};

class ContactsResource final : public Resource {
 public:
  // `title`: of the register, as people know it.
  explicit ContactsResource(const Directory& directory, std::string title = {})
      : directory_(directory), title_(std::move(title)) {}
  void add_to(Api& api) override;

 private:
  http::Response page(ApiCall& call);
  http::Response take(ApiCall& call);
  Json to_json(const Contact& contact) const;

  const Directory& directory_;
  const std::string title_;
};

}  // namespace huiyin::contacts
